//! Hours from a document's first event to its last resolving event, credited to whoever resolved it and to the period
//! of that event.
//!
//! The first event is often somebody else's, so the plugin asks for all facts on the documents that the subject took
//! part in. A document that was resolved again later counts once, with its last resolving event known at as-of: if
//! that one is somebody else's or lies outside the period, the document is not the subject's.

use daybreak_sdk::indicator::{Indicator, Outcome, Rules, Subject};
use daybreak_sdk::localized::plain;
use daybreak_sdk::{
    Context, Facts, Manifest, Matching, Need, Needs, Plugin, Row, Scope, SubjectKind, Text, Truth, Window,
    hours_between, points, statistics, text,
};

/// Most rows of evidence: the slowest documents.
const EVIDENCE_MAX: usize = 20;

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 业务事实类型 | Fact kind
    #[serde(default = "ticket_event")]
    kind: String,
    /// 活动字段 | Activity field
    ///
    /// 事实中说明发生了什么的字段 | The field of the fact that says what happened
    #[serde(default = "activity")]
    activity: String,
    /// 视为已解决的活动 | Activities that resolve
    ///
    /// 活动字段取其中任一值时,单据视为已解决 | A document is resolved when its activity is one of these
    #[schemars(length(min = 1, max = 50))]
    resolving: Vec<String>,
}

fn ticket_event() -> String {
    "ticket.event".to_owned()
}

fn activity() -> String {
    "activity".to_owned()
}

pub struct TimeToResolve {
    events: Need,
    resolving: Matching,
    document: Text,
    is_subject: Truth,
}

/// A document that the subject resolved in the period.
struct Resolved<'a> {
    hours: f64,
    by: Row<'a>,
}

impl Plugin for TimeToResolve {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "time-to-resolve",
            env!("CARGO_PKG_VERSION"),
            text("解决时长", "Time to resolve"),
            text(
                "单据从第一条事件到最后一次解决的小时数(中位数),计入最后解决的人和该次解决所在的周期。",
                "Median hours from a document's first event to its last resolving event, credited to whoever resolved \
                 it and to the period of that event.",
            ),
        )
    }
}

impl Indicator for TimeToResolve {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        if parameters.resolving.is_empty() {
            return Err("resolving: name at least one activity that resolves a document".to_owned());
        }
        needs.subjects(&[SubjectKind::Employee, SubjectKind::Department, SubjectKind::Customer, SubjectKind::Company]);
        let mut events =
            needs.of(&parameters.kind).scope(Scope::Documents).window(Window::PeriodAndBefore(0)).because(text(
                "计算每张单据从第一条事件到解决的时长,第一条事件往往来自他人",
                "to time each document from its first event, which is often somebody else's, until it was resolved",
            ));
        let activity = events.text(&parameters.activity);
        let document = events.text("@document");
        let is_subject = events.truth("@is-subject");
        let resolving = events.matching(activity, move |word| parameters.resolving.iter().any(|known| known == word));
        Ok(Self { events: events.done(), resolving, document, is_subject })
    }

    fn score(&self, context: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome {
        let documents = facts.of(self.events).grouped(self.document);
        let mut resolved: Vec<Resolved<'_>> = Vec::new();
        for document in documents.iter() {
            let Some(by) = document.iter().rev().find(|row| row.matches(self.resolving)) else { continue };
            if by.truth(self.is_subject) == Some(true) && context.period().holds(&by) {
                resolved.push(Resolved { hours: hours_between(document.first().at(), by.at()), by });
            }
        }
        let hours: Vec<f64> = resolved.iter().map(|document| document.hours).collect();
        let (Some(median), Some(p90)) = (statistics::median(&hours), statistics::quantile(&hours, 0.9)) else {
            return Outcome::not_computable(text(
                "本周期内没有由其解决的单据",
                "no document was resolved by them in the period",
            ));
        };
        // The sort is stable: of two documents that took equally long, the one that began first comes first.
        resolved.sort_by(|left, right| right.hours.total_cmp(&left.hours));
        let slowest = resolved[0].hours;
        let mut outcome = Outcome::raw(median, hours.len())
            .with_figure("documents", text("解决单据数", "Documents resolved"), hours.len() as f64, "")
            .with_figure("p90-hours", text("九成单据不超过", "Nine in ten within"), p90, "h")
            .with_figure("longest-hours", text("最长一张", "The longest"), slowest, "h");
        if let Some(target) = subject.target {
            let within = hours.iter().filter(|&&hours| hours <= target).count();
            let label = text(
                format!("{} 小时内解决的占比", plain(target)),
                format!("Share resolved within {} h", plain(target)),
            );
            outcome = outcome.with_figure("within-target", label, 100.0 * within as f64 / hours.len() as f64, "%");
        }
        outcome
            .with_evidence(resolved.iter().take(EVIDENCE_MAX).map(|document| document.by.evidence()))
            .graded(points::by_goals(median, subject, rules))
    }
}

daybreak_sdk::export_indicator!(TimeToResolve);
