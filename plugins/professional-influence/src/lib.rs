//! What touchpoints tell about somebody's professional influence: how deep customers asked, whether competitors came
//! up, and whatever else a company's forms ask.
//!
//! Each signal turns one answer into 0 to 100. A touchpoint's score is the mean of its signals, weighted; the raw value
//! is the mean over the touchpoints of the period. A touchpoint without an answer that a signal needs is left out as a
//! whole: missing is not zero, and leaving a question out must not make the other answers count for more.

mod parameters;

use daybreak_sdk::indicator::{Direction, Indicator, Outcome, Rules, Subject};
use daybreak_sdk::{
    Context, Facts, Localized, Manifest, Matching, Need, NeedBuilder, Needs, Number, Plugin, Row, SubjectKind, Window,
    points, statistics, text,
};

use parameters::SignalKind;
pub use parameters::{Parameters, SignalSetting};

/// Most rows of evidence at either end: the strongest and the weakest touchpoints.
const EVIDENCE_MAX_EACH: usize = 5;

pub struct ProfessionalInfluence {
    touchpoints: Need,
    sample_min: usize,
    signals: Vec<Signal>,
}

/// One signal, ready to be read from each row.
struct Signal {
    field: String,
    label: Localized,
    /// Of all signals; the shares add up to 1.
    share: f64,
    reading: Reading,
}

enum Reading {
    Level {
        column: Number,
        lowest: f64,
        best: f64,
    },
    Mentioned(Matching),
    /// The answers that give points, and a question that any answer answers with yes.
    OneOf {
        answers: Vec<(Matching, f64)>,
        answered: Matching,
    },
}

/// A touchpoint with all answers.
struct Scored<'a> {
    row: Row<'a>,
    score: f64,
}

impl Plugin for ProfessionalInfluence {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "professional-influence",
            env!("CARGO_PKG_VERSION"),
            text("专业影响力", "Professional influence"),
            text(
                "根据业务触点的回答(如提问深度、竞品提及)计算 0–100 的影响力:每个触点按信号权重加权,再对触点取平均。",
                "From the answers of touchpoints, such as question depth and competitors mentioned, on a scale from 0 \
                 to 100: the weighted mean of a touchpoint's signals, then the mean over the touchpoints.",
            ),
        )
    }
}

impl Indicator for ProfessionalInfluence {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        parameters.check()?;
        needs.subjects(&[SubjectKind::Employee]);
        let mut touchpoints = needs.of(&parameters.kind).window(Window::PeriodAndBefore(0)).because(text(
            "根据本人业务触点的回答计算影响力",
            "to compute the influence from the answers of the person's own touchpoints",
        ));
        let total = statistics::sum(parameters.signals.iter().map(|signal| signal.weight));
        let mut signals = Vec::with_capacity(parameters.signals.len());
        for setting in &parameters.signals {
            signals.push(Signal {
                field: setting.field.clone(),
                label: setting.label(),
                share: setting.weight / total,
                reading: reading(setting, &parameters.no_mention, &mut touchpoints),
            });
        }
        Ok(Self { touchpoints: touchpoints.done(), sample_min: parameters.sample_min as usize, signals })
    }

    fn score(&self, _: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome {
        let rows = facts.of(self.touchpoints);
        let mut scored: Vec<Scored<'_>> = Vec::with_capacity(rows.len());
        let mut sums = vec![0.0; self.signals.len()];
        for row in rows {
            let values: Option<Vec<f64>> = self.signals.iter().map(|signal| signal.reading.value(&row)).collect();
            let Some(values) = values else { continue };
            sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
            let score = self.signals.iter().zip(&values).map(|(signal, value)| signal.share * value);
            scored.push(Scored { row, score: statistics::sum(score) });
        }
        let sample = scored.len();
        if sample < self.sample_min {
            return Outcome::not_computable(too_few(sample, self.sample_min));
        }
        let means: Vec<f64> = sums.iter().map(|sum| sum / sample as f64).collect();
        let contributions: Vec<(Localized, f64)> =
            self.signals.iter().zip(&means).map(|(signal, mean)| (signal.label.clone(), signal.share * mean)).collect();
        // Shares may add up to a little more than 1, and nothing lies beyond 100.
        let raw = statistics::sum(contributions.iter().map(|(_, contribution)| *contribution)).min(100.0);
        let left_out = (rows.len() - sample) as f64;
        let mut outcome = Outcome::raw(raw, sample)
            .with_figure("touchpoints", text("计入的触点", "Touchpoints counted"), sample as f64, "")
            .with_figure(
                "left-out",
                text("回答不全、未计入的触点", "Touchpoints left out for a missing answer"),
                left_out,
                "",
            );
        for (signal, mean) in self.signals.iter().zip(&means) {
            let (label, value, unit) = signal.figure(*mean);
            outcome = outcome.with_figure(&format!("signal-{}", signal.field), label, value, unit);
        }
        let graded = points::by_goals(raw, subject, rules);
        // Where lower is better, points are earned by what a signal does not add.
        let contributions = if rules.direction == Direction::HigherIsBetter { contributions } else { Vec::new() };
        outcome.with_evidence(telling(scored).iter().map(Row::evidence)).graded_by_contribution(graded, contributions)
    }
}

impl Reading {
    /// From 0 to 100; none where the touchpoint lacks the answer.
    fn value(&self, row: &Row<'_>) -> Option<f64> {
        match self {
            Self::Level { column, lowest, best } => {
                let level = row.number(*column)?;
                Some(100.0 * ((level - lowest) / (best - lowest)).clamp(0.0, 1.0))
            }
            Self::Mentioned(mentioned) => Some(if row.matches(*mentioned) { 100.0 } else { 0.0 }),
            Self::OneOf { answers, answered } => {
                let known = answers.iter().find(|(answer, _)| row.matches(*answer));
                known.map(|(_, points)| *points).or_else(|| row.matches(*answered).then_some(0.0))
            }
        }
    }
}

impl Signal {
    /// What people see beside the score: a level as it was answered, anything else on the scale of the signal.
    fn figure(&self, mean: f64) -> (Localized, f64, &'static str) {
        let labelled = |zh_cn: &str, en: &str| {
            let label = |tag: &str| self.label.iter().find(|(it, _)| it == tag).map_or("", |(_, label)| label.as_str());
            text(format!("{}:{zh_cn}", label("zh-CN")), format!("{}: {en}", label("en")))
        };
        match self.reading {
            // Answers beyond the ends were cut, so this is the mean of what counted.
            Reading::Level { lowest, best, .. } => {
                (labelled("平均", "mean"), lowest + (best - lowest) * (mean / 100.0), "")
            }
            Reading::Mentioned(_) => (labelled("提及的触点占比", "share of touchpoints"), mean, "%"),
            Reading::OneOf { .. } => (labelled("平均分", "mean points"), mean, ""),
        }
    }
}

fn reading(setting: &SignalSetting, no_mention: &[String], touchpoints: &mut NeedBuilder<'_>) -> Reading {
    match setting.kind {
        SignalKind::Level => {
            let column = touchpoints.number(&setting.field);
            Reading::Level { column, lowest: setting.lowest, best: setting.best }
        }
        SignalKind::Mentioned => {
            let column = touchpoints.text(&setting.field);
            let nothing: Vec<String> = no_mention.iter().map(|word| plainly(word)).collect();
            Reading::Mentioned(touchpoints.matching(column, move |answer| {
                let answer = plainly(answer);
                !answer.is_empty() && !nothing.contains(&answer)
            }))
        }
        SignalKind::OneOf => {
            let column = touchpoints.text(&setting.field);
            let mut answers = Vec::with_capacity(setting.answers.len());
            for answer in &setting.answers {
                let expected = plainly(&answer.answer);
                let matching = touchpoints.matching(column, move |answer| plainly(answer) == expected);
                answers.push((matching, answer.points));
            }
            let answered = touchpoints.matching(column, |answer| !plainly(answer).is_empty());
            Reading::OneOf { answers, answered }
        }
    }
}

/// Words are compared without blanks around them and in lower case.
fn plainly(word: &str) -> String {
    word.trim().to_lowercase()
}

/// The strongest and the weakest touchpoints in turn, beginning with the strongest; each once. Of equal ones the earlier
/// comes first.
fn telling(mut scored: Vec<Scored<'_>>) -> Vec<Row<'_>> {
    scored.sort_by(|left, right| right.score.total_cmp(&left.score));
    let each = EVIDENCE_MAX_EACH.min(scored.len().div_ceil(2));
    let mut rows = Vec::with_capacity(2 * each);
    for index in 0..each {
        rows.push(scored[index].row);
        let weakest = scored.len() - 1 - index;
        if weakest > index {
            rows.push(scored[weakest].row);
        }
    }
    rows
}

fn too_few(sample: usize, sample_min: usize) -> Localized {
    if sample == 0 {
        return text(
            "本周期内没有回答完整的业务触点",
            "no touchpoint of the period has all the answers that are needed",
        );
    }
    let (touchpoints, are) = if sample == 1 { ("touchpoint", "has") } else { ("touchpoints", "have") };
    text(
        format!("本周期内只有 {sample} 个回答完整的业务触点,至少需要 {sample_min} 个"),
        format!(
            "only {sample} {touchpoints} of the period {are} all the answers that are needed: at least {sample_min}"
        ),
    )
}

daybreak_sdk::export_indicator!(ProfessionalInfluence);
