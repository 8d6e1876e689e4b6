//! Tasks that people set each other in the office system, within departments and across them, and what colleagues say afterwards.

use std::io;

use super::sales::compact;
use super::{Feedback, World};
use crate::calendar::{Day, Minute};
use crate::random::Random;
use crate::sheets::{Row, TASKS};

/// A task of the office system; what becomes of it is decided when it is set.
struct Task<'a> {
    id: &'a str,
    kind: &'a str,
    counts_in: &'a str,
    customer: &'a str,
    business_document: &'a str,
    weight: &'a str,
}

impl World<'_> {
    pub(super) fn work_together(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "tasks", day.0);
        let staff: Vec<(usize, usize)> = (0..self.organisation.posts.len())
            .filter_map(|post| self.organisation.at_work(post, day).map(|person| (post, person)))
            .collect();
        for number in 0..random.count(40.0 * self.volume() * day.business()) {
            let Some((post, initiator)) = random.pick(&staff).copied() else { return Ok(()) };
            let department = self.organisation.posts[post].department;
            let cooperation = self.organisation.people[initiator].traits.cooperation;
            let is_across = random.chance((0.44 + 0.13 * cooperation).clamp(0.1, 0.85));
            let customers = self.market.customers_of(post);
            let mut assignees: Vec<usize> = Vec::new();
            for _ in 0..random.between(1, 3) {
                let others: Vec<usize> = staff
                    .iter()
                    .filter(|(other, person)| {
                        (self.organisation.posts[*other].department != department) == is_across
                            && *person != initiator
                            && !assignees.contains(person)
                    })
                    .map(|(_, person)| *person)
                    .collect();
                // Those who like to work with others are asked more often.
                let asked = random.pick(&others).copied().zip(random.pick(&others).copied());
                let kind = |person: &usize| self.organisation.people[*person].traits.cooperation;
                assignees.extend(asked.map(|(one, other)| if kind(&one) < kind(&other) { other } else { one }));
            }
            if assignees.is_empty() {
                continue;
            }
            let is_care = !customers.is_empty() && random.chance(0.34);
            let customer = if is_care { random.pick(&customers).copied() } else { None };
            if is_care && !is_across {
                // A care plan is carried out by whoever looks after the customer.
                assignees = vec![initiator];
            }
            let id = format!("T-{}-{number:03}", compact(day));
            let business_document = format!("OA-{}-{:03}", compact(day), random.below(20));
            let task = Task {
                id: &id,
                kind: if is_care {
                    "care-plan"
                } else if random.chance(0.08) {
                    "urgent"
                } else {
                    "ordinary"
                },
                counts_in: if is_care { "customer-lifecycle" } else { "" },
                customer: customer.map_or("", |customer| &customer.id),
                business_document: &business_document,
                weight: random.word(["1", "1", "1", "2", "3"]),
            };
            self.carry_out(
                &mut random,
                &task,
                initiator,
                &assignees,
                Self::minute(&mut Random::of(self.seed, &id, 0), day),
            )?;
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        random: &mut Random,
        task: &Task<'_>,
        initiator: usize,
        assignees: &[usize],
        at: Minute,
    ) -> io::Result<()> {
        self.record(task, "task.created", initiator, assignees, at, "")?;
        let punctuality = assignees.first().map_or(0.0, |person| self.organisation.people[*person].traits.punctuality);
        let is_late = random.chance((0.2 - 0.1 * punctuality).clamp(0.02, 0.6));
        let days = random.between(1, 7) + if is_late { random.between(2, 8) } else { 0 };
        let ended = Self::minute(random, at.day().plus(days).workday_from()).max(at.plus(30));
        if random.chance(0.06) {
            return self.record(task, "task.cancelled", initiator, assignees, ended, "");
        }
        let late = if is_late { "true" } else { "false" };
        self.record(task, "task.done", initiator, assignees, ended, late)?;
        for assignee in assignees.iter().filter(|assignee| **assignee != initiator) {
            if random.chance(0.26) {
                let dimension = random.word(["teamwork", "teamwork", "process-efficiency"]);
                let at = ended.plus(random.between(5, 600));
                let about = *assignee;
                let (from, document) = (initiator, task.id);
                self.give_feedback(
                    random,
                    &Feedback { about, from, dimension, trigger: "collaboration-done", document, at },
                )?;
            }
        }
        Ok(())
    }

    /// One row for each participant, as the host itself keeps tasks: who both wanted it and does it is an assignee.
    fn record(
        &mut self,
        task: &Task<'_>,
        kind: &str,
        initiator: usize,
        assignees: &[usize],
        at: Minute,
        late: &str,
    ) -> io::Result<()> {
        let wanted = Some(initiator).filter(|initiator| !assignees.contains(initiator));
        let participants = wanted.map(|person| (person, "initiator")).into_iter();
        for (person, role) in participants.chain(assignees.iter().map(|person| (*person, "assignee"))) {
            let who = self.id(Some(person)).to_owned();
            let id = format!("{}/{kind}/{who}", task.id);
            let cells = [
                kind,
                who.as_str(),
                task.id,
                task.customer,
                task.weight,
                role,
                task.kind,
                task.business_document,
                task.counts_in,
                late,
            ];
            self.write(TASKS, &Row { id: &id, at, recorded: at.plus(1), cells: &cells })?;
        }
        Ok(())
    }
}
