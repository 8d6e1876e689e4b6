//! What a plugin asks to read, and the words in which an administrator grants it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::fact::is_name;
use crate::text::Localized;

pub const NEEDS_MAX: usize = 16;
pub const FIELDS_MAX: usize = 32;
/// About five years.
pub const WINDOW_DAYS_MAX: u32 = 1_830;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    Employee,
    Department,
    Customer,
    Company,
}

impl SubjectKind {
    pub const ALL: [Self; 4] = [Self::Employee, Self::Department, Self::Customer, Self::Company];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Department => "department",
            Self::Customer => "customer",
            Self::Company => "company",
        }
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for SubjectKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| format!("{text:?} is no subject kind: use employee, department, customer or company"))
    }
}

/// Whose facts come to a subject. See the plugin guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    Subject,
    Documents,
    Customers,
    Department,
    Company,
}

impl Scope {
    /// Scopes that reach other departments' facts are granted for the whole company or not at all.
    #[must_use]
    pub fn reaches_other_departments(self) -> bool {
        matches!(self, Self::Documents | Self::Customers | Self::Company)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    Number,
    Text,
    Instant,
    Truth,
}

impl ColumnType {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Instant => "instant",
            Self::Truth => "truth",
        }
    }
}

/// A column that a need asks for: an attribute of the fact, or an envelope name that begins with `@`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub column: ColumnType,
    /// A subject with a row that lacks a required field is not computable; the plugin never sees that row.
    pub required: bool,
}

/// Whole days in the company's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    PeriodAndBefore(u32),
    LastDays(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub kind: String,
    pub scope: Scope,
    pub window: Window,
    pub fields: Vec<Field>,
    pub reason: Localized,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    OnChange,
    Daily,
}

/// What one interface of a component asks for, given its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    pub subjects: Vec<SubjectKind>,
    pub needs: Vec<Need>,
    pub circumstances: Vec<String>,
    pub refresh: Refresh,
}

/// The envelope of a fact, as columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Fact,
    Actor,
    ActorDepartment,
    IsSubject,
    Document,
    Customer,
    Value,
    Day,
    RecordedAt,
    Capture,
    Revision,
}

impl Envelope {
    pub const ALL: [(&'static str, Self, ColumnType); 11] = [
        ("@fact", Self::Fact, ColumnType::Text),
        ("@actor", Self::Actor, ColumnType::Text),
        ("@actor-department", Self::ActorDepartment, ColumnType::Text),
        ("@is-subject", Self::IsSubject, ColumnType::Truth),
        ("@document", Self::Document, ColumnType::Text),
        ("@customer", Self::Customer, ColumnType::Text),
        ("@value", Self::Value, ColumnType::Number),
        ("@day", Self::Day, ColumnType::Instant),
        ("@recorded-at", Self::RecordedAt, ColumnType::Instant),
        ("@capture", Self::Capture, ColumnType::Text),
        ("@revision", Self::Revision, ColumnType::Number),
    ];

    #[must_use]
    pub fn named(name: &str) -> Option<(Self, ColumnType)> {
        Self::ALL.into_iter().find(|(known, ..)| *known == name).map(|(_, envelope, column)| (envelope, column))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementsError {
    #[error("no subject kind is named")]
    NoSubjects,
    #[error("{0} needs: at most {NEEDS_MAX}")]
    TooManyNeeds(usize),
    #[error("{0:?} is no fact kind: use lower-case letters, digits, dots and dashes")]
    BadKind(String),
    #[error("{count} fields in the need for {kind}: at most {FIELDS_MAX}")]
    TooManyFields { kind: String, count: usize },
    #[error("the field {name:?} in the need for {kind} is unknown: envelope names are {}", envelope_names())]
    UnknownEnvelope { kind: String, name: String },
    #[error("the field {name} is a {} column, not {}", .is.name(), .asked.name())]
    WrongType { name: String, is: ColumnType, asked: ColumnType },
    #[error("{0:?} is no field name")]
    BadField(String),
    #[error("the field {name:?} stands twice in the need for {kind}")]
    FieldTwice { kind: String, name: String },
    #[error("@is-subject has no meaning in the scope company, whose rows come once for all subjects")]
    NoSubjectThere,
    #[error("a window of {0} days: at most {WINDOW_DAYS_MAX}")]
    WindowTooLong(u32),
    #[error("{0:?} is no kind of circumstance")]
    BadCircumstance(String),
}

fn envelope_names() -> String {
    Envelope::ALL.map(|(name, ..)| name).join(" ")
}

impl Requirements {
    /// Over the document that is stored of them.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// Checks what a plugin answered. Nothing a plugin says is trusted.
    pub fn check(&self) -> Result<(), RequirementsError> {
        if self.subjects.is_empty() || self.subjects.len() > SubjectKind::ALL.len() {
            return Err(RequirementsError::NoSubjects);
        }
        if self.needs.len() > NEEDS_MAX {
            return Err(RequirementsError::TooManyNeeds(self.needs.len()));
        }
        if self.circumstances.len() > NEEDS_MAX {
            return Err(RequirementsError::TooManyNeeds(self.circumstances.len()));
        }
        if let Some(bad) = self.circumstances.iter().find(|kind| !is_name(kind)) {
            return Err(RequirementsError::BadCircumstance(bad.chars().take(80).collect()));
        }
        self.needs.iter().try_for_each(Need::check)
    }
}

impl Need {
    fn check(&self) -> Result<(), RequirementsError> {
        if !is_name(&self.kind) {
            return Err(RequirementsError::BadKind(self.kind.chars().take(80).collect()));
        }
        let kind = || self.kind.clone();
        if self.fields.len() > FIELDS_MAX {
            return Err(RequirementsError::TooManyFields { kind: kind(), count: self.fields.len() });
        }
        let (Window::PeriodAndBefore(days) | Window::LastDays(days)) = self.window;
        if days > WINDOW_DAYS_MAX {
            return Err(RequirementsError::WindowTooLong(days));
        }
        for (index, field) in self.fields.iter().enumerate() {
            field.check(&self.kind)?;
            if self.scope == Scope::Company && field.name == "@is-subject" {
                return Err(RequirementsError::NoSubjectThere);
            }
            if self.fields[..index].iter().any(|earlier| earlier.name == field.name) {
                return Err(RequirementsError::FieldTwice { kind: kind(), name: field.name.clone() });
            }
        }
        Ok(())
    }

    /// The attributes that the need asks for, without envelope names.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str()).filter(|name| !name.starts_with('@'))
    }

    /// The need as a sentence for the administrator who grants it.
    #[must_use]
    pub fn in_words(&self, language: &str) -> String {
        let chinese = language == "zh-CN";
        let fields = if self.fields.is_empty() {
            (if chinese { "仅时间" } else { "times only" }).to_owned()
        } else {
            self.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let scope = match (self.scope, chinese) {
            (Scope::Subject, false) => "of the person, department or customer that is scored",
            (Scope::Subject, true) => "被评对象本身的",
            (Scope::Documents, false) => "of everybody on the documents that the scored one took part in",
            (Scope::Documents, true) => "被评对象参与过的单据上所有人的",
            (Scope::Customers, false) => "on the customers that the scored one looks after",
            (Scope::Customers, true) => "被评对象负责客户的",
            (Scope::Department, false) => "of everybody in the department of the scored one",
            (Scope::Department, true) => "被评对象所在部门全员的",
            (Scope::Company, false) => "of the whole company",
            (Scope::Company, true) => "全公司的",
        };
        let window = match (self.window, chinese) {
            (Window::PeriodAndBefore(0), false) => "in the period".to_owned(),
            (Window::PeriodAndBefore(0), true) => "周期内".to_owned(),
            (Window::PeriodAndBefore(days), false) => format!("in the period and {days} days before it"),
            (Window::PeriodAndBefore(days), true) => format!("周期内及其前 {days} 天"),
            (Window::LastDays(days), false) => format!("in the last {days} days"),
            (Window::LastDays(days), true) => format!("最近 {days} 天"),
        };
        let reason = self.reason.get(language);
        if chinese {
            format!("读取{window}{scope}“{}”事实(字段:{fields})。用途:{reason}", self.kind)
        } else {
            format!("reads {} facts {scope}, {window} (fields: {fields}). Why: {reason}", self.kind)
        }
    }
}

impl Field {
    fn check(&self, kind: &str) -> Result<(), RequirementsError> {
        if self.name.starts_with('@') {
            return match Envelope::named(&self.name) {
                None => Err(RequirementsError::UnknownEnvelope {
                    kind: kind.to_owned(),
                    name: self.name.chars().take(80).collect(),
                }),
                Some((_, is)) if is != self.column => {
                    Err(RequirementsError::WrongType { name: self.name.clone(), is, asked: self.column })
                }
                Some(_) => Ok(()),
            };
        }
        if is_name(&self.name) {
            Ok(())
        } else {
            Err(RequirementsError::BadField(self.name.chars().take(80).collect()))
        }
    }
}
