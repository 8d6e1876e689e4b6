//! Goods come in, are checked and counted.

use std::io;

use super::World;
use super::sales::{compact, product};
use crate::calendar::{Day, Minute};
use crate::market::{PRODUCTS, arrives};
use crate::random::Random;
use crate::sheets::{CHECKS, Row, STOCK};

const WAREHOUSES: [&str; 2] = ["warehouse-shanghai", "warehouse-wuhan"];

impl World<'_> {
    pub(super) fn take_in(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "supply", day.0);
        let mut number = 0;
        for (item, (code, ..)) in PRODUCTS.iter().enumerate() {
            let batch = self.market.batch(item, day);
            let recall = &self.market.recall;
            // While the batch is sold that will be recalled, no other one of its product comes in.
            let is_expected = if batch == recall.batch { recall.arrived == day } else { arrives(item, day) };
            if is_expected {
                for warehouse in WAREHOUSES {
                    let at = Self::minute(&mut random, day.workday_from());
                    let clerks = self.clerks(warehouse, at.day());
                    let clerk = random.pick(&clerks).copied();
                    let (who, document) = (self.id(clerk).to_owned(), format!("IN-{batch}-{}", &warehouse[10..11]));
                    let cells = [who.as_str(), &document, "", "receive", code, &batch, "ok", "true"];
                    if self.write(STOCK, &Row { id: &document, at, recorded: at.plus(2), cells: &cells })? {
                        self.touch(&batch, clerk);
                    }
                }
                for _ in 0..3 {
                    number += 1;
                    self.inspect(&mut random, day, number, item, &batch)?;
                }
            }
        }
        // Beside what comes in, stock is inspected and counted.
        for _ in 0..random.count(19.0 * self.volume() * day.business()) {
            number += 1;
            let item = product(&mut random);
            let batch = self.market.batch(item, day);
            self.inspect(&mut random, day, number, item, &batch)?;
        }
        for count in 0..random.count(22.0 * self.volume() * day.business()) {
            let warehouse = random.word(WAREHOUSES);
            let clerks = self.clerks(warehouse, day);
            let Some(clerk) = random.pick(&clerks).copied() else { continue };
            let care = self.organisation.people[clerk].traits.care;
            let is_right = !random.chance((0.05 - 0.02 * care).clamp(0.005, 0.12));
            let at = Self::minute(&mut random, day);
            let document = format!("CT-{}-{count:03}", compact(day));
            let who = self.id(Some(clerk)).to_owned();
            let result = if is_right { "ok" } else { "mismatch" };
            let cells = [who.as_str(), &document, "", "count", PRODUCTS[product(&mut random)].0, "", result, "true"];
            self.write(STOCK, &Row { id: &document, at, recorded: at.plus(2), cells: &cells })?;
        }
        Ok(())
    }

    /// A sample is drawn, and somebody decides hours or days later.
    fn inspect(&mut self, random: &mut Random, day: Day, number: usize, item: usize, batch: &str) -> io::Result<()> {
        let document = format!("QC-{}-{number:03}", compact(day));
        let day = day.workday_from();
        let inspectors = self.organisation.with_position("quality-inspector", day);
        let Some(sampler) = random.pick(&inspectors).copied() else { return Ok(()) };
        let at = Self::minute(random, day);
        self.check(&document, sampler, at, ("sample", "", item, batch))?;
        let decider = if random.chance(0.8) { Some(sampler) } else { random.pick(&inspectors).copied() };
        let Some(decider) = decider else { return Ok(()) };
        let traits = self.organisation.people[decider].traits;
        let hours = random.around(17.0 * (1.0 - 0.22 * traits.speed).max(0.4), 0.55);
        let decided = at.plus((hours * 60.0) as i64 + 20);
        let is_good = !random.chance(0.035);
        let (activity, result) = if is_good { ("release", "pass") } else { ("block", "fail") };
        self.check(&document, decider, decided, (activity, result, item, batch))
    }

    fn check(
        &mut self,
        document: &str,
        person: usize,
        at: Minute,
        (activity, result, item, batch): (&str, &str, usize, &str),
    ) -> io::Result<()> {
        let who = self.id(Some(person)).to_owned();
        let id = format!("{document}/{activity}");
        let cells = [who.as_str(), document, activity, PRODUCTS[item].0, batch, result];
        if self.write(CHECKS, &Row { id: &id, at, recorded: at.plus(5), cells: &cells })? {
            self.touch(batch, Some(person));
        }
        Ok(())
    }
}
