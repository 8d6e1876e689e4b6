//! One sentence under a chart: the target first, then the trend.

use daybreak_sdk::insight::{Chart, Insight, Sentence, Tone};
use daybreak_sdk::localized::plain;
use daybreak_sdk::{Context, Manifest, Needs, Plugin, text};

#[cfg(test)]
mod tests;

// The settings form is made from the comments of these fields: first Chinese, then English.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 明显变化的百分比 | Percent that count as a change
    #[serde(default = "ten")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    change_percent: f64,
}

fn ten() -> f64 {
    10.0
}

pub struct TargetAndTrend {
    change_percent: f64,
}

impl Plugin for TargetAndTrend {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            text("目标与趋势", "Target and trend"),
            text("先说是否达到目标,再说趋势。", "Says whether the target is met, then how it is going."),
        )
    }
}

impl Insight for TargetAndTrend {
    fn plan(parameters: Parameters, _: &mut Needs) -> Result<Self, String> {
        Ok(Self { change_percent: parameters.change_percent })
    }

    // One chart in, one sentence out, or none where nothing is worth saying.
    fn narrate(&self, _: &Context<'_>, chart: &Chart) -> Option<Sentence> {
        let series = chart.series.first()?;
        let known: Vec<f64> =
            series.points.iter().filter(|point| point.complete).filter_map(|point| point.value).collect();
        let (&latest, earlier) = known.split_last()?;
        let better = |left: f64, right: f64| if chart.higher_is_better { left > right } else { left < right };
        if let Some(target) = chart.target {
            let (value, target_text) = (plain(latest), plain(target));
            if better(target, latest) {
                let sentence = text(
                    format!("最近为 {value},尚未达到目标 {target_text}。"),
                    format!("At {value}, short of the target of {target_text}."),
                );
                let next_step = text(
                    "看看下方明细,先处理差距最大的一项。",
                    "Look at the details below and take the largest gap first.",
                );
                return Some(Sentence::new("below-target", Tone::Act, sentence).with_next_step(next_step));
            }
            let sentence = text(
                format!("最近为 {value},已达到目标 {target_text}。"),
                format!("At {value}, the target of {target_text} is met."),
            );
            return Some(Sentence::new("target-met", Tone::Praise, sentence));
        }
        let &before = earlier.last()?;
        let change = 100.0 * (latest - before) / before.abs();
        if !change.is_finite() || change.abs() < self.change_percent {
            return None;
        }
        let tone = if better(latest, before) { Tone::Praise } else { Tone::Watch };
        let (zh_cn, en) = if change > 0.0 { ("上升", "up") } else { ("下降", "down") };
        let percent = plain(change.abs());
        let sentence = text(format!("比上期{zh_cn} {percent}%。"), format!("{percent}% {en} on the period before."));
        Some(Sentence::new("trend", tone, sentence))
    }
}

daybreak_sdk::export_insight!(TargetAndTrend);
