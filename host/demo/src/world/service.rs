//! Tickets of the service desk, operations with somebody at the table, trainings on products.

use std::io;

use super::sales::{Answered, compact, product};
use super::{Feedback, World};
use crate::calendar::{Day, Minute};
use crate::market::PRODUCTS;
use crate::random::Random;
use crate::sheets::{Row, SURGERIES, TICKETS, TRAININGS};

const CATEGORIES: [&str; 6] = ["使用咨询", "到货查询", "设备报修", "票据问题", "培训预约", "投诉"];

impl World<'_> {
    pub(super) fn answer_tickets(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "tickets", day.0);
        let agents = self.organisation.with_position("service-agent", day);
        for number in 0..random.count(29.0 * self.volume() * (day.business() + 0.12)) {
            let Some(customer) = random.pick(&self.market.customers) else { return Ok(()) };
            let (document, category) = (format!("TK-{}-{number:03}", compact(day)), random.word(CATEGORIES));
            let opened = Self::minute(&mut random, day);
            let step = |world: &mut Self, name: &str, person: Option<usize>, at: Minute, last: (&str, &str)| {
                let who = world.id(person).to_owned();
                let (kind, score) = last;
                let id = format!("{document}/{name}");
                let cells = [kind, who.as_str(), &document, &customer.id, name, category, score];
                world.write(TICKETS, &Row { id: &id, at, recorded: at.plus(1), cells: &cells })
            };
            // Customers open tickets, and they are nobody of ours.
            step(self, "open", None, opened, ("ticket.event", ""))?;
            let (Some(first), Some(second)) = (random.pick(&agents).copied(), random.pick(&agents).copied()) else {
                continue;
            };
            let taken = opened.plus(random.between(4, 90));
            step(self, "take", Some(first), taken, ("ticket.event", ""))?;
            let resolver = if random.chance(0.72) { first } else { second };
            let traits = self.organisation.people[resolver].traits;
            let hours = random.around(8.5 * (1.0 - 0.25 * traits.speed).max(0.35), 0.75);
            let resolved = taken.plus((hours * 60.0) as i64 + 5);
            if random.chance(0.6) {
                step(self, "reply", Some(first), taken.plus((hours * 25.0) as i64 + 3), ("ticket.event", ""))?;
            }
            step(self, "resolve", Some(resolver), resolved, ("ticket.event", ""))?;
            if random.chance(0.04) {
                let reopened = resolved.plus(random.between(60, 2_000));
                step(self, "reopen", None, reopened, ("ticket.event", ""))?;
                let again = reopened.plus(random.between(60, 900));
                step(self, "resolve-again", Some(resolver), again, ("ticket.event", ""))?;
            }
            if random.chance(0.45) {
                let score = (4.1 + 0.35 * traits.care + random.normal() * 0.75).round().clamp(1.0, 5.0);
                let rated = resolved.plus(random.between(10, 900));
                step(self, "rate", Some(resolver), rated, ("ticket.rating", &format!("{score}")))?;
            }
            if category == "投诉" && random.chance(0.7) {
                let leaders = self.organisation.posts_in("service").next();
                if let Some(from) = leaders.and_then(|leader| self.organisation.holder(leader, day)) {
                    let at = resolved.plus(random.between(5, 200));
                    let (dimension, trigger) = ("customer-experience", "complaint-closed");
                    let feedback = Feedback { about: resolver, from, dimension, trigger, document: &document, at };
                    self.give_feedback(&mut random, &feedback)?;
                }
            }
        }
        Ok(())
    }

    /// Operations in which somebody of ours stands by, and trainings.
    pub(super) fn operate(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "operations", day.0);
        let (mut operations, mut trainings) = (0, 0);
        for post in 0..self.organisation.posts.len() {
            let (operated, trained) = match self.organisation.posts[post].position {
                "clinical-specialist" => (1.5, 0.24),
                "sales-representative" => (0.16, 0.05),
                _ => continue,
            };
            let Some(person) = self.organisation.at_work(post, day) else { continue };
            let traits = self.organisation.people[person].traits;
            let own = self.market.customers_of(post);
            let customers = if own.is_empty() { self.market.customers.iter().collect() } else { own };
            for _ in 0..random.count(operated * day.business() * (1.0 + 0.15 * traits.drive).max(0.4)) {
                let Some(customer) = random.pick(&customers).copied() else { continue };
                operations += 1;
                let document = format!("OP-{}-{operations:03}", compact(day));
                let at = day.at(8, 0).plus(random.between(0, 540));
                // Preparation counts as lateness, which is not right: the indicator is on trial for a reason.
                let late = (random.normal() * 14.0 - 4.0 * traits.punctuality).round().max(0.0);
                let on_time = if late <= 10.0 { "true" } else { "false" };
                let product = PRODUCTS[product(&mut random)].0;
                let who = self.id(Some(person)).to_owned();
                let recorded = self.entered(&mut random, person, at);
                let late = format!("{late}");
                let cells = [who.as_str(), &document, &customer.id, product, &late, on_time];
                self.write(SURGERIES, &Row { id: &document, at, recorded, cells: &cells })?;
                if random.chance(0.5)
                    && let Some(contact) = customer.contact(&mut random, day)
                {
                    let about = Answered { customer: &customer.id, title: contact.title, product, document: &document };
                    self.answer(&mut random, person, &about, at.plus(90))?;
                }
            }
            for _ in 0..random.count(trained * day.business() * (1.0 + 0.3 * traits.care).max(0.3)) {
                let Some(customer) = random.pick(&customers).copied() else { continue };
                trainings += 1;
                let document = format!("TR-{}-{trainings:03}", compact(day));
                let at = Self::minute(&mut random, day);
                let (code, .., is_new) = PRODUCTS[product(&mut random)];
                let (who, participants) = (self.id(Some(person)).to_owned(), random.between(3, 22).to_string());
                let recorded = self.entered(&mut random, person, at);
                let is_new = if is_new { "true" } else { "false" };
                let cells = [who.as_str(), &document, &customer.id, code, is_new, &participants];
                self.write(TRAININGS, &Row { id: &document, at, recorded, cells: &cells })?;
            }
        }
        Ok(())
    }
}
