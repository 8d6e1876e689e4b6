//! Scores a batch, and finds the subjects that a plugin fails on without losing the others.

use std::ops::Range;

use daybreak_domain::indicator::{self, Outcome, Rules};
use daybreak_domain::plugin::{Fault, LogLine, PluginKind};

use crate::adapter::ScoreInput;
use crate::batch::{self, CallOptions};
use crate::guest::Log;
use crate::plugin::Plugin;
use crate::sandbox::{CallError, Called};
use crate::text;

/// What scoring a batch gave. Every subject stands in exactly one of the calls or among the faults.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRun {
    /// The calls that ended well, ordered by their subjects.
    pub calls: Vec<ScoreCall>,
    /// The subjects that the plugin failed on, ascending.
    pub faults: Vec<SubjectFault>,
    pub log: Vec<LogLine>,
}

/// One call of the plugin that ended well.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCall {
    /// Indexes into the batch's subjects.
    pub subjects: Range<usize>,
    /// One for each of them. Evidence is counted from the first row that the subject was given in the table.
    pub outcomes: Vec<Outcome>,
    /// Units used.
    pub fuel: u64,
    /// The most that all memories held together.
    pub memory_bytes: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SubjectFault {
    /// Index into the batch's subjects.
    pub subject: usize,
    pub fault: Fault,
}

impl Plugin {
    /// Scores all subjects of the batch. Blocks: call it from a thread that may wait.
    ///
    /// Where a call fails, the batch is cut and its parts are called anew until only those subjects are left that the
    /// plugin fails on; they get its fault, the others their outcome.
    ///
    /// # Errors
    /// A fault that concerns the batch as a whole (parameters, no such interface), too slow a machine, or a batch that is
    /// not what its documentation says.
    pub fn score(&self, batch: indicator::Batch, options: &CallOptions) -> Result<ScoreRun, CallError> {
        let indicator = self.indicator()?;
        let fuel_factor = options.check()?;
        self.check_parameters(&batch.context.parameters_json)?;
        batch::check_tables(&batch.tables, batch.subjects.len())?;
        let rules = batch.rules.clone();
        let input = indicator.prepare(batch);
        let size = input.size();
        batch::check_size(&size)?;
        let limits = self.engine().limits();
        let mut search = Search {
            plugin: self,
            rules: &rules,
            fuel_factor,
            calls_left: limits.calls_per_batch.max(1),
            last_fault: None,
            run: ScoreRun { calls: Vec::new(), faults: Vec::new(), log: Vec::new() },
            log: Log::new(limits),
        };
        search.run(&*input, 0..size.subjects, true)?;
        search.run.log = search.log.finish();
        Ok(search.run)
    }
}

struct Search<'a> {
    plugin: &'a Plugin,
    rules: &'a Rules,
    fuel_factor: u32,
    calls_left: u32,
    last_fault: Option<Fault>,
    run: ScoreRun,
    log: Log,
}

/// Why a call that returned is not accepted.
enum Rejection {
    /// These subjects, by their place in the call, have a bad outcome each.
    Subjects(Vec<(usize, Fault)>),
    /// Nobody knows whose fault it is.
    All(Fault),
}

impl Search<'_> {
    /// Scores `subjects` of the whole batch, which `input` holds (`is_whole`: and nothing else).
    fn run(&mut self, batch: &dyn ScoreInput, subjects: Range<usize>, is_whole: bool) -> Result<(), CallError> {
        if subjects.is_empty() {
            return Ok(());
        }
        if let (0, Some(fault)) = (self.calls_left, &self.last_fault) {
            let faults = subjects.map(|subject| SubjectFault { subject, fault: fault.clone() });
            self.run.faults.extend(faults);
            return Ok(());
        }
        self.calls_left = self.calls_left.saturating_sub(1);
        let part;
        let input = if is_whole {
            batch
        } else {
            part = batch.slice(subjects.clone());
            &*part
        };
        match self.call(input, subjects.len())? {
            Ok(called) => {
                self.run.calls.push(ScoreCall {
                    subjects,
                    outcomes: called.value,
                    fuel: called.fuel,
                    memory_bytes: called.memory_bytes,
                });
                Ok(())
            }
            Err(Rejection::Subjects(culprits)) => {
                // The gaps between the culprits are called anew: an outcome is kept only from a call that ended well.
                let mut next = subjects.start;
                for (place, fault) in culprits {
                    let subject = subjects.start + place;
                    self.last_fault = Some(fault.clone());
                    self.run(batch, next..subject, false)?;
                    self.run.faults.push(SubjectFault { subject, fault });
                    next = subject + 1;
                }
                self.run(batch, next..subjects.end, false)
            }
            Err(Rejection::All(fault)) => {
                self.last_fault = Some(fault.clone());
                if subjects.len() == 1 {
                    self.run.faults.push(SubjectFault { subject: subjects.start, fault });
                    return Ok(());
                }
                let middle = subjects.start + subjects.len() / 2;
                self.run(batch, subjects.start..middle, false)?;
                self.run(batch, middle..subjects.end, false)
            }
        }
    }

    fn call(
        &mut self,
        input: &dyn ScoreInput,
        subjects: usize,
    ) -> Result<Result<Called<Vec<Outcome>>, Rejection>, CallError> {
        let engine = self.plugin.engine();
        let budget = engine.limits().call(input.size(), self.fuel_factor);
        let called = engine
            .call(self.plugin.component(), &budget, &mut self.log, |store, instance| input.score(store, instance));
        let called = match called {
            Ok(called) => called,
            Err(CallError::Fault(fault)) => return Ok(Err(Rejection::All(fault))),
            Err(error) => return Err(error),
        };
        let outcomes = match called.value {
            Ok(outcomes) => outcomes,
            Err(fault @ Fault::BadParameters { .. }) => return Err(fault.into()),
            Err(fault) => return Ok(Err(Rejection::All(fault))),
        };
        if outcomes.len() != subjects {
            let reason = format!("{} outcomes for {subjects} subjects", outcomes.len());
            return Ok(Err(Rejection::All(Fault::BadOutput { reason })));
        }
        let mut culprits = Vec::new();
        let mut checked = Vec::with_capacity(subjects);
        for (subject, outcome) in outcomes.into_iter().enumerate() {
            let outcome = outcome.and_then(|outcome| {
                let rows = input.rows_of(subject);
                indicator::check(&outcome, self.rules, &rows).map_err(|error| error.to_string())?;
                Ok(outcome)
            });
            match outcome {
                Ok(outcome) => checked.push(outcome),
                Err(reason) => culprits.push((subject, Fault::BadOutput { reason: text::plain(&reason) })),
            }
        }
        if culprits.is_empty() {
            Ok(Ok(Called { value: checked, fuel: called.fuel, memory_bytes: called.memory_bytes }))
        } else {
            Ok(Err(Rejection::Subjects(culprits)))
        }
    }
}

impl Plugin {
    fn indicator(&self) -> Result<&dyn crate::adapter::Indicator, Fault> {
        self.adapters().indicator.as_deref().ok_or_else(|| self.missing(PluginKind::Indicator))
    }
}
