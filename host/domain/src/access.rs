//! Who is let in, and for what: accounts, roles, the scopes of API tokens, and the rules of logins and passwords.
//!
//! Everybody with an account is an employee of their company and sees themselves; managers follow from the reporting
//! lines and are no role. Secrets never stand here: whoever keeps one keeps its digest.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::text::Localized;
use crate::time::Instant;

/// Shortest and longest password, in characters.
pub const PASSWORD_CHARACTERS_MIN: usize = 10;
pub const PASSWORD_CHARACTERS_MAX: usize = 128;

/// Longest password in bytes, so that no characters make hashing expensive.
pub const PASSWORD_BYTES_MAX: usize = 512;

/// Longest login, in bytes.
pub const LOGIN_BYTES_MAX: usize = 128;

/// Longest name of an API token, in characters.
pub const TOKEN_NAME_CHARACTERS_MAX: usize = 80;

/// What the pages can look like; `system` follows the device.
pub const THEMES: [&str; 3] = ["light", "dark", "system"];

/// What somebody may do beyond an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sets everything up and sees everybody.
    Admin,
    /// Looks after the people of some departments.
    HrPartner,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Admin, Self::HrPartner];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::HrPartner => "hr-partner",
        }
    }

    #[must_use]
    pub fn title(self) -> Localized {
        match self {
            Self::Admin => Localized::new("管理员", "Administrator"),
            Self::HrPartner => Localized::new("HRBP", "HR partner"),
        }
    }
}

/// What an API token may do. A token has no role and no reporting line: a scope holds for its whole company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    FactsRead,
    FactsWrite,
    OrganisationRead,
    OrganisationWrite,
    CustomersRead,
    CustomersWrite,
    TasksRead,
    TasksWrite,
    ScoresRead,
    ScoresCompute,
    /// Indicators, scorecards, plugins, packs, mappings and webhooks.
    SetupRead,
    SetupWrite,
    AlertsRead,
    AlertsWrite,
    AuditRead,
    JobsRead,
    /// Figures about the host.
    OperationRead,
}

impl Scope {
    pub const ALL: [Self; 17] = [
        Self::FactsRead,
        Self::FactsWrite,
        Self::OrganisationRead,
        Self::OrganisationWrite,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::TasksRead,
        Self::TasksWrite,
        Self::ScoresRead,
        Self::ScoresCompute,
        Self::SetupRead,
        Self::SetupWrite,
        Self::AlertsRead,
        Self::AlertsWrite,
        Self::AuditRead,
        Self::JobsRead,
        Self::OperationRead,
    ];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FactsRead => "facts:read",
            Self::FactsWrite => "facts:write",
            Self::OrganisationRead => "organisation:read",
            Self::OrganisationWrite => "organisation:write",
            Self::CustomersRead => "customers:read",
            Self::CustomersWrite => "customers:write",
            Self::TasksRead => "tasks:read",
            Self::TasksWrite => "tasks:write",
            Self::ScoresRead => "scores:read",
            Self::ScoresCompute => "scores:compute",
            Self::SetupRead => "setup:read",
            Self::SetupWrite => "setup:write",
            Self::AlertsRead => "alerts:read",
            Self::AlertsWrite => "alerts:write",
            Self::AuditRead => "audit:read",
            Self::JobsRead => "jobs:read",
            Self::OperationRead => "operation:read",
        }
    }

    #[must_use]
    pub fn title(self) -> Localized {
        let (zh_cn, en) = match self {
            Self::FactsRead => ("读取业务事实", "Read facts"),
            Self::FactsWrite => ("写入业务事实", "Record facts"),
            Self::OrganisationRead => ("读取部门与员工", "Read departments and people"),
            Self::OrganisationWrite => ("维护部门与员工", "Change departments and people"),
            Self::CustomersRead => ("读取客户与联系人", "Read customers and contacts"),
            Self::CustomersWrite => ("维护客户与联系人", "Change customers and contacts"),
            Self::TasksRead => ("读取任务", "Read tasks"),
            Self::TasksWrite => ("维护任务", "Change tasks"),
            Self::ScoresRead => ("读取得分与计分凭证", "Read scores and receipts"),
            Self::ScoresCompute => ("计分与重算", "Compute and replay scores"),
            Self::SetupRead => (
                "读取设置：指标、考核方案、插件、模板包、映射、Webhook",
                "Read the set-up: indicators, scorecards, plugins, packs, mappings, webhooks",
            ),
            Self::SetupWrite => (
                "更改设置：指标、考核方案、插件、模板包、映射、Webhook",
                "Change the set-up: indicators, scorecards, plugins, packs, mappings, webhooks",
            ),
            Self::AlertsRead => ("读取风险预警", "Read risk alerts"),
            Self::AlertsWrite => ("处理风险预警", "Act on risk alerts"),
            Self::AuditRead => ("读取审计日志", "Read the audit log"),
            Self::JobsRead => ("读取后台任务进度", "Read the progress of jobs"),
            Self::OperationRead => ("读取主机运行指标", "Read figures about the host"),
        };
        Localized::new(zh_cn, en)
    }
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkPurpose {
    /// Somebody new chooses their first password.
    Invite,
    /// Somebody who cannot sign in chooses another one.
    Reset,
}

impl LinkPurpose {
    pub const ALL: [Self; 2] = [Self::Invite, Self::Reset];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {what}: use one of {words}")]
pub struct UnknownWord {
    what: &'static str,
    word: String,
    words: String,
}

macro_rules! words {
    ($($type:ident: $what:literal),*) => {
        $(
            impl fmt::Display for $type {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(self.word())
                }
            }

            impl FromStr for $type {
                type Err = UnknownWord;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Self::ALL.into_iter().find(|known| known.word() == text).ok_or_else(|| UnknownWord {
                        what: $what,
                        word: text.chars().take(40).collect(),
                        words: Self::ALL.map(Self::word).join(", "),
                    })
                }
            }
        )*
    };
}

words!(Role: "role", Scope: "scope", LinkPurpose: "purpose of a link");

/// The account with which a person signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub person: String,
    /// In lower case; no two accounts of a company have the same.
    pub login: String,
    /// False: invited, and has not chosen a password yet.
    pub has_password: bool,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    /// After too many wrong passwords nobody signs in before this.
    pub locked_until: Option<Instant>,
    /// The language chosen; without one the browser's.
    pub language: Option<String>,
    /// One of [`THEMES`]; without one the device's.
    pub theme: Option<String>,
}

/// A token with which another system uses the API on behalf of one company. Its secret is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    /// As [`Author`](crate::author::Author) writes itself.
    pub created_by: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    /// To the minute.
    pub last_used_at: Option<Instant>,
}

impl ApiToken {
    #[must_use]
    pub fn is_valid(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginProblem {
    #[error("the login is empty: use an e-mail address, a staff number or a short name")]
    Empty,
    #[error("the login has {0} bytes: at most {LOGIN_BYTES_MAX}")]
    TooLong(usize),
    #[error("the login holds spaces or signs that cannot be seen: leave them out")]
    NotPlain,
}

/// The login as it is stored and looked up: upper and lower case are the same.
pub fn normal_login(text: &str) -> Result<String, LoginProblem> {
    let login = text.trim().to_lowercase();
    if login.is_empty() {
        Err(LoginProblem::Empty)
    } else if login.len() > LOGIN_BYTES_MAX {
        Err(LoginProblem::TooLong(login.len()))
    } else if login.chars().any(|character| character.is_whitespace() || character.is_control()) {
        Err(LoginProblem::NotPlain)
    } else {
        Ok(login)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("the password has {0} characters: use at least {PASSWORD_CHARACTERS_MIN}")]
    TooShort(usize),
    #[error("the password is too long: use at most {PASSWORD_CHARACTERS_MAX} characters")]
    TooLong,
    #[error("the password is the login: choose another one")]
    IsLogin,
}

/// Whether the password may be used for this login. Length is what makes a password good; no kinds of signs are asked for.
pub fn check_password(password: &str, login: &str) -> Result<(), PasswordProblem> {
    let characters = password.chars().take(PASSWORD_CHARACTERS_MAX + 1).count();
    if password.len() > PASSWORD_BYTES_MAX || characters > PASSWORD_CHARACTERS_MAX {
        Err(PasswordProblem::TooLong)
    } else if characters < PASSWORD_CHARACTERS_MIN {
        Err(PasswordProblem::TooShort(characters))
    } else if password.trim().to_lowercase() == login {
        Err(PasswordProblem::IsLogin)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_no_two_are_alike() {
        let words: BTreeSet<_> = Scope::ALL.map(Scope::word).into();
        assert_eq!(words.len(), Scope::ALL.len());
        for scope in Scope::ALL {
            assert_eq!(scope.word().parse::<Scope>().unwrap(), scope);
            assert_ne!(scope.title().get("zh-CN"), scope.title().get("en"));
        }
        for role in Role::ALL {
            assert_eq!(role.word().parse::<Role>().unwrap(), role);
        }
        for purpose in LinkPurpose::ALL {
            assert_eq!(purpose.word().parse::<LinkPurpose>().unwrap(), purpose);
        }
        let unknown = "facts:erase".parse::<Scope>().unwrap_err().to_string();
        assert!(unknown.contains("facts:write"), "{unknown}");
    }

    #[test]
    fn logins_are_alike_in_upper_and_lower_case() {
        assert_eq!(normal_login(" Wang.Fang@Acme.CN ").unwrap(), "wang.fang@acme.cn");
        assert_eq!(normal_login("王芳").unwrap(), "王芳");
        assert_eq!(normal_login("  "), Err(LoginProblem::Empty));
        assert_eq!(normal_login("a b"), Err(LoginProblem::NotPlain));
        assert_eq!(normal_login(&"a".repeat(129)), Err(LoginProblem::TooLong(129)));
    }

    #[test]
    fn a_password_is_long_enough_and_not_the_login() {
        assert_eq!(check_password("correct horse", "li"), Ok(()));
        assert_eq!(check_password("破晓破晓破晓破晓破晓", "li"), Ok(()));
        assert_eq!(check_password("short", "li"), Err(PasswordProblem::TooShort(5)));
        assert_eq!(check_password(&"x".repeat(129), "li"), Err(PasswordProblem::TooLong));
        // Characters of five bytes do not exist; those of four reach the bytes' bound with the characters'.
        assert_eq!(check_password(&"𠮷".repeat(128), "li"), Ok(()));
        assert_eq!(check_password(&"𠮷".repeat(129), "li"), Err(PasswordProblem::TooLong));
        assert_eq!(check_password("LI.LEI@acme.cn", "li.lei@acme.cn"), Err(PasswordProblem::IsLogin));
    }
}
