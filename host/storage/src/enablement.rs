//! Enablements: reweighting, insight and assistant plugins in use. (An indicator's are its definition, parameters, pins
//! and permissions.)
//!
//! One row binds the component, its parameters and what it was granted, so that a receipt names one number for all
//! three. Append-only; see the migration for which row counts.

use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::{Interface, PluginKind};
use daybreak_domain::requirements::{Requirements, SubjectKind};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;

use crate::store::{Store, StoreError, Write, day, document, reading, word, writing, written};

pub struct NewEnablement<'a> {
    pub enablement: &'a str,
    /// None: for the whole company.
    pub department: Option<&'a str>,
    pub from: Day,
    pub title: &'a Localized,
    pub plugin: &'a str,
    pub component: &'a Digest,
    pub interface: &'a Interface,
    /// Whom an assistant watches; reweighting and insight are for employees.
    pub subject_kind: SubjectKind,
    pub parameters_json: &'a str,
    pub requirements: &'a Requirements,
    pub revoked: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Enablement {
    /// The revision: what a receipt names.
    pub sequence: i64,
    pub enablement: String,
    pub kind: PluginKind,
    pub department: Option<String>,
    pub from: Day,
    pub title: Localized,
    pub plugin: String,
    pub component: Digest,
    pub interface: Interface,
    pub subject_kind: SubjectKind,
    pub parameters_json: String,
    pub requirements: Requirements,
    pub revoked: bool,
}

impl Write {
    pub async fn add_enablement(&mut self, new: &NewEnablement<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO enablement (company, sequence, enablement, kind, department, valid_from, title, plugin, \
                 component, interface, subject_kind, parameters, requirements, revoked) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(new.enablement)
            .bind(new.interface.kind.name())
            .bind(new.department)
            .bind(i64::from(new.from.0))
            .bind(written("enablement", new.title)?)
            .bind(new.plugin)
            .bind(new.component.to_string())
            .bind(written("enablement", new.interface)?)
            .bind(new.subject_kind.name())
            .bind(new.parameters_json)
            .bind(written("enablement", new.requirements)?)
            .bind(i64::from(new.revoked))
        )?;
        Ok(sequence)
    }
}

const COLUMNS: &str = "sequence, enablement, kind, department, valid_from, title, plugin, component, interface, \
                       subject_kind, parameters, requirements, revoked";

#[derive(sqlx::FromRow)]
struct EnablementRow {
    sequence: i64,
    enablement: String,
    kind: String,
    department: Option<String>,
    valid_from: i64,
    title: String,
    plugin: String,
    component: String,
    interface: String,
    subject_kind: String,
    parameters: String,
    requirements: String,
    revoked: i64,
}

fn enablement_of(row: EnablementRow) -> Result<Enablement, StoreError> {
    let sequence = row.sequence;
    Ok(Enablement {
        sequence,
        enablement: row.enablement,
        kind: word("enablement", sequence, &row.kind)?,
        department: row.department,
        from: day("enablement", sequence, row.valid_from)?,
        title: document("enablement", sequence, &row.title)?,
        plugin: row.plugin,
        component: word("enablement", sequence, &row.component)?,
        interface: document("enablement", sequence, &row.interface)?,
        subject_kind: word("enablement", sequence, &row.subject_kind)?,
        parameters_json: row.parameters,
        requirements: document("enablement", sequence, &row.requirements)?,
        revoked: row.revoked != 0,
    })
}

impl Store {
    /// The enablements in force on the day, as known at the sequence, by id and then department (the company's first).
    pub async fn enablements(
        &self,
        company: &str,
        kind: PluginKind,
        on: Day,
        known_to: i64,
    ) -> Result<Vec<Enablement>, StoreError> {
        let rows: Vec<EnablementRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM enablement WHERE company = $1 AND kind = $2 AND valid_from <= $3 \
                 AND sequence <= $4 ORDER BY enablement, sequence DESC"
            )))
            .bind(company)
            .bind(kind.name())
            .bind(i64::from(on.0))
            .bind(known_to)
        )?;
        let mut enablements: Vec<Enablement> = Vec::new();
        for row in rows {
            let enablement = enablement_of(row)?;
            let same = |newer: &Enablement| {
                newer.enablement == enablement.enablement && newer.department == enablement.department
            };
            if !enablements.iter().any(same) {
                enablements.push(enablement);
            }
        }
        enablements.retain(|enablement| !enablement.revoked);
        enablements
            .sort_by(|left, right| (&left.enablement, &left.department).cmp(&(&right.enablement, &right.department)));
        Ok(enablements)
    }

    /// Every revision of every enablement, in the order in which they were made; at most `most`.
    pub async fn all_enablements(&self, company: &str, most: u32) -> Result<Vec<Enablement>, StoreError> {
        let rows: Vec<EnablementRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM enablement WHERE company = $1 ORDER BY sequence LIMIT $2"
            )))
            .bind(company)
            .bind(i64::from(most))
        )?;
        rows.into_iter().map(enablement_of).collect()
    }

    /// The enablement with this sequence.
    pub async fn enablement_revision(&self, company: &str, sequence: i64) -> Result<Option<Enablement>, StoreError> {
        let row: Option<EnablementRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM enablement WHERE company = $1 AND sequence = $2"
            )))
            .bind(company)
            .bind(sequence)
        )?;
        row.map(enablement_of).transpose()
    }
}
