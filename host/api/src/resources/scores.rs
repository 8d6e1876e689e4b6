//! Scores: what plugins made of facts, with receipts that anybody in reach can have computed again.

use daybreak_app::capture::Captured;
use daybreak_app::stored::StoredScore;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Figure, Outcome, Part};
use daybreak_domain::requirements::SubjectKind;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::wire::{Text, WirePeriod, WireText};

mod evidence;
mod list;
mod read;
mod receipt;
mod replay;

pub(crate) use replay::ReplayView;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_scores))
        .routes(routes!(read::read_score))
        .routes(routes!(receipt::read_score_receipt))
        .routes(routes!(evidence::list_score_evidence))
        .routes(routes!(replay::replay_score))
}

/// A share of the points, with its reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Part)]
pub(crate) struct PartView {
    label: WireText,
    points: f64,
}

/// A number that helps to understand the score.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Figure)]
pub(crate) struct FigureView {
    key: String,
    label: WireText,
    value: f64,
    unit: String,
}

impl From<&Part> for PartView {
    fn from(part: &Part) -> Self {
        Self { label: (&part.label).into(), points: part.points }
    }
}

impl From<&Figure> for FigureView {
    fn from(figure: &Figure) -> Self {
        Self { key: figure.key.clone(), label: (&figure.label).into(), value: figure.value, unit: figure.unit.clone() }
    }
}

/// How many of the facts that a score names as evidence were captured how.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Captured)]
pub(crate) struct CapturedView {
    automatic: u32,
    prefilled: u32,
    typed: u32,
    /// The part that nobody had to type, automatic or prefilled, in millionths, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    untyped_share: Option<u32>,
}

impl From<Captured> for CapturedView {
    fn from(captured: Captured) -> Self {
        Self {
            automatic: captured.automatic,
            prefilled: captured.prefilled,
            typed: captured.typed,
            untyped_share: captured.untyped_share(),
        }
    }
}

/// What raw values are measured against, each in the indicator's own unit.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GoalValues)]
pub(crate) struct GoalValuesView {
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stretch: Option<f64>,
}

impl From<Goal> for GoalValuesView {
    fn from(goal: Goal) -> Self {
        Self { baseline: goal.baseline, target: goal.target, stretch: goal.stretch }
    }
}

/// A score. It is never changed: a newer one of the same subject, indicator and period takes its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Score)]
pub(crate) struct ScoreView {
    /// Its number in the company's one sequence.
    sequence: i64,
    indicator: String,
    /// The id of the employee, the department, the customer or the company.
    subject: String,
    period: WirePeriod,
    /// In the indicator's own unit; absent where it is not computable.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    /// How many things raw rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<u32>,
    /// Absent where there is no goal to measure raw against.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// The points' parts; they add up to them.
    parts: Vec<PartView>,
    figures: Vec<FigureView>,
    /// Why there is no value, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The goals that were in force on the period's last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stretch: Option<f64>,
    /// How many facts it names as evidence.
    evidence: usize,
    /// Everything that was known when it was computed: rows up to this number.
    known_to: i64,
}

impl From<&StoredScore> for ScoreView {
    fn from(score: &StoredScore) -> Self {
        let goal = score.receipt.subject.goal;
        let mut view = Self {
            sequence: score.sequence,
            indicator: score.indicator.clone(),
            subject: score.receipt.subject.id.clone(),
            period: Text(score.period),
            raw: None,
            sample: None,
            points: None,
            parts: Vec::new(),
            figures: Vec::new(),
            not_computable: None,
            baseline: goal.baseline,
            target: goal.target,
            stretch: goal.stretch,
            evidence: score.evidence.len(),
            known_to: score.known_to,
        };
        match &score.outcome {
            Outcome::Computed(computed) => {
                view.raw = Some(computed.raw);
                view.sample = Some(computed.sample);
                view.points = computed.points;
                view.parts = computed.parts.iter().map(PartView::from).collect();
                view.figures = computed.figures.iter().map(FigureView::from).collect();
            }
            Outcome::NotComputable { reason } => view.not_computable = Some(reason.into()),
        }
        view
    }
}

/// The score with this number, if the caller may see its subject: on the last day of its period.
pub(super) async fn score_in_reach(caller: &Caller, sequence: i64) -> Result<(StoredScore, SubjectKind), Problem> {
    let score = caller.daybreak.numbered_score(&caller.company, sequence).await?;
    let batch = caller.daybreak.batch(&caller.company, score.batch).await?;
    let kind = batch.receipt.subject_kind;
    caller.require_subject(kind, &score.receipt.subject.id, score.period.last())?;
    Ok((score, kind))
}
