//! `daybreak doctor`

use std::process::ExitCode;

use daybreak_storage::{Examination, Finding, Verdict, examine};

use crate::host::HostOptions;

/// Says what is wrong with the host: its data folder, its database and the plugins in it.
pub fn run(host: &HostOptions) -> anyhow::Result<ExitCode> {
    let address = host.address()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Examination { mut findings, is_current } = runtime.block_on(examine(&address));
    findings.push(data_folder(host));
    if is_current && findings.iter().all(|finding| finding.verdict != Verdict::Bad) {
        findings.extend(host.with_host(|daybreak| async move { Ok(daybreak.examine_plugins().await?) })?);
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

/// Compiled plugins are kept in the data folder; without it every command would compile them anew.
fn data_folder(host: &HostOptions) -> Finding {
    let probe = host.data.join(".doctor");
    let written = std::fs::create_dir_all(&host.data).and_then(|()| std::fs::write(&probe, b""));
    match written.and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Finding {
            verdict: Verdict::Good,
            what: format!("the data folder {} can be written", host.data.display()),
            advice: String::new(),
        },
        Err(error) => Finding {
            verdict: Verdict::Bad,
            what: format!("the data folder {} cannot be written: {error}", host.data.display()),
            advice: "choose another with --data or DAYBREAK_DATA, or give yourself the right to write it".to_owned(),
        },
    }
}
