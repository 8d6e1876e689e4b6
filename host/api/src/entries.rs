//! Lists of entries that are taken as a whole or not at all, as every part of the organisation takes them.

use daybreak_app::organise::Uncovered;
use daybreak_app::organise::departments::Changed;
use daybreak_domain::time::Day;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Most entries of one request.
const ENTRIES_MAX: usize = 10_000;

/// What a list says of the days that none of its entries about one thing covers.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Uncovered)]
pub(crate) enum WireUncovered {
    /// Nothing: what is known of them stays. So a correction says what it corrects and no more.
    #[default]
    Stays,
    /// That it ended: from the first day of the first entry on, the list is everything that holds. So a list that was
    /// exported again says who left meanwhile.
    Ended,
}

impl From<WireUncovered> for Uncovered {
    fn from(uncovered: WireUncovered) -> Self {
        match uncovered {
            WireUncovered::Stays => Self::Stays,
            WireUncovered::Ended => Self::Ended,
        }
    }
}

/// What a list changed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct EntriesTaken {
    /// How many entries it has.
    read: usize,
    /// How many rows were appended; none if everything was known.
    appended: usize,
}

impl From<Changed> for EntriesTaken {
    fn from(changed: Changed) -> Self {
        Self { read: changed.read, appended: changed.appended }
    }
}

/// Refuses a list that is longer than one request may bring.
pub(crate) fn check_count(entries: usize) -> Result<(), Problem> {
    if entries <= ENTRIES_MAX {
        return Ok(());
    }
    Err(Problem::refused(format!("{entries} entries: send at most {ENTRIES_MAX} at once, and the others after them.")))
}

/// A value that may be given as null, which says something else than leaving it out.
#[derive(Clone, Debug, Default)]
pub(crate) enum Given<T> {
    #[default]
    LeftOut,
    Null,
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// The first day on which something holds no more; none where that lies beyond the days that the host takes.
pub(crate) fn end(until: Option<Day>) -> Option<WireDay> {
    until.and_then(|day| day.to_string().parse().ok()).map(Text)
}
