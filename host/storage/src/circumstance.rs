//! Circumstances: every revision with all of its participants, append-only.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::circumstance::{Cause, Circumstance, Participant};
use daybreak_domain::period::Period;
use daybreak_domain::time::{Day, Instant};

use crate::stale::{Mark, MarkCause};
use crate::store::{
    ListOf, Store, StoreError, Write, day, document, inconsistent, inserting, reading, writing, written,
};

/// Rows in one INSERT: 5 values each, far under the databases' bounds.
const ROWS_AT_ONCE: usize = 1_000;

/// One revision of a circumstance.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCircumstance {
    /// What a receipt names.
    pub sequence: i64,
    pub circumstance: Circumstance,
    pub recorded_at: Instant,
    /// The id of a person.
    pub recorded_by: String,
}

/// Who records something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded<'a> {
    pub at: Instant,
    pub by: &'a str,
}

/// Which circumstances are wanted, each as it is now. None: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CircumstanceQuery {
    pub kind: Option<String>,
    /// Somebody who takes part.
    pub person: Option<String>,
    /// Only those that hold on some day of the period.
    pub during: Option<Period>,
    /// Also those that were withdrawn.
    pub withdrawn: bool,
    /// Only those that come after this one, by its first day and its id.
    pub after: Option<(Day, String)>,
    pub most: u32,
}

impl Write {
    /// Appends a revision of the circumstance, which replaces the earlier ones as a whole, and marks everybody whose
    /// days it changes. Returns its sequence.
    pub async fn add_circumstance(
        &mut self,
        circumstance: &Circumstance,
        recorded: Recorded<'_>,
    ) -> Result<i64, StoreError> {
        let before = self.newest_circumstance(&circumstance.id).await?;
        let sequence = self.next_sequence();
        let insert = "INSERT INTO circumstance (company, sequence, circumstance, kind, valid_from, valid_until, \
                      cause_kind, cause, measures, reason, withdrawn, recorded_at, recorded_by) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(&circumstance.id)
                .bind(&circumstance.kind)
                .bind(i64::from(circumstance.from.0))
                .bind(circumstance.until.map(|until| i64::from(until.0)))
                .bind(circumstance.cause.kind())
                .bind(circumstance.cause.id())
                .bind(written("circumstance", &circumstance.measures)?)
                .bind(&circumstance.reason)
                .bind(i64::from(circumstance.withdrawn))
                .bind(recorded.at.0)
                .bind(recorded.by)
        )?;
        for chunk in circumstance.participants.chunks(ROWS_AT_ONCE) {
            inserting!(
                self,
                "INSERT INTO circumstance_participant (company, sequence, person, valid_from, valid_until) ",
                chunk,
                |row, participant| {
                    row.push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(&participant.person)
                        .push_bind(i64::from(participant.from.0))
                        .push_bind(participant.until.map(|until| i64::from(until.0)));
                },
                ""
            )?;
        }
        let marks = marks_of(before.as_ref().map(|before| &before.circumstance), circumstance);
        self.append_marks(sequence, &marks).await?;
        Ok(sequence)
    }

    /// The newest revision of the circumstance, those included that this transaction has appended.
    pub async fn newest_circumstance(&mut self, id: &str) -> Result<Option<StoredCircumstance>, StoreError> {
        let newest = format!(
            "SELECT {COLUMNS} FROM circumstance WHERE company = $1 AND circumstance = $2 ORDER BY sequence DESC LIMIT 1"
        );
        let row: Option<Row> = writing!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(newest.as_str())).bind(&self.company).bind(id)
        )?;
        let Some(row) = row else { return Ok(None) };
        let participants: Vec<ParticipantRow> = writing!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, person, valid_from, valid_until FROM circumstance_participant \
                 WHERE company = $1 AND sequence = $2 ORDER BY person",
            )
            .bind(&self.company)
            .bind(row.sequence)
        )?;
        Ok(assembled(vec![row], participants)?.pop())
    }
}

/// Whom the change concerns, each with the first day on which something is different.
fn marks_of(before: Option<&Circumstance>, after: &Circumstance) -> Vec<Mark> {
    let revisions = [before, Some(after)];
    let people: BTreeSet<&str> = revisions
        .into_iter()
        .flatten()
        .flat_map(|revision| &revision.participants)
        .map(|participant| participant.person.as_str())
        .collect();
    let content = |revision: &Circumstance| (revision.kind.clone(), revision.measures.clone());
    let same_content = before.is_some_and(|before| content(before) == content(after));
    let first_difference = |person: &str| -> Option<Day> {
        let days = |revision: Option<&Circumstance>| revision.and_then(|revision| revision.days_of(person));
        match (days(before), days(Some(after))) {
            (Some(old), Some(new)) if same_content && old == new => None,
            // Only its end has moved.
            (Some((old_from, old)), Some((new_from, new))) if same_content && old_from == new_from => {
                [old, new].into_iter().flatten().min()
            }
            (old, new) => [old, new].into_iter().flatten().map(|(from, _)| from).min(),
        }
    };
    people
        .into_iter()
        .filter_map(|person| {
            let day = first_difference(person)?;
            Some(Mark { subject: Some(person.to_owned()), day: Some(day), ..Mark::new(MarkCause::Circumstance) })
        })
        .collect()
}

impl Store {
    /// The circumstances with at least one day in the period, each in the revision that counts at the sequence, in the
    /// order of their ids. Withdrawn ones are left out.
    pub async fn circumstances(
        &self,
        company: &str,
        during: Period,
        known_to: i64,
    ) -> Result<Vec<StoredCircumstance>, StoreError> {
        let which = "withdrawn = 0 AND valid_from < $3 AND (valid_until IS NULL OR valid_until > $4)";
        let text = current(COLUMNS, which);
        let (first, end) = (i64::from(during.first().0), i64::from(during.end().0));
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{text} ORDER BY circumstance")))
                .bind(company)
                .bind(known_to)
                .bind(end)
                .bind(first)
        )?;
        self.with_participants(company, rows).await
    }

    /// The circumstance as it counts at the sequence, whether or not it was withdrawn.
    pub async fn circumstance(
        &self,
        company: &str,
        id: &str,
        known_to: i64,
    ) -> Result<Option<StoredCircumstance>, StoreError> {
        let text = current(COLUMNS, "circumstance = $3");
        let row: Option<Row> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(known_to).bind(id)
        )?;
        Ok(self.with_participants(company, row.into_iter().collect()).await?.pop())
    }

    /// The newest circumstances that are known, withdrawn ones too, the newest first; at most `most`.
    pub async fn newest_circumstances(&self, company: &str, most: u32) -> Result<Vec<StoredCircumstance>, StoreError> {
        let text = current(COLUMNS, "1 = 1");
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{text} ORDER BY valid_from DESC, sequence DESC LIMIT $3")))
                .bind(company)
                .bind(i64::MAX)
                .bind(i64::from(most))
        )?;
        self.with_participants(company, rows).await
    }

    /// Circumstances as they are now, those that began last first, then by id.
    pub async fn circumstances_matching(
        &self,
        company: &str,
        query: &CircumstanceQuery,
    ) -> Result<Vec<StoredCircumstance>, StoreError> {
        let which = "($3 = 1 OR withdrawn = 0) AND (CAST($4 AS TEXT) IS NULL OR kind = $4) \
                     AND (CAST($5 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM circumstance_participant AS own \
                     WHERE own.company = $1 AND own.sequence = circumstance.sequence AND own.person = $5)) \
                     AND valid_from < $6 AND (valid_until IS NULL OR valid_until > $7) \
                     AND (valid_from < $8 OR (valid_from = $8 AND circumstance > $9))";
        let text = current(COLUMNS, which);
        let (first, end) = match query.during {
            Some(during) => (i64::from(during.first().0), i64::from(during.end().0)),
            None => (i64::MIN, i64::MAX),
        };
        let after = query.after.as_ref();
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{text} ORDER BY valid_from DESC, circumstance LIMIT $10")))
                .bind(company)
                .bind(i64::MAX)
                .bind(i64::from(query.withdrawn))
                .bind(&query.kind)
                .bind(&query.person)
                .bind(end)
                .bind(first)
                .bind(after.map_or(i64::MAX, |(day, _)| i64::from(day.0)))
                .bind(after.map_or("", |(_, id)| id.as_str()))
                .bind(i64::from(query.most))
        )?;
        self.with_participants(company, rows).await
    }

    /// The revisions with these sequences, in the order of their sequence: what a receipt rests on.
    pub async fn circumstance_revisions(
        &self,
        company: &str,
        sequences: &[i64],
    ) -> Result<Vec<StoredCircumstance>, StoreError> {
        let these = self.among("$2", ListOf::Numbers);
        let text =
            format!("SELECT {COLUMNS} FROM circumstance WHERE company = $1 AND sequence {these} ORDER BY sequence");
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("circumstance", &sequences)?)
        )?;
        self.with_participants(company, rows).await
    }

    async fn with_participants(&self, company: &str, rows: Vec<Row>) -> Result<Vec<StoredCircumstance>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let sequences: Vec<i64> = rows.iter().map(|row| row.sequence).collect();
        let these = self.among("$2", ListOf::Numbers);
        let text = format!(
            "SELECT sequence, person, valid_from, valid_until FROM circumstance_participant \
             WHERE company = $1 AND sequence {these} ORDER BY sequence, person"
        );
        let participants: Vec<ParticipantRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("circumstance", &sequences)?)
        )?;
        assembled(rows, participants)
    }
}

const COLUMNS: &str = "sequence, circumstance, kind, valid_from, valid_until, cause_kind, cause, measures, reason, \
                       withdrawn, recorded_at, recorded_by";

/// Of every circumstance of the company $1 the revision that counts at $2, if it is one of these.
fn current(columns: &str, which: &str) -> String {
    format!(
        "SELECT {columns} FROM circumstance WHERE company = $1 AND sequence <= $2 AND {which} AND NOT EXISTS \
         (SELECT 1 FROM circumstance AS later WHERE later.company = circumstance.company \
         AND later.circumstance = circumstance.circumstance AND later.sequence > circumstance.sequence \
         AND later.sequence <= $2)"
    )
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    circumstance: String,
    kind: String,
    valid_from: i64,
    valid_until: Option<i64>,
    cause_kind: String,
    cause: String,
    measures: String,
    reason: String,
    withdrawn: i64,
    recorded_at: i64,
    recorded_by: String,
}

type ParticipantRow = (i64, String, i64, Option<i64>);

fn assembled(rows: Vec<Row>, participants: Vec<ParticipantRow>) -> Result<Vec<StoredCircumstance>, StoreError> {
    const TABLE: &str = "circumstance";
    let mut by_revision: BTreeMap<i64, Vec<Participant>> = BTreeMap::new();
    for (sequence, person, from, until) in participants {
        let until = until.map(|until| day("circumstance_participant", sequence, until)).transpose()?;
        let from = day("circumstance_participant", sequence, from)?;
        by_revision.entry(sequence).or_default().push(Participant { person, from, until });
    }
    rows.into_iter()
        .map(|row| {
            let key = row.sequence;
            Ok(StoredCircumstance {
                sequence: key,
                recorded_at: Instant(row.recorded_at),
                recorded_by: row.recorded_by,
                circumstance: Circumstance {
                    id: row.circumstance,
                    kind: row.kind,
                    from: day(TABLE, key, row.valid_from)?,
                    until: row.valid_until.map(|until| day(TABLE, key, until)).transpose()?,
                    participants: by_revision.remove(&key).unwrap_or_default(),
                    measures: document(TABLE, key, &row.measures)?,
                    cause: Cause::of(&row.cause_kind, row.cause)
                        .map_err(|problem| inconsistent(TABLE, key, problem))?,
                    reason: row.reason,
                    withdrawn: row.withdrawn != 0,
                },
            })
        })
        .collect()
}
