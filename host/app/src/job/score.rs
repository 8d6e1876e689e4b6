//! Scoring as a job: one indicator after the other, then what rests on the scores.

use daybreak_domain::company::Company;
use daybreak_domain::job::Progress;
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Named, Step, chain, short};
use crate::error::ErrorKind;
use crate::score::{ScoreOrder, Scored, Subjects};
use crate::{AppError, Daybreak};

#[derive(Default, Serialize, Deserialize)]
pub(super) struct ScoreWork {
    /// Which indicators, once that is known; one after the other goes.
    indicators: Option<Vec<String>>,
    next: usize,
    composed: bool,
    computed: usize,
    not_computable: usize,
    not_enabled: usize,
    rows: usize,
    composites: usize,
    faults: Named,
    errors: Named,
}

impl ScoreWork {
    pub(super) async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        indicator: Option<&str>,
        period: Period,
        assessed_on: Day,
    ) -> Result<Step, AppError> {
        let Some(indicators) = &self.indicators else {
            self.indicators = Some(match indicator {
                Some(indicator) => vec![indicator.to_owned()],
                None => host.indicators(company).await?.into_iter().map(|known| known.indicator).collect(),
            });
            return Ok(Step::More);
        };
        let Some(next) = indicators.get(self.next).cloned() else {
            let composed = host.compose_stale(company).await?;
            self.composites = composed.composites;
            for (order, error) in composed.errors {
                self.refused(&order.indicator, &error)?;
            }
            self.composed = true;
            return Ok(Step::Ended);
        };
        let order =
            ScoreOrder { indicator: next.clone(), period, assessed_on, subjects: Subjects::All, settles: false };
        match Box::pin(host.score(company, &order)).await {
            Ok(scored) => self.add(&next, scored),
            // Of all indicators, those that did not exist yet are simply not among them.
            Err(AppError::IndicatorNotThere { .. } | AppError::NoParameters { .. }) if indicator.is_none() => {}
            Err(error) if indicator.is_none() => self.refused(&next, &error)?,
            Err(error) => return Err(error),
        }
        self.next += 1;
        Ok(Step::More)
    }

    fn add(&mut self, indicator: &str, scored: Scored) {
        self.computed += scored.computed;
        self.not_computable += scored.not_computable;
        self.not_enabled += scored.not_enabled;
        self.rows += scored.rows;
        for (subject, fault) in scored.faults {
            self.faults.push(json!({ "indicator": indicator, "subject": subject, "problem": short(&fault) }));
        }
    }

    /// What is wrong with one indicator keeps no other from being scored; what is wrong with the host does.
    fn refused(&mut self, indicator: &str, error: &AppError) -> Result<(), AppError> {
        if matches!(error.kind(), ErrorKind::Busy) {
            return Err(AppError::Interrupted { problem: chain(error) });
        }
        self.errors.push(json!({ "indicator": indicator, "problem": short(&chain(error)) }));
        Ok(())
    }

    pub(super) fn progress(&self) -> Progress {
        let total = self.indicators.as_ref().map_or(0, |indicators| indicators.len() as u64 + 1);
        Progress { done: self.next as u64 + u64::from(self.composed), total }
    }

    pub(super) fn result(&self) -> Value {
        json!({
            "computed": self.computed,
            "not_computable": self.not_computable,
            "not_enabled": self.not_enabled,
            "failed": self.faults.items.len() as u64 + self.faults.more,
            "rows": self.rows,
            "composites": self.composites,
            "faults": self.faults.items,
            "errors": self.errors.items,
            "more_errors": self.errors.more,
        })
    }
}
