//! The things a rule may not fetch for itself: the time, a new id and chance.

use crate::time::Instant;

/// Tells the time. The binary passes the machine's clock, tests pass one that stands still.
pub trait Clock: Send + Sync {
    fn now(&self) -> Instant;
}

/// Makes ids that nobody else has, and secrets that nobody else knows.
pub trait IdSource: Send + Sync {
    /// A new id of 26 lower-case letters and digits that begins with `prefix` and `_`.
    fn new_id(&self, prefix: &str) -> String;

    /// 256 bits that nobody can guess, other ones each time.
    fn secret(&self) -> [u8; 32];
}
