//! One-time links, with which people choose their passwords: nobody else ever knows one.

use daybreak_domain::access::{LinkPurpose, check_password, normal_login};
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_storage::{NewLink, StoredLink, Write};

use super::{AccessRefused, DAY, HOUR, LinkCreated, OpenLink, SecretKind, SignedIn, later};
use crate::{AppError, Daybreak};

/// How long an invitation can be accepted, and how long a password can be reset.
const INVITATION: i64 = 7 * DAY;
const RESET: i64 = 24 * HOUR;

impl Daybreak {
    /// Makes an account for the person, or invites them once more under this login while they have no password.
    pub async fn invite(&self, company: &Company, person: &str, login: &str) -> Result<LinkCreated, AppError> {
        let login = normal_login(login).map_err(AccessRefused::from)?;
        let mut write = self.store.write(&company.id).await?;
        self.living_person(company, person).await?;
        if self.has_left(company, person).await? {
            return Err(AccessRefused::HasLeft(person.to_owned()).into());
        }
        let holder = self.store.account_by_login(&company.id, &login).await?;
        if holder.is_some_and(|holder| holder.account.person != person) {
            return Err(AccessRefused::LoginTaken(login).into());
        }
        match self.store.account(&company.id, person).await?.map(|known| known.account) {
            Some(account) if account.disabled_at.is_some() => {
                return Err(AccessRefused::Disabled(person.to_owned()).into());
            }
            Some(account) if account.has_password => return Err(AccessRefused::HasAccount(person.to_owned()).into()),
            Some(account) if account.login != login => write.set_login(person, &login).await?,
            Some(_) => {}
            None => write.create_account(person, &login, self.clock.now()).await?,
        }
        let created = self.new_link(&mut write, person, LinkPurpose::Invite).await?;
        self.note(&mut write, &[AuditEntry::new("account.invite", person)]).await?;
        write.commit().await?;
        Ok(created)
    }

    /// Makes a link with which the person chooses another password; until they do, the present one holds. Links that
    /// they had before are void.
    pub async fn reset_password(&self, company: &Company, person: &str) -> Result<LinkCreated, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.account(&company.id, person).await?;
        let known = known.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?;
        if known.account.disabled_at.is_some() {
            return Err(AccessRefused::Disabled(person.to_owned()).into());
        }
        if self.has_left(company, person).await? {
            return Err(AccessRefused::HasLeft(person.to_owned()).into());
        }
        let created = self.new_link(&mut write, person, LinkPurpose::Reset).await?;
        self.note(&mut write, &[AuditEntry::new("account.reset", person)]).await?;
        write.commit().await?;
        Ok(created)
    }

    /// What the link of this secret is for; none if it was used, has expired or is void.
    pub async fn read_link(&self, secret: &str) -> Result<Option<OpenLink>, AppError> {
        let Some(digest) = SecretKind::Link.digest(secret) else { return Ok(None) };
        Ok(self.open_link(&digest).await?.map(|link| OpenLink {
            company: link.company,
            person: link.person,
            purpose: link.purpose,
            login: link.login,
            expires_at: link.expires_at,
        }))
    }

    /// Uses the link up: the password is the person's from now on, all their sessions end, and a new one begins. A password
    /// that cannot be used leaves the link as it was.
    pub async fn accept_link(&self, secret: &str, password: &str) -> Result<SignedIn, AppError> {
        let digest = SecretKind::Link.digest(secret).ok_or(AccessRefused::LinkGone)?;
        let link = self.open_link(&digest).await?.ok_or(AccessRefused::LinkGone)?;
        check_password(password, &link.login).map_err(AccessRefused::from)?;
        let hash = self.hash_password(password).await?;

        let company = &link.company;
        let mut write = self.store.write(&company.id).await?;
        // Hashing took its time: somebody else may have used the link, or the account be disabled.
        let known = self.store.account(&company.id, &link.person).await?.ok_or(AccessRefused::LinkGone)?;
        let may_sign_in = self.may_sign_in(company, &known).await?;
        if !may_sign_in || !write.use_link(&digest, self.clock.now()).await? {
            return Err(AccessRefused::LinkGone.into());
        }
        write.set_password(&link.person, &hash).await?;
        write.end_sessions(&link.person).await?;
        let signed_in = self.begin_session(&mut write, company, &link.person, "").await?;
        let entries = ["account.password", "session.begin"].map(|action| AuditEntry::new(action, &link.person));
        self.acting_as_person(&link.person).note(&mut write, &entries).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    async fn open_link(&self, digest: &str) -> Result<Option<StoredLink>, AppError> {
        let Some(link) = self.store.link(digest).await? else { return Ok(None) };
        if link.expires_at <= self.clock.now() || self.has_left(&link.company, &link.person).await? {
            return Ok(None);
        }
        Ok(Some(link))
    }

    async fn new_link(&self, write: &mut Write, person: &str, purpose: LinkPurpose) -> Result<LinkCreated, AppError> {
        let (secret, digest) = self.new_secret(SecretKind::Link);
        let now = self.clock.now();
        let expires_at = later(
            now,
            match purpose {
                LinkPurpose::Invite => INVITATION,
                LinkPurpose::Reset => RESET,
            },
        );
        let created_by = &self.made_by();
        let link = NewLink { link: &digest, person, purpose, created_by, created_at: now, expires_at };
        write.replace_links(&link).await?;
        Ok(LinkCreated { secret, expires_at })
    }
}
