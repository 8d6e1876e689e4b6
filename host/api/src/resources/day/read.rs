//! `GET /api/v1/people/{person}/day`

use std::collections::BTreeSet;

use daybreak_app::day::{Card, CardScore, CardSentence, Group, MonthComposite, PersonDay, TrendPoint};
use daybreak_app::question::WaitingQuestions;
use daybreak_domain::composite::Points;
use daybreak_domain::indicator::{Direction, Outcome};
use daybreak_domain::task::Task;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::composites::points_of;
use crate::resources::growth::RecognisedView;
use crate::resources::insights::SentenceView;
use crate::resources::questions::{QuestionNames, QuestionView, sees};
use crate::resources::scores::{CapturedView, GoalValuesView};
use crate::resources::tasks::{TaskView, may_change};
use crate::wire::{Text, WireDay, WireInstant, WirePeriod, WireText};

/// The composite of the running month, and how it moved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayComposite)]
pub(super) struct DayCompositeView {
    /// The composite's number.
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The part of the shares, in millionths, that the points rest on.
    coverage: u32,
    /// By how many points it moved since the end of yesterday; absent where there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_yesterday: Option<f64>,
    /// By how many points it differs from the month before; absent where there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_last_month: Option<f64>,
    computed_at: WireInstant,
}

impl From<&MonthComposite> for DayCompositeView {
    fn from(composite: &MonthComposite) -> Self {
        let (points, not_computable) = points_of(&composite.points);
        let since = |before: Option<f64>| Some(points? - before?);
        Self {
            sequence: composite.sequence,
            since_yesterday: since(composite.yesterday),
            since_last_month: since(composite.last_month),
            points,
            not_computable,
            coverage: composite.coverage,
            computed_at: Text(composite.computed_at),
        }
    }
}

/// The newest score of an indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayScore)]
pub(super) struct DayScoreView {
    /// The score's number.
    sequence: i64,
    period: WirePeriod,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stretch: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    computed_at: Option<WireInstant>,
    /// Since it was computed, something has changed that does not count yet.
    stale: bool,
    /// The plugin has failed since, so this is the last good one.
    faulted: bool,
}

impl DayScoreView {
    fn of(score: &CardScore, stale: bool) -> Self {
        let (raw, points, sample, not_computable) = match &score.outcome {
            Outcome::Computed(computed) => (Some(computed.raw), computed.points, Some(computed.sample), None),
            Outcome::NotComputable { reason } => (None, None, None, Some(reason.into())),
        };
        Self {
            sequence: score.sequence,
            period: Text(score.period),
            raw,
            points,
            sample,
            not_computable,
            baseline: score.goal.baseline,
            target: score.goal.target,
            stretch: score.goal.stretch,
            computed_at: score.computed_at.map(Text),
            stale,
            faulted: score.faulted_since,
        }
    }
}

/// One month of an indicator; without a value where there is none.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TrendPoint)]
pub(super) struct TrendPointView {
    month: WirePeriod,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
}

impl From<&TrendPoint> for TrendPointView {
    fn from(point: &TrendPoint) -> Self {
        Self { month: Text(point.month), raw: point.raw, points: point.points }
    }
}

/// The sentence under an indicator's chart.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DaySentence)]
pub(crate) struct DaySentenceView {
    /// The insight's number.
    sequence: i64,
    /// The day on which the chart was looked at.
    narrated_on: WireDay,
    #[serde(flatten)]
    sentence: SentenceView,
}

impl From<&CardSentence> for DaySentenceView {
    fn from(said: &CardSentence) -> Self {
        Self { sequence: said.sequence, narrated_on: Text(said.narrated_on), sentence: (&said.sentence).into() }
    }
}

/// One indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayCard)]
pub(super) struct CardView {
    indicator: String,
    title: WireText,
    unit: String,
    higher_is_better: bool,
    /// Most points that it can give.
    ceiling: f64,
    /// On trial: computed like any other, and counted nowhere.
    trial: bool,
    /// Millionths, of the running month; absent where it counts nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<u32>,
    /// That of the latest month with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<DayScoreView>,
    /// In force on the last day of the running month; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<GoalValuesView>,
    /// How the evidence of the score was captured; absent where it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<CapturedView>,
    /// Month by month from the first one with a score, of the last twelve.
    trend: Vec<TrendPointView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<DaySentenceView>,
}

impl CardView {
    fn of(card: &Card, day: &PersonDay) -> Self {
        let stale = |score: &CardScore| day.stale.contains(&(card.indicator.clone(), score.period.first()));
        Self {
            indicator: card.indicator.clone(),
            title: (&card.title).into(),
            unit: card.rules.unit.clone(),
            higher_is_better: card.rules.direction == Direction::HigherIsBetter,
            ceiling: card.rules.ceiling,
            trial: card.trial,
            share: card.share,
            score: card.score.as_ref().map(|score| DayScoreView::of(score, stale(score))),
            goal: card.goal.map(GoalValuesView::from),
            capture: card.captured.map(CapturedView::from),
            trend: card.trend.iter().map(TrendPointView::from).collect(),
            sentence: card.sentence.as_ref().map(DaySentenceView::from),
        }
    }
}

/// The indicators of one dimension.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayDimension)]
pub(super) struct DayDimensionView {
    /// Absent for what is on no scorecard.
    #[serde(skip_serializing_if = "Option::is_none")]
    dimension: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<WireText>,
    /// Millionths of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    cards: Vec<CardView>,
}

impl DayDimensionView {
    fn of(group: &Group, day: &PersonDay) -> Self {
        let means: Option<&Points> = group.mean.as_ref().map(|mean| &mean.points);
        let (points, not_computable) = means.map(points_of).unwrap_or_default();
        Self {
            dimension: group.dimension.as_ref().map(|(id, _)| id.clone()),
            title: group.dimension.as_ref().map(|(_, title)| title.into()),
            share: group.mean.as_ref().map(|mean| mean.share),
            points,
            not_computable,
            cards: group.cards.iter().map(|card| CardView::of(card, day)).collect(),
        }
    }
}

/// An open task.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayTask)]
pub(super) struct DayTaskView {
    #[serde(flatten)]
    task: TaskView,
    /// Whether the caller may finish it, and open it again.
    may_finish: bool,
}

/// The questions that wait for somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayQuestions)]
pub(super) struct DayQuestionsView {
    /// How many are open and were put to the person.
    waiting: u32,
    /// How many the person asked that are answered and not closed.
    answered: u32,
    /// At most 5 of both, the one with the newest entry first; without those that the caller may not see.
    newest: Vec<QuestionView>,
}

impl DayQuestionsView {
    async fn of(questions: &WaitingQuestions, caller: &Caller) -> Result<Self, Problem> {
        let (daybreak, company) = (&caller.daybreak, &caller.company);
        let names = QuestionNames::of(daybreak, company, &questions.newest, &BTreeSet::new()).await?;
        let seen = questions.newest.iter().filter(|known| sees(caller, known));
        Ok(Self {
            waiting: questions.counts.waiting,
            answered: questions.counts.answered,
            newest: seen.map(|known| QuestionView::of(known, &names, caller)).collect(),
        })
    }
}

/// Everything that somebody's first screen needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PersonDay)]
pub(super) struct DayView {
    /// The id of the person.
    person: String,
    today: WireDay,
    /// The running month.
    month: WirePeriod,
    /// Absent while the month has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    composite: Option<DayCompositeView>,
    /// As the scorecard orders them; what is on no scorecard comes last.
    dimensions: Vec<DayDimensionView>,
    /// The open tasks in which the person takes part, at most 100; those that are due first come first.
    tasks: Vec<DayTaskView>,
    /// Feedback that the person lately gave and received, at most 5; the newest comes first.
    feedback: Vec<RecognisedView>,
    /// What the person lately contributed, and the tasks that were done with them, at most 5; the newest comes first.
    contributions: Vec<RecognisedView>,
    questions: DayQuestionsView,
}

/// Read what somebody's day begins with
///
/// The composite of the running month and how it moved, every indicator with its newest score, its goal, its year and its
/// sentence, the open tasks, the questions that wait, and what the person lately gave and got.
#[utoipa::path(
    get,
    path = "/people/{person}/day",
    tag = "day",
    params(("person" = String, Path, description = "The id of the person.", max_length = 256)),
    responses((status = 200, body = DayView, description = "The day."))
)]
pub(super) async fn read_day(caller: Caller, Path(person): Path<String>) -> Result<Json<DayView>, Problem> {
    caller.require_person(&person, caller.today())?;
    let day = caller.daybreak.person_day(&caller.company, &person).await?;
    let now = caller.daybreak.now();
    let task = |task: &Task| DayTaskView {
        may_finish: may_change(&caller, task),
        task: TaskView::of(task.clone(), &caller.company, now),
    };
    let held = &day.held;
    Ok(Json(DayView {
        person: held.person.clone(),
        today: Text(held.today),
        month: Text(held.month),
        composite: held.composite.as_ref().map(DayCompositeView::from),
        dimensions: held.groups.iter().map(|group| DayDimensionView::of(group, &day)).collect(),
        tasks: day.tasks.iter().map(task).collect(),
        feedback: day.recognised.feedback.iter().map(RecognisedView::from).collect(),
        contributions: day.recognised.contributions.iter().map(RecognisedView::from).collect(),
        questions: DayQuestionsView::of(&day.questions, &caller).await?,
    }))
}
