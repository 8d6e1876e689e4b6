//! `GET /api/v1/circumstances`

use daybreak_app::stored::{CircumstanceQuery, StoredCircumstance};
use daybreak_domain::time::Day;
use serde::Deserialize;
use utoipa::IntoParams;

use super::CircumstanceView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::wire::WirePeriod;

/// Which circumstances. None given: all in reach that were not withdrawn.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CircumstancesQuery {
    #[param(max_length = 64)]
    kind: Option<String>,
    /// Those in which this person takes part.
    #[param(max_length = 256)]
    person: Option<String>,
    /// Those that hold on some day of the period.
    during: Option<WirePeriod>,
    /// Also those that were recorded by mistake and never held.
    #[serde(default)]
    #[param(required = false)]
    withdrawn: bool,
}

/// List circumstances
///
/// Those that began last come first. People see those in which somebody in their reach takes part; a page may therefore hold
/// fewer than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/circumstances",
    tag = "circumstances",
    params(CircumstancesQuery, PageQuery),
    responses((status = 200, body = Page<CircumstanceView>, description = "A page of circumstances."))
)]
pub(super) async fn list_circumstances(
    caller: Caller,
    Query(query): Query<CircumstancesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<CircumstanceView>>, Problem> {
    let person = query.person;
    let query = CircumstanceQuery {
        kind: query.kind,
        person: person.clone(),
        during: query.during.map(|during| during.0),
        withdrawn: query.withdrawn,
        after: page.after.as_deref().map(read_key).transpose()?,
        most: page.most()? + 1,
    };
    let found = caller.daybreak.circumstances_matching(&caller.company, &query).await?;
    let key = |stored: &StoredCircumstance| format!("{}_{}", stored.circumstance.from.0, stored.circumstance.id);
    let view = |stored: StoredCircumstance| {
        let view = CircumstanceView::of(stored.circumstance, &caller)?;
        // Whom the caller may not see is nobody to ask about.
        let seen = |person: &String| view.participants.iter().any(|participant| participant.person == *person);
        person.as_ref().is_none_or(seen).then_some(view)
    };
    let Page { items, next } = page.of(found, key, view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}

fn read_key(text: &str) -> Result<(Day, String), Problem> {
    let (day, id) = text.split_once('_').ok_or_else(bad_after)?;
    Ok((Day(day.parse().map_err(|_| bad_after())?), id.to_owned()))
}
