//! Counts, sums or averages a field of one fact kind under simple conditions, and measures the result against goals.
//!
//! Most indicators of a company are this one with other parameters. It asks for the columns that its parameters name
//! and for no other.

mod conditions;
mod parameters;

use daybreak_sdk::indicator::{Direction, Indicator, Outcome, Rules, Subject};
use daybreak_sdk::points::{self, Graded, Tier};
use daybreak_sdk::{
    Context, Facts, Localized, Manifest, Need, Needs, Number, Plugin, Row, SubjectKind, Text, Window, statistics, text,
};

use conditions::{Columns, Condition};
pub use parameters::{Measure, Parameters, PointsBy};

/// Most rows of evidence: the most telling ones.
const EVIDENCE_MAX: usize = 20;

pub struct MeasurePlugin {
    facts: Need,
    value: Value,
    conditions: Vec<Condition>,
    points: PointsBy,
    tiers: Vec<Tier>,
}

/// What is computed, with the columns that it reads.
enum Value {
    Count,
    Sum(Number),
    Mean(Number),
    Median(Number),
    /// The share of the facts that meet these conditions, in percent.
    Share(Vec<Condition>),
    Distinct(Text),
}

/// A raw value and the rows it rests on, the most telling first.
struct Measured<'a> {
    raw: f64,
    sample: usize,
    rows: Vec<Row<'a>>,
}

impl Plugin for MeasurePlugin {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "measure",
            env!("CARGO_PKG_VERSION"),
            text("通用度量", "Measure"),
            text(
                "对一类业务事实在给定条件下计数、求和、求平均、中位数、占比或去重计数,并按线性、分档或基线–挑战值计分。",
                "Count, sum, mean, median, share or distinct count over one kind of facts under simple conditions, with \
                 linear, tiered or baseline–stretch points.",
            ),
        )
    }
}

impl Indicator for MeasurePlugin {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        parameters.check()?;
        needs.subjects(&[SubjectKind::Employee, SubjectKind::Department, SubjectKind::Customer, SubjectKind::Company]);
        let mut facts = needs
            .of(&parameters.kind)
            .scope(parameters.scope.into())
            .window(Window::PeriodAndBefore(0))
            .because(reason(&parameters));
        let columns = Columns::new(&parameters);
        let field = parameters.field.as_deref().unwrap_or_default();
        let value = match parameters.measure {
            Measure::Count => Value::Count,
            Measure::Sum => Value::Sum(columns.number(field, &mut facts)?),
            Measure::Mean => Value::Mean(columns.number(field, &mut facts)?),
            Measure::Median => Value::Median(columns.number(field, &mut facts)?),
            Measure::DistinctCount => Value::Distinct(columns.text(field, &mut facts)?),
            Measure::Share => Value::Share(columns.conditions(&parameters.share_of, &mut facts)?),
        };
        let conditions = columns.conditions(&parameters.conditions, &mut facts)?;
        let tiers =
            parameters.tiers.iter().map(|tier| Tier { threshold: tier.threshold, points: tier.points }).collect();
        Ok(Self { facts: facts.done(), value, conditions, points: parameters.points, tiers })
    }

    fn score(&self, context: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome {
        // With the scope "documents" facts of other periods come, too; they belong to those periods' scores.
        let rows = facts.of(self.facts).during(context.period());
        let rows = kept(rows.len(), rows.iter().filter(|row| self.conditions.iter().all(|it| it.holds(row))));
        let found = rows.len();
        let measured = match self.measured(rows, rules.direction) {
            Ok(measured) if measured.raw.is_finite() => measured,
            Ok(_) => {
                return Outcome::not_computable(text("数值过大,无法计算", "the values are too large to compute with"));
            }
            Err(reason) => return Outcome::not_computable(reason),
        };
        let graded = match self.points {
            PointsBy::Goals => points::by_goals(measured.raw, subject, rules),
            PointsBy::Linear => points::by_target(measured.raw, subject, rules),
            PointsBy::BaselineStretch => points::by_baseline_and_stretch(measured.raw, subject, rules),
            PointsBy::Tiered => points::tiered(measured.raw, &self.tiers, rules).map_or(Graded::NoGoal, Graded::Points),
        };
        let mut outcome = Outcome::raw(measured.raw, measured.sample).with_figure(
            "facts",
            text("符合条件的事实", "Facts that meet the conditions"),
            found as f64,
            "",
        );
        if found > measured.sample {
            let without = (found - measured.sample) as f64;
            outcome =
                outcome.with_figure("without-value", text("缺少该字段的事实", "Facts without the field"), without, "");
        }
        outcome.with_evidence(measured.rows.iter().take(EVIDENCE_MAX).map(Row::evidence)).graded(graded)
    }
}

impl MeasurePlugin {
    fn measured<'a>(&self, rows: Vec<Row<'a>>, direction: Direction) -> Result<Measured<'a>, Localized> {
        match &self.value {
            Value::Count => Ok(Measured { raw: rows.len() as f64, sample: rows.len(), rows: latest_first(rows) }),
            Value::Distinct(column) => Ok(distinct(&rows, *column)),
            Value::Share(conditions) => share(&rows, conditions, direction),
            Value::Sum(column) => {
                let mut valued = valued(&rows, *column);
                if valued.is_empty() && !rows.is_empty() {
                    return Err(without_value());
                }
                let raw = statistics::sum(valued.iter().map(|&(value, _)| value));
                // The largest amounts make the sum.
                valued.sort_by(|(left, _), (right, _)| right.abs().total_cmp(&left.abs()));
                Ok(Measured { raw, sample: valued.len(), rows: only_rows(valued) })
            }
            Value::Mean(column) => average(&rows, *column, direction, statistics::mean),
            Value::Median(column) => average(&rows, *column, direction, statistics::median),
        }
    }
}

/// Mean or median. Evidence: the worst rows first, because they are what somebody can change.
fn average<'a>(
    rows: &[Row<'a>],
    column: Number,
    direction: Direction,
    of: fn(&[f64]) -> Option<f64>,
) -> Result<Measured<'a>, Localized> {
    let mut valued = valued(rows, column);
    let values: Vec<f64> = valued.iter().map(|&(value, _)| value).collect();
    let raw = of(&values).ok_or_else(|| if rows.is_empty() { nothing_found() } else { without_value() })?;
    valued.sort_by(|(left, _), (right, _)| match direction {
        Direction::HigherIsBetter => left.total_cmp(right),
        Direction::LowerIsBetter => right.total_cmp(left),
    });
    Ok(Measured { raw, sample: values.len(), rows: only_rows(valued) })
}

/// Evidence: first the rows that somebody would rather have the other way.
fn share<'a>(rows: &[Row<'a>], conditions: &[Condition], direction: Direction) -> Result<Measured<'a>, Localized> {
    if rows.is_empty() {
        return Err(nothing_found());
    }
    let (hits, misses): (Vec<Row<'a>>, Vec<Row<'a>>) =
        rows.iter().partition(|row| conditions.iter().all(|it| it.holds(row)));
    let raw = 100.0 * hits.len() as f64 / rows.len() as f64;
    let telling = match direction {
        Direction::HigherIsBetter => misses.into_iter().chain(hits),
        Direction::LowerIsBetter => hits.into_iter().chain(misses),
    };
    Ok(Measured { raw, sample: rows.len(), rows: telling.collect() })
}

/// Evidence: the first fact of each different text.
fn distinct<'a>(rows: &[Row<'a>], column: Text) -> Measured<'a> {
    let mut seen = std::collections::BTreeSet::new();
    let mut with_text = 0;
    let mut first = Vec::new();
    for row in rows {
        let Some(text) = row.text(column) else { continue };
        with_text += 1;
        if seen.insert(text) {
            first.push(*row);
        }
    }
    Measured { raw: first.len() as f64, sample: with_text, rows: first }
}

fn valued<'a>(rows: &[Row<'a>], column: Number) -> Vec<(f64, Row<'a>)> {
    kept(rows.len(), rows.iter().filter_map(|row| row.number(column).map(|value| (value, *row))))
}

/// Nearly always all of them are kept, so there is room for all from the start.
fn kept<T>(most: usize, items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(most);
    kept.extend(items);
    kept
}

fn only_rows(valued: Vec<(f64, Row<'_>)>) -> Vec<Row<'_>> {
    valued.into_iter().map(|(_, row)| row).collect()
}

fn latest_first(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    rows.reverse();
    rows
}

fn nothing_found() -> Localized {
    text("本周期内没有符合条件的事实", "no fact meets the conditions in the period")
}

fn without_value() -> Localized {
    text("符合条件的事实都缺少该字段的数值", "none of the facts that meet the conditions has a number in the field")
}

fn reason(parameters: &Parameters) -> Localized {
    let (zh_cn, en) = parameters.measure.words();
    match parameters.field.as_deref() {
        Some(field) => text(format!("计算“{field}”的{zh_cn}"), format!("to compute the {en} of {field}")),
        None => text(format!("计算{zh_cn}"), format!("to compute the {en}")),
    }
}

daybreak_sdk::export_indicator!(MeasurePlugin);
