//! `GET /api/v1/identities`

use daybreak_domain::company::{ExternalName, Identity};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::entries::end;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Which identities. None given: all.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct IdentitiesQuery {
    /// Names in this system.
    #[param(max_length = 64)]
    source: Option<String>,
    /// Names that mean, or meant, this person.
    #[param(max_length = 64)]
    person: Option<String>,
}

/// Whom a source means by a name, from a day until another. Of several that cover a day, the one with the highest number
/// counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
pub(super) struct IdentityView {
    sequence: i64,
    source: String,
    /// Absent once the person was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The id of the person; absent: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    from: WireDay,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
}

impl From<Identity> for IdentityView {
    fn from(identity: Identity) -> Self {
        Self {
            sequence: identity.validity.sequence,
            source: identity.source,
            name: match identity.external {
                ExternalName::Plain(name) => Some(name),
                ExternalName::Erased(_) => None,
            },
            person: identity.person,
            from: Text(identity.validity.from),
            until: end(identity.validity.until),
        }
    }
}

/// List identities
///
/// Every row of them, in the order in which they came to be known.
#[utoipa::path(
    get,
    path = "/identities",
    tag = "people",
    params(IdentitiesQuery, PageQuery),
    responses((status = 200, body = Page<IdentityView>, description = "A page of identities."))
)]
pub(super) async fn list_identities(
    caller: Caller,
    Query(query): Query<IdentitiesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<IdentityView>>, Problem> {
    let (after, most) = (page.after_number()?, page.most()? as usize);
    let identities = caller.daybreak.identities(&caller.company, query.source.as_deref()).await?;
    let wanted = |identity: &Identity| {
        identity.validity.sequence > after && (query.person.is_none() || identity.person == query.person)
    };
    let identities = identities.into_iter().filter(wanted).take(most + 1).collect();
    let key = |identity: &Identity| identity.validity.sequence.to_string();
    Ok(Json(page.of(identities, key, IdentityView::from)?))
}
