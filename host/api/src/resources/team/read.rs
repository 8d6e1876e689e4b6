//! `GET /api/v1/people/{person}/team`

use daybreak_app::stored::{OverdueTask, StoredAlert};
use daybreak_app::team::{Reason, TeamComposite, TeamMember, TeamQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::requirements::WireSubjectKind;
use crate::resources::alerts::receives;
use crate::resources::composites::points_of;
use crate::resources::people::{Named, Titled};
use crate::wire::{Text, WireDay, WirePeriod, WireText};

/// Overdue tasks that are named; the rest is counted.
const TASKS_NAMED_MAX: usize = 5;

/// When somebody needs a word.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WordQuery {
    /// After so many days without feedback, given or received; 30 if absent.
    #[param(minimum = 1, maximum = 3660)]
    silent_days: Option<u32>,
    /// Where the composite fell by at least so many points against the month before; 10 if absent.
    #[param(minimum = 0, maximum = 1000)]
    fell_by: Option<u32>,
}

/// The composite of the running month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TeamComposite)]
struct TeamCompositeView {
    /// The composite's number.
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The part of the shares, in millionths, that the points rest on.
    coverage: u32,
    /// By how many points it differs from the month before; absent where there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_last_month: Option<f64>,
}

impl From<&TeamComposite> for TeamCompositeView {
    fn from(composite: &TeamComposite) -> Self {
        let (points, not_computable) = points_of(&composite.points);
        Self {
            sequence: composite.sequence,
            points,
            not_computable,
            coverage: composite.coverage,
            since_last_month: points.zip(composite.last_month).map(|(points, last)| points - last),
        }
    }
}

/// The composite of one month; without points where there are none.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TeamTrendPoint)]
struct TeamTrendView {
    month: WirePeriod,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OverdueTask)]
struct OverdueTaskView {
    id: String,
    title: String,
    due: WireDay,
}

impl From<&OverdueTask> for OverdueTaskView {
    fn from(task: &OverdueTask) -> Self {
        Self { id: task.task.clone(), title: task.title.clone(), due: Text(task.due) }
    }
}

/// Why somebody needs a word, with the facts behind it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[schema(as = TeamReason)]
enum ReasonView {
    /// An open alert about the person or about a customer that they look after.
    Alert {
        /// The alert's number.
        alert: i64,
        subject_kind: WireSubjectKind,
        /// The id of the customer, or of the person.
        subject: String,
        /// The customer's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject_name: Option<String>,
        sentence: WireText,
        /// 0 to 1.
        risk: f64,
        opened_on: WireDay,
    },
    /// Open tasks that should have been done before today.
    OverdueTasks {
        count: usize,
        /// At most 5; those that were due first come first.
        tasks: Vec<OverdueTaskView>,
    },
    /// The composite of a month fell against that of the month before. The month is the running one in its last week,
    /// else the one that ended.
    CompositeFell {
        month: WirePeriod,
        points: f64,
        /// The points of the month before.
        before: f64,
        /// By how many points, above 0.
        by: f64,
    },
    /// The composite of the running month is not computable.
    NotComputable { reason: WireText },
    /// No feedback was given or received for so many days or longer.
    Silent {
        days: u32,
        /// The last day with any; absent where there never was one.
        #[serde(skip_serializing_if = "Option::is_none")]
        last_on: Option<WireDay>,
    },
}

impl ReasonView {
    /// None for an alert that is not for the caller.
    fn of(reason: &Reason, caller: &Caller) -> Option<Self> {
        Some(match reason {
            Reason::Alert { alert, name } => {
                let alert: &StoredAlert = alert;
                if !receives(caller, alert) {
                    return None;
                }
                Self::Alert {
                    alert: alert.alert,
                    subject_kind: alert.subject_kind.into(),
                    subject: alert.subject.clone(),
                    subject_name: name.clone(),
                    sentence: (&alert.content.sentence).into(),
                    risk: alert.content.risk,
                    opened_on: Text(alert.opened_on),
                }
            }
            Reason::OverdueTasks(tasks) => Self::OverdueTasks {
                count: tasks.len(),
                tasks: tasks.iter().take(TASKS_NAMED_MAX).map(OverdueTaskView::from).collect(),
            },
            Reason::CompositeFell { month, points, before } => {
                Self::CompositeFell { month: Text(*month), points: *points, before: *before, by: before - points }
            }
            Reason::NotComputable { reason } => Self::NotComputable { reason: reason.into() },
            Reason::Silent { days, last } => Self::Silent { days: *days, last_on: last.map(Text) },
        })
    }
}

/// Somebody of the team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TeamMember)]
struct MemberView {
    person: String,
    /// Empty for a person who was erased.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Titled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Named>,
    /// Absent while the running month has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    composite: Option<TeamCompositeView>,
    /// The last twelve months in order; the running one is the last.
    trend: Vec<TeamTrendView>,
    /// How many indicators there are in the running month.
    indicators: usize,
    /// How many of them have to be computed again.
    stale: usize,
    /// The same as a part of them, in millionths, rounded down.
    stale_share: usize,
    /// Empty where nothing is the matter.
    reasons: Vec<ReasonView>,
}

impl MemberView {
    fn of(member: &TeamMember, caller: &Caller) -> Self {
        let trend = member.trend.iter().map(|(month, points)| TeamTrendView { month: Text(*month), points: *points });
        Self {
            person: member.person.id.clone(),
            name: member.person.name.clone(),
            position: member.position.as_ref().map(|(id, position)| Titled::of(id, position.as_ref())),
            department: member.department.as_ref().map(|(id, department)| Named::department(id, department.as_ref())),
            composite: member.composite.as_ref().map(TeamCompositeView::from),
            trend: trend.collect(),
            indicators: member.indicators,
            stale: member.stale,
            stale_share: member.stale * 1_000_000 / member.indicators.max(1),
            reasons: member.reasons.iter().filter_map(|reason| ReasonView::of(reason, caller)).collect(),
        }
    }
}

/// A manager's team today.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Team)]
pub(super) struct TeamView {
    /// The id of the manager.
    manager: String,
    today: WireDay,
    /// The running month.
    month: WirePeriod,
    /// In the order of their names, at most 500.
    members: Vec<MemberView>,
}

/// Read somebody's team
///
/// Those whose manager the person is today, in the order of their names and never by points: the composite of the running
/// month, its year, and the reasons why somebody needs a word. Of the team, the caller sees those in their reach.
#[utoipa::path(
    get,
    path = "/people/{person}/team",
    tag = "people",
    params(("person" = String, Path, description = "The id of the manager.", max_length = 256), WordQuery),
    responses((status = 200, body = TeamView, description = "The team; empty for whoever leads nobody."))
)]
pub(super) async fn read_team(
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<WordQuery>,
) -> Result<Json<TeamView>, Problem> {
    let today = caller.today();
    caller.require_person(&person, today)?;
    let query =
        TeamQuery { silent_days: query.silent_days.unwrap_or(30), fell_by: f64::from(query.fell_by.unwrap_or(10)) };
    let team = caller.daybreak.team(&caller.company, &person, query).await?;
    let members = team.members.iter().filter(|member| caller.leads_person(&member.person.id, today));
    Ok(Json(TeamView {
        manager: team.manager.clone(),
        today: Text(team.today),
        month: Text(team.month),
        members: members.map(|member| MemberView::of(member, &caller)).collect(),
    }))
}
