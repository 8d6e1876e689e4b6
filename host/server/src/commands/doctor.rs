//! `daybreak doctor`

use std::path::Path;
use std::process::ExitCode;

use daybreak_storage::{Examination, Finding, Verdict, examine};

use crate::host::{HostOptions, private_folder};

/// Says what is wrong with the host: its configuration, its data folder, its database and the plugins in it.
pub fn run(host: &HostOptions) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    match host.configuration() {
        Err(error) => findings.push(Finding {
            verdict: Verdict::Bad,
            what: format!("the configuration cannot be used: {error}"),
            advice: "correct it; `daybreak config --reference` says what is allowed".to_owned(),
        }),
        Ok(configuration) => {
            findings.push(Finding {
                verdict: Verdict::Good,
                what: "the configuration can be used; `daybreak config` shows it".to_owned(),
                advice: String::new(),
            });
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let examination: Examination = runtime.block_on(examine(&configuration.database));
            findings.extend(examination.findings);
            findings.extend(data_folder(host));
            if examination.is_current && findings.iter().all(|finding| finding.verdict != Verdict::Bad) {
                findings.extend(host.with_host(|daybreak| async move { Ok(daybreak.examine_plugins().await?) })?);
            }
        }
    }
    for finding in &findings {
        let sign = match finding.verdict {
            Verdict::Good => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Bad => "BAD    ",
        };
        println!("{sign}  {}", finding.what);
        if !finding.advice.is_empty() {
            println!("         {}", finding.advice);
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    match (count(Verdict::Bad), count(Verdict::Warning)) {
        (0, 0) => println!("all is well"),
        (0, warnings) => println!("it works, with {warnings} warnings"),
        (bad, _) => {
            println!("{bad} things have to be put right");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Below so much free space of a file system, facts will soon be refused.
const FREE_BYTES_LEAST: u64 = 1 << 30;

/// Compiled plugins are kept in the data folder, and mostly the database; both are nobody else's to read.
fn data_folder(host: &HostOptions) -> Vec<Finding> {
    let folder = host.data.display();
    let probe = host.data.join(".doctor");
    let made = private_folder(&host.data).map_err(|error| format!("{error:#}"));
    let written = made.and_then(|()| std::fs::write(&probe, b"").map_err(|error| error.to_string()));
    if let Err(error) = written.and_then(|()| std::fs::remove_file(&probe).map_err(|error| error.to_string())) {
        return vec![Finding {
            verdict: Verdict::Bad,
            what: format!("the data folder {folder} cannot be written: {error}"),
            advice: "choose another with --data or DAYBREAK_DATA, or give yourself the right to write it".to_owned(),
        }];
    }
    let mut findings = vec![Finding {
        verdict: Verdict::Good,
        what: format!("the data folder {folder} can be written"),
        advice: String::new(),
    }];
    findings.extend(privacy(&host.data));
    findings.extend(free_space(&host.data));
    findings
}

/// Whether others on this machine can look into the folder.
#[cfg(unix)]
fn privacy(folder: &Path) -> Option<Finding> {
    const OTHERS: u32 = 0o077;
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder).ok()?.permissions()) & 0o777;
    let is_private = mode & OTHERS == 0;
    Some(Finding {
        verdict: if is_private { Verdict::Good } else { Verdict::Warning },
        what: if is_private {
            "only its owner can look into it".to_owned()
        } else {
            format!("other users of this machine can look into the data folder: its mode is {mode:03o}")
        },
        advice: if is_private { String::new() } else { format!("chmod 700 {}", folder.display()) },
    })
}

#[cfg(not(unix))]
fn privacy(_folder: &Path) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn free_space(folder: &Path) -> Option<Finding> {
    let system = rustix::fs::statvfs(folder).ok()?;
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    let is_enough = free >= FREE_BYTES_LEAST;
    Some(Finding {
        verdict: if is_enough { Verdict::Good } else { Verdict::Warning },
        what: format!("{} MiB are free where the data folder is", free >> 20),
        advice: if is_enough { String::new() } else { "make room: facts are refused when there is none".to_owned() },
    })
}

#[cfg(not(unix))]
fn free_space(_folder: &Path) -> Option<Finding> {
    None
}
