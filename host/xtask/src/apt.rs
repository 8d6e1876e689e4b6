//! Packages of the system that a command needs: installed where that is allowed, else named.

use crate::process;

/// Installs the packages as root, or says how to. `need` says who needs what, without a full stop.
pub fn install(packages: &[&str], need: &str) -> Result<(), String> {
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    let by_hand = format!("sudo apt-get {}", install.join(" "));
    println!("{need}: {by_hand}");
    let mut apt = if is_root() {
        process::command("apt-get")
    } else if process::succeeds(process::command("sudo").args(["-n", "true"])) {
        let mut sudo = process::command("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    } else {
        return Err(format!("{need}. Install it, then run this command again:\n    {by_hand}"));
    };
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    process::run(apt.args(install))
        .map_err(|problem| format!("{problem}\n{need}. Install it, perhaps after `apt-get update`:\n    {by_hand}"))
}

pub fn is_root() -> bool {
    process::output(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
