//! `POST /api/v1/imports/customer-lists/{kind}`

use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{FormatQuery, ListImported};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::upload::table;

/// A list about customers.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CustomerListKind {
    /// Columns: id, name; if wanted kind.
    Customers,
    /// Columns: customer, owner; if wanted from, until.
    Owners,
    /// Columns: id, customer, name, title; if wanted from, left.
    Contacts,
}

/// Import a list about customers from a file
///
/// The body is the file itself, delimited text or an Excel workbook whose first row names the columns. All of it is taken
/// or, if one row is bad, none; each bad row is named. The same list again changes nothing.
#[utoipa::path(
    post,
    path = "/imports/customer-lists/{kind}",
    tag = "imports",
    params(("kind" = inline(CustomerListKind), Path, description = "What the list is of."), FormatQuery),
    request_body(
        description = "The file.",
        content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )
    ),
    responses((status = 200, body = ListImported, description = "What the list changed."))
)]
pub(super) async fn import_customer_list(
    State(api): State<Api>,
    caller: Caller,
    Path(kind): Path<CustomerListKind>,
    Query(format): Query<FormatQuery>,
    request: Request,
) -> Result<Json<ListImported>, Problem> {
    let options = format.options()?;
    let file = table(&caller.daybreak, request, api.settings.limits.import_bytes).await?;
    let (daybreak, company) = (&caller.daybreak, &caller.company);
    let changed = match kind {
        CustomerListKind::Customers => daybreak.import_customers(company, file.open()?, &options).await?,
        CustomerListKind::Owners => daybreak.import_owners(company, file.open()?, &options).await?,
        CustomerListKind::Contacts => daybreak.import_contacts(company, file.open()?, &options).await?,
    };
    Ok(Json(ListImported { rows: changed.read, appended: changed.appended, new_people: None }))
}
