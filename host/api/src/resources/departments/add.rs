//! `POST /api/v1/departments`

use daybreak_app::organise::departments::DepartmentEntry;
use daybreak_domain::company::Department;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::entries::{EntriesTaken, WireUncovered, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// A department from a day until another. Several entries of one department follow one another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentDraft {
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "sales")]
    id: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    /// The id of the department above it; without one it stands at the top.
    #[schema(max_length = 64)]
    parent: Option<String>,
    /// Without a day a new department was there always, and one that is known changes today.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

impl From<DepartmentDraft> for DepartmentEntry {
    fn from(draft: DepartmentDraft) -> Self {
        Self {
            department: Department { id: draft.id, name: draft.name, parent: draft.parent },
            from: draft.from.map(|day| day.0),
            until: draft.until.map(|day| day.0),
        }
    }
}

/// Departments that are added together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentDrafts {
    #[schema(max_items = 10000)]
    departments: Vec<DepartmentDraft>,
    #[serde(default)]
    #[schema(required = false)]
    uncovered: WireUncovered,
}

/// Add departments, or say how known ones are
///
/// All of them or, if one entry cannot be taken, none; every bad entry is named. Sending the same again changes nothing.
#[utoipa::path(
    post,
    path = "/departments",
    tag = "departments",
    request_body = DepartmentDrafts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn add_departments(
    caller: Caller,
    Json(drafts): Json<DepartmentDrafts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(drafts.departments.len())?;
    let entries: Vec<DepartmentEntry> = drafts.departments.into_iter().map(DepartmentEntry::from).collect();
    let uncovered = drafts.uncovered.into();
    Ok(Json(caller.daybreak.add_departments(&caller.company, &entries.into(), uncovered).await?.into()))
}
