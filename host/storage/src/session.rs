//! Sessions and one-time links, by the digests of their secrets.

use daybreak_domain::access::LinkPurpose;
use daybreak_domain::company::Company;
use daybreak_domain::time::{Instant, Zone};

use crate::glance::Bound;
use crate::store::{Store, StoreError, Write, inconsistent, reading, running, word, writing};

pub struct NewSession<'a> {
    /// The digest of the secret.
    pub session: &'a str,
    pub person: &'a str,
    pub created_at: Instant,
    pub expires_at: Instant,
    /// What the browser says it is.
    pub client: &'a str,
}

/// A session of somebody who was not erased and whose account was not disabled.
#[derive(Clone, Debug)]
pub struct StoredSession {
    pub company: Company,
    pub person: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub last_seen_at: Instant,
}

pub struct NewLink<'a> {
    /// The digest of the secret.
    pub link: &'a str,
    pub person: &'a str,
    pub purpose: LinkPurpose,
    pub created_by: &'a str,
    pub created_at: Instant,
    pub expires_at: Instant,
}

/// A link that nobody has used, of somebody who was not erased and whose account was not disabled.
#[derive(Clone, Debug)]
pub struct StoredLink {
    pub company: Company,
    pub person: String,
    pub login: String,
    pub purpose: LinkPurpose,
    pub expires_at: Instant,
}

impl Write {
    /// Begins a session; of the person's others the oldest end, so that there are at most `most`.
    pub async fn begin_session(&mut self, new: &NewSession<'_>, most: i64) -> Result<(), StoreError> {
        let delete = "DELETE FROM session WHERE company = $1 AND person = $2 AND session NOT IN \
                      (SELECT session FROM session WHERE company = $1 AND person = $2 \
                      ORDER BY created_at DESC, session LIMIT $3)";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(new.person).bind(most - 1))?;
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO session (company, session, person, created_at, expires_at, last_seen_at, client) \
                 VALUES ($1, $2, $3, $4, $5, $4, $6)"
            )
            .bind(&self.company)
            .bind(new.session)
            .bind(new.person)
            .bind(new.created_at.0)
            .bind(new.expires_at.0)
            .bind(new.client)
        )?;
        Ok(())
    }

    /// Deletes the company's sessions that have ended, or were last used before.
    pub async fn delete_ended_sessions(&mut self, now: Instant, idle_since: Instant) -> Result<(), StoreError> {
        let delete = "DELETE FROM session WHERE company = $1 AND (expires_at <= $2 OR last_seen_at <= $3)";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(now.0).bind(idle_since.0))?;
        Ok(())
    }

    pub async fn end_session(&mut self, session: &str) -> Result<(), StoreError> {
        let delete = "DELETE FROM session WHERE company = $1 AND session = $2";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(session))?;
        Ok(())
    }

    /// Ends all sessions of the person and returns how many there were.
    pub async fn end_sessions(&mut self, person: &str) -> Result<u64, StoreError> {
        let delete = "DELETE FROM session WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(person))
    }

    /// Keeps a new link; those that the person had are void.
    pub async fn replace_links(&mut self, new: &NewLink<'_>) -> Result<(), StoreError> {
        self.delete_links(new.person).await?;
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO access_link (company, link, person, purpose, created_by, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            )
            .bind(&self.company)
            .bind(new.link)
            .bind(new.person)
            .bind(new.purpose.word())
            .bind(new.created_by)
            .bind(new.created_at.0)
            .bind(new.expires_at.0)
        )?;
        Ok(())
    }

    pub async fn delete_links(&mut self, person: &str) -> Result<(), StoreError> {
        let delete = "DELETE FROM access_link WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(person))?;
        Ok(())
    }

    /// Uses the link up. False: it was used, has expired, or there is none.
    pub async fn use_link(&mut self, link: &str, now: Instant) -> Result<bool, StoreError> {
        let update = "UPDATE access_link SET used_at = $3 \
                      WHERE company = $1 AND link = $2 AND used_at IS NULL AND expires_at > $3";
        let used = writing!(self, execute, sqlx::query(update).bind(&self.company).bind(link).bind(now.0))?;
        Ok(used == 1)
    }
}

impl Store {
    /// The session with this digest, of whichever company.
    pub async fn session(&self, session: &str) -> Result<Option<StoredSession>, StoreError> {
        type Row = (String, String, String, String, i64, i64, i64);
        let text = "SELECT company.company, company.name, company.time_zone, session.person, session.created_at, \
                    session.expires_at, session.last_seen_at FROM session \
                    JOIN company ON company.company = session.company \
                    JOIN account ON account.company = session.company AND account.person = session.person \
                    JOIN person ON person.company = session.company AND person.person = session.person \
                    WHERE session.session = $1 AND account.disabled_at IS NULL AND person.erased_at IS NULL";
        let row: Option<Row> = self.glance(text, &[Bound::Text(session)]).await?.pop();
        row.map(|(id, name, zone, person, created_at, expires_at, last_seen_at)| {
            Ok(StoredSession {
                company: company(id, name, &zone)?,
                person,
                created_at: Instant(created_at),
                expires_at: Instant(expires_at),
                last_seen_at: Instant(last_seen_at),
            })
        })
        .transpose()
    }

    /// Notes that the session is in use. No counter is locked: nobody waits for this, and nothing else changes.
    pub async fn touch_session(&self, company: &str, session: &str, now: Instant) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let update = "UPDATE session SET last_seen_at = $3 WHERE company = $1 AND session = $2 AND last_seen_at < $3";
        running!(transaction, execute, sqlx::query(update).bind(company).bind(session).bind(now.0))?;
        transaction.commit().await
    }

    /// The link with this digest, of whichever company, unless it was used.
    pub async fn link(&self, link: &str) -> Result<Option<StoredLink>, StoreError> {
        type Row = (String, String, String, String, String, String, i64);
        let row: Option<Row> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(
                "SELECT company.company, company.name, company.time_zone, access_link.person, account.login, \
                 access_link.purpose, access_link.expires_at FROM access_link \
                 JOIN company ON company.company = access_link.company \
                 JOIN account ON account.company = access_link.company AND account.person = access_link.person \
                 JOIN person ON person.company = access_link.company AND person.person = access_link.person \
                 WHERE access_link.link = $1 AND access_link.used_at IS NULL AND account.disabled_at IS NULL \
                 AND person.erased_at IS NULL"
            )
            .bind(link)
        )?;
        row.map(|(id, name, zone, person, login, purpose, expires_at)| {
            Ok(StoredLink {
                purpose: word("access_link", &person, &purpose)?,
                company: company(id, name, &zone)?,
                person,
                login,
                expires_at: Instant(expires_at),
            })
        })
        .transpose()
    }
}

pub(crate) fn company(id: String, name: String, zone: &str) -> Result<Company, StoreError> {
    let zone = Zone::named(zone).map_err(|error| inconsistent("company", &id, error))?;
    Ok(Company { id, name, zone })
}
