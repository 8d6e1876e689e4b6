//! How much script the employee's first page loads, compressed, where the pages have been built.

use std::path::Path;

use anyhow::Context;

pub struct Scripts {
    /// What the page itself names, in bytes, without charts.
    pub first: u64,
    /// What is loaded when a chart is drawn.
    pub charts: u64,
}

/// None where no pages were built.
pub fn scripts(folder: &Path) -> anyhow::Result<Option<Scripts>> {
    let Ok(page) = std::fs::read_to_string(folder.join("index.html")) else { return Ok(None) };
    let assets = folder.join("assets");
    let mut scripts = Scripts { first: 0, charts: 0 };
    for entry in std::fs::read_dir(&assets).with_context(|| format!("{} cannot be read", assets.display()))? {
        let entry = entry?;
        // Compressed beside each script, as it is sent.
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(script) = name.strip_suffix(".js.gz") else { continue };
        let bytes = entry.metadata()?.len();
        if script.to_lowercase().contains("chart") {
            scripts.charts += bytes;
        } else if page.contains(&format!("{script}.js")) {
            scripts.first += bytes;
        }
    }
    Ok(Some(scripts))
}
