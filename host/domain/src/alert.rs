//! Alerts as the host keeps them, and the receipt of the assessment that raised, changed or closed them.
//!
//! What lives here: the record, its digest, and what an assessment of one subject means for its open alerts. What never
//! lives here: why there is a risk; assistants say that, see [`crate::assistant`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::assistant::{Alert, TaskDraft};
use crate::digest::{Canonical, Digest};
use crate::plugin::Interface;
use crate::requirements::SubjectKind;
use crate::table::{Context, Evidence};
use crate::text::Localized;
use crate::time::{Day, Instant};

/// An alert as an assistant raised it, with its evidence as facts: whatever batch its subject was in does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    /// Unique for the subject within its enablement.
    pub key: String,
    /// 0 to 1.
    pub risk: f64,
    /// Any finite number: alerts are listed largest first, ties by subject id.
    pub priority: f64,
    pub sentence: Localized,
    /// Sequences of facts.
    pub evidence: Vec<i64>,
    pub suggestions: Vec<Advice>,
    pub plan: Option<TaskDraft>,
}

/// One part of an alert's package, with its evidence as facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    pub heading: Localized,
    pub text: Localized,
    pub evidence: Vec<i64>,
    /// Ids of people; their names stand in people's rows only.
    pub people: Vec<String>,
}

impl Raised {
    /// The alert with its evidence looked up: `fact` gives the sequence of the fact that a row of evidence is. The engine
    /// has checked that each of them exists.
    #[must_use]
    pub fn of(alert: Alert, fact: impl Fn(Evidence) -> Option<i64>) -> Self {
        let facts = |evidence: &[Evidence]| evidence.iter().filter_map(|&evidence| fact(evidence)).collect::<Vec<_>>();
        let advice = alert.suggestions.into_iter().map(|suggestion| Advice {
            evidence: facts(&suggestion.evidence),
            heading: suggestion.heading,
            text: suggestion.text,
            people: suggestion.people,
        });
        Self {
            suggestions: advice.collect(),
            evidence: facts(&alert.evidence),
            key: alert.key,
            risk: alert.risk,
            priority: alert.priority,
            sentence: alert.sentence,
            plan: alert.plan,
        }
    }

    /// Over every bit of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::new("daybreak alert 1");
        self.feed(&mut canonical);
        canonical.finish()
    }

    fn feed(&self, canonical: &mut Canonical) {
        canonical.text(&self.key);
        canonical.number(self.risk);
        canonical.number(self.priority);
        self.sentence.feed(canonical);
        feed_facts(canonical, &self.evidence);
        canonical.count(self.suggestions.len());
        for advice in &self.suggestions {
            advice.heading.feed(canonical);
            advice.text.feed(canonical);
            feed_facts(canonical, &advice.evidence);
            canonical.count(advice.people.len());
            for person in &advice.people {
                canonical.text(person);
            }
        }
        canonical.optional(self.plan.as_ref(), |canonical, plan| {
            plan.title.feed(canonical);
            canonical.integer(i64::from(plan.due_days));
            canonical.optional(plan.counts_in.as_deref(), Canonical::text);
        });
    }
}

fn feed_facts(canonical: &mut Canonical, facts: &[i64]) {
    canonical.count(facts.len());
    for &fact in facts {
        canonical.integer(fact);
    }
}

/// Over all alerts that one subject was given, in the order of their keys.
#[must_use]
pub fn digest_of(alerts: &[Raised]) -> Digest {
    let mut canonical = Canonical::new("daybreak alerts 1");
    canonical.count(alerts.len());
    for alert in alerts {
        alert.feed(&mut canonical);
    }
    canonical.finish()
}

/// What made a revision of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    Opened,
    /// The same risk, said differently: another sentence, priority, package or plan.
    Updated,
    /// The subject was assessed without it, or is not watched any more.
    Closed,
    /// Somebody made a task of its plan.
    Planned,
}

impl Event {
    const ALL: [Self; 4] = [Self::Opened, Self::Updated, Self::Closed, Self::Planned];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Updated => "updated",
            Self::Closed => "closed",
            Self::Planned => "planned",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Event {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|event| event.name() == text);
        known.ok_or_else(|| format!("{text:?} is nothing that happens to an alert"))
    }
}

/// What one assessment means for one alert of a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<'a, Open> {
    Opens(&'a Raised),
    Updates(&'a Open, &'a Raised),
    Closes(&'a Open),
}

/// What happens to a subject's alerts that has just been assessed: those that are open, each with its content, against
/// those that were raised. An alert that was raised as it stands is no change.
#[must_use]
pub fn changes<'a, Open>(
    open: &'a [Open],
    content: impl Fn(&Open) -> &Raised,
    raised: &'a [Raised],
) -> Vec<Change<'a, Open>> {
    let closes = open.iter().filter(|open| !raised.iter().any(|raised| raised.key == content(open).key));
    let others = raised.iter().filter_map(|raised| match open.iter().find(|open| content(open).key == raised.key) {
        None => Some(Change::Opens(raised)),
        Some(open) if content(open).digest() == raised.digest() => None,
        Some(open) => Some(Change::Updates(open, raised)),
    });
    closes.map(Change::Closes).chain(others).collect()
}

/// A task that an alert proposes, before anybody has agreed to do it.
#[derive(Clone, Debug, PartialEq)]
pub struct CarePlan {
    pub title: Localized,
    /// The last day on which it is done in time.
    pub due: Day,
    /// The indicator in which finishing it counts.
    pub counts_in: Option<String>,
    /// None where the alert's subject is no customer.
    pub customer: Option<String>,
    /// What the task's document is called: the alert.
    pub document: String,
}

/// What all alerts of one call of an assistant share.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessmentReceipt {
    pub enablement: String,
    /// The revision of the enablement, which binds component, parameters and grant.
    pub revision: i64,
    pub subject_kind: SubjectKind,
    pub component: Digest,
    pub interface: Interface,
    /// The host's code that spoke the interface's version.
    pub adapter: String,
    /// Of what was granted.
    pub requirements: Digest,
    /// The day of assessment; as-of is the midnight that ends it.
    pub assessed_on: Day,
    pub context: Context,
    /// Everybody who was assessed, in the order of the call.
    pub subjects: Vec<AssessedSubject>,
    /// All that was known: rows with a sequence up to this one.
    pub known_to: i64,
    pub fuel: u64,
    pub engine: String,
    pub computed_at: Instant,
}

/// One subject of an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedSubject {
    pub id: String,
    /// Of the decoded rows that the subject was given.
    pub rows: Digest,
    /// Of the alerts that were raised for it; see [`digest_of`].
    pub alerts: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(key: &str, priority: f64) -> Raised {
        Raised {
            key: key.into(),
            risk: 0.5,
            priority,
            sentence: Localized::new("沉默", "silent"),
            evidence: vec![3, 5],
            suggestions: Vec::new(),
            plan: None,
        }
    }

    #[test]
    fn an_alert_opens_changes_closes_or_stays() {
        let open = [raised("silent", 10.0), raised("returns", 1.0), raised("credit", 2.0)];
        let now = [raised("silent", 11.0), raised("credit", 2.0), raised("complaints", 4.0)];
        assert_eq!(
            changes(&open, |open| open, &now),
            [Change::Closes(&open[1]), Change::Updates(&open[0], &now[0]), Change::Opens(&now[2])]
        );
    }

    #[test]
    fn every_bit_counts_in_the_digest() {
        let one = raised("silent", 10.0);
        let mut other = one.clone();
        other.priority = f64::from_bits(other.priority.to_bits() + 1);
        assert_ne!(one.digest(), other.digest());
        other = one.clone();
        other.evidence.pop();
        assert_ne!(digest_of(std::slice::from_ref(&one)), digest_of(&[other]));
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Raised>(&text).unwrap().digest(), one.digest());
    }
}
