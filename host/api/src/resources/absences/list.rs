//! `GET /api/v1/absences`

use daybreak_domain::company::Absence;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::may_see;
use crate::caller::Caller;
use crate::entries::end;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Which absences. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AbsencesQuery {
    /// The id of a person.
    #[param(max_length = 64)]
    person: Option<String>,
    /// Those that are not over before this day.
    from: Option<WireDay>,
    /// Those that have begun before this day.
    until: Option<WireDay>,
}

/// Days on which a person is away.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Absence)]
pub(super) struct AbsenceView {
    id: String,
    person: String,
    from: WireDay,
    /// The first day back.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    /// A name such as `leave`, `sick` or `parental`.
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<Absence> for AbsenceView {
    fn from(absence: Absence) -> Self {
        Self {
            id: absence.id,
            person: absence.person,
            from: Text(absence.validity.from),
            until: end(absence.validity.until),
            kind: absence.kind,
            reason: absence.reason,
        }
    }
}

/// List absences
///
/// By id, without those that were withdrawn. People see their own and those of whoever is in their reach on the absence's
/// day that is nearest to today.
#[utoipa::path(
    get,
    path = "/absences",
    tag = "absences",
    params(AbsencesQuery, PageQuery),
    responses((status = 200, body = Page<AbsenceView>, description = "A page of absences."))
)]
pub(super) async fn list_absences(
    caller: Caller,
    Query(query): Query<AbsencesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AbsenceView>>, Problem> {
    let absences = caller.daybreak.absences(&caller.company, i64::MAX).await?;
    let wanted = |absence: &Absence| {
        query.person.as_ref().is_none_or(|person| absence.person == *person)
            && query.from.is_none_or(|from| absence.validity.until.is_none_or(|until| from.0 < until))
            && query.until.is_none_or(|until| absence.validity.from < until.0)
            && may_see(&caller, absence)
    };
    let absences: Vec<AbsenceView> = absences.into_values().filter(wanted).map(AbsenceView::from).collect();
    Ok(Json(page.cut(absences, |absence| absence.id.clone())?))
}
