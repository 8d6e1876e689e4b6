//! Circumstances that a person records, such as a manager's urgent delivery. Those of crises come and go with their
//! tasks; absences are recorded as absences.

use std::collections::BTreeMap;

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::circumstance::{ABSENCE, CRISIS, Cause, Circumstance, CircumstanceError, Participant};
use daybreak_domain::company::Company;
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;
use daybreak_storage::{CircumstanceQuery, Recorded, StoredCircumstance, Write};
use serde_json::{Value, json};

use crate::audit::on_days;
use crate::organise::check_id;
use crate::task::CRISIS_PREFIX;
use crate::{AppError, Daybreak};

/// The circumstance that an absence is has this before the absence's id.
pub(crate) const ABSENCE_PREFIX: &str = "absence.";

/// A circumstance as a manager wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct CircumstanceEntry {
    /// Without one the circumstance gets a new id. With one, saying the same twice makes one circumstance.
    pub id: Option<String>,
    pub kind: String,
    pub from: Day,
    /// The day from which it no longer holds.
    pub until: Option<Day>,
    pub participants: Vec<Participant>,
    pub measures: BTreeMap<String, f64>,
    pub reason: String,
}

/// What is to be different about a circumstance.
#[derive(Clone, Debug, PartialEq)]
pub enum CircumstanceChange {
    /// From this day on it no longer holds.
    End(Day),
    /// It was recorded by mistake and never held.
    Withdraw,
    /// These take part, too, or on other days than was said.
    Join(Vec<Participant>),
}

/// A circumstance after somebody said something about it.
#[derive(Clone, Debug, PartialEq)]
pub struct CircumstanceRecorded {
    pub circumstance: Circumstance,
    /// False: it was so already, and nothing happened.
    pub is_news: bool,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CircumstanceRefused {
    #[error(transparent)]
    Invalid(#[from] CircumstanceError),
    #[error(
        "a crisis comes from a crisis task: begin that (`daybreak task crisis`, or `daybreak task add --kind {CRISIS}`)"
    )]
    CrisisByHand,
    #[error("absences are recorded as absences of people, not as circumstances: choose another kind")]
    AbsenceByHand,
    #[error("{0:?} belongs to a crisis task, with which it begins and ends: look at it (`daybreak task show {task}`)", task = .0.trim_start_matches(CRISIS_PREFIX))]
    OfTask(String),
    #[error("ids that begin with {ABSENCE_PREFIX:?} belong to absences: choose another --id")]
    OfAbsence,
    #[error(
        "there is a circumstance {0:?} already, and it says something else: end it, add people to it, or give the new one \
         another id"
    )]
    Exists(String),
    #[error("{0:?} was withdrawn: record it again under another id")]
    Withdrawn(String),
}

impl Daybreak {
    /// Records a circumstance that the person `by` causes.
    pub async fn add_circumstance(
        &self,
        company: &Company,
        entry: &CircumstanceEntry,
        by: &str,
    ) -> Result<CircumstanceRecorded, AppError> {
        match entry.kind.as_str() {
            CRISIS => return Err(CircumstanceRefused::CrisisByHand.into()),
            ABSENCE => return Err(CircumstanceRefused::AbsenceByHand.into()),
            _ => {}
        }
        let id = entry.id.clone().unwrap_or_else(|| self.ids.new_id("circumstance"));
        check_id("the circumstance", &id)?;
        if id.starts_with(CRISIS_PREFIX) {
            return Err(CircumstanceRefused::OfTask(id).into());
        }
        if id.starts_with(ABSENCE_PREFIX) {
            return Err(CircumstanceRefused::OfAbsence.into());
        }
        let mut participants = entry.participants.clone();
        participants.sort_by(|left, right| left.person.cmp(&right.person));
        let circumstance = Circumstance {
            id,
            kind: entry.kind.clone(),
            from: entry.from,
            until: entry.until,
            participants,
            measures: entry.measures.clone(),
            cause: Cause::Person(by.to_owned()),
            reason: entry.reason.trim().to_owned(),
            withdrawn: false,
        };
        circumstance.check().map_err(CircumstanceRefused::from)?;
        let mut write = self.store.write(&company.id).await?;
        if let Some(known) = write.newest_circumstance(&circumstance.id).await? {
            if known.circumstance != circumstance {
                return Err(CircumstanceRefused::Exists(circumstance.id).into());
            }
            return Ok(CircumstanceRecorded { circumstance, is_news: false });
        }
        let entry = AuditEntry::new("circumstance.add", &circumstance.id).after(told(&circumstance));
        self.record_circumstance(company, write, circumstance, entry, by).await
    }

    /// Ends, withdraws or extends a circumstance that a person recorded.
    pub async fn change_circumstance(
        &self,
        company: &Company,
        id: &str,
        change: &CircumstanceChange,
        by: &str,
    ) -> Result<CircumstanceRecorded, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let unknown = || AppError::Unknown { what: "circumstance", id: id.chars().take(80).collect() };
        let before = write.newest_circumstance(id).await?.ok_or_else(unknown)?.circumstance;
        if matches!(before.cause, Cause::Task(_)) {
            return Err(CircumstanceRefused::OfTask(before.id).into());
        }
        let mut after = before.clone();
        match change {
            CircumstanceChange::Withdraw => after.withdrawn = true,
            _ if before.withdrawn => return Err(CircumstanceRefused::Withdrawn(before.id).into()),
            CircumstanceChange::End(until) => after.until = Some(*until),
            CircumstanceChange::Join(joining) => {
                after.participants.retain(|known| joining.iter().all(|new| new.person != known.person));
                after.participants.extend(joining.iter().cloned());
                after.participants.sort_by(|left, right| left.person.cmp(&right.person));
            }
        }
        after.check().map_err(CircumstanceRefused::from)?;
        if after == before {
            return Ok(CircumstanceRecorded { circumstance: after, is_news: false });
        }
        let action = match change {
            CircumstanceChange::End(_) => "circumstance.end",
            CircumstanceChange::Withdraw => "circumstance.withdraw",
            CircumstanceChange::Join(_) => "circumstance.join",
        };
        let entry = AuditEntry::new(action, &after.id).before(told(&before)).after(told(&after));
        self.record_circumstance(company, write, after, entry, by).await
    }

    /// The circumstances that hold on some day of the period, as known at the sequence.
    pub async fn circumstances(
        &self,
        company: &Company,
        during: Period,
        known_to: i64,
    ) -> Result<Vec<StoredCircumstance>, AppError> {
        Ok(self.store.circumstances(&company.id, during, known_to).await?)
    }

    /// The newest circumstances, withdrawn ones too.
    pub async fn newest_circumstances(
        &self,
        company: &Company,
        most: u32,
    ) -> Result<Vec<StoredCircumstance>, AppError> {
        Ok(self.store.newest_circumstances(&company.id, most).await?)
    }

    /// Circumstances as they are now, those that began last first.
    pub async fn circumstances_matching(
        &self,
        company: &Company,
        query: &CircumstanceQuery,
    ) -> Result<Vec<StoredCircumstance>, AppError> {
        Ok(self.store.circumstances_matching(&company.id, query).await?)
    }

    /// The circumstance as it is now, whether or not it was withdrawn.
    pub async fn circumstance(&self, company: &Company, id: &str) -> Result<StoredCircumstance, AppError> {
        let found = self.store.circumstance(&company.id, id, i64::MAX).await?;
        found.ok_or_else(|| AppError::Unknown { what: "circumstance", id: id.chars().take(80).collect() })
    }

    async fn record_circumstance(
        &self,
        company: &Company,
        mut write: Write,
        circumstance: Circumstance,
        entry: AuditEntry,
        by: &str,
    ) -> Result<CircumstanceRecorded, AppError> {
        let people = self.store.people(&company.id).await?;
        let named = circumstance.participants.iter().map(|participant| participant.person.as_str()).chain([by]);
        if let Some(unknown) = named.into_iter().find(|person| !people.contains_key(*person)) {
            return Err(AppError::Unknown { what: "person", id: unknown.to_owned() });
        }
        write.add_circumstance(&circumstance, Recorded { at: self.clock.now(), by }).await?;
        self.note(&mut write, &[entry]).await?;
        write.commit().await?;
        Ok(CircumstanceRecorded { circumstance, is_news: true })
    }
}

/// As the audit tells of it; the reason stands in the circumstance itself.
fn told(circumstance: &Circumstance) -> Value {
    let participants = circumstance.participants.iter();
    let participants = participants
        .map(|participant| on_days(participant.from, participant.until, json!({ "person": participant.person })));
    let object = json!({
        "kind": circumstance.kind,
        "participants": participants.collect::<Vec<Value>>(),
        "measures": circumstance.measures,
        "withdrawn": circumstance.withdrawn,
    });
    on_days(circumstance.from, circumstance.until, object)
}
