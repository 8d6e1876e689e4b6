//! Forms that every resource shares: days, instants, periods, texts in several languages.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use daybreak_domain::period::Period;
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A value that is a text on the wire: read with `FromStr`, written with `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text<T>(pub(crate) T);

/// A calendar day of the company: `2026-06-30`.
pub(crate) type WireDay = Text<Day>;

/// A moment in RFC 3339, in UTC when the host writes it.
pub(crate) type WireInstant = Text<Instant>;

/// A month (`2026-06`), a quarter (`2026-Q2`), a year, or two days (`2026-06-01..2026-06-15`, the second one excluded).
pub(crate) type WirePeriod = Text<Period>;

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl ToSchema for Text<Day> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
}

impl PartialSchema for Text<Day> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .description(Some("A calendar day of the company, of the years 1900 to 2199."))
            // Of the days that the format allows, those that the host takes.
            .pattern(Some("^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"))
            .examples(["2026-06-30"])
            .into()
    }
}

impl ToSchema for Text<Period> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }
}

impl PartialSchema for Text<Period> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .description(Some(
                "A month (2026-06), a quarter (2026-Q2), a year (2026), or two days (2026-06-01..2026-06-15, the second \
                 one excluded).",
            ))
            .pattern(Some(
                "^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])|-Q[1-4]|-[0-9]{2}-[0-9]{2}\\.\\.[0-9]{4}-[0-9]{2}-[0-9]{2})?$",
            ))
            .examples(["2026-06"])
            .into()
    }
}

impl ToSchema for Text<Instant> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
}

impl PartialSchema for Text<Instant> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment (RFC 3339) of the years 1900 to 2199; the host answers in UTC."))
            .pattern(Some("^(19|20|21)[0-9]{2}-"))
            .examples(["2026-06-01T01:00:00Z"])
            .into()
    }
}

/// Checks a text of a body that people will read, or an id of another system.
pub(crate) fn check_plain(field: &str, text: &str, bytes_max: usize) -> Result<(), crate::problem::Problem> {
    if text.len() > bytes_max {
        let detail = format!("{field} has {} bytes: at most {bytes_max}.", text.len());
        return Err(crate::problem::Problem::refused(detail));
    }
    if text.chars().any(char::is_control) {
        let detail = format!("{field} holds control characters: only plain text is allowed.");
        return Err(crate::problem::Problem::refused(detail));
    }
    Ok(())
}

/// A text by language (BCP 47). `zh-CN` and `en` are always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Localized, example = json!({ "zh-CN": "工单解决时长", "en": "Hours to resolve" }))]
pub(crate) struct WireText(BTreeMap<String, String>);

impl From<&Localized> for WireText {
    fn from(text: &Localized) -> Self {
        Self(text.iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect())
    }
}

impl WireText {
    /// As the host keeps it, checked.
    pub(crate) fn read(self) -> Result<Localized, crate::problem::Problem> {
        Localized::from_pairs(self.0.into_iter().collect())
            .map_err(|error| crate::problem::Problem::refused(format!("{error}.")))
    }
}
