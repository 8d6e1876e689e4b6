//! Questions: somebody says that a number is wrong. The question keeps the number as it was, reaches whoever answers for it,
//! and shows how the number has changed since.
//!
//! Who may see the number, and so ask about it, is not said here but where requests come in.

use std::collections::BTreeSet;

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, has_left};
use daybreak_domain::composite::Points;
use daybreak_domain::indicator::Outcome;
use daybreak_domain::question::{
    ENTRIES_MAX, Entry, EntryError, Event, Number, NumberKind, PUT_TO_MAX, Question, State, check_entry,
};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Instant;
use daybreak_storage::{QuestionCounts, QuestionQuery, StoredComposite, StoredEntry, StoredQuestion, StoredScore};
use serde_json::json;

use crate::{AppError, Daybreak};

/// Most questions that somebody's day shows.
const SHOWN_MAX: u32 = 5;

/// What somebody wants to write, and whom they mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    pub text: String,
    /// The ids of people.
    pub mentions: BTreeSet<String>,
}

/// What an answer does besides being one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answering {
    /// Whether the author answers for the number: leads the subject, or the question was put to them.
    pub for_it: bool,
    /// Whether the question is closed by it.
    pub closes: bool,
}

/// The questions that wait for somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaitingQuestions {
    pub counts: QuestionCounts,
    /// A few of them, with the newest entry first.
    pub newest: Vec<StoredQuestion>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionRefused {
    #[error(transparent)]
    Entry(#[from] EntryError),
    #[error(
        "you have asked about this number already, and the question is not closed: write what you have to add to {id}"
    )]
    Asked { id: String },
    #[error("the question {0} is closed: ask another one")]
    Closed(String),
    #[error("the question {0} has {ENTRIES_MAX} entries: close it, or ask another one")]
    Full(String),
    #[error("{0} does not belong to the company any more: mention somebody else")]
    HasLeft(String),
}

impl Daybreak {
    /// Asks about a score, on behalf of this person.
    pub async fn ask_about_score(
        &self,
        company: &Company,
        (score, kind): (&StoredScore, SubjectKind),
        writing: Writing,
        by: &str,
    ) -> Result<StoredQuestion, AppError> {
        self.ask(company, number_of_score(score, kind), writing, by).await
    }

    /// Asks about a composite, on behalf of this person.
    pub async fn ask_about_composite(
        &self,
        company: &Company,
        composite: &StoredComposite,
        writing: Writing,
        by: &str,
    ) -> Result<StoredQuestion, AppError> {
        self.ask(company, number_of_composite(composite), writing, by).await
    }

    async fn ask(
        &self,
        company: &Company,
        about: Number,
        writing: Writing,
        by: &str,
    ) -> Result<StoredQuestion, AppError> {
        check_entry(&writing.text, &writing.mentions).map_err(QuestionRefused::from)?;
        let now = self.clock.now();
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        let own = QuestionQuery {
            number: Some(about.sequence),
            asked_by: Some(by.to_owned()),
            most: 1,
            ..QuestionQuery::default()
        };
        let own = self.store.questions(&company.id, &own).await?.pop();
        if let Some(open) = own.filter(|own| own.state != State::Closed) {
            return Err(QuestionRefused::Asked { id: open.question.id }.into());
        }
        self.check_mentioned(company, &writing.mentions).await?;
        let subject = (about.subject_kind, about.subject.as_str());
        let put_to = self.who_answers(company, subject, about.period.last(), by, PUT_TO_MAX).await?;
        let question =
            Question { id: self.ids.new_id("question"), asked_by: by.to_owned(), asked_at: now, about, put_to };
        let entry = entry(Event::Asked, State::Open, writing, by, now);
        write.add_question(&question, &entry).await?;
        let about = &question.about;
        let noted = AuditEntry::new("question.ask", &question.id).after(json!({
            "about": about.kind.name(),
            "number": about.sequence,
            "subject": about.subject,
            "indicator": about.indicator,
            "period": about.period.to_string(),
            "put_to": question.put_to,
            "mentions": entry.mentions,
        }));
        self.note(&mut write, &[noted]).await?;
        write.commit().await?;
        self.question(company, &question.id).await
    }

    /// Writes an answer, or something to add, on behalf of this person.
    pub async fn answer_question(
        &self,
        company: &Company,
        id: &str,
        writing: Writing,
        answering: Answering,
        by: &str,
    ) -> Result<StoredQuestion, AppError> {
        check_entry(&writing.text, &writing.mentions).map_err(QuestionRefused::from)?;
        let mut write = self.store.write(&company.id).await?;
        let known = self.question(company, id).await?;
        if known.state == State::Closed {
            return Err(QuestionRefused::Closed(id.to_owned()).into());
        }
        // The last one is kept for whoever closes it.
        if known.entries >= ENTRIES_MAX || (known.entries + 1 >= ENTRIES_MAX && !answering.closes) {
            return Err(QuestionRefused::Full(id.to_owned()).into());
        }
        self.check_mentioned(company, &writing.mentions).await?;
        let state = known.question.state_after(known.state, by, answering.for_it, answering.closes);
        let event = if answering.closes { Event::Closed } else { Event::Answered };
        let entry = entry(event, state, writing, by, self.clock.now());
        write.add_question_entry(known.sequence, &entry).await?;
        let noted = AuditEntry::new("question.answer", id)
            .before(json!({ "state": known.state.name() }))
            .after(json!({ "state": state.name(), "mentions": entry.mentions }));
        self.note(&mut write, &[noted]).await?;
        write.commit().await?;
        self.question(company, id).await
    }

    /// The question with this id.
    pub async fn question(&self, company: &Company, id: &str) -> Result<StoredQuestion, AppError> {
        let found = self.store.question(&company.id, id).await?;
        found.ok_or_else(|| AppError::Unknown { what: "question", id: id.chars().take(80).collect() })
    }

    /// Every entry of the question, in their order.
    pub async fn question_entries(
        &self,
        company: &Company,
        question: &StoredQuestion,
    ) -> Result<Vec<StoredEntry>, AppError> {
        Ok(self.store.question_entries(&company.id, question.sequence).await?)
    }

    /// The questions that are wanted, those that were asked last first.
    pub async fn questions(&self, company: &Company, query: &QuestionQuery) -> Result<Vec<StoredQuestion>, AppError> {
        Ok(self.store.questions(&company.id, query).await?)
    }

    /// The number that counts now in the place of the one that a question is about; none while that one still does.
    pub async fn current_number(&self, company: &Company, asked: &Number) -> Result<Option<Number>, AppError> {
        let subjects = [asked.subject.as_str()];
        let current = if let Some(indicator) = &asked.indicator {
            let scores = self.store.scores_known(&company.id, indicator, asked.period, &subjects, i64::MAX).await?;
            scores.last().map(|score| number_of_score(score, asked.subject_kind))
        } else {
            let composites = self.store.composites_known(&company.id, asked.period, &subjects, i64::MAX).await?;
            composites.last().map(number_of_composite)
        };
        Ok(current.filter(|current| current.sequence != asked.sequence))
    }

    /// The questions that wait for the person: how many, and the numbers of the newest few.
    pub(crate) async fn waiting_questions(
        &self,
        company: &Company,
        person: &str,
    ) -> Result<(QuestionCounts, Vec<i64>), AppError> {
        let counts = self.store.question_counts(&company.id, person).await?;
        let mut newest = Vec::new();
        if counts.waiting > 0 {
            let put_to = Some(person.to_owned());
            let query = QuestionQuery { state: Some(State::Open), put_to, most: SHOWN_MAX, ..QuestionQuery::default() };
            newest.extend(self.store.questions(&company.id, &query).await?);
        }
        if counts.answered > 0 {
            let asked_by = Some(person.to_owned());
            let query =
                QuestionQuery { state: Some(State::Answered), asked_by, most: SHOWN_MAX, ..QuestionQuery::default() };
            newest.extend(self.store.questions(&company.id, &query).await?);
        }
        newest.sort_by_key(|question| std::cmp::Reverse(question.newest));
        Ok((counts, newest.into_iter().map(|question| question.sequence).take(SHOWN_MAX as usize).collect()))
    }

    /// The questions with these sequences, the one with the newest entry first.
    pub(crate) async fn questions_numbered(
        &self,
        company: &Company,
        sequences: &[i64],
    ) -> Result<Vec<StoredQuestion>, AppError> {
        if sequences.is_empty() {
            return Ok(Vec::new());
        }
        let query = QuestionQuery { these: Some(sequences.to_vec()), most: SHOWN_MAX, ..QuestionQuery::default() };
        let mut questions = self.store.questions(&company.id, &query).await?;
        questions.sort_by_key(|question| std::cmp::Reverse(question.newest));
        Ok(questions)
    }

    /// Whoever is mentioned is one of the company's people.
    async fn check_mentioned(&self, company: &Company, mentions: &BTreeSet<String>) -> Result<(), AppError> {
        if mentions.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = mentions.iter().map(String::as_str).collect();
        let people = self.store.people_named(&company.id, &ids).await?;
        let today = self.today(company);
        for id in ids {
            if people.get(id).is_none_or(|person| person.erased) {
                return Err(AppError::Unknown { what: "person", id: id.chars().take(80).collect() });
            }
            if has_left(&self.spells_of(company, id).await?, today) {
                return Err(QuestionRefused::HasLeft(id.to_owned()).into());
            }
        }
        Ok(())
    }
}

fn entry(event: Event, state: State, writing: Writing, by: &str, now: Instant) -> Entry {
    let text = writing.text.trim().to_owned();
    Entry { event, state, author: by.to_owned(), text, written_at: now, mentions: writing.mentions }
}

fn number_of_score(score: &StoredScore, subject_kind: SubjectKind) -> Number {
    let (raw, points) = match &score.outcome {
        Outcome::Computed(computed) => (Some(computed.raw), computed.points),
        Outcome::NotComputable { .. } => (None, None),
    };
    Number {
        kind: NumberKind::Score,
        sequence: score.sequence,
        subject_kind,
        subject: score.receipt.subject.id.clone(),
        indicator: Some(score.indicator.clone()),
        period: score.period,
        raw,
        points,
    }
}

fn number_of_composite(stored: &StoredComposite) -> Number {
    let receipt = &stored.composite.receipt;
    let points = match stored.composite.outcome.points() {
        Points::Computed { points } => Some(*points),
        Points::NotComputable { .. } => None,
    };
    Number {
        kind: NumberKind::Composite,
        sequence: stored.sequence,
        subject_kind: SubjectKind::Employee,
        subject: receipt.employee.clone(),
        indicator: None,
        period: receipt.period,
        raw: None,
        points,
    }
}
