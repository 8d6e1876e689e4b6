//! Indicators: from one subject's facts to a raw value, points, parts and evidence.

use crate::bindings::types::daybreak::common::types::{Fault, Requirements, Table};
use crate::facts::Batch;
use crate::plugin::planned;
use crate::points::{Graded, Points};
use crate::{Context, Facts, Localized, Needs, Plugin, bindings};

pub use crate::bindings::indicator::exports::daybreak::indicator::indicator::{
    Computed, Direction, Figure, Outcome, Part, Rules, Subject,
};

/// A plugin that scores.
pub trait Indicator: Plugin {
    /// Says what the plugin needs with these parameters, and keeps the handles of the columns. An error names what is
    /// wrong with the parameters.
    fn plan(parameters: Self::Parameters, needs: &mut Needs) -> Result<Self, String>;

    /// Scores one subject. The outcome may depend on nothing but the arguments: the host computes a subject alone, in a
    /// batch and again years later, and compares every bit.
    fn score(&self, context: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome;
}

impl Outcome {
    /// A raw value without points: there is no goal to measure it against yet.
    #[must_use]
    pub fn raw(raw: f64, sample: usize) -> Self {
        let sample = u32::try_from(sample).unwrap_or(u32::MAX);
        Self::Computed(Computed {
            raw,
            sample,
            points: None,
            parts: Vec::new(),
            figures: Vec::new(),
            evidence: Vec::new(),
        })
    }

    /// There is nothing to compute, or no way to measure it; the reason is shown to people.
    #[must_use]
    pub fn not_computable(reason: Localized) -> Self {
        Self::NotComputable(reason)
    }

    /// Adds points and the parts that they consist of. Without effect on what is not computable.
    #[must_use]
    pub fn with_points(mut self, points: &Points) -> Self {
        if let Self::Computed(computed) = &mut self {
            computed.points = Some(points.value());
            computed.parts = points.parts();
        }
        self
    }

    /// Adds points where there is a goal; a goal that nothing can be measured against makes the outcome not computable.
    #[must_use]
    pub fn graded(self, graded: Graded) -> Self {
        match graded {
            Graded::NoGoal => self,
            Graded::Points(points) => self.with_points(&points),
            Graded::Unusable(reason) => Self::NotComputable(reason),
        }
    }

    /// As [`graded`](Self::graded), with one part for each contribution to the raw value; see [`Points::split`].
    #[must_use]
    pub fn graded_by_contribution(
        mut self,
        graded: Graded,
        contributions: impl IntoIterator<Item = (Localized, f64)>,
    ) -> Self {
        if let (Graded::Points(points), Self::Computed(computed)) = (&graded, &mut self) {
            computed.points = Some(points.value());
            computed.parts = points.split(contributions);
            return self;
        }
        self.graded(graded)
    }

    /// Adds a figure that people see beside the score. The key is a name: lower-case letters, digits and dashes.
    #[must_use]
    pub fn with_figure(mut self, key: &str, label: Localized, value: f64, unit: &str) -> Self {
        if let Self::Computed(computed) = &mut self {
            computed.figures.push(Figure { key: key.to_owned(), label, value, unit: unit.to_owned() });
        }
        self
    }

    /// Adds rows that the score rests on, the most telling first.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl IntoIterator<Item = crate::Evidence>) -> Self {
        if let Self::Computed(computed) = &mut self {
            computed.evidence.extend(evidence);
        }
        self
    }
}

#[doc(hidden)]
pub fn requires<P: Indicator>(parameters_json: &str) -> Result<Requirements, Fault> {
    crate::logging::log_panics();
    planned::<P>(parameters_json, P::plan).map(|(_, needs)| needs.into_requirements())
}

#[doc(hidden)]
pub fn score<P: Indicator>(
    context: &bindings::types::daybreak::common::types::Context,
    rules: &Rules,
    subjects: &[Subject],
    tables: &[Table],
) -> Result<Vec<Outcome>, Fault> {
    crate::logging::log_panics();
    let (plugin, needs) = planned::<P>(&context.parameters_json, P::plan)?;
    let batch = Batch::new(&needs, tables).map_err(Fault::Internal)?;
    let context = Context::new(context);
    let scored = subjects.iter().enumerate();
    Ok(scored.map(|(index, subject)| plugin.score(&context, rules, subject, &batch.facts(index))).collect())
}
