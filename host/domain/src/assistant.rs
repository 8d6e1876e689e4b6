//! Assistants: risks that somebody should know of, with what to do about them.

use serde::{Deserialize, Serialize};

use crate::table::{Context, Evidence, Table};
use crate::text::Localized;

pub const ALERTS_MAX_PER_SUBJECT: usize = 8;
pub const SUGGESTIONS_MAX: usize = 8;
pub const PEOPLE_MAX: usize = 32;
pub const EVIDENCE_MAX: usize = 200;
pub const DUE_DAYS_MAX: u32 = 366;
pub const TAGS_MAX: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub id: String,
    pub tags: Vec<String>,
}

/// Everything one call of an assistant gets. `tables[i]` answers the i-th need.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub context: Context,
    pub subjects: Vec<Subject>,
    pub tables: Vec<Table>,
}

impl Batch {
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.iter().map(Table::rows).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub heading: Localized,
    pub text: Localized,
    pub evidence: Vec<Evidence>,
    /// Employee ids that stood in a column; the host shows their names.
    pub people: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskDraft {
    pub title: Localized,
    pub due_days: u32,
    /// The indicator that the task's completion counts in.
    pub counts_in: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Index into the batch's subjects.
    pub subject: u32,
    /// 0 to 1: colour and threshold.
    pub risk: f64,
    /// Any finite number: alerts are listed largest first, ties by subject id.
    pub priority: f64,
    /// Unique per subject.
    pub key: String,
    pub sentence: Localized,
    pub evidence: Vec<Evidence>,
    pub suggestions: Vec<Suggestion>,
    pub plan: Option<TaskDraft>,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AlertError {
    #[error("subject {subject} of a batch with {subjects} subjects")]
    SubjectOutOfRange { subject: u32, subjects: usize },
    #[error("a risk of {0}: between 0 and 1")]
    RiskOutOfRange(f64),
    #[error("a priority of {0}, which is no finite number")]
    PriorityNotFinite(f64),
    #[error("the key {0:?} is no name")]
    BadKey(String),
    #[error("the key {key} stands twice for subject {subject}")]
    KeyTwice { subject: u32, key: String },
    #[error("{count} {what}: at most {most}")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("evidence {table}/{row} lies outside the rows given for the subject")]
    EvidenceOutOfRange { table: u32, row: u32 },
    #[error("the person {0:?} stood in no column of text")]
    UnknownPerson(String),
    #[error("a task due in {0} days: at most {DUE_DAYS_MAX}")]
    DueTooLate(u32),
}

/// Checks all alerts of one call. Evidence is counted from the first row that the alert's subject was given.
pub fn check(alerts: &[Alert], batch_subjects: usize, tables: &[Table]) -> Result<(), AlertError> {
    let at_most = |what, count, most| {
        if count > most { Err(AlertError::TooMany { what, count, most }) } else { Ok(()) }
    };
    let mut keys = std::collections::BTreeSet::new();
    let mut alerts_of = vec![0_usize; batch_subjects];
    for alert in alerts {
        let subject = alert.subject as usize;
        let Some(count) = alerts_of.get_mut(subject) else {
            return Err(AlertError::SubjectOutOfRange { subject: alert.subject, subjects: batch_subjects });
        };
        *count += 1;
        at_most("alerts for one subject", *count, ALERTS_MAX_PER_SUBJECT)?;
        if !(0.0..=1.0).contains(&alert.risk) {
            return Err(AlertError::RiskOutOfRange(alert.risk));
        }
        if !alert.priority.is_finite() {
            return Err(AlertError::PriorityNotFinite(alert.priority));
        }
        if !crate::fact::is_name(&alert.key) {
            return Err(AlertError::BadKey(alert.key.chars().take(80).collect()));
        }
        if !keys.insert((alert.subject, alert.key.as_str())) {
            return Err(AlertError::KeyTwice { subject: alert.subject, key: alert.key.clone() });
        }
        at_most("suggestions", alert.suggestions.len(), SUGGESTIONS_MAX)?;
        let lists = alert.suggestions.iter().map(|suggestion| &suggestion.evidence).chain([&alert.evidence]);
        for evidence in lists {
            at_most("rows of evidence", evidence.len(), EVIDENCE_MAX)?;
            for &Evidence { table, row } in evidence {
                let rows = tables.get(table as usize).map_or(0, |table| table.rows_of(subject).len());
                if row as usize >= rows {
                    return Err(AlertError::EvidenceOutOfRange { table, row });
                }
            }
        }
        for suggestion in &alert.suggestions {
            at_most("people", suggestion.people.len(), PEOPLE_MAX)?;
            for person in &suggestion.people {
                if !tables.iter().any(|table| table.has_text(person)) {
                    return Err(AlertError::UnknownPerson(person.chars().take(80).collect()));
                }
            }
        }
        if let Some(plan) = alert.plan.as_ref().filter(|plan| plan.due_days > DUE_DAYS_MAX) {
            return Err(AlertError::DueTooLate(plan.due_days));
        }
    }
    Ok(())
}
