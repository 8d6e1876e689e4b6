//! One indicator of one person over months: every score with the share that it had then and what caused it.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::company::Company;
use daybreak_domain::composite::Basis;
use daybreak_domain::goal::Goal;
use daybreak_domain::period::Period;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::scorecard::Scorecard;
use daybreak_domain::shares::{Adjustment, ExplainedShares, How};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Definition, MonthPoints, ScorecardRevision, StoredScore};

use crate::capture::Captured;
use crate::day::{CardSentence, month_before};
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// Most months of one history.
pub const MONTHS_MAX: u32 = 36;

#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorHistory {
    pub person: String,
    pub today: Day,
    pub definition: Definition,
    /// Where it stands on the scorecard of the latest month with a composite.
    pub scorecard: Option<Scorecard>,
    /// In force on the running month's last day; none where there is none.
    pub goal: Option<Goal>,
    /// The newest of the running month's chart and the last one's.
    pub sentence: Option<CardSentence>,
    /// In order; the running one is the last.
    pub months: Vec<HistoryMonth>,
    /// How the evidence of the newest score was captured; none where it names no facts.
    pub captured: Option<Captured>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct HistoryMonth {
    pub month: Period,
    pub score: Option<HistoryScore>,
    /// Something has changed that does not count yet.
    pub stale: bool,
    pub share: Option<HistoryShare>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct HistoryScore {
    pub stored: StoredScore,
    pub computed_at: Option<Instant>,
    /// The plugin has failed since, so this is the last good one.
    pub faulted: bool,
}

/// What the indicator counted in the month.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryShare {
    /// The number of the composite that says so.
    pub composite: i64,
    /// Millionths, before any change.
    pub signed: u32,
    /// What was signed, where that differs from the month before: a new revision, or a scorecard that the person had not yet.
    pub signed_anew: Option<ScorecardRevision>,
    /// Millionths.
    pub share: u32,
    /// In the order of days; one that held over intervals in a row is one.
    pub causes: Vec<HistoryCause>,
}

/// A change that had to do with the share on some days.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryCause {
    pub days: Period,
    pub how: How,
    /// Millionths, on these days.
    pub share: u32,
    pub change: Adjustment,
}

impl IndicatorHistory {
    /// The newest score that there is.
    #[must_use]
    pub fn newest(&self) -> Option<&StoredScore> {
        self.months.iter().rev().find_map(|month| month.score.as_ref()).map(|score| &score.stored)
    }
}

impl Daybreak {
    /// The last months of the indicator, the running one included.
    pub async fn indicator_history(
        &self,
        company: &Company,
        person: &str,
        indicator: &str,
        months: u32,
    ) -> Result<IndicatorHistory, AppError> {
        if months == 0 || months > MONTHS_MAX {
            return Err(AppError::BadMonths { months, most: MONTHS_MAX });
        }
        let today = self.today(company);
        let stamp = self.store.day_stamp(&company.id, person).await?;
        let unknown = |what, id: &str| AppError::Unknown { what, id: id.chars().take(80).collect() };
        if !stamp.is_known {
            return Err(unknown("person", person));
        }
        let definitions = self.store.definitions(&company.id).await?;
        let definition = definitions
            .into_iter()
            .find(|definition| definition.indicator == indicator && definition.subject_kind == SubjectKind::Employee);
        let definition = definition.ok_or_else(|| unknown("indicator", indicator))?;
        let (month, months) = (Period::month_of(today), months_until(today, months));
        let mut scores = self.history_scores(company, person, indicator, &months, stamp.sequence).await?;
        let whom = [person, EVERYBODY];
        let stale = self.store.stale_in_months(&company.id, &whom, &[indicator], &months, today).await?;
        let stale: BTreeSet<Day> = stale.into_iter().map(|(_, first)| first).collect();
        let (scorecard, mut shares) = self.history_shares(company, person, indicator, &months, stamp.sequence).await?;
        let goals = self.store.goals_of(&company.id, person, month.last(), stamp.sequence).await?;
        let months: Vec<HistoryMonth> = months
            .into_iter()
            .map(|month| HistoryMonth {
                month,
                score: scores.remove(&month),
                stale: stale.contains(&month.first()),
                share: shares.remove(&month),
            })
            .collect();
        let mut history = IndicatorHistory {
            person: person.to_owned(),
            today,
            scorecard,
            goal: goals.get(indicator).copied(),
            sentence: self.history_sentence(company, person, indicator, month, stamp.sequence).await?,
            definition,
            months,
            captured: None,
        };
        let evidence = history.newest().map(|score| (indicator, score.evidence.as_slice()));
        let mut captured = self.captured(company, evidence.into_iter()).await?;
        history.captured = captured.remove(indicator);
        Ok(history)
    }

    async fn history_scores(
        &self,
        company: &Company,
        person: &str,
        indicator: &str,
        months: &[Period],
        known_to: i64,
    ) -> Result<BTreeMap<Period, HistoryScore>, AppError> {
        let found = self.store.scores_of_months(&company.id, person, &[indicator], months, known_to).await?;
        let sequences: Vec<i64> = found.iter().map(|score| score.sequence).collect();
        let batches: BTreeSet<i64> = found.iter().map(|score| score.batch).collect();
        let batches: Vec<i64> = batches.into_iter().collect();
        let computed_at = self.store.batch_moments(&company.id, &batches).await?;
        let faults = self.store.newest_faults_of(&company.id, person).await?;
        let stored = self.store.scores_numbered(&company.id, &sequences).await?;
        let score = |stored: StoredScore| {
            let fault = faults.get(&(indicator.to_owned(), stored.period.first()));
            let faulted = fault.is_some_and(|fault| *fault > stored.sequence);
            let computed_at = computed_at.get(&stored.batch).copied();
            (stored.period, HistoryScore { stored, computed_at, faulted })
        };
        Ok(stored.into_iter().map(score).collect())
    }

    /// The shares by month, and the scorecard of the latest one.
    async fn history_shares(
        &self,
        company: &Company,
        person: &str,
        indicator: &str,
        months: &[Period],
        known_to: i64,
    ) -> Result<(Option<Scorecard>, BTreeMap<Period, HistoryShare>), AppError> {
        let composites = self.store.composites_of_months(&company.id, &[person], months, known_to).await?;
        let sequences: Vec<i64> = composites.iter().map(|composite| composite.sequence).collect();
        let explained = self.store.composite_shares(&company.id, &sequences).await?;
        let mut with_shares: Vec<&MonthPoints> =
            composites.iter().filter(|composite| explained.contains_key(&composite.sequence)).collect();
        with_shares.sort_by_key(|composite| composite.month);
        let mut shares = BTreeMap::new();
        let mut before: Option<u32> = None;
        for composite in &with_shares {
            let found = explained.get(&composite.sequence);
            let mut share = found.and_then(|explained| share_of(composite.sequence, indicator, explained));
            let signed = share.as_ref().map_or(0, |share| share.signed);
            if let Some(share) = &mut share
                && before.is_some_and(|before| before != signed)
            {
                share.signed_anew = self.signed_in(company, composite.sequence).await?;
            }
            before = Some(signed);
            shares.extend(share.map(|share| (composite.month, share)));
        }
        let scorecard = match with_shares.last() {
            Some(latest) => {
                let stored = self.store.composite(&company.id, latest.sequence).await?;
                self.scorecard_of(company, stored.as_ref()).await?
            }
            None => None,
        };
        Ok((scorecard, shares))
    }

    /// The scorecard that a composite rests on, in the revision that it names.
    async fn signed_in(&self, company: &Company, composite: i64) -> Result<Option<ScorecardRevision>, AppError> {
        let stored = self.store.composite(&company.id, composite).await?;
        match stored.map(|stored| stored.composite.receipt.basis) {
            Some(Basis::Month(basis)) => Ok(self.store.scorecard_revision(&company.id, basis.revision).await?),
            _ => Ok(None),
        }
    }

    async fn history_sentence(
        &self,
        company: &Company,
        person: &str,
        indicator: &str,
        month: Period,
        known_to: i64,
    ) -> Result<Option<CardSentence>, AppError> {
        let months = [month, month_before(month)];
        let said = self.store.sentences_of_months(&company.id, person, &[indicator], &months, known_to).await?;
        let newest = said.into_iter().max_by_key(|sentence| (sentence.month_first, sentence.sequence));
        Ok(newest.and_then(|said| {
            let sentence = said.sentence?;
            Some(CardSentence { sequence: said.sequence, narrated_on: said.narrated_on, sentence })
        }))
    }
}

/// So many months, in order; the last one holds the day.
pub(crate) fn months_until(day: Day, count: u32) -> Vec<Period> {
    let mut months: Vec<Period> =
        std::iter::successors(Some(Period::month_of(day)), |month| Some(month_before(*month)))
            .take(count as usize)
            .collect();
    months.reverse();
    months
}

fn share_of(composite: i64, indicator: &str, explained: &ExplainedShares) -> Option<HistoryShare> {
    let month = explained.month.shares.iter().find(|share| share.indicator == indicator)?;
    let mut causes: Vec<HistoryCause> = Vec::new();
    for interval in &explained.month.intervals {
        let Some(day) = interval.shares.shares.iter().find(|share| share.indicator == indicator) else { continue };
        for touch in &day.touched {
            let Some(change) = interval.shares.adjustments.get(touch.adjustment) else { continue };
            let known = causes.iter_mut().find_map(|cause| {
                let is_same = cause.how == touch.how && cause.share == day.share && cause.change == *change;
                let days = cause.days.followed_by(&interval.days).filter(|_| is_same)?;
                Some((cause, days))
            });
            match known {
                Some((cause, days)) => cause.days = days,
                None => causes.push(HistoryCause {
                    days: interval.days,
                    how: touch.how,
                    share: day.share,
                    change: change.clone(),
                }),
            }
        }
    }
    Some(HistoryShare { composite, signed: month.signed, signed_anew: None, share: month.share, causes })
}
