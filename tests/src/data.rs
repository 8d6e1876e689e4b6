//! Real data with known answers, which is no part of the project and stands beside it where it is there at all.

use std::path::{Path, PathBuf};

/// Set, by `cargo xtask ci`, where the data is there: a test that cannot find its file then fails.
pub const REQUIRE_DATA: &str = "DAYBREAK_REQUIRE_DATA";

/// The path of a data file, or none after saying clearly that the test which needs it was skipped.
#[must_use]
pub fn file(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/"));
    let path = root.join("../shared/data").join(name);
    if path.is_file() {
        return Some(path);
    }
    let required = std::env::var_os(REQUIRE_DATA).is_some_and(|value| value == "1");
    assert!(!required, "{REQUIRE_DATA} is set, but {} is not there", path.display());
    eprintln!("SKIPPED-DATA {name}: {} is not there", path.display());
    None
}
