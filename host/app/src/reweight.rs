//! A manager's temporary reweighting: one share of one employee for some days, with a reason. It reverts by itself.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::period::Period;
use daybreak_domain::reweighting::{Target, input_digest};
use daybreak_domain::shares::stretches;
use daybreak_domain::text::TEXT_BYTES_MAX;
use daybreak_domain::time::Day;
use daybreak_storage::{ShareAdjustment, StoredAdjustment};
use serde_json::{Value, json};

use crate::audit::on_days;
use crate::shares::{PolicyCall, PolicyRequest, ShareError, adjustment_of};
use crate::{AppError, Daybreak};

/// Most days that a temporary change lasts.
pub const DAYS_MAX: u32 = 366;

/// How often a change is tried while others change what it rests on.
const TRIES_MAX: u32 = 5;

/// Most changes that are listed.
const LISTED_MAX: u32 = 1_000;

/// A change as a manager orders it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reweighting {
    pub employee: String,
    pub target: Target,
    /// Millionths.
    pub share: u32,
    pub days: Period,
    /// The employee reads it.
    pub reason: String,
    /// The id of a person; none at the host's own command line.
    pub by: Option<String>,
}

/// What policies said of one month, and of what they were asked: by the sequence of the enablement, the digest of the input.
#[derive(Default)]
struct Answers {
    asked: Vec<(i64, Digest)>,
    calls: Vec<PolicyCall>,
}

impl Daybreak {
    /// Orders the change, unless it contradicts what else holds on its days. Returns its number.
    pub async fn reweight(&self, company: &Company, order: &Reweighting) -> Result<i64, AppError> {
        if order.reason.trim().is_empty() {
            return Err(ShareError::NoReason.into());
        }
        if order.reason.len() > TEXT_BYTES_MAX {
            return Err(ShareError::ReasonTooLong { bytes: order.reason.len(), max: TEXT_BYTES_MAX }.into());
        }
        if order.days.day_count() > DAYS_MAX {
            return Err(ShareError::TooLong { days: order.days.day_count(), max: DAYS_MAX }.into());
        }
        let people = self.store.people(&company.id).await?;
        for person in [Some(&order.employee), order.by.as_ref()].into_iter().flatten() {
            if !people.contains_key(person) {
                return Err(AppError::Unknown { what: "person", id: person.clone() });
            }
        }
        let new = ShareAdjustment {
            employee: order.employee.clone(),
            target: order.target.clone(),
            share: order.share,
            days: order.days,
            reason: order.reason.trim().to_owned(),
            revoked: false,
            recorded_at: self.clock.now(),
            recorded_by: order.by.clone(),
        };
        for _ in 0..TRIES_MAX {
            // Plugins run while others may change the company. Once nobody can any more, it is tried again with what they
            // answered, unless they would be asked of something else now.
            let known_to = self.store.sequence(&company.id).await?;
            let mut answered = BTreeMap::new();
            for month in months_of(&new) {
                answered.insert(month, self.answers(company, &new.employee, month, known_to).await?);
            }
            self.try_adjustment(company, &new, known_to, &answered).await?;
            let mut write = self.store.write(&company.id).await?;
            if !self.try_adjustment(company, &new, write.sequence(), &answered).await? {
                continue;
            }
            let number = write.add_adjustment(None, &new).await?;
            let entry = AuditEntry::new("reweighting.order", number.to_string()).after(told(&new));
            self.note(&mut write, &[entry]).await?;
            self.mark_shares(&mut write, company, &new.employee, new.days.first(), Some(new.days.end())).await?;
            write.commit().await?;
            return Ok(number);
        }
        Err(ShareError::Overtaken.into())
    }

    /// What policies say of the employee's month, as known at the sequence.
    async fn answers(
        &self,
        company: &Company,
        employee: &str,
        month: Period,
        known_to: i64,
    ) -> Result<Answers, AppError> {
        let mut sources = self.share_sources(company, month, known_to).await?;
        let Some(on) = sources.on_scorecard(employee)? else { return Ok(Answers::default()) };
        let on = [on];
        self.add_enablements(company, &mut sources, &on).await?;
        let requests = sources.requests(company, &on);
        let asked = asked(&requests);
        Ok(Answers { asked, calls: self.ask_policies(company, &sources, requests).await? })
    }

    /// Tries the change on all of its days, beside what policies and other managers change, as known at the sequence.
    /// Returns false if policies would have to be asked of something else than they were.
    async fn try_adjustment(
        &self,
        company: &Company,
        new: &ShareAdjustment,
        known_to: i64,
        answered: &BTreeMap<Period, Answers>,
    ) -> Result<bool, AppError> {
        let mut tried = false;
        for (month, answers) in answered {
            let mut sources = self.share_sources(company, *month, known_to).await?;
            let Some(on) = sources.on_scorecard(&new.employee)? else { continue };
            let on = [on];
            self.add_enablements(company, &mut sources, &on).await?;
            if asked(&sources.requests(company, &on)) != answers.asked {
                return Ok(false);
            }
            let calls: Vec<&PolicyCall> = answers.calls.iter().collect();
            let [on] = on;
            let mut adjustments = sources.policy_adjustments(company, &on, &calls);
            adjustments.extend(sources.managers_adjustments(&on).into_iter().map(adjustment_of));
            let unnumbered = StoredAdjustment { sequence: i64::MAX, adjustment: i64::MAX, content: new.clone() };
            let own = adjustment_of(&unnumbered);
            // Not cut to the whole, so that too large a share is refused in its own words.
            adjustments.push(daybreak_domain::shares::Adjustment { share: new.share, ..own });
            for stretch in stretches(&on.on.days, &adjustments, &company.zone) {
                if stretch.days.first() >= new.days.end() || stretch.days.end() <= new.days.first() {
                    continue;
                }
                tried = true;
                if let Err(refusal) = on.signed.on_day(&stretch.adjustments) {
                    return Err(ShareError::Refused { days: stretch.days, refusal }.into());
                }
            }
        }
        if !tried {
            return Err(ShareError::NoScorecard { employee: new.employee.clone(), days: new.days }.into());
        }
        Ok(true)
    }

    /// Takes a change back: from the day on or, without a day, as if it had never been ordered.
    pub async fn revoke_reweighting(
        &self,
        company: &Company,
        number: i64,
        from: Option<Day>,
        by: Option<&str>,
    ) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.adjustment(&company.id, number).await?;
        let known = known.ok_or_else(|| AppError::Unknown { what: "reweighting", id: number.to_string() })?.content;
        if known.revoked {
            return Err(ShareError::RevokedBefore(number).into());
        }
        let days = match from {
            None => known.days,
            Some(day) => {
                let shorter = Some(day).filter(|day| known.days.contains(*day));
                let shorter = shorter.and_then(|day| Period::new(known.days.first(), day).ok());
                shorter.ok_or_else(|| ShareError::NotItsDay {
                    day,
                    from: known.days.first(),
                    until: known.days.end(),
                })?
            }
        };
        let (first, end) = (from.unwrap_or(known.days.first()), known.days.end());
        let revision = ShareAdjustment {
            days,
            revoked: from.is_none(),
            recorded_at: self.clock.now(),
            recorded_by: by.map(str::to_owned),
            ..known.clone()
        };
        write.add_adjustment(Some(number), &revision).await?;
        let entry = AuditEntry::new("reweighting.revoke", number.to_string());
        self.note(&mut write, &[entry.before(told(&known)).after(told(&revision))]).await?;
        self.mark_shares(&mut write, company, &revision.employee, first, Some(end)).await?;
        Ok(write.commit().await?)
    }

    /// The newest changes in their newest revisions, revoked ones too, the newest first.
    pub async fn reweightings(&self, company: &Company) -> Result<Vec<StoredAdjustment>, AppError> {
        Ok(self.store.newest_adjustments(&company.id, None, i64::MAX, LISTED_MAX).await?)
    }
}

/// As the audit tells of it; the reason stands in the change itself.
fn told(change: &ShareAdjustment) -> Value {
    let object = json!({
        "employee": change.employee,
        "target": change.target,
        "share": change.share,
        "revoked": change.revoked,
    });
    on_days(change.days.first(), Some(change.days.end()), object)
}

fn asked(requests: &[PolicyRequest]) -> Vec<(i64, Digest)> {
    requests.iter().map(|request| (request.enablement.sequence, input_digest(&request.scorecards))).collect()
}

fn months_of(new: &ShareAdjustment) -> BTreeSet<Period> {
    new.days.days().map(Period::month_of).collect()
}
