//! Between a PostgreSQL server and a file: all tables within one transaction, in chunks of bounded size. One thread reads
//! or writes the file while the other end talks to the server.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use futures_util::TryStreamExt;
use rusqlite::types::Value;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::sync::mpsc;

use crate::backup::lines::{as_the_host_writes, read_line, write_value};
use crate::backup::{
    BackupError, ColumnKind, LETTING_IN, TableForm, form_of_server, migrate_file, open_for_reading, open_for_writing,
    tables,
};
use crate::store::{Address, CONNECT_TIMEOUT, POSTGRES_MIGRATIONS};

/// Lines are handed on when so many bytes have come together; one row may make a chunk larger.
const CHUNK_BYTES: usize = 1 << 20;

/// Chunks that wait for the slower side.
const CHUNKS_WAITING: usize = 4;

/// Whole lines of one table.
struct Chunk {
    /// Its place in the list of tables.
    table: usize,
    lines: Vec<u8>,
}

async fn connect(url: &str, address: &Address) -> Result<PgConnection, BackupError> {
    let cannot = |source| BackupError::Connect { address: address.clone(), source };
    let options = PgConnectOptions::from_str(url).map_err(cannot)?.application_name("daybreak backup").options([
        // Numbers and bytes in the form that `lines` reads, whatever the server does for others.
        ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
        ("client_encoding", "UTF8"),
        ("synchronous_commit", "on"),
    ]);
    match tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await {
        Ok(connected) => connected.map_err(cannot),
        Err(_) => Err(cannot(sqlx::Error::PoolTimedOut)),
    }
}

/// Writes all rows that the server holds at one moment into an empty file.
pub(crate) async fn copy_from_server(url: &str, address: &Address, file: &Path) -> Result<(), BackupError> {
    let mut connection = connect(url, address).await?;
    let mut snapshot = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let form = form_of_server(&mut snapshot, address).await?;
    migrate_file(file, Some(form), SqliteJournalMode::Delete).await?;
    let path = file.to_owned();
    let mut tables = tokio::task::spawn_blocking(move || tables(&open_for_reading(&path)?)).await??;
    tables.retain(|table| !LETTING_IN.contains(&table.name.as_str()));
    let documents: Vec<(String, String)> = sqlx::query_as(
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
         WHERE table_schema = current_schema() AND data_type = 'jsonb'",
    )
    .fetch_all(&mut *snapshot)
    .await?;
    let copies: Vec<String> =
        tables.iter().map(|table| format!("COPY \"{}\" ({}) TO STDOUT", table.name, table.columns_text())).collect();
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    let path = file.to_owned();
    let writer = tokio::task::spawn_blocking(move || write_chunks(&path, &tables, &documents, receiver));
    let sent = async {
        for (table, copy) in copies.iter().enumerate() {
            let mut rows = snapshot.copy_out_raw(copy).await?;
            let mut lines = Vec::new();
            while let Some(row) = rows.try_next().await? {
                lines.extend_from_slice(&row);
                if lines.len() >= CHUNK_BYTES && lines.ends_with(b"\n") {
                    // A writer that has stopped says why below.
                    if sender.send(Chunk { table, lines: std::mem::take(&mut lines) }).await.is_err() {
                        return Ok(());
                    }
                }
            }
            drop(rows);
            if !lines.is_empty() && sender.send(Chunk { table, lines }).await.is_err() {
                return Ok(());
            }
        }
        Ok::<_, sqlx::Error>(())
    };
    let sent = sent.await;
    drop(sender);
    // The reason of the writer comes first: without it the reading would not have stopped.
    writer.await??;
    sent?;
    Ok(snapshot.rollback().await?)
}

fn write_chunks(
    path: &Path,
    tables: &[TableForm],
    documents: &[(String, String)],
    mut chunks: mpsc::Receiver<Chunk>,
) -> Result<(), BackupError> {
    let mut connection = open_for_writing(path)?;
    let transaction = connection.transaction()?;
    while let Some(Chunk { table, lines }) = chunks.blocking_recv() {
        let Some(table) = tables.get(table) else { continue };
        let places = vec!["?"; table.columns.len()].join(", ");
        let insert = format!("INSERT INTO \"{}\" ({}) VALUES ({places})", table.name, table.columns_text());
        let mut statement = transaction.prepare_cached(&insert)?;
        let kinds: Vec<ColumnKind> = table.columns.iter().map(|column| column.kind).collect();
        let documents: Vec<usize> = (0..kinds.len())
            .filter(|&column| {
                let name = &table.columns[column].name;
                documents.iter().any(|(of, document)| *of == table.name && document == name)
            })
            .collect();
        for line in lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let refused = |problem| BackupError::Row { table: table.name.clone(), problem };
            let mut values = read_line(line, &kinds).map_err(refused)?;
            for &column in &documents {
                if let Value::Text(text) = &mut values[column] {
                    *text = as_the_host_writes(text).map_err(refused)?;
                }
            }
            statement.execute(rusqlite::params_from_iter(values))?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Fills an empty database on a server with all rows of the file, which has this version's form.
pub(crate) async fn copy_to_server(
    file: &Path,
    url: &str,
    address: &Address,
    tables: Vec<TableForm>,
) -> Result<(), BackupError> {
    let mut connection = connect(url, address).await?;
    POSTGRES_MIGRATIONS.run(&mut connection).await?;
    let mut transaction = connection.begin().await?;
    // Nobody makes a company meanwhile, and without one nobody writes.
    sqlx::query("LOCK TABLE company IN ACCESS EXCLUSIVE MODE").execute(&mut *transaction).await?;
    for table in &tables {
        let is_filled = format!("SELECT EXISTS (SELECT 1 FROM \"{}\")", table.name);
        if sqlx::query_scalar(sqlx::AssertSqlSafe(is_filled)).fetch_one(&mut *transaction).await? {
            return Err(BackupError::NotEmpty { address: address.clone(), holds: format!("rows of {}", table.name) });
        }
    }
    let copies: Vec<String> =
        tables.iter().map(|table| format!("COPY \"{}\" ({}) FROM STDIN", table.name, table.columns_text())).collect();
    let (sender, mut receiver) = mpsc::channel(CHUNKS_WAITING);
    let path: PathBuf = file.to_owned();
    let reader = tokio::task::spawn_blocking(move || read_chunks(&path, &tables, &sender));
    let mut next = receiver.recv().await;
    while let Some(Chunk { table, lines }) = next {
        let Some(copy) = copies.get(table) else { break };
        let mut rows = transaction.copy_in_raw(copy).await?;
        rows.send(lines).await?;
        loop {
            next = receiver.recv().await;
            match &mut next {
                Some(chunk) if chunk.table == table => rows.send(std::mem::take(&mut chunk.lines)).await?,
                _ => break,
            };
        }
        rows.finish().await?;
    }
    drop(receiver);
    reader.await??;
    transaction.commit().await?;
    // Else the first queries would be planned as if the tables were still empty.
    sqlx::query("ANALYZE").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn read_chunks(path: &Path, tables: &[TableForm], chunks: &mpsc::Sender<Chunk>) -> Result<(), BackupError> {
    let connection = open_for_reading(path)?;
    for (index, table) in tables.iter().enumerate() {
        let columns = table.columns.len();
        let mut statement = connection.prepare(&format!("SELECT {} FROM \"{}\"", table.columns_text(), table.name))?;
        let mut rows = statement.query([])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                if column > 0 {
                    lines.push(b'\t');
                }
                write_value(&mut lines, row.get_ref(column)?);
            }
            lines.push(b'\n');
            if lines.len() >= CHUNK_BYTES {
                // A server that has stopped says why.
                if chunks.blocking_send(Chunk { table: index, lines: std::mem::take(&mut lines) }).is_err() {
                    return Ok(());
                }
            }
        }
        if !lines.is_empty() && chunks.blocking_send(Chunk { table: index, lines }).is_err() {
            return Ok(());
        }
    }
    Ok(())
}
