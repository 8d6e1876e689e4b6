//! `GET /api/v1/customers/{id}/owners`

use daybreak_domain::company::over_time;
use daybreak_domain::customer::Ownership;
use daybreak_domain::requirements::SubjectKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::Owners;
use crate::caller::Caller;
use crate::entries::end;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::resources::people::Named;
use crate::wire::{Text, WireDay};

/// Who looks after a customer from a day until another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Ownership)]
pub(super) struct OwnershipView {
    from: WireDay,
    /// The first day on which it is so no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    /// Absent: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Named>,
    /// The number of the row that says so, in the company's one sequence.
    sequence: i64,
}

/// List who looked after a customer when
///
/// In the order of the days, as known now: what was corrected is not among it.
#[utoipa::path(
    get,
    path = "/customers/{id}/owners",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id."), PageQuery),
    responses((status = 200, body = Page<OwnershipView>, description = "A page of owners."))
)]
pub(super) async fn list_owners(
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OwnershipView>>, Problem> {
    caller.require_subject(SubjectKind::Customer, &id, caller.today())?;
    if !caller.daybreak.customers(&caller.company).await?.contains_key(&id) {
        return Err(Problem::not_found());
    }
    let owners = Owners::of(&caller).await?;
    let view = |(from, until, row): (_, _, &Ownership)| OwnershipView {
        from: Text(from),
        until: end(until),
        owner: row.owner.as_deref().map(|owner| owners.named(owner)),
        sequence: row.validity.sequence,
    };
    let views: Vec<OwnershipView> = over_time(owners.rows(&id)).into_iter().map(view).collect();
    Ok(Json(page.cut(views, |view| view.from.0.to_string())?))
}
