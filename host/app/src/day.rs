//! What somebody's day begins with: the composite of the running month and how it moved, every indicator with its year and
//! its sentence, what the person lately gave and got, what is open to be done, and the questions that wait for them.
//!
//! It is read far more often than it changes, and by everybody in the morning. So it is held ready, with the numbers of
//! the newest rows that it is made of; as long as they are the same, nothing but those numbers is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use daybreak_domain::company::Company;
use daybreak_domain::composite::{Basis, CompositeOutcome, DimensionComposite, Points};
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Outcome, Rules};
use daybreak_domain::insight::Sentence;
use daybreak_domain::narration;
use daybreak_domain::period::Period;
use daybreak_domain::recognition::{CONTRIBUTION, FEEDBACK_KINDS, TASK_DONE};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::scorecard::Scorecard;
use daybreak_domain::task::{State, Task};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant, Span};
use daybreak_storage::{
    DayStamp, Definition, MonthScore, MonthSentence, QuestionCounts, StoredComposite, StoredScore, TaskQuery,
};

use crate::capture::Captured;
use crate::question::WaitingQuestions;
use crate::recognition::Recognised;
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// Most days that are held ready; beyond that all are let go and read again.
const DAYS_MAX: usize = 2_000;

/// Most open tasks that a day shows.
pub const TASKS_MAX: u32 = 100;

/// Most facts of feedback, and most contributions, that a day shows.
pub const RECOGNISED_MAX: u32 = 5;

/// What somebody's day begins with.
#[derive(Clone, Debug)]
pub struct PersonDay {
    pub held: Arc<DayHeld>,
    /// Open, those that are due first come first.
    pub tasks: Arc<Vec<Task>>,
    pub recognised: Arc<DayRecognised>,
    pub questions: WaitingQuestions,
    /// What has to be computed again: indicators, each with the first day of the month.
    pub stale: BTreeSet<(String, Day)>,
}

/// What the person lately gave and got, up to now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayRecognised {
    /// Given and received, the newest first.
    pub feedback: Vec<Recognised>,
    /// Contributions and tasks done, the newest first.
    pub contributions: Vec<Recognised>,
}

/// The part of it that is held ready.
#[derive(Clone, Debug, PartialEq)]
pub struct DayHeld {
    pub person: String,
    pub today: Day,
    /// The running month.
    pub month: Period,
    pub composite: Option<MonthComposite>,
    /// As the scorecard orders them; what is on no scorecard comes last.
    pub groups: Vec<Group>,
}

/// The composite of the running month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthComposite {
    pub sequence: i64,
    pub points: Points,
    /// Millionths.
    pub coverage: u32,
    pub computed_at: Instant,
    /// The points at the end of yesterday; none where there were none.
    pub yesterday: Option<f64>,
    /// The points of the month before; none where there are none.
    pub last_month: Option<f64>,
}

/// The cards of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// None: what is on no scorecard.
    pub dimension: Option<(String, Localized)>,
    /// None where the month has no composite.
    pub mean: Option<DimensionComposite>,
    pub cards: Vec<Card>,
}

/// One indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub indicator: String,
    pub title: Localized,
    pub rules: Rules,
    /// Computed like any other, and counts nowhere.
    pub trial: bool,
    /// Millionths, of the running month; none where it counts nowhere.
    pub share: Option<u32>,
    /// That of the latest month with one.
    pub score: Option<CardScore>,
    /// In force on the running month's last day, as scoring takes it; none where there is none.
    pub goal: Option<Goal>,
    /// How the evidence of the score was captured; none where it names no facts.
    pub captured: Option<Captured>,
    /// Month by month from the first one with a score, of the last twelve.
    pub trend: Vec<TrendPoint>,
    /// The newest of this month's chart and the last one's.
    pub sentence: Option<CardSentence>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CardScore {
    pub sequence: i64,
    pub period: Period,
    pub outcome: Outcome,
    /// In force on the period's last day.
    pub goal: Goal,
    pub computed_at: Option<Instant>,
    /// The plugin has failed since, so this is the last good one.
    pub faulted_since: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrendPoint {
    pub month: Period,
    pub raw: Option<f64>,
    pub points: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CardSentence {
    pub sequence: i64,
    pub narrated_on: Day,
    pub sentence: Sentence,
}

/// The days that are held ready, by company and person.
#[derive(Debug, Default)]
pub(crate) struct DaysHeld(Mutex<HashMap<(String, String), Held>>);

#[derive(Clone, Debug)]
struct Held {
    stamp: DayStamp,
    day: Arc<DayHeld>,
    tasks: Arc<Vec<Task>>,
    recognised: Arc<DayRecognised>,
    /// How many questions wait, and the numbers of the newest; their texts, out of which a name may be taken, are read each time.
    questions: Arc<(QuestionCounts, Vec<i64>)>,
}

impl DaysHeld {
    fn get(&self, company: &str, person: &str) -> Option<Held> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&(company.to_owned(), person.to_owned())).cloned()
    }

    fn put(&self, company: &str, person: &str, new: Held) {
        let key = (company.to_owned(), person.to_owned());
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= DAYS_MAX && !held.contains_key(&key) {
            held.clear();
        }
        // Of two that were read at once, the one that knew more stays.
        if held.get(&key).is_none_or(|known| known.stamp.sequence <= new.stamp.sequence) {
            held.insert(key, new);
        }
    }
}

impl Daybreak {
    /// What the person's day begins with.
    pub async fn person_day(&self, company: &Company, person: &str) -> Result<PersonDay, AppError> {
        let today = self.today(company);
        // The numbers come before what is read by them: whatever is appended meanwhile makes the next reader read again.
        let stamp = self.store.day_stamp(&company.id, person).await?;
        if !stamp.is_known {
            return Err(AppError::Unknown { what: "person", id: person.chars().take(80).collect() });
        }
        // A name that was taken out of what others wrote must not be shown again.
        let held = self.days.get(&company.id, person).filter(|held| held.stamp.erased == stamp.erased);
        let day = held.as_ref().filter(|held| held.day.today == today && held.stamp.has_same_numbers(&stamp));
        let tasks = held.as_ref().filter(|held| held.stamp.newest_task == stamp.newest_task);
        // Titles of tasks stand in it, too.
        let recognised = held
            .as_ref()
            .filter(|held| held.day.today == today && held.stamp.newest_recognised == stamp.newest_recognised)
            .filter(|_| tasks.is_some());
        let questions = held.as_ref().filter(|held| held.stamp.newest_question == stamp.newest_question);
        let is_news = day.is_none() || tasks.is_none() || recognised.is_none() || questions.is_none();
        let day = match day {
            Some(held) => held.day.clone(),
            None => Arc::new(self.read_day(company, person, today, stamp.sequence).await?),
        };
        let tasks = match tasks {
            Some(held) => held.tasks.clone(),
            None => Arc::new(self.open_tasks(company, person).await?),
        };
        let recognised = match recognised {
            Some(held) => held.recognised.clone(),
            None => Arc::new(self.lately_recognised(company, person, today).await?),
        };
        let questions = match questions {
            Some(held) => held.questions.clone(),
            None => Arc::new(self.waiting_questions(company, person).await?),
        };
        if is_news {
            let new = Held {
                stamp,
                day: day.clone(),
                tasks: tasks.clone(),
                recognised: recognised.clone(),
                questions: questions.clone(),
            };
            self.days.put(&company.id, person, new);
        }
        let (counts, newest) = &*questions;
        let questions = WaitingQuestions { counts: *counts, newest: self.questions_numbered(company, newest).await? };
        let indicators: Vec<&str> = day.cards().map(|card| card.indicator.as_str()).collect();
        let months = [day.month, month_before(day.month)];
        let whom = [person, EVERYBODY];
        let stale = self.store.stale_in_months(&company.id, &whom, &indicators, &months, today).await?;
        Ok(PersonDay { held: day, tasks, recognised, questions, stale: stale.into_iter().collect() })
    }

    async fn lately_recognised(&self, company: &Company, person: &str, today: Day) -> Result<DayRecognised, AppError> {
        // What is dated later is not shown before its day.
        let until_tonight = Span { start: Instant(i64::MIN), end: company.zone.midnight(today.plus(1)) };
        let contributions = [CONTRIBUTION, TASK_DONE];
        Ok(DayRecognised {
            feedback: self.recognised(company, person, until_tonight, &FEEDBACK_KINDS, RECOGNISED_MAX).await?,
            contributions: self.recognised(company, person, until_tonight, &contributions, RECOGNISED_MAX).await?,
        })
    }

    async fn open_tasks(&self, company: &Company, person: &str) -> Result<Vec<Task>, AppError> {
        let query = TaskQuery {
            state: Some(State::Open),
            person: Some(person.to_owned()),
            most: TASKS_MAX,
            ..TaskQuery::default()
        };
        Ok(self.tasks(company, &query).await?.into_iter().map(|stored| stored.task).collect())
    }

    /// Reads everything as known at the sequence.
    async fn read_day(&self, company: &Company, person: &str, today: Day, known_to: i64) -> Result<DayHeld, AppError> {
        let month = Period::month_of(today);
        let mut definitions = self.store.definitions(&company.id).await?;
        definitions.retain(|definition| definition.subject_kind == SubjectKind::Employee);
        let indicators: Vec<&str> = definitions.iter().map(|definition| definition.indicator.as_str()).collect();
        let months = narration::months(today);
        let sources = CardSources {
            scores: self.store.scores_of_months(&company.id, person, &indicators, &months, known_to).await?,
            sentences: {
                let months = [month, month_before(month)];
                self.store.sentences_of_months(&company.id, person, &indicators, &months, known_to).await?
            },
            faults: self.store.newest_faults_of(&company.id, person).await?,
            goals: self.store.goals_of(&company.id, person, month.last(), known_to).await?,
            captured: BTreeMap::new(),
            newest: BTreeMap::new(),
            computed_at: BTreeMap::new(),
            months,
        };
        let sources = self.with_newest_scores(company, sources).await?;
        let current = self.store.composites_known(&company.id, month, &[person], known_to).await?.pop();
        let scorecard = self.scorecard_of(company, current.as_ref()).await?;
        let composite = match &current {
            Some(stored) => Some(self.month_composite_of(company, stored, today, known_to).await?),
            None => None,
        };
        let groups = groups(&definitions, &sources, scorecard.as_ref(), current.as_ref());
        Ok(DayHeld { person: person.to_owned(), today, month, composite, groups })
    }

    /// The scores of the latest months in full, and when they were computed.
    async fn with_newest_scores(&self, company: &Company, sources: CardSources) -> Result<CardSources, AppError> {
        let mut latest: BTreeMap<&str, &MonthScore> = BTreeMap::new();
        for score in &sources.scores {
            let known = latest.entry(&score.indicator).or_insert(score);
            if known.month < score.month {
                *known = score;
            }
        }
        let sequences: Vec<i64> = latest.values().map(|score| score.sequence).collect();
        let batches: BTreeSet<i64> = latest.values().map(|score| score.batch).collect();
        let batches: Vec<i64> = batches.into_iter().collect();
        let scores = self.store.scores_numbered(&company.id, &sequences).await?;
        let newest: BTreeMap<String, StoredScore> =
            scores.into_iter().map(|score| (score.indicator.clone(), score)).collect();
        let computed_at = self.store.batch_moments(&company.id, &batches).await?;
        let evidence = newest.iter().map(|(indicator, score)| (indicator.as_str(), score.evidence.as_slice()));
        let captured = self.captured(company, evidence).await?;
        Ok(CardSources { captured, newest, computed_at, ..sources })
    }

    /// The revision of the scorecard that the composite rests on.
    pub(crate) async fn scorecard_of(
        &self,
        company: &Company,
        composite: Option<&StoredComposite>,
    ) -> Result<Option<Scorecard>, AppError> {
        let Some(Basis::Month(basis)) = composite.map(|stored| &stored.composite.receipt.basis) else {
            return Ok(None);
        };
        let revision = self.store.scorecard_revision(&company.id, basis.revision).await?;
        Ok(revision.map(|revision| revision.scorecard))
    }

    async fn month_composite_of(
        &self,
        company: &Company,
        stored: &StoredComposite,
        today: Day,
        known_to: i64,
    ) -> Result<MonthComposite, AppError> {
        let receipt = &stored.composite.receipt;
        let (employee, month) = (receipt.employee.as_str(), receipt.period);
        let midnight = company.zone.midnight(today);
        let yesterday =
            self.store.composite_points_before(&company.id, employee, month, midnight, known_to).await?.flatten();
        let before = self.store.composites_known(&company.id, month_before(month), &[employee], known_to).await?.pop();
        let last_month = before.and_then(|before| match before.composite.outcome.points() {
            Points::Computed { points } => Some(*points),
            Points::NotComputable { .. } => None,
        });
        Ok(MonthComposite {
            sequence: stored.sequence,
            points: stored.composite.outcome.points().clone(),
            coverage: stored.composite.outcome.coverage(),
            computed_at: receipt.computed_at,
            yesterday,
            last_month,
        })
    }
}

impl DayHeld {
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.groups.iter().flat_map(|group| &group.cards)
    }
}

/// What cards are made of.
struct CardSources {
    months: Vec<Period>,
    scores: Vec<MonthScore>,
    sentences: Vec<MonthSentence>,
    /// By indicator and first day of the period.
    faults: BTreeMap<(String, Day), i64>,
    /// By indicator.
    goals: HashMap<String, Goal>,
    /// By indicator.
    captured: BTreeMap<String, Captured>,
    /// By indicator.
    newest: BTreeMap<String, StoredScore>,
    /// By batch.
    computed_at: BTreeMap<i64, Instant>,
}

impl CardSources {
    fn card(&self, definition: &Definition, trial: bool, share: Option<u32>) -> Card {
        let indicator = &definition.indicator;
        let score = self.newest.get(indicator).map(|score| CardScore {
            sequence: score.sequence,
            period: score.period,
            outcome: score.outcome.clone(),
            goal: score.receipt.subject.goal,
            computed_at: self.computed_at.get(&score.batch).copied(),
            faulted_since: self
                .faults
                .get(&(indicator.clone(), score.period.first()))
                .is_some_and(|fault| *fault > score.sequence),
        });
        let own: BTreeMap<Period, &MonthScore> = self
            .scores
            .iter()
            .filter(|score| score.indicator == *indicator)
            .map(|score| (score.month, score))
            .collect();
        let months = self.months.iter().skip_while(|month| !own.contains_key(month));
        let trend = months.map(|month| {
            let score = own.get(month);
            TrendPoint {
                month: *month,
                raw: score.and_then(|score| score.raw),
                points: score.and_then(|score| score.points),
            }
        });
        // Where the newest one says that there is nothing to say any more, an older one says nothing either.
        let sentence = self
            .sentences
            .iter()
            .filter(|sentence| sentence.indicator == *indicator)
            .max_by_key(|sentence| (sentence.month_first, sentence.sequence));
        let sentence = sentence.and_then(|said| {
            let sentence = said.sentence.clone()?;
            Some(CardSentence { sequence: said.sequence, narrated_on: said.narrated_on, sentence })
        });
        Card {
            indicator: indicator.clone(),
            title: definition.title.clone(),
            rules: definition.rules.clone(),
            trial,
            share,
            score,
            goal: self.goals.get(indicator).copied(),
            captured: self.captured.get(indicator).copied(),
            trend: trend.collect(),
            sentence,
        }
    }
}

/// The cards, by dimension of the scorecard; what is scored and on no scorecard comes last, by id.
fn groups(
    definitions: &[Definition],
    sources: &CardSources,
    scorecard: Option<&Scorecard>,
    composite: Option<&StoredComposite>,
) -> Vec<Group> {
    let shares: BTreeMap<&str, u32> = match composite.map(|stored| &stored.composite.receipt.basis) {
        Some(Basis::Month(basis)) => basis.shares.iter().map(|share| (share.indicator.as_str(), share.share)).collect(),
        Some(Basis::Months { .. }) | None => BTreeMap::new(),
    };
    let means = match composite.map(|stored| &stored.composite.outcome) {
        Some(CompositeOutcome::Month(month)) => month.dimensions.as_slice(),
        Some(CompositeOutcome::Months(_)) | None => &[],
    };
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    let mut groups = Vec::new();
    for dimension in scorecard.iter().flat_map(|scorecard| &scorecard.dimensions) {
        let mut cards = Vec::new();
        for entry in scorecard.iter().flat_map(|scorecard| &scorecard.entries) {
            let definition = definitions.iter().find(|definition| definition.indicator == entry.indicator);
            if let Some(definition) = definition.filter(|_| entry.dimension == dimension.id) {
                placed.insert(&definition.indicator);
                let share = shares.get(entry.indicator.as_str()).copied();
                cards.push(sources.card(definition, entry.trial, share));
            }
        }
        groups.push(Group {
            dimension: Some((dimension.id.clone(), dimension.title.clone())),
            mean: means.iter().find(|mean| mean.dimension == dimension.id).cloned(),
            cards,
        });
    }
    let rest: Vec<Card> = definitions
        .iter()
        .filter(|definition| {
            !placed.contains(definition.indicator.as_str()) && sources.newest.contains_key(&definition.indicator)
        })
        .map(|definition| sources.card(definition, false, None))
        .collect();
    if !rest.is_empty() {
        groups.push(Group { dimension: None, mean: None, cards: rest });
    }
    groups
}

pub(crate) fn month_before(month: Period) -> Period {
    Period::month_of(month.first().plus(-1))
}
