//! Questions about numbers: what was asked, and every entry since, append-only.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::question::{Entry, Number, NumberKind, Question, State};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Instant;

use crate::stale::period;
use crate::store::{ListOf, Store, StoreError, Write, inserting, reading, word, writing, written};

/// Rows in one INSERT: 5 values each, far under the databases' bounds.
const ROWS_AT_ONCE: usize = 1_000;

const PUT_TO: &str = "put-to";
const MENTIONED: &str = "mentioned";

/// A question, and how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredQuestion {
    /// Of the first entry.
    pub sequence: i64,
    pub question: Question,
    /// The text of the first entry.
    pub text: String,
    pub state: State,
    pub entries: u32,
    /// The sequence of the newest entry, when it was written and by whom.
    pub newest: i64,
    pub changed_at: Instant,
    pub changed_by: String,
    /// Everybody who was mentioned in any entry.
    pub mentioned: BTreeSet<String>,
}

/// One entry with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntry {
    pub sequence: i64,
    pub entry: Entry,
}

/// Which questions are wanted. What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuestionQuery {
    pub state: Option<State>,
    pub subject: Option<String>,
    /// The number of the score or the composite.
    pub number: Option<i64>,
    pub asked_by: Option<String>,
    /// Somebody whom they were put to.
    pub put_to: Option<String>,
    /// Somebody who asked, was mentioned, or is the employee that it is about; those that are about no employee, too.
    pub concerning: Option<String>,
    /// Only questions with these sequences.
    pub these: Option<Vec<i64>>,
    /// Only questions that were asked before the one with this sequence; the newest come first.
    pub before: Option<i64>,
    pub most: u32,
}

/// How many questions wait for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuestionCounts {
    /// Open, and put to the person.
    pub waiting: u32,
    /// Asked by the person, answered, and not closed.
    pub answered: u32,
}

impl Write {
    /// Appends a question with its first entry. Returns its sequence.
    pub async fn add_question(&mut self, question: &Question, entry: &Entry) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let about = &question.about;
        let insert = "INSERT INTO question (company, sequence, question, asked_by, number_kind, number, subject_kind, \
                      subject, indicator, period_first, period_end, raw, points) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(&question.id)
                .bind(&question.asked_by)
                .bind(about.kind.name())
                .bind(about.sequence)
                .bind(about.subject_kind.name())
                .bind(&about.subject)
                .bind(&about.indicator)
                .bind(i64::from(about.period.first().0))
                .bind(i64::from(about.period.end().0))
                .bind(about.raw)
                .bind(about.points)
        )?;
        self.add_entry(sequence, sequence, entry).await?;
        self.add_question_people(sequence, sequence, &question.put_to, PUT_TO).await?;
        Ok(sequence)
    }

    /// Appends an entry to the question with this sequence. Returns its own.
    pub async fn add_question_entry(&mut self, question: i64, entry: &Entry) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        self.add_entry(question, sequence, entry).await?;
        Ok(sequence)
    }

    async fn add_entry(&mut self, question: i64, sequence: i64, entry: &Entry) -> Result<(), StoreError> {
        let insert = "INSERT INTO question_entry (company, sequence, question, event, state, author, text, written_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(question)
                .bind(entry.event.name())
                .bind(entry.state.name())
                .bind(&entry.author)
                .bind(&entry.text)
                .bind(entry.written_at.0)
        )?;
        self.add_question_people(question, sequence, &entry.mentions, MENTIONED).await
    }

    async fn add_question_people(
        &mut self,
        question: i64,
        sequence: i64,
        people: &BTreeSet<String>,
        role: &'static str,
    ) -> Result<(), StoreError> {
        let people: Vec<&String> = people.iter().collect();
        for chunk in people.chunks(ROWS_AT_ONCE) {
            inserting!(
                self,
                "INSERT INTO question_person (company, question, sequence, person, role) ",
                chunk,
                |row, person| {
                    row.push_bind(&self.company)
                        .push_bind(question)
                        .push_bind(sequence)
                        .push_bind(*person)
                        .push_bind(role);
                },
                ""
            )?;
        }
        Ok(())
    }
}

impl Store {
    pub async fn question(&self, company: &str, id: &str) -> Result<Option<StoredQuestion>, StoreError> {
        let sequence: Option<i64> = reading!(
            self,
            fetch_optional,
            sqlx::query_scalar("SELECT sequence FROM question WHERE company = $1 AND question = $2")
                .bind(company)
                .bind(id)
        )?;
        let Some(sequence) = sequence else { return Ok(None) };
        let query = QuestionQuery { these: Some(vec![sequence]), most: 1, ..QuestionQuery::default() };
        Ok(self.questions(company, &query).await?.pop())
    }

    /// The questions that are wanted, those that were asked last first.
    pub async fn questions(&self, company: &str, query: &QuestionQuery) -> Result<Vec<StoredQuestion>, StoreError> {
        // What is wanted of one person is little, and found by the person.
        let put_to = match query.put_to {
            Some(_) => {
                "question.sequence IN (SELECT own.question FROM question_person AS own WHERE own.company = $1 \
                 AND own.person = $7 AND own.role = 'put-to')"
            }
            None => "CAST($7 AS TEXT) IS NULL",
        };
        let concerning = match query.concerning {
            Some(_) => {
                "(question.asked_by = $8 OR question.subject = $8 OR question.subject_kind <> 'employee' \
                 OR question.sequence IN (SELECT own.question FROM question_person AS own WHERE own.company = $1 \
                 AND own.person = $8 AND own.role = 'mentioned'))"
            }
            None => "CAST($8 AS TEXT) IS NULL",
        };
        let these = match query.these {
            Some(_) => format!("question.sequence {}", self.among("$9", ListOf::Numbers)),
            None => "CAST($9 AS TEXT) IS NULL".to_owned(),
        };
        let text = format!(
            "SELECT question.sequence, question.question, question.asked_by, question.number_kind, question.number, \
             question.subject_kind, question.subject, question.indicator, question.period_first, question.period_end, \
             question.raw, question.points, asked.text, asked.written_at AS asked_at, newest.state, \
             newest.sequence AS newest, newest.written_at AS changed_at, newest.author AS changed_by, \
             (SELECT COUNT(*) FROM question_entry AS every WHERE every.company = $1 \
             AND every.question = question.sequence) AS entries \
             FROM question \
             JOIN question_entry AS asked ON asked.company = $1 AND asked.sequence = question.sequence \
             JOIN question_entry AS newest ON newest.company = $1 AND newest.sequence = (SELECT MAX(later.sequence) \
             FROM question_entry AS later WHERE later.company = $1 AND later.question = question.sequence) \
             WHERE question.company = $1 AND question.sequence < $2 \
             AND (CAST($3 AS TEXT) IS NULL OR newest.state = $3) \
             AND (CAST($4 AS TEXT) IS NULL OR question.subject = $4) \
             AND (CAST($5 AS BIGINT) IS NULL OR question.number = $5) \
             AND (CAST($6 AS TEXT) IS NULL OR question.asked_by = $6) AND {put_to} AND {concerning} AND {these} \
             ORDER BY question.sequence DESC LIMIT $10"
        );
        let sequences = query.these.as_ref().map(|these| written("question", these)).transpose()?;
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(query.before.unwrap_or(i64::MAX))
                .bind(query.state.map(State::name))
                .bind(&query.subject)
                .bind(query.number)
                .bind(&query.asked_by)
                .bind(&query.put_to)
                .bind(&query.concerning)
                .bind(&sequences)
                .bind(i64::from(query.most))
        )?;
        let sequences: Vec<i64> = rows.iter().map(|row| row.sequence).collect();
        let mut people = self.people_of_questions(company, &sequences).await?;
        rows.into_iter()
            .map(|row| {
                let people = people.remove(&row.sequence).unwrap_or_default();
                stored(row, people)
            })
            .collect()
    }

    /// Every entry of the question with this sequence, in their order.
    pub async fn question_entries(&self, company: &str, question: i64) -> Result<Vec<StoredEntry>, StoreError> {
        type Row = (i64, String, String, String, String, i64);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, event, state, author, text, written_at FROM question_entry \
                 WHERE company = $1 AND question = $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(question)
        )?;
        let people = self.people_of_questions(company, &[question]).await?.remove(&question).unwrap_or_default();
        let mut mentions: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        for (sequence, person) in people.mentioned {
            mentions.entry(sequence).or_default().insert(person);
        }
        rows.into_iter()
            .map(|(sequence, event, state, author, text, written_at)| {
                let entry = Entry {
                    event: word("question_entry", sequence, &event)?,
                    state: word("question_entry", sequence, &state)?,
                    author,
                    text,
                    written_at: Instant(written_at),
                    mentions: mentions.remove(&sequence).unwrap_or_default(),
                };
                Ok(StoredEntry { sequence, entry })
            })
            .collect()
    }

    /// How many questions wait for the person.
    pub async fn question_counts(&self, company: &str, person: &str) -> Result<QuestionCounts, StoreError> {
        const STATE: &str = "(SELECT newest.state FROM question_entry AS newest WHERE newest.company = $1 \
                             AND newest.question = question.sequence ORDER BY newest.sequence DESC LIMIT 1)";
        let text = format!(
            "SELECT (SELECT COUNT(*) FROM question WHERE question.company = $1 AND question.sequence IN \
             (SELECT own.question FROM question_person AS own WHERE own.company = $1 AND own.person = $2 \
             AND own.role = 'put-to') AND {STATE} = 'open'), \
             (SELECT COUNT(*) FROM question WHERE question.company = $1 AND question.asked_by = $2 \
             AND {STATE} = 'answered')"
        );
        let (waiting, answered): (i64, i64) =
            reading!(self, fetch_one, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(person))?;
        Ok(QuestionCounts { waiting: count(waiting), answered: count(answered) })
    }

    pub(crate) async fn people_of_questions(
        &self,
        company: &str,
        questions: &[i64],
    ) -> Result<BTreeMap<i64, QuestionPeople>, StoreError> {
        if questions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let text = format!(
            "SELECT question, sequence, person, role FROM question_person WHERE company = $1 AND question {} \
             ORDER BY question, sequence, person",
            self.among("$2", ListOf::Numbers)
        );
        let rows: Vec<(i64, i64, String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("question", &questions)?)
        )?;
        let mut people: BTreeMap<i64, QuestionPeople> = BTreeMap::new();
        for (question, sequence, person, role) in rows {
            let known = people.entry(question).or_default();
            if role == PUT_TO {
                known.put_to.insert(person);
            } else {
                known.mentioned.push((sequence, person));
            }
        }
        Ok(people)
    }
}

/// The people of one question besides its asker.
#[derive(Default)]
pub(crate) struct QuestionPeople {
    pub(crate) put_to: BTreeSet<String>,
    /// With the sequences of the entries.
    pub(crate) mentioned: Vec<(i64, String)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    question: String,
    asked_by: String,
    number_kind: String,
    number: i64,
    subject_kind: String,
    subject: String,
    indicator: Option<String>,
    period_first: i64,
    period_end: i64,
    raw: Option<f64>,
    points: Option<f64>,
    text: String,
    asked_at: i64,
    state: String,
    newest: i64,
    changed_at: i64,
    changed_by: String,
    entries: i64,
}

fn stored(row: Row, people: QuestionPeople) -> Result<StoredQuestion, StoreError> {
    let kind: NumberKind = word("question", row.sequence, &row.number_kind)?;
    let subject_kind: SubjectKind = word("question", row.sequence, &row.subject_kind)?;
    let about = Number {
        kind,
        sequence: row.number,
        subject_kind,
        subject: row.subject,
        indicator: row.indicator,
        period: period("question", row.sequence, row.period_first, row.period_end)?,
        raw: row.raw,
        points: row.points,
    };
    let question = Question {
        id: row.question,
        asked_by: row.asked_by,
        asked_at: Instant(row.asked_at),
        about,
        put_to: people.put_to,
    };
    Ok(StoredQuestion {
        sequence: row.sequence,
        question,
        text: row.text,
        state: word("question_entry", row.newest, &row.state)?,
        entries: count(row.entries),
        newest: row.newest,
        changed_at: Instant(row.changed_at),
        changed_by: row.changed_by,
        mentioned: people.mentioned.into_iter().map(|(_, person)| person).collect(),
    })
}

fn count(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
