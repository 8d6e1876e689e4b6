//! `daybreak:assistant@0.1`: risks that somebody should know of.

use daybreak_domain::assistant::{Alert, Batch, Suggestion, TaskDraft};
use daybreak_domain::requirements::Requirements;
use daybreak_domain::table::Table;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::common_0_1::{self as common, wit};
use super::{Answer, AssessInput, Assistant, Checked};
use crate::guest::Guest;
use crate::limits::Size;

wasmtime::component::bindgen!({
    path: ["../../wit/common", "../../wit/assistant"],
    inline: "
        package daybreak:engine-assistant;
        world calls { export daybreak:assistant/assistant@0.1.0; }
    ",
    with: { "daybreak:common/types@0.1.0": super::common_0_1::daybreak::common::types },
});

use exports::daybreak::assistant::assistant as guest;

pub(super) struct AssistantV0_1(CallsIndices);

impl AssistantV0_1 {
    pub(super) fn new(component: &InstancePre<Guest>) -> wasmtime::Result<Self> {
        CallsIndices::new(component).map(Self)
    }
}

impl Assistant for AssistantV0_1 {
    fn name(&self) -> &'static str {
        "assistant-0.1"
    }

    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()> {
        self.0.load(store, instance).map(drop)
    }

    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>> {
        let calls = self.0.load(&mut *store, instance)?;
        let answer = calls.daybreak_assistant_assistant().call_requires(store, parameters_json)?;
        Ok(answer.map(common::requirements).map_err(common::fault))
    }

    fn prepare(&self, batch: Batch) -> Box<dyn AssessInput> {
        let subjects = batch.subjects.into_iter();
        Box::new(Input {
            calls: self.0.clone(),
            context: common::context(batch.context),
            subjects: subjects.map(|subject| guest::Subject { id: subject.id, tags: subject.tags }).collect(),
            tables: batch.tables.into_iter().map(common::table).collect(),
        })
    }
}

/// A batch in the records of this version.
struct Input {
    calls: CallsIndices,
    context: wit::Context,
    subjects: Vec<guest::Subject>,
    tables: Vec<wit::Table>,
}

impl AssessInput for Input {
    fn size(&self) -> Size {
        let subject_bytes = |subject: &guest::Subject| {
            subject.id.len() + 64 + subject.tags.iter().map(|tag| tag.len() + 16).sum::<usize>()
        };
        Size {
            subjects: self.subjects.len(),
            rows: self.tables.iter().map(|table| table.occurred_at.len()).sum(),
            bytes: self.subjects.iter().map(subject_bytes).sum::<usize>()
                + self.context.parameters_json.len()
                + self.tables.iter().map(common::table_bytes).sum::<usize>(),
        }
    }

    fn assess(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<Answer<Checked<Vec<Alert>>>> {
        let calls = self.calls.load(&mut *store, instance)?;
        let answer =
            calls.daybreak_assistant_assistant().call_assess(store, &self.context, &self.subjects, &self.tables)?;
        let alerts =
            |alerts: Vec<guest::Alert>| alerts.into_iter().map(|alert| self.alert(alert)).collect::<Checked<_>>();
        Ok(answer.map(alerts).map_err(common::fault))
    }

    fn into_tables(self: Box<Self>) -> Vec<Table> {
        self.tables.into_iter().map(common::domain_table).collect()
    }
}

impl Input {
    fn alert(&self, alert: guest::Alert) -> Checked<Alert> {
        let subject = alert.subject as usize;
        let what = |what: &'static str| move || format!("{what} of an alert for subject {subject}");
        let suggestion = |suggestion: guest::Suggestion| {
            Ok(Suggestion {
                heading: common::localized(what("the heading of a suggestion"), suggestion.heading)?,
                text: common::localized(what("the text of a suggestion"), suggestion.text)?,
                evidence: common::evidence(suggestion.evidence, &self.tables, subject)?,
                people: suggestion.people,
            })
        };
        let plan = |plan: guest::TaskDraft| {
            Ok::<_, String>(TaskDraft {
                title: common::localized(what("the plan's title"), plan.title)?,
                due_days: plan.due_days,
                counts_in: plan.counts_in,
            })
        };
        Ok(Alert {
            subject: alert.subject,
            risk: alert.risk,
            priority: alert.priority,
            key: alert.key,
            sentence: common::localized(what("the sentence"), alert.sentence)?,
            evidence: common::evidence(alert.evidence, &self.tables, subject)?,
            suggestions: alert.suggestions.into_iter().map(suggestion).collect::<Checked<_>>()?,
            plan: alert.plan.map(plan).transpose()?,
        })
    }
}
