//! `POST /api/v1/insights`

use daybreak_app::narrate::InsightOrder;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChartView, SentenceView};
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;

/// Whose chart of what is to be looked at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InsightRequest {
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
    indicator: String,
    /// The id of the employee, the department, the customer or the company that the indicator scores.
    #[schema(max_length = 256)]
    subject: String,
}

/// What is said about a chart now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Narrated {
    /// The chart as it is today; absent where nothing was scored in its months, or nothing is there to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    chart: Option<ChartView>,
    /// Absent where there is nothing to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<SentenceView>,
    /// It is something else than before, and was kept.
    kept: bool,
    /// What the plugin did instead of saying something.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// Have a chart looked at now
///
/// The host does so by itself once a day; this is for whoever does not want to wait. What is said is kept where it is news.
#[utoipa::path(
    post,
    path = "/insights",
    tag = "insights",
    request_body = InsightRequest,
    responses((status = 200, body = Narrated, description = "What is said, if anything."))
)]
pub(super) async fn narrate(caller: Caller, Json(request): Json<InsightRequest>) -> Result<Json<Narrated>, Problem> {
    let today = caller.today();
    let kinds = caller.daybreak.subject_kinds(&caller.company).await?;
    let kind = kinds.get(&request.indicator).ok_or_else(Problem::not_found)?;
    caller.require_subject(*kind, &request.subject, today)?;
    let order = InsightOrder { subject: Some(request.subject), indicator: Some(request.indicator), on: today };
    let mut insights = caller.daybreak.narrate(&caller.company, &order).await?;
    let told = insights.told.pop();
    Ok(Json(Narrated {
        chart: told.as_ref().map(|told| (&told.drawn.chart).into()),
        sentence: told.as_ref().and_then(|told| told.sentence.as_ref()).map(SentenceView::from),
        kept: told.is_some_and(|told| told.is_news),
        fault: insights.faults.pop().map(|(_, _, fault)| fault.to_string()),
    }))
}
