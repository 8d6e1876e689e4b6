//! Goals: append-only, valid from a day until another.

use std::collections::HashMap;

use daybreak_domain::company::{Valid, Validity};
use daybreak_domain::goal::Goal;
use daybreak_domain::time::Day;

use crate::stale::{Mark, MarkCause};
use crate::store::{Store, StoreError, Write, day, reading, validity, writing};

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

/// Which goals in force are wanted. None: any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalQuery {
    pub indicator: Option<String>,
    /// The goals of this subject, and those of everybody who has none of their own.
    pub subject: Option<String>,
    /// In force on this day, as known now.
    pub on: Day,
    /// After the goal with this number.
    pub after: i64,
    pub most: u32,
}

/// A goal in force.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalInForce {
    pub indicator: String,
    pub stored: StoredGoal,
    /// The first later day from which another one holds in its place, where one was set for later.
    pub next_from: Option<Day>,
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

    /// The goals of one subject in force on the day, as known at the sequence, by indicator: its own, and where it has none,
    /// everybody's.
    pub async fn goals_of(
        &self,
        company: &str,
        subject: &str,
        on: Day,
        known_to: i64,
    ) -> Result<HashMap<String, Goal>, StoreError> {
        type Row = (String, Option<String>, Option<f64>, Option<f64>, Option<f64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                // Each half finds its few rows with the index.
                "SELECT indicator, subject, baseline, target, stretch FROM goal WHERE company = $1 AND sequence IN \
                 (SELECT own.sequence FROM goal AS own WHERE own.company = $1 AND own.subject = $2 \
                 AND own.sequence <= $3 UNION ALL SELECT own.sequence FROM goal AS own WHERE own.company = $1 \
                 AND own.subject IS NULL AND own.sequence <= $3) AND valid_from <= $4 \
                 AND (valid_until IS NULL OR $4 < valid_until) ORDER BY sequence",
            )
            .bind(company)
            .bind(subject)
            .bind(known_to)
            .bind(i64::from(on.0))
        )?;
        let (mut own, mut everybodys) = (HashMap::new(), HashMap::new());
        for (indicator, subject, baseline, target, stretch) in rows {
            let goals = if subject.is_some() { &mut own } else { &mut everybodys };
            goals.insert(indicator, Goal { baseline, target, stretch });
        }
        everybodys.extend(own);
        Ok(everybodys)
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

impl Store {
    /// A page of the goals in force on the day, in the order in which they were set.
    pub async fn goals_in_force(&self, company: &str, query: &GoalQuery) -> Result<Vec<GoalInForce>, StoreError> {
        type Row = (i64, String, Option<String>, i64, Option<i64>, Option<f64>, Option<f64>, Option<f64>, Option<i64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, indicator, subject, valid_from, valid_until, baseline, target, stretch, \
                 (SELECT MIN(later.valid_from) FROM goal AS later WHERE later.company = this.company \
                 AND later.indicator = this.indicator AND later.sequence > this.sequence \
                 AND (later.subject = this.subject OR (later.subject IS NULL AND this.subject IS NULL)) \
                 AND later.valid_from > $4) FROM goal AS this \
                 WHERE company = $1 AND ($2 IS NULL OR indicator = $2) \
                 AND ($3 IS NULL OR subject IS NULL OR subject = $3) \
                 AND valid_from <= $4 AND (valid_until IS NULL OR $4 < valid_until) AND sequence > $5 \
                 AND NOT EXISTS (SELECT 1 FROM goal AS later WHERE later.company = this.company \
                 AND later.indicator = this.indicator AND later.sequence > this.sequence \
                 AND (later.subject = this.subject OR (later.subject IS NULL AND this.subject IS NULL)) \
                 AND later.valid_from <= $4 AND (later.valid_until IS NULL OR $4 < later.valid_until)) \
                 ORDER BY sequence LIMIT $6",
            )
            .bind(company)
            .bind(&query.indicator)
            .bind(&query.subject)
            .bind(i64::from(query.on.0))
            .bind(query.after)
            .bind(i64::from(query.most))
        )?;
        let goal = |(sequence, indicator, subject, from, until, baseline, target, stretch, next_from): Row| {
            let validity = validity("goal", sequence, from, until)?;
            Ok(GoalInForce {
                next_from: next_from.map(|next| day("goal", sequence, next)).transpose()?,
                indicator,
                stored: StoredGoal { validity, subject, goal: Goal { baseline, target, stretch } },
            })
        };
        rows.into_iter().map(goal).collect()
    }
}
