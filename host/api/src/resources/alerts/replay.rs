//! `POST /api/v1/alerts/{alert}/replay`

use super::history_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::scores::ReplayView;

/// Assess an alert's subject again
///
/// As in the last assessment that changed the alert: from the facts as they were known then, with the component that the
/// receipt names. Nothing is stored.
#[utoipa::path(
    post,
    path = "/alerts/{alert}/replay",
    tag = "alerts",
    params(("alert" = i64, Path, description = "The alert's number.")),
    responses((status = 200, body = ReplayView, description = "Equal bit for bit, or what differs."))
)]
pub(super) async fn replay_alert(caller: Caller, Path(alert): Path<i64>) -> Result<Json<ReplayView>, Problem> {
    let (history, newest) = history_in_reach(&caller, alert).await?;
    let batch = history.iter().rev().find_map(|revision| revision.batch).ok_or_else(Problem::not_found)?;
    let replayed = caller.daybreak.replay_assessment(&caller.company, batch).await?;
    let own = replayed.subjects.iter().find(|(subject, _)| *subject == newest.subject);
    // What differs of the call as a whole stands with each of its subjects, if they can be read at all.
    let differences = own.map_or(replayed.differences.as_slice(), |(_, own)| own.as_slice());
    Ok(Json(ReplayView::of(differences, replayed.same_engine)))
}
