//! Scorecards: which indicators count how much, for whom; and which part of the shares must be computable.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_app::stored::ScorecardRevision;
use daybreak_domain::scorecard::Place;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::requirements::from_view;
use crate::wire::{Text, WireDay, WireInstant, WireText};

mod end;
mod list;
mod read;
mod read_minimum_coverage;
mod set;
mod set_minimum_coverage;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_scorecards))
        .routes(routes!(read::read_scorecard, set::set_scorecard, end::end_scorecard))
        .routes(routes!(read_minimum_coverage::read_minimum_coverage, set_minimum_coverage::set_minimum_coverage))
}

/// For whom a scorecard is. Of several, the most particular one counts: employees, position, the nearest department,
/// company.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schema(as = ScorecardPlace)]
pub(super) enum WirePlace {
    /// Everybody who has no other one.
    Company,
    /// The people of the department, and of those below it that have none of their own.
    Department(String),
    Position(String),
    /// By id: 1 to 1,000.
    Employees(BTreeSet<String>),
}

impl From<WirePlace> for Place {
    fn from(place: WirePlace) -> Self {
        match place {
            WirePlace::Company => Self::Company,
            WirePlace::Department(department) => Self::Department(department),
            WirePlace::Position(position) => Self::Position(position),
            WirePlace::Employees(employees) => Self::Employees(employees),
        }
    }
}

/// A group of indicators.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Dimension)]
pub(super) struct WireDimension {
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "results")]
    id: String,
    title: WireText,
}

/// How much an indicator counts.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScorecardEntry)]
pub(super) struct WireEntry {
    indicator: String,
    /// One of the scorecard's dimensions.
    dimension: String,
    /// Millionths; those of a scorecard total exactly 1,000,000. Zero on trial.
    #[serde(default)]
    #[schema(required = false, minimum = 0, maximum = 1_000_000, example = 150_000)]
    share: u32,
    /// Nothing changes its share meanwhile.
    #[serde(default)]
    #[schema(required = false)]
    locked: bool,
    /// It is computed like any other, and counts nowhere.
    #[serde(default)]
    #[schema(required = false)]
    trial: bool,
}

/// A scorecard in the revision that is in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Scorecard)]
pub(super) struct ScorecardView {
    id: String,
    /// The number of the row that says so; composites name it.
    revision: i64,
    title: WireText,
    place: WirePlace,
    dimensions: Vec<WireDimension>,
    indicators: Vec<WireEntry>,
    /// The first day; absent: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
    set_at: WireInstant,
    /// The person who signed the shares, where a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<String>,
    /// What takes its place, where something was signed for later. Setting the scorecard from an earlier day on replaces that too.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<NextRevisionView>,
}

/// The next revision of a scorecard.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ScorecardToCome)]
struct NextRevisionView {
    revision: i64,
    /// The first day.
    from: WireDay,
    /// It takes the scorecard out of use.
    ends: bool,
}

/// By the scorecard's id.
type NextRevisions = BTreeMap<String, ScorecardRevision>;

impl ScorecardView {
    /// As the caller may see it: of the employees whom it names, those in reach on the day.
    fn of(caller: &Caller, revision: &ScorecardRevision, next: &NextRevisions, on: Day) -> Self {
        let scorecard = &revision.scorecard;
        let place = match &scorecard.place {
            Place::Company => WirePlace::Company,
            Place::Department(department) => WirePlace::Department(department.clone()),
            Place::Position(position) => WirePlace::Position(position.clone()),
            Place::Employees(employees) => {
                let in_reach = employees.iter().filter(|employee| caller.covers_person(employee, on));
                WirePlace::Employees(in_reach.cloned().collect())
            }
        };
        let dimensions = scorecard.dimensions.iter();
        let entries = scorecard.entries.iter();
        Self {
            id: scorecard.id.clone(),
            revision: revision.sequence,
            title: (&scorecard.title).into(),
            place,
            dimensions: dimensions
                .map(|known| WireDimension { id: known.id.clone(), title: (&known.title).into() })
                .collect(),
            indicators: entries
                .map(|known| WireEntry {
                    indicator: known.indicator.clone(),
                    dimension: known.dimension.clone(),
                    share: known.share,
                    locked: known.locked,
                    trial: known.trial,
                })
                .collect(),
            from: from_view(revision.from),
            set_at: Text(revision.recorded_at),
            set_by: revision.recorded_by.clone(),
            next: next.get(&scorecard.id).map(|next| NextRevisionView {
                revision: next.sequence,
                from: Text(next.from),
                ends: next.ended,
            }),
        }
    }
}

/// On which day.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OnQuery {
    /// In force on this day; today if absent.
    on: Option<WireDay>,
}

impl OnQuery {
    fn day(&self, caller: &Caller) -> Day {
        self.on.map_or_else(|| caller.today(), |day| day.0)
    }
}

/// The scorecards in force on the day that the caller may see: all of them, or their own and those of their line.
async fn in_sight(caller: &Caller, on: Day) -> Result<Vec<ScorecardRevision>, Problem> {
    let mut in_force = caller.daybreak.scorecards_in_force(&caller.company, on).await?;
    if !caller.reads_setup() {
        let line = caller.line(on);
        let own = caller.daybreak.scorecards_of(&caller.company, &in_force, &line, on).await?;
        in_force.retain(|revision| own.contains(&revision.scorecard.id));
    }
    Ok(in_force)
}

/// From which day on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FromQuery {
    /// The first day on which it is no longer in use; today if absent.
    from: Option<WireDay>,
}
