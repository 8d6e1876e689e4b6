//! Signing in without a password, on a host that shows a made-up company to whoever sits before it.
//!
//! Which people that are is a setting of the host, and whether it may have one is checked where the host starts. What never
//! lives here: any doubt whether the person is one of them; whoever calls has looked.

use daybreak_domain::access::normal_login;
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, Department, Person, Position};
use daybreak_storage::Write;
use serde_json::json;

use super::{AccessRefused, PersonRoles, SignedIn};
use crate::{AppError, Daybreak};

/// Somebody whom anybody may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub person: Person,
    pub department: Option<Department>,
    pub position: Option<Position>,
    pub roles: PersonRoles,
    /// Whose manager they are today.
    pub reports: usize,
}

impl Daybreak {
    /// Those of these people who can sign in today, in this order.
    pub async fn shown_people(&self, company: &Company, ids: &[String]) -> Result<Vec<Shown>, AppError> {
        let today = self.today(company);
        let directory = self.directory(company, today).await?;
        let mut shown = Vec::new();
        for id in ids {
            let Some((person, spell)) = directory.person(id).zip(directory.spell_of(id)) else { continue };
            let is_disabled = self.account(company, id).await?.is_some_and(|account| account.disabled_at.is_some());
            if person.erased || is_disabled {
                continue;
            }
            let reach = self.reach(company, id, None).await?;
            shown.push(Shown {
                person: person.clone(),
                department: spell.department.as_deref().and_then(|id| directory.department(id)).cloned(),
                position: spell.position.as_deref().and_then(|id| directory.position(id)).cloned(),
                roles: reach.roles().clone(),
                reports: reach.direct_reports_on(today).len(),
            });
        }
        Ok(shown)
    }

    /// Begins a session for the person without asking for anything. Whoever has no account gets one without a password, so
    /// that nobody signs in with it anywhere else. Somebody whose account is disabled is not there.
    pub async fn sign_in_as(&self, company: &Company, person: &str, client: &str) -> Result<SignedIn, AppError> {
        let unknown = || AppError::Unknown { what: "person", id: person.chars().take(80).collect() };
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.people_named(&company.id, &[person]).await?.remove(person);
        if known.is_none_or(|known| known.erased) || self.has_left(company, person).await? {
            return Err(unknown());
        }
        let acting = self.acting_as_person(person);
        match self.store.account(&company.id, person).await? {
            Some(known) if known.account.disabled_at.is_some() => return Err(unknown()),
            Some(_) => {}
            None => {
                self.open_account(&mut write, company, person).await?;
                acting.note(&mut write, &[AuditEntry::new("account.open", person)]).await?;
            }
        }
        let signed_in = self.begin_session(&mut write, company, person, client).await?;
        let entry = AuditEntry::new("session.begin", person).after(json!({ "demonstration": true }));
        acting.note(&mut write, &[entry]).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    /// Makes an account without a password. Its login is the person's id, unless somebody else has that.
    async fn open_account(&self, write: &mut Write, company: &Company, person: &str) -> Result<(), AppError> {
        let now = self.clock.now();
        for login in [person.to_owned(), format!("{person}.demonstration")] {
            let login = normal_login(&login).map_err(AccessRefused::from)?;
            if self.store.account_by_login(&company.id, &login).await?.is_none() {
                return Ok(write.create_account(person, &login, now).await?);
            }
        }
        Err(AccessRefused::LoginTaken(person.to_owned()).into())
    }
}
