//! `cargo xtask bench`: builds the host as it is released, and measures every budget of speed. No part of the tests: figures
//! depend on the machine and on what else it does.

use crate::{process, setup, workspace};

/// `--profile dev` measures what the tests run; further arguments go to the measuring program.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let mut rest = arguments.to_vec();
    let profile = match rest.iter().position(|argument| argument == "--profile") {
        Some(place) if place + 1 < rest.len() => rest.drain(place..=place + 1).nth(1).unwrap_or_default(),
        Some(_) => return Err("--profile needs the name of one: --profile dev".to_owned()),
        None => "release".to_owned(),
    };
    setup::run()?;
    println!("Building the host and the measuring program with the profile {profile}");
    process::run(process::cargo().args(["build", "--workspace", "--bins", "--profile", &profile]))?;
    let folder = workspace::target().join(if profile == "dev" { "debug" } else { &profile });
    let binary = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    println!("profile: {profile}; {}", process::output(process::command("rustc").arg("--version"))?.trim());
    println!("{}", process::output(process::command(binary("daybreak")).arg("--version"))?.trim());
    let mut bench = process::command(binary("bench"));
    bench.arg("--daybreak").arg(binary("daybreak")).arg("--plugins").arg(workspace::plugins());
    bench.arg("--pages").arg(workspace::root().join("host/web/dist"));
    bench.arg("--folder").arg(workspace::target().join("bench")).args(rest);
    process::run(&mut bench)
}
