//! What a plugin asks to read, and the handles by which it reads it.
//!
//! A plan names each fact kind and column once. The handles that it gets are positions, so that reading a row looks
//! up no name. The host runs the plan twice: when an administrator enables the plugin, to show and grant its needs,
//! and before a batch is scored.

use crate::bindings::types::daybreak::common::types::{self, ColumnType, Field, Requirements};
use crate::{Localized, Refresh, Scope, SubjectKind, Window, text};

/// One need: facts of one kind. Give it to [`Facts::of`](crate::Facts::of).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) need: u32,
    pub(crate) field: u32,
}

/// A column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub(crate) Slot);

/// A column of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub(crate) Slot);

/// A column of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub(crate) Slot);

/// A column of yes and no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth(pub(crate) Slot);

/// A question about a column of texts, asked once for each distinct text of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matching {
    pub(crate) slot: Slot,
    pub(crate) question: u32,
}

pub(crate) struct Question {
    pub(crate) slot: Slot,
    pub(crate) answer: Box<dyn Fn(&str) -> bool>,
}

/// Collects what a plugin asks for.
pub struct Needs {
    requirements: Requirements,
    pub(crate) questions: Vec<Question>,
}

impl Needs {
    pub(crate) fn new() -> Self {
        let requirements = Requirements {
            subjects: vec![SubjectKind::Employee],
            needs: Vec::new(),
            circumstances: Vec::new(),
            refresh: Refresh::OnChange,
        };
        Self { requirements, questions: Vec::new() }
    }

    /// Who can be scored; employees unless this says otherwise.
    pub fn subjects(&mut self, kinds: &[SubjectKind]) -> &mut Self {
        self.requirements.subjects = kinds.to_vec();
        self
    }

    /// When results can change: with the facts (unless this says otherwise), or also because a day has passed.
    pub fn refresh(&mut self, refresh: Refresh) -> &mut Self {
        self.requirements.refresh = refresh;
        self
    }

    /// The kind of circumstances that a reweighting plugin reacts to.
    pub fn circumstance(&mut self, kind: &str) -> &mut Self {
        self.requirements.circumstances.push(kind.to_owned());
        self
    }

    /// Begins a need for facts of one kind: the subject's own, in the period, without any column but the time.
    pub fn of(&mut self, kind: &str) -> NeedBuilder<'_> {
        self.requirements.needs.push(types::Need {
            kind: kind.to_owned(),
            scope: Scope::Subject,
            window: Window::PeriodAndBefore(0),
            fields: Vec::new(),
            reason: text("用于计算结果", "the result is computed from them"),
        });
        let need = self.requirements.needs.len() - 1;
        NeedBuilder { needs: self, need }
    }

    #[must_use]
    pub fn requirements(&self) -> &Requirements {
        &self.requirements
    }

    pub(crate) fn into_requirements(self) -> Requirements {
        self.requirements
    }
}

/// Describes one need and hands out its columns.
pub struct NeedBuilder<'n> {
    needs: &'n mut Needs,
    need: usize,
}

impl NeedBuilder<'_> {
    /// Whose facts come; see the plugin guide.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.asked().scope = scope;
        self
    }

    /// From when they come; see the plugin guide.
    #[must_use]
    pub fn window(mut self, window: Window) -> Self {
        self.asked().window = window;
        self
    }

    /// Why, for the administrator who grants it.
    #[must_use]
    pub fn because(mut self, reason: Localized) -> Self {
        self.asked().reason = reason;
        self
    }

    /// A column of numbers: an attribute, or `@value` or `@revision`.
    pub fn number(&mut self, name: &str) -> Number {
        Number(self.field(name, ColumnType::Number))
    }

    /// A column of texts: an attribute, or `@document`, `@customer`, `@actor` and so on.
    pub fn text(&mut self, name: &str) -> Text {
        Text(self.field(name, ColumnType::Text))
    }

    /// A column of instants: an attribute in RFC 3339, or `@recorded-at` or `@day`.
    pub fn moment(&mut self, name: &str) -> Moment {
        Moment(self.field(name, ColumnType::Instant))
    }

    /// A column of yes and no: an attribute that says `true` or `false`, or `@is-subject`.
    pub fn truth(&mut self, name: &str) -> Truth {
        Truth(self.field(name, ColumnType::Truth))
    }

    /// Asks a question about each distinct text of a column, once for each batch.
    pub fn matching(&mut self, column: Text, answer: impl Fn(&str) -> bool + 'static) -> Matching {
        self.needs.questions.push(Question { slot: column.0, answer: Box::new(answer) });
        Matching { slot: column.0, question: self.needs.questions.len() as u32 - 1 }
    }

    /// A subject with a row that lacks this column is not computable: the host says so and names the fact, and the
    /// plugin never sees the subject.
    pub fn require(&mut self, column: impl Into<Column>) {
        let Column(slot) = column.into();
        if let Some(field) = self.asked().fields.get_mut(slot.field as usize) {
            field.required = true;
        }
    }

    /// The handle of the need.
    #[must_use]
    pub fn done(self) -> Need {
        Need(self.need as u32)
    }

    fn asked(&mut self) -> &mut types::Need {
        &mut self.needs.requirements.needs[self.need]
    }

    /// A column that is asked for twice is one column.
    fn field(&mut self, name: &str, column: ColumnType) -> Slot {
        let need = self.need as u32;
        let fields = &mut self.asked().fields;
        let known = fields.iter().position(|field| field.name == name && field.column == column);
        let field = known.unwrap_or_else(|| {
            fields.push(Field { name: name.to_owned(), column, required: false });
            fields.len() - 1
        });
        Slot { need, field: field as u32 }
    }
}

/// Any column, whatever its type.
pub struct Column(Slot);

impl From<Number> for Column {
    fn from(Number(slot): Number) -> Self {
        Self(slot)
    }
}

impl From<Text> for Column {
    fn from(Text(slot): Text) -> Self {
        Self(slot)
    }
}

impl From<Moment> for Column {
    fn from(Moment(slot): Moment) -> Self {
        Self(slot)
    }
}

impl From<Truth> for Column {
    fn from(Truth(slot): Truth) -> Self {
        Self(slot)
    }
}
