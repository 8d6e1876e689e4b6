//! Compiled code that is kept on disk: used where it is ours, made anew where anything about it is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use daybreak_engine::{Engine, EngineOptions};

use crate::kit::{assert_still_works, component};

fn engine(folder: &Path) -> Engine {
    Engine::new(EngineOptions { artefacts: Some(folder.to_owned()), ..EngineOptions::default() }).unwrap()
}

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn kept_code_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("made").join("on demand");
    engine(&folder).load(&component("hostile")).unwrap();
    let file = only_file(&folder);
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    let plugin = engine(&folder).load(&component("hostile")).unwrap();
    assert_still_works(&plugin, "loading kept code");
    assert_eq!(fs::metadata(only_file(&folder)).unwrap().modified().unwrap(), written, "it was compiled again");
}

#[test]
fn code_that_was_tampered_with_is_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("code");
    engine(&folder).load(&component("hostile")).unwrap();
    let file = only_file(&folder);
    let good = fs::read(&file).unwrap();
    let flipped = |at: usize| {
        let mut bad = good.clone();
        bad[at] ^= 1;
        bad
    };
    let truncated = good[..good.len() / 2].to_vec();
    let code_only = good[48..].to_vec();
    for bad in [flipped(0), flipped(20), flipped(60), flipped(good.len() - 1), truncated, code_only, vec![]] {
        fs::write(&file, &bad).unwrap();
        let plugin = engine(&folder).load(&component("hostile")).unwrap();
        assert_still_works(&plugin, "loading what was tampered with");
        assert_eq!(fs::read(only_file(&folder)).unwrap(), good, "the bad file is still there");
    }
}

#[test]
#[cfg(unix)]
fn the_folder_and_its_files_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("code");
    engine(&folder).load(&component("hostile")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&only_file(&folder)), 0o600);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let options = EngineOptions { artefacts: Some(folder), ..EngineOptions::default() };
    let error = Engine::new(options).err().expect("a folder that anybody can write to was taken").to_string();
    assert!(error.contains("chmod 700"), "{error}");
}
