//! Alerts, the assessments that made their revisions, and which assistants have to assess again.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::alert::{AssessmentReceipt, Event, Raised};
use daybreak_domain::digest::Digest;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::{Day, Instant};

use crate::store::{
    ListOf, Store, StoreError, Write, day, document, inconsistent, inserting, reading, word, writing, written,
};

/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 500;

/// One revision of an alert on its way into the database.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAlertRevision<'a> {
    /// The number of the alert; none opens a new one.
    pub alert: Option<i64>,
    pub enablement: &'a str,
    pub subject_kind: SubjectKind,
    pub subject: &'a str,
    pub event: Event,
    pub assessed_on: Day,
    /// The day of the assessment that opened it.
    pub opened_on: Day,
    pub recorded_at: Instant,
    pub recorded_by: Option<&'a str>,
    pub task: Option<&'a str>,
    pub content: &'a Raised,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredAlert {
    pub sequence: i64,
    /// The alert's number: the sequence of its first revision.
    pub alert: i64,
    pub enablement: String,
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub event: Event,
    /// The assessment that made the revision; none where a person made it, or the use of the plugin ended.
    pub batch: Option<i64>,
    pub assessed_on: Day,
    /// The day of the assessment that opened it.
    pub opened_on: Day,
    pub recorded_at: Instant,
    pub recorded_by: Option<String>,
    /// The task that was made of its plan.
    pub task: Option<String>,
    pub content: Raised,
    pub digest: Digest,
    /// The columns that lists are made from say the same as the content.
    pub columns_agree: bool,
}

impl StoredAlert {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.event != Event::Closed
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredAssessment {
    pub batch: i64,
    /// How many revisions of alerts it was stored with.
    pub revisions: usize,
    pub receipt: AssessmentReceipt,
}

/// An assessment of everybody that came to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessedRecord {
    pub assessed_on: Day,
    pub known_to: i64,
    /// The sequences of the enablement's rows that were in force, ascending.
    pub revisions: Vec<i64>,
    pub subjects: u32,
    pub computed_at: Instant,
}

/// Which alerts are wanted, each as it is now. None: any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertQuery {
    /// Also closed ones.
    pub closed: bool,
    pub enablement: Option<String>,
    pub subject_kind: Option<SubjectKind>,
    pub subject: Option<String>,
    /// Only alerts that come after this one.
    pub after: Option<AlertKey>,
    pub most: u32,
}

/// Where an alert stands in a list: the largest priority first, ties by subject, then by key and number.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertKey {
    pub priority: f64,
    pub subject: String,
    pub key: String,
    pub alert: i64,
}

impl AlertKey {
    #[must_use]
    pub fn of(alert: &StoredAlert) -> Self {
        let (priority, key) = (alert.content.priority, alert.content.key.clone());
        Self { priority, subject: alert.subject.clone(), key, alert: alert.alert }
    }
}

impl Write {
    /// Appends one assessment with the revisions it made; they follow it in the sequence. Returns its number.
    pub async fn append_assessment(
        &mut self,
        receipt: &AssessmentReceipt,
        revisions: &[NewAlertRevision<'_>],
    ) -> Result<i64, StoreError> {
        let batch = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO assessment (company, batch, enablement, revision, subject_kind, component, interface, \
                 adapter, requirements, assessed_on, context, subjects, known_to, fuel, engine, computed_at, revisions) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            )
            .bind(&self.company)
            .bind(batch)
            .bind(&receipt.enablement)
            .bind(receipt.revision)
            .bind(receipt.subject_kind.name())
            .bind(receipt.component.to_string())
            .bind(written("assessment", &receipt.interface)?)
            .bind(&receipt.adapter)
            .bind(receipt.requirements.to_string())
            .bind(i64::from(receipt.assessed_on.0))
            .bind(written("assessment", &receipt.context)?)
            .bind(written("assessment", &receipt.subjects)?)
            .bind(receipt.known_to)
            .bind(i64::try_from(receipt.fuel).unwrap_or(i64::MAX))
            .bind(&receipt.engine)
            .bind(receipt.computed_at.0)
            .bind(i64::try_from(revisions.len()).unwrap_or(i64::MAX))
        )?;
        self.append_alert_revisions(Some(batch), revisions).await?;
        Ok(batch)
    }

    /// Appends revisions of alerts, made by this assessment or, without one, by a person or a setting.
    pub async fn append_alert_revisions(
        &mut self,
        batch: Option<i64>,
        revisions: &[NewAlertRevision<'_>],
    ) -> Result<(), StoreError> {
        for chunk in revisions.chunks(ROWS_AT_ONCE) {
            let mut rows = Vec::with_capacity(chunk.len());
            for revision in chunk {
                let content = written("alert", revision.content)?;
                rows.push((self.next_sequence(), revision, content, revision.content.digest().to_string()));
            }
            inserting!(
                self,
                "INSERT INTO alert (company, sequence, alert, enablement, subject, alert_key, event, batch, assessed_on, \
                 opened_on, recorded_at, recorded_by, task, subject_kind, risk, priority, content, digest) ",
                &rows,
                |values, (sequence, revision, content, digest)| {
                    values
                        .push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(revision.alert.unwrap_or(*sequence))
                        .push_bind(revision.enablement)
                        .push_bind(revision.subject)
                        .push_bind(&revision.content.key)
                        .push_bind(revision.event.name())
                        .push_bind(batch)
                        .push_bind(i64::from(revision.assessed_on.0))
                        .push_bind(i64::from(revision.opened_on.0))
                        .push_bind(revision.recorded_at.0)
                        .push_bind(revision.recorded_by)
                        .push_bind(revision.task)
                        .push_bind(revision.subject_kind.name())
                        .push_bind(revision.content.risk)
                        .push_bind(revision.content.priority)
                        .push_bind(content)
                        .push_bind(digest);
                },
                ""
            )?;
        }
        Ok(())
    }

    /// Notes that everybody was assessed, and what therefore is not due any more: what was marked and due by then.
    pub async fn settle_assessment(&mut self, enablement: &str, done: &AssessedRecord) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO assessed (company, sequence, enablement, assessed_on, known_to, revisions, subjects, \
                 computed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(enablement)
            .bind(i64::from(done.assessed_on.0))
            .bind(done.known_to)
            .bind(written("assessed", &done.revisions)?)
            .bind(i64::from(done.subjects))
            .bind(done.computed_at.0)
        )?;
        writing!(
            self,
            execute,
            sqlx::query(
                "DELETE FROM assessment_due WHERE company = $1 AND enablement = $2 AND mark <= $3 AND due <= $4"
            )
            .bind(&self.company)
            .bind(enablement)
            .bind(done.known_to)
            .bind(i64::from(done.assessed_on.0))
        )?;
        Ok(())
    }

    /// Notes assistants that have to assess again, each from a day on and with the mark that says so.
    pub async fn add_assessments_due(&mut self, due: &BTreeMap<(String, Day), i64>) -> Result<(), StoreError> {
        let rows: Vec<(&(String, Day), &i64)> = due.iter().collect();
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            inserting!(
                self,
                "INSERT INTO assessment_due (company, enablement, due, mark) ",
                chunk,
                |values, ((enablement, due), mark)| {
                    values.push_bind(&self.company).push_bind(enablement).push_bind(i64::from(due.0)).push_bind(*mark);
                },
                " ON CONFLICT (company, enablement, due) DO UPDATE \
                 SET mark = CASE WHEN excluded.mark > assessment_due.mark THEN excluded.mark ELSE assessment_due.mark END"
            )?;
        }
        Ok(())
    }

    /// The open alerts of these subjects, as they are now that nobody else appends.
    pub async fn open_alerts_of(
        &mut self,
        enablement: &str,
        subjects: &BTreeSet<&str>,
    ) -> Result<Vec<StoredAlert>, StoreError> {
        let these = self.among("$3", ListOf::Texts);
        let text = format!(
            "SELECT {COLUMNS} FROM alert WHERE company = $1 AND enablement = $2 AND subject {these} \
             AND event <> 'closed' AND {NEWEST} ORDER BY sequence"
        );
        let rows: Vec<AlertRow> = writing!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(&self.company)
                .bind(enablement)
                .bind(written("alert", subjects)?)
        )?;
        rows.into_iter().map(alert_of).collect()
    }

    /// The newest revision of the alert, now that nobody else appends.
    pub async fn newest_alert(&mut self, alert: i64) -> Result<Option<StoredAlert>, StoreError> {
        let text =
            format!("SELECT {COLUMNS} FROM alert WHERE company = $1 AND alert = $2 ORDER BY sequence DESC LIMIT 1");
        let row: Option<AlertRow> = writing!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(&self.company).bind(alert)
        )?;
        row.map(alert_of).transpose()
    }

    /// The latest day of which the enablement has an assessment, finished or not, and the most that was known for that
    /// day.
    pub async fn latest_assessment(&mut self, enablement: &str) -> Result<Option<(Day, i64)>, StoreError> {
        let text = "SELECT assessed_on, known_to FROM (SELECT assessed_on, known_to FROM assessment WHERE company = $1 \
                    AND enablement = $2 UNION ALL SELECT assessed_on, known_to FROM assessed WHERE company = $1 \
                    AND enablement = $2) AS both_kinds ORDER BY assessed_on DESC, known_to DESC LIMIT 1";
        let row: Option<(i64, i64)> =
            writing!(self, fetch_optional, sqlx::query_as(text).bind(&self.company).bind(enablement))?;
        row.map(|(on, known_to)| Ok((day("assessment", enablement, on)?, known_to))).transpose()
    }
}

const COLUMNS: &str = "sequence, alert, enablement, subject, alert_key, event, batch, assessed_on, opened_on, \
                       recorded_at, recorded_by, task, subject_kind, risk, priority, content, digest";

/// The row is the newest of its alert.
const NEWEST: &str = "NOT EXISTS (SELECT 1 FROM alert AS later WHERE later.company = alert.company \
                      AND later.alert = alert.alert AND later.sequence > alert.sequence)";

impl Store {
    /// Alerts as they are now: the largest priority first, ties by subject, then by key and number.
    pub async fn alerts(&self, company: &str, query: &AlertQuery) -> Result<Vec<StoredAlert>, StoreError> {
        let open = if query.closed { "" } else { "AND event <> 'closed'" };
        let text = format!(
            "SELECT {COLUMNS} FROM alert WHERE company = $1 AND (CAST($2 AS TEXT) IS NULL OR enablement = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR subject = $3) AND (CAST($4 AS TEXT) IS NULL OR subject_kind = $4) \
             AND ($5 = 0 OR priority < $6 OR (priority = $6 AND (subject, alert_key, alert) > ($7, $8, $9))) \
             {open} AND {NEWEST} ORDER BY priority DESC, subject, alert_key, alert LIMIT $10"
        );
        let after = query.after.as_ref();
        let rows: Vec<AlertRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(&query.enablement)
                .bind(&query.subject)
                .bind(query.subject_kind.map(SubjectKind::name))
                .bind(i64::from(after.is_some()))
                .bind(after.map_or(0.0, |after| after.priority))
                .bind(after.map_or("", |after| after.subject.as_str()))
                .bind(after.map_or("", |after| after.key.as_str()))
                .bind(after.map_or(0, |after| after.alert))
                .bind(i64::from(query.most))
        )?;
        rows.into_iter().map(alert_of).collect()
    }

    /// The open alerts about these subjects of the kind: the largest priority first, ties by subject, then by number; at
    /// most `most`.
    pub async fn open_alerts_about(
        &self,
        company: &str,
        subject_kind: SubjectKind,
        subjects: &[&str],
        most: u32,
    ) -> Result<Vec<StoredAlert>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {} CROSS JOIN alert WHERE company = $1 AND subject = about.value \
             AND subject_kind = $2 AND event <> 'closed' AND {NEWEST} ORDER BY priority DESC, subject, alert LIMIT $4",
            self.texts("$3", "about")
        );
        let rows: Vec<AlertRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(subject_kind.name())
                .bind(written("alert", &subjects)?)
                .bind(i64::from(most))
        )?;
        rows.into_iter().map(alert_of).collect()
    }

    /// Every revision of the alert, in their order.
    pub async fn alert_revisions(&self, company: &str, alert: i64) -> Result<Vec<StoredAlert>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM alert WHERE company = $1 AND alert = $2 ORDER BY sequence");
        let rows: Vec<AlertRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(alert))?;
        rows.into_iter().map(alert_of).collect()
    }

    /// The subjects with an open alert, by enablement.
    pub async fn open_alert_subjects(&self, company: &str) -> Result<BTreeMap<String, BTreeSet<String>>, StoreError> {
        let text = format!(
            "SELECT DISTINCT enablement, subject FROM alert WHERE company = $1 AND event <> 'closed' AND {NEWEST}"
        );
        let rows: Vec<(String, String)> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company))?;
        let mut subjects: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (enablement, subject) in rows {
            subjects.entry(enablement).or_default().insert(subject);
        }
        Ok(subjects)
    }

    /// The assessments after this number, in their order; at most `most`.
    pub async fn assessments_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        Ok(reading!(
            self,
            fetch_all,
            sqlx::query_scalar(
                "SELECT batch FROM assessment WHERE company = $1 AND batch > $2 ORDER BY batch LIMIT $3"
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?)
    }

    /// The assessment with this number.
    pub async fn assessment(&self, company: &str, batch: i64) -> Result<Option<StoredAssessment>, StoreError> {
        let row: Option<AssessmentRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as("SELECT * FROM assessment WHERE company = $1 AND batch = $2").bind(company).bind(batch)
        )?;
        row.map(assessment_of).transpose()
    }

    /// The revisions of alerts that the assessment made, in their order.
    pub async fn alerts_of_assessment(&self, company: &str, batch: i64) -> Result<Vec<StoredAlert>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM alert WHERE company = $1 AND batch = $2 ORDER BY sequence");
        let rows: Vec<AlertRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(batch))?;
        rows.into_iter().map(alert_of).collect()
    }

    /// The latest assessment of everybody: that of the latest day and, of those, the one that knew most.
    pub async fn last_assessed(&self, company: &str, enablement: &str) -> Result<Option<AssessedRecord>, StoreError> {
        let row: Option<(i64, i64, String, i64, i64)> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(
                "SELECT assessed_on, known_to, revisions, subjects, computed_at FROM assessed WHERE company = $1 \
                 AND enablement = $2 ORDER BY assessed_on DESC, known_to DESC, sequence DESC LIMIT 1",
            )
            .bind(company)
            .bind(enablement)
        )?;
        row.map(|(assessed_on, known_to, revisions, subjects, computed_at)| {
            Ok(AssessedRecord {
                assessed_on: day("assessed", enablement, assessed_on)?,
                known_to,
                revisions: document("assessed", enablement, &revisions)?,
                subjects: u32::try_from(subjects).unwrap_or(u32::MAX),
                computed_at: Instant(computed_at),
            })
        })
        .transpose()
    }

    /// The enablements that have to assess again on the day.
    pub async fn assessments_due(&self, company: &str, on: Day) -> Result<BTreeSet<String>, StoreError> {
        let due: Vec<String> = reading!(
            self,
            fetch_all,
            sqlx::query_scalar("SELECT DISTINCT enablement FROM assessment_due WHERE company = $1 AND due <= $2")
                .bind(company)
                .bind(i64::from(on.0))
        )?;
        Ok(due.into_iter().collect())
    }
}

#[derive(sqlx::FromRow)]
struct AlertRow {
    sequence: i64,
    alert: i64,
    enablement: String,
    subject: String,
    alert_key: String,
    event: String,
    batch: Option<i64>,
    assessed_on: i64,
    opened_on: i64,
    recorded_at: i64,
    recorded_by: Option<String>,
    task: Option<String>,
    subject_kind: String,
    risk: f64,
    priority: f64,
    content: String,
    digest: String,
}

fn alert_of(row: AlertRow) -> Result<StoredAlert, StoreError> {
    let sequence = row.sequence;
    let content: Raised = document("alert", sequence, &row.content)?;
    let columns_agree = row.alert_key == content.key
        && row.risk.to_bits() == content.risk.to_bits()
        && row.priority.to_bits() == content.priority.to_bits();
    Ok(StoredAlert {
        sequence,
        alert: row.alert,
        enablement: row.enablement,
        subject_kind: word("alert", sequence, &row.subject_kind)?,
        subject: row.subject,
        event: word("alert", sequence, &row.event)?,
        batch: row.batch,
        assessed_on: day("alert", sequence, row.assessed_on)?,
        opened_on: day("alert", sequence, row.opened_on)?,
        recorded_at: Instant(row.recorded_at),
        recorded_by: row.recorded_by,
        task: row.task,
        content,
        digest: word("alert", sequence, &row.digest)?,
        columns_agree,
    })
}

#[derive(sqlx::FromRow)]
struct AssessmentRow {
    batch: i64,
    enablement: String,
    revision: i64,
    subject_kind: String,
    component: String,
    interface: String,
    adapter: String,
    requirements: String,
    assessed_on: i64,
    context: String,
    subjects: String,
    known_to: i64,
    fuel: i64,
    engine: String,
    computed_at: i64,
    revisions: i64,
}

fn assessment_of(row: AssessmentRow) -> Result<StoredAssessment, StoreError> {
    let batch = row.batch;
    Ok(StoredAssessment {
        batch,
        revisions: usize::try_from(row.revisions).map_err(|error| inconsistent("assessment", batch, error))?,
        receipt: AssessmentReceipt {
            enablement: row.enablement,
            revision: row.revision,
            subject_kind: word("assessment", batch, &row.subject_kind)?,
            component: word("assessment", batch, &row.component)?,
            interface: document("assessment", batch, &row.interface)?,
            adapter: row.adapter,
            requirements: word("assessment", batch, &row.requirements)?,
            assessed_on: day("assessment", batch, row.assessed_on)?,
            context: document("assessment", batch, &row.context)?,
            subjects: document("assessment", batch, &row.subjects)?,
            known_to: row.known_to,
            fuel: u64::try_from(row.fuel).map_err(|error| inconsistent("assessment", batch, error))?,
            engine: row.engine,
            computed_at: Instant(row.computed_at),
        },
    })
}
