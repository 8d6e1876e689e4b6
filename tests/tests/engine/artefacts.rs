//! Compiled code that is kept on disk: used where it is ours, made anew where anything about it is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use daybreak_domain::plugin::Fault;
use daybreak_engine::{CallError, Compiler, Engine, EngineOptions};
use daybreak_tests::company::binary;

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

/// What a host says whose compiler is this shell script.
#[cfg(unix)]
fn compiled_by(script: &str) -> Result<(), CallError> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("compiler");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let compiler = Compiler { program, command: "compile-component".into(), memory_bytes: 1 << 30, seconds: 60 };
    let engine = Engine::new(EngineOptions { compiler: Some(compiler), ..EngineOptions::default() }).unwrap();
    engine.load(&component("quartet")).map(drop)
}

#[test]
#[cfg(unix)]
fn how_the_compiler_ends_says_whose_fault_it_is() {
    let too_much = |script: &str| match compiled_by(script) {
        Err(CallError::Fault(Fault::TooMuchToCompile { reason })) => reason,
        other => panic!("{script}: {other:?}"),
    };
    let code = too_much("cat > /dev/null; head -c 200000000 /dev/zero; exit 1");
    assert!(code.contains("more than 128 MiB"), "{code}");
    let killed = too_much("cat > /dev/null; kill -KILL $$");
    assert!(killed.contains("memory runs out"), "{killed}");
    // What went wrong with the machine is told whoever runs the host, and no more of it than one can read.
    let said = |script: &str| compiled_by(script).unwrap_err().to_string();
    let broken = said("cat > /dev/null; echo 'no room on the disk' >&2; exit 7");
    assert!(broken.contains("exit status: 7: no room on the disk"), "{broken}");
    let endless = said("cat > /dev/null; head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 7");
    assert!(endless.len() < 1_500, "{} bytes", endless.len());
    // The host's environment may hold the password of its database.
    let environment = said("cat > /dev/null; env >&2; exit 7");
    assert!(std::env::vars().count() > 5 && !environment.contains("CARGO"), "{environment}");
}

#[test]
#[cfg(unix)]
fn where_the_machine_allows_less_than_the_bounds_the_compiler_makes_do() {
    let binary = binary();
    compiled_by(&format!("ulimit -H -d 900000; ulimit -H -t 30; exec {} \"$@\"", binary.display())).unwrap();
}
