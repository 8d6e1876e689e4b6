//! Indicators: what is measured, by which plugin, with which rules.

use daybreak_app::catalogue::KnownIndicator;
use daybreak_app::enable::IndicatorSetting;
use daybreak_app::install::ALWAYS;
use daybreak_domain::fact::NAME_BYTES_MAX;
use daybreak_domain::indicator::{CEILING_DEFAULT, Direction, Rules, UNIT_BYTES_MAX};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::problem::Problem;
use crate::requirements::{WireSubjectKind, from_view, parameters_json, parameters_view};
use crate::wire::{WireDay, WireText, check_plain};

mod list;
mod plan;
mod read;
mod set;

/// Most departments that one request names.
const DEPARTMENTS_MAX: usize = 1_000;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_indicators))
        .routes(routes!(read::read_indicator, set::set_indicator))
        .routes(routes!(plan::plan_indicator))
}

/// Which raw values are the better ones.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Direction)]
pub(crate) enum WireDirection {
    #[default]
    HigherIsBetter,
    LowerIsBetter,
}

impl From<Direction> for WireDirection {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::HigherIsBetter => Self::HigherIsBetter,
            Direction::LowerIsBetter => Self::LowerIsBetter,
        }
    }
}

impl From<WireDirection> for Direction {
    fn from(direction: WireDirection) -> Self {
        match direction {
            WireDirection::HigherIsBetter => Self::HigherIsBetter,
            WireDirection::LowerIsBetter => Self::LowerIsBetter,
        }
    }
}

/// An indicator in its newest definition.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub(crate) struct IndicatorView {
    id: String,
    title: WireText,
    /// Who is scored.
    subject_kind: WireSubjectKind,
    direction: WireDirection,
    /// Of raw values.
    unit: String,
    /// Most points that a score can have.
    ceiling: f64,
    plugin: String,
    /// What the plugin is told.
    #[schema(value_type = Object)]
    parameters: Value,
    /// The first day of the definition; absent where it holds for all of history.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
}

impl From<&KnownIndicator> for IndicatorView {
    fn from(known: &KnownIndicator) -> Self {
        let definition = &known.definition;
        let parameters = known.parameters.as_ref().map_or("{}", |(_, known)| &known.parameters_json);
        Self {
            id: definition.indicator.clone(),
            title: (&definition.title).into(),
            subject_kind: definition.subject_kind.into(),
            direction: definition.rules.direction.into(),
            unit: definition.rules.unit.clone(),
            ceiling: definition.rules.ceiling,
            plugin: definition.plugin.clone(),
            parameters: parameters_view(parameters),
            from: from_view(definition.from),
        }
    }
}

/// An indicator as an administrator sets it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IndicatorSetting)]
pub(super) struct IndicatorDraft {
    title: WireText,
    #[serde(default)]
    #[schema(required = false)]
    subject_kind: WireSubjectKind,
    #[serde(default)]
    #[schema(required = false)]
    direction: WireDirection,
    #[serde(default)]
    #[schema(required = false, max_length = 32, example = "h")]
    unit: String,
    #[schema(minimum = 1, maximum = 1000, default = 120)]
    ceiling: Option<f64>,
    /// The name of an installed plugin.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "time-to-resolve")]
    plugin: String,
    /// As the plugin's schema says.
    #[serde(default)]
    #[schema(required = false, value_type = Object)]
    parameters: Map<String, Value>,
    /// The first day; without it, it holds for all of history.
    from: Option<WireDay>,
    /// The departments for which it is enabled; none: the whole company.
    #[serde(default)]
    #[schema(required = false, max_items = 1000)]
    departments: Vec<String>,
    /// Grant the plugin what the plan says. The plan itself takes no notice of it.
    #[serde(default)]
    #[schema(required = false)]
    grant: bool,
}

impl IndicatorDraft {
    fn setting(self, id: String) -> Result<IndicatorSetting, Problem> {
        check_plain("The plugin", &self.plugin, NAME_BYTES_MAX)?;
        check_plain("The unit", &self.unit, UNIT_BYTES_MAX)?;
        if self.departments.len() > DEPARTMENTS_MAX {
            return Err(Problem::refused(format!("Name at most {DEPARTMENTS_MAX} departments, or none for all.")));
        }
        Ok(IndicatorSetting {
            id,
            title: self.title.read()?,
            subject_kind: self.subject_kind.into(),
            rules: Rules {
                direction: self.direction.into(),
                unit: self.unit,
                ceiling: self.ceiling.unwrap_or(CEILING_DEFAULT),
            },
            plugin: self.plugin,
            parameters_json: parameters_json(&self.parameters)?,
            from: self.from.map_or(ALWAYS, |day| day.0),
            departments: self.departments,
        })
    }
}
