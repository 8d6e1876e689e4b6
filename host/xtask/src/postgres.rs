//! A PostgreSQL server of one's own, for as long as it is needed: the tests' half that does not run on SQLite.
//!
//! It listens on a socket in a folder of its own and on no port, so nothing that runs already is touched. As root it
//! runs as the user `postgres`, because the server refuses root.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::apt::{self, is_root};
use crate::process;

/// Where a test finds the server: an address with `{database}` in place of the database's name.
pub const ADDRESS: &str = "DAYBREAK_TEST_POSTGRES";

const PACKAGE: &str = "postgresql";

/// A server that stops, and removes its folder, when this value or this process is gone.
pub struct Server {
    pub address: String,
    /// Its standard input is what keeps the server alive.
    keeper: Child,
}

/// Starts the server, makes sure that it stops when its input ends, and says when it is ready. `$1`: the folder of the
/// programs, `$2`: the server's own folder. What is written last need not survive the machine, so nothing is synced.
const KEEPER: &str = r#"
trap '' INT
"$1/initdb" --pgdata="$2/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1 &&
"$1/pg_ctl" --pgdata="$2/data" --log="$2/log" --wait start \
  --options="-k $2 -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" >>"$2/log" 2>&1 ||
{ cat "$2/log"; rm -rf "$2"; exit 1; }
echo ready
cat >/dev/null
"$1/pg_ctl" --pgdata="$2/data" --mode=immediate stop >/dev/null 2>&1
rm -rf "$2"
"#;

impl Server {
    /// Installs PostgreSQL if it is absent, and starts a server.
    pub fn start() -> Result<Self, String> {
        let programs = installed()?;
        let folder = std::env::temp_dir().join(format!("daybreak-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        let mut keeper = if is_root() {
            process::run(process::command("chown").arg("postgres").arg(&folder))?;
            let mut command = process::command("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            process::command("sh")
        };
        keeper.args(["-c", KEEPER, "keeper"]).arg(&programs).arg(&folder);
        // The user postgres may not look into the checkout.
        keeper.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = keeper.spawn().map_err(|error| format!("PostgreSQL cannot be started: {error}"))?;
        let mut said = String::new();
        let mut output = keeper.stdout.take().map(BufReader::new);
        if let Some(output) = &mut output {
            let _ = output.read_line(&mut said);
        }
        if said.trim() != "ready" {
            if let Some(output) = &mut output {
                let _ = output.read_to_string(&mut said);
            }
            let _ = keeper.wait();
            return Err(format!("PostgreSQL could not be started:\n{said}"));
        }
        let address = format!("postgres://postgres@localhost/{{database}}?host={}", folder.display());
        Ok(Self { address, keeper })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// `cargo xtask postgres`: a server until standard input ends; its address is the first line of output.
pub fn run() -> Result<(), String> {
    let server = Server::start()?;
    println!("{}", server.address);
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    drop(server);
    Ok(())
}

/// The folder with the server's programs; installs the package if there is none.
pub fn installed() -> Result<PathBuf, String> {
    if let Some(programs) = programs() {
        return Ok(programs);
    }
    apt::install(&[PACKAGE], "The tests need a PostgreSQL server")?;
    programs().ok_or_else(|| format!("{PACKAGE} was installed, but there is no initdb in /usr/lib/postgresql/*/bin"))
}

/// Debian keeps the programs of each version in a folder of its own; the newest one counts.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists());
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| complete(folder))
        .collect();
    versions.sort_by_key(version);
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions.pop().or_else(|| std::env::split_paths(&path).find(|folder| complete(folder)))
}
