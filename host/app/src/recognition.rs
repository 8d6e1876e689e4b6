//! What somebody gave to others and got from them, as pages show it: feedback, contributions and tasks done.

use std::collections::BTreeMap;

use daybreak_domain::company::Company;
use daybreak_domain::fact::Fact;
use daybreak_domain::recognition::Recognition;
use daybreak_domain::task;
use daybreak_domain::time::Span;

use crate::{AppError, Daybreak};

#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    pub is: Recognition,
    pub fact: Fact,
    /// That of the task, as it is now; none for what is no task of this host.
    pub title: Option<String>,
}

impl Daybreak {
    /// The person's own facts of these kinds, the newest occurrence first; at most `most`.
    pub(crate) async fn recognised(
        &self,
        company: &Company,
        person: &str,
        during: Span,
        kinds: &[&str],
        most: u32,
    ) -> Result<Vec<Recognised>, AppError> {
        let facts = self.store.recognised_facts(&company.id, person, during, kinds, most).await?;
        let is_task = |fact: &&Fact| fact.source == task::SOURCE;
        let tasks: Vec<&str> = facts.iter().filter(is_task).filter_map(|fact| fact.document.as_deref()).collect();
        let titles =
            if tasks.is_empty() { BTreeMap::new() } else { self.store.task_titles(&company.id, &tasks).await? };
        let recognised = facts.into_iter().filter_map(|fact| {
            let title = fact.document.as_ref().filter(|_| is_task(&&fact)).and_then(|task| titles.get(task)).cloned();
            Some(Recognised { is: Recognition::of(&fact.kind)?, title, fact })
        });
        Ok(recognised.collect())
    }
}
