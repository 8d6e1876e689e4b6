//! Composites: one number for an employee's month, quarter or year, kept up to date after the scores that it rests on.
//!
//! Stale composites are claimed like stale scores (see `stale.rs`). A month's composite is computed from the current
//! scores and the shares as known at one sequence; a quarter's and a year's from those of their months. What comes out
//! as it was is not stored again.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::company::Company;
use daybreak_domain::composite::{
    Basis, CompositeOutcome, CompositeReceipt, Entry, MonthBasis, MonthEntry, MonthUsed, Points, ShareUsed, of_month,
    of_months,
};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{
    COMPOSITES, COMPOSITES_OF_MONTHS, CompositeQuery, NewComposite, NewFault, StaleKey, StoredComposite, StoredScore,
    WorkOrder, Write, composite_key,
};

use crate::shares::{OnScorecard, PolicyCall, ShareError, ShareSources, SharesOfMonth};
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// Employees that are computed together.
const EMPLOYEES_AT_ONCE: usize = 300;

/// Most months that one change makes stale: about five years, as for scores.
const MONTHS_MAX: usize = 62;

/// Most periods that are looked through for months.
const PERIODS_MAX: u32 = 1_000;

/// What is current of an employee's indicators in a month: by indicator and employee.
pub(crate) type CurrentScores = BTreeMap<(String, String), StoredScore>;

impl Daybreak {
    /// Current composites, or with history all there ever were.
    pub async fn composites(
        &self,
        company: &Company,
        query: &CompositeQuery,
    ) -> Result<Vec<StoredComposite>, AppError> {
        Ok(self.store.composites(&company.id, query).await?)
    }

    /// The composite with this number.
    pub async fn numbered_composite(&self, company: &Company, sequence: i64) -> Result<StoredComposite, AppError> {
        let found = self.store.composite(&company.id, sequence).await?;
        found.ok_or_else(|| AppError::Unknown { what: "composite", id: sequence.to_string() })
    }

    /// Marks the composites of months from the day on, until before another day, as stale: those of months in which
    /// anything was scored, the running one, and the month in which the change begins.
    pub(crate) async fn mark_shares(
        &self,
        write: &mut Write,
        company: &Company,
        employee: &str,
        from: Day,
        until: Option<Day>,
    ) -> Result<(), AppError> {
        self.mark_every_share(write, company, &[(employee, from, until)]).await
    }

    /// As [`Daybreak::mark_shares`], for all that one import changes: what was scored is looked up once.
    pub(crate) async fn mark_every_share(
        &self,
        write: &mut Write,
        company: &Company,
        changes: &[(&str, Day, Option<Day>)],
    ) -> Result<(), AppError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mark = write.sequence();
        let today = company.zone.day_of(self.clock.now());
        let scored = self.store.scored_periods(&company.id, PERIODS_MAX).await?;
        let mut keys: BTreeSet<StaleKey> = BTreeSet::new();
        for &(employee, from, until) in changes {
            let months = months_touched(&scored, today, from, until);
            keys.extend(months.into_iter().map(|month| composite_key(COMPOSITES, month, employee, today)));
        }
        let keys: Vec<(StaleKey, i64)> = keys.into_iter().map(|key| (key, mark)).collect();
        Ok(write.add_stale(&keys).await?)
    }

    /// Marks the composites of quarters and years that end after the day.
    pub(crate) async fn mark_periods(&self, write: &mut Write, company: &Company, from: Day) -> Result<(), AppError> {
        let mark = write.sequence();
        let today = company.zone.day_of(self.clock.now());
        let periods = self.store.scored_periods(&company.id, PERIODS_MAX).await?;
        let longer: BTreeSet<Period> = periods
            .into_iter()
            .filter(Period::is_month)
            .flat_map(periods_with)
            .filter(|one| from < one.end())
            .collect();
        let key = |period| (composite_key(COMPOSITES_OF_MONTHS, period, EVERYBODY, today), mark);
        let keys: Vec<(StaleKey, i64)> = longer.into_iter().map(key).collect();
        Ok(write.add_stale(&keys).await?)
    }

    /// The months that a change from the day on, until before another day, may touch; the latest ones.
    pub(crate) async fn months_between(
        &self,
        company: &Company,
        from: Day,
        until: Option<Day>,
    ) -> Result<Vec<Period>, AppError> {
        let scored = self.store.scored_periods(&company.id, PERIODS_MAX).await?;
        Ok(months_touched(&scored, company.zone.day_of(self.clock.now()), from, until))
    }

    /// The running month has composites from its first day on, also where nothing was scored yet.
    pub(crate) async fn add_running_composites(&self, company: &Company) -> Result<(), AppError> {
        let today = company.zone.day_of(self.clock.now());
        let month = Period::month_of(today);
        let is_done = !self.store.composed_employees(&company.id, month).await?.is_empty();
        if is_done || self.store.scorecards(&company.id, i64::MAX).await?.is_empty() {
            return Ok(());
        }
        let mut write = self.store.write(&company.id).await?;
        write.mark_composites(month, [EVERYBODY].into_iter(), today).await?;
        Ok(write.commit().await?)
    }

    /// Computes the stale composites of claimed work. Returns how many were stored.
    pub(crate) async fn compose(&self, company: &Company, work: &WorkOrder, today: Day) -> Result<usize, AppError> {
        let known_to = self.store.sequence(&company.id).await?;
        let stale = self.store.stale_subjects(&company.id, &work.indicator, work.period, today).await?;
        let everybody = stale.contains(EVERYBODY);
        let stored = if work.indicator == COMPOSITES {
            self.compose_month(company, work.period, (!everybody).then_some(&stale), known_to).await?
        } else {
            self.compose_period(company, work.period, (!everybody).then_some(&stale), known_to).await?
        };
        let mut write = self.store.write(&company.id).await?;
        let subjects = (!everybody).then_some(&stale);
        write.clear_stale(&work.indicator, work.period, subjects, known_to, today).await?;
        write.commit().await?;
        Ok(stored)
    }

    /// The month's composites of these employees or, without any, of all.
    async fn compose_month(
        &self,
        company: &Company,
        month: Period,
        wanted: Option<&BTreeSet<String>>,
        known_to: i64,
    ) -> Result<usize, AppError> {
        let mut sources = self.share_sources(company, month, known_to).await?;
        let composed = self.store.composed_employees(&company.id, month).await?;
        let wanted: Vec<String> = match wanted {
            Some(wanted) => wanted.iter().cloned().collect(),
            None => sources.candidates().union(&composed).cloned().collect(),
        };
        let minimum = self.store.minimum_coverage(&company.id, month.last(), known_to).await?;
        let mut stored = 0;
        for employees in wanted.chunks(EMPLOYEES_AT_ONCE) {
            let mut on_scorecards = Vec::new();
            for employee in employees {
                on_scorecards.extend(sources.on_scorecard(employee)?);
            }
            self.add_enablements(company, &mut sources, &on_scorecards).await?;
            let requests = sources.requests(company, &on_scorecards);
            let calls = self.ask_policies(company, &sources, requests).await?;
            let scores = self.current_scores(company, month, &on_scorecards, known_to).await?;
            let mut new = Vec::new();
            for on in &on_scorecards {
                let calls: Vec<&PolicyCall> = calls.iter().collect();
                new.push(self.month_composite(company, &sources, on, &calls, &scores, minimum)?);
            }
            for employee in employees {
                let has_one = on_scorecards.iter().any(|on| on.employee == *employee);
                if !has_one && composed.contains(employee) {
                    new.push(self.without_scorecard(company, employee, month, known_to, minimum)?);
                }
            }
            stored += self.keep(company, month, new, calls).await?;
        }
        Ok(stored)
    }

    /// The current scores of all indicators on these scorecards.
    pub(crate) async fn current_scores(
        &self,
        company: &Company,
        month: Period,
        on_scorecards: &[OnScorecard],
        known_to: i64,
    ) -> Result<CurrentScores, AppError> {
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for on in on_scorecards {
            for share in on.signed.shares() {
                wanted.entry(&share.indicator).or_default().push(&on.employee);
            }
        }
        let mut current = CurrentScores::new();
        for (indicator, employees) in wanted {
            for score in self.store.scores_known(&company.id, indicator, month, &employees, known_to).await? {
                current.insert((indicator.to_owned(), score.receipt.subject.id.clone()), score);
            }
        }
        Ok(current)
    }

    fn month_composite(
        &self,
        company: &Company,
        sources: &ShareSources,
        on: &OnScorecard,
        calls: &[&PolicyCall],
        scores: &CurrentScores,
        minimum_coverage: u32,
    ) -> Result<NewComposite, AppError> {
        let SharesOfMonth { shares, adjustments } = sources.shares(company, on, calls)?;
        let entries = entries(&shares.month, &on.employee, scores);
        let outcome = of_month(entries, minimum_coverage).map_err(ShareError::from)?;
        let outcome = CompositeOutcome::Month(outcome);
        let used = shares.month.shares.iter().map(|share| ShareUsed {
            indicator: share.indicator.clone(),
            dimension: share.dimension.clone(),
            share: share.share,
            score: scores.get(&(share.indicator.clone(), on.employee.clone())).map(|score| score.sequence),
        });
        let basis = MonthBasis {
            scorecard: on.on.scorecard.clone(),
            revision: on.revision,
            days: on.on.days.clone(),
            // Filled in when the calls are stored and have numbers.
            policy_batches: Vec::new(),
            adjustments,
            shares: used.collect(),
        };
        let basis = Basis::Month(basis);
        let receipt = self.composite_receipt(
            company,
            (&on.employee, sources.month),
            sources.known_to,
            minimum_coverage,
            basis,
            &outcome,
        );
        Ok(NewComposite { receipt, outcome, shares: Some(shares) })
    }

    /// Says that an employee who had a composite has no scorecard in the month any more.
    fn without_scorecard(
        &self,
        company: &Company,
        employee: &str,
        month: Period,
        known_to: i64,
        minimum_coverage: u32,
    ) -> Result<NewComposite, AppError> {
        let outcome = of_months(month, Vec::new(), minimum_coverage).map_err(ShareError::from)?;
        let outcome = CompositeOutcome::Months(outcome);
        let basis = Basis::Months { months: Vec::new() };
        let receipt = self.composite_receipt(company, (employee, month), known_to, minimum_coverage, basis, &outcome);
        Ok(NewComposite { receipt, outcome, shares: None })
    }

    fn composite_receipt(
        &self,
        company: &Company,
        (employee, period): (&str, Period),
        known_to: i64,
        minimum_coverage: u32,
        basis: Basis,
        outcome: &CompositeOutcome,
    ) -> CompositeReceipt {
        let now = self.clock.now();
        CompositeReceipt {
            employee: employee.to_owned(),
            period,
            as_of: as_of(company, now),
            known_to,
            minimum_coverage,
            basis,
            outcome: outcome.digest(),
            computed_at: now,
        }
    }

    /// Stores what is new of a month, with the calls that it rests on, and marks the quarter and the year.
    async fn keep(
        &self,
        company: &Company,
        month: Period,
        mut new: Vec<NewComposite>,
        calls: Vec<PolicyCall>,
    ) -> Result<usize, AppError> {
        let today = company.zone.day_of(self.clock.now());
        let mut write = self.store.write(&company.id).await?;
        self.drop_unchanged(company, month, &mut new).await?;
        if new.is_empty() {
            return Ok(0);
        }
        let mut numbered = Vec::new();
        for call in calls {
            let concerns = |composite: &NewComposite| {
                call.answers.iter().any(|answer| answer.employee == composite.receipt.employee)
            };
            if new.iter().any(concerns) {
                let number = write.append_policy_batch(&call.receipt, &call.answers).await?;
                if let Some(fault) = &call.receipt.fault {
                    for answer in &call.answers {
                        let fault = NewFault {
                            indicator: &call.receipt.policy,
                            component: &call.receipt.component,
                            period: month,
                            subject: &answer.employee,
                            fault,
                            occurred_at: call.receipt.computed_at,
                        };
                        write.append_fault_of(PluginKind::Reweighting, &fault).await?;
                    }
                }
                numbered.push((number, call));
            }
        }
        for composite in &mut new {
            let employee = composite.receipt.employee.clone();
            if let Basis::Month(basis) = &mut composite.receipt.basis {
                let own =
                    numbered.iter().filter(|(_, call)| call.answers.iter().any(|answer| answer.employee == employee));
                basis.policy_batches = own.map(|(number, _)| *number).collect();
            }
        }
        let last = write.append_composites(&new).await?;
        let mut keys = Vec::new();
        for period in periods_with(month) {
            let key = |composite: &NewComposite| {
                (composite_key(COMPOSITES_OF_MONTHS, period, &composite.receipt.employee, today), last)
            };
            keys.extend(new.iter().map(key));
        }
        write.add_stale(&keys).await?;
        write.commit().await?;
        Ok(new.len())
    }

    /// Leaves out what says the same as the current composite for the same reasons.
    async fn drop_unchanged(
        &self,
        company: &Company,
        period: Period,
        new: &mut Vec<NewComposite>,
    ) -> Result<(), AppError> {
        let employees: Vec<&str> = new.iter().map(|composite| composite.receipt.employee.as_str()).collect();
        let current = self.store.composites_known(&company.id, period, &employees, i64::MAX).await?;
        let current: BTreeMap<String, StoredComposite> =
            current.into_iter().map(|stored| (stored.composite.receipt.employee.clone(), stored)).collect();
        new.retain(|composite| {
            current.get(&composite.receipt.employee).is_none_or(|stored| {
                let known = &stored.composite;
                known.outcome != composite.outcome
                    || known.shares != composite.shares
                    || known.receipt.minimum_coverage != composite.receipt.minimum_coverage
                    || !same_basis(&known.receipt.basis, &composite.receipt.basis)
            })
        });
        Ok(())
    }

    /// The composites of a quarter or a year of these employees or, without any, of all.
    async fn compose_period(
        &self,
        company: &Company,
        period: Period,
        wanted: Option<&BTreeSet<String>>,
        known_to: i64,
    ) -> Result<usize, AppError> {
        let months: BTreeSet<Period> = period.days().map(Period::month_of).collect();
        let composed = self.store.composed_employees(&company.id, period).await?;
        let wanted = if let Some(wanted) = wanted {
            wanted.clone()
        } else {
            let mut everybody = composed.clone();
            for month in &months {
                everybody.extend(self.store.composed_employees(&company.id, *month).await?);
            }
            everybody
        };
        let wanted: Vec<String> = wanted.into_iter().collect();
        let minimum = self.store.minimum_coverage(&company.id, period.last(), known_to).await?;
        let mut stored = 0;
        for employees in wanted.chunks(EMPLOYEES_AT_ONCE) {
            let employees: Vec<&str> = employees.iter().map(String::as_str).collect();
            let mut by_employee: BTreeMap<String, Vec<(Period, StoredComposite)>> = BTreeMap::new();
            for month in &months {
                for composite in self.store.composites_known(&company.id, *month, &employees, known_to).await? {
                    let employee = composite.composite.receipt.employee.clone();
                    by_employee.entry(employee).or_default().push((*month, composite));
                }
            }
            let mut new = Vec::new();
            for employee in employees {
                let months = by_employee.remove(employee).unwrap_or_default();
                if months.iter().all(|(_, month)| month.composite.shares.is_none()) && !composed.contains(employee) {
                    continue;
                }
                let (entries, used) = month_entries(&months);
                let outcome = of_months(period, entries, minimum).map_err(ShareError::from)?;
                let outcome = CompositeOutcome::Months(outcome);
                let basis = Basis::Months { months: used };
                let receipt = self.composite_receipt(company, (employee, period), known_to, minimum, basis, &outcome);
                new.push(NewComposite { receipt, outcome, shares: None });
            }
            let mut write = self.store.write(&company.id).await?;
            self.drop_unchanged(company, period, &mut new).await?;
            if !new.is_empty() {
                write.append_composites(&new).await?;
                write.commit().await?;
                stored += new.len();
            }
        }
        Ok(stored)
    }
}

/// Of the months in which anything was scored, the running one and the month of the change, the latest ones that a change from
/// the day on, until before another day, may touch.
fn months_touched(scored: &[Period], today: Day, from: Day, until: Option<Day>) -> Vec<Period> {
    let running = Period::month_of(today);
    let mut months: BTreeSet<Period> = scored.iter().copied().filter(Period::is_month).collect();
    months.insert(running);
    // A month that has not begun is due when it does; those after it are then the running one in their turn.
    months.insert(Period::month_of(from.max(running.first())));
    let touched = months.into_iter().rev();
    let touched = touched.filter(|month| from < month.end() && until.is_none_or(|until| month.first() < until));
    touched.take(MONTHS_MAX).collect()
}

/// What goes into a month's composite: every share with what is current of its indicator.
pub(crate) fn entries(
    month: &daybreak_domain::shares::MonthShares,
    employee: &str,
    scores: &CurrentScores,
) -> Vec<Entry> {
    let no_score = || Localized::new("本月没有该指标的得分", "There is no score of the indicator for this month.");
    let entry = |share: &daybreak_domain::shares::MonthShare| Entry {
        indicator: share.indicator.clone(),
        dimension: share.dimension.clone(),
        share: share.share,
        trial: false,
        points: scores
            .get(&(share.indicator.clone(), employee.to_owned()))
            .map_or_else(|| Points::NotComputable { reason: no_score() }, |score| Points::of(&score.outcome)),
    };
    month.shares.iter().map(entry).collect()
}

/// What goes into the composite of a quarter or a year. A month without a scorecard has no days and is not given.
pub(crate) fn month_entries(months: &[(Period, StoredComposite)]) -> (Vec<MonthEntry>, Vec<MonthUsed>) {
    let used = months.iter().filter_map(|(month, stored)| {
        let day_count = stored.composite.shares.as_ref()?.month.day_count;
        let entry = MonthEntry { month: *month, day_count, points: stored.composite.outcome.points().clone() };
        Some((entry, MonthUsed { month: *month, day_count, composite: Some(stored.sequence) }))
    });
    used.unzip()
}

/// The quarter and the year that hold the month.
fn periods_with(month: Period) -> Vec<Period> {
    let date = month.first().date();
    let quarter = format!("{:04}-Q{}", date.year(), (date.month() - 1) / 3 + 1);
    let year = format!("{:04}", date.year());
    // Years that are written otherwise are far beyond those that the host accepts.
    [quarter, year].iter().filter_map(|text| text.parse().ok()).collect()
}

/// The local midnight that ends today.
fn as_of(company: &Company, now: Instant) -> Instant {
    company.zone.midnight(company.zone.day_of(now).plus(1))
}

/// The same rows, whichever calls of policies found them.
fn same_basis(one: &Basis, other: &Basis) -> bool {
    match (one, other) {
        (Basis::Month(one), Basis::Month(other)) => {
            MonthBasis { policy_batches: Vec::new(), ..one.clone() }
                == MonthBasis { policy_batches: Vec::new(), ..other.clone() }
        }
        (Basis::Months { months: one }, Basis::Months { months: other }) => one == other,
        _ => false,
    }
}
