//! What a use case can fail with. Every error that a user can cause says what to do next.

use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Day;
use daybreak_engine::{CallError, HostError};
use daybreak_storage::StoreError;

use crate::access::AccessRefused;
use crate::alert::AlertRefused;
use crate::circumstance::CircumstanceRefused;
use crate::import::{HeaderError, RowError};
use crate::job::JobRefused;
use crate::organise::{EntryError, EntryProblem};
use crate::question::QuestionRefused;
use crate::tables::AssembleError;
use crate::task::TaskRefused;

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("there is no company yet: run `daybreak init`")]
    NoCompany,
    #[error("there is no company {id:?}: `daybreak init` makes one")]
    UnknownCompany { id: String },
    #[error("several companies are here ({ids}): name one with --company")]
    WhichCompany { ids: String },
    #[error(
        "{what} {id:?} is no id: use lower-case letters, digits, dots, dashes and underscores, beginning with a letter"
    )]
    BadId { what: &'static str, id: String },
    #[error("{what} is empty")]
    Empty { what: &'static str },
    #[error("there is no {what} {id:?}{}", hint(.what))]
    Unknown { what: &'static str, id: String },
    #[error("the goal holds a value that is no finite number")]
    GoalNotFinite,
    #[error("the ceiling is {0}: it must be a number between 1 and 1000")]
    BadCeiling(f64),
    #[error("the unit has {0} bytes: at most {max}", max = daybreak_domain::indicator::UNIT_BYTES_MAX)]
    UnitTooLong(usize),
    #[error("the plugin {plugin} is no {kind} plugin")]
    WrongPluginKind { plugin: String, kind: PluginKind },
    #[error("with these parameters the plugin {plugin} cannot score a {subject_kind}; it can score: {able}")]
    WrongSubjectKind { plugin: String, subject_kind: SubjectKind, able: String },
    #[error(
        "the plugin asks for facts of other departments; that is granted for the whole company or not at all: leave \
         the department out"
    )]
    GrantTooNarrow,
    #[error("the enablement {id} is in use for a plugin of the kind {kind}: choose another id")]
    EnablementIsOther { id: String, kind: PluginKind },
    #[error("the indicator {indicator} does not exist on {on}: define it with `daybreak indicator set`")]
    IndicatorNotThere { indicator: String, on: Day },
    #[error(
        "the version of {plugin} in use on {on} was not granted what it reads for {indicator}: look at it with \
         `daybreak indicator set`, and grant it with --grant"
    )]
    NotEnabled { indicator: String, plugin: String, on: Day },
    #[error("a goal needs a baseline, a target or a stretch value")]
    GoalEmpty,
    #[error("the goal holds until {until}, which is not after its first day {from}")]
    GoalNeverHolds { from: Day, until: Day },
    #[error("{bad} of {entries} entries cannot be taken, so none was; correct them and try again")]
    BadEntries { bad: usize, entries: usize, errors: Vec<EntryError> },
    #[error("the file cannot be read: {problem}")]
    BadHeader { problem: String },
    #[error("the list is longer than {most} entries: split it")]
    TooManyEntries { most: usize },
    #[error("{}{problem}", .column.map(|column| format!("{column}: ")).unwrap_or_default())]
    BadEntry { column: Option<&'static str>, problem: EntryProblem },
    #[error("on {on} the department {department} still has {left}: move or close them first")]
    DepartmentInUse { department: String, on: Day, left: String },
    #[error("{id} was erased already")]
    ErasedAlready { id: String },
    #[error("{id} is the only administrator: make somebody else one first")]
    LastAdministrator { id: String },
    #[error("{id} does not belong to the company on {on}: give a day on which they do")]
    NotEmployed { id: String, on: Day },
    #[error(
        "the days from {from} to {to} are no growth map: end on the first day or later, and show at most {most} months"
    )]
    BadMapDays { from: Day, to: Day, most: usize },
    #[error("{months} months: ask for 1 to {most}")]
    BadMonths { months: u32, most: u32 },
    #[error("{weeks} weeks: ask for 1 to {most}")]
    BadWeeks { weeks: u32, most: u32 },
    #[error("{days} days: ask for 1 to {most}")]
    BadDays { days: u32, most: u32 },
    #[error("fact {index} of the delivery cannot be recorded")]
    BadFact { index: usize, source: daybreak_domain::fact::FactError },
    #[error(
        "{bad} of {facts} facts cannot be recorded, so none was; correct them and deliver all again{first}",
        bad = .errors.len() + .more,
        first = .errors.first().map(|(index, problem)| format!(". Fact {index}: {problem}")).unwrap_or_default()
    )]
    BadFacts {
        facts: usize,
        /// By their index in the delivery, from 0: what is wrong and what to do.
        errors: Vec<(usize, String)>,
        /// Bad facts beyond those listed.
        more: usize,
    },
    #[error("the delivery has {facts} facts: at most {most} at once, so split it")]
    TooManyFacts { facts: usize, most: usize },
    #[error("nothing after row {row} of the file could be read, so nothing was imported: {problem}")]
    StoppedEarly { row: u64, problem: String },
    #[error("the indicator {indicator} has no parameters on {on}: define them with `daybreak indicator set`")]
    NoParameters { indicator: String, on: Day },
    #[error(
        "the component {} is no longer in the database; restore it from a backup, because receipts name it",
        .digest.short()
    )]
    ComponentGone { digest: Digest },
    #[error("the stored bytes of component {} have the digest {}: somebody changed them; restore a backup", .digest.short(), .found.short())]
    ComponentChanged { digest: Digest, found: Digest },
    #[error("the file could not be read or written; it has to be an ordinary file")]
    File(#[from] std::io::Error),
    #[error("the file cannot be imported")]
    Header(#[from] HeaderError),
    #[error("{} of {rows} rows cannot be imported, so none was; correct them, or import the others with --skip-bad-rows", .errors.len())]
    BadRows { rows: u64, errors: Vec<RowError>, more: u64 },
    #[error(
        "the file was changed while it was being imported; of what was checked before, {facts} facts were recorded. Import \
         it again once nothing writes to it: what is known already changes nothing"
    )]
    FileChanged { facts: u64 },
    #[error("{row}")]
    RowRefused { row: RowError },
    #[error("the pack cannot be used")]
    Pack(#[from] crate::pack::PackError),
    #[error("the plugin failed")]
    Plugin(#[from] CallError),
    #[error("the facts cannot be arranged for the plugin")]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Shares(#[from] crate::shares::ShareError),
    #[error(
        "the source {:?} is the host's own: name the system from which the facts come",
        daybreak_domain::task::SOURCE
    )]
    ReservedSource,
    #[error(transparent)]
    TaskRefused(#[from] TaskRefused),
    #[error(transparent)]
    QuestionRefused(#[from] QuestionRefused),
    #[error(transparent)]
    CrisisRefused(#[from] crate::crisis::CrisisRefused),
    #[error(transparent)]
    CircumstanceRefused(#[from] CircumstanceRefused),
    #[error(transparent)]
    DeliveryRefused(#[from] crate::deliver::DeliveryRefused),
    #[error("the database failed")]
    Store(#[from] StoreError),
    #[error(transparent)]
    AssessRefused(#[from] crate::assess::AssessRefused),
    #[error(transparent)]
    AccessRefused(#[from] AccessRefused),
    #[error(transparent)]
    MappingRefused(#[from] crate::mapping::MappingRefused),
    #[error(transparent)]
    AlertRefused(#[from] AlertRefused),
    #[error(transparent)]
    JobRefused(#[from] JobRefused),
    #[error(transparent)]
    WebhookRefused(#[from] crate::webhook::WebhookRefused),
    #[error("the mapping {name} cannot be used: {problem}")]
    BadMapping { name: String, problem: crate::import::MappingError },
    /// Part of a longer work has to be tried again.
    #[error("the host is busy: {problem}")]
    Interrupted { problem: String },
    #[error(
        "as many plugins and packs as this host takes in at once are on their way already: send it again in a moment"
    )]
    IntakesBusy,
    #[error("a task of the host ended early")]
    Task(#[from] tokio::task::JoinError),
}

/// What a caller can do about an error; which answer it becomes is decided where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It names something that is not there.
    NotFound,
    /// What was asked for cannot be done; the text says what to do instead.
    Refused,
    /// It contradicts what is there already.
    Conflict,
    /// Whoever asks is not let in.
    NotLetIn,
    /// Another try in a moment may succeed.
    Busy,
    /// The host or what it stands on is at fault.
    Internal,
}

impl AppError {
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoCompany | Self::UnknownCompany { .. } | Self::WhichCompany { .. } | Self::Unknown { .. } => {
                ErrorKind::NotFound
            }
            Self::Store(StoreError::Unknown { .. }) => ErrorKind::NotFound,
            Self::AccessRefused(refused) => match refused {
                AccessRefused::NotSignedIn => ErrorKind::NotLetIn,
                AccessRefused::TooManyAtOnce => ErrorKind::Busy,
                AccessRefused::LoginTaken(_) | AccessRefused::HasAccount(_) => ErrorKind::Conflict,
                AccessRefused::NoAccount(_) => ErrorKind::NotFound,
                AccessRefused::Hashing(_) => ErrorKind::Internal,
                _ => ErrorKind::Refused,
            },
            Self::JobRefused(JobRefused::Ended { .. })
            | Self::TaskRefused(TaskRefused::Exists(_) | TaskRefused::Ended { .. } | TaskRefused::CrisisOpen { .. })
            | Self::CircumstanceRefused(CircumstanceRefused::Exists(_) | CircumstanceRefused::Withdrawn(_))
            | Self::QuestionRefused(QuestionRefused::Asked { .. } | QuestionRefused::Closed(_))
            | Self::AlertRefused(AlertRefused::Closed(_) | AlertRefused::Planned { .. })
            | Self::Store(StoreError::Exists { .. })
            | Self::ErasedAlready { .. }
            | Self::EnablementIsOther { .. }
            | Self::DepartmentInUse { .. }
            | Self::LastAdministrator { .. } => ErrorKind::Conflict,
            Self::JobRefused(JobRefused::FilesBusy)
            | Self::IntakesBusy
            | Self::Interrupted { .. }
            | Self::Store(StoreError::Busy(_) | StoreError::Unreachable(_))
            | Self::Plugin(CallError::TimedOut { .. }) => ErrorKind::Busy,
            Self::Plugin(CallError::Host(HostError::Machine(_)))
            | Self::Store(_)
            | Self::Task(_)
            | Self::ComponentGone { .. }
            | Self::ComponentChanged { .. } => ErrorKind::Internal,
            _ => ErrorKind::Refused,
        }
    }
}

fn hint(what: &str) -> &'static str {
    match what {
        "plugin" => ": install it with `daybreak plugin install`",
        "indicator" => ": define it with `daybreak indicator set`",
        "mapping" => ": name a file, or a mapping that a pack has set up",
        "enablement" => ": see `daybreak enablement list`",
        "alert" => ": see `daybreak alerts`",
        "position" => ": add it with `daybreak position add`",
        "scorecard" => ": see `daybreak scorecard list`",
        "reweighting" => ": see `daybreak reweight list`",
        "person" => ": add people with `daybreak people import`",
        "department" => ": add it with `daybreak department add`",
        "task" => ": `daybreak task list --state all` shows what there is",
        "circumstance" => ": `daybreak circumstance list` shows what there is",
        "customer" => ": add it with `daybreak customer add`",
        "contact" => ": add it with `daybreak contact add`",
        "absence" => ": `daybreak absence list` names them",
        "token" => ": `daybreak token list` names them",
        "job" => ": only the newest of those that have ended are kept",
        _ => "",
    }
}
