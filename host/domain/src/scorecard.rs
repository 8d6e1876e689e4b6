//! Scorecards: which indicators count how much, for whom.
//!
//! What lives here: the record, its rules, and which scorecard is the most particular one for a person. What never lives
//! here: what shares become in a month; see [`shares`](crate::shares).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::reweighting::Share;
use crate::shares::{INDICATORS_MAX, SignedShares, SignedSharesError, percent};
use crate::text::Localized;

/// Most employees that one scorecard names.
pub const EMPLOYEES_MAX: usize = 1_000;
/// Most indicators on trial beside those that count.
pub const TRIALS_MAX: usize = 64;

/// One revision of a scorecard. Setting it signs its shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    pub id: String,
    pub title: Localized,
    pub place: Place,
    /// Ordered as people see them.
    pub dimensions: Vec<Dimension>,
    pub entries: Vec<ScorecardEntry>,
}

/// For whom a scorecard is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Everybody who has no other one.
    Company,
    /// The people of the department and of those below it that have none of their own.
    Department(String),
    Position(String),
    Employees(BTreeSet<String>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    pub id: String,
    pub title: Localized,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorecardEntry {
    pub indicator: String,
    pub dimension: String,
    /// Millionths. Those of a scorecard total exactly the whole; zero on trial.
    pub share: u32,
    /// No adjustment changes it.
    pub locked: bool,
    /// Computed like any other, and counts nowhere.
    pub trial: bool,
}

/// Where a person stands on a day, as scorecards see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    pub employee: &'a str,
    pub position: Option<&'a str>,
    /// The person's department, then the one above it, and so on.
    pub departments: &'a [&'a str],
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScorecardError {
    #[error(transparent)]
    Shares(#[from] SignedSharesError),
    #[error(
        "the indicator {indicator} belongs to the dimension {dimension:?}, which the scorecard does not list: add it"
    )]
    UnknownDimension { indicator: String, dimension: String },
    #[error("the dimension {0} stands twice: keep one")]
    DimensionTwice(String),
    #[error("the indicator {0} stands twice: keep one")]
    IndicatorTwice(String),
    #[error("the indicator {indicator} is on trial and has a share of {}: on trial it counts nowhere, so leave the share out", percent(u64::from(*.share)))]
    TrialWithShare { indicator: String, share: u32 },
    #[error("{0} indicators on trial: at most {TRIALS_MAX}")]
    TooManyTrials(usize),
    #[error("{0} dimensions: at most {INDICATORS_MAX}")]
    TooManyDimensions(usize),
    #[error("the scorecard names no employee: name at least one, or say position or department instead")]
    NoEmployees,
    #[error("the scorecard names {0} employees: at most {EMPLOYEES_MAX}; use a position or a department instead")]
    TooManyEmployees(usize),
}

impl Scorecard {
    /// Checks every bound, and that the shares total exactly the whole.
    pub fn check(&self) -> Result<(), ScorecardError> {
        if let Place::Employees(employees) = &self.place {
            if employees.is_empty() {
                return Err(ScorecardError::NoEmployees);
            }
            if employees.len() > EMPLOYEES_MAX {
                return Err(ScorecardError::TooManyEmployees(employees.len()));
            }
        }
        if self.dimensions.len() > INDICATORS_MAX {
            return Err(ScorecardError::TooManyDimensions(self.dimensions.len()));
        }
        let mut dimensions = BTreeMap::new();
        for dimension in &self.dimensions {
            if dimensions.insert(dimension.id.as_str(), dimension).is_some() {
                return Err(ScorecardError::DimensionTwice(dimension.id.clone()));
            }
        }
        let mut indicators = BTreeSet::new();
        for entry in &self.entries {
            if !dimensions.contains_key(entry.dimension.as_str()) {
                let (indicator, dimension) = (entry.indicator.clone(), entry.dimension.clone());
                return Err(ScorecardError::UnknownDimension { indicator, dimension });
            }
            if !indicators.insert(entry.indicator.as_str()) {
                return Err(ScorecardError::IndicatorTwice(entry.indicator.clone()));
            }
            if entry.trial && entry.share > 0 {
                return Err(ScorecardError::TrialWithShare { indicator: entry.indicator.clone(), share: entry.share });
            }
        }
        let trials = self.entries.iter().filter(|entry| entry.trial).count();
        if trials > TRIALS_MAX {
            return Err(ScorecardError::TooManyTrials(trials));
        }
        Ok(self.signed().map(drop)?)
    }

    /// The shares that count, those on trial left out.
    pub fn signed(&self) -> Result<SignedShares, SignedSharesError> {
        let shares = self.entries.iter().filter(|entry| !entry.trial).map(|entry| Share {
            indicator: entry.indicator.clone(),
            dimension: entry.dimension.clone(),
            share: entry.share,
            locked: entry.locked,
        });
        SignedShares::new(shares.collect())
    }
}

impl Place {
    /// How particular the scorecard is for the person, the smaller the more: employee, position, the departments from the
    /// person's own upwards, everybody. None if it is not for this person.
    #[must_use]
    pub fn distance(&self, standing: &Standing<'_>) -> Option<usize> {
        match self {
            Self::Employees(employees) => employees.contains(standing.employee).then_some(0),
            Self::Position(position) => (standing.position == Some(position.as_str())).then_some(1),
            Self::Department(department) => {
                standing.departments.iter().position(|own| own == department).map(|above| above + 2)
            }
            Self::Company => Some(usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scorecard(entries: &[(&str, u32, bool)]) -> Scorecard {
        let title = || Localized::new("方案", "Scorecard");
        let entry = |&(indicator, share, trial): &(&str, u32, bool)| ScorecardEntry {
            indicator: indicator.into(),
            dimension: "results".into(),
            share,
            locked: false,
            trial,
        };
        Scorecard {
            id: "service".into(),
            title: title(),
            place: Place::Company,
            dimensions: vec![Dimension { id: "results".into(), title: title() }],
            entries: entries.iter().map(entry).collect(),
        }
    }

    #[test]
    fn shares_total_exactly_the_whole_and_a_trial_has_none() {
        assert_eq!(scorecard(&[("a", 400_000, false), ("b", 600_000, false), ("c", 0, true)]).check(), Ok(()));
        let short = scorecard(&[("a", 400_000, false), ("b", 599_999, false)]).check().unwrap_err().to_string();
        assert_eq!(short, "the shares total 99.9999%: add 0.0001% so that they total exactly 100%");
        let long = scorecard(&[("a", 400_000, false), ("b", 650_000, false)]).check().unwrap_err().to_string();
        assert_eq!(long, "the shares total 105%: take away 5% so that they total exactly 100%");
        let trial = scorecard(&[("a", 1_000_000, false), ("b", 1, true)]).check();
        assert!(matches!(trial, Err(ScorecardError::TrialWithShare { .. })));
        let twice = scorecard(&[("a", 1_000_000, false), ("a", 0, true)]).check();
        assert!(matches!(twice, Err(ScorecardError::IndicatorTwice(_))));
    }

    #[test]
    fn the_most_particular_place_is_the_nearest() {
        let standing = Standing { employee: "li", position: Some("agent"), departments: &["service-2", "service"] };
        let distances = [
            Place::Employees(BTreeSet::from(["li".to_owned()])),
            Place::Position("agent".into()),
            Place::Department("service-2".into()),
            Place::Department("service".into()),
            Place::Company,
        ]
        .map(|place| place.distance(&standing));
        assert!(distances.iter().all(Option::is_some) && distances.is_sorted(), "{distances:?}");
        assert_eq!(Place::Department("sales".into()).distance(&standing), None);
        assert_eq!(Place::Position("clerk".into()).distance(&standing), None);
    }
}
