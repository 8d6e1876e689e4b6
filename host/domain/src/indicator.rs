//! Indicators: what a plugin is given for a batch of subjects, what it answers, and the rules its answer must keep.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::goal::Goal;
use crate::table::{Context, Evidence, Table};
use crate::text::Localized;

pub const CEILING_DEFAULT: f64 = 120.0;
pub const PARTS_MAX: usize = 32;
pub const FIGURES_MAX: usize = 32;
pub const EVIDENCE_MAX: usize = 1_000;
pub const UNIT_BYTES_MAX: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    HigherIsBetter,
    LowerIsBetter,
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::HigherIsBetter => "higher-is-better",
            Self::LowerIsBetter => "lower-is-better",
        })
    }
}

impl FromStr for Direction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "higher-is-better" | "higher" => Ok(Self::HigherIsBetter),
            "lower-is-better" | "lower" => Ok(Self::LowerIsBetter),
            _ => Err(format!("{text:?} is no direction: use higher-is-better or lower-is-better")),
        }
    }
}

/// The indicator's own rules, whatever plugin computes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    pub direction: Direction,
    pub unit: String,
    /// Most points a score may have; a plugin that gives more is at fault.
    pub ceiling: f64,
}

/// Who is scored, with the goals in force at the end of the period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    pub id: String,
    #[serde(flatten)]
    pub goal: Goal,
}

/// Everything one call of an indicator gets. `tables[i]` answers the i-th need.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub context: Context,
    pub rules: Rules,
    pub subjects: Vec<Subject>,
    pub tables: Vec<Table>,
}

impl Batch {
    /// Rows delivered, which the fuel budget grows with.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.iter().map(Table::rows).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub label: Localized,
    pub points: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub key: String,
    pub label: Localized,
    pub value: f64,
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    pub raw: f64,
    /// How many things (tickets, visits) raw rests on.
    pub sample: u32,
    /// None where raw exists but no goal to measure it against.
    pub points: Option<f64>,
    pub parts: Vec<Part>,
    pub figures: Vec<Figure>,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Computed(Computed),
    NotComputable { reason: Localized },
}

impl Outcome {
    /// Over every bit of the outcome: two outcomes with the same digest are the same, bit for bit.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::new("daybreak outcome 1");
        let text = |canonical: &mut Canonical, localized: &Localized| {
            canonical.count(localized.iter().count());
            for (tag, text) in localized.iter() {
                canonical.text(tag);
                canonical.text(text);
            }
        };
        match self {
            Self::NotComputable { reason } => {
                canonical.truth(false);
                text(&mut canonical, reason);
            }
            Self::Computed(computed) => {
                canonical.truth(true);
                canonical.number(computed.raw);
                canonical.integer(i64::from(computed.sample));
                canonical.optional(computed.points, Canonical::number);
                canonical.count(computed.parts.len());
                for part in &computed.parts {
                    text(&mut canonical, &part.label);
                    canonical.number(part.points);
                }
                canonical.count(computed.figures.len());
                for figure in &computed.figures {
                    canonical.text(&figure.key);
                    text(&mut canonical, &figure.label);
                    canonical.number(figure.value);
                    canonical.text(&figure.unit);
                }
                canonical.count(computed.evidence.len());
                for evidence in &computed.evidence {
                    canonical.integer(i64::from(evidence.table));
                    canonical.integer(i64::from(evidence.row));
                }
            }
        }
        canonical.finish()
    }
}

/// What is wrong with an outcome. The host refuses, it never repairs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OutcomeError {
    #[error("{what} is {value}, which is no finite number")]
    NotFinite { what: String, value: f64 },
    #[error("{points} points: at least 0 and at most {ceiling}")]
    PointsOutOfRange { points: f64, ceiling: f64 },
    #[error("the parts add up to {sum}, the points are {points}")]
    PartsDoNotAddUp { sum: f64, points: f64 },
    #[error("{0} parts without points")]
    PartsWithoutPoints(usize),
    #[error("points without parts that explain them")]
    PointsWithoutParts,
    #[error("{count} {what}: at most {most}")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("evidence {table}/{row} lies outside the rows given for the subject")]
    EvidenceOutOfRange { table: u32, row: u32 },
    #[error("the figure key {0:?} is no name")]
    BadFigureKey(String),
    #[error("a unit of {0} bytes: at most {UNIT_BYTES_MAX}")]
    UnitTooLong(usize),
}

/// Checks an outcome against "Rules of the numbers". `rows[t]` is how many rows the subject was given in table t.
pub fn check(outcome: &Outcome, rules: &Rules, rows: &[usize]) -> Result<(), OutcomeError> {
    let Outcome::Computed(computed) = outcome else { return Ok(()) };
    let finite = |what: &dyn Fn() -> String, value: f64| {
        if value.is_finite() { Ok(()) } else { Err(OutcomeError::NotFinite { what: what(), value }) }
    };
    let at_most = |what, count, most| {
        if count > most { Err(OutcomeError::TooMany { what, count, most }) } else { Ok(()) }
    };
    finite(&|| "raw".into(), computed.raw)?;
    at_most("parts", computed.parts.len(), PARTS_MAX)?;
    at_most("figures", computed.figures.len(), FIGURES_MAX)?;
    at_most("rows of evidence", computed.evidence.len(), EVIDENCE_MAX)?;
    for part in &computed.parts {
        finite(&|| format!("the part {:?}", part.label.get("en")), part.points)?;
    }
    match computed.points {
        None if computed.parts.is_empty() => {}
        None => return Err(OutcomeError::PartsWithoutPoints(computed.parts.len())),
        Some(points) => {
            finite(&|| "the number of points".into(), points)?;
            if points < 0.0 || points > rules.ceiling {
                return Err(OutcomeError::PointsOutOfRange { points, ceiling: rules.ceiling });
            }
            if computed.parts.is_empty() {
                return Err(OutcomeError::PointsWithoutParts);
            }
            let sum: f64 = computed.parts.iter().map(|part| part.points).sum();
            let adds_up = (sum - points).abs() <= 1e-9 * points.abs().max(1.0);
            if !adds_up {
                return Err(OutcomeError::PartsDoNotAddUp { sum, points });
            }
        }
    }
    for figure in &computed.figures {
        finite(&|| format!("the figure {}", figure.key), figure.value)?;
        if !crate::fact::is_name(&figure.key) {
            return Err(OutcomeError::BadFigureKey(figure.key.chars().take(80).collect()));
        }
        if figure.unit.len() > UNIT_BYTES_MAX {
            return Err(OutcomeError::UnitTooLong(figure.unit.len()));
        }
    }
    for &Evidence { table, row } in &computed.evidence {
        if rows.get(table as usize).is_none_or(|&rows| row as usize >= rows) {
            return Err(OutcomeError::EvidenceOutOfRange { table, row });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn computed() -> Computed {
        Computed {
            raw: 12.5,
            sample: 4,
            points: Some(80.0),
            parts: vec![
                Part { label: Localized::new("基础", "Base"), points: 50.0 },
                Part { label: Localized::new("加分", "Extra"), points: 30.0 },
            ],
            figures: vec![],
            evidence: vec![Evidence { table: 0, row: 2 }],
        }
    }

    fn checked(change: impl FnOnce(&mut Computed)) -> Result<(), OutcomeError> {
        let mut computed = computed();
        change(&mut computed);
        let rules = Rules { direction: Direction::HigherIsBetter, unit: "h".into(), ceiling: 120.0 };
        check(&Outcome::Computed(computed), &rules, &[3])
    }

    #[test]
    fn an_honest_outcome_passes_and_each_broken_rule_is_named() {
        assert_eq!(checked(|_| ()), Ok(()));
        assert!(matches!(checked(|outcome| outcome.raw = f64::NAN), Err(OutcomeError::NotFinite { .. })));
        assert!(matches!(checked(|outcome| outcome.points = Some(120.5)), Err(OutcomeError::PointsOutOfRange { .. })));
        assert!(matches!(checked(|outcome| outcome.parts[0].points = 50.1), Err(OutcomeError::PartsDoNotAddUp { .. })));
        assert_eq!(checked(|outcome| outcome.points = None), Err(OutcomeError::PartsWithoutPoints(2)));
        assert_eq!(checked(|outcome| outcome.parts.clear()), Err(OutcomeError::PointsWithoutParts));
        assert_eq!(
            checked(|outcome| outcome.evidence[0].row = 3),
            Err(OutcomeError::EvidenceOutOfRange { table: 0, row: 3 })
        );
        assert_eq!(
            checked(|outcome| outcome.evidence[0].table = 1),
            Err(OutcomeError::EvidenceOutOfRange { table: 1, row: 2 })
        );
    }

    #[test]
    fn one_bit_changes_the_outcome_digest() {
        let mut other = computed();
        other.parts[1].points = f64::from_bits(other.parts[1].points.to_bits() ^ 1);
        assert_ne!(Outcome::Computed(computed()).digest(), Outcome::Computed(other).digest());
    }

    #[test]
    fn an_outcome_reads_back_from_its_document_with_every_bit() {
        let mut awkward = computed();
        awkward.raw = 0.1 + 0.2;
        awkward.points = Some(80.000_000_000_000_01);
        let outcome = Outcome::Computed(awkward);
        let document = serde_json::to_string(&outcome).unwrap();
        let back: Outcome = serde_json::from_str(&document).unwrap();
        assert_eq!(back.digest(), outcome.digest());
    }
}
