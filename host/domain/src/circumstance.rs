//! Circumstances: what holds for people over a span of days and may change their shares, such as a crisis.
//!
//! What lives here: the record and its rules. What never lives here: what a circumstance does to shares; that is said
//! by reweighting plugins.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::fact::{ID_BYTES_MAX, is_name};
use crate::period::Period;
use crate::reweighting;
use crate::text::TEXT_BYTES_MAX;
use crate::time::{Day, INSTANT_MAX, INSTANT_MIN, Span, Zone};

/// A crisis task and everybody who answers it.
pub const CRISIS: &str = "crisis";
/// Kept apart: absences are recorded as absences, and join the other circumstances where shares are computed.
pub const ABSENCE: &str = "absence";
/// A delivery that a manager made urgent.
pub const URGENT_DELIVERY: &str = "urgent-delivery";

/// Most people that one circumstance may hold for.
pub const PARTICIPANTS_MAX: usize = 1_000;
pub const MEASURES_MAX: usize = 16;

/// From the day `from` until the day before `until`; without `until` nobody knows yet when it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstance {
    pub id: String,
    /// A name such as [`CRISIS`]; companies and their plugins may use others.
    pub kind: String,
    pub from: Day,
    pub until: Option<Day>,
    pub participants: Vec<Participant>,
    /// How much of it there is, by name, for example `hours`.
    pub measures: BTreeMap<String, f64>,
    pub cause: Cause,
    /// For people to read. It reaches no plugin and no receipt.
    pub reason: String,
    /// It was recorded by mistake and never held.
    pub withdrawn: bool,
}

/// Somebody for whom the circumstance holds, on those of these days that are also days of the circumstance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub person: String,
    pub from: Day,
    pub until: Option<Day>,
}

/// What a circumstance comes from, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Task(String),
    Person(String),
}

impl Cause {
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Task(_) => "task",
            Self::Person(_) => "person",
        }
    }

    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Task(id) | Self::Person(id) => id,
        }
    }

    /// The cause with this kind and id.
    pub fn of(kind: &str, id: String) -> Result<Self, String> {
        match kind {
            "task" => Ok(Self::Task(id)),
            "person" => Ok(Self::Person(id)),
            _ => Err(format!("{kind:?} causes no circumstance: a task or a person does")),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind(), self.id())
    }
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CircumstanceError {
    #[error(
        "{0:?} is no kind of circumstance: use lower-case letters, digits, dots, dashes and underscores, for example \
         {CRISIS} or {URGENT_DELIVERY}"
    )]
    BadKind(String),
    #[error("the circumstance's id is empty or has more than {ID_BYTES_MAX} bytes")]
    BadId,
    #[error("it ends on {until}, which is not after its first day {from}; give the day after its last one")]
    NeverHolds { from: Day, until: Day },
    #[error("{person} takes part from {from} until {until}, which is no day at all; give the day after the last one")]
    NeverTakesPart { person: String, from: Day, until: Day },
    #[error("nobody takes part in it: name at least one person")]
    NoParticipants,
    #[error("{0} people take part in it: at most {PARTICIPANTS_MAX}; make it narrower")]
    TooManyParticipants(usize),
    #[error("{0} takes part twice: give one span of days")]
    ParticipantTwice(String),
    #[error("{0} measures: at most {MEASURES_MAX}")]
    TooManyMeasures(usize),
    #[error("the measure {0:?} has no good name: use lower-case letters, digits, dots, dashes and underscores")]
    BadMeasure(String),
    #[error("the measure {0} is not a finite number")]
    MeasureNotFinite(String),
    #[error("the reason is empty: say in a sentence why it holds, so that those it concerns understand it")]
    NoReason,
    #[error("the reason has {0} bytes: at most {TEXT_BYTES_MAX}")]
    ReasonTooLong(usize),
}

impl Circumstance {
    /// Checks every bound.
    pub fn check(&self) -> Result<(), CircumstanceError> {
        if !is_name(&self.kind) {
            return Err(CircumstanceError::BadKind(self.kind.chars().take(80).collect()));
        }
        if self.id.is_empty() || self.id.len() > ID_BYTES_MAX || self.id.chars().any(char::is_control) {
            return Err(CircumstanceError::BadId);
        }
        if let Some(until) = self.until.filter(|until| *until <= self.from) {
            return Err(CircumstanceError::NeverHolds { from: self.from, until });
        }
        if self.participants.is_empty() {
            return Err(CircumstanceError::NoParticipants);
        }
        if self.participants.len() > PARTICIPANTS_MAX {
            return Err(CircumstanceError::TooManyParticipants(self.participants.len()));
        }
        let mut seen = BTreeSet::new();
        for participant in &self.participants {
            let Participant { person, from, until } = participant;
            if !seen.insert(person) {
                return Err(CircumstanceError::ParticipantTwice(person.clone()));
            }
            if let Some(until) = until.filter(|until| until <= from) {
                return Err(CircumstanceError::NeverTakesPart { person: person.clone(), from: *from, until });
            }
        }
        if self.measures.len() > MEASURES_MAX {
            return Err(CircumstanceError::TooManyMeasures(self.measures.len()));
        }
        for (name, value) in &self.measures {
            if !is_name(name) {
                return Err(CircumstanceError::BadMeasure(name.chars().take(80).collect()));
            }
            if !value.is_finite() {
                return Err(CircumstanceError::MeasureNotFinite(name.clone()));
            }
        }
        if self.reason.trim().is_empty() {
            return Err(CircumstanceError::NoReason);
        }
        if self.reason.len() > TEXT_BYTES_MAX {
            return Err(CircumstanceError::ReasonTooLong(self.reason.len()));
        }
        Ok(())
    }

    /// The days on which it holds for the person: the first one and the day after the last one. None if it never does.
    #[must_use]
    pub fn days_of(&self, person: &str) -> Option<(Day, Option<Day>)> {
        if self.withdrawn {
            return None;
        }
        let own = self.participants.iter().find(|participant| participant.person == person)?;
        let from = self.from.max(own.from);
        let until = match (self.until, own.until) {
            (Some(whole), Some(own)) => Some(whole.min(own)),
            (whole, own) => whole.or(own),
        };
        until.is_none_or(|until| from < until).then_some((from, until))
    }

    /// As a reweighting plugin is told of it: the instants for which it holds for this person, if any of them lies in
    /// the period. They are the person's whole span, also where it goes beyond the period; one that nobody knows the end
    /// of goes on to the last instant the host accepts.
    #[must_use]
    pub fn for_person(&self, person: &str, period: Period, zone: &Zone) -> Option<reweighting::Circumstance> {
        let (from, until) = self.days_of(person)?;
        if from >= period.end() || until.is_some_and(|until| until <= period.first()) {
            return None;
        }
        let start = zone.midnight(from).clamp(INSTANT_MIN, INSTANT_MAX);
        let end = until.map_or(INSTANT_MAX, |until| zone.midnight(until).clamp(INSTANT_MIN, INSTANT_MAX));
        Some(reweighting::Circumstance {
            id: self.id.clone(),
            kind: self.kind.clone(),
            during: Span { start, end },
            measures: self.measures.iter().map(|(name, value)| (name.clone(), *value)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn crisis() -> Circumstance {
        let participant = |person: &str, from: &str, until: Option<&str>| Participant {
            person: person.into(),
            from: day(from),
            until: until.map(day),
        };
        Circumstance {
            id: "crisis-b7".into(),
            kind: CRISIS.into(),
            from: day("2026-03-30"),
            until: Some(day("2026-04-03")),
            participants: vec![
                participant("li", "2026-03-30", None),
                participant("wu", "2026-04-01", Some("2026-04-02")),
                participant("he", "2026-04-05", None),
            ],
            measures: BTreeMap::from([("hours".into(), 12.5)]),
            cause: Cause::Task("task-1".into()),
            reason: "Recall of batch B7".into(),
            withdrawn: false,
        }
    }

    #[test]
    fn it_holds_for_each_person_on_the_days_that_both_share() {
        let crisis = crisis();
        assert_eq!(crisis.days_of("li"), Some((day("2026-03-30"), Some(day("2026-04-03")))));
        assert_eq!(crisis.days_of("wu"), Some((day("2026-04-01"), Some(day("2026-04-02")))));
        // He joined after it was over; Zhao never did.
        assert_eq!(crisis.days_of("he"), None);
        assert_eq!(crisis.days_of("zhao"), None);
        assert_eq!(Circumstance { withdrawn: true, ..crisis }.days_of("li"), None);
    }

    #[test]
    fn plugins_get_instants_of_the_company_zone_and_only_in_months_it_touches() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let month = |text: &str| text.parse::<Period>().unwrap();
        let crisis = crisis();
        let given = crisis.for_person("li", month("2026-04"), &zone).unwrap();
        // Shanghai is eight hours ahead of UTC.
        assert_eq!(given.during.start.to_string(), "2026-03-29T16:00:00Z");
        assert_eq!(given.during.end.to_string(), "2026-04-02T16:00:00Z");
        assert_eq!(given.measures, [("hours".to_owned(), 12.5)]);
        assert!(crisis.for_person("wu", month("2026-03"), &zone).is_none());
        assert!(crisis.for_person("wu", month("2026-04"), &zone).is_some());
        assert!(crisis.for_person("li", month("2026-05"), &zone).is_none());
        let open = Circumstance { until: None, ..crisis };
        assert_eq!(open.for_person("li", month("2026-05"), &zone).unwrap().during.end, INSTANT_MAX);
    }

    #[test]
    fn what_cannot_hold_is_refused() {
        let refused = |change: fn(&mut Circumstance)| {
            let mut crisis = crisis();
            change(&mut crisis);
            crisis.check().unwrap_err()
        };
        assert_eq!(crisis().check(), Ok(()));
        assert!(matches!(refused(|crisis| crisis.kind = "Crisis!".into()), CircumstanceError::BadKind(_)));
        assert!(matches!(refused(|crisis| crisis.until = Some(crisis.from)), CircumstanceError::NeverHolds { .. }));
        assert_eq!(refused(|crisis| crisis.participants.clear()), CircumstanceError::NoParticipants);
        assert!(matches!(
            refused(|crisis| crisis.participants.push(crisis.participants[0].clone())),
            CircumstanceError::ParticipantTwice(_)
        ));
        assert!(matches!(
            refused(|crisis| crisis.participants[0].until = Some(crisis.participants[0].from)),
            CircumstanceError::NeverTakesPart { .. }
        ));
        assert!(matches!(
            refused(|crisis| {
                crisis.measures.insert("hours".into(), f64::NAN);
            }),
            CircumstanceError::MeasureNotFinite(_)
        ));
        assert_eq!(refused(|crisis| crisis.reason = " ".into()), CircumstanceError::NoReason);
    }
}
