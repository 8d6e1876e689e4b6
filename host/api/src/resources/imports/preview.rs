//! `POST /api/v1/imports/preview`

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use daybreak_app::import::RowError;
use daybreak_app::ingest::{Preview, PreviewRow};
use daybreak_domain::fact::NewFact;
use serde::Serialize;
use utoipa::ToSchema;

use super::{MappingQuery, of_import};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::{FLAWS_MAX, Problem};
use crate::resources::facts::WireCapture;
use crate::upload::table;
use crate::wire::{Text, WireInstant};

/// What a row would become.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PreviewFact {
    source: String,
    external_id: String,
    kind: String,
    occurred_at: WireInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<WireInstant>,
    /// The id of the person; absent where the name means nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    capture: WireCapture,
    fields: BTreeMap<String, String>,
}

impl From<NewFact> for PreviewFact {
    fn from(fact: NewFact) -> Self {
        Self {
            source: fact.source,
            external_id: fact.external_id,
            kind: fact.kind,
            occurred_at: Text(fact.occurred_at),
            recorded_at: fact.recorded_at.map(Text),
            actor: fact.actor,
            document: fact.document,
            customer: fact.customer,
            value: fact.value,
            capture: fact.capture.into(),
            fields: fact.attributes,
        }
    }
}

/// What is wrong with a row, and what to do about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RowFlaw {
    /// The line of the file, from 1; in a worksheet the number of the row.
    line: u64,
    /// The number of the row, from 1, without the header and without empty rows.
    row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    problem: String,
}

impl From<RowError> for RowFlaw {
    fn from(error: RowError) -> Self {
        Self { line: error.line, row: error.row, column: error.column, problem: error.problem }
    }
}

/// One row of the file beside what it would become: a fact, or what is wrong with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PreviewRowView {
    line: u64,
    row: u64,
    /// One text for each column; long ones are cut.
    cells: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fact: Option<PreviewFact>,
    /// The name of the person in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<RowFlaw>,
}

impl From<PreviewRow> for PreviewRowView {
    fn from(row: PreviewRow) -> Self {
        let (fact, problem) = match row.fact {
            Ok(fact) => (Some(fact.into()), None),
            Err(error) => (None, Some(error.into())),
        };
        Self { line: row.line, row: row.row, cells: row.cells, fact, who: row.who, problem }
    }
}

/// What an import of the file would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub(super) struct PreviewView {
    /// The names in the file's first row.
    columns: Vec<String>,
    /// The first twenty rows.
    first: Vec<PreviewRowView>,
    /// How many rows there are.
    rows: u64,
    bad_rows: u64,
    /// What is wrong with bad rows, of the first thousand of them.
    errors: Vec<RowFlaw>,
    /// Bad rows beyond those listed.
    more_errors: u64,
    /// People whom the import would create from names.
    new_people: u64,
    /// Different names that mean nobody on their days.
    unknown_names: u64,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        let bad_rows = preview.errors.len() as u64 + preview.more_errors;
        let errors: Vec<RowFlaw> = preview.errors.into_iter().take(FLAWS_MAX).map(RowFlaw::from).collect();
        Self {
            columns: preview.columns,
            first: preview.first.into_iter().map(PreviewRowView::from).collect(),
            rows: preview.rows,
            bad_rows,
            more_errors: bad_rows - errors.len() as u64,
            errors,
            new_people: preview.new_people,
            unknown_names: preview.unknown_names,
        }
    }
}

/// See what an import would do
///
/// The body is the file itself. The whole of it is read and checked, and nothing is changed.
#[utoipa::path(
    post,
    path = "/imports/preview",
    tag = "imports",
    params(MappingQuery),
    request_body(
        description = "The file.",
        content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )
    ),
    responses((status = 200, body = PreviewView, description = "What the import would do."))
)]
pub(super) async fn preview_import(
    State(api): State<Api>,
    caller: Caller,
    Query(mapping): Query<MappingQuery>,
    request: Request,
) -> Result<Json<PreviewView>, Problem> {
    let mut file = table(&caller.daybreak, request, api.settings.limits.import_bytes).await?;
    let request = mapping.request(false);
    let preview = caller.daybreak.preview_import(&caller.company, &mut file, &request).await.map_err(of_import)?;
    Ok(Json(preview.into()))
}
