//! Scorecards, and which part of the shares must be computable: append-only, from a day on.

use daybreak_domain::composite::MINIMUM_COVERAGE_DEFAULT;
use daybreak_domain::scorecard::Scorecard;
use daybreak_domain::time::{Day, Instant};

use crate::store::{Store, StoreError, Write, day, document, inconsistent, reading, writing, written};

/// One revision of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardRevision {
    /// What a receipt names.
    pub sequence: i64,
    pub from: Day,
    pub scorecard: Scorecard,
    /// In use no more from the day on.
    pub ended: bool,
    pub recorded_at: Instant,
    /// None: at the host's own command line.
    pub recorded_by: Option<String>,
}

pub struct NewScorecard<'a> {
    pub from: Day,
    pub scorecard: &'a Scorecard,
    pub ended: bool,
    pub recorded_at: Instant,
    pub recorded_by: Option<&'a str>,
}

impl Write {
    pub async fn add_scorecard(&mut self, new: &NewScorecard<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let insert = "INSERT INTO scorecard (company, sequence, scorecard, valid_from, title, place, dimensions, \
                      entries, ended, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(&new.scorecard.id)
                .bind(i64::from(new.from.0))
                .bind(written("scorecard", &new.scorecard.title)?)
                .bind(written("scorecard", &new.scorecard.place)?)
                .bind(written("scorecard", &new.scorecard.dimensions)?)
                .bind(written("scorecard", &new.scorecard.entries)?)
                .bind(i64::from(new.ended))
                .bind(new.recorded_at.0)
                .bind(new.recorded_by)
        )?;
        Ok(sequence)
    }

    /// Whether there is any scorecard; without one there are no composites.
    pub(crate) async fn has_scorecards(&mut self) -> Result<bool, StoreError> {
        let any = "SELECT sequence FROM scorecard WHERE company = $1 LIMIT 1";
        let found: Option<i64> = writing!(self, fetch_optional, sqlx::query_scalar(any).bind(&self.company))?;
        Ok(found.is_some())
    }

    /// From the day on, this part of the shares must be computable, in millionths.
    pub async fn set_minimum_coverage(
        &mut self,
        coverage: u32,
        from: Day,
        recorded_at: Instant,
        recorded_by: Option<&str>,
    ) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let insert = "INSERT INTO minimum_coverage (company, sequence, valid_from, coverage, recorded_at, recorded_by) \
                      VALUES ($1, $2, $3, $4, $5, $6)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(i64::from(from.0))
                .bind(i64::from(coverage))
                .bind(recorded_at.0)
                .bind(recorded_by)
        )?;
        Ok(sequence)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    scorecard: String,
    valid_from: i64,
    title: String,
    place: String,
    dimensions: String,
    entries: String,
    ended: i64,
    recorded_at: i64,
    recorded_by: Option<String>,
}

impl Store {
    /// Every revision of every scorecard that is known at the sequence, in the order in which they were made.
    pub async fn scorecards(&self, company: &str, known_to: i64) -> Result<Vec<ScorecardRevision>, StoreError> {
        let all = "SELECT sequence, scorecard, valid_from, title, place, dimensions, entries, ended, recorded_at, \
                   recorded_by FROM scorecard WHERE company = $1 AND sequence <= $2 ORDER BY sequence";
        let rows: Vec<Row> = reading!(self, fetch_all, sqlx::query_as(all).bind(company).bind(known_to))?;
        rows.into_iter().map(revision_of).collect()
    }

    /// The revision with this number, which receipts name.
    pub async fn scorecard_revision(
        &self,
        company: &str,
        sequence: i64,
    ) -> Result<Option<ScorecardRevision>, StoreError> {
        let one = "SELECT sequence, scorecard, valid_from, title, place, dimensions, entries, ended, recorded_at, \
                   recorded_by FROM scorecard WHERE company = $1 AND sequence = $2";
        let row: Option<Row> = reading!(self, fetch_optional, sqlx::query_as(one).bind(company).bind(sequence))?;
        row.map(revision_of).transpose()
    }

    /// Which part of the shares must be computable on the day, in millionths, as known at the sequence.
    pub async fn minimum_coverage(&self, company: &str, on: Day, known_to: i64) -> Result<u32, StoreError> {
        let newest = "SELECT coverage FROM minimum_coverage WHERE company = $1 AND valid_from <= $2 AND sequence <= $3 \
                      ORDER BY sequence DESC LIMIT 1";
        let found: Option<i64> = reading!(
            self,
            fetch_optional,
            sqlx::query_scalar(newest).bind(company).bind(i64::from(on.0)).bind(known_to)
        )?;
        found.map_or(Ok(MINIMUM_COVERAGE_DEFAULT), |coverage| {
            u32::try_from(coverage).map_err(|error| inconsistent("minimum_coverage", on, error))
        })
    }
}

fn revision_of(row: Row) -> Result<ScorecardRevision, StoreError> {
    const TABLE: &str = "scorecard";
    let key = row.sequence;
    Ok(ScorecardRevision {
        sequence: key,
        from: day(TABLE, key, row.valid_from)?,
        scorecard: Scorecard {
            id: row.scorecard,
            title: document(TABLE, key, &row.title)?,
            place: document(TABLE, key, &row.place)?,
            dimensions: document(TABLE, key, &row.dimensions)?,
            entries: document(TABLE, key, &row.entries)?,
        },
        ended: row.ended != 0,
        recorded_at: Instant(row.recorded_at),
        recorded_by: row.recorded_by,
    })
}
