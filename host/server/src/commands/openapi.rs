//! `daybreak openapi`

use anyhow::Context;

pub fn run() -> anyhow::Result<()> {
    let document = daybreak_api::document().to_pretty_json().context("the document cannot be written as JSON")?;
    println!("{document}");
    Ok(())
}
