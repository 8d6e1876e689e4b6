//! Facts: recording what other systems deliver, and looking facts up.

use std::collections::BTreeMap;

use daybreak_domain::fact::{Capture, Fact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::wire::{Text, WireInstant};

mod list;
mod read;
mod record;

pub(crate) use record::FactResults;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_facts, record::record_facts)).routes(routes!(read::read_fact))
}

/// How a fact came to be known.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Capture)]
pub(crate) enum WireCapture {
    /// By another system, without anybody typing.
    Automatic,
    /// By a person on a form that already held most of it.
    Prefilled,
    /// By a person, typed.
    Typed,
}

impl From<Capture> for WireCapture {
    fn from(capture: Capture) -> Self {
        match capture {
            Capture::Automatic => Self::Automatic,
            Capture::Prefilled => Self::Prefilled,
            Capture::Typed => Self::Typed,
        }
    }
}

impl From<WireCapture> for Capture {
    fn from(capture: WireCapture) -> Self {
        match capture {
            WireCapture::Automatic => Self::Automatic,
            WireCapture::Prefilled => Self::Prefilled,
            WireCapture::Typed => Self::Typed,
        }
    }
}

/// A fact as it was stored. Facts are never changed: a correction is another revision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Fact)]
pub(crate) struct FactView {
    /// Its number in the company's one sequence.
    sequence: i64,
    source: String,
    external_id: String,
    revision: u32,
    kind: String,
    occurred_at: WireInstant,
    recorded_at: WireInstant,
    /// The id of the person who did it; absent while nobody knows who it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    capture: WireCapture,
    /// What else the source says, by name.
    fields: BTreeMap<String, String>,
    /// The source took the fact back with this revision.
    withdrawn: bool,
    /// Of its content.
    digest: String,
}

impl From<Fact> for FactView {
    fn from(fact: Fact) -> Self {
        Self {
            sequence: fact.sequence,
            source: fact.source,
            external_id: fact.external_id,
            revision: fact.revision,
            kind: fact.kind,
            occurred_at: Text(fact.occurred_at),
            recorded_at: Text(fact.recorded_at),
            actor: fact.actor,
            document: fact.document,
            customer: fact.customer,
            value: fact.value,
            capture: fact.capture.into(),
            fields: fact.attributes,
            withdrawn: fact.withdrawn,
            digest: fact.digest.to_string(),
        }
    }
}
