//! What a company has set up, for whoever shows it. Reading only: each thing is set where its rules are.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::company::Company;
use daybreak_domain::scorecard::Standing;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_storage::{
    Definition, GoalInForce, GoalQuery, ParametersRevision, Permission, Pin, ScorecardRevision, StoredAdjustment,
    StoredFault,
};

use crate::shares::revisions_on;
use crate::{AppError, Daybreak};

/// The newest definition of an indicator with its newest parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownIndicator {
    pub definition: Definition,
    /// With the day from which they hold.
    pub parameters: Option<(Day, ParametersRevision)>,
}

impl Daybreak {
    /// Every indicator, by id.
    pub async fn known_indicators(&self, company: &Company) -> Result<Vec<KnownIndicator>, AppError> {
        let mut parameters = self.store.all_newest_parameters(&company.id).await?;
        let definitions = self.store.definitions(&company.id).await?.into_iter();
        let known = definitions
            .map(|definition| KnownIndicator { parameters: parameters.remove(&definition.indicator), definition });
        Ok(known.collect())
    }

    /// What each indicator is called now, by id.
    pub async fn indicator_titles(&self, company: &Company) -> Result<BTreeMap<String, Localized>, AppError> {
        let definitions = self.store.definitions(&company.id).await?;
        Ok(definitions.into_iter().map(|definition| (definition.indicator, definition.title)).collect())
    }

    pub async fn known_indicator(&self, company: &Company, id: &str) -> Result<KnownIndicator, AppError> {
        let known = self.known_indicators(company).await?.into_iter().find(|known| known.definition.indicator == id);
        known.ok_or_else(|| AppError::Unknown { what: "indicator", id: id.to_owned() })
    }

    /// What the versions of the indicator's plugin that are in use on the day or later may read.
    pub async fn indicator_grants(
        &self,
        company: &Company,
        known: &KnownIndicator,
        from: Day,
    ) -> Result<Vec<Permission>, AppError> {
        let Some((_, parameters)) = &known.parameters else { return Ok(Vec::new()) };
        let (indicator, plugin) = (&known.definition.indicator, &known.definition.plugin);
        let mut grants = Vec::new();
        for component in self.store.components_from(&company.id, plugin, from).await? {
            grants.extend(
                self.store.permissions(&company.id, indicator, &component, parameters.sequence, i64::MAX).await?,
            );
        }
        Ok(grants)
    }

    /// A page of the goals in force, in the order in which they were set.
    pub async fn goals_in_force(&self, company: &Company, query: &GoalQuery) -> Result<Vec<GoalInForce>, AppError> {
        Ok(self.store.goals_in_force(&company.id, query).await?)
    }

    /// Every pin of the plugin that was ever set, in the order in which they were.
    pub async fn pins_set(&self, company: &Company, plugin: &str) -> Result<Vec<Pin>, AppError> {
        Ok(self.store.pins_set(&company.id, plugin).await?)
    }

    /// The faults before the one with this number, the newest first.
    pub async fn faults_before(&self, company: &Company, before: i64, most: u32) -> Result<Vec<StoredFault>, AppError> {
        Ok(self.store.faults(&company.id, before, most).await?)
    }

    /// The change of a share with this number, in its newest revision.
    pub async fn reweighting(&self, company: &Company, number: i64) -> Result<StoredAdjustment, AppError> {
        let known = self.store.adjustment(&company.id, number).await?;
        known.ok_or_else(|| AppError::Unknown { what: "reweighting", id: number.to_string() })
    }

    /// The changes of shares before the one with this number, of everybody or of one employee, revoked ones too, the
    /// newest first.
    pub async fn reweightings_before(
        &self,
        company: &Company,
        employee: Option<&str>,
        before: i64,
        most: u32,
    ) -> Result<Vec<StoredAdjustment>, AppError> {
        Ok(self.store.newest_adjustments(&company.id, employee, before, most).await?)
    }

    /// The scorecards in force on the day, each in the revision that counts, by id.
    pub async fn scorecards_in_force(&self, company: &Company, on: Day) -> Result<Vec<ScorecardRevision>, AppError> {
        let every = self.store.scorecards(&company.id, i64::MAX).await?;
        let counts: BTreeSet<usize> = revisions_on(&every, on).into_iter().collect();
        let in_force = every.into_iter().enumerate().filter(|(index, _)| counts.contains(index));
        let mut in_force: Vec<ScorecardRevision> = in_force.map(|(_, revision)| revision).collect();
        in_force.sort_by(|one, other| one.scorecard.id.cmp(&other.scorecard.id));
        Ok(in_force)
    }

    /// By scorecard, the revision that takes the place of the one in force on the day, where one was signed for later. Of
    /// several it is the next one; an ended one takes the scorecard out of use.
    pub async fn scorecards_to_come(
        &self,
        company: &Company,
        on: Day,
    ) -> Result<BTreeMap<String, ScorecardRevision>, AppError> {
        let mut next: BTreeMap<String, ScorecardRevision> = BTreeMap::new();
        for revision in self.store.scorecards(&company.id, i64::MAX).await? {
            let id = revision.scorecard.id.clone();
            if next.get(&id).is_some_and(|known| known.from < revision.from) {
                continue;
            }
            // They come in the order of their sequence, and what is signed later holds from its first day on.
            if revision.from <= on {
                next.remove(&id);
            } else {
                next.insert(id, revision);
            }
        }
        Ok(next)
    }

    /// Of these scorecards, which are in force on the day, the ids of those that some of the people have then.
    pub async fn scorecards_of(
        &self,
        company: &Company,
        in_force: &[ScorecardRevision],
        people: &BTreeSet<String>,
        on: Day,
    ) -> Result<BTreeSet<String>, AppError> {
        let placements = self.placements(company, i64::MAX).await?;
        let mut ids = BTreeSet::new();
        for employee in people.iter().filter(|person| placements.is_employed(person, on)) {
            let departments = placements.departments_of(employee, on);
            let position = placements.position_of(employee, on);
            let standing = Standing { employee, position, departments: &departments };
            let places = in_force.iter().filter_map(|known| Some((known.scorecard.place.distance(&standing)?, known)));
            let nearest = places.min_by_key(|(distance, known)| (*distance, std::cmp::Reverse(known.sequence)));
            ids.extend(nearest.map(|(_, known)| known.scorecard.id.clone()));
        }
        Ok(ids)
    }

    /// The newest text of every mapping, by name.
    pub async fn mappings(&self, company: &Company) -> Result<BTreeMap<String, String>, AppError> {
        Ok(self.store.mappings(&company.id).await?)
    }
}
