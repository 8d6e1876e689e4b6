//! Whether a plugin is a pure function of each subject: asked again, alone and in another order, it must say the same,
//! bit for bit.

use daybreak_engine::Plugin;

use super::case::{Case, Run};

/// What was tried, and the first place where the answers differed.
pub struct Finding {
    pub tried: &'static str,
    pub difference: Option<String>,
}

/// Tries a case whole, twice, split and shuffled.
pub fn probe(case: &Case, plugin: &Plugin) -> anyhow::Result<Vec<Finding>> {
    let all: Vec<usize> = (0..case.items()).collect();
    let whole = case.run(plugin, &all)?;
    let again = case.run(plugin, &all)?;
    let fault = whole.answers.iter().find(|answer| answer.get("fault").is_some());
    let mut findings = vec![
        Finding { tried: "no faults", difference: fault.map(ToString::to_string) },
        Finding { tried: "the same answers when asked twice", difference: difference(&whole, &again, &all) },
        Finding {
            tried: "the same fuel when asked twice",
            difference: (whole.fuel != again.fuel).then(|| format!("{} units, then {}", whole.fuel, again.fuel)),
        },
    ];
    let mut alone = None;
    for &item in &all {
        let single = case.run(plugin, &[item])?;
        alone = alone.or_else(|| difference(&whole, &single, &[item]));
    }
    findings.push(Finding { tried: "the same answers one by one", difference: alone });
    let mut halves = None;
    let (left, right) = all.split_at(all.len() / 2);
    for half in [left, right].into_iter().filter(|half| !half.is_empty()) {
        let run = case.run(plugin, half)?;
        halves = halves.or_else(|| difference(&whole, &run, half));
    }
    findings.push(Finding { tried: "the same answers in halves", difference: halves });
    let order = shuffled(all.len());
    let run = case.run(plugin, &order)?;
    findings.push(Finding { tried: "the same answers in another order", difference: difference(&whole, &run, &order) });
    Ok(findings)
}

/// Where the answers for these items differ from those of the whole batch. Numbers are written with every bit.
fn difference(whole: &Run, part: &Run, items: &[usize]) -> Option<String> {
    items.iter().zip(&part.answers).find_map(|(&item, answer)| {
        let (expected, actual) = (whole.answers[item].to_string(), answer.to_string());
        (expected != actual).then(|| format!("together {expected}, then {actual}"))
    })
}

/// Another order, the same one every time.
fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).rev().collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for last in (1..count).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state % (last as u64 + 1)).unwrap_or_default();
        order.swap(last, other);
    }
    order
}
