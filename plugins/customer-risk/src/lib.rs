//! Warns of customers who bought regularly and have fallen silent, and puts together what the customer's own facts say
//! about winning them back.
//!
//! With D the day of assessment: a customer is at risk who bought on at least `purchase_days_min` different days in
//! (D − `regular_days`, D − `silent_days`] and on none in (D − `silent_days`, D]. Days are the company's local days. A
//! second rule about attrition can be asked for; see `attrition.rs`. The alert closes when either stops being true:
//! the customer bought again, or the purchases that made it a regular one are too long ago.

mod attrition;
mod package;
mod parameters;
mod purchases;
mod sentences;

use daybreak_sdk::assistant::{Alert, Assistant, Subject, TaskDraft};
use daybreak_sdk::{Context, Date, Evidence, Facts, Localized, Manifest, Needs, Plugin, Refresh, SubjectKind, text};

use attrition::{Found, Rule};
use package::Package;
pub use parameters::{Attrition, Parameters};
use purchases::{History, Orders};
use sentences::counted;

/// Most purchases named as evidence of an alert, the latest first.
const EVIDENCE_MAX: usize = 20;

pub struct CustomerRisk {
    silent_days: i64,
    regular_days: i64,
    purchase_days_min: usize,
    orders: Orders,
    attrition: Rule,
    package: Package,
    plan_due_days: u32,
    counts_in: Option<String>,
}

/// A regular customer's silence.
struct Silence {
    last_day: i64,
    /// Since the last purchase.
    days: i64,
    /// Different days with a purchase before the silence, among those looked at.
    purchase_days: usize,
}

impl Plugin for CustomerRisk {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "customer-risk",
            env!("CARGO_PKG_VERSION"),
            text("客户风险预警", "Customer risk"),
            text(
                "常客一段时间没有采购时提醒,并根据该客户自己的事实给出维系建议和关怀任务。",
                "Warns when a regular customer has not bought for a while, with suggestions from the customer's own \
                 facts and a draft of a care plan.",
            ),
        )
    }
}

impl Assistant for CustomerRisk {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        parameters.check()?;
        // Silence grows with every day, without any new fact.
        needs.subjects(&[SubjectKind::Customer]).refresh(Refresh::Daily);
        let orders = Orders::plan(&parameters, needs);
        let attrition = Rule::plan(&parameters, needs);
        let package = Package::plan(&parameters, needs);
        Ok(Self {
            silent_days: i64::from(parameters.silent_days),
            regular_days: i64::from(parameters.regular_days),
            purchase_days_min: parameters.purchase_days_min as usize,
            orders,
            attrition,
            package,
            plan_due_days: parameters.plan_due_days,
            counts_in: parameters::given(parameters.counts_in.as_ref()).map(str::to_owned),
        })
    }

    fn assess(&self, context: &Context<'_>, _: &Subject, facts: &Facts<'_>) -> Vec<Alert> {
        let history = self.orders.history(*context, facts);
        let Some(silence) = self.silence(&history, context.last_day()) else { return Vec::new() };
        let Some(attrition) = self.attrition.found(*context, facts) else { return Vec::new() };
        let mut alert = Alert::new("silent", self.risk(&silence), self.sentence(&silence, &attrition));
        alert.priority = history.spent();
        alert.evidence = self.evidence(&history, &silence, &attrition);
        alert.suggestions = self.package.suggestions(&self.orders, &history, &attrition, *context, facts);
        alert.plan = Some(self.care_plan(&silence));
        vec![alert]
    }
}

impl CustomerRisk {
    /// The silence of a customer who was a regular one before it; none of anybody else.
    fn silence(&self, history: &History<'_>, today: i64) -> Option<Silence> {
        let last_day = history.last_day()?;
        let days = today - last_day;
        if days < self.silent_days {
            return None;
        }
        let looked_at = today - self.regular_days + 1..=today - self.silent_days;
        let purchase_days = history.days_within(looked_at);
        (purchase_days >= self.purchase_days_min).then_some(Silence { last_day, days, purchase_days })
    }

    /// One half on the day on which the customer counts as silent, 1 where the last purchase leaves the days looked at,
    /// and a straight line between the two.
    fn risk(&self, silence: &Silence) -> f64 {
        let beyond = (silence.days - self.silent_days) as f64;
        0.5 + 0.5 * (beyond / (self.regular_days - self.silent_days) as f64).clamp(0.0, 1.0)
    }

    fn sentence(&self, silence: &Silence, attrition: &Found<'_>) -> Localized {
        let Silence { last_day, days, purchase_days } = silence;
        let (last, silent) = (Date::of_day(*last_day), self.silent_days);
        let before = self.regular_days - self.silent_days;
        let mut zh_cn = format!(
            "该客户已 {days} 天没有采购,最近一次是 {last};在近 {silent} 天之前的 {before} 天里有 {purchase_days} 天采购过。"
        );
        let mut en = format!(
            "No purchase for {}, the last on {last}; in the {before} days before the last {silent} there were \
             purchases on {}.",
            counted(*days, "day"),
            counted(*purchase_days as i64, "day")
        );
        if let Some((attrition_zh_cn, attrition_en)) = attrition.in_words() {
            zh_cn.push_str(&attrition_zh_cn);
            en.push(' ');
            en.push_str(&attrition_en);
        }
        text(zh_cn, en)
    }

    fn evidence(&self, history: &History<'_>, silence: &Silence, attrition: &Found<'_>) -> Vec<Evidence> {
        let first_day = silence.last_day + silence.days - self.regular_days + 1;
        let regular = history.latest_first().take_while(|purchase| purchase.day >= first_day);
        regular.take(EVIDENCE_MAX).map(|purchase| purchase.row.evidence()).chain(attrition.evidence()).collect()
    }

    fn care_plan(&self, silence: &Silence) -> TaskDraft {
        // The date, not the number of days: the task keeps its title while the silence grows.
        let last = Date::of_day(silence.last_day);
        let title = text(
            format!("客户关怀:{last} 之后没有采购,请联系客户"),
            format!("Customer care: call on a customer who has not bought since {last}"),
        );
        TaskDraft { title, due_days: self.plan_due_days, counts_in: self.counts_in.clone() }
    }
}

daybreak_sdk::export_assistant!(CustomerRisk);
