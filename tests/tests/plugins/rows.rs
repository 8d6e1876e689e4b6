//! The SDK's views over columns: groups, spans and missing values, against a naive reading of the same rows.

use std::collections::BTreeMap;

use daybreak_sdk::indicator::{Indicator, Outcome, Rules, Subject};
use daybreak_sdk::testing::{Batch, Cell, DAY, Goal, HOUR};
use daybreak_sdk::{Context, Facts, Manifest, Need, Needs, Number, Plugin, Span, Text, text};
use proptest::prelude::*;

/// Reports what it sees through the views as figures and evidence.
struct Looker {
    visits: Need,
    customer: Text,
    minutes: Number,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct NoParameters {}

impl Plugin for Looker {
    type Parameters = NoParameters;

    fn manifest() -> Manifest {
        Manifest::new("looker", "0.1.0", text("观察", "Looker"), text("观察行", "Looks at rows"))
    }
}

impl Indicator for Looker {
    fn plan(_: NoParameters, needs: &mut Needs) -> Result<Self, String> {
        let mut visits = needs.of("visit");
        let customer = visits.text("@customer");
        let minutes = visits.number("minutes");
        Ok(Self { visits: visits.done(), customer, minutes })
    }

    fn score(&self, _: &Context<'_>, _: &Rules, _: &Subject, facts: &Facts<'_>) -> Outcome {
        let rows = facts.of(self.visits);
        let groups = rows.grouped(self.customer);
        let mut outcome = Outcome::raw(rows.iter().filter_map(|row| row.number(self.minutes)).sum(), rows.len());
        outcome = outcome.with_figure("distinct", text("去重", "Distinct"), rows.distinct(self.customer) as f64, "");
        let middle = rows.during(Span { start: 10 * DAY, end: 20 * DAY });
        outcome = outcome.with_figure("middle", text("中段", "Middle"), middle.len() as f64, "");
        for group in groups.iter() {
            let sum: f64 = group.iter().filter_map(|row| row.number(self.minutes)).sum();
            outcome = outcome.with_figure(&group.key().to_lowercase(), text("组", "Group"), sum, "");
            assert!(group.iter().is_sorted_by_key(|row| row.at()));
            outcome = outcome.with_evidence([group.first().evidence(), group.last().evidence()]);
        }
        outcome
    }
}

proptest! {
    #[test]
    fn views_show_what_the_columns_hold(
        visits in prop::collection::vec(
            (0..3_usize, 0..30 * 24_i64, prop::option::weighted(0.8, 0..5_u8), prop::option::weighted(0.8, 0..90_u8)),
            0..60,
        ),
    ) {
        let mut batch = Batch::new("{}");
        for person in 0..3 {
            batch.subject(&format!("p{person}"), Goal::default());
        }
        for (person, hour, customer, minutes) in &visits {
            let mut cells: Vec<(&str, Cell)> = Vec::new();
            cells.extend(customer.map(|customer| ("@customer", format!("C-{customer}").into())));
            cells.extend(minutes.map(|minutes| ("minutes", f64::from(minutes).into())));
            batch.row(*person, 0, hour * HOUR, &cells);
        }
        let outcomes = batch.score::<Looker>().map_err(TestCaseError::fail)?;
        for (person, outcome) in outcomes.iter().enumerate() {
            let mut own: Vec<_> = visits.iter().filter(|visit| visit.0 == person).collect();
            own.sort_by_key(|visit| visit.1);
            let Outcome::Computed(computed) = outcome else { return Err(TestCaseError::fail("not computed")) };
            prop_assert_eq!(computed.sample as usize, own.len());
            prop_assert_eq!(computed.raw, own.iter().filter_map(|visit| visit.3).map(f64::from).sum::<f64>());
            let mut sums: BTreeMap<String, f64> = BTreeMap::new();
            let mut ends: Vec<(u8, u32, u32)> = Vec::new();
            for (row, visit) in own.iter().enumerate() {
                let Some(customer) = visit.2 else { continue };
                *sums.entry(format!("c-{customer}")).or_default() += visit.3.map_or(0.0, f64::from);
                let row = u32::try_from(row).unwrap();
                match ends.iter_mut().find(|end| end.0 == customer) {
                    Some(end) => end.2 = row,
                    None => ends.push((customer, row, row)),
                }
            }
            let figure = |key: &str| computed.figures.iter().find(|figure| figure.key == key).map(|figure| figure.value);
            prop_assert_eq!(figure("distinct"), Some(sums.len() as f64));
            let middle = own.iter().filter(|visit| (240..480).contains(&visit.1)).count();
            prop_assert_eq!(figure("middle"), Some(middle as f64));
            for (key, sum) in &sums {
                prop_assert_eq!(figure(key), Some(*sum));
            }
            // Groups come in the order of their first row, rows in the order of time.
            let seen: Vec<u32> = computed.evidence.iter().map(|evidence| evidence.row).collect();
            let expected: Vec<u32> = ends.iter().flat_map(|end| [end.1, end.2]).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}

#[test]
fn parameters_become_a_form_in_both_languages() {
    let schema = daybreak_sdk::parameters::schema::<daybreak_plugin_time_to_resolve::Parameters>();
    let title = &schema["properties"]["resolving"]["x-title"];
    assert_eq!(title["zh-CN"], "视为已解决的活动");
    assert_eq!(title["en"], "Activities that resolve");
    assert_eq!(schema["properties"]["resolving"]["title"], "Activities that resolve");
    assert_eq!(schema["additionalProperties"], false);
    // A struct that forgets to refuse unknown fields gets a schema that does.
    assert_eq!(daybreak_sdk::parameters::schema::<Forgetful>()["additionalProperties"], false);
}

#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Forgetful {
    /// 天数 | Days
    days: u32,
}
