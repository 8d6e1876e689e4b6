//! Indicators: defining them, setting their parameters, granting what their plugin reads, and setting goals.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Rules, UNIT_BYTES_MAX};
use daybreak_domain::plugin::{ComponentRecord, PluginKind};
use daybreak_domain::requirements::{Requirements, SubjectKind};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_engine::{CallError, Plugin};
use daybreak_storage::{Definition, NewDefinition, NewGoal, NewPermission};
use serde_json::{Value, json};

use crate::audit::on_days;
use crate::organise::check_id;
use crate::{AppError, Daybreak};

/// An indicator as an administrator sets it.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorSetting {
    pub id: String,
    pub title: Localized,
    pub subject_kind: SubjectKind,
    pub rules: Rules,
    pub plugin: String,
    pub parameters_json: String,
    /// From this day on.
    pub from: Day,
    /// The departments it is enabled for; none: the whole company.
    pub departments: Vec<String>,
}

/// What enabling an indicator would let its plugin read: one entry for each version that some department uses.
#[derive(Clone, Debug, PartialEq)]
pub struct EnablementPlan {
    pub versions: Vec<VersionPlan>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct VersionPlan {
    pub component: ComponentRecord,
    pub requirements: Requirements,
}

/// What a pack is about to add, so that what it sets up later may name it. Nothing, where one thing is set on its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coming {
    pub(crate) departments: BTreeSet<String>,
    pub(crate) positions: BTreeSet<String>,
    /// With whom they are about.
    pub(crate) indicators: BTreeMap<String, SubjectKind>,
}

impl Daybreak {
    /// Asks the plugin what it would read with these parameters. Changes nothing.
    pub async fn plan_indicator(
        &self,
        company: &Company,
        setting: &IndicatorSetting,
    ) -> Result<EnablementPlan, AppError> {
        self.check_indicator(company, setting, &Coming::default()).await?;
        // Whatever version is in use on any day from the first one on.
        let components = self.store.components_from(&company.id, &setting.plugin, setting.from).await?;
        if components.is_empty() {
            return Err(AppError::Unknown { what: "plugin", id: setting.plugin.clone() });
        }
        let mut versions = Vec::new();
        for component in components {
            versions.push(plan_version(setting, self.plugin(&company.id, component).await?).await?);
        }
        Ok(EnablementPlan { versions })
    }

    /// Checks what does not depend on the plugin.
    pub(crate) async fn check_indicator(
        &self,
        company: &Company,
        setting: &IndicatorSetting,
        coming: &Coming,
    ) -> Result<(), AppError> {
        check_id("the indicator", &setting.id)?;
        if !(1.0..=1_000.0).contains(&setting.rules.ceiling) {
            return Err(AppError::BadCeiling(setting.rules.ceiling));
        }
        if setting.rules.unit.len() > UNIT_BYTES_MAX {
            return Err(AppError::UnitTooLong(setting.rules.unit.len()));
        }
        for department in setting.departments.iter().filter(|id| !coming.departments.contains(*id)) {
            self.check_department(company, department).await?;
        }
        Ok(())
    }

    /// Defines the indicator, sets its parameters and grants what the plugin asks for, in one step.
    pub async fn set_indicator(
        &self,
        company: &Company,
        setting: &IndicatorSetting,
    ) -> Result<EnablementPlan, AppError> {
        let plan = self.plan_indicator(company, setting).await?;
        let mut write = self.store.write(&company.id).await?;
        let newest = self.store.newest_parameters(&company.id, &setting.id).await?;
        let definitions = self.store.definitions(&company.id).await?;
        let known = definitions.iter().find(|known| known.indicator == setting.id);
        if known.is_some_and(|known| says_the_same(known, setting))
            && let Some((from, parameters)) = &newest
            && *from == setting.from
            && parameters.parameters_json == setting.parameters_json
            && self.is_granted(company, setting, &plan, parameters.sequence).await?
        {
            // The same again changes nothing, so nothing is scored again because of it.
            return Ok(plan);
        }
        let before = known.map(|known| told_of(known, newest.as_ref().map(|(_, known)| &*known.parameters_json)));
        let mut noted = vec![AuditEntry::new("indicator.set", &setting.id).before(before).after(told(setting))];
        let definition = NewDefinition {
            indicator: &setting.id,
            from: setting.from,
            title: &setting.title,
            subject_kind: setting.subject_kind,
            rules: &setting.rules,
            plugin: &setting.plugin,
        };
        write.add_definition(&definition).await?;
        // Enabling it for another department must not take it from those that have it: a grant binds the parameters'
        // revision, so the same parameters stay the same revision.
        let parameters = match newest {
            Some((from, known)) if from == setting.from && known.parameters_json == setting.parameters_json => {
                known.sequence
            }
            _ => write.add_parameters(&setting.id, setting.from, &setting.parameters_json).await?,
        };
        let everywhere = [None];
        let departments: Vec<Option<&str>> = setting.departments.iter().map(|id| Some(id.as_str())).collect();
        let departments = if departments.is_empty() { &everywhere[..] } else { &departments };
        for version in &plan.versions {
            let interface = version.component.interface(PluginKind::Indicator).map_or("", |known| &known.name);
            for department in departments {
                let permission = NewPermission {
                    indicator: &setting.id,
                    department: *department,
                    component: &version.component.digest,
                    interface,
                    parameters,
                    requirements: &version.requirements,
                    revoked: false,
                };
                write.add_permission(&permission).await?;
                let after = json!({
                    "plugin": setting.plugin,
                    "component": permission.component,
                    "interface": interface,
                    "department": department,
                    "parameters": parameters,
                    "requirements": permission.requirements,
                });
                noted.push(AuditEntry::new("permission.grant", &setting.id).after(after));
            }
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(plan)
    }

    /// Whether the goal says something, and of what there is or is about to be.
    pub(crate) async fn check_goal(
        &self,
        company: &Company,
        new: &NewGoal<'_>,
        coming: &Coming,
    ) -> Result<(), AppError> {
        let NewGoal { indicator, subject, from, until, goal } = *new;
        if !goal.is_finite() {
            return Err(AppError::GoalNotFinite);
        }
        if goal == Goal::default() {
            return Err(AppError::GoalEmpty);
        }
        if let Some(until) = until.filter(|until| *until <= from) {
            return Err(AppError::GoalNeverHolds { from, until });
        }
        let subject_kind = self.subject_kind(company, indicator, coming).await?;
        if let Some(subject) = subject {
            let (what, known) = match subject_kind {
                SubjectKind::Employee => ("person", self.store.people(&company.id).await?.contains_key(subject)),
                SubjectKind::Department => {
                    let departments = self.store.departments(&company.id, i64::MAX).await?;
                    ("department", coming.departments.contains(subject) || departments.contains_key(subject))
                }
                SubjectKind::Company => ("company", subject == company.id),
                SubjectKind::Customer => ("customer", true),
            };
            if !known {
                return Err(AppError::Unknown { what, id: subject.to_owned() });
            }
        }
        Ok(())
    }

    /// Whom the indicator is about.
    async fn subject_kind(&self, company: &Company, indicator: &str, coming: &Coming) -> Result<SubjectKind, AppError> {
        if let Some(kind) = coming.indicators.get(indicator) {
            return Ok(*kind);
        }
        let definitions = self.store.definitions(&company.id).await?;
        let known = definitions.iter().find(|known| known.indicator == indicator);
        let unknown = || AppError::Unknown { what: "indicator", id: indicator.to_owned() };
        Ok(known.ok_or_else(unknown)?.subject_kind)
    }

    /// Whether every version that is in use may read what the plan says, for everybody whom the setting names.
    async fn is_granted(
        &self,
        company: &Company,
        setting: &IndicatorSetting,
        plan: &EnablementPlan,
        parameters: i64,
    ) -> Result<bool, AppError> {
        let everywhere = vec![None];
        let departments: Vec<Option<&str>> = setting.departments.iter().map(|id| Some(id.as_str())).collect();
        let departments = if departments.is_empty() { everywhere } else { departments };
        for version in &plan.versions {
            let component = &version.component.digest;
            let granted = self.store.permissions(&company.id, &setting.id, component, parameters, i64::MAX).await?;
            let covers = |department: Option<&str>| {
                granted.iter().any(|known| {
                    known.department.as_deref() == department && known.requirements == version.requirements
                })
            };
            if !departments.iter().copied().all(covers) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Sets a goal from a day on; without a subject it is everybody's who has none of their own.
    pub async fn set_goal(
        &self,
        company: &Company,
        indicator: &str,
        subject: Option<&str>,
        from: Day,
        until: Option<Day>,
        goal: Goal,
    ) -> Result<(), AppError> {
        let new = NewGoal { indicator, subject, from, until, goal };
        self.check_goal(company, &new, &Coming::default()).await?;
        let mut write = self.store.write(&company.id).await?;
        let set = self.store.goals_set(&company.id, indicator).await?;
        let newest = set.iter().rfind(|known| known.subject.as_deref() == subject);
        if newest.is_some_and(|known| (known.validity.from, known.validity.until, known.goal) == (from, until, goal)) {
            return Ok(());
        }
        let mut known = self.store.goals(&company.id, indicator, from, i64::MAX).await?;
        let before = known.remove(&subject.map(str::to_owned)).map(|goal| json!({ "subject": subject, "goal": goal }));
        let after = on_days(from, until, json!({ "subject": subject, "goal": goal }));
        write.add_goal(&new).await?;
        self.note(&mut write, &[AuditEntry::new("goal.set", indicator).before(before).after(after)]).await?;
        Ok(write.commit().await?)
    }

    /// The newest definition of every indicator.
    pub async fn indicators(&self, company: &Company) -> Result<Vec<Definition>, AppError> {
        Ok(self.store.definitions(&company.id).await?)
    }
}

fn says_the_same(known: &Definition, setting: &IndicatorSetting) -> bool {
    known.from == setting.from
        && known.title == setting.title
        && known.subject_kind == setting.subject_kind
        && known.rules == setting.rules
        && known.plugin == setting.plugin
}

/// As the audit tells of a setting.
fn told(setting: &IndicatorSetting) -> Value {
    json!({
        "from": setting.from.to_string(),
        "title": setting.title,
        "subject_kind": setting.subject_kind,
        "rules": setting.rules,
        "plugin": setting.plugin,
        "parameters": parameters(&setting.parameters_json),
        "departments": setting.departments,
    })
}

/// As the audit tells of what was set before.
fn told_of(known: &Definition, parameters_json: Option<&str>) -> Value {
    json!({
        "title": known.title,
        "subject_kind": known.subject_kind,
        "rules": known.rules,
        "plugin": known.plugin,
        "parameters": parameters_json.map(parameters),
    })
}

/// Parameters as the document that they are; what is none stays a text.
pub(crate) fn parameters(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| json!(json))
}

/// What this version of the plugin would read for the indicator.
pub(crate) async fn plan_version(setting: &IndicatorSetting, plugin: Plugin) -> Result<VersionPlan, AppError> {
    let component = plugin.record().clone();
    if component.interface(PluginKind::Indicator).is_none() {
        let plugin = setting.plugin.clone();
        return Err(AppError::WrongPluginKind { plugin, kind: PluginKind::Indicator });
    }
    let parameters = setting.parameters_json.clone();
    let requirements = tokio::task::spawn_blocking(move || {
        plugin.check_parameters(&parameters).map_err(CallError::Fault)?;
        plugin.requires(PluginKind::Indicator, &parameters)
    })
    .await??;
    if !requirements.subjects.contains(&setting.subject_kind) {
        let able = requirements.subjects.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
        let plugin = setting.plugin.clone();
        return Err(AppError::WrongSubjectKind { plugin, subject_kind: setting.subject_kind, able });
    }
    let reaches = requirements.needs.iter().any(|need| need.scope.reaches_other_departments());
    if reaches && !setting.departments.is_empty() {
        return Err(AppError::GrantTooNarrow);
    }
    Ok(VersionPlan { component, requirements })
}
