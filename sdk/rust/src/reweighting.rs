//! Reweighting: changes of shares that circumstances cause.

use crate::bindings::types::daybreak::common::types::{Fault, Requirements};
use crate::plugin::planned;
use crate::{Context, Localized, Needs, Plugin, bindings};

pub use crate::bindings::reweighting::exports::daybreak::reweighting::reweighting::{
    Change, Circumstance, Scorecard, Share, Target,
};

/// The whole of a scorecard, in millionths.
pub const WHOLE: u32 = 1_000_000;

/// A plugin that changes shares while a circumstance lasts.
pub trait Reweighting: Plugin {
    /// Says which kinds of circumstances the plugin reacts to ([`Needs::circumstance`]). An error names what is wrong
    /// with the parameters.
    fn plan(parameters: Self::Parameters, needs: &mut Needs) -> Result<Self, String>;

    /// The changes of one employee's scorecard for the month of the context. Only named targets are listed: the host
    /// scales the others, so that all shares total the whole again.
    fn adjust(&self, context: &Context<'_>, scorecard: &Scorecard) -> Vec<Change>;
}

impl Change {
    /// A new share, in millionths, for an indicator.
    #[must_use]
    pub fn of_indicator(indicator: &str, share: u32, because: &Circumstance, reason: Localized) -> Self {
        Self { target: Target::Indicator(indicator.to_owned()), share, because: because.id.clone(), reason }
    }

    /// A new share, in millionths, for all indicators of a dimension together.
    #[must_use]
    pub fn of_dimension(dimension: &str, share: u32, because: &Circumstance, reason: Localized) -> Self {
        Self { target: Target::Dimension(dimension.to_owned()), share, because: because.id.clone(), reason }
    }
}

#[doc(hidden)]
pub fn requires<P: Reweighting>(parameters_json: &str) -> Result<Requirements, Fault> {
    crate::logging::log_panics();
    planned::<P>(parameters_json, P::plan).map(|(_, needs)| needs.into_requirements())
}

#[doc(hidden)]
pub fn adjust<P: Reweighting>(
    context: &bindings::types::daybreak::common::types::Context,
    scorecards: &[Scorecard],
) -> Result<Vec<Vec<Change>>, Fault> {
    crate::logging::log_panics();
    let (plugin, _) = planned::<P>(&context.parameters_json, P::plan)?;
    let context = Context::new(context);
    Ok(scorecards.iter().map(|scorecard| plugin.adjust(&context, scorecard)).collect())
}
