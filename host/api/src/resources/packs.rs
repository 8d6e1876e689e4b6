//! Packs: a company's set-up in one file. Its plan says what applying it would do.

use daybreak_app::pack::{Pack, PackPlan, PlannedStep, Step};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::requirements::{RequirementsView, reads_anything};
use crate::wire::WireText;

mod apply;
mod list;
mod plan;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_applied_packs))
        .routes(routes!(plan::plan_pack))
        .routes(routes!(apply::apply_pack))
}

/// What happens to one thing that a pack names.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PackStepKind)]
enum WireStep {
    Add,
    Change,
}

/// One thing that applying a pack does.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PackStep)]
struct StepView {
    step: WireStep,
    /// department, position, plugin, indicator, enablement, goal, scorecard or mapping
    what: &'static str,
    id: String,
    /// What a plugin is granted to read, where the step grants anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    grants: Option<RequirementsView>,
}

impl From<&PlannedStep> for StepView {
    fn from(planned: &PlannedStep) -> Self {
        let step = match planned.step {
            Step::Add => WireStep::Add,
            Step::Change => WireStep::Change,
        };
        let grants = planned.grants.as_ref().map(RequirementsView::from);
        Self { step, what: planned.what, id: planned.id.clone(), grants }
    }
}

/// What applying a pack does.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PackPlan)]
pub(super) struct PlanView {
    pack: String,
    version: String,
    title: WireText,
    summary: WireText,
    /// The SHA-256 of all its files.
    digest: String,
    /// Whether it can be applied without `grant`.
    grant_needed: bool,
    /// In the order in which they are done. None: the company is as the pack says.
    steps: Vec<StepView>,
}

impl PlanView {
    fn new(pack: &Pack, plan: &PackPlan) -> Self {
        Self {
            pack: pack.id.clone(),
            version: pack.version.clone(),
            title: (&pack.title).into(),
            summary: (&pack.summary).into(),
            digest: pack.digest.to_string(),
            grant_needed: grant_needed(plan),
            steps: plan.steps.iter().map(StepView::from).collect(),
        }
    }
}

fn grant_needed(plan: &PackPlan) -> bool {
    plan.steps.iter().any(|step| step.grants.as_ref().is_some_and(reads_anything))
}
