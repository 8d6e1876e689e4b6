//! `PUT /api/v1/scorecards/{id}`

use axum::http::StatusCode;
use daybreak_app::install::ALWAYS;
use daybreak_app::scorecard::ScorecardSetting;
use daybreak_domain::scorecard::{Dimension, Scorecard, ScorecardEntry};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{WireDimension, WireEntry, WirePlace};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::{WireDay, WireText};

/// A scorecard as an administrator sets it, and so signs its shares.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScorecardSetting)]
pub(super) struct ScorecardDraft {
    title: WireText,
    place: WirePlace,
    /// In the order in which people see them.
    #[schema(max_items = 1000)]
    dimensions: Vec<WireDimension>,
    #[schema(max_items = 1000)]
    indicators: Vec<WireEntry>,
    /// The first day; without it, it holds for all of history.
    from: Option<WireDay>,
}

/// Set a scorecard
///
/// From the day on it is as a whole what is sent. The shares have to total exactly 1,000,000 millionths. The same again
/// changes nothing.
#[utoipa::path(
    put,
    path = "/scorecards/{id}",
    tag = "scorecards",
    params(("id" = String, Path, description = "The scorecard's id, which may be new.")),
    request_body = ScorecardDraft,
    responses((status = 204, description = "The scorecard is set."))
)]
pub(super) async fn set_scorecard(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<ScorecardDraft>,
) -> Result<StatusCode, Problem> {
    let dimensions = draft.dimensions.into_iter();
    let dimensions = dimensions.map(|sent| Ok(Dimension { id: sent.id, title: sent.title.read()? }));
    let entries = draft.indicators.into_iter().map(|sent| ScorecardEntry {
        indicator: sent.indicator,
        dimension: sent.dimension,
        share: sent.share,
        locked: sent.locked,
        trial: sent.trial,
    });
    let scorecard = Scorecard {
        id,
        title: draft.title.read()?,
        place: draft.place.into(),
        dimensions: dimensions.collect::<Result<_, Problem>>()?,
        entries: entries.collect(),
    };
    let setting = ScorecardSetting { scorecard, from: draft.from.map_or(ALWAYS, |day| day.0) };
    let by = caller.person_id().ok();
    caller.daybreak.set_scorecard(&caller.company, &setting, by).await.map_err(Problem::of_named)?;
    Ok(StatusCode::NO_CONTENT)
}
