//! `daybreak:indicator@0.1`: scores.

use std::ops::Range;

use daybreak_domain::indicator::{Batch, Computed, Direction, Figure, Outcome, Part};
use daybreak_domain::requirements::Requirements;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::common_0_1::{self as common, wit};
use super::{Answer, Checked, Indicator, ScoreInput};
use crate::guest::Guest;
use crate::limits::Size;

wasmtime::component::bindgen!({
    path: ["../../wit/common", "../../wit/indicator"],
    inline: "
        package daybreak:engine-indicator;
        world calls { export daybreak:indicator/indicator@0.1.0; }
    ",
    with: { "daybreak:common/types@0.1.0": super::common_0_1::daybreak::common::types },
});

use exports::daybreak::indicator::indicator as guest;

pub(super) struct IndicatorV0_1(CallsIndices);

impl IndicatorV0_1 {
    pub(super) fn new(component: &InstancePre<Guest>) -> wasmtime::Result<Self> {
        CallsIndices::new(component).map(Self)
    }
}

impl Indicator for IndicatorV0_1 {
    fn name(&self) -> &'static str {
        "indicator-0.1"
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
        let answer = calls.daybreak_indicator_indicator().call_requires(store, parameters_json)?;
        Ok(answer.map(common::requirements).map_err(common::fault))
    }

    fn prepare(&self, batch: Batch) -> Box<dyn ScoreInput> {
        let direction = match batch.rules.direction {
            Direction::HigherIsBetter => guest::Direction::HigherIsBetter,
            Direction::LowerIsBetter => guest::Direction::LowerIsBetter,
        };
        let subjects = batch.subjects.into_iter().map(|subject| guest::Subject {
            id: subject.id,
            baseline: subject.goal.baseline,
            target: subject.goal.target,
            stretch: subject.goal.stretch,
        });
        Box::new(Input {
            calls: self.0.clone(),
            context: common::context(batch.context),
            rules: guest::Rules { direction, unit: batch.rules.unit, ceiling: batch.rules.ceiling },
            subjects: subjects.collect(),
            tables: batch.tables.into_iter().map(common::table).collect(),
        })
    }
}

/// A batch in the records of this version.
struct Input {
    calls: CallsIndices,
    context: wit::Context,
    rules: guest::Rules,
    subjects: Vec<guest::Subject>,
    tables: Vec<wit::Table>,
}

impl ScoreInput for Input {
    fn size(&self) -> Size {
        let subjects_bytes: usize = self.subjects.iter().map(|subject| subject.id.len() + 64).sum();
        Size {
            subjects: self.subjects.len(),
            rows: self.tables.iter().map(|table| table.occurred_at.len()).sum(),
            bytes: subjects_bytes
                + self.context.parameters_json.len()
                + self.tables.iter().map(common::table_bytes).sum::<usize>(),
        }
    }

    fn rows_of(&self, subject: usize) -> Vec<usize> {
        self.tables.iter().map(|table| common::rows_of(table, subject)).collect()
    }

    fn slice(&self, subjects: Range<usize>) -> Box<dyn ScoreInput> {
        let tables = self.tables.iter().map(|table| common::slice(table, &subjects, self.subjects.len()));
        Box::new(Self {
            calls: self.calls.clone(),
            context: self.context.clone(),
            rules: self.rules.clone(),
            tables: tables.collect(),
            subjects: self.subjects[subjects].to_vec(),
        })
    }

    fn score(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<Answer<Vec<Checked<Outcome>>>> {
        let calls = self.calls.load(&mut *store, instance)?;
        let answer = calls.daybreak_indicator_indicator().call_score(
            store,
            &self.context,
            &self.rules,
            &self.subjects,
            &self.tables,
        )?;
        let outcomes = |outcomes: Vec<guest::Outcome>| {
            let outcomes = outcomes.into_iter().enumerate();
            outcomes.map(|(subject, outcome)| self.outcome(subject, outcome)).collect()
        };
        Ok(answer.map(outcomes).map_err(common::fault))
    }
}

impl Input {
    fn outcome(&self, subject: usize, outcome: guest::Outcome) -> Checked<Outcome> {
        let computed = match outcome {
            guest::Outcome::NotComputable(reason) => {
                let reason = common::localized(|| "the reason why it is not computable".into(), reason)?;
                return Ok(Outcome::NotComputable { reason });
            }
            guest::Outcome::Computed(computed) => computed,
        };
        let part = |(index, part): (usize, guest::Part)| {
            let label = common::localized(|| format!("the label of part {index}"), part.label)?;
            Ok(Part { label, points: part.points })
        };
        let figure = |(index, figure): (usize, guest::Figure)| {
            let label = common::localized(|| format!("the label of figure {index}"), figure.label)?;
            Ok(Figure { key: figure.key, label, value: figure.value, unit: figure.unit })
        };
        Ok(Outcome::Computed(Computed {
            raw: computed.raw,
            sample: computed.sample,
            points: computed.points,
            parts: computed.parts.into_iter().enumerate().map(part).collect::<Checked<_>>()?,
            figures: computed.figures.into_iter().enumerate().map(figure).collect::<Checked<_>>()?,
            evidence: common::evidence(computed.evidence, &self.tables, subject)?,
        }))
    }
}
