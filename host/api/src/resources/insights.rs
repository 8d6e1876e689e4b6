//! Insights: the one sentence under a chart, kept with the chart and the call of the plugin that said it.

use daybreak_app::stored::StoredSentence;
use daybreak_domain::insight::{Chart, Point, Ranked, Sentence, Series, Tone};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::requirements::WireSubjectKind;
use crate::wire::{Text, WireDay, WireInstant, WirePeriod, WireText};

mod list;
mod narrate;
mod read;
mod replay;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_insights, narrate::narrate))
        .routes(routes!(read::read_insight))
        .routes(routes!(replay::replay_insight))
}

/// How good the news is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Tone)]
pub(crate) enum WireTone {
    Praise,
    Steady,
    Watch,
    Act,
}

/// What is said about a chart, in every language.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Sentence)]
pub(crate) struct SentenceView {
    text: WireText,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_step: Option<WireText>,
    tone: WireTone,
    /// The rule that spoke.
    rule: String,
    /// Places in the chart's list of items, from 0.
    items: Vec<u32>,
}

impl From<&Sentence> for SentenceView {
    fn from(sentence: &Sentence) -> Self {
        Self {
            text: (&sentence.text).into(),
            next_step: sentence.next_step.as_ref().map(WireText::from),
            tone: match sentence.tone {
                Tone::Praise => WireTone::Praise,
                Tone::Steady => WireTone::Steady,
                Tone::Watch => WireTone::Watch,
                Tone::Act => WireTone::Act,
            },
            rule: sentence.rule.clone(),
            items: sentence.items.clone(),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChartPoint)]
struct PointView {
    start: WireInstant,
    end: WireInstant,
    /// Absent where nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    /// False while the period is still running.
    complete: bool,
}

impl From<&Point> for PointView {
    fn from(point: &Point) -> Self {
        Self {
            start: Text(point.during.start),
            end: Text(point.during.end),
            value: point.value,
            complete: point.complete,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChartSeries)]
struct SeriesView {
    name: WireText,
    unit: String,
    points: Vec<PointView>,
}

impl From<&Series> for SeriesView {
    fn from(series: &Series) -> Self {
        Self {
            name: (&series.name).into(),
            unit: series.unit.clone(),
            points: series.points.iter().map(PointView::from).collect(),
        }
    }
}

/// What a score rests on, customer by customer or document by document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChartItem)]
struct ItemView {
    label: String,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<&Ranked> for ItemView {
    fn from(item: &Ranked) -> Self {
        Self { label: item.label.clone(), value: item.value, detail: item.detail.clone() }
    }
}

/// A chart as the plugin saw it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Chart)]
pub(super) struct ChartView {
    title: WireText,
    series: Vec<SeriesView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<f64>,
    higher_is_better: bool,
    items: Vec<ItemView>,
}

impl From<&Chart> for ChartView {
    fn from(chart: &Chart) -> Self {
        Self {
            title: (&chart.title).into(),
            series: chart.series.iter().map(SeriesView::from).collect(),
            target: chart.target,
            baseline: chart.baseline,
            higher_is_better: chart.higher_is_better,
            items: chart.items.iter().map(ItemView::from).collect(),
        }
    }
}

/// A sentence with its chart. It is kept where something else is said than before under the chart that ends with the same
/// month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Insight)]
pub(super) struct InsightView {
    /// Its number in the company's one sequence.
    sequence: i64,
    indicator: String,
    subject_kind: WireSubjectKind,
    /// The id of the employee, the department, the customer or the company.
    subject: String,
    /// The last month of the chart.
    month: WirePeriod,
    /// The day on which the chart was looked at.
    narrated_on: WireDay,
    /// Absent where the plugin has nothing to say any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<SentenceView>,
    chart: ChartView,
    /// The numbers of the scores in the chart, month by month.
    scores: Vec<i64>,
    /// Everything that was known: rows up to this number.
    known_to: i64,
}

impl From<&StoredSentence> for InsightView {
    fn from(stored: &StoredSentence) -> Self {
        Self {
            sequence: stored.sequence,
            indicator: stored.drawn.indicator.clone(),
            subject_kind: stored.drawn.subject_kind.into(),
            subject: stored.drawn.subject.clone(),
            month: Text(stored.month),
            narrated_on: Text(stored.narrated_on),
            sentence: stored.sentence.as_ref().map(SentenceView::from),
            chart: (&stored.drawn.chart).into(),
            scores: stored.drawn.scores.clone(),
            known_to: stored.known_to,
        }
    }
}

/// Whether the caller may see what is said: its subject is in reach on the last day of the chart, as for scores.
fn sees(caller: &Caller, stored: &StoredSentence) -> bool {
    caller.covers_subject(stored.drawn.subject_kind, &stored.drawn.subject, stored.month.last())
}

/// The sentence with this number, if the caller may see it.
async fn sentence_in_reach(caller: &Caller, sequence: i64) -> Result<StoredSentence, Problem> {
    let stored = caller.daybreak.numbered_sentence(&caller.company, sequence).await?;
    if sees(caller, &stored) { Ok(stored) } else { Err(Problem::not_found()) }
}
