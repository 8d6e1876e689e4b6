//! The mapping: which column of a file means what, as a small TOML document.

use std::collections::BTreeMap;

use daybreak_domain::fact::{ATTRIBUTES_MAX, Capture, is_name};
use daybreak_domain::time::{TimeError, Zone};
use toml::{Table, Value};

use super::moment::{Moment, MomentError};
use super::template::{Template, TemplateError, nearest};

pub const MAPPING_BYTES_MAX: usize = 65_536;

/// The types a field of a fact may be given, as the mapping writes them.
pub const FIELD_TYPES: [&str; 4] = ["text", "number", "instant", "truth"];

const KEYS: [&str; 12] = [
    "source",
    "kind",
    "external_id",
    "capture",
    "who",
    "unknown_people",
    "document",
    "customer",
    "value",
    "time",
    "recorded",
    "fields",
];
const TIME_KEYS: [&str; 3] = ["text", "format", "zone"];
const FIELD_KEYS: [&str; 4] = ["text", "type", "format", "zone"];

/// Which column of a file means what.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The system whose external ids and identities these are.
    pub source: String,
    pub kind: Template,
    pub external_id: Template,
    pub capture: Capture,
    /// The identity, in the source, of who did it.
    pub who: Option<Template>,
    pub unknown_people: UnknownPeople,
    pub document: Option<Template>,
    pub customer: Option<Template>,
    pub value: Option<Template>,
    pub time: TimeMapping,
    pub recorded: Option<TimeMapping>,
    pub fields: BTreeMap<String, FieldMapping>,
}

/// What happens to a row whose identity belongs to nobody the company knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownPeople {
    /// The row is an error.
    Refuse,
    /// The fact is kept without an actor.
    Unassigned,
    /// A person of that name is added.
    Create,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TimeMapping {
    pub text: Template,
    pub moment: Moment,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FieldMapping {
    pub text: Template,
    pub field: FieldType,
}

/// As what a field's text is checked and normalised. It is stored as a text in any case.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    Text,
    /// The shortest decimal that reads back as the same number.
    Number,
    /// RFC 3339 in UTC.
    Instant(Moment),
    /// `true` or `false`.
    Truth,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("the mapping has {0} bytes: shorten it to at most {MAPPING_BYTES_MAX}")]
    TooLong(usize),
    #[error("the mapping is no TOML: {0}")]
    Syntax(String),
    #[error("the key {key} is unknown{}: use {allowed}", hint(.nearest.as_deref()))]
    UnknownKey { key: String, nearest: Option<String>, allowed: String },
    #[error("the key {key} is missing: add for example {example}")]
    Missing { key: String, example: &'static str },
    #[error("{key} is {found}: write for example {example}")]
    WrongType { key: String, found: &'static str, example: &'static str },
    #[error("{key} is {text:?}: use {choices}")]
    BadChoice { key: String, text: String, choices: &'static str },
    #[error(
        "{key} is {text:?}: use lower-case letters, digits, dots, dashes and underscores, beginning with a letter, \
         for example {example}"
    )]
    BadName { key: String, text: String, example: &'static str },
    #[error("{key}: {problem}")]
    Template { key: String, problem: TemplateError },
    #[error("{key}: {problem}")]
    Moment { key: String, problem: MomentError },
    #[error("{key}: {problem}")]
    Zone { key: String, problem: TimeError },
    #[error("{key} belongs to fields of type \"instant\" only: remove it, or set type = \"instant\"")]
    OnlyForInstants { key: String },
    #[error("the mapping has {0} fields: keep at most {ATTRIBUTES_MAX}")]
    TooManyFields(usize),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" (did you mean {nearest}?)")).unwrap_or_default()
}

impl Mapping {
    /// Parses and checks a mapping. Columns are checked later, against a file's header.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        if text.len() > MAPPING_BYTES_MAX {
            return Err(MappingError::TooLong(text.len()));
        }
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| MappingError::Syntax(error.to_string().trim_end().to_owned()))?;
        let section = Section { table: &table, path: "" };
        section.refuse_unknown_keys(&KEYS)?;

        let source = section.required_text("source", "source = \"helpdesk\"")?.to_owned();
        check_name("source", &source, "helpdesk")?;
        let kind = section.required_template("kind", "kind = \"ticket.event\"")?;
        if let Some(kind) = kind.constant() {
            check_name("kind", kind, "ticket.event")?;
        }
        let external_id = section.required_text("external_id", "external_id = \"{Case ID}/{occurrence}\"")?;
        let external_id = Template::parse_external_id(external_id)
            .map_err(|problem| MappingError::Template { key: "external_id".to_owned(), problem })?;
        let capture = section.required_text("capture", "capture = \"automatic\"")?;
        let capture = capture.parse().map_err(|_| MappingError::BadChoice {
            key: "capture".to_owned(),
            text: shortened(capture),
            choices: "\"automatic\", \"prefilled\" or \"typed\"",
        })?;
        let unknown_people = match section.text("unknown_people", "unknown_people = \"refuse\"")? {
            None | Some("refuse") => UnknownPeople::Refuse,
            Some("unassigned") => UnknownPeople::Unassigned,
            Some("create") => UnknownPeople::Create,
            Some(other) => {
                return Err(MappingError::BadChoice {
                    key: "unknown_people".to_owned(),
                    text: shortened(other),
                    choices: "\"refuse\", \"unassigned\" or \"create\"",
                });
            }
        };
        let example = "[time] with text = \"{Column}\" and zone = \"Asia/Shanghai\"";
        let time = section.table("time", example)?.ok_or(MappingError::Missing { key: "time".to_owned(), example })?;
        let time = Section { table: time, path: "time." };
        let time_zone = time.zone()?;
        let recorded = section.table("recorded", "[recorded] with text = \"{Column}\"")?;
        let recorded =
            recorded.map(|table| Section { table, path: "recorded." }.time_mapping(time_zone.as_ref())).transpose()?;
        let fields = match section.table("fields", "[fields] with activity = \"{Activity}\"")? {
            None => BTreeMap::new(),
            Some(table) if table.len() > ATTRIBUTES_MAX => return Err(MappingError::TooManyFields(table.len())),
            Some(table) => table
                .iter()
                .map(|(name, value)| Ok((name.clone(), field_mapping(name, value, time_zone.as_ref())?)))
                .collect::<Result<_, MappingError>>()?,
        };
        Ok(Self {
            source,
            kind,
            external_id,
            capture,
            who: section.template("who", "who = \"{Resource}\"")?,
            unknown_people,
            document: section.template("document", "document = \"{Case ID}\"")?,
            customer: section.template("customer", "customer = \"{customer}\"")?,
            value: section.template("value", "value = \"{amount}\"")?,
            time: time.time_mapping(None)?,
            recorded,
            fields,
        })
    }
}

fn field_mapping(name: &str, value: &Value, zone: Option<&Zone>) -> Result<FieldMapping, MappingError> {
    let key = format!("fields.{name}");
    check_name(&key, name, "activity")?;
    let example = "activity = \"{Activity}\", or amount = { text = \"{amount}\", type = \"number\" }";
    let template = |text| Template::parse(text).map_err(|problem| MappingError::Template { key: key.clone(), problem });
    let table = match value {
        Value::String(text) => return Ok(FieldMapping { text: template(text)?, field: FieldType::Text }),
        Value::Table(table) => table,
        other => return Err(MappingError::WrongType { key, found: found(other), example }),
    };
    let path = format!("{key}.");
    let section = Section { table, path: &path };
    section.refuse_unknown_keys(&FIELD_KEYS)?;
    let text = section.required_template("text", "text = \"{Column}\"")?;
    let field = match section.text("type", "type = \"number\"")? {
        None | Some("text") => FieldType::Text,
        Some("number") => FieldType::Number,
        Some("instant") => FieldType::Instant(section.moment(zone)?),
        Some("truth") => FieldType::Truth,
        Some(other) => {
            return Err(MappingError::BadChoice {
                key: format!("{key}.type"),
                text: shortened(other),
                choices: "\"text\", \"number\", \"instant\" or \"truth\"",
            });
        }
    };
    if !matches!(field, FieldType::Instant(_))
        && let Some(only) = ["format", "zone"].into_iter().find(|only| table.contains_key(*only))
    {
        return Err(MappingError::OnlyForInstants { key: format!("{key}.{only}") });
    }
    Ok(FieldMapping { text, field })
}

/// One table of the document; its path stands before every key that an error names.
struct Section<'a> {
    table: &'a Table,
    path: &'a str,
}

impl<'a> Section<'a> {
    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    fn refuse_unknown_keys(&self, allowed: &[&str]) -> Result<(), MappingError> {
        match self.table.keys().find(|key| !allowed.contains(&key.as_str())) {
            None => Ok(()),
            Some(unknown) => Err(MappingError::UnknownKey {
                key: self.key(&shortened(unknown)),
                nearest: nearest(unknown, allowed),
                allowed: allowed.join(", "),
            }),
        }
    }

    fn text(&self, name: &str, example: &'static str) -> Result<Option<&'a str>, MappingError> {
        match self.table.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(MappingError::WrongType { key: self.key(name), found: found(other), example }),
        }
    }

    fn required_text(&self, name: &str, example: &'static str) -> Result<&'a str, MappingError> {
        self.text(name, example)?.ok_or_else(|| MappingError::Missing { key: self.key(name), example })
    }

    fn template(&self, name: &str, example: &'static str) -> Result<Option<Template>, MappingError> {
        let parse =
            |text| Template::parse(text).map_err(|problem| MappingError::Template { key: self.key(name), problem });
        self.text(name, example)?.map(parse).transpose()
    }

    fn required_template(&self, name: &str, example: &'static str) -> Result<Template, MappingError> {
        self.template(name, example)?.ok_or_else(|| MappingError::Missing { key: self.key(name), example })
    }

    fn table(&self, name: &str, example: &'static str) -> Result<Option<&'a Table>, MappingError> {
        match self.table.get(name) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(table)),
            Some(other) => Err(MappingError::WrongType { key: self.key(name), found: found(other), example }),
        }
    }

    fn zone(&self) -> Result<Option<Zone>, MappingError> {
        let named = |name| Zone::named(name).map_err(|problem| MappingError::Zone { key: self.key("zone"), problem });
        self.text("zone", "zone = \"Asia/Shanghai\"")?.map(named).transpose()
    }

    /// `fallback` is the zone of the file's times, for a section that names none of its own.
    fn moment(&self, fallback: Option<&Zone>) -> Result<Moment, MappingError> {
        let zone = self.zone()?.or_else(|| fallback.cloned());
        let format = self.text("format", "format = \"%Y/%m/%d %H:%M:%S\"")?;
        Moment::new(format, zone).map_err(|problem| MappingError::Moment { key: self.key("format"), problem })
    }

    fn time_mapping(&self, fallback: Option<&Zone>) -> Result<TimeMapping, MappingError> {
        self.refuse_unknown_keys(&TIME_KEYS)?;
        Ok(TimeMapping {
            text: self.required_template("text", "text = \"{Complete Timestamp}\"")?,
            moment: self.moment(fallback)?,
        })
    }
}

fn check_name(key: &str, text: &str, example: &'static str) -> Result<(), MappingError> {
    if is_name(text) {
        Ok(())
    } else {
        Err(MappingError::BadName { key: shortened(key), text: shortened(text), example })
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) | Value::Float(_) => "a number without quotation marks",
        Value::Boolean(_) => "true or false without quotation marks",
        Value::Datetime(_) => "a date without quotation marks",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}
