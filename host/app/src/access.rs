//! Who is let in: signing in, one-time links, API tokens, roles, and whom somebody may see.
//!
//! Secrets are made here and shown once; what is stored is their SHA-256 digest, by which they are looked up. What a role
//! or a scope may do with which endpoint is not said here but at the endpoints.

mod demonstration;
mod links;
pub mod reach;
mod roles;
mod sign_in;
mod tokens;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybreak_domain::access::{Account, ApiToken, LOGIN_BYTES_MAX, LinkPurpose, LoginProblem, PasswordProblem, THEMES};
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::author::Author;
use daybreak_domain::company::{Company, has_left};
use daybreak_domain::digest::Digest;
use daybreak_domain::text::LANGUAGES;
use daybreak_domain::time::Instant;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::{AppError, Daybreak};

pub use demonstration::Shown;
pub use reach::Reach;
pub use roles::PersonRoles;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How often at most it is noted that a session or a token is in use.
const TOUCH_INTERVAL: i64 = MINUTE;

/// Passwords that are hashed at once, so that signing in cannot take the whole machine.
const HASHINGS_MAX: usize = 2;

/// Requests that may wait for a password to be hashed, those being hashed among them.
const HASHINGS_WAITING_MAX: usize = 64;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub company: Company,
    pub person: String,
    pub created_at: Instant,
    /// Used or not, it ends then.
    pub expires_at: Instant,
}

/// A session that has just begun, with the secret that is told once and stored nowhere.
#[derive(Clone, PartialEq)]
pub struct SignedIn {
    pub secret: String,
    pub session: Session,
}

/// A one-time link that has just been made, with the secret that is told once and stored nowhere.
#[derive(Clone, PartialEq)]
pub struct LinkCreated {
    pub secret: String,
    pub expires_at: Instant,
}

/// A one-time link that can still be used.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLink {
    pub company: Company,
    pub person: String,
    pub purpose: LinkPurpose,
    pub login: String,
    pub expires_at: Instant,
}

/// An API token that has just been made, with the secret that is told once and stored nowhere.
#[derive(Clone, PartialEq)]
pub struct TokenCreated {
    pub token: ApiToken,
    pub secret: String,
}

macro_rules! debug_without_secret {
    ($($type:ident: $shown:ident),*) => {
        $(
            /// Without the secret, which belongs into no log.
            impl fmt::Debug for $type {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.debug_struct(stringify!($type)).field(stringify!($shown), &self.$shown).finish_non_exhaustive()
                }
            }
        )*
    };
}

debug_without_secret!(SignedIn: session, LinkCreated: expires_at, TokenCreated: token);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefused {
    /// One answer for everything that may be wrong, so that it tells nobody which logins there are.
    #[error("the login or the password is not right; after too many attempts nobody signs in for a quarter of an hour")]
    NotSignedIn,
    #[error("too many people are signing in at once: try again in a moment")]
    TooManyAtOnce,
    #[error("the present password is not right")]
    WrongPassword,
    #[error("the link was used already or has expired: ask an administrator for another one")]
    LinkGone,
    #[error(transparent)]
    Login(#[from] LoginProblem),
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    #[error("the login {0:?} belongs to somebody else: choose another one")]
    LoginTaken(String),
    #[error("{0} has an account with a password: reset it instead of inviting again")]
    HasAccount(String),
    #[error("{0} has no account: invite them first")]
    NoAccount(String),
    #[error("the account of {0} is disabled: enable it first")]
    Disabled(String),
    #[error("{0} does not belong to the company any more, and cannot sign in")]
    HasLeft(String),
    #[error("the name of a token is 1 to {max} characters of plain text", max = daybreak_domain::access::TOKEN_NAME_CHARACTERS_MAX)]
    TokenName,
    #[error("a token without a scope may do nothing: give it at least one")]
    NoScopes,
    #[error("a token expires in the future, and within {days} days", days = tokens::TOKEN_DAYS_MAX)]
    TokenExpiry,
    #[error("the company has {max} tokens in use: revoke one first", max = tokens::TOKENS_MAX)]
    TooManyTokens,
    #[error("{0} departments: at most {max}", max = roles::HR_DEPARTMENTS_MAX)]
    TooManyDepartments(usize),
    #[error("{0:?} is no language of the pages: use one of {languages}", languages = LANGUAGES.join(", "))]
    UnknownLanguage(String),
    #[error("{0:?} is no theme: use one of {themes}", themes = THEMES.join(", "))]
    UnknownTheme(String),
    /// The machine's fault, for example when it has no memory left.
    #[error("the password could not be hashed: {0}")]
    Hashing(String),
}

/// What all requests share of this module.
pub(crate) struct AccessState {
    hashings: Arc<Semaphore>,
    waiting: Semaphore,
    lines: Mutex<HashMap<String, reach::KnownLines>>,
}

impl Default for AccessState {
    fn default() -> Self {
        Self {
            hashings: Arc::new(Semaphore::new(HASHINGS_MAX)),
            waiting: Semaphore::new(HASHINGS_WAITING_MAX),
            lines: Mutex::default(),
        }
    }
}

/// What a secret is for. Its text begins with this, so that one that leaked is recognised for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SecretKind {
    Session,
    Link,
    Token,
}

impl SecretKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "dbs_",
            Self::Link => "dbl_",
            Self::Token => "dbt_",
        }
    }

    fn text(self, secret: &[u8; 32]) -> String {
        format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(secret))
    }

    /// The digest of a secret as somebody presents it; none if it is no secret of this kind.
    fn digest(self, text: &str) -> Option<String> {
        // Longer texts are no secrets, and need not be decoded to see that.
        let encoded = text.strip_prefix(self.prefix()).filter(|encoded| encoded.len() == 43)?;
        let secret: [u8; 32] = URL_SAFE_NO_PAD.decode(encoded).ok()?.try_into().ok()?;
        Some(Digest::of(&secret).hex())
    }
}

impl Daybreak {
    /// A new secret as text, and the digest that is stored of it.
    fn new_secret(&self, kind: SecretKind) -> (String, String) {
        let secret = self.ids.secret();
        (kind.text(&secret), Digest::of(&secret).hex())
    }

    /// The account of the person.
    pub async fn account(&self, company: &Company, person: &str) -> Result<Option<Account>, AppError> {
        Ok(self.store.account(&company.id, person).await?.map(|known| known.account))
    }

    /// All accounts, by person.
    pub async fn accounts(&self, company: &Company) -> Result<Vec<Account>, AppError> {
        Ok(self.store.accounts(&company.id).await?.into_iter().map(|known| known.account).collect())
    }

    /// Takes the right to sign in away from the person and ends their sessions and their open link. Roles stay.
    pub async fn disable_account(&self, company: &Company, person: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.account(&company.id, person).await?;
        let account = known.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?.account;
        if account.disabled_at.is_some() {
            return Ok(());
        }
        self.check_other_administrator(company, person).await?;
        write.set_disabled(person, Some(self.clock.now())).await?;
        write.end_sessions(person).await?;
        write.delete_links(person).await?;
        self.note(&mut write, &[AuditEntry::new("account.disable", person)]).await?;
        Ok(write.commit().await?)
    }

    /// Gives the right to sign in back, with the password of before.
    pub async fn enable_account(&self, company: &Company, person: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.account(&company.id, person).await?;
        let account = known.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?.account;
        if account.disabled_at.is_none() {
            return Ok(());
        }
        write.set_disabled(person, None).await?;
        self.note(&mut write, &[AuditEntry::new("account.enable", person)]).await?;
        Ok(write.commit().await?)
    }

    /// Keeps how somebody wants the pages; what is not given follows the browser and the device.
    pub async fn set_preferences(
        &self,
        company: &Company,
        person: &str,
        language: Option<&str>,
        theme: Option<&str>,
    ) -> Result<(), AppError> {
        let shown = |text: &str| text.chars().take(40).collect::<String>();
        if let Some(unknown) = language.filter(|language| !LANGUAGES.contains(language)) {
            return Err(AccessRefused::UnknownLanguage(shown(unknown)).into());
        }
        if let Some(unknown) = theme.filter(|theme| !THEMES.contains(theme)) {
            return Err(AccessRefused::UnknownTheme(shown(unknown)).into());
        }
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.account(&company.id, person).await?;
        let account = known.ok_or_else(|| AccessRefused::NoAccount(person.to_owned()))?.account;
        if account.language.as_deref() == language && account.theme.as_deref() == theme {
            return Ok(());
        }
        write.set_preferences(person, language, theme).await?;
        let preferences = |language: Option<&str>, theme: Option<&str>| json!({ "language": language, "theme": theme });
        let before = preferences(account.language.as_deref(), account.theme.as_deref());
        let entry = AuditEntry::new("account.prefer", person).before(before).after(preferences(language, theme));
        self.note(&mut write, &[entry]).await?;
        Ok(write.commit().await?)
    }

    /// Whether the person belonged to the company and does not any more.
    async fn has_left(&self, company: &Company, person: &str) -> Result<bool, AppError> {
        let lines = self.lines(company, None).await?;
        Ok(has_left(lines.spells_of(person), self.today(company)))
    }

    /// On whose behalf something is made, as it is noted beside it.
    pub(crate) fn made_by(&self) -> String {
        let Author { kind, id, .. } = self.author();
        if id.is_empty() { kind.to_string() } else { format!("{kind}:{id}") }
    }
}

/// A login as somebody typed it who wants to sign in; one that cannot be belongs to nobody.
fn typed_login(text: &str) -> String {
    let text: String = text.chars().take(LOGIN_BYTES_MAX).collect();
    daybreak_domain::access::normal_login(&text).unwrap_or_default()
}

fn later(now: Instant, milliseconds: i64) -> Instant {
    Instant(now.0.saturating_add(milliseconds))
}
