//! Rows: the only place that knows SQL.
//!
//! One file per aggregate. Nothing here decides anything about scores; it keeps what it is given and gives back exactly
//! that. Rows that scoring reads are only ever appended, numbered by one counter per company in the order of commit, so
//! that "everything up to n" means the same thing for ever.

mod absence;
mod account;
mod adjustment;
mod alert;
mod api_token;
mod audit;
mod backup;
mod circumstance;
mod company;
mod component;
mod composite;
mod customer;
mod day;
mod department;
mod enablement;
mod examination;
mod fact;
mod fact_set;
mod goal;
mod growth_view;
mod identity;
mod indicator;
mod job;
mod narration;
mod news;
mod pack;
mod person;
mod policy;
mod question;
mod recognition;
mod score;
mod scorecard;
mod session;
mod stale;
mod store;
mod task;
mod team;
mod touch;
mod webhook;

pub use absence::NewAbsence;
pub use account::StoredAccount;
pub use adjustment::{ShareAdjustment, StoredAdjustment};
pub use alert::{AlertKey, AlertQuery, AssessedRecord, NewAlertRevision, StoredAlert, StoredAssessment};
pub use backup::{BackupContents, BackupError, backup, restore};
pub use circumstance::{CircumstanceQuery, Recorded, StoredCircumstance};
pub use company::NewCompany;
pub use component::StoredComponent;
pub use composite::{COMPOSITES, COMPOSITES_OF_MONTHS, CompositeQuery, NewComposite, StoredComposite, composite_key};
pub use customer::NewOwnership;
pub use day::{DayStamp, MonthScore, MonthSentence};
pub use department::NewDepartmentSpell;
pub use enablement::{Enablement, NewEnablement};
pub use examination::{Examination, Finding, Verdict, examine};
pub use fact::{Appended, Arrival, Delivery, FactFilter, FactsBy};
pub use fact_set::FactQuery;
pub use goal::{GoalInForce, GoalQuery, NewGoal, StoredGoal};
pub use identity::NewIdentity;
pub use indicator::{Definition, NewDefinition, NewPermission, ParametersRevision, Permission, Pin};
pub use job::{ClaimedJob, JobEnd, NewJob};
pub use narration::{NewSentence, SentenceFilter, SentenceQuery, StoredNarration, StoredSentence};
pub use pack::AppliedPack;
pub use person::NewSpell;
pub use policy::{PolicyAnswer, StoredPolicyBatch};
pub use question::{QuestionCounts, QuestionQuery, StoredEntry, StoredQuestion};
pub use score::{NewBatch, NewFault, NewScore, ScoreQuery, StoredBatch, StoredFault, StoredScore};
pub use scorecard::{NewScorecard, ScorecardRevision};
pub use session::{NewLink, NewSession, StoredLink, StoredSession};
pub use stale::{Claim, ClaimedWork, Mark, MarkCause, StaleKey, WorkOrder};
pub use store::{Address, AddressError, Store, StoreError, TransactionWatcher, Write};
pub use task::{NewTaskRevision, StoredTask, TaskKey, TaskQuery};
pub use team::{MonthPoints, OverdueTask};
pub use touch::{Touch, TouchQuery};
