//! From a raw value to points, as all indicators of Daybreak do it.
//!
//! Every formula is cut to 0 … ceiling. What cannot be measured gives none: the plugin then answers "not computable",
//! never 0 and never 100.

use crate::bindings::indicator::exports::daybreak::indicator::indicator::{Direction, Part, Rules, Subject};
use crate::localized::{Localized, plain, text};

/// Points and what they consist of.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    value: f64,
    scale: Scale,
    ceiling: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Scale {
    Target,
    Stretch,
    /// The threshold that was reached, if any, and the unit.
    Tier(Option<f64>, Direction, String),
}

/// A step of a table: whoever reaches `threshold` gets `points`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tier {
    pub threshold: f64,
    pub points: f64,
}

/// What measuring a raw value against a subject's goals gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Graded {
    /// The subject has no goal of the kind: raw is kept without points.
    NoGoal,
    Points(Points),
    /// There is a goal that nothing can be measured against, and why.
    Unusable(Localized),
}

/// Measures against baseline and stretch where the subject has both, else against the target, if there is one.
#[must_use]
pub fn by_goals(raw: f64, subject: &Subject, rules: &Rules) -> Graded {
    match by_baseline_and_stretch(raw, subject, rules) {
        Graded::NoGoal => by_target(raw, subject, rules),
        graded => graded,
    }
}

/// Measures against the subject's target.
#[must_use]
pub fn by_target(raw: f64, subject: &Subject, rules: &Rules) -> Graded {
    let Some(target) = subject.target else { return Graded::NoGoal };
    let why = || text("目标值必须大于 0,无法计分", "the target is not above 0, so nothing can be measured against it");
    linear(raw, target, rules).map_or_else(|| Graded::Unusable(why()), Graded::Points)
}

/// Measures between the subject's baseline and stretch.
#[must_use]
pub fn by_baseline_and_stretch(raw: f64, subject: &Subject, rules: &Rules) -> Graded {
    let (Some(baseline), Some(stretch)) = (subject.baseline, subject.stretch) else { return Graded::NoGoal };
    let why = || {
        text(
            "挑战值必须优于基线,无法计分",
            "the stretch goal is not better than the baseline, so nothing can be measured between them",
        )
    };
    baseline_stretch(raw, baseline, stretch, rules).map_or_else(|| Graded::Unusable(why()), Graded::Points)
}

/// `100 · raw / target`; where lower is better, `100 · (2 − raw / target)`. None for a target that is not above 0.
#[must_use]
pub fn linear(raw: f64, target: f64, rules: &Rules) -> Option<Points> {
    if target <= 0.0 {
        return None;
    }
    let formula = match rules.direction {
        Direction::HigherIsBetter => 100.0 * raw / target,
        Direction::LowerIsBetter => 100.0 * (2.0 - raw / target),
    };
    Points::cut(formula, Scale::Target, rules)
}

/// `100 · (raw − baseline) / (stretch − baseline)`, which serves both directions. None where the two are equal, or the
/// stretch lies on the worse side of the baseline: better work would then give fewer points.
#[must_use]
pub fn baseline_stretch(raw: f64, baseline: f64, stretch: f64, rules: &Rules) -> Option<Points> {
    let better = match rules.direction {
        Direction::HigherIsBetter => stretch > baseline,
        Direction::LowerIsBetter => stretch < baseline,
    };
    if !better {
        return None;
    }
    Points::cut(100.0 * (raw - baseline) / (stretch - baseline), Scale::Stretch, rules)
}

/// The most points of all tiers that raw reaches (`raw ≥ threshold`; where lower is better, `raw ≤ threshold`), 0 where
/// it reaches none. So a better raw never gets fewer points, whatever the table says.
#[must_use]
pub fn tiered(raw: f64, tiers: &[Tier], rules: &Rules) -> Option<Points> {
    let reached = tiers.iter().filter(|tier| match rules.direction {
        Direction::HigherIsBetter => raw >= tier.threshold,
        Direction::LowerIsBetter => raw <= tier.threshold,
    });
    let best = reached.max_by(|left, right| left.points.total_cmp(&right.points));
    let scale = Scale::Tier(best.map(|tier| tier.threshold), rules.direction, rules.unit.clone());
    Points::cut(best.map_or(0.0, |tier| tier.points), scale, rules)
}

impl Points {
    fn cut(formula: f64, scale: Scale, rules: &Rules) -> Option<Self> {
        if formula.is_nan() {
            return None;
        }
        // The comparisons also turn -0 into 0, which prints as people expect.
        let value = if formula > 0.0 { formula.min(rules.ceiling) } else { 0.0 };
        Some(Self { value, scale, ceiling: rules.ceiling })
    }

    /// Between 0 and the ceiling.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Parts that add up to the value, one for each contribution and as large as its share of them all: for an
    /// indicator whose raw value is itself a sum. A contribution below 0 counts as 0. Where there is nothing to share
    /// (no contribution above 0), the parts are those of [`parts`](Self::parts).
    #[must_use]
    pub fn split(&self, contributions: impl IntoIterator<Item = (Localized, f64)>) -> Vec<Part> {
        let contributions: Vec<(Localized, f64)> =
            contributions.into_iter().map(|(label, contribution)| (label, contribution.max(0.0))).collect();
        let total = contributions.iter().fold(0.0, |total, (_, contribution)| total + contribution);
        if !total.is_finite() || total <= 0.0 {
            return self.parts();
        }
        let part = |(label, contribution)| Part { label, points: self.value * (contribution / total) };
        contributions.into_iter().map(part).collect()
    }

    /// Parts that add up to the value: the way to the goal, and what lies beyond it.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let (to_goal, beyond) = match &self.scale {
            Scale::Target => (text("达成目标", "Reaching the target"), text("超出目标", "Beyond the target")),
            Scale::Stretch => {
                (text("从基线到挑战值", "From baseline to stretch"), text("超出挑战值", "Beyond the stretch"))
            }
            Scale::Tier(None, ..) => {
                return vec![Part { label: text("未达到任何档位", "No tier reached"), points: self.value }];
            }
            Scale::Tier(Some(threshold), direction, unit) => {
                let threshold = plain(*threshold);
                let label = match direction {
                    Direction::HigherIsBetter => text(
                        format!("达到档位:不低于 {threshold} {unit}"),
                        format!("Tier reached: at least {threshold} {unit}"),
                    ),
                    Direction::LowerIsBetter => text(
                        format!("达到档位:不高于 {threshold} {unit}"),
                        format!("Tier reached: at most {threshold} {unit}"),
                    ),
                };
                return vec![Part { label, points: self.value }];
            }
        };
        let first = self.value.min(100.0);
        let mut parts = vec![Part { label: to_goal, points: first }];
        if self.value > first {
            let label = if self.value < self.ceiling {
                beyond
            } else {
                let ceiling = plain(self.ceiling);
                beyond
                    .into_iter()
                    .map(|(tag, label)| {
                        let label = if tag == "en" {
                            format!("{label}, cut at {ceiling}")
                        } else {
                            format!("{label}(封顶 {ceiling} 分)")
                        };
                        (tag, label)
                    })
                    .collect()
            };
            parts.push(Part { label, points: self.value - first });
        }
        parts
    }
}
