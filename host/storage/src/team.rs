//! What a team's page needs of many people at once, each in one query.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::composite::CompositeOutcome;
use daybreak_domain::period::Period;
use daybreak_domain::shares::ExplainedShares;
use daybreak_domain::time::Day;
use serde::de::DeserializeOwned;

use crate::day::{END, FIRST, days_of};
use crate::stale::period;
use crate::store::{ListOf, Store, StoreError, day, document, reading, written};

/// What lists show of the current composite of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthPoints {
    pub sequence: i64,
    pub employee: String,
    pub month: Period,
    /// None where it is not computable.
    pub points: Option<f64>,
    /// Millionths.
    pub coverage: u32,
}

/// An open task that should have been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueTask {
    pub assignee: String,
    pub task: String,
    pub title: String,
    pub due: Day,
}

impl Store {
    /// The current composites of these employees in these months, as known at the sequence.
    pub async fn composites_of_months(
        &self,
        company: &str,
        employees: &[&str],
        months: &[Period],
        known_to: i64,
    ) -> Result<Vec<MonthPoints>, StoreError> {
        type Row = (i64, String, i64, i64, Option<f64>, i64);
        let text = format!(
            "SELECT composite.sequence, composite.employee, composite.period_first, composite.period_end, \
             composite.points, composite.coverage FROM {} CROSS JOIN {} CROSS JOIN composite \
             WHERE composite.company = $1 AND composite.sequence = (SELECT newest.sequence FROM composite AS newest \
             WHERE newest.company = $1 AND newest.period_first = {FIRST} AND newest.period_end = {END} \
             AND newest.employee = wanted.value AND newest.sequence <= $4 \
             ORDER BY newest.known_to DESC, newest.sequence DESC LIMIT 1)",
            self.texts("$2", "wanted"),
            self.months("$3", "month"),
        );
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("composite", &employees)?)
                .bind(days_of(months)?)
                .bind(known_to)
        )?;
        let points = |(sequence, employee, first, end, points, coverage): Row| {
            Ok(MonthPoints {
                sequence,
                employee,
                month: period("composite", sequence, first, end)?,
                points,
                coverage: u32::try_from(coverage).unwrap_or_default(),
            })
        };
        rows.into_iter().map(points).collect()
    }

    /// The outcomes of these composites.
    pub async fn composite_outcomes(
        &self,
        company: &str,
        sequences: &[i64],
    ) -> Result<BTreeMap<i64, CompositeOutcome>, StoreError> {
        self.composite_documents("outcome", company, sequences).await
    }

    /// How the shares of these composites came about; those without shares are left out.
    pub async fn composite_shares(
        &self,
        company: &str,
        sequences: &[i64],
    ) -> Result<BTreeMap<i64, ExplainedShares>, StoreError> {
        self.composite_documents("shares", company, sequences).await
    }

    async fn composite_documents<D: DeserializeOwned>(
        &self,
        column: &'static str,
        company: &str,
        sequences: &[i64],
    ) -> Result<BTreeMap<i64, D>, StoreError> {
        let text = format!(
            "SELECT sequence, {column} FROM composite WHERE company = $1 AND {column} IS NOT NULL AND sequence {}",
            self.among("$2", ListOf::Numbers)
        );
        let rows: Vec<(i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("composite", &sequences)?)
        )?;
        rows.into_iter().map(|(sequence, text)| Ok((sequence, document("composite", sequence, &text)?))).collect()
    }

    /// Of which indicators these people have a score of the month.
    pub async fn scored_in_month(
        &self,
        company: &str,
        people: &[&str],
        indicators: &[&str],
        month: Period,
    ) -> Result<BTreeSet<(String, String)>, StoreError> {
        let text = format!(
            "SELECT who.value, wanted.value FROM {} CROSS JOIN {} WHERE EXISTS (SELECT 1 FROM score \
             WHERE score.company = $1 AND score.indicator = wanted.value AND score.period_first = $4 \
             AND score.period_end = $5 AND score.subject = who.value)",
            self.texts("$2", "wanted"),
            self.texts("$3", "who"),
        );
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("score", &indicators)?)
                .bind(written("score", &people)?)
                .bind(i64::from(month.first().0))
                .bind(i64::from(month.end().0))
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Which indicators have to be computed again in the month, and for whom of these subjects; what is due on the day.
    pub async fn stale_of_subjects(
        &self,
        company: &str,
        subjects: &[&str],
        indicators: &[&str],
        month: Period,
        on: Day,
    ) -> Result<BTreeSet<(String, String)>, StoreError> {
        let text = format!(
            "SELECT DISTINCT stale.subject, stale.indicator FROM {} CROSS JOIN stale WHERE stale.company = $1 \
             AND stale.indicator = wanted.value AND stale.period_first = $4 AND stale.period_end = $5 \
             AND stale.subject {} AND stale.due <= $6",
            self.texts("$2", "wanted"),
            self.among("$3", ListOf::Texts),
        );
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("stale", &indicators)?)
                .bind(written("stale", &subjects)?)
                .bind(i64::from(month.first().0))
                .bind(i64::from(month.end().0))
                .bind(i64::from(on.0))
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Open tasks that were due before the day and that one of these people has to do; the longest due first, at most
    /// `most`.
    pub async fn overdue_tasks(
        &self,
        company: &str,
        people: &[&str],
        before: Day,
        most: u32,
    ) -> Result<Vec<OverdueTask>, StoreError> {
        type Row = (String, String, String, i64);
        // From the person to their tasks, as the index has them: most tasks of a company are somebody else's, or done.
        let these = self.among("$2", ListOf::Texts);
        let text = format!(
            "SELECT own.person, task.task, task.title, task.due FROM task CROSS JOIN task_participant AS own \
             WHERE task.company = $1 AND task.sequence IN (SELECT theirs.sequence FROM task_participant AS theirs \
             WHERE theirs.company = $1 AND theirs.person {these}) AND task.state = 'open' AND task.due < $3 \
             AND own.company = $1 AND own.sequence = task.sequence AND own.person {these} AND own.role <> 'initiator' \
             AND NOT EXISTS (SELECT 1 FROM task AS later WHERE later.company = task.company AND later.task = task.task \
             AND later.sequence > task.sequence) ORDER BY task.due, task.task LIMIT $4"
        );
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("task", &people)?)
                .bind(i64::from(before.0))
                .bind(i64::from(most))
        )?;
        rows.into_iter()
            .map(|(assignee, task, title, due)| {
                let due = day("task", &task, due)?;
                Ok(OverdueTask { assignee, task, title, due })
            })
            .collect()
    }

    /// The titles that these tasks have now.
    pub async fn task_titles(&self, company: &str, tasks: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
        let text = format!(
            "SELECT task, title FROM task WHERE company = $1 AND task {} AND NOT EXISTS (SELECT 1 FROM task AS later \
             WHERE later.company = task.company AND later.task = task.task AND later.sequence > task.sequence)",
            self.among("$2", ListOf::Texts)
        );
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("task", &tasks)?)
        )?;
        Ok(rows.into_iter().collect())
    }

    /// The names that these customers have now.
    pub async fn customer_names(
        &self,
        company: &str,
        customers: &[&str],
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let text = format!(
            "SELECT customer, name FROM customer WHERE company = $1 AND customer {} ORDER BY sequence",
            self.among("$2", ListOf::Texts)
        );
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("customer", &customers)?)
        )?;
        Ok(rows.into_iter().collect())
    }
}
