//! How much script the employee's first page loads, compressed, where the pages have been built.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// As the build of the pages noted it: it alone knows which scripts import which.
#[derive(Deserialize)]
pub struct Scripts {
    /// What My day needs, in bytes, without charts.
    pub first: u64,
    /// What is loaded when a chart is drawn.
    pub charts: u64,
}

/// None where no pages were built.
pub fn scripts(folder: &Path) -> anyhow::Result<Option<Scripts>> {
    let noted = folder.join(".budgets.json");
    if !noted.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&noted).with_context(|| format!("{} cannot be read", noted.display()))?;
    let scripts = serde_json::from_str(&text);
    scripts.map(Some).with_context(|| format!("{} is damaged: build the pages again", noted.display()))
}
