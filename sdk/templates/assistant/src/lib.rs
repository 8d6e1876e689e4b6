//! Warns when a customer has not bought anything for too long.

use daybreak_sdk::assistant::{Alert, Assistant, Subject, Suggestion, TaskDraft};
use daybreak_sdk::{Context, Facts, Manifest, Need, Needs, Plugin, Refresh, SubjectKind, Text, Window, text};

#[cfg(test)]
mod tests;

// The settings form is made from the comments of these fields: first Chinese, then English.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 沉默天数 | Days of silence
    #[serde(default = "thirty")]
    #[schemars(range(min = 1, max = 365))]
    days: u32,
}

fn thirty() -> u32 {
    30
}

pub struct SilentCustomer {
    days: i64,
    orders: Need,
    actor: Text,
}

impl Plugin for SilentCustomer {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            text("沉默客户", "Silent customer"),
            text("客户太久没有下单时提醒。", "Warns when a customer has not bought anything for too long."),
        )
    }
}

impl Assistant for SilentCustomer {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        // Silence grows with every day, without any new fact.
        needs.subjects(&[SubjectKind::Customer]).refresh(Refresh::Daily);
        let mut orders = needs
            .of("order")
            .window(Window::LastDays(365))
            .because(text("找出最近一次下单", "to find the latest order"));
        let actor = orders.text("@actor");
        Ok(Self { days: i64::from(parameters.days), orders: orders.done(), actor })
    }

    fn assess(&self, context: &Context<'_>, _: &Subject, facts: &Facts<'_>) -> Vec<Alert> {
        let Some(last) = facts.of(self.orders).last() else { return Vec::new() };
        let silent_days = context.day_of(context.as_of()) - context.day_of(last.at()) - 1;
        if silent_days < self.days {
            return Vec::new();
        }
        let risk = (silent_days as f64 / (3 * self.days) as f64).min(1.0);
        let sentence = text(
            format!("该客户已 {silent_days} 天没有下单。"),
            format!("This customer has not ordered for {silent_days} days."),
        );
        let mut alert = Alert::new("silent", risk, sentence);
        alert.evidence = vec![last.evidence()];
        alert.suggestions = vec![Suggestion {
            heading: text("问问上次经手的人", "Ask who took the last order"),
            text: text("上一单的经手人最了解情况。", "Whoever took the last order knows the customer best."),
            evidence: vec![last.evidence()],
            people: last.text(self.actor).map(str::to_owned).into_iter().collect(),
        }];
        alert.plan = Some(TaskDraft { title: text("联系客户", "Call the customer"), due_days: 3, counts_in: None });
        vec![alert]
    }
}

daybreak_sdk::export_assistant!(SilentCustomer);
