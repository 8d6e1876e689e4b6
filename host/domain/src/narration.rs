//! Charts of stored scores, and the receipt of the sentences said about them.
//!
//! What lives here: which months and items a chart shows, and the records. What never lives here: what is said about a
//! chart; insight plugins say that, see [`crate::insight`].

use std::collections::BTreeMap;

use crate::digest::{Canonical, Digest};
use crate::fact::Fact;
use crate::goal::Goal;
use crate::indicator::{Direction, Outcome, Rules};
use crate::insight::{Chart, Point, Ranked, Sentence, Series, Tone};
use crate::period::Period;
use crate::plugin::Interface;
use crate::requirements::SubjectKind;
use crate::table::Context;
use crate::text::Localized;
use crate::time::{Day, Instant, Zone};

/// Months that a chart shows, the running one included.
pub const MONTHS: usize = 12;

/// Most items under a chart.
pub const ITEMS_MAX: usize = 12;

/// What all sentences of one call of an insight plugin share.
#[derive(Clone, Debug, PartialEq)]
pub struct NarrationReceipt {
    pub enablement: String,
    /// The revision of the enablement, which binds component, parameters and grant.
    pub revision: i64,
    pub component: Digest,
    pub interface: Interface,
    /// The host's code that spoke the interface's version.
    pub adapter: String,
    pub narrated_on: Day,
    pub context: Context,
    /// All that was known: rows with a sequence up to this one.
    pub known_to: i64,
    pub fuel: u64,
    pub engine: String,
    pub computed_at: Instant,
}

/// A chart and what it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub indicator: String,
    pub chart: Chart,
    /// The sequences of the scores in it, month by month.
    pub scores: Vec<i64>,
}

/// One month of a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Month<'a> {
    pub period: Period,
    pub outcome: &'a Outcome,
}

/// What a chart shows besides its months.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<'a> {
    pub id: String,
    pub title: &'a Localized,
    pub rules: &'a Rules,
    /// The subject's own goal, or everybody's, on the day.
    pub goal: Goal,
    pub on: Day,
    pub zone: &'a Zone,
    pub items: Vec<Ranked>,
}

/// The months of a chart that is drawn on the day, in order; the last one holds the day.
#[must_use]
pub fn months(on: Day) -> Vec<Period> {
    let mut months = vec![Period::month_of(on)];
    while let Some(earliest) = months.last().filter(|_| months.len() < MONTHS) {
        months.push(Period::month_of(earliest.first().plus(-1)));
    }
    months.reverse();
    months
}

/// Draws a chart of these months. It begins with the first month that has a value, because before it there was nothing to
/// measure; later, a month without a score, or with one that was not computable, has no value. Where no month has one, it
/// shows the last month alone. A month is complete from the midnight that ends it.
#[must_use]
pub fn chart(frame: Frame<'_>, scored: &[Month<'_>]) -> Chart {
    let value = |month: &Period| {
        let outcome = scored.iter().find(|scored| scored.period == *month).map(|scored| scored.outcome);
        match outcome {
            Some(Outcome::Computed(computed)) => Some(computed.raw),
            Some(Outcome::NotComputable { .. }) | None => None,
        }
    };
    let last = Period::month_of(frame.on);
    let is_before = |month: &Period| *month != last && value(month).is_none();
    let points = months(frame.on).into_iter().skip_while(is_before).map(|month| Point {
        during: month.span(frame.zone),
        value: value(&month),
        complete: is_complete(month, frame.on),
    });
    let series =
        Series { name: frame.title.clone(), unit: frame.rules.unit.clone(), points: points.collect::<Vec<Point>>() };
    Chart {
        id: frame.id,
        title: frame.title.clone(),
        series: vec![series],
        target: frame.goal.target,
        baseline: frame.goal.baseline,
        higher_is_better: frame.rules.direction == Direction::HigherIsBetter,
        items: frame.items,
    }
}

#[must_use]
pub fn is_complete(month: Period, on: Day) -> bool {
    month.last() <= on
}

/// Whether a computed outcome names all that its value rests on. A plugin with more facts than fit names the most telling
/// ones; sums over those would be taken for sums over all.
#[must_use]
pub fn names_all(outcome: &Outcome, evidence: usize) -> bool {
    matches!(outcome, Outcome::Computed(computed) if evidence >= computed.sample as usize)
}

/// What a score rests on, customer by customer, or document by document where no fact names a customer: the sum of the
/// facts' values, or where one has none, their number. The largest come first, ties by name.
#[must_use]
pub fn items(facts: &[Fact]) -> Vec<Ranked> {
    let by_customer = facts.iter().any(|fact| fact.customer.is_some());
    let has_values = facts.iter().all(|fact| fact.value.is_some());
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for fact in facts {
        let label = if by_customer { &fact.customer } else { &fact.document };
        if let Some(label) = label {
            let value = fact.value.filter(|_| has_values).unwrap_or(1.0);
            *sums.entry(label).or_default() += value;
        }
    }
    let mut items: Vec<Ranked> = sums
        .into_iter()
        .filter(|(_, value)| value.is_finite())
        .map(|(label, value)| Ranked { label: label.to_owned(), value, detail: None })
        .collect();
    items.sort_by(|left, right| right.value.total_cmp(&left.value).then_with(|| left.label.cmp(&right.label)));
    items.truncate(ITEMS_MAX);
    items
}

/// Over every bit of what was said, or that nothing was.
#[must_use]
pub fn digest_of(sentence: Option<&Sentence>) -> Digest {
    let mut canonical = Canonical::new("daybreak sentence 1");
    canonical.optional(sentence, |canonical, sentence| {
        sentence.text.feed(canonical);
        canonical.optional(sentence.next_step.as_ref(), |canonical, next_step| next_step.feed(canonical));
        canonical.text(match sentence.tone {
            Tone::Praise => "praise",
            Tone::Steady => "steady",
            Tone::Watch => "watch",
            Tone::Act => "act",
        });
        canonical.text(&sentence.rule);
        canonical.count(sentence.items.len());
        for &item in &sentence.items {
            canonical.integer(i64::from(item));
        }
    });
    canonical.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::Computed;

    fn outcome(raw: f64) -> Outcome {
        Outcome::Computed(Computed {
            raw,
            sample: 1,
            points: None,
            parts: Vec::new(),
            figures: Vec::new(),
            evidence: Vec::new(),
        })
    }

    #[test]
    fn only_what_names_all_of_its_facts_can_be_summed() {
        assert!(names_all(&outcome(1.0), 1) && names_all(&outcome(1.0), 2));
        assert!(!names_all(&outcome(1.0), 0));
        assert!(!names_all(&Outcome::NotComputable { reason: Localized::new("没有工单", "no tickets") }, 1));
    }

    #[test]
    fn a_chart_begins_with_the_first_value_and_names_the_running_month() {
        let on: Day = "2026-06-29".parse().unwrap();
        assert_eq!(months(on).len(), MONTHS);
        assert_eq!(months(on)[0].to_string(), "2025-07");
        let title = Localized::new("时长", "Hours");
        let rules = Rules { direction: Direction::LowerIsBetter, unit: "h".into(), ceiling: 120.0 };
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let frame = |on: Day| Frame {
            id: "c".into(),
            title: &title,
            rules: &rules,
            goal: Goal::default(),
            on,
            zone: &zone,
            items: Vec::new(),
        };
        let (april, june) = (outcome(4.0), outcome(5.0));
        let march = Outcome::NotComputable { reason: Localized::new("没有工单", "no tickets") };
        let scored = [
            Month { period: "2026-03".parse().unwrap(), outcome: &march },
            Month { period: "2026-04".parse().unwrap(), outcome: &april },
            Month { period: "2026-06".parse().unwrap(), outcome: &june },
        ];
        assert_eq!(chart(frame(on), &scored[..1]).series[0].points.len(), 1);
        let shown = |on: Day| {
            let chart = chart(frame(on), &scored);
            assert!(!chart.higher_is_better);
            chart.series[0].points.iter().map(|point| (point.value, point.complete)).collect::<Vec<_>>()
        };
        assert_eq!(shown(on), [(Some(4.0), true), (None, true), (Some(5.0), false)]);
        // The midnight that ends the day ends the month.
        assert_eq!(shown("2026-06-30".parse().unwrap())[2], (Some(5.0), true));
    }
}
