//! Questions: "this is wrong", said of a score or a composite to whoever answers for it, with the number attached.
//!
//! Whoever may see a number sees what is asked about it. Whoever was mentioned sees the question, too, but not the number.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_app::question::Writing;
use daybreak_app::stored::StoredQuestion;
use daybreak_app::{AppError, Daybreak};
use daybreak_domain::company::{Company, Person};
use daybreak_domain::question::{Number, NumberKind, State};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::problem::Problem;
use crate::requirements::WireSubjectKind;
use crate::resources::people::Named;
use crate::wire::{Text, WireInstant, WirePeriod, WireText};

mod answer;
mod ask_about_composite;
mod ask_about_score;
mod list;
mod read;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(ask_about_score::ask_about_score))
        .routes(routes!(ask_about_composite::ask_about_composite))
        .routes(routes!(list::list_questions))
        .routes(routes!(read::read_question))
        .routes(routes!(answer::answer_question))
}

/// What somebody wants to ask.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionDraft {
    /// What is wrong with the number, in as many lines as it takes.
    #[schema(min_length = 1, max_length = 2000, example = "The visit of 3 June is missing.")]
    text: String,
    /// The ids of people who know more about it. They see the question, and the number only if they could before.
    #[serde(default)]
    #[schema(max_items = 20, required = false)]
    mentions: BTreeSet<String>,
}

impl QuestionDraft {
    fn writing(self) -> Writing {
        Writing { text: self.text, mentions: self.mentions }
    }
}

/// How a question stands.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = QuestionState)]
pub(super) enum WireQuestionState {
    /// It waits for whoever answers for the number.
    Open,
    /// It waits for whoever asked.
    Answered,
    Closed,
}

impl From<State> for WireQuestionState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Answered => Self::Answered,
            State::Closed => Self::Closed,
        }
    }
}

impl From<WireQuestionState> for State {
    fn from(state: WireQuestionState) -> Self {
        match state {
            WireQuestionState::Open => Self::Open,
            WireQuestionState::Answered => Self::Answered,
            WireQuestionState::Closed => Self::Closed,
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NumberKind)]
enum WireNumberKind {
    Score,
    Composite,
}

/// Which number a question is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionAbout)]
struct AboutView {
    what: WireNumberKind,
    /// The number of the score or the composite.
    sequence: i64,
    subject_kind: WireSubjectKind,
    subject: String,
    /// Of employees; empty for somebody who was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_name: Option<String>,
    /// Of scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    indicator: Option<String>,
    /// Of the indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<WireText>,
    period: WirePeriod,
}

/// The number as it was when somebody asked about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NumberAsked)]
struct AskedView {
    /// The number of the score or the composite.
    sequence: i64,
    /// In the indicator's own unit; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
}

/// A question, and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub(crate) struct QuestionView {
    id: String,
    /// Its number in the company's one sequence.
    sequence: i64,
    state: WireQuestionState,
    about: AboutView,
    /// Absent for those who may not see the number: they were only mentioned.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<AskedView>,
    asked_by: Named,
    asked_at: WireInstant,
    /// Whom it was put to: the manager and the HR partners of the subject, or the administrators where there is neither.
    put_to: Vec<Named>,
    /// What was asked.
    text: String,
    /// How many entries there are, the question itself among them.
    entries: u32,
    /// When the newest entry was written, and by whom.
    changed_at: WireInstant,
    changed_by: Named,
}

/// What goes with the ids that stand in questions.
pub(crate) struct QuestionNames {
    people: BTreeMap<String, Person>,
    titles: BTreeMap<String, Localized>,
}

impl QuestionNames {
    /// Of everything in these questions, and of these people besides.
    pub(crate) async fn of(
        daybreak: &Daybreak,
        company: &Company,
        questions: &[StoredQuestion],
        besides: &BTreeSet<String>,
    ) -> Result<Self, AppError> {
        if questions.is_empty() {
            return Ok(Self { people: BTreeMap::new(), titles: BTreeMap::new() });
        }
        let mut ids: BTreeSet<&str> = besides.iter().map(String::as_str).collect();
        for known in questions {
            let question = &known.question;
            ids.extend([&question.asked_by, &question.about.subject, &known.changed_by].map(String::as_str));
            ids.extend(question.put_to.iter().map(String::as_str));
        }
        let ids: Vec<&str> = ids.into_iter().collect();
        let indicators = daybreak.indicator_titles(company).await?;
        Ok(Self { people: daybreak.people_named(company, &ids).await?, titles: indicators })
    }

    fn person(&self, id: &str) -> Named {
        Named::person(id, self.people.get(id))
    }
}

impl QuestionView {
    pub(crate) fn of(known: &StoredQuestion, names: &QuestionNames, caller: &Caller) -> Self {
        let question = &known.question;
        let about = &question.about;
        let asked = AskedView { sequence: about.sequence, raw: about.raw, points: about.points };
        let subject_name = (about.subject_kind == SubjectKind::Employee)
            .then(|| names.people.get(&about.subject).map(|person| person.name.clone()).unwrap_or_default());
        Self {
            id: question.id.clone(),
            sequence: known.sequence,
            state: known.state.into(),
            about: AboutView {
                what: match about.kind {
                    NumberKind::Score => WireNumberKind::Score,
                    NumberKind::Composite => WireNumberKind::Composite,
                },
                sequence: about.sequence,
                subject_kind: about.subject_kind.into(),
                subject: about.subject.clone(),
                subject_name,
                title: about.indicator.as_ref().and_then(|indicator| names.titles.get(indicator)).map(WireText::from),
                indicator: about.indicator.clone(),
                period: Text(about.period),
            },
            asked: sees_number(caller, about).then_some(asked),
            asked_by: names.person(&question.asked_by),
            asked_at: Text(question.asked_at),
            put_to: question.put_to.iter().map(|person| names.person(person)).collect(),
            text: known.text.clone(),
            entries: known.entries,
            changed_at: Text(known.changed_at),
            changed_by: names.person(&known.changed_by),
        }
    }
}

/// Whether the caller may see the number: the subject is in reach on the last day of the period.
fn sees_number(caller: &Caller, number: &Number) -> bool {
    caller.covers_subject(number.subject_kind, &number.subject, number.period.last())
}

/// Whether the caller may see the question: they asked it, were mentioned in it, or may see the number.
pub(crate) fn sees(caller: &Caller, known: &StoredQuestion) -> bool {
    let takes_part = match &caller.who {
        Who::Person { person, .. } => known.question.asked_by == *person || known.mentioned.contains(person),
        Who::System => true,
    };
    takes_part || sees_number(caller, &known.question.about)
}

/// Whether the caller answers for the number: leads its subject on the last day of the period, or was asked and may see it.
fn answers_for(caller: &Caller, known: &StoredQuestion) -> bool {
    let about = &known.question.about;
    let leads = about.subject_kind == SubjectKind::Employee && caller.leads_person(&about.subject, about.period.last());
    let was_asked = match &caller.who {
        Who::Person { person, .. } => known.question.put_to.contains(person) && sees_number(caller, about),
        Who::System => false,
    };
    leads || was_asked || caller.sees_everybody()
}

/// Whether the caller may close the question: they asked it, or answer for the number.
fn may_close(caller: &Caller, known: &StoredQuestion) -> bool {
    let asked = match &caller.who {
        Who::Person { person, .. } => known.question.asked_by == *person,
        // Whoever says something about a number has a name.
        Who::System => return false,
    };
    asked || answers_for(caller, known)
}

/// The question with this id, if the caller may see it.
async fn question_in_reach(caller: &Caller, id: &str) -> Result<StoredQuestion, Problem> {
    let known = caller.daybreak.question(&caller.company, id).await?;
    if sees(caller, &known) { Ok(known) } else { Err(Problem::not_found()) }
}
