//! New crates for plugins. The binary carries the SDK, the interfaces and the templates, so that `plugin new` works in
//! an empty folder and needs nothing but the crates' registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use daybreak_domain::plugin::PluginKind;
use include_dir::{Dir, include_dir};

static SDK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sdk/rust");
static WIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../wit");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sdk/templates");

/// What stands in the templates where the plugin's name belongs.
const PLACEHOLDER: &str = "plugin-name";

const NAME_BYTES_MAX: usize = 64;

/// Names that cargo or Rust keep for themselves.
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "daybreak-sdk",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proptest",
    "pub",
    "ref",
    "return",
    "schemars",
    "self",
    "serde",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Writes a crate for a new plugin into a folder of its name and gives the folder. Where anything is wrong, nothing is
/// left behind.
pub fn write(name: &str, kind: PluginKind, into: &Path) -> anyhow::Result<PathBuf> {
    check_name(name)?;
    if !into.is_dir() {
        bail!("{} is no folder; make it first", into.display());
    }
    let folder = into.join(name);
    if std::fs::symlink_metadata(&folder).is_ok() {
        bail!("{} exists already; choose another name, or remove it first", folder.display());
    }
    // Written beside its place and moved, so that nobody ever finds half a crate.
    let partial = into.join(format!(".{name}.partial-{}", std::process::id()));
    let written = write_files(&partial, name, kind).and_then(|()| Ok(std::fs::rename(&partial, &folder)?));
    if let Err(error) = written {
        // Of the two errors the first one says what went wrong.
        drop(std::fs::remove_dir_all(&partial));
        return Err(error).with_context(|| format!("{} could not be written", folder.display()));
    }
    Ok(folder)
}

fn write_files(folder: &Path, name: &str, kind: PluginKind) -> anyhow::Result<()> {
    std::fs::create_dir(folder)?;
    // The SDK finds the interfaces at ../../wit, as it does in the repository.
    copy(&SDK, &folder.join(".daybreak/sdk/rust"), None)?;
    copy(&WIT, &folder.join(".daybreak/wit"), None)?;
    let shared = [
        ("Cargo.toml.template", "Cargo.toml"),
        ("gitignore.template", ".gitignore"),
        ("README.md.template", "README.md"),
    ];
    for (template, file) in shared {
        let template = TEMPLATES.get_file(template).with_context(|| format!("the binary lacks {template}"))?;
        put(&folder.join(file), template.contents(), Some(name))?;
    }
    let template = TEMPLATES.get_dir(kind.name()).with_context(|| format!("the binary has no template for {kind}"))?;
    copy(template, folder, Some(name))
}

/// Copies a folder of the binary, whose entries are named from its own root on.
fn copy(from: &Dir<'_>, to: &Path, name: Option<&str>) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for file in from.files() {
        let file_name = file.path().file_name().with_context(|| format!("{} has no name", file.path().display()))?;
        put(&to.join(file_name), file.contents(), name)?;
    }
    for folder in from.dirs() {
        let folder_name =
            folder.path().file_name().with_context(|| format!("{} has no name", folder.path().display()))?;
        copy(folder, &to.join(folder_name), name)?;
    }
    Ok(())
}

fn put(file: &Path, contents: &[u8], name: Option<&str>) -> anyhow::Result<()> {
    let text = name.zip(std::str::from_utf8(contents).ok()).map(|(name, text)| text.replace(PLACEHOLDER, name));
    std::fs::write(file, text.as_ref().map_or(contents, String::as_bytes))
        .with_context(|| format!("{} cannot be written", file.display()))
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let shaped = name.len() <= NAME_BYTES_MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !name.ends_with('-')
        && !name.contains("--");
    if !shaped {
        bail!(
            "{name:?} is no plugin name: use lower-case letters, digits and single dashes, beginning with a letter, at \
             most {NAME_BYTES_MAX} characters, for example time-to-answer"
        );
    }
    if RESERVED.contains(&name) {
        bail!(
            "{name:?} is a word that cargo or Rust keep for themselves; choose another name, for example {name}-score"
        );
    }
    Ok(())
}
