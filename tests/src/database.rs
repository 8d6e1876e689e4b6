//! The databases that a story is told on: a SQLite file, or a database of its own on a PostgreSQL server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use sqlx::{Connection, Executor, Row};
use tokio::runtime::Runtime;

/// Set by `cargo xtask test`: the server's address, with `{database}` in place of the database's name.
const ADDRESS: &str = "DAYBREAK_TEST_POSTGRES";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    /// The database after which the module is called.
    #[must_use]
    pub fn of_module(path: &str) -> Self {
        if path.contains("::postgres") { Self::Postgres } else { Self::Sqlite }
    }
}

/// A database on the test server, dropped with this value.
pub struct ServerDatabase {
    pub url: String,
    name: String,
}

impl ServerDatabase {
    /// An empty database.
    #[must_use]
    pub fn new() -> Self {
        // Unique among all tests that run beside this one, in this process or another.
        let folder = tempfile::Builder::new().prefix("story").rand_bytes(12).tempdir().expect("a temporary folder");
        let name = folder.path().file_name().and_then(|name| name.to_str()).expect("it has a name").to_lowercase();
        execute(&url("postgres"), &format!("CREATE DATABASE {name}"));
        Self { url: url(&name), name }
    }

    /// Runs a statement as somebody would who wants to cheat; returns how many rows it touched.
    #[must_use]
    pub fn execute(&self, statement: &str) -> u64 {
        execute(&self.url, statement)
    }

    /// Runs all statements of a dump.
    pub fn load(&self, dump: &str) {
        let (url, dump) = (self.url.clone(), dump.to_owned());
        blocking(async move {
            let mut connection = sqlx::PgConnection::connect(&url).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(dump)).execute(&mut connection).await
        });
    }

    /// The one number that the query asks for.
    #[must_use]
    pub fn number(&self, query: &str) -> i64 {
        let query = query.to_owned();
        let url = self.url.clone();
        blocking(async move {
            let mut connection = sqlx::PgConnection::connect(&url).await?;
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&mut connection).await
        })
    }
}

impl ServerDatabase {
    /// The rows that the query asks for, all of them texts.
    #[must_use]
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let (url, query) = (self.url.clone(), query.to_owned());
        let rows = blocking(async move {
            let mut connection = sqlx::PgConnection::connect(&url).await?;
            sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(&mut connection).await
        });
        rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
    }
}

/// A transaction that somebody else has begun and not ended.
pub struct Held {
    runtime: Runtime,
    connection: sqlx::PgConnection,
}

impl Held {
    /// Takes back what it did, and lets go of what it locked.
    pub fn roll_back(mut self) {
        let ended = self.runtime.block_on(async { self.connection.execute("ROLLBACK").await });
        ended.expect("the database server does as it is told");
    }
}

impl ServerDatabase {
    /// Runs the statement in a transaction that stays open, with the locks that it took.
    #[must_use]
    pub fn hold(&self, statement: &str) -> Held {
        let runtime = runtime();
        let connection = runtime.block_on(async {
            let mut connection = sqlx::PgConnection::connect(&self.url).await?;
            connection.execute("BEGIN").await?;
            connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await?;
            Ok::<_, sqlx::Error>(connection)
        });
        Held { runtime, connection: connection.expect("the database server does as it is told") }
    }
}

impl Default for ServerDatabase {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for ServerDatabase {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            execute(&url("postgres"), &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

fn execute(url: &str, statement: &str) -> u64 {
    let (url, statement) = (url.to_owned(), statement.to_owned());
    blocking(async move {
        let mut connection = sqlx::PgConnection::connect(&url).await?;
        Ok(connection.execute(sqlx::AssertSqlSafe(statement)).await?.rows_affected())
    })
}

fn blocking<T: Send + 'static>(future: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static) -> T {
    runtime().block_on(future).expect("the database server does as it is told")
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn url(database: &str) -> String {
    address().replace("{database}", database)
}

/// The server of this run; where the tests were not started by `cargo xtask test`, one of this process.
fn address() -> &'static str {
    static OWN: OnceLock<(String, Option<Child>)> = OnceLock::new();
    let (address, _) = OWN.get_or_init(|| {
        if let Ok(address) = std::env::var(ADDRESS) {
            return (address, None);
        }
        // It stops when this process is gone, because its standard input ends then.
        let mut server = Command::new(crate::company::built("DAYBREAK_XTASK", "target/debug/xtask"))
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server can be started: run the tests with `cargo xtask test`");
        let mut address = String::new();
        let output = server.stdout.take().expect("it was piped");
        BufReader::new(output).read_line(&mut address).expect("it says its address");
        assert!(!address.trim().is_empty(), "PostgreSQL could not be started");
        (address.trim().to_owned(), Some(server))
    });
    address
}
