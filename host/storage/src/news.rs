//! News: what was appended after a number, in short, so that open pages learn that something is different now.

use std::collections::HashMap;

use daybreak_domain::news::{News, NewsKind};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Day;

use crate::stale::period;
use crate::store::{ListOf, Store, StoreError, day, reading, word, written};

impl Store {
    /// What was appended after this number, in the order of the numbers; at most `most` of it. A number that is not
    /// committed yet is no gap: numbers are given in the order of commit.
    pub async fn news_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<News>, StoreError> {
        let mut news = Vec::new();
        let scores: Vec<(i64, String, String, i64, i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT score.sequence, score.indicator, score.subject, score.period_first, score.period_end, \
                 batch.subject_kind FROM score JOIN batch ON batch.company = score.company AND batch.batch = score.batch \
                 WHERE score.company = $1 AND score.sequence > $2 ORDER BY score.sequence LIMIT $3",
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        for (sequence, indicator, subject, first, end, kind) in scores {
            let subject_kind: SubjectKind = word("batch", sequence, &kind)?;
            let period = period("score", sequence, first, end)?;
            let kind = NewsKind::Score { indicator, period };
            news.push(News { sequence, subject_kind, subject, day: period.last(), kind });
        }
        let composites: Vec<(i64, String, i64, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, employee, period_first, period_end FROM composite WHERE company = $1 AND sequence > $2 \
                 ORDER BY sequence LIMIT $3",
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        for (sequence, subject, first, end) in composites {
            let period = period("composite", sequence, first, end)?;
            let (subject_kind, kind) = (SubjectKind::Employee, NewsKind::Composite { period });
            news.push(News { sequence, subject_kind, subject, day: period.last(), kind });
        }
        let alerts: Vec<(i64, i64, String, i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, alert, subject, assessed_on, subject_kind FROM alert WHERE company = $1 \
                 AND sequence > $2 ORDER BY sequence LIMIT $3",
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        for (sequence, alert, subject, on, kind) in alerts {
            let subject_kind: SubjectKind = word("alert", sequence, &kind)?;
            let day = day("alert", sequence, on)?;
            news.push(News { sequence, subject_kind, subject, day, kind: NewsKind::Alert { alert } });
        }
        let tasks: Vec<(i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, task FROM task WHERE company = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        let sequences: Vec<i64> = tasks.iter().map(|(sequence, _)| *sequence).collect();
        let mut people = self.people_of_tasks(company, &sequences).await?;
        for (sequence, task) in tasks {
            let kind = NewsKind::Task { task, people: people.remove(&sequence).unwrap_or_default() };
            let (subject_kind, subject) = (SubjectKind::Employee, String::new());
            news.push(News { sequence, subject_kind, subject, day: Day(0), kind });
        }
        news.extend(self.news_of_questions(company, after, most).await?);
        news.sort_by_key(|news| news.sequence);
        // One list may have been cut before the others: what comes after the cut is left for the next time.
        news.truncate(most as usize);
        Ok(news)
    }

    async fn news_of_questions(&self, company: &str, after: i64, most: u32) -> Result<Vec<News>, StoreError> {
        type Row = (i64, i64, String, String, String, String, i64, i64);
        let entries: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT question_entry.sequence, question.sequence, question.question, question.asked_by, \
                 question.subject_kind, question.subject, question.period_first, question.period_end FROM question_entry \
                 JOIN question ON question.company = question_entry.company AND question.sequence = question_entry.question \
                 WHERE question_entry.company = $1 AND question_entry.sequence > $2 ORDER BY question_entry.sequence LIMIT $3",
            )
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        let questions: Vec<i64> = entries.iter().map(|(_, question, ..)| *question).collect();
        let people = self.people_of_questions(company, &questions).await?;
        let mut news = Vec::new();
        for (sequence, number, question, asked_by, kind, subject, first, end) in entries {
            let subject_kind: SubjectKind = word("question", number, &kind)?;
            let period = period("question", number, first, end)?;
            let mentioned = people.get(&number).into_iter().flat_map(|people| &people.mentioned);
            let mut people: Vec<String> = mentioned.map(|(_, person)| person.clone()).collect();
            people.push(asked_by);
            let kind = NewsKind::Question { question, people };
            news.push(News { sequence, subject_kind, subject, day: period.last(), kind });
        }
        Ok(news)
    }

    async fn people_of_tasks(&self, company: &str, revisions: &[i64]) -> Result<HashMap<i64, Vec<String>>, StoreError> {
        if revisions.is_empty() {
            return Ok(HashMap::new());
        }
        let these = self.among("$2", ListOf::Numbers);
        let rows: Vec<(i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT sequence, person FROM task_participant WHERE company = $1 AND sequence {these} ORDER BY person"
            )))
            .bind(company)
            .bind(written("task_participant", &revisions)?)
        )?;
        let mut people: HashMap<i64, Vec<String>> = HashMap::new();
        for (sequence, person) in rows {
            people.entry(sequence).or_default().push(person);
        }
        Ok(people)
    }
}
