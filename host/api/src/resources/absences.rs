//! Absences: days on which people are away.

use daybreak_domain::company::Absence;
use daybreak_domain::time::Day;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;

mod add;
mod list;
mod withdraw;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_absences, add::add_absences))
        .routes(routes!(withdraw::withdraw_absence))
}

/// The day of an absence that is nearest to today: by it is decided who may see the absence.
fn nearest_day(from: Day, until: Option<Day>, today: Day) -> Day {
    let last = until.map_or(today, |until| until.plus(-1));
    today.min(last).max(from)
}

/// Whether the caller may record the absence, or correct it: whoever leads the person on its first day and now. An absence
/// changes shares of the past, too, so it is not for whoever came to lead the person later.
fn may_record(caller: &Caller, person: &str, from: Day, until: Option<Day>) -> bool {
    let nearest = nearest_day(from, until, caller.today());
    caller.leads_person(person, from) && caller.leads_person(person, nearest)
}

/// Whether the caller may see the absence.
fn may_see(caller: &Caller, absence: &Absence) -> bool {
    let nearest = nearest_day(absence.validity.from, absence.validity.until, caller.today());
    caller.covers_person(&absence.person, nearest)
}
