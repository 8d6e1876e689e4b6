//! Who calls: a person with a session, or a system with a token, and what they may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use daybreak_app::Daybreak;
use daybreak_app::access::Reach;
use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::company::Company;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Day;

use crate::problem::Problem;

/// The name of the session's cookie.
pub(crate) const COOKIE: &str = "daybreak_session";

/// Whoever is allowed to call the endpoint. The table of permissions was asked before there is one.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) company: Company,
    /// The host, acting on behalf of the caller.
    pub(crate) daybreak: Daybreak,
    pub(crate) who: Who,
}

#[derive(Clone)]
pub(crate) enum Who {
    Person {
        person: String,
        /// The secret of the session, to end it.
        secret: Arc<str>,
        reach: Arc<Reach>,
    },
    /// A system sees the whole company, as far as its scopes go.
    System,
}

impl Caller {
    pub(crate) fn person(
        daybreak: &Daybreak,
        company: Company,
        person: String,
        secret: &str,
        reach: Arc<Reach>,
        request: Option<String>,
    ) -> Self {
        let author = Author { kind: AuthorKind::Person, id: person.clone(), request };
        Self { company, daybreak: daybreak.acting(author), who: Who::Person { person, secret: secret.into(), reach } }
    }

    pub(crate) fn system(daybreak: &Daybreak, company: Company, token: String, request: Option<String>) -> Self {
        let author = Author { kind: AuthorKind::Token, id: token, request };
        Self { company, daybreak: daybreak.acting(author), who: Who::System }
    }

    /// The signed-in person, where no system can call.
    pub(crate) fn person_id(&self) -> Result<&str, Problem> {
        match &self.who {
            Who::Person { person, .. } => Ok(person),
            Who::System => Err(Problem::not_found()),
        }
    }

    /// The secret of the signed-in person's session.
    pub(crate) fn session_secret(&self) -> Result<&str, Problem> {
        match &self.who {
            Who::Person { secret, .. } => Ok(secret),
            Who::System => Err(Problem::not_found()),
        }
    }

    /// Who is noted as the one who does something; a system by its token.
    pub(crate) fn author_id(&self) -> &str {
        &self.daybreak.author().id
    }

    pub(crate) fn today(&self) -> Day {
        self.daybreak.today(&self.company)
    }

    /// Whether the caller may see what is about the whole company.
    pub(crate) fn sees_everybody(&self) -> bool {
        match &self.who {
            Who::Person { reach, .. } => reach.is_admin(),
            Who::System => true,
        }
    }

    /// Whether the caller may read the whole set-up: HR partners and administrators.
    pub(crate) fn reads_setup(&self) -> bool {
        match &self.who {
            Who::Person { reach, .. } => reach.is_admin() || reach.is_hr(),
            Who::System => true,
        }
    }

    /// The person and everybody in their line on the day; a system has no line.
    pub(crate) fn line(&self, on: Day) -> BTreeSet<String> {
        match &self.who {
            Who::Person { person, reach, .. } => {
                let mut line = reach.line_on(on);
                line.insert(person.clone());
                line
            }
            Who::System => BTreeSet::new(),
        }
    }

    pub(crate) fn covers_person(&self, person: &str, on: Day) -> bool {
        match &self.who {
            Who::Person { reach, .. } => reach.covers_person(person, on),
            Who::System => true,
        }
    }

    /// Whether the caller leads the person, or is an HR partner for them or an administrator: more than being the person.
    pub(crate) fn leads_person(&self, person: &str, on: Day) -> bool {
        match &self.who {
            Who::Person { person: own, reach, .. } => {
                reach.is_admin() || (own != person && reach.covers_person(person, on))
            }
            Who::System => true,
        }
    }

    pub(crate) fn covers_subject(&self, kind: SubjectKind, subject: &str, on: Day) -> bool {
        match (&self.who, kind) {
            (Who::System, _) | (_, SubjectKind::Company) => true,
            (Who::Person { reach, .. }, SubjectKind::Employee) => reach.covers_person(subject, on),
            (Who::Person { reach, .. }, SubjectKind::Department) => reach.covers_department(subject, on),
            (Who::Person { reach, .. }, SubjectKind::Customer) => reach.covers_customer(subject, on),
        }
    }

    /// Fails as if there were nothing unless the subject is in reach on the day.
    pub(crate) fn require_subject(&self, kind: SubjectKind, subject: &str, on: Day) -> Result<(), Problem> {
        if self.covers_subject(kind, subject, on) { Ok(()) } else { Err(Problem::not_found()) }
    }

    /// Fails as if there were nothing unless the person is in reach on the day.
    pub(crate) fn require_person(&self, person: &str, on: Day) -> Result<(), Problem> {
        self.require_subject(SubjectKind::Employee, person, on)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The guard put it there; where it did not, nobody signed in.
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}
