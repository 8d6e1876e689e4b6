//! The things a rule may not fetch for itself: the time, a new id and chance.

use std::time::Duration;

use crate::time::Instant;

/// Tells the time. The binary passes the machine's clock, tests pass one that stands still.
pub trait Clock: Send + Sync {
    fn now(&self) -> Instant;

    /// The time since some moment that never changes, however the machine's time is set. Only for figures that tell an
    /// operator how long things take: no rule reads it. A clock that stands still says nothing.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// Makes ids that nobody else has, and secrets that nobody else knows.
pub trait IdSource: Send + Sync {
    /// A new id of 26 lower-case letters and digits that begins with `prefix` and `_`.
    fn new_id(&self, prefix: &str) -> String;

    /// 256 bits that nobody can guess, other ones each time.
    fn secret(&self) -> [u8; 32];
}
