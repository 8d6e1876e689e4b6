//! Cases: a folder with what a plugin is given and what it should answer.
//!
//! `case.toml` says when, with which parameters and for whom; beside it stand the data: `facts.csv` (indicator,
//! assistant), `charts.json` (insight) or `scorecards.json` (reweighting), and `expected.json`, the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use daybreak_app::tables::{Assembly, Frame, Organisation, Sources, assemble};
use daybreak_domain::assistant;
use daybreak_domain::company::{Spell, Validity};
use daybreak_domain::customer::Ownership;
use daybreak_domain::fact::Fact;
use daybreak_domain::fact_set::FactSet;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{self, CEILING_DEFAULT, Direction, Rules};
use daybreak_domain::insight::{self, Chart, Point, Ranked, Series};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{LogLine, PluginKind};
use daybreak_domain::requirements::{Requirements, SubjectKind};
use daybreak_domain::reweighting::{self, Circumstance, Scorecard, Share};
use daybreak_domain::table::{Context, Table};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant, Zone};
use daybreak_engine::{CallOptions, Plugin};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::facts_file;

/// Most cases of one plugin.
const CASES_MAX: usize = 1_000;

/// Most subjects that one call gets.
pub const SUBJECTS_PER_CALL_MAX: usize = 500;

/// What a plugin is given.
pub struct Case {
    pub name: String,
    pub kind: PluginKind,
    pub parameters_json: String,
    pub frame: Frame,
    pub input: Input,
    pub options: CallOptions,
}

pub enum Input {
    Indicator { rules: Rules, subjects: Vec<indicator::Subject>, facts: Facts },
    Assistant { subjects: Vec<assistant::Subject>, facts: Facts },
    Insight { charts: Vec<Chart> },
    Reweighting { scorecards: Vec<Scorecard> },
}

/// Facts, and who belonged where.
pub struct Facts {
    pub subject_kind: SubjectKind,
    pub all: Vec<Fact>,
    pub organisation: Organisation,
}

/// What a plugin answered for some items (subjects, charts or scorecards) of a case, in the order asked for.
pub struct Run {
    pub answers: Vec<Value>,
    pub fuel: u64,
    pub memory_bytes: u64,
    pub rows: usize,
    pub log: Vec<LogLine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CaseFile {
    kind: Option<PluginKind>,
    #[serde(default = "shanghai")]
    zone: String,
    period: String,
    /// The day of assessment; the period's last day unless it is given.
    as_of: Option<String>,
    #[serde(default)]
    subject_kind: Option<SubjectKind>,
    #[serde(default)]
    fuel_factor: Option<u32>,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    #[serde(default)]
    rules: Option<RulesFile>,
    #[serde(default)]
    subjects: Vec<SubjectFile>,
    #[serde(default)]
    spells: Vec<SpellFile>,
    #[serde(default)]
    owners: Vec<OwnerFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RulesFile {
    direction: Direction,
    #[serde(default)]
    unit: String,
    #[serde(default = "ceiling")]
    ceiling: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct SubjectFile {
    id: String,
    baseline: Option<f64>,
    target: Option<f64>,
    stretch: Option<f64>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Who belonged to which department, from a day until the day before another.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct SpellFile {
    person: String,
    department: Option<String>,
    from: String,
    until: Option<String>,
}

/// Who looked after which customer, from a day until the day before another.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OwnerFile {
    customer: String,
    /// None: nobody.
    owner: Option<String>,
    from: String,
    until: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ChartFile {
    id: String,
    title: Localized,
    series: Vec<SeriesFile>,
    target: Option<f64>,
    baseline: Option<f64>,
    higher_is_better: bool,
    #[serde(default)]
    items: Vec<Ranked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct SeriesFile {
    name: Localized,
    unit: String,
    points: Vec<PointFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PointFile {
    period: String,
    value: Option<f64>,
    #[serde(default = "yes")]
    complete: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ScorecardFile {
    employee: String,
    shares: Vec<ShareFile>,
    #[serde(default)]
    circumstances: Vec<CircumstanceFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ShareFile {
    indicator: String,
    dimension: String,
    /// Millionths.
    share: u32,
    #[serde(default)]
    locked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CircumstanceFile {
    id: String,
    kind: String,
    /// For example `2024-03-05..2024-03-20`.
    during: String,
    #[serde(default)]
    measures: BTreeMap<String, f64>,
}

fn shanghai() -> String {
    "Asia/Shanghai".to_owned()
}

fn ceiling() -> f64 {
    CEILING_DEFAULT
}

fn yes() -> bool {
    true
}

/// The folders of all cases, by name.
pub fn folders(fixtures: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !fixtures.is_dir() {
        return Ok(Vec::new());
    }
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(fixtures).with_context(|| format!("{} cannot be read", fixtures.display()))? {
        let folder = entry?.path();
        if folder.join("case.toml").is_file() {
            folders.push(folder);
        }
    }
    if folders.len() > CASES_MAX {
        bail!("{} holds {} cases: at most {CASES_MAX}", fixtures.display(), folders.len());
    }
    folders.sort();
    Ok(folders)
}

impl Case {
    /// Reads a case for the plugin.
    pub fn read(folder: &Path, plugin: &Plugin) -> anyhow::Result<Self> {
        Self::read_parts(folder, plugin).with_context(|| format!("the case {}", folder.display()))
    }

    fn read_parts(folder: &Path, plugin: &Plugin) -> anyhow::Result<Self> {
        let file: CaseFile = toml::from_str(&text_of(&folder.join("case.toml"))?).context("case.toml")?;
        let kind = kind_of(&file, plugin)?;
        let zone = Zone::named(&file.zone)?;
        let period: Period = file.period.parse()?;
        let day = file.as_of.as_deref().map_or(Ok(period.last()), str::parse::<Day>)?;
        let frame = Frame::assessed_on(zone, period, day);
        let input = match kind {
            PluginKind::Indicator => {
                let rules = file.rules.as_ref().context("case.toml has no [rules]; give at least direction")?;
                let RulesFile { direction, unit, ceiling } = rules;
                let rules = Rules { direction: *direction, unit: unit.clone(), ceiling: *ceiling };
                let subjects = file.subjects.iter().map(|subject| {
                    let SubjectFile { id, baseline, target, stretch, .. } = subject;
                    let goal = Goal { baseline: *baseline, target: *target, stretch: *stretch };
                    indicator::Subject { id: id.clone(), goal }
                });
                Input::Indicator { rules, subjects: subjects.collect(), facts: facts_of(folder, &file, &frame.zone)? }
            }
            PluginKind::Assistant => {
                let subjects = file.subjects.iter().map(|subject| {
                    let SubjectFile { id, tags, .. } = subject;
                    assistant::Subject { id: id.clone(), tags: tags.clone() }
                });
                Input::Assistant { subjects: subjects.collect(), facts: facts_of(folder, &file, &frame.zone)? }
            }
            PluginKind::Insight => {
                let charts: Vec<ChartFile> = read_json(&folder.join("charts.json"))?;
                let charts = charts.into_iter().map(|chart| chart.into_chart(&frame.zone)).collect::<Result<_, _>>()?;
                Input::Insight { charts }
            }
            PluginKind::Reweighting => {
                let scorecards: Vec<ScorecardFile> = read_json(&folder.join("scorecards.json"))?;
                let scorecards = scorecards
                    .into_iter()
                    .map(|scorecard| scorecard.into_scorecard(&frame.zone))
                    .collect::<Result<_, _>>()?;
                Input::Reweighting { scorecards }
            }
        };
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let options = CallOptions { fuel_factor: file.fuel_factor.unwrap_or(1) };
        let parameters_json = serde_json::to_string(&file.parameters)?;
        let case = Self { name, kind, parameters_json, frame, input, options };
        case.check_ids()?;
        Ok(case)
    }

    /// How many subjects, charts or scorecards there are.
    pub fn items(&self) -> usize {
        match &self.input {
            Input::Indicator { subjects, .. } => subjects.len(),
            Input::Assistant { subjects, .. } => subjects.len(),
            Input::Insight { charts } => charts.len(),
            Input::Reweighting { scorecards } => scorecards.len(),
        }
    }

    /// Gives the plugin these items, in this order, in one call.
    pub fn run(&self, plugin: &Plugin, items: &[usize]) -> anyhow::Result<Run> {
        match &self.input {
            Input::Indicator { rules, subjects, facts } => {
                let subjects: Vec<indicator::Subject> = items.iter().map(|&item| subjects[item].clone()).collect();
                self.score(plugin, rules, &subjects, facts)
            }
            Input::Assistant { subjects, facts } => {
                let subjects: Vec<assistant::Subject> = items.iter().map(|&item| subjects[item].clone()).collect();
                self.assess(plugin, &subjects, facts)
            }
            Input::Insight { charts } => {
                let charts: Vec<Chart> = items.iter().map(|&item| charts[item].clone()).collect();
                let ids: Vec<String> = charts.iter().map(|chart| chart.id.clone()).collect();
                let batch = insight::Batch { context: self.context(plugin)?, charts };
                let run = plugin.narrate(&batch, &self.options)?;
                let answers = ids.iter().zip(&run.sentences);
                let answers = answers.map(|(id, sentence)| json!({ "chart": id, "sentence": sentence })).collect();
                Ok(Run { answers, fuel: run.fuel, memory_bytes: run.memory_bytes, rows: 0, log: run.log })
            }
            Input::Reweighting { scorecards } => {
                let scorecards: Vec<Scorecard> = items.iter().map(|&item| scorecards[item].clone()).collect();
                let employees: Vec<String> = scorecards.iter().map(|scorecard| scorecard.employee.clone()).collect();
                let batch = reweighting::Batch { context: self.context(plugin)?, scorecards };
                let run = plugin.adjust(&batch, &self.options)?;
                let answers = employees.iter().zip(&run.changes);
                let answers =
                    answers.map(|(employee, changes)| json!({ "employee": employee, "changes": changes })).collect();
                Ok(Run { answers, fuel: run.fuel, memory_bytes: run.memory_bytes, rows: 0, log: run.log })
            }
        }
    }

    fn score(
        &self,
        plugin: &Plugin,
        rules: &Rules,
        subjects: &[indicator::Subject],
        facts: &Facts,
    ) -> anyhow::Result<Run> {
        let requirements = plugin.requires(self.kind, &self.parameters_json)?;
        facts.check_subject_kind(&requirements)?;
        let sets = facts.sets(&requirements);
        let ids: Vec<&str> = subjects.iter().map(|subject| subject.id.as_str()).collect();
        let (sound, defects) = self.sound(&requirements, facts, &sets, &ids)?;
        let mut answers: Vec<Value> = defects;
        let mut run = Run { answers: Vec::new(), fuel: 0, memory_bytes: 0, rows: 0, log: Vec::new() };
        if !sound.is_empty() {
            let sound_ids: Vec<&str> = sound.iter().map(|&index| ids[index]).collect();
            let tables = self.tables(&requirements, facts, &sets, &sound_ids)?;
            run.rows = tables.iter().map(Table::rows).sum();
            let context = self.frame.context(&requirements, earliest(&sets), &self.parameters_json);
            let given = sound.iter().map(|&index| subjects[index].clone()).collect();
            let batch = indicator::Batch { context, rules: rules.clone(), subjects: given, tables };
            let scored = plugin.score(batch, &self.options)?;
            for call in scored.calls {
                run.fuel += call.fuel;
                run.memory_bytes = run.memory_bytes.max(call.memory_bytes);
                for (place, outcome) in call.subjects.zip(call.outcomes) {
                    answers[sound[place]] = with_subject(sound_ids[place], &serde_json::to_value(outcome)?);
                }
            }
            for fault in scored.faults {
                answers[sound[fault.subject]] = json!({ "subject": sound_ids[fault.subject], "fault": fault.fault.code(), "message": fault.fault.to_string() });
            }
            run.log = scored.log;
        }
        run.answers = answers;
        Ok(run)
    }

    fn assess(&self, plugin: &Plugin, subjects: &[assistant::Subject], facts: &Facts) -> anyhow::Result<Run> {
        let requirements = plugin.requires(self.kind, &self.parameters_json)?;
        facts.check_subject_kind(&requirements)?;
        let sets = facts.sets(&requirements);
        let ids: Vec<String> = subjects.iter().map(|subject| subject.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (sound, defects) = self.sound(&requirements, facts, &sets, &ids)?;
        let mut run = Run { answers: defects, fuel: 0, memory_bytes: 0, rows: 0, log: Vec::new() };
        if sound.is_empty() {
            return Ok(run);
        }
        let sound_ids: Vec<&str> = sound.iter().map(|&index| ids[index]).collect();
        let tables = self.tables(&requirements, facts, &sets, &sound_ids)?;
        run.rows = tables.iter().map(Table::rows).sum();
        let context = self.frame.context(&requirements, earliest(&sets), &self.parameters_json);
        let given = sound.iter().map(|&index| subjects[index].clone()).collect();
        let assessed = plugin.assess(assistant::Batch { context, subjects: given, tables }, &self.options)?;
        let mut alerts: Vec<Vec<Value>> = vec![Vec::new(); sound.len()];
        for alert in assessed.alerts {
            let place = alert.subject as usize;
            let mut value = serde_json::to_value(alert)?;
            // The index says only where in the call the subject stood.
            if let Some(object) = value.as_object_mut() {
                object.remove("subject");
            }
            alerts[place].push(value);
        }
        for (place, alerts) in alerts.into_iter().enumerate() {
            run.answers[sound[place]] = json!({ "subject": sound_ids[place], "alerts": alerts });
        }
        run.fuel = assessed.fuel;
        run.memory_bytes = assessed.memory_bytes;
        run.log = assessed.log;
        Ok(run)
    }

    /// Which of the subjects can be given to the plugin, and one answer for each subject: for those that cannot, which
    /// required field is lacking.
    fn sound(
        &self,
        requirements: &Requirements,
        facts: &Facts,
        sets: &BTreeMap<String, FactSet>,
        ids: &[&str],
    ) -> anyhow::Result<(Vec<usize>, Vec<Value>)> {
        let defects = self.assembly(requirements, facts, sets, ids)?.defects;
        let mut answers = vec![Value::Null; ids.len()];
        for defect in defects.iter().rev() {
            let lacking = format!("{} facts of {} lack the required field {}", defect.facts, defect.kind, defect.field);
            answers[defect.subject] = json!({ "subject": ids[defect.subject], "lacking": lacking });
        }
        Ok(((0..ids.len()).filter(|&index| answers[index].is_null()).collect(), answers))
    }

    fn tables(
        &self,
        requirements: &Requirements,
        facts: &Facts,
        sets: &BTreeMap<String, FactSet>,
        ids: &[&str],
    ) -> anyhow::Result<Vec<Table>> {
        Ok(self.assembly(requirements, facts, sets, ids)?.tables)
    }

    fn assembly(
        &self,
        requirements: &Requirements,
        facts: &Facts,
        sets: &BTreeMap<String, FactSet>,
        ids: &[&str],
    ) -> anyhow::Result<Assembly> {
        let sources = Sources { facts: sets, organisation: &facts.organisation, frame: &self.frame };
        Ok(assemble(requirements, facts.subject_kind, ids, &sources)?)
    }

    fn context(&self, plugin: &Plugin) -> anyhow::Result<Context> {
        let requirements = plugin.requires(self.kind, &self.parameters_json)?;
        Ok(self.frame.context(&requirements, None, &self.parameters_json))
    }

    fn check_ids(&self) -> anyhow::Result<()> {
        let ids: Vec<&str> = match &self.input {
            Input::Indicator { subjects, .. } => subjects.iter().map(|subject| subject.id.as_str()).collect(),
            Input::Assistant { subjects, .. } => subjects.iter().map(|subject| subject.id.as_str()).collect(),
            Input::Insight { charts } => charts.iter().map(|chart| chart.id.as_str()).collect(),
            Input::Reweighting { scorecards } => {
                scorecards.iter().map(|scorecard| scorecard.employee.as_str()).collect()
            }
        };
        if ids.is_empty() {
            bail!("it names nobody: give [[subjects]] in case.toml, or charts or scorecards in their file");
        }
        let mut known = BTreeSet::new();
        ids.into_iter().find(|id| !known.insert(*id)).map_or(Ok(()), |twice| bail!("{twice} stands twice"))
    }
}

impl Facts {
    fn sets(&self, requirements: &Requirements) -> BTreeMap<String, FactSet> {
        let mut attributes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for need in &requirements.needs {
            attributes.entry(&need.kind).or_default().extend(need.attributes().map(str::to_owned));
        }
        let set = |(kind, attributes): (&str, BTreeSet<String>)| {
            let attributes: Vec<String> = attributes.into_iter().collect();
            (kind.to_owned(), FactSet::of_facts(kind, &attributes, &self.all))
        };
        attributes.into_iter().map(set).collect()
    }

    fn check_subject_kind(&self, requirements: &Requirements) -> anyhow::Result<()> {
        let taken = &requirements.subjects;
        if taken.contains(&self.subject_kind) {
            return Ok(());
        }
        let taken: Vec<&str> = taken.iter().map(|kind| kind.name()).collect();
        bail!("the plugin takes no subjects of the kind {}, only {}", self.subject_kind, taken.join(", "))
    }
}

impl ChartFile {
    fn into_chart(self, zone: &Zone) -> anyhow::Result<Chart> {
        let Self { id, title, series, target, baseline, higher_is_better, items } = self;
        let series = series.into_iter().map(|series| {
            let SeriesFile { name, unit, points } = series;
            let points = points.into_iter().map(|PointFile { period, value, complete }| {
                Ok(Point { during: period.parse::<Period>()?.span(zone), value, complete })
            });
            Ok(Series { name, unit, points: points.collect::<anyhow::Result<_>>()? })
        });
        Ok(Chart {
            id,
            title,
            series: series.collect::<anyhow::Result<_>>()?,
            target,
            baseline,
            higher_is_better,
            items,
        })
    }
}

impl ScorecardFile {
    fn into_scorecard(self, zone: &Zone) -> anyhow::Result<Scorecard> {
        let Self { employee, shares, circumstances } = self;
        let shares = shares.into_iter().map(|ShareFile { indicator, dimension, share, locked }| Share {
            indicator,
            dimension,
            share,
            locked,
        });
        let shares: Vec<Share> = shares.collect();
        let total: u64 = shares.iter().map(|share| u64::from(share.share)).sum();
        if total != u64::from(reweighting::WHOLE) {
            bail!("the shares of {employee} total {total} millionths, not {}", reweighting::WHOLE);
        }
        let circumstances = circumstances.into_iter().map(|circumstance| {
            let CircumstanceFile { id, kind, during, measures } = circumstance;
            let during = during.parse::<Period>()?.span(zone);
            Ok(Circumstance { id, kind, during, measures: measures.into_iter().collect() })
        });
        Ok(Scorecard { employee, shares, circumstances: circumstances.collect::<anyhow::Result<_>>()? })
    }
}

fn earliest(sets: &BTreeMap<String, FactSet>) -> Option<Instant> {
    sets.values().filter_map(|set| set.occurred_at.first()).min().map(|&at| Instant(at))
}

fn kind_of(file: &CaseFile, plugin: &Plugin) -> anyhow::Result<PluginKind> {
    let record = plugin.record();
    let kinds: Vec<PluginKind> = record.interfaces.iter().map(|interface| interface.kind).collect();
    match (file.kind, kinds.as_slice()) {
        (Some(kind), kinds) if kinds.contains(&kind) => Ok(kind),
        (Some(kind), _) => {
            bail!("kind = {:?}, but the plugin {} has no such interface", kind.name(), record.manifest.name)
        }
        (None, [kind]) => Ok(*kind),
        (None, kinds) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            bail!(
                "the plugin has several kinds; say in case.toml which one the case is for: kind = {:?}",
                kinds.join("\" or \"")
            )
        }
    }
}

fn facts_of(folder: &Path, file: &CaseFile, zone: &Zone) -> anyhow::Result<Facts> {
    let validity = |index: usize, from: &str, until: Option<&str>| -> anyhow::Result<Validity> {
        let until = until.map(str::parse::<Day>).transpose()?;
        Ok(Validity { sequence: i64::try_from(index).unwrap_or(i64::MAX), from: from.parse()?, until })
    };
    let spells = file.spells.iter().enumerate().map(|(index, spell)| {
        let SpellFile { person, department, from, until } = spell;
        Ok(Spell {
            validity: validity(index, from, until.as_deref())?,
            person: person.clone(),
            department: department.clone(),
            manager: None,
            position: None,
            employed: true,
        })
    });
    let ownerships = file.owners.iter().enumerate().map(|(index, ownership)| {
        let OwnerFile { customer, owner, from, until } = ownership;
        let validity = validity(index, from, until.as_deref())?;
        Ok(Ownership { validity, customer: customer.clone(), owner: owner.clone() })
    });
    let spells = spells.collect::<anyhow::Result<_>>()?;
    let organisation = Organisation::new(spells, ownerships.collect::<anyhow::Result<_>>()?);
    let facts = facts_file::read(&folder.join("facts.csv"), zone)?;
    let subject_kind = file.subject_kind.unwrap_or(SubjectKind::Employee);
    Ok(Facts { subject_kind, all: facts, organisation })
}

fn with_subject(id: &str, outcome: &Value) -> Value {
    let mut object = serde_json::Map::from_iter([("subject".to_owned(), Value::from(id))]);
    if let Some(outcome) = outcome.as_object() {
        object.extend(outcome.clone());
    }
    Value::Object(object)
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn read_json<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    serde_json::from_str(&text_of(file)?).with_context(|| format!("{} is not as the plugin guide says", file.display()))
}
