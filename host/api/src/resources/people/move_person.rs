//! `POST /api/v1/people/{id}/moves`

use axum::http::StatusCode;
use daybreak_app::organise::people::Move;
use daybreak_domain::company::{borders, spell_on};
use daybreak_domain::time::Day;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::{Caller, Who};
use crate::entries::Given;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Where a person belongs from a day on; what is left out stays as it is on that day.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveDraft {
    #[schema(max_length = 64)]
    department: Option<String>,
    /// The id of a person; null: nobody.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, max_length = 64)]
    manager: Given<String>,
    #[schema(max_length = 64)]
    position: Option<String>,
    /// The first day; today unless one is given.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

/// Move a person
///
/// To another department, manager or position from a day on. What was known to change later, before `until`, is replaced.
/// An HR partner moves people of their departments, on days on which they belong to them, and brings nobody into their
/// own line.
#[utoipa::path(
    post,
    path = "/people/{id}/moves",
    tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    request_body = MoveDraft,
    responses((status = 204, description = "It is so from that day on."))
)]
pub(super) async fn move_person(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<MoveDraft>,
) -> Result<StatusCode, Problem> {
    let from = draft.from.map_or_else(|| caller.today(), |day| day.0);
    let change = Move {
        department: draft.department,
        manager: match draft.manager {
            Given::LeftOut => None,
            Given::Null => Some(None),
            Given::Value(manager) => Some(Some(manager)),
        },
        position: draft.position,
        from: Some(from),
        until: draft.until.map(|day| day.0),
    };
    check_reach(&caller, &id, from, &change).await?;
    caller.daybreak.move_person(&caller.company, &id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the caller may move the person on all these days. Where somebody belongs decides who sees their scores, of the
/// past too, so nobody widens their own reach with a move.
async fn check_reach(caller: &Caller, person: &str, from: Day, change: &Move) -> Result<(), Problem> {
    let Who::Person { reach, person: own, .. } = &caller.who else { return Ok(()) };
    if reach.is_admin() {
        return Ok(());
    }
    if person == own || !reach.looks_after_person(person, from) {
        return Err(Problem::not_found());
    }
    let spells = caller.daybreak.spells_of(&caller.company, person).await?;
    for day in borders(&spells, from, change.until) {
        let is_there = spell_on(&spells, day).is_some_and(|spell| spell.employed);
        if is_there && !reach.looks_after_person(person, day) {
            return Err(Problem::refused(format!(
                "On {day} the person belongs to none of your departments: say in `until` how long your change holds, or \
                 ask an administrator."
            )));
        }
        if let Some(Some(manager)) = &change.manager
            && (manager == own || reach.has_in_line(manager, day))
            && !reach.has_in_line(person, day)
        {
            return Err(Problem::refused(
                "The person would come into your own line: an administrator has to move them there.",
            ));
        }
    }
    Ok(())
}
