//! `POST /api/v1/identities`

use daybreak_app::organise::identities::IdentityEntry;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::entries::{EntriesTaken, WireUncovered, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// Whom a source means by a name, from a day until another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityDraft {
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "helpdesk")]
    source: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    /// The id of the person; without one, nobody.
    #[schema(max_length = 64)]
    person: Option<String>,
    /// The first day; without one, on all days.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

impl From<IdentityDraft> for IdentityEntry {
    fn from(draft: IdentityDraft) -> Self {
        Self {
            source: draft.source,
            external: draft.name,
            person: draft.person,
            from: draft.from.map(|day| day.0),
            until: draft.until.map(|day| day.0),
        }
    }
}

/// Identities that are set together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityDrafts {
    #[schema(max_items = 10000)]
    identities: Vec<IdentityDraft>,
    #[serde(default)]
    #[schema(required = false)]
    uncovered: WireUncovered,
}

/// Say whom names in other systems mean
///
/// All of it or, if one entry cannot be taken, nothing. Facts that came before keep the person that they were given.
#[utoipa::path(
    post,
    path = "/identities",
    tag = "people",
    request_body = IdentityDrafts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn set_identities(
    caller: Caller,
    Json(drafts): Json<IdentityDrafts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(drafts.identities.len())?;
    let entries: Vec<IdentityEntry> = drafts.identities.into_iter().map(IdentityEntry::from).collect();
    let uncovered = drafts.uncovered.into();
    Ok(Json(caller.daybreak.add_identities(&caller.company, &entries.into(), uncovered).await?.into()))
}
