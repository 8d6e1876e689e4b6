//! `GET /api/v1/people/{person}/indicators/{indicator}`

use std::collections::{BTreeMap, BTreeSet};

use daybreak_app::indicator_history::{HistoryCause, HistoryMonth, HistoryScore, HistoryShare};
use daybreak_app::stored::ScorecardRevision;
use daybreak_domain::company::Person;
use daybreak_domain::indicator::{Direction, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::requirements::from_view;
use crate::resources::day::DaySentenceView;
use crate::resources::people::Named;
use crate::resources::scores::{CapturedView, GoalValuesView, ScoreView};
use crate::resources::shares::{ChangeView, WireHow};
use crate::wire::{Text, WireDay, WireInstant, WirePeriod, WireText};

/// How far back.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// How many months, the running one included; 12 if absent.
    #[param(minimum = 1, maximum = 36)]
    months: Option<u32>,
}

/// The current score of a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HistoryScore)]
struct HistoryScoreView {
    /// The score's number.
    sequence: i64,
    /// In the indicator's own unit; absent where it is not computable.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    /// Absent where there is no goal to measure raw against.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// How many things raw rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<u32>,
    /// Why there is no value, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The goal that it was measured against, which was in force on the month's last day.
    goal: GoalValuesView,
    #[serde(skip_serializing_if = "Option::is_none")]
    computed_at: Option<WireInstant>,
    /// The plugin has failed since, so this is the last good one.
    faulted: bool,
}

impl From<&HistoryScore> for HistoryScoreView {
    fn from(score: &HistoryScore) -> Self {
        let (raw, points, sample, not_computable) = match &score.stored.outcome {
            Outcome::Computed(computed) => (Some(computed.raw), computed.points, Some(computed.sample), None),
            Outcome::NotComputable { reason } => (None, None, None, Some(reason.into())),
        };
        Self {
            sequence: score.stored.sequence,
            raw,
            points,
            sample,
            not_computable,
            goal: score.stored.receipt.subject.goal.into(),
            computed_at: score.computed_at.map(Text),
            faulted: score.faulted,
        }
    }
}

/// A change that had to do with the share on some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HistoryCause)]
struct HistoryCauseView {
    days: WirePeriod,
    how: WireHow,
    /// Millionths: the indicator's share on these days.
    share: u32,
    /// What was changed, by whom or what, and why.
    change: ChangeView,
}

impl From<&HistoryCause> for HistoryCauseView {
    fn from(cause: &HistoryCause) -> Self {
        Self { days: Text(cause.days), how: cause.how.into(), share: cause.share, change: (&cause.change).into() }
    }
}

/// A scorecard as it was signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SignedScorecard)]
struct SignedView {
    /// The scorecard's id.
    scorecard: String,
    /// The number of the row that says so; composites name it.
    revision: i64,
    title: WireText,
    /// The first day; absent: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
    set_at: WireInstant,
    /// Who signed the shares, where a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<Named>,
}

impl SignedView {
    fn of(signed: &ScorecardRevision, people: &BTreeMap<String, Person>) -> Self {
        Self {
            scorecard: signed.scorecard.id.clone(),
            revision: signed.sequence,
            title: (&signed.scorecard.title).into(),
            from: from_view(signed.from),
            set_at: Text(signed.recorded_at),
            set_by: signed.recorded_by.as_ref().map(|id| Named::person(id, people.get(id))),
        }
    }
}

/// What the indicator counted in the month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HistoryShare)]
struct HistoryShareView {
    /// The number of the composite that says so.
    composite: i64,
    /// Millionths, before any change.
    signed: u32,
    /// What was signed, where it gives the indicator another share than in the month before.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_anew: Option<SignedView>,
    /// Millionths: the mean over the days.
    share: u32,
    /// In the order of days.
    causes: Vec<HistoryCauseView>,
}

impl HistoryShareView {
    fn of(share: &HistoryShare, people: &BTreeMap<String, Person>) -> Self {
        Self {
            composite: share.composite,
            signed: share.signed,
            signed_anew: share.signed_anew.as_ref().map(|signed| SignedView::of(signed, people)),
            share: share.share,
            causes: share.causes.iter().map(HistoryCauseView::from).collect(),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HistoryMonth)]
struct HistoryMonthView {
    month: WirePeriod,
    /// Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<HistoryScoreView>,
    /// Something has changed that does not count yet.
    stale: bool,
    /// Absent where it counts nowhere: on trial, on no scorecard, or without a composite of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<HistoryShareView>,
}

impl HistoryMonthView {
    fn of(month: &HistoryMonth, people: &BTreeMap<String, Person>) -> Self {
        Self {
            month: Text(month.month),
            score: month.score.as_ref().map(HistoryScoreView::from),
            stale: month.stale,
            share: month.share.as_ref().map(|share| HistoryShareView::of(share, people)),
        }
    }
}

/// The dimension of a scorecard.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HistoryDimension)]
struct HistoryDimensionView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<WireText>,
}

/// One indicator of one person over months.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IndicatorHistory)]
pub(super) struct HistoryView {
    /// The id of the person.
    person: String,
    indicator: String,
    title: WireText,
    unit: String,
    higher_is_better: bool,
    /// Most points that it can give.
    ceiling: f64,
    plugin: String,
    today: WireDay,
    /// Where it stands on the scorecard of the latest month with a composite.
    #[serde(skip_serializing_if = "Option::is_none")]
    dimension: Option<HistoryDimensionView>,
    /// On trial there: computed like any other, and counted nowhere.
    trial: bool,
    /// In force on the last day of the running month; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<GoalValuesView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<DaySentenceView>,
    /// In order; the running one is the last.
    months: Vec<HistoryMonthView>,
    /// The newest score in full, with its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<ScoreView>,
    /// How its evidence was captured; absent where it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<CapturedView>,
}

/// Read one indicator of somebody over months
///
/// The current score of every month with the goal it was measured against, what the indicator counted in it and why, the
/// goal in force, the sentence, and the newest score with its parts.
#[utoipa::path(
    get,
    path = "/people/{person}/indicators/{indicator}",
    tag = "scores",
    params(
        ("person" = String, Path, description = "The id of the person.", max_length = 256),
        ("indicator" = String, Path, description = "The id of the indicator.", max_length = 64),
        HistoryQuery
    ),
    responses((status = 200, body = HistoryView, description = "The months."))
)]
pub(super) async fn read_indicator_history(
    caller: Caller,
    Path((person, indicator)): Path<(String, String)>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<HistoryView>, Problem> {
    caller.require_person(&person, caller.today())?;
    let months = query.months.unwrap_or(12);
    let history = caller.daybreak.indicator_history(&caller.company, &person, &indicator, months).await?;
    let scorecard = history.scorecard.as_ref();
    let entry = scorecard.and_then(|scorecard| scorecard.entries.iter().find(|entry| entry.indicator == indicator));
    let dimension = entry.map(|entry| HistoryDimensionView {
        id: entry.dimension.clone(),
        title: scorecard
            .and_then(|scorecard| scorecard.dimensions.iter().find(|dimension| dimension.id == entry.dimension))
            .map(|dimension| (&dimension.title).into()),
    });
    let shares = history.months.iter().filter_map(|month| month.share.as_ref());
    let signers: BTreeSet<&str> =
        shares.filter_map(|share| share.signed_anew.as_ref()?.recorded_by.as_deref()).collect();
    let signers: Vec<&str> = signers.into_iter().collect();
    let people = caller.daybreak.people_named(&caller.company, &signers).await?;
    let definition = &history.definition;
    Ok(Json(HistoryView {
        person: history.person.clone(),
        indicator: definition.indicator.clone(),
        title: (&definition.title).into(),
        unit: definition.rules.unit.clone(),
        higher_is_better: definition.rules.direction == Direction::HigherIsBetter,
        ceiling: definition.rules.ceiling,
        plugin: definition.plugin.clone(),
        today: Text(history.today),
        dimension,
        trial: entry.is_some_and(|entry| entry.trial),
        goal: history.goal.map(GoalValuesView::from),
        sentence: history.sentence.as_ref().map(DaySentenceView::from),
        months: history.months.iter().map(|month| HistoryMonthView::of(month, &people)).collect(),
        newest: history.newest().map(ScoreView::from),
        capture: history.captured.map(CapturedView::from),
    }))
}
