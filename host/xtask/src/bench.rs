//! `cargo xtask bench`: builds the host as it is released, and measures every budget of speed. No part of the tests: figures
//! depend on the machine and on what else it does.

use crate::{process, setup, workspace};

/// `--profile dev` measures what the tests run; further arguments go to the measuring program.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let (profile, rest) = match arguments {
        [option, profile, rest @ ..] if option == "--profile" => (profile.as_str(), rest),
        rest => ("release", rest),
    };
    setup::run()?;
    println!("Building the host and the measuring program with the profile {profile}");
    process::run(process::cargo().args(["build", "--workspace", "--bins", "--profile", profile]))?;
    let folder = workspace::target().join(if profile == "dev" { "debug" } else { profile });
    let binary = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    println!("profile: {profile}; {}", process::output(process::command("rustc").arg("--version"))?.trim());
    println!("{}", process::output(process::command(binary("daybreak")).arg("--version"))?.trim());
    let mut bench = process::command(binary("bench"));
    bench.arg("--daybreak").arg(binary("daybreak")).arg("--plugins").arg(workspace::plugins());
    bench.arg("--pages").arg(workspace::root().join("host/web/dist"));
    bench.arg("--folder").arg(workspace::target().join("bench")).args(rest);
    process::run(&mut bench)
}
