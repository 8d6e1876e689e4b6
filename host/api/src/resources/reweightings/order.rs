//! `POST /api/v1/people/{id}/reweightings`

use daybreak_app::reweight::Reweighting;
use daybreak_domain::period::Period;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ReweightingView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::shares::WireTarget;
use crate::wire::{WireDay, check_plain};

/// Longest reason, in bytes.
const REASON_BYTES_MAX: usize = 2_000;

/// A temporary change of a share.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReweightingOrder)]
pub(super) struct ReweightingDraft {
    target: WireTarget,
    /// Its share meanwhile, in millionths. The rest is scaled, so that shares total the whole.
    #[schema(minimum = 0, maximum = 1_000_000, example = 300_000)]
    share: u32,
    /// The first day; today if absent.
    from: Option<WireDay>,
    /// The day from which it no longer holds: it reverts by itself. At most 366 days later.
    until: WireDay,
    /// In a sentence; the employee reads it.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Order a reweighting
///
/// For somebody in the caller's line, or of a department that the caller looks after as HR partner. Refused with the reason
/// where it contradicts what else changes the shares on its days.
#[utoipa::path(
    post,
    path = "/people/{id}/reweightings",
    tag = "scorecards",
    params(("id" = String, Path, description = "The person's id.")),
    request_body = ReweightingDraft,
    responses((status = 200, body = ReweightingView, description = "The reweighting, with its number."))
)]
pub(super) async fn order_reweighting(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<ReweightingDraft>,
) -> Result<Json<ReweightingView>, Problem> {
    let today = caller.today();
    if !caller.leads_person(&id, today) || caller.daybreak.person(&caller.company, &id).await.is_err() {
        return Err(Problem::not_found());
    }
    check_plain("The reason", &draft.reason, REASON_BYTES_MAX)?;
    let from = draft.from.map_or(today, |day| day.0);
    let days = Period::new(from, draft.until.0).map_err(|error| Problem::refused(format!("The days: {error}.")))?;
    let order = Reweighting {
        employee: id,
        target: draft.target.into(),
        share: draft.share,
        days,
        reason: draft.reason,
        by: caller.person_id().ok().map(str::to_owned),
    };
    let number = caller.daybreak.reweight(&caller.company, &order).await?;
    let stored = caller.daybreak.reweighting(&caller.company, number).await?;
    Ok(Json((&stored).into()))
}
