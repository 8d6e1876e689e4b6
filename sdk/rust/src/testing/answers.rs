//! What the host would refuse of evidence, alerts and changes, so that a property test finds it natively.
//!
//! The host has the last word; these bounds are the ones that the plugin guide names.

use std::collections::BTreeSet;

use crate::bindings::assistant::exports::daybreak::assistant::assistant::{Alert, Subject};
use crate::bindings::types::daybreak::common::types::{Column, Evidence, Requirements, Table};
use crate::localized::is_plain;
use crate::reweighting::{Change, Scorecard, Target, WHOLE};
use crate::{Localized, Scope};

const ALERTS_MAX_PER_SUBJECT: usize = 8;
const SUGGESTIONS_MAX: usize = 8;
const PEOPLE_MAX: usize = 32;
const EVIDENCE_MAX: usize = 200;
const DUE_DAYS_MAX: u32 = 366;
const KEY_BYTES_MAX: usize = 64;
const TEXT_BYTES_MAX: usize = 2_000;

/// Checks that evidence lies among the subject's rows and counts it from the first of them.
pub(super) fn own_rows(
    evidence: &mut [Evidence],
    subject: usize,
    asked: &Requirements,
    tables: &[Table],
) -> Result<(), String> {
    for evidence in evidence {
        let number = evidence.table as usize;
        let table = tables.get(number).ok_or_else(|| format!("evidence in table {number}, which there is not"))?;
        let subject = if asked.needs[number].scope == Scope::Company { 0 } else { subject };
        let rows = table.offsets[subject]..table.offsets[subject + 1];
        if !rows.contains(&evidence.row) {
            return Err(format!("evidence {number}/{} lies outside the rows given for the subject", evidence.row));
        }
        evidence.row -= rows.start;
    }
    Ok(())
}

pub(super) fn check_alerts(
    alerts: &mut [Alert],
    subjects: &[Subject],
    asked: &Requirements,
    tables: &[Table],
) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    let mut alerts_of = vec![0; subjects.len()];
    for alert in alerts {
        let index = alert.subject as usize;
        let id = &subjects[index].id;
        alerts_of[index] += 1;
        at_most("alerts", alerts_of[index], ALERTS_MAX_PER_SUBJECT).map_err(|reason| format!("{id}: {reason}"))?;
        if !keys.insert((index, alert.key.clone())) {
            return Err(format!("{id}: the key {} stands twice", alert.key));
        }
        check_alert(alert, index, asked, tables).map_err(|reason| format!("{id}: {reason}"))?;
    }
    Ok(())
}

fn check_alert(alert: &mut Alert, subject: usize, asked: &Requirements, tables: &[Table]) -> Result<(), String> {
    if !(0.0..=1.0).contains(&alert.risk) {
        return Err(format!("a risk of {}: between 0 and 1", alert.risk));
    }
    if !alert.priority.is_finite() {
        return Err(format!("a priority of {}, which is no finite number", alert.priority));
    }
    if !is_name(&alert.key) {
        return Err(format!("the key {:?} is no name", alert.key));
    }
    check_text(&alert.sentence)?;
    at_most("rows of evidence", alert.evidence.len(), EVIDENCE_MAX)?;
    own_rows(&mut alert.evidence, subject, asked, tables)?;
    at_most("suggestions", alert.suggestions.len(), SUGGESTIONS_MAX)?;
    for suggestion in &mut alert.suggestions {
        check_text(&suggestion.heading)?;
        check_text(&suggestion.text)?;
        at_most("rows of evidence", suggestion.evidence.len(), EVIDENCE_MAX)?;
        own_rows(&mut suggestion.evidence, subject, asked, tables)?;
        at_most("people", suggestion.people.len(), PEOPLE_MAX)?;
        if let Some(person) = suggestion.people.iter().find(|person| !stands_in(person, tables)) {
            return Err(format!("the person {person:?} stood in no column of text"));
        }
    }
    let Some(plan) = &alert.plan else { return Ok(()) };
    check_text(&plan.title)?;
    if plan.due_days > DUE_DAYS_MAX {
        return Err(format!("a task due in {} days: at most {DUE_DAYS_MAX}", plan.due_days));
    }
    Ok(())
}

pub(super) fn check_changes(changes: &[Vec<Change>], scorecards: &[Scorecard]) -> Result<(), String> {
    for (changes, scorecard) in changes.iter().zip(scorecards) {
        let employee = &scorecard.employee;
        for (index, change) in changes.iter().enumerate() {
            let known = scorecard.shares.iter().any(|share| match &change.target {
                Target::Indicator(indicator) => share.indicator == *indicator,
                Target::Dimension(dimension) => share.dimension == *dimension,
            });
            let target = &change.target;
            if !known {
                return Err(format!("{employee}: the scorecard has no {target:?}"));
            }
            if changes[..index].iter().any(|earlier| earlier.target == *target) {
                return Err(format!("{employee}: {target:?} is changed twice"));
            }
            if change.share > WHOLE {
                return Err(format!("{employee}: a share of {} millionths: at most {WHOLE}", change.share));
            }
            if !scorecard.circumstances.iter().any(|circumstance| circumstance.id == change.because) {
                return Err(format!("{employee}: the circumstance {:?} was not given", change.because));
            }
            check_text(&change.reason).map_err(|reason| format!("{employee}: {reason}"))?;
        }
    }
    Ok(())
}

fn at_most(what: &str, count: usize, most: usize) -> Result<(), String> {
    if count > most { Err(format!("{count} {what}: at most {most}")) } else { Ok(()) }
}

fn check_text(text: &Localized) -> Result<(), String> {
    for language in ["zh-CN", "en"] {
        let Some((_, text)) = text.iter().find(|(tag, _)| tag == language) else {
            return Err(format!("a text lacks {language}"));
        };
        if text.trim().is_empty() {
            return Err(format!("a text is empty in {language}"));
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(format!("a text has {} bytes in {language}: at most {TEXT_BYTES_MAX}", text.len()));
        }
        if !text.chars().all(is_plain) {
            return Err(format!("a text in {language} holds control characters: {text:?}"));
        }
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.len() <= KEY_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

fn stands_in(person: &str, tables: &[Table]) -> bool {
    tables.iter().flat_map(|table| &table.columns).any(|column| match &column.values {
        Column::Texts(texts) => texts.dictionary.iter().any(|text| text == person),
        _ => false,
    })
}
