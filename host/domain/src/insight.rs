//! Insights: one sentence for a chart.

use serde::{Deserialize, Serialize};

use crate::table::Context;
use crate::text::Localized;
use crate::time::Span;

pub const RULE_BYTES_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub during: Span,
    pub value: Option<f64>,
    /// False while the period is still running.
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: Localized,
    pub unit: String,
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    pub label: String,
    pub value: f64,
    pub detail: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub id: String,
    pub title: Localized,
    pub series: Vec<Series>,
    pub target: Option<f64>,
    pub baseline: Option<f64>,
    pub higher_is_better: bool,
    pub items: Vec<Ranked>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Praise,
    Steady,
    Watch,
    Act,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: Localized,
    pub next_step: Option<Localized>,
    pub tone: Tone,
    /// The id of the rule that spoke.
    pub rule: String,
    /// Indexes into the chart's items.
    pub items: Vec<u32>,
}

/// Everything one call of an insight plugin gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub context: Context,
    pub charts: Vec<Chart>,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SentenceError {
    #[error("the rule {0:?} is no name")]
    BadRule(String),
    #[error("item {item} of a chart with {items} items")]
    ItemOutOfRange { item: u32, items: usize },
    #[error("{0} items named, more than the chart has")]
    TooManyItems(usize),
}

/// Checks a sentence against the chart it is about.
pub fn check(sentence: &Sentence, chart: &Chart) -> Result<(), SentenceError> {
    if !crate::fact::is_name(&sentence.rule) {
        return Err(SentenceError::BadRule(sentence.rule.chars().take(RULE_BYTES_MAX).collect()));
    }
    if sentence.items.len() > chart.items.len() {
        return Err(SentenceError::TooManyItems(sentence.items.len()));
    }
    match sentence.items.iter().find(|&&item| item as usize >= chart.items.len()) {
        Some(&item) => Err(SentenceError::ItemOutOfRange { item, items: chart.items.len() }),
        None => Ok(()),
    }
}
