//! `cargo xtask datasets`: what Daybreak computes from real logs beside what others computed from them.

use crate::{process, setup, test, workspace};

pub fn run() -> Result<(), String> {
    let data = workspace::data().ok_or_else(|| {
        format!(
            "{} is not there: the data sets are no part of the project; put them beside the checkout",
            workspace::root().join("../shared/data").display()
        )
    })?;
    setup::run()?;
    println!("Data sets in {}", data.display());
    process::run(test::with_environment(&mut process::cargo()).args([
        "test",
        "--workspace",
        "--test",
        "scenario",
        "datasets",
        "--",
        "--nocapture",
    ]))
}
