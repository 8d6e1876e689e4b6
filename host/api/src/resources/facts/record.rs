//! `POST /api/v1/facts`

use std::collections::BTreeMap;

use daybreak_app::deliver::{DeliveredFact, FactDelivery, Received};
use daybreak_app::import::UnknownPeople;
use daybreak_app::stored::Arrival;
use daybreak_domain::fact::NewFact;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::WireCapture;
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireInstant;

/// What a source says about one fact.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactDraft {
    /// The system that the external id belongs to.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "crm")]
    pub(crate) source: String,
    /// The fact's id in that system: the same id again is the same fact.
    #[schema(min_length = 1, max_length = 256, example = "visit-4711")]
    pub(crate) external_id: String,
    /// The source's own revision number. Without one, the first is 0 and changed content is the next.
    #[schema(maximum = 2_147_483_647)]
    pub(crate) revision: Option<u32>,
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "visit")]
    pub(crate) kind: String,
    pub(crate) occurred_at: WireInstant,
    /// When it was entered; without it, when the host hears of it.
    pub(crate) recorded_at: Option<WireInstant>,
    /// The id of the person who did it.
    #[schema(min_length = 1, max_length = 256)]
    pub(crate) actor: Option<String>,
    /// The person's name in the source, where the id is not known.
    #[schema(min_length = 1, max_length = 256)]
    pub(crate) who: Option<String>,
    #[schema(min_length = 1, max_length = 256)]
    pub(crate) document: Option<String>,
    #[schema(min_length = 1, max_length = 256)]
    pub(crate) customer: Option<String>,
    pub(crate) value: Option<f64>,
    pub(crate) capture: WireCapture,
    /// What plugins can ask for by name. Values are texts.
    #[serde(default)]
    #[schema(required = false)]
    pub(crate) fields: BTreeMap<String, String>,
    /// The source takes the fact back.
    #[serde(default)]
    #[schema(required = false)]
    pub(crate) withdrawn: bool,
}

impl From<FactDraft> for DeliveredFact {
    fn from(draft: FactDraft) -> Self {
        Self {
            fact: NewFact {
                source: draft.source,
                external_id: draft.external_id,
                revision: draft.revision,
                kind: draft.kind,
                occurred_at: draft.occurred_at.0,
                recorded_at: draft.recorded_at.map(|at| at.0),
                actor: draft.actor,
                document: draft.document,
                customer: draft.customer,
                value: draft.value,
                capture: draft.capture.into(),
                attributes: draft.fields,
                withdrawn: draft.withdrawn,
            },
            who: draft.who,
        }
    }
}

/// What happens to a name that means nobody on the fact's day.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = UnknownPeople)]
pub(crate) enum WireUnknownPeople {
    /// The fact is bad.
    #[default]
    Refuse,
    /// The fact is recorded without a person.
    Unassigned,
}

impl From<WireUnknownPeople> for UnknownPeople {
    fn from(unknown: WireUnknownPeople) -> Self {
        match unknown {
            WireUnknownPeople::Refuse => Self::Refuse,
            WireUnknownPeople::Unassigned => Self::Unassigned,
        }
    }
}

/// Facts that are recorded together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactDrafts {
    #[schema(max_items = 10000)]
    facts: Vec<FactDraft>,
    #[serde(default)]
    #[schema(required = false)]
    unknown_people: WireUnknownPeople,
    /// Record the good facts although some are bad. Otherwise one bad fact keeps all of them out.
    #[serde(default)]
    #[schema(required = false)]
    skip_bad_facts: bool,
}

/// What became of one fact.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FactOutcome {
    New,
    /// Another revision of a known fact, current from now on.
    Revised,
    /// Stored, but a higher revision was there before.
    Outranked,
    /// It was known already: nothing happened.
    Known,
    /// The source's revision number is taken by other content: nothing happened.
    Conflict,
    /// It was not recorded.
    Refused,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FactResult {
    outcome: FactOutcome,
    /// The number of the new row.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    /// What is wrong with a fact that was refused, or contradicts what is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// What became of the facts, in the order in which they were sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FactResults {
    pub(crate) results: Vec<FactResult>,
    /// The company's last number afterwards.
    pub(crate) sequence: i64,
}

impl From<Received> for FactResult {
    fn from(received: Received) -> Self {
        let plain = |outcome| Self { outcome, sequence: None, revision: None, problem: None };
        match received {
            Received::Arrived(Arrival::New { sequence, revision }) => {
                Self { sequence: Some(sequence), revision: Some(revision), ..plain(FactOutcome::New) }
            }
            Received::Arrived(Arrival::Revised { sequence, revision }) => {
                Self { sequence: Some(sequence), revision: Some(revision), ..plain(FactOutcome::Revised) }
            }
            Received::Arrived(Arrival::Outranked { sequence, revision }) => {
                Self { sequence: Some(sequence), revision: Some(revision), ..plain(FactOutcome::Outranked) }
            }
            Received::Arrived(Arrival::Duplicate) => plain(FactOutcome::Known),
            Received::Arrived(Arrival::Conflict { revision }) => Self {
                problem: Some(format!(
                    "revision {revision} was delivered before with other content; give the change a higher revision"
                )),
                ..plain(FactOutcome::Conflict)
            },
            Received::Refused(problem) => Self { problem: Some(problem), ..plain(FactOutcome::Refused) },
        }
    }
}

/// Record facts
///
/// Up to 10,000 in one transaction: what is answered with 200 is on the disk. Sending the same again changes nothing, so a
/// request without an answer is simply sent once more. Scores follow by themselves.
#[utoipa::path(
    post,
    path = "/facts",
    tag = "facts",
    request_body = FactDrafts,
    responses((status = 200, body = FactResults, description = "What became of each fact."))
)]
pub(super) async fn record_facts(caller: Caller, Json(drafts): Json<FactDrafts>) -> Result<Json<FactResults>, Problem> {
    let delivery = FactDelivery {
        facts: drafts.facts.into_iter().map(DeliveredFact::from).collect(),
        unknown_people: drafts.unknown_people.into(),
        skip_bad_facts: drafts.skip_bad_facts,
    };
    let delivered = caller.daybreak.deliver_facts(&caller.company, delivery).await?;
    Ok(Json(FactResults {
        results: delivered.received.into_iter().map(FactResult::from).collect(),
        sequence: delivered.sequence,
    }))
}
