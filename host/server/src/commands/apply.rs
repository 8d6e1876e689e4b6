//! `daybreak apply`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::pack::{FILES_MAX, PACK_BYTES_MAX, Pack, PackPlan, Step};

use crate::host::HostOptions;

#[derive(Args)]
pub struct ApplyArgs {
    /// The folder of the pack.
    pack: PathBuf,
    /// Only say what would be done.
    #[arg(long)]
    plan: bool,
    /// Grant the pack's plugins what they ask to read. Without it a pack that asks for anything is not applied.
    #[arg(long)]
    grant: bool,
}

pub fn run(host: &HostOptions, args: &ApplyArgs) -> anyhow::Result<()> {
    let mut files = BTreeMap::new();
    let mut room = PACK_BYTES_MAX;
    read(&args.pack, "", &mut files, &mut room)
        .with_context(|| format!("the pack {} cannot be read", args.pack.display()))?;
    let pack = Pack::of_files(&files).with_context(|| format!("the pack {} cannot be applied", args.pack.display()))?;
    host.with_company(|daybreak, company| async move {
        println!("{} {}: {}", pack.id, pack.version, pack.title.get(&host.language));
        let plan = daybreak.plan_pack(&company, &pack).await?;
        print(&plan, &host.language);
        if plan.steps.is_empty() {
            println!("nothing to do: the company is as the pack says");
        }
        if args.plan {
            println!("nothing was changed");
            return Ok(());
        }
        if plan.grants_anything() && !args.grant {
            bail!("the pack's plugins ask to read the facts above; to grant that, run the same command with --grant");
        }
        let applied = daybreak.apply_pack(&company, &pack).await?;
        if !applied.steps.is_empty() {
            println!("applied");
        }
        Ok(())
    })
}

fn print(plan: &PackPlan, language: &str) {
    for step in &plan.steps {
        let sign = match step.step {
            Step::Add => '+',
            Step::Change => '~',
        };
        println!("  {sign} {} {}", step.what, step.id);
        for need in step.grants.iter().flat_map(|requirements| &requirements.needs) {
            println!("      {}", need.in_words(language));
        }
    }
}

/// Reads the files of a folder and its folders. Hidden files are left out, as are those of an editor.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>, room: &mut usize) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} is no folder", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|name| anyhow::anyhow!("{} is not UTF-8", name.display()))?;
        if name.starts_with('.') || name.ends_with('~') || name == "README.md" {
            continue;
        }
        let path = entry.path();
        let inside = format!("{prefix}{name}");
        if path.is_dir() {
            if !prefix.is_empty() {
                bail!("{inside} is a folder inside a folder: a pack has only mappings, plugins and scorecards");
            }
            read(&path, &format!("{inside}/"), files, room)?;
            continue;
        }
        let length = usize::try_from(entry.metadata()?.len()).unwrap_or(usize::MAX);
        *room = room.checked_sub(length).with_context(|| format!("it has more than {PACK_BYTES_MAX} bytes"))?;
        if files.len() >= FILES_MAX {
            bail!("it has more than {FILES_MAX} files");
        }
        files.insert(inside, std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?);
    }
    Ok(())
}
