//! When a plugin is asked: the period, the instant of assessment and the company's local time.

use crate::bindings::types::daybreak::common::types;
use crate::{Row, Span};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Instant = types::Instant;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// Hours from one instant to another; negative if `to` is earlier.
#[must_use]
pub fn hours_between(from: Instant, to: Instant) -> f64 {
    // Differences of instants that the host accepts stay far below 2^53.
    (to - from) as f64 / 3_600_000.0
}

/// When and for which period the plugin is asked. There is no other clock.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    given: &'a types::Context,
}

impl<'a> Context<'a> {
    pub(crate) fn new(given: &'a types::Context) -> Self {
        Self { given }
    }

    /// The local midnight that ends the day of assessment. Nothing that happened at or after it comes.
    #[must_use]
    pub fn as_of(&self) -> Instant {
        self.given.as_of
    }

    /// The period that is scored; it may end after as-of.
    #[must_use]
    pub fn period(&self) -> Span {
        self.given.period
    }

    /// The company's time zone, for example `Asia/Shanghai`.
    #[must_use]
    pub fn time_zone(&self) -> &'a str {
        &self.given.time_zone
    }

    /// Seconds that the company's local time is ahead of UTC at the instant.
    #[must_use]
    pub fn offset_seconds(&self, at: Instant) -> i32 {
        let changes = &self.given.utc_offsets;
        let since = changes.partition_point(|change| change.since <= at);
        let in_force = if since == 0 { changes.first() } else { changes.get(since - 1) };
        in_force.map_or(0, |change| change.seconds)
    }

    /// The local day as days since 1970-01-01.
    #[must_use]
    pub fn day_of(&self, at: Instant) -> i64 {
        (at + i64::from(self.offset_seconds(at)) * 1_000).div_euclid(MILLISECONDS_PER_DAY)
    }

    /// 0 for Monday to 6 for Sunday, in local time.
    #[must_use]
    pub fn weekday_of(&self, at: Instant) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.day_of(at) + 3).rem_euclid(7) as u8
    }
}

impl Span {
    /// Whether the instant lies in the span, whose end does not belong to it.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the row's fact happened in the span.
    #[must_use]
    pub fn holds(&self, row: &Row<'_>) -> bool {
        self.contains(row.at())
    }
}
