//! `GET /api/v1/people/{person}/growth`

use daybreak_app::growth::{GrowthComposite, GrowthCrisis, GrowthMonth, GrowthScore, Radar, RadarDimension};
use daybreak_app::stored::Definition;
use daybreak_domain::indicator::Direction;
use daybreak_domain::period::Period;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{OwnViewsView, RecognisedView};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::resources::composites::points_of;
use crate::wire::{Text, WireDay, WirePeriod, WireText};

/// Which days.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct GrowthQuery {
    /// The first day; if absent, the first one of the twelve months that end with `to`.
    from: Option<WireDay>,
    /// The last day; today if absent. The days lie in at most 36 months.
    to: Option<WireDay>,
}

/// An indicator with a score in these months.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthIndicator)]
struct IndicatorView {
    indicator: String,
    title: WireText,
    unit: String,
    higher_is_better: bool,
}

impl From<&Definition> for IndicatorView {
    fn from(definition: &Definition) -> Self {
        Self {
            indicator: definition.indicator.clone(),
            title: (&definition.title).into(),
            unit: definition.rules.unit.clone(),
            higher_is_better: definition.rules.direction == Direction::HigherIsBetter,
        }
    }
}

/// The composite of a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthComposite)]
struct CompositeView {
    /// The composite's number.
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The part of the shares, in millionths, that the points rest on.
    coverage: u32,
    /// By how many points it differs from the month before; absent where there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<f64>,
}

impl From<&GrowthComposite> for CompositeView {
    fn from(composite: &GrowthComposite) -> Self {
        let (points, not_computable) = points_of(&composite.points);
        let (sequence, coverage, change) = (composite.sequence, composite.coverage, composite.change);
        Self { sequence, points, not_computable, coverage, change }
    }
}

/// The current score of an indicator in a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthScore)]
struct ScoreView {
    indicator: String,
    /// The score's number.
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// By how many points it differs from the month before; absent where there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<f64>,
}

impl From<&GrowthScore> for ScoreView {
    fn from(of_month: &GrowthScore) -> Self {
        let score = &of_month.score;
        Self {
            indicator: score.indicator.clone(),
            sequence: score.sequence,
            raw: score.raw,
            points: score.points,
            change: of_month.change,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthMonth)]
struct MonthView {
    month: WirePeriod,
    /// Absent where the month has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    composite: Option<CompositeView>,
    /// By the id of the indicator.
    scores: Vec<ScoreView>,
}

impl From<&GrowthMonth> for MonthView {
    fn from(month: &GrowthMonth) -> Self {
        Self {
            month: Text(month.month),
            composite: month.composite.as_ref().map(CompositeView::from),
            scores: month.scores.iter().map(ScoreView::from).collect(),
        }
    }
}

/// A crisis that the person took part in, on the days on which it held for them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthCrisis)]
struct CrisisView {
    /// The circumstance's id.
    circumstance: String,
    from: WireDay,
    /// The day from which it no longer holds; absent while nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    /// The task that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    reason: String,
}

impl From<GrowthCrisis> for CrisisView {
    fn from(crisis: GrowthCrisis) -> Self {
        Self {
            circumstance: crisis.circumstance,
            from: Text(crisis.from),
            until: crisis.until.map(Text),
            task: crisis.task,
            reason: crisis.reason,
        }
    }
}

/// Where the person stands in one dimension.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RadarDimension)]
struct RadarDimensionView {
    dimension: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<WireText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where the month has the dimension and none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The mean of those months before that have points; absent where none has.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<f64>,
}

impl From<&RadarDimension> for RadarDimensionView {
    fn from(dimension: &RadarDimension) -> Self {
        let (points, not_computable) = dimension.points.as_ref().map(points_of).unwrap_or_default();
        Self {
            dimension: dimension.dimension.clone(),
            title: dimension.title.as_ref().map(WireText::from),
            points,
            not_computable,
            before: dimension.before,
        }
    }
}

/// Where the person stands by dimension, beside the three months before.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Radar)]
struct RadarView {
    /// The last month, or the running one where the days end later.
    month: WirePeriod,
    before: Vec<WirePeriod>,
    /// As the scorecard orders them.
    dimensions: Vec<RadarDimensionView>,
}

impl From<Radar> for RadarView {
    fn from(radar: Radar) -> Self {
        Self {
            month: Text(radar.month),
            before: radar.before.into_iter().map(Text).collect(),
            dimensions: radar.dimensions.iter().map(RadarDimensionView::from).collect(),
        }
    }
}

/// Somebody's growth map.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrowthMap)]
pub(super) struct GrowthView {
    /// The id of the person.
    person: String,
    from: WireDay,
    to: WireDay,
    /// Those with a score in these months, by id.
    indicators: Vec<IndicatorView>,
    /// In order.
    months: Vec<MonthView>,
    /// What the person did, gave and got on these days, at most 200; the newest comes first.
    events: Vec<RecognisedView>,
    /// There are older ones: ask with the day of the last one as `to`.
    events_left: bool,
    /// At most 50; those that began last come first.
    crises: Vec<CrisisView>,
    radar: RadarView,
    /// How often the person looked at this map in the last twelve weeks, those with any; for the person alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_views: Option<Vec<OwnViewsView>>,
}

/// Read somebody's growth map
///
/// Scores and composites month by month with their change, what the person did, gave and got, the crises they took part
/// in, and where they stand by dimension.
#[utoipa::path(
    get,
    path = "/people/{person}/growth",
    tag = "growth",
    params(("person" = String, Path, description = "The id of the person.", max_length = 256), GrowthQuery),
    responses((status = 200, body = GrowthView, description = "The growth map."))
)]
pub(super) async fn read_growth(
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<GrowthQuery>,
) -> Result<Json<GrowthView>, Problem> {
    caller.require_person(&person, caller.today())?;
    let to = query.to.map_or_else(|| caller.today(), |day| day.0);
    let from = query.from.map_or_else(
        || {
            let eleven_before = (0..11).fold(Period::month_of(to), |month, _| Period::month_of(month.first().plus(-1)));
            eleven_before.first()
        },
        |day| day.0,
    );
    let map = caller.daybreak.growth_map(&caller.company, &person, from, to).await?;
    let own_views = match caller.person_id() {
        Ok(own) if own == person => Some(caller.daybreak.own_growth_views(&caller.company, &person).await?),
        _ => None,
    };
    Ok(Json(GrowthView {
        person: map.person,
        from: Text(map.from),
        to: Text(map.to),
        indicators: map.indicators.iter().map(IndicatorView::from).collect(),
        months: map.months.iter().map(MonthView::from).collect(),
        events: map.events.iter().map(RecognisedView::from).collect(),
        events_left: map.events_left,
        crises: map.crises.into_iter().map(CrisisView::from).collect(),
        radar: map.radar.into(),
        own_views: own_views.map(|weeks| weeks.iter().map(OwnViewsView::from).collect()),
    }))
}
