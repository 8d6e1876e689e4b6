//! Scorecards: setting them, which signs their shares, ending and listing them; and the minimum coverage of composites.

use std::collections::BTreeSet;

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::reweighting::WHOLE;
use daybreak_domain::scorecard::{Dimension, Place, Scorecard, ScorecardEntry};
use daybreak_domain::shares::of_percent;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_storage::{NewScorecard, ScorecardRevision};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::enable::Coming;
use crate::install::ALWAYS;
use crate::organise::check_id;
use crate::shares::ShareError;
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// A scorecard as an administrator sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardSetting {
    pub scorecard: Scorecard,
    /// From this day on.
    pub from: Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Title,
    from: Option<String>,
    department: Option<String>,
    position: Option<String>,
    employees: Option<BTreeSet<String>>,
    dimensions: Vec<DimensionTable>,
    indicators: Vec<IndicatorTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    #[serde(rename = "zh-CN")]
    zh_cn: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DimensionTable {
    id: String,
    title: Title,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorTable {
    id: String,
    dimension: String,
    share: Option<String>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    trial: bool,
}

impl ScorecardSetting {
    /// Reads a scorecard's TOML; see `host/docs/SCORECARDS.md`.
    pub fn from_toml(text: &str) -> Result<Self, ShareError> {
        let bad = |problem: String| ShareError::BadFile(problem.trim_end().to_owned());
        let file: File = toml::from_str(text).map_err(|error| bad(error.to_string()))?;
        let localized = |what: &str, title: Title| {
            Localized::from_pairs(vec![("zh-CN".into(), title.zh_cn), ("en".into(), title.en)])
                .map_err(|error| bad(format!("{what}: {error}")))
        };
        let place = match (file.department, file.position, file.employees) {
            (None, None, None) => Place::Company,
            (Some(department), None, None) => Place::Department(department),
            (None, Some(position), None) => Place::Position(position),
            (None, None, Some(employees)) => Place::Employees(employees),
            _ => return Err(bad("it says more than one of department, position and employees: keep one".into())),
        };
        let dimensions = file.dimensions.into_iter().map(|dimension| {
            let title = localized("a dimension's title", dimension.title)?;
            Ok(Dimension { id: dimension.id, title })
        });
        let entries = file.indicators.into_iter().map(|entry| {
            let share = match &entry.share {
                Some(share) => {
                    of_percent(share).map_err(|error| bad(format!("the indicator {}: {error}", entry.id)))?
                }
                None if entry.trial => 0,
                None => {
                    return Err(bad(format!(
                        "the indicator {} has no share: give it one, or say trial = true",
                        entry.id
                    )));
                }
            };
            let IndicatorTable { id: indicator, dimension, locked, trial, .. } = entry;
            Ok(ScorecardEntry { indicator, dimension, share, locked, trial })
        });
        let from = file.from.map_or(Ok(ALWAYS), |day| day.parse().map_err(|error| bad(format!("from: {error}"))))?;
        let scorecard = Scorecard {
            title: localized("the title", file.title)?,
            id: file.id,
            place,
            dimensions: dimensions.collect::<Result<_, ShareError>>()?,
            entries: entries.collect::<Result<_, ShareError>>()?,
        };
        Ok(Self { scorecard, from })
    }
}

impl Daybreak {
    /// Whether everything that the scorecard names is there, or about to be.
    pub(crate) async fn check_scorecard(
        &self,
        company: &Company,
        scorecard: &Scorecard,
        coming: &Coming,
    ) -> Result<(), AppError> {
        check_id("the scorecard", &scorecard.id)?;
        for dimension in &scorecard.dimensions {
            check_id("the dimension", &dimension.id)?;
        }
        scorecard.check().map_err(ShareError::from)?;
        let definitions = self.store.definitions(&company.id).await?;
        for entry in &scorecard.entries {
            let known = definitions.iter().find(|known| known.indicator == entry.indicator);
            let known = known.map(|known| known.subject_kind);
            let unknown = || AppError::Unknown { what: "indicator", id: entry.indicator.clone() };
            let subject_kind = coming.indicators.get(&entry.indicator).copied().or(known).ok_or_else(unknown)?;
            if subject_kind != SubjectKind::Employee {
                return Err(ShareError::NotForEmployees { indicator: entry.indicator.clone() }.into());
            }
        }
        match &scorecard.place {
            Place::Company => {}
            Place::Department(department) if coming.departments.contains(department) => {}
            Place::Department(department) => self.check_department(company, department).await?,
            Place::Position(position) => {
                check_id("the position", position)?;
                if !coming.positions.contains(position)
                    && !self.store.positions(&company.id, i64::MAX).await?.contains_key(position)
                {
                    return Err(AppError::Unknown { what: "position", id: position.clone() });
                }
            }
            Place::Employees(employees) => {
                let people = self.store.people(&company.id).await?;
                if let Some(unknown) = employees.iter().find(|id| !people.contains_key(*id)) {
                    return Err(AppError::Unknown { what: "person", id: unknown.clone() });
                }
            }
        }
        Ok(())
    }

    /// Sets a scorecard from a day on, and so signs its shares. The same setting again changes nothing. Returns its
    /// revision.
    pub async fn set_scorecard(
        &self,
        company: &Company,
        setting: &ScorecardSetting,
        by: Option<&str>,
    ) -> Result<i64, AppError> {
        let scorecard = &setting.scorecard;
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        self.check_scorecard(company, scorecard, &Coming::default()).await?;
        let known = self.store.scorecards(&company.id, i64::MAX).await?;
        let newest = known.iter().rfind(|known| known.scorecard.id == scorecard.id);
        if let Some(newest) = newest
            && newest.scorecard == *scorecard
            && newest.from == setting.from
            && !newest.ended
        {
            return Ok(newest.sequence);
        }
        let new = NewScorecard {
            from: setting.from,
            scorecard,
            ended: false,
            recorded_at: self.clock.now(),
            recorded_by: by,
        };
        let revision = write.add_scorecard(&new).await?;
        let before = newest.map(|newest| told(&newest.scorecard, newest.from, newest.ended));
        let entry = AuditEntry::new("scorecard.set", &scorecard.id).before(before);
        self.note(&mut write, &[entry.after(told(scorecard, setting.from, false))]).await?;
        self.mark_shares(&mut write, company, EVERYBODY, setting.from, None).await?;
        write.commit().await?;
        Ok(revision)
    }

    /// Takes a scorecard out of use from the day on; those it was for then have the next less particular one.
    pub async fn end_scorecard(
        &self,
        company: &Company,
        id: &str,
        from: Day,
        by: Option<&str>,
    ) -> Result<i64, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.scorecards(&company.id, i64::MAX).await?;
        let newest = known.iter().rfind(|known| known.scorecard.id == id);
        let newest = newest.ok_or_else(|| AppError::Unknown { what: "scorecard", id: id.to_owned() })?;
        if newest.ended && newest.from <= from {
            return Ok(newest.sequence);
        }
        let new = NewScorecard {
            from,
            scorecard: &newest.scorecard,
            ended: true,
            recorded_at: self.clock.now(),
            recorded_by: by,
        };
        let revision = write.add_scorecard(&new).await?;
        let before = told(&newest.scorecard, newest.from, newest.ended);
        let after = json!({ "from": from.to_string(), "ended": true });
        self.note(&mut write, &[AuditEntry::new("scorecard.end", id).before(before).after(after)]).await?;
        self.mark_shares(&mut write, company, EVERYBODY, from, None).await?;
        write.commit().await?;
        Ok(revision)
    }

    /// Every revision of every scorecard, in the order in which they were made.
    pub async fn scorecards(&self, company: &Company) -> Result<Vec<ScorecardRevision>, AppError> {
        Ok(self.store.scorecards(&company.id, i64::MAX).await?)
    }

    /// From the day on, at least this part of the shares, in millionths, must be computable.
    pub async fn set_minimum_coverage(
        &self,
        company: &Company,
        coverage: u32,
        from: Day,
        by: Option<&str>,
    ) -> Result<(), AppError> {
        if coverage > WHOLE {
            return Err(ShareError::BadCoverage(coverage).into());
        }
        let mut write = self.store.write(&company.id).await?;
        let before = json!({ "coverage": self.store.minimum_coverage(&company.id, from, i64::MAX).await? });
        let after = json!({ "from": from.to_string(), "coverage": coverage });
        write.set_minimum_coverage(coverage, from, self.clock.now(), by).await?;
        let entry = AuditEntry::new("minimum-coverage.set", &company.id);
        self.note(&mut write, &[entry.before(before).after(after)]).await?;
        self.mark_shares(&mut write, company, EVERYBODY, from, None).await?;
        self.mark_periods(&mut write, company, from).await?;
        Ok(write.commit().await?)
    }

    /// The minimum coverage in force on the day, in millionths.
    pub async fn minimum_coverage(&self, company: &Company, on: Day) -> Result<u32, AppError> {
        Ok(self.store.minimum_coverage(&company.id, on, i64::MAX).await?)
    }
}

/// As the audit tells of it.
fn told(scorecard: &Scorecard, from: Day, ended: bool) -> Value {
    json!({
        "from": from.to_string(),
        "ended": ended,
        "title": scorecard.title,
        "place": scorecard.place,
        "dimensions": scorecard.dimensions,
        "entries": scorecard.entries,
    })
}
