//! Reweighting: changes of shares that circumstances cause.

use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::period::Period;
use crate::plugin::{Fault, Interface};
use crate::table::Context;
use crate::text::Localized;
use crate::time::{Instant, Span};

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

/// Everything that one call of a reweighting plugin rests on, so that anybody can make it again.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyReceipt {
    /// The id under which the plugin is enabled, and the sequence of the row that says so.
    pub policy: String,
    pub enablement: i64,
    pub period: Period,
    pub component: Digest,
    pub interface: Interface,
    /// The host's code that spoke the interface's version.
    pub adapter: String,
    pub context: Context,
    /// The sequences of the circumstances' revisions that were handed over, ascending.
    pub circumstances: Vec<i64>,
    /// All that was known: rows with a sequence up to this one.
    pub known_to: i64,
    pub fuel: u64,
    pub engine: String,
    /// See [`input_digest`] and [`changes_digest`].
    pub input: Digest,
    pub changes: Digest,
    /// The plugin failed, and so changed nothing.
    pub fault: Option<Fault>,
    pub computed_at: Instant,
}

/// Over every bit of what the plugin was given beside the context.
#[must_use]
pub fn input_digest(scorecards: &[Scorecard]) -> Digest {
    let mut canonical = Canonical::new("daybreak reweighting input 1");
    canonical.count(scorecards.len());
    for scorecard in scorecards {
        canonical.text(&scorecard.employee);
        canonical.count(scorecard.shares.len());
        for share in &scorecard.shares {
            canonical.text(&share.indicator);
            canonical.text(&share.dimension);
            canonical.integer(i64::from(share.share));
            canonical.truth(share.locked);
        }
        canonical.count(scorecard.circumstances.len());
        for circumstance in &scorecard.circumstances {
            canonical.text(&circumstance.id);
            canonical.text(&circumstance.kind);
            canonical.integer(circumstance.during.start.0);
            canonical.integer(circumstance.during.end.0);
            canonical.count(circumstance.measures.len());
            for (name, value) in &circumstance.measures {
                canonical.text(name);
                canonical.number(*value);
            }
        }
    }
    canonical.finish()
}

/// Over every word of what the plugin answered, employee by employee.
#[must_use]
pub fn changes_digest<'a>(answers: impl ExactSizeIterator<Item = (&'a str, &'a [Change])>) -> Digest {
    let mut canonical = Canonical::new("daybreak reweighting changes 1");
    canonical.count(answers.len());
    for (employee, changes) in answers {
        canonical.text(employee);
        canonical.count(changes.len());
        for change in changes {
            let (kind, id) = match &change.target {
                Target::Indicator(id) => ("indicator", id),
                Target::Dimension(id) => ("dimension", id),
            };
            canonical.text(kind);
            canonical.text(id);
            canonical.integer(i64::from(change.share));
            canonical.text(&change.because);
            canonical.count(change.reason.iter().count());
            for (language, text) in change.reason.iter() {
                canonical.text(language);
                canonical.text(text);
            }
        }
    }
    canonical.finish()
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
