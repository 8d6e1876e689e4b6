//! A company of its own in a folder, and the host that serves it until this value is gone.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

/// People to whom facts are spread.
pub const PEOPLE: u32 = 50;

pub struct Company {
    daybreak: PathBuf,
    folder: PathBuf,
}

impl Company {
    /// A company with people, in an empty folder.
    pub fn new(daybreak: &Path, folder: &Path) -> anyhow::Result<Self> {
        Self::with_people(daybreak, folder, PEOPLE)
    }

    /// A company with so many people, in an empty folder.
    pub fn with_people(daybreak: &Path, folder: &Path, people: u32) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let daybreak = daybreak.canonicalize().with_context(|| format!("{} is not there", daybreak.display()))?;
        let company = Self { daybreak, folder: folder.canonicalize()? };
        company.run(&["init", "bench", "--name", "Bench", "--time-zone", "Asia/Shanghai", "--admin", "Bench"])?;
        let rows = (0..people).map(|number| format!("p{number},Person {number},crm:p{number}\n"));
        let people = format!("id,name,identities\n{}", rows.collect::<String>());
        company.run(&["people", "import", &company.file("people.csv", &people)?])?;
        Ok(company)
    }

    /// Installs a plugin.
    pub fn install(&self, plugins: &Path, name: &str) -> anyhow::Result<()> {
        let component = plugins.canonicalize().context("the plugins are not there")?.join(format!("{name}.wasm"));
        self.run(&["plugin", "install", &component.display().to_string()])?;
        Ok(())
    }

    /// Keeps what the database holds while nobody serves the company.
    pub fn keep(&self) -> anyhow::Result<PathBuf> {
        let connection = rusqlite::Connection::open(self.database())?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let kept = self.folder.join("kept.db");
        fs::copy(self.database(), &kept)?;
        Ok(kept)
    }

    /// Makes the database what it was.
    pub fn put_back(&self, kept: &Path) -> anyhow::Result<()> {
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", self.database().display()));
        }
        fs::copy(kept, self.database())?;
        Ok(())
    }

    /// Enables an indicator that counts visits.
    pub fn count_visits(&self, plugins: &Path) -> anyhow::Result<()> {
        self.install(plugins, "measure")?;
        let parameters = self.file("visits.json", r#"{"kind": "visit", "measure": "count"}"#)?;
        let set = ["indicator", "set", "visits", "--plugin", "measure", "--parameters", &parameters, "--grant"];
        self.run(&[&set[..], &["--title-zh", "拜访", "--title-en", "Visits"]].concat())?;
        Ok(())
    }

    /// A token with these scopes.
    pub fn token(&self, scopes: &[&str]) -> anyhow::Result<String> {
        let scopes = scopes.iter().flat_map(|scope| ["--scope", *scope]);
        let arguments: Vec<&str> = ["token", "create", "bench", "--days", "1"].into_iter().chain(scopes).collect();
        let said = self.run(&arguments)?;
        let token = said.split_whitespace().find(|word| word.starts_with("dbt_")).context("no token was printed")?;
        Ok(token.to_owned())
    }

    pub fn database(&self) -> PathBuf {
        self.folder.join("data/daybreak.db")
    }

    /// Writes a file into the folder and returns its path.
    pub fn file(&self, name: &str, text: &str) -> anyhow::Result<String> {
        let path = self.folder.join(name);
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path.display().to_string())
    }

    /// Runs one command, which has to succeed, and returns what it printed.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(arguments).output().context("daybreak cannot be started")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "daybreak {} failed: {errors}", arguments.join(" "));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.daybreak);
        command.args(arguments).current_dir(&self.folder).env("DAYBREAK_DATA", self.folder.join("data"));
        for variable in ["DAYBREAK_NOW", "DAYBREAK_DATABASE", "DATABASE_URL", "DAYBREAK_COMPANY"] {
            command.env_remove(variable);
        }
        command
    }

    /// Serves the company, with one caller who may call as often as it likes.
    pub fn serve(&self, scorers: u32) -> anyhow::Result<Served> {
        let token = self.token(&["facts:write"])?;
        let scorers = format!("workers.scorers={scorers}");
        let limits = [
            "--set",
            "limits.requests_per_second=1000000",
            "--set",
            "limits.burst=1000000",
            "--set",
            "limits.sign_in_per_minute=10000",
            "--set",
            &scorers,
        ];
        let mut command = self.command(&[&["serve", "--listen", "127.0.0.1:0"], &limits[..]].concat());
        let mut host = command.stdout(Stdio::piped()).spawn().context("daybreak cannot be started")?;
        let output = host.stdout.take().context("it was piped")?;
        let mut served = Served { host, address: String::new(), token, output: None };
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on ").with_context(|| format!("daybreak said {line:?}"))?;
        address.clone_into(&mut served.address);
        served.output = Some(output);
        Ok(served)
    }
}

pub struct Served {
    host: Child,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    token: String,
    /// Kept open, so that the host can say more.
    output: Option<BufReader<std::process::ChildStdout>>,
}

impl Served {
    /// The host's process.
    pub fn id(&self) -> u32 {
        self.host.id()
    }

    /// A request that records facts.
    pub fn recording(&self, client: &Client, facts: &[Value]) -> RequestBuilder {
        let body = json!({ "facts": facts }).to_string();
        let request = client
            .post(format!("{}/api/v1/facts", self.address))
            .header("authorization", format!("Bearer {}", self.token));
        request.header("content-type", "application/json").body(body)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

/// A visit of somebody in June 2026.
pub fn visit(number: u32) -> Value {
    let (day, hour) = (1 + number % 28, number % 24);
    json!({
        "source": "crm", "external_id": format!("visit-{number}"), "kind": "visit",
        "occurred_at": format!("2026-06-{day:02}T{hour:02}:00:00Z"), "capture": "automatic",
        "actor": format!("p{}", number % PEOPLE), "document": format!("d{}", number % 4_000),
        "customer": format!("c{}", number % 300), "value": f64::from(number % 1_000),
        "fields": { "depth": (number % 5).to_string() },
    })
}
