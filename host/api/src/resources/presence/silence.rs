//! `GET /api/v1/silence`

use daybreak_app::silence::SilenceQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::resources::people::Named;
use crate::wire::{Text, WireDay};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SilentQuery {
    /// The kind of facts that break the silence.
    #[param(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "feedback")]
    kind: String,
    /// How many days, up to and including `on`.
    #[param(minimum = 1, maximum = 3660)]
    days: u32,
    /// The last of these days; today unless one is given.
    on: Option<WireDay>,
    /// What was known: rows up to this number; everything unless one is given.
    #[param(minimum = 0)]
    known_to: Option<i64>,
    /// Leave out who is absent on the day.
    #[serde(default)]
    #[param(required = false)]
    without_absent: bool,
}

/// The silent ones of one manager.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SilentTeam)]
struct SilentTeamView {
    /// Absent for people without a manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Named>,
    people: Vec<Named>,
}

/// How many people of the company are silent and are not.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct SilenceCounts {
    /// People who belong to the company on the day.
    employed: usize,
    /// Those of them with a fact of the kind in the last days.
    active: usize,
    /// Those who would be silent, but are absent on the day; 0 unless they were to be left out.
    absent: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Silence)]
pub(super) struct SilenceView {
    on: WireDay,
    known_to: i64,
    /// How many silent people are listed.
    silent: usize,
    /// Of the whole company; for those who see everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<SilenceCounts>,
    /// Most people first.
    managers: Vec<SilentTeamView>,
}

/// Find out who is silent
///
/// Of whom no fact of the kind was recorded in the last days although they belonged to the company all the while, under
/// the manager that they have on the day. Leaders see their own people.
#[utoipa::path(
    get,
    path = "/silence",
    tag = "people",
    params(SilentQuery),
    responses((status = 200, body = SilenceView, description = "Who is silent."))
)]
pub(super) async fn read_silence(
    caller: Caller,
    Query(query): Query<SilentQuery>,
) -> Result<Json<SilenceView>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let query = SilenceQuery {
        kind: query.kind,
        days: query.days,
        on,
        known_to: query.known_to,
        without_absent: query.without_absent,
    };
    let silence = caller.daybreak.silence(&caller.company, &query).await?;
    let names = caller.daybreak.people(&caller.company).await?;
    let named = |id: &String| Named::person(id, names.get(id));
    let mut managers: Vec<SilentTeamView> = Vec::new();
    for team in silence.managers {
        let people: Vec<Named> =
            team.people.iter().filter(|person| caller.leads_person(person, on)).map(named).collect();
        if !people.is_empty() {
            managers.push(SilentTeamView { manager: team.manager.as_ref().map(named), people });
        }
    }
    // Of a team, somebody may see a part only. The order of before stays where teams are of one size.
    managers.sort_by_key(|team| std::cmp::Reverse(team.people.len()));
    let counts = SilenceCounts { employed: silence.employed, active: silence.active, absent: silence.absent };
    Ok(Json(SilenceView {
        on: Text(on),
        known_to: silence.known_to,
        silent: managers.iter().map(|team| team.people.len()).sum(),
        company: caller.sees_everybody().then_some(counts),
        managers,
    }))
}
