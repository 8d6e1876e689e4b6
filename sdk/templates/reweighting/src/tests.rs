//! What holds for every scorecard.

use daybreak_sdk::Span;
use daybreak_sdk::reweighting::{Circumstance, Scorecard, Share, WHOLE};
use daybreak_sdk::testing::{Batch, DAY};
use proptest::prelude::*;

use super::CountsForMore;

proptest! {
    #[test]
    fn a_share_only_ever_rises_and_only_while_the_circumstance_lasts(
        percent in 0..=100_u32,
        signed in 0..=WHOLE,
        locked in any::<bool>(),
        start in -60..60_i64,
        days in 1..30_i64,
    ) {
        let share = |indicator: &str, share, locked| {
            Share { indicator: indicator.to_owned(), dimension: "d".to_owned(), share, locked }
        };
        let circumstance = Circumstance {
            id: "crisis-1".to_owned(),
            kind: "crisis".to_owned(),
            during: Span { start: start * DAY, end: (start + days) * DAY },
            measures: Vec::new(),
        };
        let scorecard = Scorecard {
            employee: "anna".to_owned(),
            shares: vec![share("collaboration", signed, locked), share("sales", WHOLE - signed, false)],
            circumstances: vec![circumstance],
        };
        let parameters =
            format!(r#"{{ "circumstance": "crisis", "indicator": "collaboration", "percent": {percent} }}"#);
        // The month of the batch is days 0 to 30.
        let changes = Batch::new(&parameters).adjust::<CountsForMore>(&[scorecard]).map_err(TestCaseError::fail)?;
        let overlaps = start < 30 && start + days > 0;
        let expected = overlaps && !locked && signed < percent * 10_000;
        prop_assert_eq!(changes[0].len(), usize::from(expected));
        for change in &changes[0] {
            prop_assert_eq!(change.share, percent * 10_000);
        }
    }
}
