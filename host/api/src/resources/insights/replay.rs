//! `POST /api/v1/insights/{sequence}/replay`

use super::sentence_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::scores::ReplayView;

/// Say a sentence again
///
/// The chart is drawn again of the scores as they were known then, and the plugin that the receipt names is asked once more.
/// Nothing is stored.
#[utoipa::path(
    post,
    path = "/insights/{sequence}/replay",
    tag = "insights",
    params(("sequence" = i64, Path, description = "The insight's number.")),
    responses((status = 200, body = ReplayView, description = "Equal bit for bit, or what differs."))
)]
pub(super) async fn replay_insight(caller: Caller, Path(sequence): Path<i64>) -> Result<Json<ReplayView>, Problem> {
    let stored = sentence_in_reach(&caller, sequence).await?;
    let replayed = caller.daybreak.replay_narration(&caller.company, stored.batch).await?;
    let (indicator, subject) = (&stored.drawn.indicator, &stored.drawn.subject);
    let own = replayed.sentences.iter().find(|(of, whose, _)| of == indicator && whose == subject);
    // What differs of the call as a whole stands with each of its sentences, if they can be read at all.
    let differences = own.map_or(replayed.differences.as_slice(), |(_, _, own)| own.as_slice());
    Ok(Json(ReplayView::of(differences, replayed.same_engine)))
}
