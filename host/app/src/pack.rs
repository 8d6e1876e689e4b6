//! Packs: a company's set-up as files. Applying one does what an administrator would do step by step, says beforehand
//! what that is, and does nothing where it is done already.

use std::collections::BTreeMap;

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, Position, borders, counts_on};
use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::Requirements;
use daybreak_domain::time::Day;
use daybreak_engine::Plugin;
use daybreak_storage::{AppliedPack, NewGoal};
use serde_json::{Value, json};

use crate::enable::{Coming, IndicatorSetting, plan_version};
use crate::enablement::{EnablementSetting, plan_use};
use crate::install::ALWAYS;
use crate::organise::departments::DepartmentEntry;
use crate::organise::{Uncovered, check_entry_text, check_id};
use crate::{AppError, Daybreak};

mod archive;
mod files;

pub use archive::ArchiveError;
pub use files::{FILES_MAX, PACK_BYTES_MAX, Pack, PackError, PackGoal};

/// What happens to one thing that a pack names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Add,
    Change,
}

/// One thing that applying a pack will do, or has done.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    pub step: Step,
    /// department, position, plugin, indicator, enablement, goal, scorecard or mapping
    pub what: &'static str,
    pub id: String,
    /// What the plugin would be granted to read, where the step grants anything.
    pub grants: Option<Requirements>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PackPlan {
    /// In the order in which they are done. Empty: the company is as the pack says.
    pub steps: Vec<PlannedStep>,
}

impl PackPlan {
    /// Whether applying it grants a plugin anything.
    #[must_use]
    pub fn grants_anything(&self) -> bool {
        self.steps.iter().any(|step| step.grants.as_ref().is_some_and(|requirements| !requirements.needs.is_empty()))
    }

    fn push(&mut self, step: Step, what: &'static str, id: &str, grants: Option<Requirements>) {
        self.steps.push(PlannedStep { step, what, id: id.to_owned(), grants });
    }
}

/// The components of a pack, loaded: by the plugin's name.
type Loaded = BTreeMap<String, (Plugin, Vec<u8>)>;

impl Daybreak {
    /// What applying the pack would do. Changes nothing.
    pub async fn plan_pack(&self, company: &Company, pack: &Pack) -> Result<PackPlan, AppError> {
        let loaded = self.load_plugins(pack).await?;
        self.plan_loaded(company, pack, &loaded).await
    }

    /// Does what the plan says, step by step, and notes that the pack was applied. What is done already is left alone;
    /// so a pack whose application was interrupted is simply applied again.
    pub async fn apply_pack(&self, company: &Company, pack: &Pack) -> Result<PackPlan, AppError> {
        let loaded = self.load_plugins(pack).await?;
        let plan = self.plan_loaded(company, pack, &loaded).await?;
        let planned = |what: &str, id: &str| plan.steps.iter().any(|step| step.what == what && step.id == id);
        let departments: Vec<DepartmentEntry> = pack
            .departments
            .iter()
            .filter(|department| planned("department", &department.id))
            .map(|department| DepartmentEntry { department: department.clone(), from: None, until: None })
            .collect();
        if !departments.is_empty() {
            self.add_departments(company, &departments.into(), Uncovered::Stays).await?;
        }
        let positions: Vec<Position> =
            pack.positions.iter().filter(|position| planned("position", &position.id)).cloned().collect();
        if !positions.is_empty() {
            self.add_positions(company, &positions.into()).await?;
        }
        for (name, (_, bytes)) in &loaded {
            if planned("plugin", name) {
                self.install_plugin(company, bytes.clone()).await?;
            }
        }
        for setting in pack.indicators.iter().filter(|setting| planned("indicator", &setting.id)) {
            self.set_indicator(company, setting).await?;
        }
        for setting in pack.enablements.iter().filter(|setting| planned("enablement", &enablement_key(setting))) {
            self.enable_plugin(company, setting).await?;
        }
        for goal in pack.goals.iter().filter(|goal| planned("goal", &goal_key(goal))) {
            let subject = goal.subject.as_deref();
            self.set_goal(company, &goal.indicator, subject, goal.from, goal.until, goal.goal).await?;
        }
        for setting in pack.scorecards.iter().filter(|setting| planned("scorecard", &setting.scorecard.id)) {
            self.set_scorecard(company, setting, None).await?;
        }
        let mut write = self.store.write(&company.id).await?;
        let mappings = self.store.mappings(&company.id).await?;
        let mut noted = Vec::new();
        for (name, content) in pack.mappings.iter().filter(|(name, _)| planned("mapping", name)) {
            write.set_mapping(name, content).await?;
            let before = mappings.get(name).map(|known| told_mapping(known));
            noted.push(AuditEntry::new("mapping.set", name).before(before).after(told_mapping(content)));
        }
        let applied = self.store.applied_packs(&company.id).await?;
        let last = applied.iter().rev().find(|applied| applied.pack == pack.id);
        if !plan.steps.is_empty() || last.is_none_or(|last| last.digest != pack.digest) {
            write.add_applied_pack(&pack.id, &pack.version, &pack.digest, self.clock.now()).await?;
            let told = |version: &str, digest: &Digest| json!({ "version": version, "digest": digest });
            let before = last.map(|last| told(&last.version, &last.digest));
            let after = told(&pack.version, &pack.digest);
            noted.push(AuditEntry::new("pack.apply", &pack.id).before(before).after(after));
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(plan)
    }

    /// The packs that were applied, the newest last.
    pub async fn applied_packs(&self, company: &Company) -> Result<Vec<AppliedPack>, AppError> {
        Ok(self.store.applied_packs(&company.id).await?)
    }

    /// The text of the mapping that is kept under this name.
    pub async fn mapping(&self, company: &Company, name: &str) -> Result<String, AppError> {
        let mut mappings = self.store.mappings(&company.id).await?;
        mappings.remove(name).ok_or_else(|| AppError::Unknown { what: "mapping", id: name.to_owned() })
    }

    async fn load_plugins(&self, pack: &Pack) -> Result<Loaded, AppError> {
        let mut loaded = Loaded::new();
        for (file, bytes) in &pack.plugins {
            let (engine, bytes) = (self.engine.clone(), bytes.clone());
            let plugin = self.aside(move || engine.load(&bytes).map(|plugin| (plugin, bytes))).await??;
            let name = plugin.0.record().manifest.name.clone();
            if loaded.insert(name.clone(), plugin).is_some() {
                let twice = PackError::Twice { file: format!("plugins/{file}"), what: "the plugin", id: name };
                return Err(twice.into());
            }
        }
        Ok(loaded)
    }

    /// The plan, after everything that would be done was checked, against what is there and what the pack itself adds: so
    /// that nothing fails half way for a reason that could be known before.
    async fn plan_loaded(&self, company: &Company, pack: &Pack, loaded: &Loaded) -> Result<PackPlan, AppError> {
        let coming = Coming {
            departments: pack.departments.iter().map(|department| department.id.clone()).collect(),
            positions: pack.positions.iter().map(|position| position.id.clone()).collect(),
            indicators: pack.indicators.iter().map(|setting| (setting.id.clone(), setting.subject_kind)).collect(),
        };
        let mut plan = PackPlan { steps: Vec::new() };
        self.plan_organisation(company, pack, &mut plan).await?;
        let installed = self.plugins(company).await?;
        for (name, (plugin, _)) in loaded {
            if installed.iter().all(|known| known.record.digest != plugin.record().digest) {
                let known = installed.iter().any(|known| known.record.manifest.name == *name);
                plan.push(if known { Step::Change } else { Step::Add }, "plugin", name, None);
            }
        }
        let definitions = self.indicators(company).await?;
        for setting in &pack.indicators {
            if self.indicator_says(company, setting).await? {
                continue;
            }
            self.check_indicator(company, setting, &coming).await?;
            let known = definitions.iter().any(|known| known.indicator == setting.id);
            let step = if known { Step::Change } else { Step::Add };
            let requirements = self.read_for_indicator(company, loaded, setting).await?;
            plan.push(step, "indicator", &setting.id, Some(requirements));
        }
        let enabled = self.enablements_now(company).await?;
        let mut kinds: BTreeMap<&str, PluginKind> = BTreeMap::new();
        for setting in &pack.enablements {
            let kind = *kinds.entry(&setting.id).or_insert(setting.kind);
            if kind != setting.kind {
                return Err(AppError::EnablementIsOther { id: setting.id.clone(), kind });
            }
            let known =
                enabled.iter().find(|known| known.enablement == setting.id && known.department == setting.department);
            if known.is_some_and(|known| enablement_says(known, setting)) {
                continue;
            }
            self.check_enablement(company, setting, &coming).await?;
            let step = if known.is_some() { Step::Change } else { Step::Add };
            let requirements = self.read_for_enablement(company, loaded, setting).await?;
            plan.push(step, "enablement", &enablement_key(setting), Some(requirements));
        }
        for goal in &pack.goals {
            let mut known = self.store.goals_set(&company.id, &goal.indicator).await?;
            known.retain(|known| known.subject == goal.subject);
            let says = |day: Day| counts_on(&known, day).is_some_and(|known| known.goal == goal.goal);
            if borders(&known, goal.from, goal.until).into_iter().all(says) {
                continue;
            }
            let PackGoal { indicator, subject, from, until, goal: values } = goal;
            let new = NewGoal { indicator, subject: subject.as_deref(), from: *from, until: *until, goal: *values };
            self.check_goal(company, &new, &coming).await?;
            let step = if counts_on(&known, goal.from).is_some() { Step::Change } else { Step::Add };
            plan.push(step, "goal", &goal_key(goal), None);
        }
        let scorecards = self.scorecards(company).await?;
        for setting in &pack.scorecards {
            let id = &setting.scorecard.id;
            let known = scorecards.iter().rfind(|known| known.scorecard.id == *id);
            if known
                .is_some_and(|known| !known.ended && known.scorecard == setting.scorecard && known.from == setting.from)
            {
                continue;
            }
            self.check_scorecard(company, &setting.scorecard, &coming).await?;
            plan.push(if known.is_some() { Step::Change } else { Step::Add }, "scorecard", id, None);
        }
        let mappings = self.store.mappings(&company.id).await?;
        for (name, content) in &pack.mappings {
            match mappings.get(name) {
                None => plan.push(Step::Add, "mapping", name, None),
                Some(known) if known != content => plan.push(Step::Change, "mapping", name, None),
                Some(_) => {}
            }
        }
        Ok(plan)
    }

    /// Departments and positions.
    async fn plan_organisation(&self, company: &Company, pack: &Pack, plan: &mut PackPlan) -> Result<(), AppError> {
        let mut departments = self.departments(company).await?;
        for department in &pack.departments {
            check_id("the department", &department.id)?;
            check_text("departments.toml", &department.id, &department.name)?;
            match departments.insert(department.id.clone(), department.clone()) {
                None => plan.push(Step::Add, "department", &department.id, None),
                Some(known) if known != *department => plan.push(Step::Change, "department", &department.id, None),
                Some(_) => {}
            }
        }
        for department in &pack.departments {
            let mut above = department.parent.as_ref();
            for _ in 0..=departments.len() {
                let Some(parent) = above else { break };
                let known = departments.get(parent);
                let unknown = || AppError::Unknown { what: "department", id: parent.clone() };
                above = known.ok_or_else(unknown)?.parent.as_ref();
            }
            if above.is_some() {
                let problem = format!("the department {} stands below itself", department.id);
                return Err(PackError::Bad { file: "departments.toml".to_owned(), problem }.into());
            }
        }
        let positions = self.positions(company).await?;
        for position in &pack.positions {
            check_id("the position", &position.id)?;
            for (_, title) in position.title.iter() {
                check_text("positions.toml", &position.id, title)?;
            }
            match positions.get(&position.id) {
                None => plan.push(Step::Add, "position", &position.id, None),
                Some(known) if known != position => plan.push(Step::Change, "position", &position.id, None),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// What the indicator's plugin would read: every version that is in use on some day, or the pack's own, which will be in
    /// use once it is installed.
    async fn read_for_indicator(
        &self,
        company: &Company,
        loaded: &Loaded,
        setting: &IndicatorSetting,
    ) -> Result<Requirements, AppError> {
        let mut versions = Vec::new();
        for digest in self.store.components_from(&company.id, &setting.plugin, setting.from).await? {
            versions.push(self.plugin(&company.id, digest).await?);
        }
        if versions.is_empty() {
            versions.push(own_plugin(loaded, &setting.plugin)?);
        }
        let mut read: Option<Requirements> = None;
        for plugin in versions {
            let version = plan_version(setting, plugin).await?.requirements;
            let Some(read) = &mut read else {
                read = Some(version);
                continue;
            };
            for need in version.needs {
                if !read.needs.contains(&need) {
                    read.needs.push(need);
                }
            }
        }
        read.ok_or_else(|| AppError::Unknown { what: "plugin", id: setting.plugin.clone() })
    }

    /// What the enablement's plugin would read: the version in use on its first day, else the pack's own.
    async fn read_for_enablement(
        &self,
        company: &Company,
        loaded: &Loaded,
        setting: &EnablementSetting,
    ) -> Result<Requirements, AppError> {
        let plugin = match self.pinned_for(company, setting).await? {
            Some(digest) => self.plugin(&company.id, digest).await?,
            None => own_plugin(loaded, &setting.plugin)?,
        };
        Ok(plan_use(setting, plugin).await?.requirements)
    }

    /// Whether the indicator is set as the setting says, and granted to every version and department that it is for.
    async fn indicator_says(&self, company: &Company, setting: &IndicatorSetting) -> Result<bool, AppError> {
        let on = setting.from;
        let definition = self.store.definition(&company.id, &setting.id, on, i64::MAX).await?;
        let same = definition.is_some_and(|known| {
            known.title == setting.title
                && known.subject_kind == setting.subject_kind
                && known.rules == setting.rules
                && known.plugin == setting.plugin
        });
        let parameters = self.store.parameters(&company.id, &setting.id, on, i64::MAX).await?;
        let Some(parameters) = parameters.filter(|known| same && known.parameters_json == setting.parameters_json)
        else {
            return Ok(false);
        };
        let everywhere = vec![None];
        let departments: Vec<Option<String>> = setting.departments.iter().cloned().map(Some).collect();
        let departments = if departments.is_empty() { everywhere } else { departments };
        for component in self.store.components_from(&company.id, &setting.plugin, on).await? {
            let permissions =
                self.store.permissions(&company.id, &setting.id, &component, parameters.sequence, i64::MAX).await?;
            let granted = |department: &Option<String>| permissions.iter().any(|known| known.department == *department);
            if !departments.iter().all(granted) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// As the audit tells of a mapping, whose text is kept beside those that it had before.
fn told_mapping(content: &str) -> Value {
    json!({ "bytes": content.len(), "digest": Digest::of(content.as_bytes()) })
}

/// The pack's own plugin of this name.
fn own_plugin(loaded: &Loaded, plugin: &str) -> Result<Plugin, AppError> {
    let own = loaded.get(plugin).map(|(plugin, _)| plugin.clone());
    own.ok_or_else(|| AppError::Unknown { what: "plugin", id: plugin.to_owned() })
}

/// A name or a title in the pack's file.
fn check_text(file: &str, id: &str, text: &str) -> Result<(), PackError> {
    check_entry_text(text)
        .map_err(|problem| PackError::Bad { file: file.to_owned(), problem: format!("{id}: {text:?}: {problem}") })
}

fn enablement_says(known: &daybreak_storage::Enablement, setting: &EnablementSetting) -> bool {
    known.kind == setting.kind
        && known.plugin == setting.plugin
        && known.title == setting.title
        && known.subject_kind == setting.subject_kind
        && known.parameters_json == setting.parameters_json
        && known.from == setting.from
}

fn enablement_key(setting: &EnablementSetting) -> String {
    match &setting.department {
        Some(department) => format!("{} in {department}", setting.id),
        None => setting.id.clone(),
    }
}

fn goal_key(goal: &PackGoal) -> String {
    let subject = goal.subject.as_ref().map(|subject| format!(" of {subject}")).unwrap_or_default();
    let from = if goal.from == ALWAYS { String::new() } else { format!(" from {}", goal.from) };
    format!("{}{subject}{from}", goal.indicator)
}
