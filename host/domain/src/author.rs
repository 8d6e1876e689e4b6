//! Who does something: every change of a company is noted with its author.

use std::fmt;

/// What kind of author changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorKind {
    /// Somebody who signed in.
    Person,
    /// Another system, with an API token.
    Token,
    /// Another system, with a signed webhook.
    Webhook,
    /// Whoever may use the host's own command line.
    CommandLine,
    /// The host by itself, for example when it scores what is stale.
    Host,
}

impl AuthorKind {
    pub const ALL: [Self; 5] = [Self::Person, Self::Token, Self::Webhook, Self::CommandLine, Self::Host];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Token => "token",
            Self::Webhook => "webhook",
            Self::CommandLine => "command-line",
            Self::Host => "host",
        }
    }
}

impl fmt::Display for AuthorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl std::str::FromStr for AuthorKind {
    type Err = UnknownAuthorKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| UnknownAuthorKind(text.to_owned()))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no kind of author")]
pub struct UnknownAuthorKind(String);

/// Who changes something, and with which request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub kind: AuthorKind,
    /// The id of the person, the token or the webhook; empty for the command line and the host.
    pub id: String,
    /// The id of the HTTP request, if there was one.
    pub request: Option<String>,
}

impl Author {
    #[must_use]
    pub const fn command_line() -> Self {
        Self { kind: AuthorKind::CommandLine, id: String::new(), request: None }
    }

    #[must_use]
    pub const fn host() -> Self {
        Self { kind: AuthorKind::Host, id: String::new(), request: None }
    }
}
