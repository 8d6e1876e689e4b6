//! Imports: files of facts, looked at first and then imported as a job, and files of lists.

use daybreak_app::AppError;
use daybreak_app::import::FileOptions;
use daybreak_app::job::ImportRequest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::problem::Problem;

mod create;
mod customer_list;
mod list;
mod preview;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create::create_import))
        .routes(routes!(preview::preview_import))
        .routes(routes!(list::import_list))
        .routes(routes!(customer_list::import_customer_list))
}

fn comma() -> char {
    ','
}

/// By which mapping a file of facts is read, and how it is taken apart.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MappingQuery {
    /// The name of a mapping.
    #[param(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
    mapping: String,
    /// What separates the cells of delimited text: a comma, a semicolon, a tab (%09) or a vertical bar.
    #[serde(default = "comma")]
    #[param(required = false, min_length = 1, max_length = 1, default = ",")]
    delimiter: char,
    /// The sheet of a workbook; without one, the first visible one that holds anything.
    #[param(max_length = 256)]
    sheet: Option<String>,
}

impl MappingQuery {
    fn request(self, skip_bad_rows: bool) -> ImportRequest {
        let Self { mapping, delimiter, sheet } = self;
        ImportRequest { mapping, delimiter, sheet, skip_bad_rows }
    }
}

/// The mapping is named in the query, and whoever imports may know that there is none: so the error says it.
fn of_import(error: AppError) -> Problem {
    match error {
        AppError::Unknown { what: "mapping", id } => {
            Problem::refused(format!("There is no mapping {id:?}: GET /api/v1/mappings lists those that there are."))
        }
        error => error.into(),
    }
}

/// How a file of a list is taken apart.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormatQuery {
    /// What separates the cells of delimited text: a comma, a semicolon, a tab (%09) or a vertical bar.
    #[serde(default = "comma")]
    #[param(required = false, min_length = 1, max_length = 1, default = ",")]
    delimiter: char,
    /// The sheet of a workbook; without one, the first visible one that holds anything.
    #[param(max_length = 256)]
    sheet: Option<String>,
}

impl FormatQuery {
    fn options(self) -> Result<FileOptions, Problem> {
        Ok(daybreak_app::job::file_options(self.delimiter, self.sheet)?)
    }
}

/// What a list changed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct ListImported {
    /// Rows that were read.
    rows: usize,
    /// Rows that were appended to what is known; none if everything was known.
    appended: usize,
    /// People who were not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_people: Option<usize>,
}
