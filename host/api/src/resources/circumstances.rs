//! Circumstances: what holds for people over some days and may change their shares. Crises come and go with their tasks;
//! the others are recorded here by those who lead whom they concern.

use std::collections::BTreeMap;

use daybreak_app::circumstance::{CircumstanceChange, CircumstanceRecorded};
use daybreak_app::stored::StoredCircumstance;
use daybreak_domain::circumstance::{Cause, Circumstance, Participant};
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::tasks::named;
use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

mod create;
mod end;
mod join;
mod list;
mod read;
mod withdraw;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_circumstances, create::create_circumstance))
        .routes(routes!(read::read_circumstance))
        .routes(routes!(end::end_circumstance))
        .routes(routes!(withdraw::withdraw_circumstance))
        .routes(routes!(join::join_circumstance))
}

/// Somebody for whom a circumstance holds, on those of these days that are also days of the circumstance.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Participant)]
pub(super) struct WireParticipant {
    /// The id of the person.
    #[schema(max_length = 256)]
    person: String,
    /// The first day; without one, that of the circumstance.
    from: Option<WireDay>,
    /// The day after the last one; without one, nobody knows yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
}

impl WireParticipant {
    fn read(self, from: Day) -> Participant {
        let from = self.from.map_or(from, |from| from.0);
        Participant { person: self.person, from, until: self.until.map(|until| until.0) }
    }
}

impl From<&Participant> for WireParticipant {
    fn from(participant: &Participant) -> Self {
        Self {
            person: participant.person.clone(),
            from: Some(Text(participant.from)),
            until: participant.until.map(Text),
        }
    }
}

/// What a circumstance comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = CircumstanceCause)]
pub(super) enum CauseView {
    /// The id of the task that it comes and goes with.
    Task(String),
    /// The id of the person who recorded it.
    Person(String),
}

/// A circumstance as it is now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Circumstance)]
pub(super) struct CircumstanceView {
    id: String,
    /// `crisis`, `urgent-delivery`, or a kind of the company's own.
    kind: String,
    from: WireDay,
    /// The day after its last one; absent while nobody knows when it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    /// Those of its participants whom the caller may see.
    participants: Vec<WireParticipant>,
    /// How many take part, also those whom the caller may not see.
    participant_count: usize,
    /// How much of it there is, by name.
    measures: BTreeMap<String, f64>,
    cause: CauseView,
    reason: String,
    /// It was recorded by mistake and never held.
    withdrawn: bool,
}

impl CircumstanceView {
    /// As far as the caller may see it; none where nobody in it is in reach.
    fn of(circumstance: Circumstance, caller: &Caller) -> Option<Self> {
        let seen = |participant: &&Participant| sees(caller, &circumstance, participant);
        let participants: Vec<WireParticipant> =
            circumstance.participants.iter().filter(seen).map(WireParticipant::from).collect();
        if participants.is_empty() && !caller.sees_everybody() {
            return None;
        }
        Some(Self {
            id: circumstance.id,
            kind: circumstance.kind,
            from: Text(circumstance.from),
            until: circumstance.until.map(Text),
            participants,
            participant_count: circumstance.participants.len(),
            measures: circumstance.measures,
            cause: match circumstance.cause {
                Cause::Task(id) => CauseView::Task(id),
                Cause::Person(id) => CauseView::Person(id),
            },
            reason: circumstance.reason,
            withdrawn: circumstance.withdrawn,
        })
    }
}

/// A circumstance after somebody said something about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CircumstanceRecorded)]
pub(super) struct CircumstanceRecordedView {
    circumstance: CircumstanceView,
    /// False: it was so already, and nothing happened.
    changed: bool,
}

impl CircumstanceRecordedView {
    fn of(recorded: CircumstanceRecorded, caller: &Caller) -> Result<Self, Problem> {
        let changed = recorded.is_news;
        let circumstance = CircumstanceView::of(recorded.circumstance, caller).ok_or_else(Problem::not_found)?;
        Ok(Self { circumstance, changed })
    }
}

/// The first and the last day on which the person takes part; of what has not ended, today is the last one.
fn days(caller: &Caller, circumstance: &Circumstance, participant: &Participant) -> (Day, Day) {
    let first = circumstance.from.max(participant.from);
    let ends = [circumstance.until, participant.until];
    let last = ends.into_iter().flatten().min().map_or_else(|| caller.today(), |until| until.plus(-1));
    (first, last.max(first))
}

fn sees(caller: &Caller, circumstance: &Circumstance, participant: &Participant) -> bool {
    let (first, last) = days(caller, circumstance, participant);
    let person = &participant.person;
    caller.covers_person(person, first) || caller.covers_person(person, last)
}

/// Fails as if there were nothing unless the caller leads everybody who takes part.
fn require_led(caller: &Caller, circumstance: &Circumstance, participants: &[Participant]) -> Result<(), Problem> {
    let leads = |participant: &Participant| {
        let (first, last) = days(caller, circumstance, participant);
        let person = &participant.person;
        caller.leads_person(person, first) || caller.leads_person(person, last)
    };
    if participants.iter().all(leads) { Ok(()) } else { Err(Problem::not_found()) }
}

async fn known(caller: &Caller, id: &str) -> Result<StoredCircumstance, Problem> {
    Ok(caller.daybreak.circumstance(&caller.company, id).await?)
}

/// Changes a circumstance all of whose participants the caller leads.
async fn change(caller: &Caller, id: &str, change: CircumstanceChange) -> Result<CircumstanceRecordedView, Problem> {
    let before = known(caller, id).await?.circumstance;
    require_led(caller, &before, &before.participants)?;
    if let CircumstanceChange::Join(joining) = &change {
        require_led(caller, &before, joining)?;
    }
    let changed = caller.daybreak.change_circumstance(&caller.company, id, &change, caller.author_id()).await;
    CircumstanceRecordedView::of(changed.map_err(named)?, caller)
}
