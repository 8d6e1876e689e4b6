//! `GET /api/v1/session`

use serde::Serialize;
use utoipa::ToSchema;

use super::preferences::Preferences;
use crate::caller::{Caller, Who};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// The company whose day it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CompanyView {
    id: String,
    name: String,
    time_zone: String,
    /// Today, as the company's clocks show it.
    today: WireDay,
}

/// Who is signed in, and what they may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    company: CompanyView,
    person: String,
    name: String,
    login: String,
    administrator: bool,
    hr_partner: bool,
    /// Whether somebody stands in their reporting line today.
    leads: bool,
    preferences: Preferences,
}

/// Who is signed in
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses((status = 200, body = SessionView, description = "The caller."))
)]
pub(super) async fn read_session(caller: Caller) -> Result<Json<SessionView>, Problem> {
    let Who::Person { person, reach, .. } = &caller.who else { return Err(Problem::not_found()) };
    let account = caller.daybreak.account(&caller.company, person).await?.ok_or_else(Problem::not_found)?;
    let name = caller.daybreak.person(&caller.company, person).await?.name;
    Ok(Json(SessionView {
        company: CompanyView {
            id: caller.company.id.clone(),
            name: caller.company.name.clone(),
            time_zone: caller.company.zone.name().to_owned(),
            today: Text(caller.today()),
        },
        person: person.clone(),
        name,
        login: account.login,
        administrator: reach.is_admin(),
        hr_partner: reach.is_hr(),
        leads: reach.manages_somebody_on(caller.today()),
        preferences: Preferences::of(account.language.as_deref(), account.theme.as_deref()),
    }))
}
