//! Conditions, and the columns that they read.
//!
//! A field is asked for once, as one type: as a number if anything compares or adds it, else as a text. Envelope
//! fields have the type that the host gives them.

use std::collections::BTreeSet;

use daybreak_sdk::{Matching, Moment, NeedBuilder, Number, Row, Text, Truth};

use crate::parameters::{self, Parameters};

/// One condition, ready to be asked of each row.
pub enum Condition {
    Texts { column: Text, one_of: Option<Matching>, not: Option<Matching>, present: Option<bool> },
    Numbers { column: Number, one_of: Option<Vec<f64>>, not: Option<f64>, least: f64, most: f64, present: Option<bool> },
    Truths { column: Truth, expected: bool },
    Instants { column: Moment, present: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Truth,
    Instant,
}

/// Decides as which type each field is read.
pub struct Columns {
    numbers: BTreeSet<String>,
}

impl Columns {
    pub fn new(parameters: &Parameters) -> Self {
        let conditions = parameters.conditions.iter().chain(&parameters.share_of);
        let compared = conditions.filter(|condition| condition.is_about_numbers()).map(|condition| &condition.field);
        let added = parameters.field.iter().filter(|_| parameters.measure.reads_numbers());
        Self { numbers: compared.chain(added).cloned().collect() }
    }

    pub fn number(&self, field: &str, facts: &mut NeedBuilder<'_>) -> Result<Number, String> {
        match self.kind_of(field) {
            Kind::Number => Ok(facts.number(field)),
            kind => Err(format!("field: {field} is a column of {}, not of numbers", kind.name())),
        }
    }

    pub fn text(&self, field: &str, facts: &mut NeedBuilder<'_>) -> Result<Text, String> {
        match self.kind_of(field) {
            Kind::Text => Ok(facts.text(field)),
            kind => Err(format!("field: {field} is read as {}, so its different texts cannot be counted", kind.name())),
        }
    }

    pub fn conditions(
        &self,
        settings: &[parameters::Condition],
        facts: &mut NeedBuilder<'_>,
    ) -> Result<Vec<Condition>, String> {
        settings.iter().map(|setting| self.condition(setting, facts)).collect()
    }

    fn condition(&self, setting: &parameters::Condition, facts: &mut NeedBuilder<'_>) -> Result<Condition, String> {
        let field = setting.field.as_str();
        let kind = self.kind_of(field);
        if setting.is_about_numbers() && kind != Kind::Number {
            return Err(format!("the condition on {field} compares numbers, but it is a column of {}", kind.name()));
        }
        // One list of allowed texts says both "equals" and "is one of".
        let allowed = match (&setting.equals, &setting.one_of) {
            (Some(equals), Some(list)) => Some(list.iter().filter(|word| *word == equals).cloned().collect()),
            (Some(equals), None) => Some(vec![equals.clone()]),
            (None, list) => list.clone(),
        };
        let present = setting.present;
        match kind {
            Kind::Text => {
                let column = facts.text(field);
                let one_of = allowed.map(|allowed: Vec<String>| {
                    facts.matching(column, move |word| allowed.iter().any(|it| it == word))
                });
                let not = setting.not_equals.clone();
                let not = not.map(|refused| facts.matching(column, move |word| word == refused));
                Ok(Condition::Texts { column, one_of, not, present })
            }
            Kind::Number => {
                let read = |word: &String| {
                    word.trim().parse::<f64>().map_err(|_| format!("the condition on {field}: {word:?} is no number"))
                };
                let one_of = allowed.map(|allowed| allowed.iter().map(read).collect::<Result<_, _>>()).transpose()?;
                let not = setting.not_equals.as_ref().map(read).transpose()?;
                let least = setting.at_least.unwrap_or(f64::NEG_INFINITY);
                let most = setting.at_most.unwrap_or(f64::INFINITY);
                Ok(Condition::Numbers { column: facts.number(field), one_of, not, least, most, present })
            }
            Kind::Truth => {
                let expected = match (allowed.as_deref(), setting.not_equals.as_deref(), present) {
                    (Some([word]), None, None) => word.parse::<bool>(),
                    (None, Some(word), None) => word.parse::<bool>().map(|refused| !refused),
                    _ => return Err(format!("the condition on {field}: give equals or not_equals, true or false")),
                };
                let expected = expected.map_err(|_| format!("the condition on {field}: say true or false"))?;
                Ok(Condition::Truths { column: facts.truth(field), expected })
            }
            Kind::Instant => match (allowed, &setting.not_equals, present) {
                (None, None, Some(present)) => Ok(Condition::Instants { column: facts.moment(field), present }),
                _ => Err(format!("the condition on {field}: instants can only be present or absent")),
            },
        }
    }

    fn kind_of(&self, field: &str) -> Kind {
        match field {
            "@value" | "@revision" => Kind::Number,
            "@is-subject" => Kind::Truth,
            "@day" | "@recorded-at" => Kind::Instant,
            _ if field.starts_with('@') => Kind::Text,
            _ if self.numbers.contains(field) => Kind::Number,
            _ => Kind::Text,
        }
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Text => "texts",
            Self::Truth => "yes and no",
            Self::Instant => "instants",
        }
    }
}

impl Condition {
    pub fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Self::Texts { column, one_of, not, present } => {
                one_of.is_none_or(|allowed| row.matches(allowed))
                    && !not.is_some_and(|refused| row.matches(refused))
                    && present.is_none_or(|present| row.text(*column).is_some() == present)
            }
            Self::Numbers { column, one_of, not, least, most, present } => {
                let number = row.number(*column);
                let compared = *least > f64::NEG_INFINITY || *most < f64::INFINITY;
                (!compared || number.is_some_and(|number| *least <= number && number <= *most))
                    && one_of.as_ref().is_none_or(|allowed| number.is_some_and(|number| allowed.contains(&number)))
                    && (not.is_none() || number != *not)
                    && present.is_none_or(|present| number.is_some() == present)
            }
            Self::Truths { column, expected } => row.truth(*column) == Some(*expected),
            Self::Instants { column, present } => row.moment(*column).is_some() == *present,
        }
    }
}
