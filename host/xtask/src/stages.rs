//! Stages of a command that takes long: how long each took, and which failed.

use std::time::{Duration, Instant};

/// Stages run so far. A failed one does not keep the next from being tried, so that one run shows all that is wrong.
#[derive(Default)]
pub struct Stages {
    ended: Vec<(&'static str, Duration, Result<(), String>)>,
}

impl Stages {
    #[expect(clippy::disallowed_methods, reason = "how long a stage took is read from the machine's clock")]
    pub fn run(&mut self, name: &'static str, stage: impl FnOnce() -> Result<(), String>) {
        println!("--- {name}");
        let start = Instant::now();
        let outcome = stage();
        if let Err(problem) = &outcome {
            eprintln!("{problem}");
        }
        self.ended.push((name, start.elapsed(), outcome));
    }

    /// How long each stage took.
    pub fn print(&self) {
        for (name, time, outcome) in &self.ended {
            println!("{:>8.1} s  {name}{}", time.as_secs_f64(), if outcome.is_ok() { "" } else { "  FAILED" });
        }
    }

    /// Names the stages that failed, after all times.
    pub fn stop_if_failed(&self) -> Result<(), String> {
        let failed: Vec<_> =
            self.ended.iter().filter(|(_, _, outcome)| outcome.is_err()).map(|(name, ..)| *name).collect();
        if failed.is_empty() {
            return Ok(());
        }
        self.print();
        Err(format!("failed: {}", failed.join(", ")))
    }
}
