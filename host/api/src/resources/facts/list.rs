//! `GET /api/v1/facts`

use daybreak_app::stored::{FactFilter, FactsBy};
use daybreak_domain::fact::Fact;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::{Day, Instant, Span};
use serde::Deserialize;
use utoipa::IntoParams;

use super::FactView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which facts. One of document, actor, customer and kind has to be given; a person who gives none sees their own.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FactsQuery {
    #[param(max_length = 256)]
    document: Option<String>,
    #[param(max_length = 256)]
    actor: Option<String>,
    #[param(max_length = 256)]
    customer: Option<String>,
    #[param(max_length = 64)]
    kind: Option<String>,
    /// The first day.
    from: Option<WireDay>,
    /// The first day that is not wanted any more.
    until: Option<WireDay>,
}

impl FactsQuery {
    fn filter(self, caller: &Caller, page: &PageQuery) -> Result<FactFilter, Problem> {
        let (by, kind) = match (self.document, self.actor, self.customer, self.kind) {
            (Some(document), None, None, kind) => (FactsBy::Document(document), kind),
            (None, Some(actor), None, kind) => (FactsBy::Actor(actor), kind),
            (None, None, Some(customer), kind) => (FactsBy::Customer(customer), kind),
            (None, None, None, Some(kind)) if caller.sees_everybody() => (FactsBy::Kind(kind), None),
            (None, None, None, kind) if caller.person_id().is_ok() => {
                (FactsBy::Actor(caller.person_id()?.to_owned()), kind)
            }
            (None, None, None, None) => {
                return Err(Problem::malformed("Name a document, an actor, a customer or a kind of facts."));
            }
            _ => return Err(Problem::malformed("Name one of document, actor and customer; kind may be added.")),
        };
        let midnight = |day: WireDay| caller.company.zone.midnight(day.0);
        let start = self.from.map_or(Instant(i64::MIN), midnight);
        let end = self.until.map_or(Instant(i64::MAX), midnight);
        let before = page.after.as_deref().map(read_key).transpose()?;
        Ok(FactFilter { by, kind, during: Span { start, end }, before, most: page.most()? + 1 })
    }
}

fn read_key(text: &str) -> Result<(Instant, i64), Problem> {
    let (at, sequence) = text.split_once('_').ok_or_else(bad_after)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| bad_after());
    Ok((Instant(number(at)?), number(sequence)?))
}

/// Whether the caller may see the fact: it is of somebody, or about a customer, in reach on its own day.
pub(super) fn may_see(caller: &Caller, fact: &Fact) -> bool {
    let day: Day = caller.company.zone.day_of(fact.occurred_at);
    let covers = |kind, id: &Option<String>| id.as_deref().is_some_and(|id| caller.covers_subject(kind, id, day));
    caller.sees_everybody()
        || covers(SubjectKind::Employee, &fact.actor)
        || covers(SubjectKind::Customer, &fact.customer)
}

/// Look facts up
///
/// Every revision of them, the newest occurrence first. People see the facts of everybody who was in their reach on the
/// fact's own day, and those about customers in their reach; a page may therefore hold fewer facts than `limit`, or none,
/// and still have a next one.
#[utoipa::path(
    get,
    path = "/facts",
    tag = "facts",
    params(FactsQuery, PageQuery),
    responses((status = 200, body = Page<FactView>, description = "A page of facts."))
)]
pub(super) async fn list_facts(
    caller: Caller,
    Query(query): Query<FactsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<FactView>>, Problem> {
    let filter = query.filter(&caller, &page)?;
    let facts = caller.daybreak.facts_matching(&caller.company, &filter).await?;
    let key = |fact: &Fact| format!("{}_{}", fact.occurred_at.0, fact.sequence);
    let Page { items, next } = page.of(facts, key, |fact| may_see(&caller, &fact).then(|| FactView::from(fact)))?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
