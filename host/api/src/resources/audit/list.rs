//! `GET /api/v1/audit`

use std::collections::BTreeMap;

use daybreak_domain::audit::{AuditQuery, AuditRecord};
use daybreak_domain::author::AuthorKind;
use daybreak_domain::company::Person;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant};

/// What kind of author changed something.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AuthorKind)]
pub(super) enum WireAuthorKind {
    /// Somebody who signed in.
    Person,
    /// Another system, with an API token.
    Token,
    /// Another system, with a signed webhook.
    Webhook,
    /// Whoever may use the host's own command line.
    CommandLine,
    /// The host by itself.
    Host,
}

impl From<AuthorKind> for WireAuthorKind {
    fn from(kind: AuthorKind) -> Self {
        match kind {
            AuthorKind::Person => Self::Person,
            AuthorKind::Token => Self::Token,
            AuthorKind::Webhook => Self::Webhook,
            AuthorKind::CommandLine => Self::CommandLine,
            AuthorKind::Host => Self::Host,
        }
    }
}

impl From<WireAuthorKind> for AuthorKind {
    fn from(kind: WireAuthorKind) -> Self {
        match kind {
            WireAuthorKind::Person => Self::Person,
            WireAuthorKind::Token => Self::Token,
            WireAuthorKind::Webhook => Self::Webhook,
            WireAuthorKind::CommandLine => Self::CommandLine,
            WireAuthorKind::Host => Self::Host,
        }
    }
}

/// Which entries. None given: all.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EntriesQuery {
    /// The sort of thing that was changed, for example `person`.
    #[param(max_length = 64)]
    what: Option<String>,
    /// The id of what was changed.
    #[param(max_length = 256)]
    id: Option<String>,
    author_kind: Option<WireAuthorKind>,
    /// The id of a person, a token or a webhook.
    #[param(max_length = 256)]
    author: Option<String>,
    /// What the action begins with, for example `person.` or `person.move`.
    #[param(max_length = 64)]
    action: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Author)]
struct AuthorView {
    kind: WireAuthorKind,
    /// The id of the person, the token or the webhook; absent for the command line and the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The person's name today.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The id of the request with which it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
}

/// One change. What it was before and is after holds ids, days and values; names stand in their own rows only.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(super) struct AuditEntryView {
    /// Its number in the company's one sequence.
    number: i64,
    at: WireInstant,
    author: AuthorView,
    /// What was done, for example `person.move`.
    action: String,
    /// What sort of thing was changed.
    what: String,
    id: String,
    /// Absent where there was nothing before, or nothing to tell of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
}

impl AuditEntryView {
    fn of(record: AuditRecord, people: &BTreeMap<String, Person>) -> Self {
        let author = record.author;
        let person = people.get(&author.id).filter(|person| author.kind == AuthorKind::Person && !person.erased);
        Self {
            number: record.audit,
            at: Text(record.at),
            author: AuthorView {
                kind: author.kind.into(),
                name: person.map(|person| person.name.clone()),
                id: Some(author.id).filter(|id| !id.is_empty()),
                request: author.request,
            },
            action: record.action,
            what: record.what,
            id: record.id,
            before: record.before,
            after: record.after,
        }
    }
}

/// List who changed what
///
/// The newest first; `after` is the number of the last entry on the page before.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "audit",
    params(EntriesQuery, PageQuery),
    responses((status = 200, body = Page<AuditEntryView>, description = "A page of entries."))
)]
pub(super) async fn list_audit(
    caller: Caller,
    Query(query): Query<EntriesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AuditEntryView>>, Problem> {
    let before_audit =
        page.after.as_deref().map(|number| number.parse::<i64>().map_err(|_| bad_after())).transpose()?;
    let query = AuditQuery {
        what: query.what,
        id: query.id,
        author_kind: query.author_kind.map(AuthorKind::from),
        author: query.author,
        action: query.action,
        before_audit,
        most: page.most()?,
    };
    let found = caller.daybreak.audit(&caller.company, &query).await?;
    let people = caller.daybreak.people(&caller.company).await?;
    let items = found.records.into_iter().map(|record| AuditEntryView::of(record, &people)).collect();
    Ok(Json(Page { items, next: found.earlier.map(|number| number.to_string()) }))
}
