//! What plugins ask to read, as whoever grants it sees it; and the words that plugins and their uses share.

use daybreak_domain::plugin::{ComponentRecord, PluginKind};
use daybreak_domain::requirements::{Need, Refresh, Requirements, Scope, SubjectKind, Window};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::{Text, WireDay, WireText};

/// Who or what is scored or watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = SubjectKind)]
pub(crate) enum WireSubjectKind {
    #[default]
    Employee,
    Department,
    Customer,
    Company,
}

impl From<SubjectKind> for WireSubjectKind {
    fn from(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Employee => Self::Employee,
            SubjectKind::Department => Self::Department,
            SubjectKind::Customer => Self::Customer,
            SubjectKind::Company => Self::Company,
        }
    }
}

impl From<WireSubjectKind> for SubjectKind {
    fn from(kind: WireSubjectKind) -> Self {
        match kind {
            WireSubjectKind::Employee => Self::Employee,
            WireSubjectKind::Department => Self::Department,
            WireSubjectKind::Customer => Self::Customer,
            WireSubjectKind::Company => Self::Company,
        }
    }
}

/// What a plugin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginKind)]
pub(crate) enum WirePluginKind {
    Indicator,
    Insight,
    Reweighting,
    Assistant,
}

impl From<PluginKind> for WirePluginKind {
    fn from(kind: PluginKind) -> Self {
        match kind {
            PluginKind::Indicator => Self::Indicator,
            PluginKind::Insight => Self::Insight,
            PluginKind::Reweighting => Self::Reweighting,
            PluginKind::Assistant => Self::Assistant,
        }
    }
}

/// Whose facts come.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = FactScope)]
pub(crate) enum WireScope {
    /// Those of whoever is scored.
    Subject,
    /// Those of everybody on the documents that the scored one took part in.
    Documents,
    /// Those on the customers that the scored one looks after.
    Customers,
    /// Those of everybody in the department of the scored one.
    Department,
    Company,
}

impl From<Scope> for WireScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Subject => Self::Subject,
            Scope::Documents => Self::Documents,
            Scope::Customers => Self::Customers,
            Scope::Department => Self::Department,
            Scope::Company => Self::Company,
        }
    }
}

/// The days whose facts come.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = FactWindow)]
pub(crate) enum WireWindow {
    /// Those of the period, and so many before it.
    PeriodAndBefore(u32),
    /// So many days, the day of assessment being the last one.
    LastDays(u32),
}

impl From<Window> for WireWindow {
    fn from(window: Window) -> Self {
        match window {
            Window::PeriodAndBefore(days) => Self::PeriodAndBefore(days),
            Window::LastDays(days) => Self::LastDays(days),
        }
    }
}

/// One kind of facts that a plugin reads.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Need)]
pub(crate) struct NeedView {
    /// The kind of facts.
    kind: String,
    scope: WireScope,
    window: WireWindow,
    fields: Vec<FieldView>,
    /// Why the plugin reads them, in its own words.
    reason: WireText,
    /// All of this as one sentence.
    words: WireText,
}

/// A field of facts that a plugin reads. Names that begin with `@` are those that every fact has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NeededField)]
pub(crate) struct FieldView {
    name: String,
    /// `number`, `text`, `instant` or `truth`.
    #[serde(rename = "type")]
    column: &'static str,
    /// Nothing is scored of whom a fact lacks it.
    required: bool,
}

impl From<&Need> for NeedView {
    fn from(need: &Need) -> Self {
        let field = |field: &daybreak_domain::requirements::Field| FieldView {
            name: field.name.clone(),
            column: field.column.name(),
            required: field.required,
        };
        Self {
            kind: need.kind.clone(),
            scope: need.scope.into(),
            window: need.window.into(),
            fields: need.fields.iter().map(field).collect(),
            reason: (&need.reason).into(),
            words: (&Localized::new(need.in_words("zh-CN"), need.in_words("en"))).into(),
        }
    }
}

/// What a plugin reads. It receives nothing else.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Requirements)]
pub(crate) struct RequirementsView {
    /// Whom it can score or watch.
    subject_kinds: Vec<WireSubjectKind>,
    reads: Vec<NeedView>,
    /// The kinds of circumstances of which it is told.
    circumstances: Vec<String>,
    /// It is asked every day, not only when facts change.
    daily: bool,
}

impl From<&Requirements> for RequirementsView {
    fn from(requirements: &Requirements) -> Self {
        Self {
            subject_kinds: requirements.subjects.iter().map(|kind| (*kind).into()).collect(),
            reads: requirements.needs.iter().map(NeedView::from).collect(),
            circumstances: requirements.circumstances.clone(),
            daily: requirements.refresh == Refresh::Daily,
        }
    }
}

/// What one version of a plugin would read.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VersionPlan)]
pub(crate) struct VersionPlanView {
    plugin: String,
    title: WireText,
    version: String,
    /// The SHA-256 of the component.
    component: String,
    requirements: RequirementsView,
}

impl VersionPlanView {
    pub(crate) fn new(component: &ComponentRecord, requirements: &Requirements) -> Self {
        Self {
            plugin: component.manifest.name.clone(),
            title: (&component.manifest.title).into(),
            version: component.manifest.version.clone(),
            component: component.digest.to_string(),
            requirements: requirements.into(),
        }
    }
}

/// What would be granted. Nothing was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GrantPlan)]
pub(crate) struct GrantPlanView {
    /// Whether it can be set without `grant`.
    grant_needed: bool,
    /// Every version of the plugin that is in use on the first day or later.
    versions: Vec<VersionPlanView>,
}

impl GrantPlanView {
    pub(crate) fn new<'a>(versions: impl Iterator<Item = (&'a ComponentRecord, &'a Requirements)>) -> Self {
        let (mut grant_needed, mut views) = (false, Vec::new());
        for (component, requirements) in versions {
            grant_needed |= reads_anything(requirements);
            views.push(VersionPlanView::new(component, requirements));
        }
        Self { grant_needed, versions: views }
    }

    /// Fails where something would be granted and the caller did not say so.
    pub(crate) fn check(&self, granted: bool) -> Result<(), Problem> {
        if granted || !self.grant_needed { Ok(()) } else { Err(grant_first("send grant: true")) }
    }
}

pub(crate) fn reads_anything(requirements: &Requirements) -> bool {
    !requirements.needs.is_empty() || !requirements.circumstances.is_empty()
}

/// The answer where something would be granted that nobody granted.
pub(crate) fn grant_first(how: &str) -> Problem {
    Problem::refused(format!(
        "A plugin asks to read facts or circumstances, and nothing was changed. The plan says which and why; to grant it, \
         {how}."
    ))
}

/// Parameters as JSON, in the form in which the host keeps them.
pub(crate) fn parameters_json(parameters: &Map<String, Value>) -> Result<String, Problem> {
    serde_json::to_string(parameters).map_err(|error| Problem::refused(format!("The parameters: {error}.")))
}

/// What the host keeps as JSON, as the object that it is.
pub(crate) fn parameters_view(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// The day from which something holds; none where it holds for all of history.
pub(crate) fn from_view(from: Day) -> Option<WireDay> {
    (from > daybreak_app::install::ALWAYS).then_some(Text(from))
}
