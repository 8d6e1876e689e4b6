//! Roles: administrators, and HR partners with their departments.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::access::Role;
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use serde_json::json;

use super::AccessRefused;
use crate::{AppError, Daybreak};

/// Most departments that one HR partner is given; those below them come by themselves.
pub(super) const HR_DEPARTMENTS_MAX: usize = 1_000;

/// What a person may do beyond an employee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRoles {
    pub admin: bool,
    /// Departments, each with those below it, whose HR partner the person is.
    pub hr_departments: Vec<String>,
}

impl PersonRoles {
    /// Whether the person has this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        match role {
            Role::Admin => self.admin,
            Role::HrPartner => !self.hr_departments.is_empty(),
        }
    }
}

impl Daybreak {
    /// Everybody with a role.
    pub async fn roles(&self, company: &Company) -> Result<BTreeMap<String, PersonRoles>, AppError> {
        let mut roles: BTreeMap<String, PersonRoles> = BTreeMap::new();
        for person in self.store.people_with_role(&company.id, Role::Admin.word()).await? {
            roles.entry(person).or_default().admin = true;
        }
        for (person, departments) in self.store.hr_departments(&company.id).await? {
            roles.entry(person).or_default().hr_departments = departments;
        }
        Ok(roles)
    }

    /// The roles of one person; without any they are an employee.
    pub async fn roles_of(&self, company: &Company, person: &str) -> Result<PersonRoles, AppError> {
        let words = self.store.roles_of(&company.id, person).await?;
        let has = |role: Role| words.iter().any(|word| word == role.word());
        let hr_departments =
            if has(Role::HrPartner) { self.store.hr_departments_of(&company.id, person).await? } else { Vec::new() };
        Ok(PersonRoles { admin: has(Role::Admin), hr_departments })
    }

    /// Gives the person these roles and no others. Somebody stays administrator who can be one.
    pub async fn set_roles(&self, company: &Company, person: &str, roles: &PersonRoles) -> Result<(), AppError> {
        let wanted: BTreeSet<&String> = roles.hr_departments.iter().collect();
        if wanted.len() > HR_DEPARTMENTS_MAX {
            return Err(AccessRefused::TooManyDepartments(wanted.len()).into());
        }
        let wanted = PersonRoles { admin: roles.admin, hr_departments: wanted.into_iter().cloned().collect() };
        let mut write = self.store.write(&company.id).await?;
        self.living_person(company, person).await?;
        let departments = self.store.departments(&company.id, i64::MAX).await?;
        if let Some(id) = wanted.hr_departments.iter().find(|id| !departments.contains_key(*id)) {
            return Err(AppError::Unknown { what: "department", id: id.clone() });
        }
        let known = self.roles_of(company, person).await?;
        if known == wanted {
            return Ok(());
        }
        if known.admin && !wanted.admin {
            self.check_other_administrator(company, person).await?;
        }
        for role in Role::ALL {
            match (known.has(role), wanted.has(role)) {
                (false, true) => write.give_role(person, role.word()).await?,
                (true, false) => write.take_role(person, role.word()).await?,
                (true, true) | (false, false) => {}
            }
        }
        if known.hr_departments != wanted.hr_departments {
            write.set_hr_departments(person, &wanted.hr_departments).await?;
        }
        let roles = |roles: &PersonRoles| json!({ "admin": roles.admin, "hr_departments": roles.hr_departments });
        let entry = AuditEntry::new("role.set", person).before(roles(&known)).after(roles(&wanted));
        self.note(&mut write, &[entry]).await?;
        Ok(write.commit().await?)
    }

    /// Refuses to take away an administrator without whom there would be none. Whoever has left or whose account is
    /// disabled is none any more.
    pub(crate) async fn check_other_administrator(&self, company: &Company, person: &str) -> Result<(), AppError> {
        let administrators = self.store.people_with_role(&company.id, Role::Admin.word()).await?;
        if !administrators.iter().any(|administrator| administrator == person) {
            return Ok(());
        }
        for other in administrators.iter().filter(|administrator| *administrator != person) {
            let account = self.store.account(&company.id, other).await?;
            let is_disabled = account.is_some_and(|known| known.account.disabled_at.is_some());
            if !is_disabled && !self.has_left(company, other).await? {
                return Ok(());
            }
        }
        Err(AppError::LastAdministrator { id: person.to_owned() })
    }
}
