//! `GET /api/v1/faults`

use std::collections::HashMap;

use daybreak_app::stored::StoredFault;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::requirements::WirePluginKind;
use crate::wire::{Text, WireInstant, WirePeriod};

/// How a plugin failed with somebody. Their last good score stays.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub(super) struct FaultView {
    /// Its number in the company's one sequence.
    sequence: i64,
    kind: WirePluginKind,
    /// The id of the indicator, or for other kinds of the enablement.
    id: String,
    /// The SHA-256 of the component.
    component: String,
    period: WirePeriod,
    subject: String,
    /// A word that programs can rely on.
    #[schema(example = "out-of-fuel")]
    code: &'static str,
    /// What the plugin did.
    detail: String,
    occurred_at: WireInstant,
}

impl From<&StoredFault> for FaultView {
    fn from(fault: &StoredFault) -> Self {
        Self {
            sequence: fault.sequence,
            kind: fault.kind.into(),
            id: fault.indicator.clone(),
            component: fault.component.to_string(),
            period: Text(fault.period),
            subject: fault.subject.clone(),
            code: fault.fault.code(),
            detail: fault.fault.to_string(),
            occurred_at: Text(fault.occurred_at),
        }
    }
}

/// List faults
///
/// Of plugins, the newest first. HR partners see those with whom they see on the period's last day; a page may therefore
/// hold fewer than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/faults",
    tag = "plugins",
    params(PageQuery),
    responses((status = 200, body = Page<FaultView>, description = "A page of faults."))
)]
pub(super) async fn list_faults(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<FaultView>>, Problem> {
    let before = page.after.as_deref().map_or(Ok(i64::MAX), |text| text.parse().map_err(|_| bad_after()))?;
    let faults = caller.daybreak.faults_before(&caller.company, before, page.most()? + 1).await?;
    let indicators: HashMap<String, SubjectKind> = caller.daybreak.subject_kinds(&caller.company).await?;
    let enablements = caller.daybreak.enablements_now(&caller.company).await?;
    let sees = |fault: &StoredFault| {
        let kind = match fault.kind {
            PluginKind::Indicator => indicators.get(&fault.indicator),
            PluginKind::Assistant => {
                let own = enablements.iter().find(|enablement| enablement.enablement == fault.indicator);
                own.map(|enablement| &enablement.subject_kind)
            }
            // Shares and sentences are about employees.
            PluginKind::Reweighting | PluginKind::Insight => Some(&SubjectKind::Employee),
        };
        caller.sees_everybody()
            || kind.is_some_and(|kind| caller.covers_subject(*kind, &fault.subject, fault.period.last()))
    };
    let key = |fault: &StoredFault| fault.sequence.to_string();
    let Page { items, next } = page.of(faults, key, |fault| sees(&fault).then(|| FaultView::from(&fault)))?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
