//! `GET /api/v1/scores`

use std::collections::HashMap;

use daybreak_app::stored::{ScoreQuery, StoredScore};
use daybreak_domain::requirements::SubjectKind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ScoreView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WirePeriod;

/// Which scores. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ScoresQuery {
    #[param(max_length = 64)]
    indicator: Option<String>,
    #[param(max_length = 256)]
    subject: Option<String>,
    period: Option<WirePeriod>,
    /// Every score that was ever given, not only the current ones.
    #[serde(default)]
    #[param(required = false)]
    history: bool,
}

/// List scores
///
/// In the order in which they were computed: `after` may also be the number of the last score that the caller has seen, to
/// get what is new. People see whom they see on the period's last day; a page may therefore hold fewer scores than
/// `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/scores",
    tag = "scores",
    params(ScoresQuery, PageQuery),
    responses((status = 200, body = Page<ScoreView>, description = "A page of scores."))
)]
pub(super) async fn list_scores(
    caller: Caller,
    Query(query): Query<ScoresQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ScoreView>>, Problem> {
    let query = ScoreQuery {
        indicator: query.indicator,
        subject: query.subject,
        period: query.period.map(|period| period.0),
        history: query.history,
        after: page.after_number()?,
        most: page.most()? + 1,
    };
    let kinds: HashMap<String, SubjectKind> = caller.daybreak.subject_kinds(&caller.company).await?;
    let scores = caller.daybreak.scores(&caller.company, &query).await?;
    let sees = |score: &StoredScore| {
        let subject = &score.receipt.subject.id;
        let kind = kinds.get(&score.indicator);
        kind.is_some_and(|kind| caller.covers_subject(*kind, subject, score.period.last()))
    };
    let key = |score: &StoredScore| score.sequence.to_string();
    let Page { items, next } = page.of(scores, key, |score| sees(&score).then(|| ScoreView::from(&score)))?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
