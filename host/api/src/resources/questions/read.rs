//! `GET /api/v1/questions/{id}`

use std::collections::BTreeSet;

use daybreak_app::stored::StoredQuestion;
use daybreak_domain::question::{Event, Number, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{QuestionNames, QuestionView, may_close, question_in_reach, sees_number};
use crate::caller::{Caller, Who};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::people::Named;
use crate::wire::{Text, WireInstant};

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = QuestionEvent)]
enum WireEvent {
    Asked,
    Answered,
    /// An answer that leaves nothing open.
    Closed,
}

/// What somebody wrote.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionEntry)]
struct EntryView {
    /// Its number in the company's one sequence.
    sequence: i64,
    event: WireEvent,
    by: Named,
    at: WireInstant,
    text: String,
    mentions: Vec<Named>,
}

/// The number that counts now in the place of the one that was asked about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NumberCurrent)]
struct CurrentView {
    /// The number of the score or the composite.
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// What raw has more now; absent where one of the two has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_difference: Option<f64>,
    /// What the points have more now; absent where one of the two has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    points_difference: Option<f64>,
}

impl CurrentView {
    fn of(current: &Number, asked: &Number) -> Self {
        let (raw_difference, points_difference) = current.difference(asked);
        Self { sequence: current.sequence, raw: current.raw, points: current.points, raw_difference, points_difference }
    }
}

/// A question with everything that was said, and with the number that counts now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionWithEntries)]
pub(super) struct QuestionWithEntries {
    question: QuestionView,
    /// In their order, the question itself first.
    entries: Vec<EntryView>,
    /// Absent while the number that was asked about is still the one that counts, and for those who may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<CurrentView>,
    /// Whether the caller may write an answer.
    may_answer: bool,
    /// Whether the caller may close it.
    may_close: bool,
}

impl QuestionWithEntries {
    pub(super) async fn of(known: StoredQuestion, caller: &Caller) -> Result<Self, Problem> {
        let (daybreak, company) = (&caller.daybreak, &caller.company);
        let entries = daybreak.question_entries(company, &known).await?;
        let about = &known.question.about;
        let current = if sees_number(caller, about) { daybreak.current_number(company, about).await? } else { None };
        let mut people: BTreeSet<String> = entries.iter().map(|known| known.entry.author.clone()).collect();
        people.extend(known.mentioned.iter().cloned());
        let names = QuestionNames::of(daybreak, company, std::slice::from_ref(&known), &people).await?;
        let entries = entries.into_iter().map(|stored| EntryView {
            sequence: stored.sequence,
            event: match stored.entry.event {
                Event::Asked => WireEvent::Asked,
                Event::Answered => WireEvent::Answered,
                Event::Closed => WireEvent::Closed,
            },
            by: names.person(&stored.entry.author),
            at: Text(stored.entry.written_at),
            text: stored.entry.text,
            mentions: stored.entry.mentions.iter().map(|person| names.person(person)).collect(),
        });
        let is_open = known.state != State::Closed;
        Ok(Self {
            entries: entries.collect(),
            current: current.map(|current| CurrentView::of(&current, about)),
            may_answer: is_open && matches!(caller.who, Who::Person { .. }),
            may_close: is_open && may_close(caller, &known),
            question: QuestionView::of(&known, &names, caller),
        })
    }
}

/// Read one question with everything that was said
///
/// Where the number was computed again since, the newer one stands beside the one that was asked about, with the
/// difference.
#[utoipa::path(
    get,
    path = "/questions/{id}",
    tag = "questions",
    params(("id" = String, Path, description = "The id of the question.", max_length = 64)),
    responses((status = 200, body = QuestionWithEntries, description = "The question."))
)]
pub(super) async fn read_question(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<QuestionWithEntries>, Problem> {
    let known = question_in_reach(&caller, &id).await?;
    Ok(Json(QuestionWithEntries::of(known, &caller).await?))
}
