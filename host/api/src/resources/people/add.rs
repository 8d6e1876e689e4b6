//! `POST /api/v1/people`

use daybreak_app::organise::PersonEntry;
use daybreak_app::organise::people::PeopleAdded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::entries::{WireUncovered, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// A person's name in another system.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonIdentityDraft {
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "helpdesk")]
    source: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
}

/// A person, from a day until another. Several entries of one person follow one another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonDraft {
    /// By which managers are named, too.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "li.lei")]
    id: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[schema(max_length = 64)]
    department: Option<String>,
    #[schema(max_length = 64)]
    position: Option<String>,
    /// The id of a person, known or in this list.
    #[schema(max_length = 64)]
    manager: Option<String>,
    /// The first day; today unless one is given.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
    /// Names in other systems, on all days.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    identities: Vec<PersonIdentityDraft>,
}

impl From<PersonDraft> for PersonEntry {
    fn from(draft: PersonDraft) -> Self {
        Self {
            id: draft.id,
            name: draft.name,
            department: draft.department,
            position: draft.position,
            manager: draft.manager,
            from: draft.from.map(|day| day.0),
            until: draft.until.map(|day| day.0),
            identities: draft.identities.into_iter().map(|identity| (identity.source, identity.name)).collect(),
        }
    }
}

/// People that are added together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonDrafts {
    #[schema(max_items = 10000)]
    people: Vec<PersonDraft>,
    #[serde(default)]
    #[schema(required = false)]
    uncovered: WireUncovered,
}

/// What a list of people changed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = PeopleAdded)]
pub(super) struct PeopleAddedView {
    /// How many entries it has.
    read: usize,
    /// People who were not known.
    new: usize,
    /// How many times it says something new of where somebody belongs.
    spells: usize,
}

impl From<PeopleAdded> for PeopleAddedView {
    fn from(PeopleAdded { read, new, spells }: PeopleAdded) -> Self {
        Self { read, new, spells }
    }
}

/// Add people, or say where known ones belong
///
/// All of them or, if one entry cannot be taken, none; every bad entry is named. Sending the same again changes nothing.
#[utoipa::path(
    post,
    path = "/people",
    tag = "people",
    request_body = PersonDrafts,
    responses((status = 200, body = PeopleAddedView, description = "What the list changed."))
)]
pub(super) async fn add_people(
    caller: Caller,
    Json(drafts): Json<PersonDrafts>,
) -> Result<Json<PeopleAddedView>, Problem> {
    check_count(drafts.people.len())?;
    let entries: Vec<PersonEntry> = drafts.people.into_iter().map(PersonEntry::from).collect();
    let uncovered = drafts.uncovered.into();
    let added = caller.daybreak.add_people(&caller.company, &entries.into(), uncovered).await?;
    Ok(Json(added.into()))
}
