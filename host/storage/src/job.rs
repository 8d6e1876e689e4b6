//! Jobs: what waits, what a host has in hand, and what has become of it.
//!
//! A claim ends by itself, so that the job of a host that died is taken up. Whoever has lost its claim, because the job was
//! cancelled or another host has taken it up, learns so with the next thing that it wants to note, and notes nothing.

use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::job::{Job, JobOrder, JobQuery, JobState, Progress};
use daybreak_domain::time::Instant;
use serde_json::Value;

use crate::stale::Claim;
use crate::store::{
    Database, Store, StoreError, Write, document, inconsistent, reading, running, word, writing, written,
};

const COLUMNS: &str = "job.job, job.content, job.state, job.author_kind, job.author, job.request, job.created_at, \
                       job.started_at, job.ended_at, job.done, job.total, job.checkpoint, job.result, job.problem, \
                       job.attempts, job.file";

/// Of a company at a moment, for whoever has the files of this folder.
const CLAIMABLE: &str = "job.company = $1 AND (job.state = 'waiting' OR (job.state = 'running' AND job.claimed_until <= $2)) \
                         AND (job.place IS NULL OR job.place = $3)";

const UNENDED: &str = "state IN ('waiting', 'running')";

pub struct NewJob<'a> {
    pub order: &'a JobOrder,
    pub author: &'a Author,
    pub created_at: Instant,
    /// The folder and the name of the file that it needs.
    pub file: Option<(&'a str, &'a str)>,
}

/// A job that a host has in hand.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedJob {
    pub job: Job,
    /// Where to go on; none at the beginning.
    pub checkpoint: Option<String>,
    pub file: Option<String>,
    pub claimed_by: String,
}

/// How a job ended.
pub struct JobEnd<'a> {
    pub state: JobState,
    pub at: Instant,
    pub progress: Progress,
    pub result: Option<&'a Value>,
    pub problem: Option<&'a str>,
}

impl Write {
    /// Puts a job at the end of the queue. Returns its number.
    pub async fn create_job(&mut self, new: &NewJob<'_>) -> Result<i64, StoreError> {
        let job = self.next_sequence();
        let content = written("job", new.order)?;
        let insert = "INSERT INTO job (company, job, kind, content, state, author_kind, author, request, created_at, done, \
                      total, attempts, place, file) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, 0, 0, 0, $9, $10)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(job)
                .bind(new.order.kind().word())
                .bind(&content)
                .bind(new.author.kind.word())
                .bind(&new.author.id)
                .bind(&new.author.request)
                .bind(new.created_at.0)
                .bind(new.file.map(|(place, _)| place))
                .bind(new.file.map(|(_, file)| file))
        )?;
        Ok(job)
    }

    /// Ends a job that has not ended, as somebody wished. Returns whether it did.
    pub async fn cancel_job(&mut self, job: i64, at: Instant) -> Result<bool, StoreError> {
        let update = format!(
            "UPDATE job SET state = 'cancelled', ended_at = $3, checkpoint = NULL, claimed_by = NULL, \
             claimed_until = NULL WHERE company = $1 AND job = $2 AND {UNENDED}"
        );
        let touched = writing!(
            self,
            execute,
            sqlx::query(sqlx::AssertSqlSafe(update.as_str())).bind(&self.company).bind(job).bind(at.0)
        )?;
        Ok(touched > 0)
    }

    /// Forgets jobs that have ended but for the newest ones.
    pub async fn forget_ended_jobs(&mut self, kept: u32) -> Result<(), StoreError> {
        let delete = format!(
            "DELETE FROM job WHERE company = $1 AND NOT {UNENDED} AND job < (SELECT job FROM job AS ended \
             WHERE ended.company = $1 AND NOT ended.{UNENDED} ORDER BY ended.job DESC LIMIT 1 OFFSET $2)"
        );
        let offset = i64::from(kept.saturating_sub(1));
        writing!(self, execute, sqlx::query(sqlx::AssertSqlSafe(delete.as_str())).bind(&self.company).bind(offset))?;
        Ok(())
    }
}

impl Store {
    /// How many jobs of the company wait or run.
    pub async fn unended_jobs(&self, company: &str) -> Result<usize, StoreError> {
        let text = format!("SELECT COUNT(*) FROM job WHERE company = $1 AND {UNENDED}");
        let count: i64 =
            reading!(self, fetch_one, sqlx::query_scalar(sqlx::AssertSqlSafe(text.as_str())).bind(company))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// The files in the folder that jobs of any company still need.
    pub async fn job_files(&self, place: &str) -> Result<Vec<String>, StoreError> {
        let text = format!("SELECT file FROM job WHERE place = $1 AND file IS NOT NULL AND {UNENDED}");
        reading!(self, fetch_all, sqlx::query_scalar(sqlx::AssertSqlSafe(text.as_str())).bind(place))
    }

    pub async fn job(&self, company: &str, job: i64) -> Result<Option<Job>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM job WHERE company = $1 AND job = $2");
        let row: Option<JobRow> =
            reading!(self, fetch_optional, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(job))?;
        row.map(JobRow::job).transpose()
    }

    /// The jobs that the query wants, the newest first.
    pub async fn jobs(&self, company: &str, query: &JobQuery) -> Result<Vec<Job>, StoreError> {
        let mut text = format!("SELECT {COLUMNS} FROM job WHERE company = $1 AND job < $2");
        let conditions =
            [("kind", query.kind.map(daybreak_domain::job::JobKind::word)), ("state", query.state.map(JobState::word))];
        let mut values = Vec::new();
        for (column, value) in conditions {
            let Some(value) = value else { continue };
            values.push(value);
            text.extend([" AND ", column, " = $", &(values.len() + 3).to_string()]);
        }
        text.push_str(" ORDER BY job DESC LIMIT $3");
        let rows: Vec<JobRow> = reading!(self, fetch_all, {
            let statement = sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company);
            let statement = statement.bind(query.before.unwrap_or(i64::MAX)).bind(i64::from(query.most));
            values.iter().fold(statement, |statement, value| statement.bind(*value))
        })?;
        rows.into_iter().map(JobRow::job).collect()
    }

    /// Claims the oldest job that nobody has in hand and that needs no file, or one of this folder. Any number of hosts may
    /// claim at once; none waits for another.
    pub async fn claim_job(
        &self,
        company: &str,
        place: Option<&str>,
        claim: &Claim<'_>,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        // Mostly there is none, and looking keeps nobody from writing.
        let look = format!("SELECT COUNT(*) FROM (SELECT job.job FROM job WHERE {CLAIMABLE} LIMIT 1) AS next");
        let found: i64 = reading!(
            self,
            fetch_one,
            sqlx::query_scalar(sqlx::AssertSqlSafe(look.as_str())).bind(company).bind(claim.now.0).bind(place)
        )?;
        if found == 0 {
            return Ok(None);
        }
        let skip = match &self.database {
            Database::Sqlite(_) => "",
            Database::Postgres(_) => "FOR UPDATE OF job SKIP LOCKED",
        };
        let text = format!(
            "WITH next AS MATERIALIZED (SELECT job.job FROM job WHERE {CLAIMABLE} ORDER BY job.job LIMIT 1 {skip}) \
             UPDATE job SET state = 'running', claimed_by = $4, claimed_until = $5, started_at = COALESCE(job.started_at, $2), attempts = job.attempts + 1 FROM next \
             WHERE job.company = $1 AND job.job = next.job RETURNING {COLUMNS}"
        );
        let mut transaction = self.begin().await?;
        let row: Option<JobRow> = running!(
            transaction,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(claim.now.0)
                .bind(place)
                .bind(claim.claimed_by)
                .bind(claim.until.0)
        )?;
        transaction.commit().await?;
        let Some(mut row) = row else { return Ok(None) };
        let (checkpoint, file) = (row.checkpoint.take(), row.file.take());
        Ok(Some(ClaimedJob { job: row.job()?, checkpoint, file, claimed_by: claim.claimed_by.to_owned() }))
    }

    /// Keeps the claim, with how far the job has come and, if given, where to go on. Returns whether the claim still holds.
    pub async fn hold_job(
        &self,
        company: &str,
        claimed: &ClaimedJob,
        until: Instant,
        progress: Progress,
        checkpoint: Option<&str>,
    ) -> Result<bool, StoreError> {
        let text = "UPDATE job SET claimed_until = $4, done = $5, total = $6, checkpoint = COALESCE($7, checkpoint) \
                    WHERE company = $1 AND job = $2 AND claimed_by = $3 AND state = 'running'";
        let mut transaction = self.begin().await?;
        let touched = running!(
            transaction,
            execute,
            sqlx::query(text)
                .bind(company)
                .bind(claimed.job.job)
                .bind(&claimed.claimed_by)
                .bind(until.0)
                .bind(number(progress.done))
                .bind(number(progress.total))
                .bind(checkpoint)
        )?;
        transaction.commit().await?;
        Ok(touched > 0)
    }

    /// Gives a job back to the queue, to be gone on with at its last checkpoint. Whether it `counts` as an attempt depends
    /// on why.
    pub async fn release_job(&self, company: &str, claimed: &ClaimedJob, counts: bool) -> Result<(), StoreError> {
        let text = "UPDATE job SET state = 'waiting', claimed_by = NULL, claimed_until = NULL, attempts = attempts - $4 \
                    WHERE company = $1 AND job = $2 AND claimed_by = $3 AND state = 'running'";
        let mut transaction = self.begin().await?;
        running!(
            transaction,
            execute,
            sqlx::query(text).bind(company).bind(claimed.job.job).bind(&claimed.claimed_by).bind(i64::from(!counts))
        )?;
        transaction.commit().await
    }

    /// Notes how a job ended, unless the claim on it does not hold any more. Returns whether it did.
    pub async fn end_job(&self, company: &str, claimed: &ClaimedJob, end: &JobEnd<'_>) -> Result<bool, StoreError> {
        let text = "UPDATE job SET state = $4, ended_at = $5, done = $6, total = $7, result = $8, problem = $9, \
                    checkpoint = NULL, claimed_by = NULL, claimed_until = NULL \
                    WHERE company = $1 AND job = $2 AND claimed_by = $3 AND state = 'running'";
        let result = end.result.map(|result| written("job", result)).transpose()?;
        let mut transaction = self.begin().await?;
        let touched = running!(
            transaction,
            execute,
            sqlx::query(text)
                .bind(company)
                .bind(claimed.job.job)
                .bind(&claimed.claimed_by)
                .bind(end.state.word())
                .bind(end.at.0)
                .bind(number(end.progress.done))
                .bind(number(end.progress.total))
                .bind(&result)
                .bind(end.problem)
        )?;
        transaction.commit().await?;
        Ok(touched > 0)
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[derive(sqlx::FromRow)]
struct JobRow {
    job: i64,
    content: String,
    state: String,
    author_kind: String,
    author: String,
    request: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    done: i64,
    total: i64,
    checkpoint: Option<String>,
    result: Option<String>,
    problem: Option<String>,
    attempts: i64,
    file: Option<String>,
}

impl JobRow {
    fn job(self) -> Result<Job, StoreError> {
        const TABLE: &str = "job";
        let key = self.job;
        let kind: AuthorKind = word(TABLE, key, &self.author_kind)?;
        let count = |count: i64| u64::try_from(count).map_err(|error| inconsistent(TABLE, key, error));
        Ok(Job {
            job: key,
            order: document(TABLE, key, &self.content)?,
            state: word(TABLE, key, &self.state)?,
            author: Author { kind, id: self.author, request: self.request },
            created_at: Instant(self.created_at),
            started_at: self.started_at.map(Instant),
            ended_at: self.ended_at.map(Instant),
            progress: Progress { done: count(self.done)?, total: count(self.total)? },
            result: self.result.map(|text| document(TABLE, key, &text)).transpose()?,
            problem: self.problem,
            attempts: u32::try_from(self.attempts).map_err(|error| inconsistent(TABLE, key, error))?,
        })
    }
}
