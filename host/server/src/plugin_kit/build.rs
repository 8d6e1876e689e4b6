//! From a Rust crate to a component: cargo, the component encoder, and the host's own engine as the last judge.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use daybreak_domain::plugin::ComponentRecord;
use daybreak_engine::{Engine, Plugin};
use serde::Deserialize;
use wit_component::ComponentEncoder;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// A component that the engine took and that now lies in the target folder.
pub struct Built {
    pub file: PathBuf,
    pub plugin: Plugin,
}

impl Built {
    pub fn record(&self) -> &ComponentRecord {
        self.plugin.record()
    }
}

/// What `cargo metadata` says of the workspace that a folder belongs to.
#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

/// The part of cargo's messages that tells where a library went.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    target: Option<CrateTarget>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct CrateTarget {
    crate_types: Vec<String>,
}

/// Builds every plugin that cargo builds in the folder, and puts the components into `plugins` below the target folder.
pub fn build(engine: &Engine, folder: &Path, profile: Option<&str>) -> anyhow::Result<Vec<Built>> {
    if !folder.join("Cargo.toml").is_file() {
        bail!("{} holds no Cargo.toml; name the folder of a plugin's crate", folder.display());
    }
    let metadata = metadata(folder)?;
    require_target(folder)?;
    let profile = match profile {
        Some(profile) => profile.to_owned(),
        None => default_profile(&metadata.workspace_root)?,
    };
    let modules = modules(folder, &profile)?;
    if modules.is_empty() {
        bail!(
            "cargo built no plugin in {}: a plugin's Cargo.toml says crate-type = [\"cdylib\", \"rlib\"] under [lib]",
            folder.display()
        );
    }
    let plugins = metadata.target_directory.join("plugins");
    std::fs::create_dir_all(&plugins).with_context(|| format!("{} cannot be made", plugins.display()))?;
    modules.iter().map(|module| finish(engine, module, &plugins)).collect()
}

/// Wraps one core module into a component, has the engine admit it and writes it down.
fn finish(engine: &Engine, module: &Path, plugins: &Path) -> anyhow::Result<Built> {
    let bytes = std::fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let component = ComponentEncoder::default()
        .module(&bytes)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| anyhow::anyhow!("{error:#}"))
        .with_context(|| {
            format!(
                "{} cannot be made a component; does the crate call one of the SDK's export macros?",
                module.display()
            )
        })?;
    let plugin = engine.load(&component).context("the host does not take the component")?;
    let file = plugins.join(format!("{}.wasm", plugin.record().manifest.name));
    // Written beside its place and moved, so that nobody ever reads half a component.
    let partial = file.with_extension(format!("wasm.{}", std::process::id()));
    std::fs::write(&partial, &component).with_context(|| format!("{} cannot be written", partial.display()))?;
    std::fs::rename(&partial, &file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(Built { file, plugin })
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn metadata(folder: &Path) -> anyhow::Result<Metadata> {
    let output = Command::new(cargo())
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started; install Rust from https://rustup.rs")?;
    if !output.status.success() {
        bail!("cargo cannot read {}", folder.join("Cargo.toml").display());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata answered something unexpected")
}

/// The profile that is made for guests where the workspace has one.
fn default_profile(workspace_root: &Path) -> anyhow::Result<String> {
    let manifest = workspace_root.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).with_context(|| format!("{} cannot be read", manifest.display()))?;
    let table: toml::Table = text.parse().with_context(|| format!("{} is no TOML", manifest.display()))?;
    let has_profile = table.get("profile").and_then(|profiles| profiles.get("plugin")).is_some();
    Ok(if has_profile { "plugin" } else { "release" }.to_owned())
}

/// The compiler's target for plugins, installed if rustup is there to do it.
fn require_target(folder: &Path) -> anyhow::Result<()> {
    let listed = Command::new("rustup").args(["target", "list", "--installed"]).current_dir(folder).output();
    let Ok(listed) = listed else { return require_target_without_rustup(folder) };
    if String::from_utf8_lossy(&listed.stdout).lines().any(|line| line.trim() == TARGET) {
        return Ok(());
    }
    eprintln!("Adding the target {TARGET} …");
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).status();
    match added {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("the target {TARGET} could not be added; run `rustup target add {TARGET}` and read what it says"),
    }
}

fn require_target_without_rustup(folder: &Path) -> anyhow::Result<()> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).current_dir(folder).output();
    let sysroot = sysroot.context("rustc cannot be started; install Rust from https://rustup.rs")?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    bail!(
        "this Rust has no target {TARGET} and there is no rustup to add it: install the package of your system that \
         holds it (often called rust-std-{TARGET}), or Rust from https://rustup.rs"
    )
}

/// Runs cargo and gives the core modules of all plugins that it built.
fn modules(folder: &Path, profile: &str) -> anyhow::Result<Vec<PathBuf>> {
    let output = Command::new(cargo())
        .args(["build", "--lib", "--target", TARGET, "--profile", profile])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("cargo could not build {}; its messages stand above", folder.display());
    }
    let mut modules = Vec::new();
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Message>(line) else { continue };
        let is_plugin = message.reason == "compiler-artifact"
            && message.target.is_some_and(|target| target.crate_types.iter().any(|kind| kind == "cdylib"));
        if is_plugin {
            let is_module = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "wasm");
            modules.extend(message.filenames.into_iter().filter(is_module));
        }
    }
    Ok(modules)
}
