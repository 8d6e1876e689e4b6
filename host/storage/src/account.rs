//! Accounts, and the departments of HR partners.

use std::collections::BTreeMap;

use daybreak_domain::access::Account;
use daybreak_domain::time::Instant;

use crate::store::{Store, StoreError, Write, reading, writing};

/// An account with what nobody is shown.
#[derive(Clone, Debug)]
pub struct StoredAccount {
    pub account: Account,
    /// As a PHC string; none until the person has chosen a password.
    pub password_hash: Option<String>,
    /// Wrong passwords in a row.
    pub failed: i64,
}

/// Rows of one HR partner in one statement; each binds three values.
const DEPARTMENTS_AT_ONCE: usize = 500;

const COLUMNS: &str =
    "person, login, password_hash, created_at, disabled_at, failed, locked_until, language, theme FROM account";

impl Write {
    /// Makes an account without a password.
    pub async fn create_account(&mut self, person: &str, login: &str, at: Instant) -> Result<(), StoreError> {
        let created = writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO account (company, person, login, created_at, failed) VALUES ($1, $2, $3, $4, 0) \
                 ON CONFLICT DO NOTHING"
            )
            .bind(&self.company)
            .bind(person)
            .bind(login)
            .bind(at.0)
        )?;
        if created == 0 {
            return Err(StoreError::Exists { what: "account", id: login.to_owned() });
        }
        Ok(())
    }

    pub async fn set_login(&mut self, person: &str, login: &str) -> Result<(), StoreError> {
        let update = "UPDATE account SET login = $3 WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(update).bind(&self.company).bind(person).bind(login))?;
        Ok(())
    }

    /// Keeps the hash of a new password, and forgets wrong ones before it.
    pub async fn set_password(&mut self, person: &str, password_hash: &str) -> Result<(), StoreError> {
        let update = "UPDATE account SET password_hash = $3, failed = 0, locked_until = NULL \
                      WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(update).bind(&self.company).bind(person).bind(password_hash))?;
        Ok(())
    }

    /// Keeps how many passwords in a row were wrong, and until when nobody signs in because of them.
    pub async fn note_failures(
        &mut self,
        person: &str,
        failed: i64,
        locked_until: Option<Instant>,
    ) -> Result<(), StoreError> {
        let update = "UPDATE account SET failed = $3, locked_until = $4 WHERE company = $1 AND person = $2";
        writing!(
            self,
            execute,
            sqlx::query(update).bind(&self.company).bind(person).bind(failed).bind(locked_until.map(|until| until.0))
        )?;
        Ok(())
    }

    /// Writes as much as [`Self::note_failures`] and changes nothing, so that the time which a refusal takes does not tell
    /// whether there is such an account.
    pub async fn note_nothing(&mut self) -> Result<(), StoreError> {
        let update = "UPDATE company SET sequence = sequence WHERE company = $1";
        writing!(self, execute, sqlx::query(update).bind(&self.company))?;
        Ok(())
    }

    /// None: the account may be used again.
    pub async fn set_disabled(&mut self, person: &str, disabled_at: Option<Instant>) -> Result<(), StoreError> {
        let update = "UPDATE account SET disabled_at = $3 WHERE company = $1 AND person = $2";
        let disabled_at = disabled_at.map(|at| at.0);
        writing!(self, execute, sqlx::query(update).bind(&self.company).bind(person).bind(disabled_at))?;
        Ok(())
    }

    pub async fn set_preferences(
        &mut self,
        person: &str,
        language: Option<&str>,
        theme: Option<&str>,
    ) -> Result<(), StoreError> {
        let update = "UPDATE account SET language = $3, theme = $4 WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(update).bind(&self.company).bind(person).bind(language).bind(theme))?;
        Ok(())
    }

    /// Says of which departments the person is HR partner, and of no others.
    pub async fn set_hr_departments(&mut self, person: &str, departments: &[String]) -> Result<(), StoreError> {
        let delete = "DELETE FROM hr_department WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(person))?;
        for chunk in departments.chunks(DEPARTMENTS_AT_ONCE) {
            let company = self.company.clone();
            crate::store::inserting!(
                self,
                "INSERT INTO hr_department (company, person, department) ",
                chunk,
                |values, department| {
                    values.push_bind(company.clone()).push_bind(person.to_owned()).push_bind(department.clone());
                },
                ""
            )?;
        }
        Ok(())
    }
}

impl Store {
    pub async fn account(&self, company: &str, person: &str) -> Result<Option<StoredAccount>, StoreError> {
        let query = format!("SELECT {COLUMNS} WHERE company = $1 AND person = $2");
        let row: Option<AccountRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company).bind(person)
        )?;
        Ok(row.map(AccountRow::account))
    }

    /// The account with this login, which is in lower case.
    pub async fn account_by_login(&self, company: &str, login: &str) -> Result<Option<StoredAccount>, StoreError> {
        let query = format!("SELECT {COLUMNS} WHERE company = $1 AND login = $2");
        let row: Option<AccountRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company).bind(login)
        )?;
        Ok(row.map(AccountRow::account))
    }

    /// All accounts, by person.
    pub async fn accounts(&self, company: &str) -> Result<Vec<StoredAccount>, StoreError> {
        let query = format!("SELECT {COLUMNS} WHERE company = $1 ORDER BY person");
        let rows: Vec<AccountRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company))?;
        Ok(rows.into_iter().map(AccountRow::account).collect())
    }

    /// The departments of each HR partner, in order.
    pub async fn hr_departments(&self, company: &str) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let query = "SELECT person, department FROM hr_department WHERE company = $1 ORDER BY person, department";
        let rows: Vec<(String, String)> = reading!(self, fetch_all, sqlx::query_as(query).bind(company))?;
        let mut departments: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (person, department) in rows {
            departments.entry(person).or_default().push(department);
        }
        Ok(departments)
    }

    /// The departments of one HR partner, in order.
    pub async fn hr_departments_of(&self, company: &str, person: &str) -> Result<Vec<String>, StoreError> {
        let query = "SELECT department FROM hr_department WHERE company = $1 AND person = $2 ORDER BY department";
        reading!(self, fetch_all, sqlx::query_scalar(query).bind(company).bind(person))
    }
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    person: String,
    login: String,
    password_hash: Option<String>,
    created_at: i64,
    disabled_at: Option<i64>,
    failed: i64,
    locked_until: Option<i64>,
    language: Option<String>,
    theme: Option<String>,
}

impl AccountRow {
    fn account(self) -> StoredAccount {
        let account = Account {
            person: self.person,
            login: self.login,
            has_password: self.password_hash.is_some(),
            created_at: Instant(self.created_at),
            disabled_at: self.disabled_at.map(Instant),
            locked_until: self.locked_until.map(Instant),
            language: self.language,
            theme: self.theme,
        };
        StoredAccount { account, password_hash: self.password_hash, failed: self.failed }
    }
}
