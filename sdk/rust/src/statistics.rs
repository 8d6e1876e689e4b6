//! Sums, means, medians and quantiles, always in the same order, so that equal input gives equal bits.

/// The sum, added in the order given. The empty sum is 0.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |sum, value| sum + value)
}

/// The sum divided by the count; none of no values.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(sum(values.iter().copied()) / values.len() as f64) }
}

/// The middle value; of an even count the mean of the two middle ones; none of no values.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = ascending(values);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle - 1)?;
    Some(lower.midpoint(upper))
}

/// The quantile with linear interpolation between the order statistics (type 7 of Hyndman and Fan); `share` between 0
/// and 1; none of no values.
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let sorted = ascending(values);
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * share.clamp(0.0, 1.0);
    let below = position as usize;
    let lower = *sorted.get(below)?;
    let upper = *sorted.get((below + 1).min(last))?;
    Some(lower + (upper - lower) * (position - below as f64))
}

fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
