//! While a circumstance lasts, one indicator counts for more.

use daybreak_sdk::reweighting::{Change, Reweighting, Scorecard, WHOLE};
use daybreak_sdk::{Context, Manifest, Needs, Plugin, text};

#[cfg(test)]
mod tests;

// The settings form is made from the comments of these fields: first Chinese, then English.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 情形类型 | Kind of circumstance
    circumstance: String,
    /// 指标 | Indicator
    indicator: String,
    /// 届时权重(百分数) | Its share meanwhile, in percent
    #[schemars(range(max = 100))]
    percent: u32,
}

pub struct CountsForMore {
    circumstance: String,
    indicator: String,
    share: u32,
}

impl Plugin for CountsForMore {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            text("情形加权", "Counts for more"),
            text("情形持续期间,一项指标的权重提高。", "While a circumstance lasts, one indicator counts for more."),
        )
    }
}

impl Reweighting for CountsForMore {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        let Parameters { circumstance, indicator, percent } = parameters;
        if percent > 100 {
            return Err(format!("percent: {percent} is more than the whole"));
        }
        needs.circumstance(&circumstance);
        Ok(Self { circumstance, indicator, share: WHOLE / 100 * percent })
    }

    // Only what changes is named; the host scales the other shares so that all total the whole again.
    fn adjust(&self, context: &Context<'_>, scorecard: &Scorecard) -> Vec<Change> {
        let month = context.period();
        let lasting = scorecard.circumstances.iter().find(|circumstance| {
            circumstance.kind == self.circumstance
                && circumstance.during.start < month.end
                && month.start < circumstance.during.end
        });
        let raised = scorecard
            .shares
            .iter()
            .find(|share| share.indicator == self.indicator && !share.locked && share.share < self.share);
        let (Some(because), Some(_)) = (lasting, raised) else { return Vec::new() };
        let reason =
            text("情形持续期间,该指标的权重提高", "this indicator counts for more while the circumstance lasts");
        vec![Change::of_indicator(&self.indicator, self.share, because, reason)]
    }
}

daybreak_sdk::export_reweighting!(CountsForMore);
