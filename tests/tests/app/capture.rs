//! How the facts behind a score were captured, as a part of them all.

use daybreak_app::capture::Captured;

#[test]
fn what_is_prefilled_is_not_typed() {
    let captured = Captured { automatic: 1, prefilled: 1, typed: 1 };
    assert_eq!((captured.total(), captured.untyped_share()), (3, Some(666_666)));
    assert_eq!(Captured::default().untyped_share(), None);
    assert_eq!(Captured { automatic: u32::MAX, prefilled: 1, typed: 0 }.untyped_share(), Some(1_000_000));
}
