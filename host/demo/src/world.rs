//! What happens in the company on each day. One file for each part of it; each draws from its own stream of chance.
//!
//! Every row says who did it, when, and when it was entered. Who does what depends on what people are like, never the other
//! way round: no number that Daybreak computes stands anywhere here.

use std::collections::BTreeSet;
use std::io;

use crate::calendar::{Day, Minute};
use crate::market::Market;
use crate::organisation::{Organisation, PEOPLE};
use crate::random::Random;
use crate::sheets::{FEEDBACK, Row, Sheet, Sheets};

mod office;
mod sales;
mod service;
mod supply;
mod teamwork;

pub struct World<'a> {
    pub seed: u64,
    pub organisation: &'a Organisation,
    pub market: &'a Market,
    pub sheets: Sheets,
    /// Ids of people with a row on the recalled batch or on a document that names it.
    pub touched: BTreeSet<String>,
}

/// A word about somebody's work, on the spot.
struct Feedback<'a> {
    about: usize,
    from: usize,
    dimension: &'a str,
    trigger: &'a str,
    document: &'a str,
    at: Minute,
}

const NOTES: [(&str, [&str; 4]); 3] = [
    ("customer-experience", ["客户当场表示满意", "把客户的顾虑讲清楚了", "回访很及时", "主动替客户想到了下一步"]),
    ("process-efficiency", ["少走了一道审批", "资料一次备齐", "提前半天完成", "把步骤写成了清单"]),
    ("teamwork", ["帮仓库一起理货", "随叫随到", "把信息同步给了所有人", "替同事顶了一个班"]),
];

impl World<'_> {
    pub fn live_through(&mut self, day: Day) -> io::Result<()> {
        self.sell(day)?;
        self.visit(day)?;
        self.take_in(day)?;
        self.operate(day)?;
        self.answer_tickets(day)?;
        self.approve(day)?;
        self.pay_back_debts(day)?;
        self.work_together(day)
    }

    /// How large the company is beside the whole one.
    fn volume(&self) -> f64 {
        self.organisation.people.len().min(PEOPLE) as f64 / PEOPLE as f64
    }

    fn id(&self, person: Option<usize>) -> &str {
        person.map_or("", |person| &self.organisation.people[person].id)
    }

    fn write(&mut self, sheet: Sheet, row: &Row<'_>) -> io::Result<bool> {
        self.sheets.write(sheet, row)
    }

    /// Remembers who touched the recalled batch.
    fn touch(&mut self, batch: &str, person: Option<usize>) {
        if batch == self.market.recall.batch
            && let Some(person) = person
        {
            self.touched.insert(self.organisation.people[person].id.clone());
        }
    }

    /// When somebody enters what they did: most within two hours, some in the evening, a few only days later.
    fn entered(&self, random: &mut Random, person: usize, at: Minute) -> Minute {
        let punctual = 0.79 + 0.09 * self.organisation.people[person].traits.punctuality;
        if random.chance(punctual.clamp(0.4, 0.97)) {
            at.plus(random.between(3, 115))
        } else if random.chance(0.7) {
            at.plus(random.between(130, 560))
        } else {
            at.plus(random.between(1, 4) * 1_440 + random.between(-200, 200))
        }
    }

    /// A minute in working hours: a hump before and one after lunch.
    fn minute(random: &mut Random, day: Day) -> Minute {
        let hump = if random.chance(0.52) { 620.0 } else { 910.0 };
        day.at(0, 0).plus((hump + random.normal() * 52.0) as i64)
    }

    fn give_feedback(&mut self, random: &mut Random, feedback: &Feedback<'_>) -> io::Result<()> {
        let Feedback { about, from, dimension, trigger, document, at } = *feedback;
        if about == from {
            return Ok(());
        }
        let notes = NOTES.iter().find(|(of, _)| *of == dimension).map_or(NOTES[0].1, |(_, notes)| *notes);
        let note = random.word(notes);
        let (about, from) = (self.id(Some(about)).to_owned(), self.id(Some(from)).to_owned());
        let id = format!("F-{document}-{about}");
        let recorded = at.plus(1);
        let cells = ["feedback", about.as_str(), document, dimension, trigger, from.as_str(), "", note];
        self.write(FEEDBACK, &Row { id: &id, at, recorded, cells: &cells })?;
        let id = format!("{id}-given");
        let cells = ["feedback.given", from.as_str(), document, dimension, trigger, "", about.as_str(), ""];
        self.write(FEEDBACK, &Row { id: &id, at, recorded, cells: &cells }).map(|_| ())
    }
}
