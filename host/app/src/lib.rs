//! Use cases: what Daybreak does, in the words of the product.
//!
//! Every module is one use case and says in which order things happen; rules live in `domain`, guests run in `engine`,
//! rows live in `storage`. Nothing here knows wasmtime, SQL, HTTP or the terminal.

mod daybreak;
mod error;
mod placement;

pub mod access;
pub mod alert;
pub mod assess;
pub mod audit;
pub mod capture;
pub mod catalogue;
pub mod circumstance;
pub mod compose;
pub mod crisis;
pub mod day;
pub mod deliver;
pub mod directory;
pub mod enable;
pub mod enablement;
pub mod examine;
pub mod export;
pub mod figures;
pub mod growth;
pub mod headcount;
pub mod import;
pub mod indicator_history;
pub mod ingest;
pub mod install;
pub mod job;
pub mod mapping;
pub mod narrate;
pub mod news;
pub mod organise;
pub mod pack;
pub mod question;
pub mod read;
pub mod recognition;
pub mod replay;
pub mod replay_composites;
pub mod reweight;
pub mod score;
pub mod scorecard;
pub mod shares;
pub mod silence;
pub mod stale;
pub mod tables;
pub mod task;
pub mod team;
pub mod webhook;

/// Stored rows as use cases give them out, and what they are asked by.
pub mod stored {
    pub use daybreak_storage::{
        AlertKey, AlertQuery, Appended, AppliedPack, Arrival, CircumstanceQuery, CompositeQuery, Definition,
        Enablement, FactFilter, FactsBy, GoalInForce, GoalQuery, OverdueTask, ParametersRevision, Permission, Pin,
        QuestionQuery, ScoreQuery, ScorecardRevision, SentenceFilter, SentenceQuery, StoredAdjustment, StoredAlert,
        StoredBatch, StoredCircumstance, StoredComponent, StoredComposite, StoredEntry, StoredFault, StoredQuestion,
        StoredScore, StoredSentence, StoredTask, TaskKey, TaskQuery,
    };
}

pub use daybreak::Daybreak;
pub use error::{AppError, ErrorKind};
