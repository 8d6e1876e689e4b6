//! Alerts: risks that assistants have seen, for those who can do something about them.
//!
//! An alert about a customer is for whoever looks after it, those who lead them, HR partners and administrators; one about
//! an employee is for those who lead them, never for the employee; one about a department, for those who lead somebody
//! in it; one about the company, for HR partners and administrators.

use daybreak_app::stored::StoredAlert;
use daybreak_domain::alert::{Advice, Event};
use daybreak_domain::assistant::TaskDraft;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Day;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::problem::Problem;
use crate::requirements::WireSubjectKind;
use crate::wire::{Text, WireDay, WireInstant, WireText};

mod list;
mod plan;
mod read;
mod replay;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_alerts))
        .routes(routes!(read::read_alert))
        .routes(routes!(plan::plan_alert))
        .routes(routes!(replay::replay_alert))
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AlertEvent)]
pub(super) enum WireEvent {
    Opened,
    /// The same risk, said differently.
    Updated,
    /// The risk is gone, or is not watched any more.
    Closed,
    /// Somebody made a task of its plan.
    Planned,
}

impl From<Event> for WireEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Opened => Self::Opened,
            Event::Updated => Self::Updated,
            Event::Closed => Self::Closed,
            Event::Planned => Self::Planned,
        }
    }
}

/// One part of an alert's package.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
pub(super) struct SuggestionView {
    heading: WireText,
    text: WireText,
    /// The numbers of the facts that it rests on.
    evidence: Vec<i64>,
    /// The ids of people who can help.
    people: Vec<String>,
}

impl From<&Advice> for SuggestionView {
    fn from(advice: &Advice) -> Self {
        Self {
            heading: (&advice.heading).into(),
            text: (&advice.text).into(),
            evidence: advice.evidence.clone(),
            people: advice.people.clone(),
        }
    }
}

/// The task that an alert proposes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CarePlan)]
pub(super) struct PlanView {
    title: WireText,
    /// It is due so many days after the day on which somebody agrees to it.
    due_days: u32,
    /// The indicator in which finishing it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts_in: Option<String>,
}

impl From<&TaskDraft> for PlanView {
    fn from(plan: &TaskDraft) -> Self {
        Self { title: (&plan.title).into(), due_days: plan.due_days, counts_in: plan.counts_in.clone() }
    }
}

/// An alert as it is now, or was after something happened to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub(super) struct AlertView {
    /// The alert's number.
    alert: i64,
    /// The number of this revision in the company's one sequence.
    sequence: i64,
    /// What happened to it last.
    event: WireEvent,
    open: bool,
    /// The id under which the assistant is in use.
    enablement: String,
    subject_kind: WireSubjectKind,
    /// The id of the customer, the employee, the department or the company.
    subject: String,
    /// What kind of risk it is, as the assistant calls it.
    key: String,
    /// 0 to 1.
    risk: f64,
    /// Alerts are listed by it, the largest first.
    priority: f64,
    sentence: WireText,
    /// The numbers of the facts that it rests on.
    evidence: Vec<i64>,
    /// The package: what to know, and whom to ask.
    suggestions: Vec<SuggestionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanView>,
    /// The id of the task that was made of its plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    /// The day of the assessment that opened it.
    opened_on: WireDay,
    assessed_on: WireDay,
    recorded_at: WireInstant,
    /// The id of a person; absent where an assessment did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_by: Option<String>,
}

impl From<&StoredAlert> for AlertView {
    fn from(stored: &StoredAlert) -> Self {
        let content = &stored.content;
        Self {
            alert: stored.alert,
            sequence: stored.sequence,
            event: stored.event.into(),
            open: stored.is_open(),
            enablement: stored.enablement.clone(),
            subject_kind: stored.subject_kind.into(),
            subject: stored.subject.clone(),
            key: content.key.clone(),
            risk: content.risk,
            priority: content.priority,
            sentence: (&content.sentence).into(),
            evidence: content.evidence.clone(),
            suggestions: content.suggestions.iter().map(SuggestionView::from).collect(),
            plan: content.plan.as_ref().map(PlanView::from),
            task: stored.task.clone(),
            opened_on: Text(stored.opened_on),
            assessed_on: Text(stored.assessed_on),
            recorded_at: Text(stored.recorded_at),
            recorded_by: stored.recorded_by.clone(),
        }
    }
}

/// Whether the alert is for the caller: today while it is open, afterwards on the day of its last assessment.
pub(super) fn receives(caller: &Caller, alert: &StoredAlert) -> bool {
    let day = if alert.is_open() { caller.today() } else { alert.assessed_on };
    receives_about(caller, alert.subject_kind, &alert.subject, day)
}

/// Whether an alert about the subject is for the caller on the day.
pub(super) fn receives_about(caller: &Caller, kind: SubjectKind, subject: &str, day: Day) -> bool {
    let Who::Person { reach, .. } = &caller.who else { return true };
    match kind {
        SubjectKind::Employee => caller.leads_person(subject, day),
        SubjectKind::Customer => reach.covers_customer(subject, day),
        SubjectKind::Department => {
            let leads = reach.is_admin() || reach.is_hr() || reach.manages_somebody_on(day);
            leads && reach.covers_department(subject, day)
        }
        SubjectKind::Company => reach.is_admin() || reach.is_hr(),
    }
}

/// Everything that happened to the alert, if it is for the caller, and how it is now.
async fn history_in_reach(caller: &Caller, alert: i64) -> Result<(Vec<StoredAlert>, StoredAlert), Problem> {
    let history = caller.daybreak.alert_history(&caller.company, alert).await?;
    match history.last().cloned() {
        Some(newest) if receives(caller, &newest) => Ok((history, newest)),
        _ => Err(Problem::not_found()),
    }
}
