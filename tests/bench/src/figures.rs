//! Figures: what many measured times come to, what a process has used, and the table at the end.

use std::time::Duration;

/// The value in the middle.
pub fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

/// So many of a hundred took no longer.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100);
    times.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

pub fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64().max(1e-9)
}

/// One line of the table.
pub struct Budget {
    pub what: &'static str,
    pub wanted: String,
    pub measured: String,
    /// None: it is no budget, or there was nothing to measure, as the figure says.
    pub met: Option<bool>,
}

impl Budget {
    /// A ratio that must not be larger.
    pub fn at_most(what: &'static str, most: f64, ratio: f64, detail: &str) -> Self {
        let (wanted, measured) = (format!("at most {most} ×"), format!("{ratio:.2} × ({detail})"));
        Self { what, wanted, measured, met: Some(ratio <= most) }
    }

    /// A ratio that must not be smaller.
    pub fn at_least(what: &'static str, least: f64, ratio: f64, detail: &str) -> Self {
        let (wanted, measured) = (format!("at least {least} ×"), format!("{ratio:.2} × ({detail})"));
        Self { what, wanted, measured, met: Some(ratio >= least) }
    }

    /// What could not be measured.
    pub fn failed(what: &'static str, error: &anyhow::Error) -> Self {
        let measured = cell(&format!("not measured: {error:#}"));
        Self { what, wanted: "a figure".to_owned(), measured, met: Some(false) }
    }
}

/// A text as it can stand in a cell of the table, cut where it gets long.
pub fn cell(text: &str) -> String {
    const CHARACTERS_MAX: usize = 300;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/");
    words.chars().take(CHARACTERS_MAX).collect()
}

/// Prints the budgets one below the other.
pub fn print(budgets: &[Budget]) {
    println!("\n| budget | wanted | measured | met |\n|---|---|---|---|");
    for Budget { what, wanted, measured, met } in budgets {
        let met = met.map_or("–", |met| if met { "yes" } else { "no" });
        println!("| {what} | {wanted} | {measured} | {met} |");
    }
}

/// Time on a processor of the processes that this one has started and waited for, and of this one itself.
pub fn processor() -> (Duration, Duration) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default();
    // The 14th to the 17th field of the file, in hundredths of a second.
    (Duration::from_millis((ticks(13) + ticks(14)) * 10), Duration::from_millis((ticks(11) + ticks(12)) * 10))
}
