//! A pack's files: TOML that says what an administrator would otherwise set step by step.
//!
//! What lives here is reading only, from files that somebody else has read into memory: the same pack comes from a
//! folder today and may come over the network tomorrow.

use std::collections::BTreeMap;

use daybreak_domain::company::{Department, Position};
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::is_name;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{CEILING_DEFAULT, Direction, Rules};
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use serde::Deserialize;

use crate::enable::IndicatorSetting;
use crate::enablement::EnablementSetting;
use crate::import::Mapping;
use crate::install::ALWAYS;
use crate::scorecard::ScorecardSetting;

/// Most files of a pack, and most bytes of all of them together.
pub const FILES_MAX: usize = 1_000;
pub const PACK_BYTES_MAX: usize = 128 * 1_048_576;

/// The files that a pack may hold beside `mappings/NAME.toml`, `scorecards/NAME.toml` and `plugins/NAME.wasm`.
const FILES: [&str; 6] =
    ["pack.toml", "departments.toml", "indicators.toml", "enablements.toml", "goals.toml", "positions.toml"];

#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    pub id: String,
    pub version: String,
    pub title: Localized,
    pub summary: Localized,
    /// Of all files, names and contents.
    pub digest: Digest,
    pub departments: Vec<Department>,
    pub positions: Vec<Position>,
    /// By file name.
    pub plugins: BTreeMap<String, Vec<u8>>,
    pub indicators: Vec<IndicatorSetting>,
    pub enablements: Vec<EnablementSetting>,
    /// Texts by name; each was read once, so it is a mapping.
    pub mappings: BTreeMap<String, String>,
    /// By indicator, subject and first day; none reaches into the days of the next one.
    pub goals: Vec<PackGoal>,
    pub scorecards: Vec<ScorecardSetting>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PackGoal {
    pub indicator: String,
    pub subject: Option<String>,
    pub from: Day,
    pub until: Option<Day>,
    pub goal: Goal,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PackError {
    #[error("the pack has no pack.toml: it says id, version, title and summary of the pack")]
    NoPack,
    #[error("{file} is no file of a pack: a pack holds {}, mappings/NAME.toml, scorecards/NAME.toml and plugins/NAME.wasm", FILES.join(", "))]
    UnknownFile { file: String },
    #[error("{file}: {problem}")]
    Bad { file: String, problem: String },
    #[error("{file}: {what} {id:?} stands there twice")]
    Twice { file: String, what: &'static str, id: String },
    #[error("the archive is no pack: {0}")]
    Archive(#[from] super::archive::ArchiveError),
    #[error("the pack has {0} files: at most {FILES_MAX}")]
    TooManyFiles(usize),
    #[error("the pack has {0} bytes: at most {PACK_BYTES_MAX}")]
    TooLarge(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    id: String,
    version: String,
    title: Localized,
    summary: Localized,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentsFile {
    department: Vec<DepartmentEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentEntry {
    id: String,
    name: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionsFile {
    position: Vec<PositionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionEntry {
    id: String,
    title: Localized,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorsFile {
    indicator: Vec<IndicatorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorEntry {
    id: String,
    title: Localized,
    #[serde(default = "employee")]
    subject: SubjectKind,
    direction: Option<String>,
    #[serde(default)]
    unit: String,
    ceiling: Option<f64>,
    plugin: String,
    #[serde(default)]
    parameters: toml::Table,
    from: Option<String>,
    #[serde(default)]
    departments: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnablementsFile {
    enablement: Vec<EnablementEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnablementEntry {
    id: String,
    kind: PluginKind,
    plugin: String,
    title: Localized,
    #[serde(default = "employee")]
    subject: SubjectKind,
    #[serde(default)]
    parameters: toml::Table,
    from: Option<String>,
    department: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoalsFile {
    goal: Vec<GoalEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoalEntry {
    indicator: String,
    subject: Option<String>,
    from: Option<String>,
    until: Option<String>,
    baseline: Option<f64>,
    target: Option<f64>,
    stretch: Option<f64>,
}

fn employee() -> SubjectKind {
    SubjectKind::Employee
}

impl Pack {
    /// Reads a pack from its files: their paths inside the pack, with `/` between folders, and their contents.
    pub fn of_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, PackError> {
        if files.len() > FILES_MAX {
            return Err(PackError::TooManyFiles(files.len()));
        }
        let bytes = files.values().map(Vec::len).sum();
        if bytes > PACK_BYTES_MAX {
            return Err(PackError::TooLarge(bytes));
        }
        let file: PackFile = read(files, FILES[0])?.ok_or(PackError::NoPack)?;
        if !is_name(&file.id) {
            return Err(bad(
                FILES[0],
                format!("the id {:?} is no name: use lower-case letters, digits and dashes", file.id),
            ));
        }
        let mut pack = Self {
            id: file.id,
            version: file.version,
            title: file.title,
            summary: file.summary,
            digest: digest_of(files),
            departments: Vec::new(),
            positions: Vec::new(),
            plugins: BTreeMap::new(),
            indicators: Vec::new(),
            enablements: Vec::new(),
            mappings: BTreeMap::new(),
            goals: Vec::new(),
            scorecards: Vec::new(),
        };
        for (path, content) in files {
            match path.split_once('/') {
                None if FILES.contains(&path.as_str()) => {}
                Some(("plugins", name)) if name.strip_suffix(".wasm").is_some() => {
                    pack.plugins.insert(name.to_owned(), content.clone());
                }
                Some(("mappings", name)) if name.strip_suffix(".toml").is_some() => {
                    let id = name.trim_end_matches(".toml");
                    let text = text_of(path, content)?;
                    Mapping::parse(text).map_err(|problem| bad(path, problem.to_string()))?;
                    if !is_name(id) {
                        return Err(bad(path, format!("{id:?} is no name: use lower-case letters, digits and dashes")));
                    }
                    pack.mappings.insert(id.to_owned(), text.to_owned());
                }
                Some(("scorecards", name)) if name.strip_suffix(".toml").is_some() => {
                    let setting = ScorecardSetting::from_toml(text_of(path, content)?);
                    pack.scorecards.push(setting.map_err(|problem| bad(path, problem.to_string()))?);
                }
                _ => return Err(PackError::UnknownFile { file: path.clone() }),
            }
        }
        pack.departments = departments(files)?;
        pack.positions = positions(files)?;
        pack.indicators = indicators(files)?;
        pack.enablements = enablements(files)?;
        pack.goals = goals(files)?;
        once("scorecards", "scorecard", pack.scorecards.iter().map(|setting| setting.scorecard.id.clone()))?;
        Ok(pack)
    }
}

fn departments(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Department>, PackError> {
    let file: Option<DepartmentsFile> = read(files, FILES[1])?;
    let entries = file.map(|file| file.department).unwrap_or_default();
    once(FILES[1], "department", entries.iter().map(|entry| entry.id.clone()))?;
    let known = |entry: &DepartmentEntry| Department {
        id: entry.id.clone(),
        name: entry.name.clone(),
        parent: entry.parent.clone(),
    };
    let mut waiting: Vec<Department> = entries.iter().map(known).collect();
    let mut ordered: Vec<Department> = Vec::new();
    // Whoever stands above comes first; what is left when nobody can go next stands below itself.
    while !waiting.is_empty() {
        let listed = |id: &String| waiting.iter().any(|department| department.id == *id);
        let ready = |department: &Department| department.parent.as_ref().is_none_or(|parent| !listed(parent));
        let Some(next) = waiting.iter().position(ready) else {
            return Err(bad(FILES[1], format!("the department {} stands below itself", waiting[0].id)));
        };
        ordered.push(waiting.remove(next));
    }
    Ok(ordered)
}

fn positions(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Position>, PackError> {
    let file: Option<PositionsFile> = read(files, FILES[5])?;
    let entries = file.map(|file| file.position).unwrap_or_default();
    once(FILES[5], "position", entries.iter().map(|entry| entry.id.clone()))?;
    Ok(entries.into_iter().map(|entry| Position { id: entry.id, title: entry.title }).collect())
}

fn indicators(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<IndicatorSetting>, PackError> {
    let file: Option<IndicatorsFile> = read(files, FILES[2])?;
    let entries = file.map(|file| file.indicator).unwrap_or_default();
    once(FILES[2], "indicator", entries.iter().map(|entry| entry.id.clone()))?;
    let setting = |entry: IndicatorEntry| {
        let direction = match entry.direction {
            None => Direction::HigherIsBetter,
            Some(text) => text.parse().map_err(|problem| bad(FILES[2], format!("{}: {problem}", entry.id)))?,
        };
        Ok(IndicatorSetting {
            title: entry.title,
            subject_kind: entry.subject,
            rules: Rules { direction, unit: entry.unit, ceiling: entry.ceiling.unwrap_or(CEILING_DEFAULT) },
            plugin: entry.plugin,
            parameters_json: json(FILES[2], &entry.id, &entry.parameters)?,
            from: from(FILES[2], &entry.id, entry.from.as_deref())?,
            departments: entry.departments,
            id: entry.id,
        })
    };
    entries.into_iter().map(setting).collect()
}

fn enablements(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<EnablementSetting>, PackError> {
    let file: Option<EnablementsFile> = read(files, FILES[3])?;
    let entries = file.map(|file| file.enablement).unwrap_or_default();
    let key = |entry: &EnablementEntry| format!("{} {}", entry.id, entry.department.clone().unwrap_or_default());
    once(FILES[3], "enablement", entries.iter().map(key))?;
    let setting = |entry: EnablementEntry| {
        Ok(EnablementSetting {
            kind: entry.kind,
            plugin: entry.plugin,
            component: None,
            title: entry.title,
            subject_kind: entry.subject,
            parameters_json: json(FILES[3], &entry.id, &entry.parameters)?,
            from: from(FILES[3], &entry.id, entry.from.as_deref())?,
            department: entry.department,
            id: entry.id,
        })
    };
    entries.into_iter().map(setting).collect()
}

fn goals(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<PackGoal>, PackError> {
    let file: Option<GoalsFile> = read(files, FILES[4])?;
    let goal = |entry: GoalEntry| {
        let until = entry.until.as_deref().map(str::parse::<Day>).transpose();
        Ok(PackGoal {
            from: from(FILES[4], &entry.indicator, entry.from.as_deref())?,
            until: until.map_err(|problem| bad(FILES[4], format!("{}: {problem}", entry.indicator)))?,
            indicator: entry.indicator,
            subject: entry.subject,
            goal: Goal { baseline: entry.baseline, target: entry.target, stretch: entry.stretch },
        })
    };
    let goals: Result<Vec<PackGoal>, PackError> =
        file.map(|file| file.goal).unwrap_or_default().into_iter().map(goal).collect();
    let mut goals = goals?;
    goals.sort_by(|left, right| left.key().cmp(&right.key()));
    let name = |goal: &PackGoal| format!("{} {} {}", goal.indicator, goal.subject.as_deref().unwrap_or(""), goal.from);
    once(FILES[4], "goal", goals.iter().map(name))?;
    // A goal ends where the next one of the same subject begins, at the latest: so no order of setting them matters.
    for place in 1..goals.len() {
        let (earlier, later) = goals.split_at_mut(place);
        if let (Some(earlier), Some(later)) = (earlier.last_mut(), later.first())
            && (&earlier.indicator, &earlier.subject) == (&later.indicator, &later.subject)
        {
            earlier.until = Some(earlier.until.map_or(later.from, |until| until.min(later.from)));
        }
    }
    Ok(goals)
}

impl PackGoal {
    fn key(&self) -> (&str, Option<&str>, Day) {
        (&self.indicator, self.subject.as_deref(), self.from)
    }
}

fn read<T: serde::de::DeserializeOwned>(files: &BTreeMap<String, Vec<u8>>, file: &str) -> Result<Option<T>, PackError> {
    let Some(content) = files.get(file) else { return Ok(None) };
    // The message of the TOML library names the line and shows it.
    toml::from_str(text_of(file, content)?).map(Some).map_err(|error| bad(file, error.to_string().trim_end()))
}

fn text_of<'a>(file: &str, content: &'a [u8]) -> Result<&'a str, PackError> {
    std::str::from_utf8(content).map_err(|_| bad(file, "it is not UTF-8"))
}

fn bad(file: &str, problem: impl Into<String>) -> PackError {
    PackError::Bad { file: file.to_owned(), problem: problem.into() }
}

fn from(file: &str, id: &str, day: Option<&str>) -> Result<Day, PackError> {
    day.map_or(Ok(ALWAYS), |day| day.parse().map_err(|problem| bad(file, format!("{id}: {problem}"))))
}

/// Parameters are JSON for plugins and TOML for people.
fn json(file: &str, id: &str, parameters: &toml::Table) -> Result<String, PackError> {
    serde_json::to_string(parameters).map_err(|problem| bad(file, format!("the parameters of {id}: {problem}")))
}

fn once(file: &str, what: &'static str, ids: impl Iterator<Item = String>) -> Result<(), PackError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id.clone()) {
            return Err(PackError::Twice { file: file.to_owned(), what, id: id.trim().to_owned() });
        }
    }
    Ok(())
}

fn digest_of(files: &BTreeMap<String, Vec<u8>>) -> Digest {
    // Each file by the digest of its content, so that no two packs run into the same bytes.
    let lines: Vec<String> = files.iter().map(|(path, content)| format!("{path} {}\n", Digest::of(content))).collect();
    Digest::of(lines.concat().as_bytes())
}
