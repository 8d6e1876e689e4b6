//! `POST /api/v1/imports/lists/{kind}`

use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{FormatQuery, ListImported};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::upload::table;

/// A list about the organisation.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ListKind {
    /// Columns: id, name; if wanted department, position, manager, from, until, identities.
    People,
    /// Columns: id, name; if wanted parent, from, until.
    Departments,
    /// Columns: id, title-zh, title-en.
    Positions,
    /// Columns: identity (`source:name`), person; if wanted from, until.
    Identities,
    /// Columns: person, from, kind; if wanted until, reason, id.
    Absences,
}

/// Import a list about the organisation from a file
///
/// The body is the file itself, delimited text or an Excel workbook whose first row names the columns. All of it is taken
/// or, if one row is bad, none; each bad row is named. The same list again changes nothing.
#[utoipa::path(
    post,
    path = "/imports/lists/{kind}",
    tag = "imports",
    params(("kind" = inline(ListKind), Path, description = "What the list is of."), FormatQuery),
    request_body(
        description = "The file.",
        content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )
    ),
    responses((status = 200, body = ListImported, description = "What the list changed."))
)]
pub(super) async fn import_list(
    State(api): State<Api>,
    caller: Caller,
    Path(kind): Path<ListKind>,
    Query(format): Query<FormatQuery>,
    request: Request,
) -> Result<Json<ListImported>, Problem> {
    let options = format.options()?;
    let file = table(&caller.daybreak, request, api.settings.limits.import_bytes).await?;
    let (daybreak, company) = (&caller.daybreak, &caller.company);
    let changed = match kind {
        ListKind::People => {
            let added = daybreak.import_people(company, file.open()?, &options).await?;
            let new_people = Some(added.new);
            return Ok(Json(ListImported { rows: added.read, appended: added.spells, new_people }));
        }
        ListKind::Departments => daybreak.import_departments(company, file.open()?, &options).await?,
        ListKind::Positions => daybreak.import_positions(company, file.open()?, &options).await?,
        ListKind::Identities => daybreak.import_identities(company, file.open()?, &options).await?,
        ListKind::Absences => daybreak.import_absences(company, file.open()?, &options).await?,
    };
    Ok(Json(ListImported { rows: changed.read, appended: changed.appended, new_people: None }))
}
