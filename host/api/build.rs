//! Puts the built pages (`host/web/dist`) into this crate. Where they are not built, the list is empty and the host says how
//! to build them, so that compiling and linting need nothing but cargo.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let web = here.join("../web");
    let built = web.join("dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed={}", web.join("pages.json").display());
    let mut files = Vec::new();
    if built.join("index.html").is_file() {
        gather(&built, &built, &mut files)?;
    }
    files.sort();
    // Copied first, so that pages that are built while this crate compiles cannot pull the files from under it.
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let kept = out.join("pages");
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    for name in &files {
        let copy = kept.join(name);
        fs::create_dir_all(copy.parent().unwrap_or(&kept))?;
        fs::copy(built.join(name), copy)?;
    }
    let mut code = String::from("[\n");
    for name in files.iter().filter(|name| !is_compressed(name)) {
        let place = |name: &str| kept.join(name).to_string_lossy().into_owned();
        let compressed = |ending: &str| {
            let name = format!("{name}{ending}");
            if files.contains(&name) { format!("Some(include_bytes!({:?}))", place(&name)) } else { "None".to_owned() }
        };
        let (plain, brotli, gzip) = (place(name), compressed(".br"), compressed(".gz"));
        let _ = writeln!(
            code,
            "    File {{ name: {name:?}, plain: include_bytes!({plain:?}), brotli: {brotli}, gzip: {gzip} }},",
        );
    }
    code.push_str("]\n");
    fs::write(out.join("pages.rs"), code)
}

/// Names below the folder, with slashes. Files whose names begin with a dot are about the build and nobody's business.
fn gather(built: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            gather(built, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(built) {
            files.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn is_compressed(name: &str) -> bool {
    [".br", ".gz"].iter().any(|ending| name.ends_with(ending))
}
