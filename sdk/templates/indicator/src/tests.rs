//! What holds for every input. The batch checks each outcome as the host does: points within bounds, parts that add up.

use std::collections::BTreeSet;

use daybreak_sdk::indicator::Outcome;
use daybreak_sdk::testing::{Batch, Goal, HOUR};
use proptest::prelude::*;

use super::CustomersVisited;

proptest! {
    #[test]
    fn every_customer_counts_once(visits in prop::collection::vec((0..600_i64, 0..8_u8), 0..40)) {
        let mut batch = Batch::new("{}");
        let anna = batch.subject("anna", Goal::target(5.0));
        for (hour, customer) in &visits {
            let cells = [("@customer", format!("C-{customer}").into()), ("minutes", 30.0.into())];
            batch.row(anna, 0, hour * HOUR, &cells);
        }
        let outcomes = batch.score::<CustomersVisited>().map_err(TestCaseError::fail)?;
        let Outcome::Computed(computed) = &outcomes[anna] else { return Err(TestCaseError::fail("not computed")) };
        let different: BTreeSet<u8> = visits.iter().map(|(_, customer)| *customer).collect();
        prop_assert_eq!(computed.raw, different.len() as f64);
        prop_assert_eq!(computed.points, Some((20.0 * different.len() as f64).min(120.0)));
    }
}
