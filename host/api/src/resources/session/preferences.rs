//! `PUT /api/v1/session/preferences`

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;

/// How the pages speak and look to somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Preferences {
    /// The language of the pages; without one, the browser's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<Language>,
    /// Without one, the device's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) theme: Option<Theme>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(super) enum Language {
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Theme {
    Light,
    Dark,
    /// As the device is set.
    System,
}

impl Language {
    const fn word(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Chinese, Self::English].into_iter().find(|language| language.word() == word)
    }
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Light, Self::Dark, Self::System].into_iter().find(|theme| theme.word() == word)
    }
}

impl Preferences {
    /// As they are stored.
    pub(super) fn of(language: Option<&str>, theme: Option<&str>) -> Self {
        Self { language: language.and_then(Language::read), theme: theme.and_then(Theme::read) }
    }
}

/// Choose the language and the look of the pages
#[utoipa::path(
    put,
    path = "/session/preferences",
    tag = "session",
    request_body = Preferences,
    responses((status = 204, description = "Chosen."))
)]
pub(super) async fn set_preferences(
    caller: Caller,
    Json(preferences): Json<Preferences>,
) -> Result<StatusCode, Problem> {
    let person = caller.person_id()?;
    let language = preferences.language.map(Language::word);
    let theme = preferences.theme.map(Theme::word);
    caller.daybreak.set_preferences(&caller.company, person, language, theme).await?;
    Ok(StatusCode::NO_CONTENT)
}
