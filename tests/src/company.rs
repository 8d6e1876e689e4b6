//! A company of its own for each test, driven through the real binary as an administrator would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::database::{Database, Held, ServerDatabase};

/// A company in a folder that goes away with it.
pub struct TestCompany {
    folder: TempDir,
    /// None: a SQLite file in the folder.
    server: Option<ServerDatabase>,
    /// What time the binary takes it to be.
    now: String,
}

/// What one command said.
#[derive(Debug)]
pub struct Said {
    pub succeeded: bool,
    pub output: String,
    pub errors: String,
}

impl TestCompany {
    /// A company in SQLite whose days are cut in the zone, at this moment (RFC 3339).
    #[must_use]
    pub fn new(zone: &str, now: &str) -> Self {
        Self::on(Database::Sqlite, zone, now)
    }

    /// A company in this database.
    #[must_use]
    pub fn on(database: Database, zone: &str, now: &str) -> Self {
        let company = Self::absent(database, now);
        company.ok(&["init", "acme", "--name", "Acme 医疗", "--time-zone", zone, "--admin", "王芳"]);
        company
    }

    /// A folder, and an empty database, without a company in it.
    #[must_use]
    pub fn absent(database: Database, now: &str) -> Self {
        let server = (database == Database::Postgres).then(ServerDatabase::new);
        Self { folder: TempDir::new().expect("a temporary folder"), server, now: now.to_owned() }
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder().join("data/daybreak.db")
    }

    /// Changes what time it is.
    pub fn set_now(&mut self, now: &str) {
        now.clone_into(&mut self.now);
    }

    /// Writes a file into the company's folder and returns its path.
    #[must_use]
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder().join(name);
        fs::write(&path, text).expect("a file can be written");
        path.to_str().expect("paths are UTF-8").to_owned()
    }

    /// Runs the binary in a fresh process.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().expect("the binary can be started");
        Said::of(&output)
    }

    /// The command, not yet started.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("DAYBREAK_DATA", self.folder().join("data"))
            .env("DAYBREAK_NOW", &self.now)
            .env_remove("DATABASE_URL")
            .env_remove("DAYBREAK_COMPANY")
            .env_remove("DAYBREAK_LANGUAGE");
        if let Some(server) = &self.server {
            command.env("DATABASE_URL", &server.url);
        }
        command
    }

    /// Runs the binary, which must succeed, and returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(said.succeeded, "daybreak {} failed:\n{}{}", arguments.join(" "), said.output, said.errors);
        said.output
    }

    /// Runs the binary, which must fail, and returns what it said about that.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(!said.succeeded, "daybreak {} succeeded:\n{}", arguments.join(" "), said.output);
        assert!(!said.errors.contains("thread 'main'"), "{}", said.errors);
        said.errors
    }

    /// Installs a component that the project builds.
    pub fn install(&self, plugin: &str) {
        let path = component(plugin);
        self.ok(&["plugin", "install", path.to_str().expect("paths are UTF-8")]);
    }

    /// All current scores, or with `history` all there ever were, as objects.
    #[must_use]
    pub fn scores(&self, history: bool) -> Vec<Value> {
        let mut arguments = vec!["export", "scores", "--format", "jsonl"];
        if history {
            arguments.push("--history");
        }
        lines(&self.ok(&arguments))
    }

    /// All facts with all revisions, as objects.
    #[must_use]
    pub fn facts(&self) -> Vec<Value> {
        lines(&self.ok(&["export", "facts", "--format", "jsonl"]))
    }

    /// Runs a statement on the company's database as somebody would who wants to cheat; returns how many rows it touched.
    #[must_use]
    pub fn tamper(&self, statement: &str) -> u64 {
        match &self.server {
            Some(server) => server.execute(statement),
            None => self.file_database().execute(statement, []).expect("the statement runs") as u64,
        }
    }

    /// Fills the database, which is empty, with what a dump says.
    pub fn load(&self, dump: &str) {
        if let Some(server) = &self.server {
            server.load(dump);
            return;
        }
        fs::create_dir_all(self.folder().join("data")).expect("a folder can be made");
        self.file_database().execute_batch(dump).expect("the dump is one");
    }

    /// The one number that the query asks the company's database for.
    #[must_use]
    pub fn number(&self, query: &str) -> i64 {
        match &self.server {
            Some(server) => server.number(query),
            None => self.file_database().query_row(query, [], |row| row.get(0)).expect("the query runs"),
        }
    }

    /// The address of its database, if that is on a server.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.server.as_ref().map(|server| server.url.as_str())
    }

    /// Runs a statement on the company's database server in a transaction that stays open, with the locks that it took.
    #[must_use]
    pub fn hold(&self, statement: &str) -> Held {
        self.server.as_ref().expect("only a server can be held this way").hold(statement)
    }

    /// The rows that the query asks the company's database for, all of them texts.
    #[must_use]
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        if let Some(server) = &self.server {
            return server.rows(query);
        }
        let database = self.file_database();
        let mut statement = database.prepare(query).expect("the query is one");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        rows.expect("the query runs").map(|row| row.expect("texts")).collect()
    }

    /// Every row of every table, as text that begins with the table's name.
    #[must_use]
    pub fn every_row(&self) -> Vec<String> {
        let tables = match &self.server {
            Some(_) => "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'",
            None => "SELECT name FROM sqlite_master WHERE type = 'table'",
        };
        let mut rows = Vec::new();
        for table in self.rows(tables).into_iter().flatten() {
            let texts = if self.server.is_some() {
                self.rows(&format!("SELECT CAST(every AS TEXT) FROM {table} AS every"))
            } else {
                let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                let columns: Vec<String> = self.rows(&columns).into_iter().flatten().collect();
                let texts: Vec<String> =
                    columns.iter().map(|name| format!("CASE TYPEOF(\"{name}\") WHEN 'blob' THEN '' ELSE COALESCE(CAST(\"{name}\" AS TEXT), '') END")).collect();
                self.rows(&format!("SELECT {} FROM {table}", texts.join(" || ' ' || ")))
            };
            rows.extend(texts.into_iter().flatten().map(|text| format!("{table} {text}")));
        }
        rows
    }

    fn file_database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).expect("the database opens")
    }
}

impl Said {
    #[must_use]
    pub fn of(output: &Output) -> Self {
        Self {
            succeeded: output.status.success(),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect()
}

pub(crate) fn built(variable: &str, path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in the workspace");
    std::env::var_os(variable).map_or_else(|| root.join(path), PathBuf::from)
}

/// The `daybreak` binary.
#[must_use]
pub fn binary() -> PathBuf {
    let path = built("DAYBREAK_BINARY", "target/debug/daybreak");
    assert!(path.is_file(), "{} is not there: run the tests with `cargo xtask test`", path.display());
    path
}

/// A component that the project builds.
#[must_use]
pub fn component(plugin: &str) -> PathBuf {
    let path = built("DAYBREAK_PLUGINS", "target/plugins").join(format!("{plugin}.wasm"));
    assert!(path.is_file(), "{} is not there: run the tests with `cargo xtask test`", path.display());
    path
}
