//! Assistants: risks that somebody should know of, with what to do about them.

use crate::bindings::assistant::exports::daybreak::assistant::assistant as wire;
use crate::bindings::types::daybreak::common::types::{Fault, Requirements, Table};
use crate::facts::Batch;
use crate::plugin::planned;
use crate::{Context, Evidence, Facts, Localized, Needs, Plugin, bindings};

pub use crate::bindings::assistant::exports::daybreak::assistant::assistant::{Subject, Suggestion, TaskDraft};

/// A plugin that watches subjects and raises alerts.
pub trait Assistant: Plugin {
    /// Says what the plugin needs with these parameters, and keeps the handles of the columns. An error names what is
    /// wrong with the parameters.
    ///
    /// The host makes a plugin anew for each batch, with one context. What is the same for all subjects of a batch, such as
    /// a count over rows of the scope company, may therefore be remembered in a [`OnceCell`](std::cell::OnceCell).
    fn plan(parameters: Self::Parameters, needs: &mut Needs) -> Result<Self, String>;

    /// The alerts for one subject. An open alert whose key does not come again is closed.
    fn assess(&self, context: &Context<'_>, subject: &Subject, facts: &Facts<'_>) -> Vec<Alert>;
}

/// A risk that somebody should know of.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// 0 to 1: colour and threshold.
    pub risk: f64,
    /// Alerts are listed largest first.
    pub priority: f64,
    /// Unique for the subject: lower-case letters, digits and dashes.
    pub key: String,
    pub sentence: Localized,
    pub evidence: Vec<Evidence>,
    pub suggestions: Vec<Suggestion>,
    pub plan: Option<TaskDraft>,
}

impl Alert {
    /// An alert whose priority is its risk.
    #[must_use]
    pub fn new(key: &str, risk: f64, sentence: Localized) -> Self {
        let key = key.to_owned();
        Self { risk, priority: risk, key, sentence, evidence: Vec::new(), suggestions: Vec::new(), plan: None }
    }
}

#[doc(hidden)]
pub fn requires<P: Assistant>(parameters_json: &str) -> Result<Requirements, Fault> {
    crate::logging::log_panics();
    planned::<P>(parameters_json, P::plan).map(|(_, needs)| needs.into_requirements())
}

#[doc(hidden)]
pub fn assess<P: Assistant>(
    context: &bindings::types::daybreak::common::types::Context,
    subjects: &[Subject],
    tables: &[Table],
) -> Result<Vec<wire::Alert>, Fault> {
    crate::logging::log_panics();
    let (plugin, needs) = planned::<P>(&context.parameters_json, P::plan)?;
    let batch = Batch::new(&needs, tables).map_err(Fault::Internal)?;
    let context = Context::new(context);
    let mut alerts = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        for alert in plugin.assess(&context, subject, &batch.facts(index)) {
            let Alert { risk, priority, key, sentence, evidence, suggestions, plan } = alert;
            let subject = index as u32;
            alerts.push(wire::Alert { subject, risk, priority, key, sentence, evidence, suggestions, plan });
        }
    }
    Ok(alerts)
}
