//! Reweighting: changes of shares that circumstances cause.

use serde::{Deserialize, Serialize};

use crate::table::Context;
use crate::text::Localized;
use crate::time::Span;

/// Shares are integer millionths; those of a scorecard total exactly this.
pub const WHOLE: u32 = 1_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub indicator: String,
    pub dimension: String,
    /// Millionths.
    pub share: u32,
    pub locked: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circumstance {
    pub id: String,
    pub kind: String,
    pub during: Span,
    pub measures: Vec<(String, f64)>,
}

/// One employee's signed shares, before any adjustment, and what happened around them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    pub employee: String,
    pub shares: Vec<Share>,
    pub circumstances: Vec<Circumstance>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Indicator(String),
    Dimension(String),
}

/// Holds for the whole calendar month of the context's period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub target: Target,
    /// Millionths.
    pub share: u32,
    /// The id of the circumstance that causes it.
    pub because: String,
    pub reason: Localized,
}

/// Everything one call of a reweighting plugin gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub context: Context,
    pub scorecards: Vec<Scorecard>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("{0} changes: at most one for each share and dimension")]
    TooMany(usize),
    #[error("a share of {0} millionths: at most {WHOLE}")]
    ShareTooLarge(u32),
    #[error("the scorecard has no {0:?}")]
    UnknownTarget(Target),
    #[error("{0:?} is changed twice")]
    TargetTwice(Target),
    #[error("the circumstance {0:?} was not given for this scorecard")]
    UnknownCircumstance(String),
}

/// Checks one scorecard's changes.
pub fn check(changes: &[Change], scorecard: &Scorecard) -> Result<(), ChangeError> {
    if changes.len() > scorecard.shares.len() * 2 {
        return Err(ChangeError::TooMany(changes.len()));
    }
    for (index, change) in changes.iter().enumerate() {
        if change.share > WHOLE {
            return Err(ChangeError::ShareTooLarge(change.share));
        }
        let known = scorecard.shares.iter().any(|share| match &change.target {
            Target::Indicator(indicator) => share.indicator == *indicator,
            Target::Dimension(dimension) => share.dimension == *dimension,
        });
        if !known {
            return Err(ChangeError::UnknownTarget(change.target.clone()));
        }
        if changes[..index].iter().any(|earlier| earlier.target == change.target) {
            return Err(ChangeError::TargetTwice(change.target.clone()));
        }
        if !scorecard.circumstances.iter().any(|circumstance| circumstance.id == change.because) {
            return Err(ChangeError::UnknownCircumstance(change.because.clone()));
        }
    }
    Ok(())
}
