//! Sentences as a job: one indicator after the other.

use daybreak_domain::company::Company;
use daybreak_domain::job::Progress;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Named, Step, chain, short};
use crate::error::ErrorKind;
use crate::narrate::{InsightOrder, Insights};
use crate::{AppError, Daybreak};

#[derive(Default, Serialize, Deserialize)]
pub(super) struct NarrateWork {
    /// Which indicators, once that is known.
    indicators: Option<Vec<String>>,
    next: usize,
    charts: usize,
    news: usize,
    not_enabled: usize,
    faults: Named,
    errors: Named,
}

impl NarrateWork {
    pub(super) async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        indicator: Option<&str>,
        subject: Option<&str>,
        on: Day,
    ) -> Result<Step, AppError> {
        let Some(indicators) = &self.indicators else {
            self.indicators = Some(match indicator {
                Some(indicator) => vec![indicator.to_owned()],
                None => host.indicators(company).await?.into_iter().map(|known| known.indicator).collect(),
            });
            return Ok(Step::More);
        };
        let Some(next) = indicators.get(self.next).cloned() else { return Ok(Step::Ended) };
        let order = InsightOrder { subject: subject.map(str::to_owned), indicator: Some(next.clone()), on };
        match Box::pin(host.narrate(company, &order)).await {
            Ok(insights) => self.add(insights),
            Err(error) if indicator.is_some() || error.kind() == ErrorKind::Busy => return Err(error),
            Err(error) => self.errors.push(json!({ "indicator": next, "problem": short(&chain(&error)) })),
        }
        self.next += 1;
        Ok(Step::More)
    }

    fn add(&mut self, insights: Insights) {
        self.charts += insights.told.len();
        self.news += insights.told.iter().filter(|told| told.is_news).count();
        self.not_enabled += insights.not_enabled;
        for (indicator, subject, fault) in insights.faults {
            self.faults.push(json!({ "indicator": indicator, "subject": subject, "problem": short(&fault) }));
        }
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { done: self.next as u64, total: self.indicators.as_ref().map_or(0, Vec::len) as u64 }
    }

    pub(super) fn result(&self) -> Value {
        json!({
            "charts": self.charts,
            "new_sentences": self.news,
            "not_enabled": self.not_enabled,
            "failed": self.faults.items.len() as u64 + self.faults.more,
            "faults": self.faults.items,
            "errors": self.errors.items,
            "more_errors": self.errors.more,
        })
    }
}
