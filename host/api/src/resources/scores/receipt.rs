//! `GET /api/v1/scores/{sequence}/receipt`

use daybreak_app::stored::{StoredBatch, StoredComponent, StoredScore};
use serde::Serialize;
use utoipa::ToSchema;

use super::score_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant, WirePeriod};

/// Everything that a score rests on, so that anybody can compute it again.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Receipt)]
pub(super) struct ReceiptView {
    /// The score.
    sequence: i64,
    /// The call of the plugin to which it belongs, which may have scored others too.
    batch: i64,
    indicator: String,
    /// The id of the employee, the department, the customer or the company.
    subject: String,
    period: WirePeriod,
    /// How many facts it names as evidence.
    evidence: usize,
    /// The plugin and its version, as it called itself when it was installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// The SHA-256 of the component.
    component: String,
    interface: String,
    /// The host's code that spoke the interface's version.
    adapter: String,
    /// The numbers of the rows that held the definition, the parameters and the grant.
    definition: i64,
    parameters: i64,
    grant: i64,
    /// The parameters, word for word.
    parameters_json: String,
    /// What occurred at or after this moment did not count.
    as_of: WireInstant,
    time_zone: String,
    /// What was known: rows up to this number.
    known_to: i64,
    /// A digest of the rows that the subject was given.
    rows: String,
    /// A digest of the outcome.
    outcome: String,
    /// Fuel belongs to the call, not to one subject of it.
    fuel: u64,
    engine: String,
    computed_at: WireInstant,
    /// The host gave this outcome itself, because a fact lacks what the plugin requires.
    by_host: bool,
}

impl ReceiptView {
    fn of(score: &StoredScore, batch: StoredBatch, component: Option<&StoredComponent>) -> Self {
        let receipt = batch.receipt;
        let manifest = component.map(|component| &component.record.manifest);
        Self {
            sequence: score.sequence,
            batch: score.batch,
            indicator: score.indicator.clone(),
            subject: score.receipt.subject.id.clone(),
            period: Text(score.period),
            evidence: score.evidence.len(),
            plugin: manifest.map(|manifest| manifest.name.clone()),
            version: manifest.map(|manifest| manifest.version.clone()),
            component: receipt.component.to_string(),
            interface: receipt.interface.name,
            adapter: receipt.adapter,
            definition: receipt.definition,
            parameters: receipt.parameters,
            grant: receipt.grant,
            as_of: Text(receipt.context.as_of),
            time_zone: receipt.context.time_zone,
            parameters_json: receipt.context.parameters_json,
            known_to: receipt.known_to,
            rows: score.receipt.rows.to_string(),
            outcome: score.receipt.outcome.to_string(),
            fuel: receipt.fuel,
            engine: receipt.engine,
            computed_at: Text(receipt.computed_at),
            by_host: score.by_host,
        }
    }
}

/// Read the receipt of a score
#[utoipa::path(
    get,
    path = "/scores/{sequence}/receipt",
    tag = "scores",
    params(("sequence" = i64, Path, description = "The score's number.")),
    responses((status = 200, body = ReceiptView, description = "The receipt."))
)]
pub(super) async fn read_score_receipt(
    caller: Caller,
    Path(sequence): Path<i64>,
) -> Result<Json<ReceiptView>, Problem> {
    let (score, _) = score_in_reach(&caller, sequence).await?;
    let batch = caller.daybreak.batch(&caller.company, score.batch).await?;
    let components = caller.daybreak.plugins(&caller.company).await?;
    let component = components.iter().find(|component| component.record.digest == batch.receipt.component);
    Ok(Json(ReceiptView::of(&score, batch, component)))
}
