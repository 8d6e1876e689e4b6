//! `GET /api/v1/insights`

use daybreak_app::stored::{SentenceFilter, StoredSentence};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{InsightView, sees};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WirePeriod;

/// Which insights. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InsightsQuery {
    #[param(max_length = 64)]
    indicator: Option<String>,
    #[param(max_length = 256)]
    subject: Option<String>,
    /// The last month of the chart.
    month: Option<WirePeriod>,
    /// Everything that was ever said, not only the newest under each chart.
    #[serde(default)]
    #[param(required = false)]
    history: bool,
}

/// List insights
///
/// In the order in which they were said. People see whom they see on the last day of the chart's last month; a page may
/// therefore hold fewer insights than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/insights",
    tag = "insights",
    params(InsightsQuery, PageQuery),
    responses((status = 200, body = Page<InsightView>, description = "A page of insights."))
)]
pub(super) async fn list_insights(
    caller: Caller,
    Query(query): Query<InsightsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<InsightView>>, Problem> {
    let month = query.month.map(|month| month.0);
    if month.is_some_and(|month| !month.is_month()) {
        return Err(Problem::malformed("month is no month: use for example 2026-06."));
    }
    let filter = SentenceFilter {
        indicator: query.indicator,
        subject: query.subject,
        month,
        history: query.history,
        after: page.after_number()?,
        most: page.most()? + 1,
    };
    let sentences = caller.daybreak.sentences(&caller.company, &filter).await?;
    let view = |stored: StoredSentence| sees(&caller, &stored).then(|| InsightView::from(&stored));
    let Page { items, next } = page.of(sentences, |stored| stored.sequence.to_string(), view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
