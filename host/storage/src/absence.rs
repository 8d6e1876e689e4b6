//! Days on which people were away. Never read by scoring.

use std::collections::BTreeMap;

use daybreak_domain::company::Absence;
use daybreak_domain::time::Day;

use crate::store::{Store, StoreError, Write, reading, validity, writing};

pub struct NewAbsence<'a> {
    pub id: &'a str,
    pub person: &'a str,
    pub from: Day,
    pub until: Option<Day>,
    pub kind: &'a str,
    pub reason: Option<&'a str>,
    pub withdrawn: bool,
}

impl Write {
    /// Appends the absence, or what is known of it from now on.
    pub async fn add_absence(&mut self, absence: &NewAbsence<'_>) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO absence (company, sequence, absence, person, valid_from, valid_until, kind, reason, \
                 withdrawn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(absence.id)
            .bind(absence.person)
            .bind(i64::from(absence.from.0))
            .bind(absence.until.map(|until| i64::from(until.0)))
            .bind(absence.kind)
            .bind(absence.reason)
            .bind(i64::from(absence.withdrawn))
        )?;
        Ok(())
    }
}

impl Store {
    /// All absences as known at the sequence, withdrawn ones among them, by id.
    pub async fn absences(&self, company: &str, known_to: i64) -> Result<BTreeMap<String, Absence>, StoreError> {
        type Row = (i64, String, String, i64, Option<i64>, String, Option<String>, i64);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, absence, person, valid_from, valid_until, kind, reason, withdrawn FROM absence \
                 WHERE company = $1 AND sequence <= $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(known_to)
        )?;
        rows.into_iter()
            .map(|(sequence, id, person, from, until, kind, reason, withdrawn)| {
                let validity = validity("absence", sequence, from, until)?;
                Ok((id.clone(), Absence { id, validity, person, kind, reason, withdrawn: withdrawn != 0 }))
            })
            .collect()
    }
}
