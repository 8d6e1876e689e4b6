//! What holds for every history of orders.

use daybreak_sdk::testing::{Batch, DAY, Goal, HOUR};
use proptest::prelude::*;

use super::SilentCustomer;

proptest! {
    #[test]
    fn whoever_ordered_lately_is_left_alone(hours in prop::collection::vec(0..24 * 30_i64, 1..20), days in 1..40_u32) {
        let mut batch = Batch::new(&format!(r#"{{ "days": {days} }}"#)).period(0, 30 * DAY);
        let customer = batch.subject("C-1", Goal::default());
        for hour in &hours {
            batch.row(customer, 0, hour * HOUR, &[("@actor", "anna".into())]);
        }
        let alerts = batch.assess::<SilentCustomer>().map_err(TestCaseError::fail)?;
        let last_day = hours.iter().max().map_or(0, |hour| hour / 24);
        prop_assert_eq!(alerts.len(), usize::from(29 - last_day >= i64::from(days)));
        for alert in &alerts {
            prop_assert!((0.0..=1.0).contains(&alert.risk));
        }
    }
}
