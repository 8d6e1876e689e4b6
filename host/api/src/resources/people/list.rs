//! `GET /api/v1/people`

use daybreak_domain::company::Person;
use serde::Deserialize;
use utoipa::IntoParams;

use super::PersonView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which people. None given: all in reach who belong to the company today.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PeopleQuery {
    /// The day that counts; today unless one is given.
    on: Option<WireDay>,
    /// The id of a department: its people.
    #[param(max_length = 64)]
    department: Option<String>,
    /// The people of the departments below it, too.
    #[serde(default)]
    #[param(required = false)]
    with_those_below: bool,
    /// The id of a person: whoever reports directly to them.
    #[param(max_length = 64)]
    manager: Option<String>,
    /// A part of the name, or of the id.
    #[param(max_length = 256)]
    name: Option<String>,
    /// Also those who do not belong to the company on the day: who have left, or have yet to come.
    #[serde(default)]
    #[param(required = false)]
    everybody: bool,
}

impl PeopleQuery {
    fn names(&self, person: &Person) -> bool {
        let Some(part) = &self.name else { return true };
        let part = part.to_lowercase();
        person.name.to_lowercase().contains(&part) || person.id.contains(&part)
    }
}

/// List people
///
/// By id, each with the department, the position and the manager that they have on the day. People see themselves, their
/// reporting line and the departments that they look after, as it stood on the day.
#[utoipa::path(
    get,
    path = "/people",
    tag = "people",
    params(PeopleQuery, PageQuery),
    responses((status = 200, body = Page<PersonView>, description = "A page of people."))
)]
pub(super) async fn list_people(
    caller: Caller,
    Query(query): Query<PeopleQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PersonView>>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let directory = caller.daybreak.directory(&caller.company, on).await?;
    let departments = query
        .department
        .as_deref()
        .map(|id| if query.with_those_below { directory.department_with_those_below(id) } else { [id].into() });
    let wanted = |person: &Person| {
        let spell = directory.spell_of(&person.id);
        let department = spell.and_then(|spell| spell.department.as_deref());
        let manager = spell.and_then(|spell| spell.manager.as_deref());
        (spell.is_some() || query.everybody)
            && departments.as_ref().is_none_or(|ids| department.is_some_and(|id| ids.contains(id)))
            && query.manager.as_deref().is_none_or(|id| manager == Some(id))
            && query.names(person)
            && caller.covers_person(&person.id, on)
    };
    let people: Vec<&Person> = directory.people().filter(|person| wanted(person)).collect();
    let Page { items, next } = page.cut(people, |person| person.id.clone())?;
    Ok(Json(Page { items: items.into_iter().map(|person| PersonView::of(&directory, person)).collect(), next }))
}
