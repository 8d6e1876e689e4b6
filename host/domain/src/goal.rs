//! Goals: what raw values are measured against.

use serde::{Deserialize, Serialize};

/// All three in the indicator's own unit; any of them may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Goal {
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub stretch: Option<f64>,
}

impl Goal {
    #[must_use]
    pub fn is_finite(&self) -> bool {
        [self.baseline, self.target, self.stretch].into_iter().flatten().all(f64::is_finite)
    }
}
