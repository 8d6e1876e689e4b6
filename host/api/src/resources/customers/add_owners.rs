//! `POST /api/v1/owners`

use daybreak_app::organise::customers::OwnershipEntry;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::entries::{EntriesTaken, WireUncovered, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// Who looks after a customer, from a day until another. Several entries of one customer follow one another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnershipDraft {
    #[schema(min_length = 1, max_length = 256)]
    customer: String,
    /// The id of a person; without one, nobody.
    #[schema(max_length = 64)]
    owner: Option<String>,
    /// The first day; today unless one is given.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

impl From<OwnershipDraft> for OwnershipEntry {
    fn from(draft: OwnershipDraft) -> Self {
        Self {
            customer: draft.customer,
            owner: draft.owner,
            from: draft.from.map(|day| day.0),
            until: draft.until.map(|day| day.0),
        }
    }
}

/// Who looks after which customers, said together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnershipDrafts {
    #[schema(max_items = 10000)]
    owners: Vec<OwnershipDraft>,
    #[serde(default)]
    #[schema(required = false)]
    uncovered: WireUncovered,
}

/// Say who looks after many customers
///
/// All of it or, if one entry cannot be taken, nothing; every bad entry is named. Sending the same again changes nothing.
#[utoipa::path(
    post,
    path = "/owners",
    tag = "customers",
    request_body = OwnershipDrafts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn add_owners(
    caller: Caller,
    Json(drafts): Json<OwnershipDrafts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(drafts.owners.len())?;
    let entries: Vec<OwnershipEntry> = drafts.owners.into_iter().map(OwnershipEntry::from).collect();
    let uncovered = drafts.uncovered.into();
    Ok(Json(caller.daybreak.add_owners(&caller.company, &entries.into(), uncovered).await?.into()))
}
