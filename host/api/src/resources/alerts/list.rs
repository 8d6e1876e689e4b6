//! `GET /api/v1/alerts`

use daybreak_app::stored::{AlertKey, AlertQuery, StoredAlert};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{AlertView, receives};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::requirements::WireSubjectKind;

/// Which alerts. None given: all open ones that are for the caller.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertsQuery {
    /// Also those whose risk is gone.
    #[serde(default)]
    #[param(required = false)]
    closed: bool,
    /// The id under which the assistant is in use.
    #[param(max_length = 64)]
    enablement: Option<String>,
    subject_kind: Option<WireSubjectKind>,
    #[param(max_length = 256)]
    subject: Option<String>,
}

/// List alerts
///
/// The largest priority first. People see the alerts that are for them; a page may therefore hold fewer alerts than `limit`,
/// or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "alerts",
    params(AlertsQuery, PageQuery),
    responses((status = 200, body = Page<AlertView>, description = "A page of alerts."))
)]
pub(super) async fn list_alerts(
    caller: Caller,
    Query(query): Query<AlertsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AlertView>>, Problem> {
    let query = AlertQuery {
        closed: query.closed,
        enablement: query.enablement,
        subject_kind: query.subject_kind.map(Into::into),
        subject: query.subject,
        after: page.after.as_deref().map(read_key).transpose()?,
        most: page.most()? + 1,
    };
    let alerts = caller.daybreak.alerts(&caller.company, &query).await?;
    let view = |alert: StoredAlert| receives(&caller, &alert).then(|| AlertView::from(&alert));
    let Page { items, next } = page.of(alerts, written_key, view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}

/// No name holds a colon, and what comes last may hold whatever it wants.
fn written_key(alert: &StoredAlert) -> String {
    let AlertKey { priority, subject, key, alert } = AlertKey::of(alert);
    format!("{:x}:{alert}:{key}:{subject}", priority.to_bits())
}

fn read_key(text: &str) -> Result<AlertKey, Problem> {
    let mut parts = text.splitn(4, ':');
    let mut part = || parts.next().ok_or_else(bad_after);
    let priority = f64::from_bits(u64::from_str_radix(part()?, 16).map_err(|_| bad_after())?);
    let alert = part()?.parse().map_err(|_| bad_after())?;
    let (key, subject) = (part()?.to_owned(), part()?.to_owned());
    if !priority.is_finite() {
        return Err(bad_after());
    }
    Ok(AlertKey { priority, subject, key, alert })
}
