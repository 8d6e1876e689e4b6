//! `GET /api/v1/alerts/{alert}`

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertView, history_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// An alert, and everything that happened to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AlertWithHistory)]
pub(super) struct AlertWithHistory {
    alert: AlertView,
    /// In order; what is new comes last.
    history: Vec<AlertView>,
}

/// Read an alert with its package and its history
#[utoipa::path(
    get,
    path = "/alerts/{alert}",
    tag = "alerts",
    params(("alert" = i64, Path, description = "The alert's number.")),
    responses((status = 200, body = AlertWithHistory, description = "The alert."))
)]
pub(super) async fn read_alert(caller: Caller, Path(alert): Path<i64>) -> Result<Json<AlertWithHistory>, Problem> {
    let (history, newest) = history_in_reach(&caller, alert).await?;
    let history = history.iter().map(AlertView::from).collect();
    Ok(Json(AlertWithHistory { alert: AlertView::from(&newest), history }))
}
