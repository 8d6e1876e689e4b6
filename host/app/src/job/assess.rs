//! Assessment as a job: one assistant after the other.

use daybreak_domain::company::Company;
use daybreak_domain::job::Progress;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Named, Step, chain, short};
use crate::assess::{AssessOrder, Assessed};
use crate::error::ErrorKind;
use crate::{AppError, Daybreak};

#[derive(Default, Serialize, Deserialize)]
pub(super) struct AssessWork {
    /// Which assistants, once that is known.
    assistants: Option<Vec<String>>,
    next: usize,
    subjects: usize,
    opened: usize,
    updated: usize,
    closed: usize,
    faults: Named,
    errors: Named,
}

impl AssessWork {
    pub(super) async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        enablement: Option<&str>,
        on: Day,
    ) -> Result<Step, AppError> {
        let Some(assistants) = &self.assistants else {
            self.assistants = Some(match enablement {
                Some(id) => vec![id.to_owned()],
                None => host.assistants(company, on).await?.into_iter().collect(),
            });
            return Ok(Step::More);
        };
        let Some(next) = assistants.get(self.next).cloned() else { return Ok(Step::Ended) };
        match Box::pin(host.assess(company, &AssessOrder { enablement: next.clone(), on })).await {
            Ok(assessed) => self.add(&assessed),
            Err(error) if enablement.is_some() || error.kind() == ErrorKind::Busy => return Err(error),
            Err(error) => self.errors.push(json!({ "enablement": next, "problem": short(&chain(&error)) })),
        }
        self.next += 1;
        Ok(Step::More)
    }

    fn add(&mut self, assessed: &Assessed) {
        self.subjects += assessed.subjects;
        self.opened += assessed.opened;
        self.updated += assessed.updated;
        self.closed += assessed.closed;
        let enablement = &assessed.enablement;
        for (subject, fault) in &assessed.faults {
            self.faults.push(json!({ "enablement": enablement, "subject": subject, "problem": short(fault) }));
        }
        for (subject, kind, field, fact) in &assessed.defective {
            let problem = format!("{kind} fact number {fact} lacks the field {field:?}");
            self.faults.push(json!({ "enablement": enablement, "subject": subject, "problem": short(&problem) }));
        }
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { done: self.next as u64, total: self.assistants.as_ref().map_or(0, Vec::len) as u64 }
    }

    pub(super) fn result(&self) -> Value {
        json!({
            "assessed": self.subjects,
            "opened": self.opened,
            "updated": self.updated,
            "closed": self.closed,
            "failed": self.faults.items.len() as u64 + self.faults.more,
            "faults": self.faults.items,
            "errors": self.errors.items,
            "more_errors": self.errors.more,
        })
    }
}
