//! `GET /api/v1/people/{id}/spells`

use daybreak_domain::company::over_time;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Standing, directory_with};
use crate::caller::Caller;
use crate::entries::end;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Where a person belongs from a day until another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Spell)]
pub(super) struct SpellView {
    from: WireDay,
    /// The first day on which it is so no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    /// False: they do not belong to the company on these days.
    employed: bool,
    #[serde(flatten)]
    standing: Standing,
    /// The number of the row that says so, in the company's one sequence.
    sequence: i64,
}

/// List where a person belonged when
///
/// In the order of the days, as known now: what was corrected is not among it.
#[utoipa::path(
    get,
    path = "/people/{id}/spells",
    tag = "people",
    params(("id" = String, Path, description = "The person's id."), PageQuery),
    responses((status = 200, body = Page<SpellView>, description = "A page of spells."))
)]
pub(super) async fn list_spells(
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SpellView>>, Problem> {
    let directory = directory_with(&caller, &id, caller.today()).await?;
    let view = |(from, until, spell): (_, _, &daybreak_domain::company::Spell)| SpellView {
        from: Text(from),
        until: end(until),
        employed: spell.employed,
        standing: Standing::of(&directory, Some(spell)),
        sequence: spell.validity.sequence,
    };
    let spells: Vec<SpellView> = over_time(directory.spells_of(&id)).into_iter().map(view).collect();
    Ok(Json(page.cut(spells, |spell| spell.from.0.to_string())?))
}
