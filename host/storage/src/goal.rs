//! Goals: append-only, valid from a day until another.

use std::collections::HashMap;

use daybreak_domain::company::{Valid, Validity};
use daybreak_domain::goal::Goal;
use daybreak_domain::time::Day;

use crate::stale::{Mark, MarkCause};
use crate::store::{Store, StoreError, Write, reading, validity, writing};

pub struct NewGoal<'a> {
    pub indicator: &'a str,
    /// None: the goal of everybody who has none of their own.
    pub subject: Option<&'a str>,
    pub from: Day,
    pub until: Option<Day>,
    pub goal: Goal,
}

/// A goal as it was set.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredGoal {
    pub validity: Validity,
    /// None: the goal of everybody who has none of their own.
    pub subject: Option<String>,
    pub goal: Goal,
}

impl Valid for StoredGoal {
    fn validity(&self) -> Validity {
        self.validity
    }
}

impl Write {
    pub async fn add_goal(&mut self, goal: &NewGoal<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(self, execute, sqlx::query(
            "INSERT INTO goal (company, sequence, indicator, subject, valid_from, valid_until, baseline, target, stretch) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&self.company)
        .bind(sequence)
        .bind(goal.indicator)
        .bind(goal.subject)
        .bind(i64::from(goal.from.0))
        .bind(goal.until.map(|until| i64::from(until.0)))
        .bind(goal.goal.baseline)
        .bind(goal.goal.target)
        .bind(goal.goal.stretch))?;
        let mark = Mark {
            indicator: Some(goal.indicator.to_owned()),
            subject: goal.subject.map(str::to_owned),
            ..Mark::new(MarkCause::Goal)
        };
        self.append_marks(sequence, &[mark]).await?;
        Ok(sequence)
    }
}

impl Store {
    /// The goals of the indicator in force on the day, as known at the sequence: each subject's own, and under None
    /// the one for everybody else. Of several that cover the day, the one known last counts.
    pub async fn goals(
        &self,
        company: &str,
        indicator: &str,
        on: Day,
        known_to: i64,
    ) -> Result<HashMap<Option<String>, Goal>, StoreError> {
        type Row = (Option<String>, Option<f64>, Option<f64>, Option<f64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT subject, baseline, target, stretch FROM goal WHERE company = $1 AND indicator = $2 \
             AND sequence <= $3 AND valid_from <= $4 AND (valid_until IS NULL OR $4 < valid_until) ORDER BY sequence",
            )
            .bind(company)
            .bind(indicator)
            .bind(known_to)
            .bind(i64::from(on.0))
        )?;
        let goals =
            rows.into_iter().map(|(subject, baseline, target, stretch)| (subject, Goal { baseline, target, stretch }));
        Ok(goals.collect())
    }

    /// Every goal that was ever set for the indicator, in the order in which they were.
    pub async fn goals_set(&self, company: &str, indicator: &str) -> Result<Vec<StoredGoal>, StoreError> {
        type Row = (i64, Option<String>, i64, Option<i64>, Option<f64>, Option<f64>, Option<f64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, subject, valid_from, valid_until, baseline, target, stretch FROM goal \
                 WHERE company = $1 AND indicator = $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(indicator)
        )?;
        let goal = |(sequence, subject, from, until, baseline, target, stretch): Row| {
            let validity = validity("goal", sequence, from, until)?;
            Ok(StoredGoal { validity, subject, goal: Goal { baseline, target, stretch } })
        };
        rows.into_iter().map(goal).collect()
    }
}
