//! Facts: what happened, who did it, on which document, and how it was captured.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::time::{INSTANT_MAX, INSTANT_MIN, Instant};

pub const NAME_BYTES_MAX: usize = 64;
pub const ID_BYTES_MAX: usize = 256;
pub const ATTRIBUTES_MAX: usize = 64;
pub const ATTRIBUTE_BYTES_MAX: usize = 4_096;
/// All attributes of one fact together, names and values.
pub const FACT_BYTES_MAX: usize = 32_768;
/// The highest revision that a source gives. The host counts on from there where the source stops counting.
pub const REVISION_MAX: u32 = 2_147_483_647;

/// How a fact came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capture {
    /// By another system, without anybody typing.
    Automatic,
    /// By a person on a form that already held most of it.
    Prefilled,
    /// By a person, typed.
    Typed,
}

impl Capture {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Prefilled => "prefilled",
            Self::Typed => "typed",
        }
    }
}

impl fmt::Display for Capture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Capture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Automatic, Self::Prefilled, Self::Typed]
            .into_iter()
            .find(|capture| capture.name() == text)
            .ok_or_else(|| format!("{text:?} is no capture: use automatic, prefilled or typed"))
    }
}

/// What a source says about one fact. The host adds the sequence, the revision and the local day.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFact {
    /// The system that the external id belongs to, for example `helpdesk`.
    pub source: String,
    pub external_id: String,
    /// The source's own revision number, if it counts them. Without one a changed content is the next revision.
    pub revision: Option<u32>,
    pub kind: String,
    pub occurred_at: Instant,
    /// When it was entered, if the source says so; otherwise the host notes when it heard of it.
    pub recorded_at: Option<Instant>,
    /// The id of the person who did it; none while nobody knows whose identity it was.
    pub actor: Option<String>,
    pub document: Option<String>,
    pub customer: Option<String>,
    pub value: Option<f64>,
    pub capture: Capture,
    /// Values are texts; a plugin's need says as what they are read.
    pub attributes: BTreeMap<String, String>,
    /// The source takes the fact back.
    pub withdrawn: bool,
}

/// A fact as it was stored. Immutable.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub sequence: i64,
    pub source: String,
    pub external_id: String,
    pub revision: u32,
    pub kind: String,
    pub occurred_at: Instant,
    pub recorded_at: Instant,
    pub actor: Option<String>,
    pub document: Option<String>,
    pub customer: Option<String>,
    pub value: Option<f64>,
    pub capture: Capture,
    pub attributes: BTreeMap<String, String>,
    pub withdrawn: bool,
    /// Of the content as it was delivered; see [`NewFact::content_digest`].
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    #[error(
        "{what} {text:?} is no name: use lower-case letters, digits, dots, dashes and underscores, at most {NAME_BYTES_MAX}"
    )]
    BadName { what: &'static str, text: String },
    #[error("the {0} is empty")]
    Empty(&'static str),
    #[error("the {what} has {length} bytes: at most {ID_BYTES_MAX}")]
    TooLong { what: &'static str, length: usize },
    #[error("the {0} holds control characters")]
    NotPlain(&'static str),
    #[error("the time {0} lies outside the years 1900 to 2199")]
    TimeOutOfRange(Instant),
    #[error("the value is not a finite number")]
    ValueNotFinite,
    #[error("{0} fields: a fact has at most {ATTRIBUTES_MAX}")]
    TooManyAttributes(usize),
    #[error("the field {name} has {length} bytes: at most {ATTRIBUTE_BYTES_MAX}")]
    AttributeTooLong { name: String, length: usize },
    #[error("the fields have {0} bytes together: at most {FACT_BYTES_MAX}")]
    TooMuch(usize),
    #[error("the revision is {0}: at most {REVISION_MAX}")]
    RevisionTooHigh(u32),
}

/// Whether the text can name a source, a fact kind or an attribute.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    starts_well
        && text.len() <= NAME_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

fn check_name(what: &'static str, text: &str) -> Result<(), FactError> {
    if is_name(text) { Ok(()) } else { Err(FactError::BadName { what, text: text.chars().take(80).collect() }) }
}

fn check_id(what: &'static str, text: &str) -> Result<(), FactError> {
    if text.is_empty() {
        Err(FactError::Empty(what))
    } else if text.len() > ID_BYTES_MAX {
        Err(FactError::TooLong { what, length: text.len() })
    } else if text.chars().any(char::is_control) {
        Err(FactError::NotPlain(what))
    } else {
        Ok(())
    }
}

impl NewFact {
    /// Checks every bound of a fact.
    pub fn check(&self) -> Result<(), FactError> {
        check_name("the source", &self.source)?;
        check_name("the kind", &self.kind)?;
        check_id("external id", &self.external_id)?;
        let ids = [("document", &self.document), ("customer", &self.customer), ("actor", &self.actor)];
        for (what, id) in ids {
            id.as_deref().map_or(Ok(()), |id| check_id(what, id))?;
        }
        for instant in [Some(self.occurred_at), self.recorded_at].into_iter().flatten() {
            if !(INSTANT_MIN..INSTANT_MAX).contains(&instant) {
                return Err(FactError::TimeOutOfRange(instant));
            }
        }
        if self.value.is_some_and(|value| !value.is_finite()) {
            return Err(FactError::ValueNotFinite);
        }
        if self.attributes.len() > ATTRIBUTES_MAX {
            return Err(FactError::TooManyAttributes(self.attributes.len()));
        }
        let mut bytes = 0;
        for (name, value) in &self.attributes {
            check_name("the field", name)?;
            if value.len() > ATTRIBUTE_BYTES_MAX {
                return Err(FactError::AttributeTooLong { name: name.clone(), length: value.len() });
            }
            // PostgreSQL keeps no NUL in a text, and nothing that a person wrote holds one.
            if value.contains('\0') {
                return Err(FactError::NotPlain("field"));
            }
            bytes += name.len() + value.len();
        }
        if bytes > FACT_BYTES_MAX {
            return Err(FactError::TooMuch(bytes));
        }
        if let Some(revision) = self.revision.filter(|revision| *revision > REVISION_MAX) {
            return Err(FactError::RevisionTooHigh(revision));
        }
        Ok(())
    }

    /// Equal for two deliveries that say the same. What the host adds (sequence, revision, the time it heard of it)
    /// does not count.
    #[must_use]
    pub fn content_digest(&self) -> Digest {
        content_digest(&Content {
            kind: &self.kind,
            occurred_at: self.occurred_at,
            actor: self.actor.as_deref(),
            document: self.document.as_deref(),
            customer: self.customer.as_deref(),
            value: self.value,
            capture: self.capture,
            attributes: &self.attributes,
            withdrawn: self.withdrawn,
        })
    }
}

impl Fact {
    /// The content digest computed anew; differs from `digest` only if somebody changed the stored row.
    #[must_use]
    pub fn content_digest(&self) -> Digest {
        content_digest(&Content {
            kind: &self.kind,
            occurred_at: self.occurred_at,
            actor: self.actor.as_deref(),
            document: self.document.as_deref(),
            customer: self.customer.as_deref(),
            value: self.value,
            capture: self.capture,
            attributes: &self.attributes,
            withdrawn: self.withdrawn,
        })
    }

    /// How people and error messages name the fact.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}:{} revision {}", self.source, self.external_id, self.revision)
    }
}

struct Content<'a> {
    kind: &'a str,
    occurred_at: Instant,
    actor: Option<&'a str>,
    document: Option<&'a str>,
    customer: Option<&'a str>,
    value: Option<f64>,
    capture: Capture,
    attributes: &'a BTreeMap<String, String>,
    withdrawn: bool,
}

fn content_digest(content: &Content<'_>) -> Digest {
    let mut canonical = Canonical::new("daybreak fact 1");
    canonical.text(content.kind);
    canonical.integer(content.occurred_at.0);
    canonical.optional(content.actor, Canonical::text);
    canonical.optional(content.document, Canonical::text);
    canonical.optional(content.customer, Canonical::text);
    canonical.optional(content.value, Canonical::number);
    canonical.text(content.capture.name());
    canonical.count(content.attributes.len());
    for (name, value) in content.attributes {
        canonical.text(name);
        canonical.text(value);
    }
    canonical.truth(content.withdrawn);
    canonical.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> NewFact {
        NewFact {
            source: "helpdesk".into(),
            external_id: "Case 1/1".into(),
            revision: None,
            kind: "ticket.event".into(),
            occurred_at: Instant(1_000),
            recorded_at: None,
            actor: Some("person_1".into()),
            document: Some("Case 1".into()),
            customer: None,
            value: None,
            capture: Capture::Automatic,
            attributes: BTreeMap::from([("activity".into(), "Resolve ticket".into())]),
            withdrawn: false,
        }
    }

    #[test]
    fn every_part_of_the_content_changes_the_digest_and_nothing_else_does() {
        let base = fact().content_digest();
        let changed = |change: fn(&mut NewFact)| {
            let mut fact = fact();
            change(&mut fact);
            fact.content_digest()
        };
        assert_ne!(base, changed(|fact| fact.kind = "ticket.note".into()));
        assert_ne!(base, changed(|fact| fact.occurred_at = Instant(1_001)));
        assert_ne!(base, changed(|fact| fact.actor = None));
        assert_ne!(base, changed(|fact| fact.document = None));
        assert_ne!(base, changed(|fact| fact.customer = Some("Case 1".into())));
        assert_ne!(base, changed(|fact| fact.value = Some(0.0)));
        assert_ne!(base, changed(|fact| fact.capture = Capture::Typed));
        assert_ne!(base, changed(|fact| fact.attributes.clear()));
        assert_ne!(base, changed(|fact| fact.withdrawn = true));
        assert_eq!(base, changed(|fact| fact.recorded_at = Some(Instant(5))));
        assert_eq!(base, changed(|fact| fact.revision = Some(3)));
    }

    #[test]
    fn facts_out_of_bounds_are_refused() {
        let refused = |change: fn(&mut NewFact)| {
            let mut fact = fact();
            change(&mut fact);
            fact.check().unwrap_err()
        };
        assert!(fact().check().is_ok());
        assert!(matches!(refused(|fact| fact.kind = "Ticket".into()), FactError::BadName { .. }));
        assert_eq!(refused(|fact| fact.external_id.clear()), FactError::Empty("external id"));
        assert_eq!(refused(|fact| fact.value = Some(f64::NAN)), FactError::ValueNotFinite);
        assert_eq!(refused(|fact| fact.revision = Some(1 << 31)), FactError::RevisionTooHigh(1 << 31));
        assert!(matches!(refused(|fact| fact.occurred_at = Instant(i64::MAX)), FactError::TimeOutOfRange(_)));
        assert!(matches!(
            refused(|fact| drop(fact.attributes.insert("@actor".into(), "x".into()))),
            FactError::BadName { .. }
        ));
    }
}
