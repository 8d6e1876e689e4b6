//! Insights: one sentence for a chart.

use crate::bindings::types::daybreak::common::types::{Fault, Requirements};
use crate::plugin::planned;
use crate::{Context, Localized, Needs, Plugin, bindings};

pub use crate::bindings::insight::exports::daybreak::insight::insight::{Chart, Point, Ranked, Sentence, Series, Tone};

/// A plugin that says in one sentence what a chart shows.
pub trait Insight: Plugin {
    /// Takes the parameters. An insight reads no facts, only charts; an error names what is wrong with the parameters.
    fn plan(parameters: Self::Parameters, needs: &mut Needs) -> Result<Self, String>;

    /// The sentence for one chart, or none where there is nothing worth saying.
    fn narrate(&self, context: &Context<'_>, chart: &Chart) -> Option<Sentence>;
}

impl Sentence {
    /// A sentence that the rule `rule` speaks: its name is shown to whoever tunes the wording.
    #[must_use]
    pub fn new(rule: &str, tone: Tone, text: Localized) -> Self {
        Self { text, next_step: None, tone, rule: rule.to_owned(), items: Vec::new() }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_next_step(mut self, next_step: Localized) -> Self {
        self.next_step = Some(next_step);
        self
    }

    /// Names the chart's items that the sentence speaks of, so that they can be shown beside it.
    #[must_use]
    pub fn with_items(mut self, items: impl IntoIterator<Item = u32>) -> Self {
        self.items.extend(items);
        self
    }
}

#[doc(hidden)]
pub fn requires<P: Insight>(parameters_json: &str) -> Result<Requirements, Fault> {
    crate::logging::log_panics();
    planned::<P>(parameters_json, P::plan).map(|(_, needs)| needs.into_requirements())
}

#[doc(hidden)]
pub fn narrate<P: Insight>(
    context: &bindings::types::daybreak::common::types::Context,
    charts: &[Chart],
) -> Result<Vec<Option<Sentence>>, Fault> {
    crate::logging::log_panics();
    let (plugin, _) = planned::<P>(&context.parameters_json, P::plan)?;
    let context = Context::new(context);
    Ok(charts.iter().map(|chart| plugin.narrate(&context, chart)).collect())
}
