//! Which facts are purchases, and what one customer bought in the last year.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use daybreak_sdk::{Context, Date, Facts, Matching, Moment, Need, NeedBuilder, Needs, Number, Row, Text, Window, text};

use crate::parameters::{Parameters, YEAR_DAYS, given};

/// The customer's orders, and the columns that are read of them.
pub struct Orders {
    need: Need,
    day: Moment,
    value: Number,
    pub actor: Text,
    pub document: Text,
    /// None where every fact of the kind is a purchase.
    purchase: Option<Matching>,
    pub highlight: Option<Text>,
}

/// One purchase.
#[derive(Clone, Copy)]
pub struct Purchase<'a> {
    pub row: Row<'a>,
    /// Local, as days since 1970-01-01.
    pub day: i64,
    pub value: Option<f64>,
}

/// What one customer bought in the last year, from the earliest to the latest.
pub struct History<'a> {
    pub purchases: Vec<Purchase<'a>>,
}

/// A month of the calendar and what was bought in it.
pub struct Month {
    pub year: i32,
    /// 1 to 12.
    pub number: u8,
    pub purchases: usize,
    pub spent: f64,
}

impl Orders {
    pub fn plan(parameters: &Parameters, needs: &mut Needs) -> Self {
        let mut orders = needs.of(&parameters.order_kind).window(Window::LastDays(YEAR_DAYS)).because(text(
            "找出常客的沉默、一年的采购额、历史亮点和经手人",
            "to find a regular customer's silence, a year's spend, highlights and who took the orders",
        ));
        let day = orders.moment("@day");
        let value = orders.number("@value");
        let actor = orders.text("@actor");
        let document = orders.text("@document");
        let purchase = which_are_purchases(parameters, &mut orders);
        let highlight = given(parameters.highlight_field.as_ref()).map(|field| orders.text(field));
        Self { need: orders.done(), day, value, actor, document, purchase, highlight }
    }

    pub fn history<'a>(&self, context: Context<'_>, facts: &Facts<'a>) -> History<'a> {
        let purchases = facts.of(self.need).iter().filter(|row| is_purchase(row, self.purchase)).map(|row| {
            let day = context.day_of(row.moment(self.day).unwrap_or_else(|| row.at()));
            Purchase { row, day, value: row.number(self.value) }
        });
        History { purchases: purchases.collect() }
    }
}

/// Asks which facts of a need for orders are purchases; none where all are.
pub fn which_are_purchases(parameters: &Parameters, orders: &mut NeedBuilder<'_>) -> Option<Matching> {
    let column = given(parameters.purchase_field.as_ref()).map(|field| orders.text(field))?;
    let purchases = parameters.purchases.clone();
    Some(orders.matching(column, move |word| purchases.iter().any(|known| known == word)))
}

pub fn is_purchase(row: &Row<'_>, purchase: Option<Matching>) -> bool {
    purchase.is_none_or(|purchase| row.matches(purchase))
}

impl<'a> History<'a> {
    /// The day of the last purchase.
    pub fn last_day(&self) -> Option<i64> {
        self.purchases.iter().map(|purchase| purchase.day).max()
    }

    /// How many different days of the range have a purchase.
    pub fn days_within(&self, range: RangeInclusive<i64>) -> usize {
        let days = self.purchases.iter().map(|purchase| purchase.day).filter(|day| range.contains(day));
        let mut days: Vec<i64> = days.collect();
        days.sort_unstable();
        days.dedup();
        days.len()
    }

    pub fn latest_first(&self) -> impl Iterator<Item = &Purchase<'a>> {
        self.purchases.iter().rev()
    }

    /// The sum of the values; a purchase without one adds nothing.
    pub fn spent(&self) -> f64 {
        self.purchases.iter().filter_map(|purchase| purchase.value).fold(0.0, added)
    }

    /// The purchases with the largest values, the earlier of two that are equal first.
    pub fn largest(&self, count: usize) -> Vec<(f64, Purchase<'a>)> {
        let valued = self.purchases.iter().filter_map(|&purchase| purchase.value.map(|value| (value, purchase)));
        let mut valued: Vec<_> = valued.filter(|&(value, _)| value > 0.0).collect();
        valued.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        valued.truncate(count);
        valued
    }

    /// The month with the most purchases; of equal ones that with the higher spend, then the earlier. None where no
    /// month has two: then none is busy.
    pub fn busiest_month(&self) -> Option<Month> {
        let mut months: BTreeMap<(i32, u8), Month> = BTreeMap::new();
        for purchase in &self.purchases {
            let Date { year, month, .. } = Date::of_day(purchase.day);
            let entry = months.entry((year, month)).or_insert(Month { year, number: month, purchases: 0, spent: 0.0 });
            entry.purchases += 1;
            entry.spent = added(entry.spent, purchase.value.unwrap_or_default());
        }
        // The last of equal ones wins, so the search begins with the latest.
        let busy = months
            .into_values()
            .rev()
            .max_by(|left, right| left.purchases.cmp(&right.purchases).then(left.spent.total_cmp(&right.spent)));
        busy.filter(|month| month.purchases > 1)
    }

    /// The texts that stand most often in the column of purchases, with how often; equal ones by the text.
    pub fn most_frequent(&self, column: Text, count: usize) -> Vec<(&'a str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in self.purchases.iter().filter_map(|purchase| purchase.row.text(column)) {
            *counts.entry(word).or_default() += 1;
        }
        let mut frequent: Vec<_> = counts.into_iter().collect();
        frequent.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        frequent.truncate(count);
        frequent
    }
}

/// A sum that stays finite whatever the values are: a priority that is not would be refused.
fn added(sum: f64, value: f64) -> f64 {
    (sum + value).clamp(f64::MIN, f64::MAX)
}
