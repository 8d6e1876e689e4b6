//! Somebody's growth map: scores over months, what they did, gave and got, the crises they took part in, and where they
//! stand by dimension. How often it is looked at stands in `growth/views.rs`.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::circumstance::{CRISIS, Cause};
use daybreak_domain::company::Company;
use daybreak_domain::composite::{CompositeOutcome, Points};
use daybreak_domain::period::Period;
use daybreak_domain::recognition;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_storage::{CircumstanceQuery, Definition, MonthPoints, MonthScore};

use crate::day::month_before;
use crate::recognition::Recognised;
use crate::{AppError, Daybreak};

mod views;

pub use views::{SelfViewWeek, VIEW_WEEKS, ViewCounted, WEEKS_MAX, WeekViews};

/// Most months of one map.
pub const MONTHS_MAX: usize = 36;

/// Most things that a map shows besides scores; whoever wants older ones asks for earlier days.
pub const EVENTS_MAX: u32 = 200;

/// Most crises of one map.
pub const CRISES_MAX: u32 = 50;

/// Months before that the newest one is compared with.
const BEFORE: usize = 3;

#[derive(Clone, Debug, PartialEq)]
pub struct GrowthMap {
    pub person: String,
    /// Both included.
    pub from: Day,
    pub to: Day,
    /// Those with a score in these months, by id.
    pub indicators: Vec<Definition>,
    /// In order.
    pub months: Vec<GrowthMonth>,
    /// The newest first.
    pub events: Vec<Recognised>,
    /// There are older ones than those.
    pub events_left: bool,
    /// Those that began last first.
    pub crises: Vec<GrowthCrisis>,
    pub radar: Radar,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GrowthMonth {
    pub month: Period,
    pub composite: Option<GrowthComposite>,
    /// By indicator.
    pub scores: Vec<GrowthScore>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GrowthComposite {
    pub sequence: i64,
    pub points: Points,
    /// Millionths.
    pub coverage: u32,
    /// Against the month before; none where there is nothing to compare.
    pub change: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GrowthScore {
    pub score: MonthScore,
    /// Of the points, against the month before; none where there is nothing to compare.
    pub change: Option<f64>,
}

/// The days on which a crisis held for the person.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthCrisis {
    pub circumstance: String,
    pub from: Day,
    /// The day from which it no longer holds.
    pub until: Option<Day>,
    pub task: Option<String>,
    pub reason: String,
}

/// Where the person stands by dimension, beside the months before.
#[derive(Clone, Debug, PartialEq)]
pub struct Radar {
    pub month: Period,
    /// In order.
    pub before: Vec<Period>,
    /// As the scorecard orders them.
    pub dimensions: Vec<RadarDimension>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RadarDimension {
    pub dimension: String,
    pub title: Option<Localized>,
    /// None where the month has no composite with this dimension.
    pub points: Option<Points>,
    /// The mean of those months before that have points; none where none has.
    pub before: Option<f64>,
}

impl Daybreak {
    /// The person's growth map from one day to another, both included. Days in more than [`MONTHS_MAX`] months are refused.
    pub async fn growth_map(&self, company: &Company, person: &str, from: Day, to: Day) -> Result<GrowthMap, AppError> {
        let bad_days = || AppError::BadMapDays { from, to, most: MONTHS_MAX };
        let during = Period::new(from, to.plus(1)).map_err(|_| bad_days())?;
        let months = months_of(during);
        if months.len() > MONTHS_MAX {
            return Err(bad_days());
        }
        let stamp = self.store.day_stamp(&company.id, person).await?;
        if !stamp.is_known {
            return Err(AppError::Unknown { what: "person", id: person.chars().take(80).collect() });
        }
        let newest = Period::month_of(to.min(self.today(company)));
        let mut before: Vec<Period> =
            std::iter::successors(Some(month_before(newest)), |month| Some(month_before(*month)))
                .take(BEFORE)
                .collect();
        before.reverse();
        // One month more, to compare the first one with.
        let mut wanted: BTreeSet<Period> = months.iter().copied().chain(before.iter().copied()).collect();
        wanted.extend([newest, month_before(months.first().copied().unwrap_or(newest))]);
        let wanted: Vec<Period> = wanted.into_iter().collect();

        let composites = self.growth_composites(company, person, &wanted, stamp.sequence).await?;
        let radar = self.radar(company, newest, before, &composites).await?;
        let (indicators, scores) = self.growth_scores(company, person, &wanted, &months, stamp.sequence).await?;
        let most = EVENTS_MAX + 1;
        let span = during.span(&company.zone);
        let mut events = self.recognised(company, person, span, &recognition::KINDS, most).await?;
        let events_left = events.len() > EVENTS_MAX as usize;
        events.truncate(EVENTS_MAX as usize);
        let growth_month = |month: Period| {
            let earlier = composites.get(&month_before(month)).and_then(|(stored, _)| stored.points);
            let composite = composites.get(&month).map(|(stored, outcome)| GrowthComposite {
                sequence: stored.sequence,
                points: outcome.points().clone(),
                coverage: stored.coverage,
                change: stored.points.zip(earlier).map(|(points, earlier)| points - earlier),
            });
            let of_month = scores.iter().filter(|((scored, _), _)| *scored == month);
            let scores = of_month.map(|((_, indicator), score)| {
                let earlier = scores.get(&(month_before(month), indicator.clone())).and_then(|score| score.points);
                let change = score.points.zip(earlier).map(|(points, earlier)| points - earlier);
                GrowthScore { score: score.clone(), change }
            });
            GrowthMonth { month, composite, scores: scores.collect() }
        };
        Ok(GrowthMap {
            person: person.to_owned(),
            from,
            to,
            indicators,
            months: months.into_iter().map(growth_month).collect(),
            events,
            events_left,
            crises: self.crises_of(company, person, during).await?,
            radar,
        })
    }

    async fn growth_composites(
        &self,
        company: &Company,
        person: &str,
        months: &[Period],
        known_to: i64,
    ) -> Result<BTreeMap<Period, (MonthPoints, CompositeOutcome)>, AppError> {
        let found = self.store.composites_of_months(&company.id, &[person], months, known_to).await?;
        let sequences: Vec<i64> = found.iter().map(|composite| composite.sequence).collect();
        let mut outcomes = self.store.composite_outcomes(&company.id, &sequences).await?;
        let composite = |stored: MonthPoints| {
            let outcome = outcomes.remove(&stored.sequence)?;
            Some((stored.month, (stored, outcome)))
        };
        Ok(found.into_iter().filter_map(composite).collect())
    }

    /// The scores by month and indicator, and the definitions of those with one in the months that are shown.
    async fn growth_scores(
        &self,
        company: &Company,
        person: &str,
        wanted: &[Period],
        shown: &[Period],
        known_to: i64,
    ) -> Result<(Vec<Definition>, BTreeMap<(Period, String), MonthScore>), AppError> {
        let mut definitions = self.store.definitions(&company.id).await?;
        definitions.retain(|definition| definition.subject_kind == SubjectKind::Employee);
        let indicators: Vec<&str> = definitions.iter().map(|definition| definition.indicator.as_str()).collect();
        let scores = self.store.scores_of_months(&company.id, person, &indicators, wanted, known_to).await?;
        let scored: BTreeSet<String> =
            scores.iter().filter(|score| shown.contains(&score.month)).map(|score| score.indicator.clone()).collect();
        definitions.retain(|definition| scored.contains(&definition.indicator));
        definitions.sort_by(|one, other| one.indicator.cmp(&other.indicator));
        let scores = scores.into_iter().map(|score| ((score.month, score.indicator.clone()), score));
        Ok((definitions, scores.collect()))
    }

    async fn radar(
        &self,
        company: &Company,
        month: Period,
        before: Vec<Period>,
        composites: &BTreeMap<Period, (MonthPoints, CompositeOutcome)>,
    ) -> Result<Radar, AppError> {
        let dimensions_of = |month: &Period| match composites.get(month) {
            Some((_, CompositeOutcome::Month(composite))) => composite.dimensions.as_slice(),
            Some((_, CompositeOutcome::Months(_))) | None => &[],
        };
        // The month's own scorecard, or that of the latest month before it.
        let latest = before.iter().chain([&month]).rev().find(|month| !dimensions_of(month).is_empty());
        let scorecard = match latest.and_then(|month| composites.get(month)) {
            Some((latest, _)) => {
                let stored = self.store.composite(&company.id, latest.sequence).await?;
                self.scorecard_of(company, stored.as_ref()).await?
            }
            None => None,
        };
        let mut order: Vec<(String, Option<Localized>)> = scorecard
            .into_iter()
            .flat_map(|scorecard| scorecard.dimensions)
            .map(|dimension| (dimension.id, Some(dimension.title)))
            .collect();
        for dimension in dimensions_of(&month) {
            if order.iter().all(|(known, _)| *known != dimension.dimension) {
                order.push((dimension.dimension.clone(), None));
            }
        }
        let points_of = |month: &Period, id: &str| {
            dimensions_of(month).iter().find(|dimension| dimension.dimension == id).map(|dimension| &dimension.points)
        };
        let dimensions = order.into_iter().map(|(id, title)| {
            let earlier: Vec<f64> = before
                .iter()
                .filter_map(|month| match points_of(month, &id) {
                    Some(Points::Computed { points }) => Some(*points),
                    Some(Points::NotComputable { .. }) | None => None,
                })
                .collect();
            let sum: f64 = earlier.iter().sum();
            let mean = (!earlier.is_empty()).then(|| sum / earlier.len() as f64);
            RadarDimension { points: points_of(&month, &id).cloned(), dimension: id, title, before: mean }
        });
        let dimensions = dimensions.collect();
        Ok(Radar { month, before, dimensions })
    }

    async fn crises_of(&self, company: &Company, person: &str, during: Period) -> Result<Vec<GrowthCrisis>, AppError> {
        let query = CircumstanceQuery {
            kind: Some(CRISIS.to_owned()),
            person: Some(person.to_owned()),
            during: Some(during),
            most: CRISES_MAX,
            ..CircumstanceQuery::default()
        };
        let found = self.store.circumstances_matching(&company.id, &query).await?;
        let crisis = |stored: daybreak_storage::StoredCircumstance| {
            let circumstance = stored.circumstance;
            let (from, until) = circumstance.days_of(person)?;
            let task = match circumstance.cause {
                Cause::Task(task) => Some(task),
                Cause::Person(_) => None,
            };
            Some(GrowthCrisis { circumstance: circumstance.id, from, until, task, reason: circumstance.reason })
        };
        Ok(found.into_iter().filter_map(crisis).collect())
    }
}

/// The months that the days lie in, in order.
fn months_of(during: Period) -> Vec<Period> {
    let last = Period::month_of(during.last());
    let months = std::iter::successors(Some(Period::month_of(during.first())), |month| {
        (*month != last).then(|| Period::month_of(month.end()))
    });
    // One more than is allowed is enough to see that there are too many.
    months.take(MONTHS_MAX + 1).collect()
}
