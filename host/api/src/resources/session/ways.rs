//! `GET /api/v1/session/ways`

use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use daybreak_app::access::Shown;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::caller::COOKIE;
use crate::extract::Json;
use crate::problem::Problem;
use crate::resources::people::{Named, Titled};

/// What somebody is in the company.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DemonstrationRole)]
enum RoleView {
    Employee,
    Manager,
    HrPartner,
    Administrator,
}

/// Somebody whom anybody may be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DemonstrationPerson)]
struct ShownView {
    /// The id of the person.
    person: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Titled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Named>,
    /// What they are, never nothing, the one that lets them see most last.
    roles: Vec<RoleView>,
    /// How many people have them as their manager today.
    reports: usize,
}

impl From<Shown> for ShownView {
    fn from(shown: Shown) -> Self {
        let roles = [
            (true, RoleView::Employee),
            (shown.reports > 0, RoleView::Manager),
            (!shown.roles.hr_departments.is_empty(), RoleView::HrPartner),
            (shown.roles.admin, RoleView::Administrator),
        ];
        Self {
            position: shown.position.as_ref().map(|position| Titled::of(&position.id, Some(position))),
            department: shown.department.as_ref().map(|known| Named::department(&known.id, Some(known))),
            roles: roles.into_iter().filter(|(is, _)| *is).map(|(_, role)| role).collect(),
            reports: shown.reports,
            person: shown.person.id,
            name: shown.person.name,
        }
    }
}

/// How one can sign in here.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SignInWays)]
pub(super) struct WaysView {
    /// With a login and a password: `POST /api/v1/session`.
    password: bool,
    /// Absent where there is none yet, or where one of several has to be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    /// Whom one may be without a password: `POST /api/v1/session/demo`. Empty unless the host is a demonstration.
    demo: Vec<ShownView>,
    /// Whether the request brought the cookie of a session, which may have ended.
    session: bool,
}

/// Learn how one can sign in
///
/// For the page on which people sign in.
#[utoipa::path(
    get,
    path = "/session/ways",
    tag = "session",
    responses((status = 200, body = WaysView, description = "The ways.")),
    security(())
)]
pub(super) async fn read_ways(State(api): State<Api>, jar: CookieJar) -> Result<Json<WaysView>, Problem> {
    let mut companies = api.daybreak.companies().await?;
    let company = companies.pop().filter(|_| companies.is_empty());
    let demo = match &company {
        Some(company) => api.daybreak.shown_people(company, &api.settings.demonstration).await?,
        None => Vec::new(),
    };
    Ok(Json(WaysView {
        password: true,
        company: company.as_ref().map(Named::company),
        demo: demo.into_iter().map(ShownView::from).collect(),
        session: jar.get(COOKIE).is_some(),
    }))
}
