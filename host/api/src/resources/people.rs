//! People: where they stand on a day and stood before, moving them, their roles and their accounts.

use daybreak_app::access::LinkCreated;
use daybreak_app::directory::Directory;
use daybreak_domain::company::{Company, Department, Person, Position, Spell};
use daybreak_domain::time::Day;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::wire::{Text, WireDay, WireInstant, WireText};

mod account;
mod add;
mod depart;
mod disable_account;
mod enable_account;
mod erase;
mod invite;
mod list;
mod list_accounts;
mod move_person;
mod read;
mod reports;
mod reset_account;
mod roles;
mod set_roles;
mod spells;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_people, add::add_people))
        .routes(routes!(read::read_person))
        .routes(routes!(move_person::move_person))
        .routes(routes!(depart::let_person_leave))
        .routes(routes!(erase::erase_person))
        .routes(routes!(spells::list_spells))
        .routes(routes!(reports::list_reports))
        .routes(routes!(roles::read_roles, set_roles::set_roles))
        .routes(routes!(account::read_account, invite::invite_person))
        .routes(routes!(reset_account::reset_account))
        .routes(routes!(disable_account::disable_account))
        .routes(routes!(enable_account::enable_account))
        .routes(routes!(list_accounts::list_accounts))
}

/// Somebody or something, with the name that people read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    id: String,
    /// Empty for a person who was erased.
    name: String,
}

impl Named {
    pub(crate) fn person(id: &str, person: Option<&Person>) -> Self {
        Self { id: id.to_owned(), name: person.map(|person| person.name.clone()).unwrap_or_default() }
    }

    pub(crate) fn company(company: &Company) -> Self {
        Self { id: company.id.clone(), name: company.name.clone() }
    }

    pub(crate) fn department(id: &str, department: Option<&Department>) -> Self {
        Self { id: id.to_owned(), name: department.map(|department| department.name.clone()).unwrap_or_default() }
    }
}

/// What somebody does in the company.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Titled {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<WireText>,
}

impl Titled {
    pub(crate) fn of(id: &str, position: Option<&Position>) -> Self {
        Self { id: id.to_owned(), title: position.map(|position| (&position.title).into()) }
    }
}

/// Where somebody belongs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Titled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Named>,
}

/// A person, and where they stand on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView {
    pub(crate) id: String,
    /// Empty for a person who was erased.
    name: String,
    erased: bool,
    /// The day that the rest is about.
    on: WireDay,
    /// Whether they belong to the company then; without that they stand nowhere.
    employed: bool,
    #[serde(flatten)]
    standing: Standing,
}

impl Standing {
    fn of(directory: &Directory, spell: Option<&Spell>) -> Self {
        let department = spell.and_then(|spell| spell.department.as_deref());
        let department = department.map(|id| Named::department(id, directory.department(id)));
        let position = spell.and_then(|spell| spell.position.as_deref());
        let position = position.map(|id| Titled::of(id, directory.position(id)));
        let manager = spell.and_then(|spell| spell.manager.as_deref());
        let manager = manager.map(|id| Named::person(id, directory.person(id)));
        Self { department, position, manager }
    }
}

impl PersonView {
    fn of(directory: &Directory, person: &Person) -> Self {
        let spell = directory.spell_of(&person.id);
        Self {
            id: person.id.clone(),
            name: person.name.clone(),
            erased: person.erased,
            on: Text(directory.on),
            employed: spell.is_some(),
            standing: Standing::of(directory, spell),
        }
    }
}

/// A one-time link, told this once and never again.
#[derive(Serialize, ToSchema)]
#[schema(as = LinkMade)]
struct LinkMadeView {
    /// What stands in the link. Whoever has it may choose the password, once.
    #[schema(example = "dbl_…")]
    secret: String,
    /// Where the link leads, on the address at which people reach this host.
    path: String,
    expires_at: WireInstant,
}

impl From<LinkCreated> for LinkMadeView {
    fn from(link: LinkCreated) -> Self {
        Self { path: format!("/accept/{}", link.secret), secret: link.secret, expires_at: Text(link.expires_at) }
    }
}

/// Everybody as of the day; fails as if there were nobody unless the person is in reach then.
async fn directory_with(caller: &Caller, person: &str, on: Day) -> Result<Directory, Problem> {
    caller.require_person(person, on)?;
    let directory = caller.daybreak.directory(&caller.company, on).await?;
    if directory.person(person).is_none() {
        return Err(Problem::not_found());
    }
    Ok(directory)
}
