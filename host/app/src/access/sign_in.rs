//! Signing in with a password, and the sessions that come of it.

use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use daybreak_domain::access::{PASSWORD_BYTES_MAX, check_password};
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::time::Instant;
use daybreak_storage::{NewSession, StoredAccount, StoredSession, Write};
use serde_json::json;

use super::{AccessRefused, DAY, MINUTE, Reach, SecretKind, Session, SignedIn, TOUCH_INTERVAL, later, typed_login};
use crate::{AppError, Daybreak};

/// argon2id as OWASP recommends it for a server: 19 MiB, two passes, one lane.
const MEMORY_KIBIBYTES: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// What is verified for a login that nobody has: the hash of no password, with the parameters of all others.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$ZGF5YnJlYWtkYXlicmVhaw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Wrong passwords in a row that lock an account, and for how long.
const FAILURES_MAX: i64 = 10;
const LOCKED: i64 = 15 * MINUTE;

/// How long a session lasts, and how long when it is not used.
const SESSION: i64 = 30 * DAY;
const SESSION_IDLE: i64 = 7 * DAY;

const SESSIONS_PER_PERSON_MAX: i64 = 20;

/// Most characters that are kept of what a browser says it is.
const CLIENT_CHARACTERS_MAX: usize = 200;

impl Daybreak {
    /// Begins a session for whoever has this login and this password. Whatever is wrong, the answer is the same and takes
    /// as long. A session is never taken up again: each time there is a new one.
    pub async fn sign_in(
        &self,
        company: &Company,
        login: &str,
        password: &str,
        client: &str,
    ) -> Result<SignedIn, AppError> {
        let login = typed_login(login);
        let found = self.store.account_by_login(&company.id, &login).await?;
        let found = found.map(|found| (found.account.person, found.password_hash));
        let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
        let is_right = self.verify_password(password, hash.as_deref()).await?;

        let mut write = self.store.write(&company.id).await?;
        // Hashing took its time: what counts is what is known now.
        let known = match &found {
            Some((person, _)) => self.store.account(&company.id, person).await?,
            None => None,
        };
        let now = self.clock.now();
        let Some(known) = known else {
            write.note_nothing().await?;
            write.commit().await?;
            return Err(AccessRefused::NotSignedIn.into());
        };
        let is_right = is_right && known.password_hash == hash;
        if !self.judge(&mut write, &known, is_right, now).await? || !self.may_sign_in(company, &known).await? {
            write.commit().await?;
            return Err(AccessRefused::NotSignedIn.into());
        }
        let person = &known.account.person;
        let signed_in = self.begin_session(&mut write, company, person, client).await?;
        self.acting_as_person(person).note(&mut write, &[AuditEntry::new("session.begin", person)]).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    /// The session of this secret, of whichever company, and whom its person may see now: none if it has ended, or if the
    /// person may not sign in any more.
    pub async fn session(&self, secret: &str) -> Result<Option<(Session, Reach)>, AppError> {
        let Some(digest) = SecretKind::Session.digest(secret) else { return Ok(None) };
        let Some(stored) = self.store.session(&digest).await? else { return Ok(None) };
        let now = self.clock.now();
        let is_over = stored.expires_at <= now || stored.last_seen_at <= later(now, -SESSION_IDLE);
        let reach = self.reach(&stored.company, &stored.person, None).await?;
        if is_over || reach.has_left(self.today(&stored.company)) {
            return Ok(None);
        }
        if stored.last_seen_at <= later(now, -TOUCH_INTERVAL)
            && let Err(error) = self.store.touch_session(&stored.company.id, &digest, now).await
        {
            // Whoever only reads is not turned away because nothing can be written just now.
            tracing::warn!(%error, "it could not be noted that a session is in use");
        }
        let StoredSession { company, person, created_at, expires_at, .. } = stored;
        Ok(Some((Session { company, person, created_at, expires_at }, reach)))
    }

    /// Ends the session of this secret; nothing happens if there is none.
    pub async fn sign_out(&self, secret: &str) -> Result<(), AppError> {
        let Some(digest) = SecretKind::Session.digest(secret) else { return Ok(()) };
        let Some(stored) = self.store.session(&digest).await? else { return Ok(()) };
        let mut write = self.store.write(&stored.company.id).await?;
        write.end_session(&digest).await?;
        let entry = AuditEntry::new("session.end", &stored.person);
        self.acting_as_person(&stored.person).note(&mut write, &[entry]).await?;
        Ok(write.commit().await?)
    }

    /// Ends all sessions of the person and returns how many there were.
    pub async fn sign_out_everywhere(&self, company: &Company, person: &str) -> Result<u64, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let ended = write.end_sessions(person).await?;
        if ended > 0 {
            let entry = AuditEntry::new("session.end", person).after(json!({ "sessions": ended }));
            self.note(&mut write, &[entry]).await?;
        }
        write.commit().await?;
        Ok(ended)
    }

    /// Gives the person another password if the present one is right. All sessions end, and a new one begins for whoever
    /// changed it. Wrong passwords count as they do when signing in.
    pub async fn change_password(
        &self,
        company: &Company,
        person: &str,
        old: &str,
        new: &str,
    ) -> Result<SignedIn, AppError> {
        let found = self.store.account(&company.id, person).await?;
        let found = found.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?;
        check_password(new, &found.account.login).map_err(AccessRefused::from)?;
        let is_right = self.verify_password(old, found.password_hash.as_deref()).await?;
        // A wrong guess costs one hash, not two.
        let hash = if is_right { Some(self.hash_password(new).await?) } else { None };

        let mut write = self.store.write(&company.id).await?;
        let known = self.store.account(&company.id, person).await?;
        let known = known.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?;
        let now = self.clock.now();
        let is_right = is_right && known.password_hash == found.password_hash;
        let passed = self.judge(&mut write, &known, is_right, now).await? && self.may_sign_in(company, &known).await?;
        let Some(hash) = hash.filter(|_| passed) else {
            write.commit().await?;
            return Err(AccessRefused::WrongPassword.into());
        };
        write.set_password(person, &hash).await?;
        write.delete_links(person).await?;
        write.end_sessions(person).await?;
        let signed_in = self.begin_session(&mut write, company, person, "").await?;
        let entries = ["account.password", "session.begin"].map(|action| AuditEntry::new(action, person));
        self.acting_as_person(person).note(&mut write, &entries).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    /// Counts a wrong password, or forgets those before a right one. False: the password was wrong, or the account is
    /// locked, which a right password does not change.
    async fn judge(
        &self,
        write: &mut Write,
        known: &StoredAccount,
        is_right: bool,
        now: Instant,
    ) -> Result<bool, AppError> {
        let person = &known.account.person;
        if known.account.locked_until.is_some_and(|until| now < until) {
            write.note_nothing().await?;
            return Ok(false);
        }
        if is_right {
            if known.failed > 0 || known.account.locked_until.is_some() {
                write.note_failures(person, 0, None).await?;
            }
        } else if known.failed + 1 < FAILURES_MAX {
            write.note_failures(person, known.failed + 1, None).await?;
        } else {
            write.note_failures(person, 0, Some(later(now, LOCKED))).await?;
        }
        Ok(is_right)
    }

    /// Whether the account may be used: it is not disabled, and its person has not left. Accounts of people who were
    /// erased are gone.
    pub(super) async fn may_sign_in(&self, company: &Company, known: &StoredAccount) -> Result<bool, AppError> {
        Ok(known.account.disabled_at.is_none() && !self.has_left(company, &known.account.person).await?)
    }

    /// Begins a session for somebody who has shown who they are, and deletes those that have ended.
    pub(super) async fn begin_session(
        &self,
        write: &mut Write,
        company: &Company,
        person: &str,
        client: &str,
    ) -> Result<SignedIn, AppError> {
        let (secret, digest) = self.new_secret(SecretKind::Session);
        let now = self.clock.now();
        let expires_at = later(now, SESSION);
        let client: String =
            client.chars().filter(|character| !character.is_control()).take(CLIENT_CHARACTERS_MAX).collect();
        write.delete_ended_sessions(now, later(now, -SESSION_IDLE)).await?;
        let new = NewSession { session: &digest, person, created_at: now, expires_at, client: &client };
        write.begin_session(&new, SESSIONS_PER_PERSON_MAX).await?;
        let session = Session { company: company.clone(), person: person.to_owned(), created_at: now, expires_at };
        Ok(SignedIn { secret, session })
    }

    /// The hash of a password, as a PHC string that names its parameters and its salt.
    pub(super) async fn hash_password(&self, password: &str) -> Result<String, AppError> {
        let password = password.to_owned();
        let chance = self.ids.secret();
        self.hashing(move || {
            let salt = &chance[..SALT_BYTES];
            argon2()?.hash_password_with_salt(password.as_bytes(), salt).map(|hash| hash.to_string())
        })
        .await
    }

    /// Whether the hash is that of the password. Without a hash it is not, and finding that out takes as long.
    async fn verify_password(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        let hash = hash.unwrap_or(NOBODYS_HASH).to_owned();
        // Nobody has a longer one.
        let password = if password.len() > PASSWORD_BYTES_MAX { String::new() } else { password.to_owned() };
        let is_right = self
            .hashing(move || match argon2()?.verify_password(password.as_bytes(), hash.as_str()) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            })
            .await?;
        Ok(is_right)
    }

    /// Runs one hashing where it keeps nobody else from running, and few of them at once.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        let _place = self.access.waiting.try_acquire().map_err(|_| AccessRefused::TooManyAtOnce)?;
        let turn = self.access.hashings.clone().acquire_owned().await.map_err(|_| AccessRefused::TooManyAtOnce)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Also when whoever asked for it has gone meanwhile.
            drop(turn);
            done
        });
        Ok(done.await?.map_err(|error| AccessRefused::Hashing(error.to_string()))?)
    }
}

fn argon2() -> Result<Argon2<'static>, password_hash::Error> {
    let parameters = Params::new(MEMORY_KIBIBYTES, PASSES, LANES, Some(HASH_BYTES))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}
