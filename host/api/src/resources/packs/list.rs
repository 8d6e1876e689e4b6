//! `GET /api/v1/packs`

use daybreak_app::stored::AppliedPack;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant};

/// A pack that was applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AppliedPack)]
pub(super) struct AppliedPackView {
    sequence: i64,
    pack: String,
    version: String,
    /// The SHA-256 of all its files.
    digest: String,
    applied_at: WireInstant,
}

impl From<AppliedPack> for AppliedPackView {
    fn from(applied: AppliedPack) -> Self {
        Self {
            sequence: applied.sequence,
            pack: applied.pack,
            version: applied.version,
            digest: applied.digest.to_string(),
            applied_at: Text(applied.applied_at),
        }
    }
}

/// List applied packs
///
/// In the order in which they were applied.
#[utoipa::path(
    get,
    path = "/packs",
    tag = "packs",
    params(PageQuery),
    responses((status = 200, body = Page<AppliedPackView>, description = "A page of applied packs."))
)]
pub(super) async fn list_applied_packs(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AppliedPackView>>, Problem> {
    let after = page.after_number()?;
    let applied = caller.daybreak.applied_packs(&caller.company).await?;
    let later = applied.into_iter().filter(|applied| applied.sequence > after).collect();
    Ok(Json(page.of(later, |applied| applied.sequence.to_string(), AppliedPackView::from)?))
}
