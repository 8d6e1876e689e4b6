//! How many different customers somebody visited in the period.

use daybreak_sdk::indicator::{Indicator, Outcome, Rules, Subject};
use daybreak_sdk::{Context, Facts, Manifest, Need, Needs, Number, Plugin, Text, points, text};

#[cfg(test)]
mod tests;

// The settings form is made from the comments of these fields: first Chinese, then English.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 业务事实类型 | Fact kind
    #[serde(default = "visit")]
    kind: String,
    /// 最短分钟数 | Minutes at least
    ///
    /// 更短的拜访不计 | Shorter visits do not count
    #[serde(default)]
    minutes_min: f64,
}

fn visit() -> String {
    "visit".to_owned()
}

pub struct CustomersVisited {
    minutes_min: f64,
    visits: Need,
    customer: Text,
    minutes: Number,
}

impl Plugin for CustomersVisited {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            text("拜访客户数", "Customers visited"),
            text("周期内拜访过的不同客户数。", "How many different customers were visited in the period."),
        )
    }
}

impl Indicator for CustomersVisited {
    // What is asked for here is all that the plugin will ever see; an administrator grants it.
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        let mut visits = needs.of(&parameters.kind).because(text("统计拜访过的客户", "to count the customers visited"));
        let customer = visits.text("@customer");
        let minutes = visits.number("minutes");
        Ok(Self { minutes_min: parameters.minutes_min, visits: visits.done(), customer, minutes })
    }

    // One subject's facts in, one outcome out, and nothing else: the host may ask again years later.
    fn score(&self, _: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome {
        let customers = facts.of(self.visits).grouped(self.customer);
        let mut evidence = Vec::new();
        for visits in customers.iter() {
            let long_enough = visits.iter().find(|visit| visit.number(self.minutes).unwrap_or(0.0) >= self.minutes_min);
            evidence.extend(long_enough.map(|visit| visit.evidence()));
        }
        let visited = evidence.len();
        Outcome::raw(visited as f64, visited)
            .with_figure("customers", text("有过往来的客户", "Customers met at all"), customers.len() as f64, "")
            .with_evidence(evidence.into_iter().take(20))
            .graded(points::by_goals(visited as f64, subject, rules))
    }
}

daybreak_sdk::export_indicator!(CustomersVisited);
