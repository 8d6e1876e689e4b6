//! Orders with their way through the warehouse and their payments; visits with what doctors answered.

use std::io;

use super::{Feedback, World};
use crate::calendar::{Day, Minute};
use crate::market::PRODUCTS;
use crate::random::Random;
use crate::sheets::{
    ORDERS, PAYMENTS, Row, STOCK, TOUCHPOINTS_AUTOMATIC, TOUCHPOINTS_PREFILLED, TOUCHPOINTS_TYPED, VISITS,
};

/// Made up, like everything else.
const COMPETITORS: [&str; 5] = ["锐康医疗", "博骨科技", "海川介入", "诺宸器械", "欣泰生物"];
const PURPOSES: [&str; 6] = ["产品演示", "术后回访", "学术沟通", "投标跟进", "库存盘点", "账期沟通"];
const GOALS: [&str; 5] = ["完成新品演示", "确认下月用量", "了解竞品报价", "约定科室培训", "收集术后反馈"];
const DEMANDS: [&str; 6] = ["到货更快", "术中有人跟台", "降低单台成本", "更多规格", "临床数据", "无"];
const SUPPORT: [&str; 5] = ["无", "市场部资料", "临床跟台", "仓库加急", "财务对账"];

impl World<'_> {
    pub(super) fn sell(&mut self, day: Day) -> io::Result<()> {
        let mut counts = Random::of(self.seed, "orders", day.0);
        let market = self.market;
        let mut number = 0;
        for customer in &market.customers {
            if customer.bought_until.is_some_and(|until| day > until) {
                continue;
            }
            let Some(owner) = self.organisation.acting(customer.post, day) else { continue };
            let drive = self.organisation.people[owner].traits.drive;
            let per_day = customer.orders_per_month / 21.0 * day.business() * (1.0 + 0.2 * drive).max(0.4);
            for _ in 0..counts.count(per_day) {
                number += 1;
                let document = format!("SO-{}-{number:03}", compact(day));
                // Each has a stream of its own: how far one has come by now changes no other.
                let mut random = Random::of_document(self.seed, &document);
                let product = product(&mut random);
                let (code, _, line, price, ..) = PRODUCTS[product];
                let worth = random.around(13_500.0, 0.45);
                let quantity = (worth / price).round().clamp(1.0, 400.0);
                let amount = price * quantity;
                let batch = market.batch(product, day);
                let at = Self::minute(&mut random, day);
                let order = [
                    self.id(Some(owner)).to_owned(),
                    document.clone(),
                    customer.id.clone(),
                    format!("{amount:.2}"),
                    "order".to_owned(),
                    code.to_owned(),
                    batch.clone(),
                    format!("{quantity}"),
                ];
                let cells: Vec<&str> = order.iter().map(String::as_str).collect();
                let written = self.write(ORDERS, &Row { id: &document, at, recorded: at.plus(2), cells: &cells })?;
                if !written {
                    // Only its payment may still lie within the history.
                    self.pay(&mut random, customer, &document, amount, at)?;
                    continue;
                }
                self.touch(&batch, Some(owner));
                if random.chance(0.0022) {
                    self.correct_order(&mut random, &document, at, &order, amount)?;
                }
                self.deliver(&mut random, &document, &customer.id, (code, &batch), customer.post, at)?;
                self.pay(&mut random, customer, &document, amount, at)?;
                if batch != market.recall.batch && random.chance(if amount > 40_000.0 { 0.5 } else { 0.05 }) {
                    let post = &self.organisation.posts[customer.post];
                    let from = post.leader.and_then(|leader| self.organisation.holder(leader, day));
                    if let Some(from) = from {
                        let dimension = if line == "骨科" { "customer-experience" } else { "process-efficiency" };
                        let at = at.plus(random.between(30, 400));
                        let about = owner;
                        let feedback =
                            Feedback { about, from, dimension, trigger: "milestone", document: &document, at };
                        self.give_feedback(&mut random, &feedback)?;
                    }
                }
                if random.chance(0.028) {
                    self.send_back(&mut random, &order, amount, at)?;
                }
            }
        }
        Ok(())
    }

    /// An amount that was entered wrongly and is corrected: another content under the same number.
    fn correct_order(
        &mut self,
        random: &mut Random,
        document: &str,
        at: Minute,
        order: &[String; 8],
        amount: f64,
    ) -> io::Result<()> {
        let corrected = format!("{:.2}", amount * if random.chance(0.5) { 0.9 } else { 1.1 });
        let mut cells: Vec<&str> = order.iter().map(String::as_str).collect();
        cells[3] = &corrected;
        self.sheets.correct(ORDERS, &Row { id: document, at, recorded: at.plus(2), cells: &cells })
    }

    /// Some days later a part of the order comes back. The order's own number stays that of the order.
    fn send_back(&mut self, random: &mut Random, order: &[String; 8], amount: f64, at: Minute) -> io::Result<()> {
        let document = order[1].replace("SO-", "RT-");
        let amount = format!("{:.2}", amount * 0.3);
        let at = at.plus(random.between(4, 20) * 1_440);
        // A return names no batch: the goods stand in quarantine until they were checked.
        let cells = [&order[0], &document, &order[2], &amount, "return", &order[5], "", "1"];
        self.write(ORDERS, &Row { id: &document, at, recorded: at.plus(2), cells: &cells }).map(|_| ())
    }

    /// Picked, checked, sent: each by somebody of the warehouse that is nearer.
    fn deliver(
        &mut self,
        random: &mut Random,
        document: &str,
        customer: &str,
        (product, batch): (&str, &str),
        post: usize,
        at: Minute,
    ) -> io::Result<()> {
        let region = self.organisation.posts[post].department;
        let warehouse = match region {
            "sales-west" | "sales-south" => "warehouse-wuhan",
            _ => "warehouse-shanghai",
        };
        let day = if at.0.rem_euclid(1_440) > 15 * 60 { at.day().plus(1) } else { at.day() }.workday_from();
        let clerks = self.clerks(warehouse, day);
        let mut moment = day.at(15, 10).plus(random.between(-60, 60)).max(at.plus(15));
        for movement in ["pick", "check", "ship"] {
            let clerk = random.pick(&clerks).copied();
            let traits = clerk.map(|clerk| self.organisation.people[clerk].traits).unwrap_or_default();
            let is_right = !random.chance((0.028 - 0.011 * traits.care).clamp(0.003, 0.08));
            let is_late = random.chance((0.09 - 0.04 * traits.speed).clamp(0.01, 0.3));
            moment = moment.plus(random.between(12, 50) + if is_late { 1_300 } else { 0 });
            let result = if is_right { "ok" } else { "mismatch" };
            let on_time = if is_late { "false" } else { "true" };
            let who = self.id(clerk).to_owned();
            let cells = [who.as_str(), document, customer, movement, product, batch, result, on_time];
            let id = format!("{document}/{movement}");
            if self.write(STOCK, &Row { id: &id, at: moment, recorded: moment.plus(1), cells: &cells })? {
                self.touch(batch, clerk);
            }
        }
        Ok(())
    }

    pub(super) fn clerks(&self, warehouse: &str, day: Day) -> Vec<usize> {
        self.organisation.posts_in(warehouse).filter_map(|post| self.organisation.at_work(post, day)).collect()
    }

    fn pay(
        &mut self,
        random: &mut Random,
        customer: &crate::market::Customer,
        document: &str,
        amount: f64,
        at: Minute,
    ) -> io::Result<()> {
        let day = at.day().plus(random.around(customer.payment_days, 0.3) as i64).workday_from();
        let accountants = self.organisation.with_position("accountant", day);
        let who = self.id(random.pick(&accountants).copied()).to_owned();
        let at = Self::minute(random, day);
        let (receipt, amount) = (document.replace("SO-", "RC-"), format!("{amount:.2}"));
        let cells = [who.as_str(), receipt.as_str(), customer.id.as_str(), amount.as_str(), document];
        self.write(PAYMENTS, &Row { id: &receipt, at, recorded: at.plus(4), cells: &cells }).map(|_| ())
    }

    pub(super) fn visit(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "visits", day.0);
        let mut number = 0;
        for post in 0..self.organisation.posts.len() {
            let per_day = match self.organisation.posts[post].position {
                "sales-representative" => 2.0,
                "sales-manager" => 0.5,
                _ => continue,
            };
            let Some(person) = self.organisation.at_work(post, day) else { continue };
            let traits = self.organisation.people[person].traits;
            // Managers come along to the customers of their people.
            let of = if per_day < 1.0 { self.someone_led_by(&mut random, post) } else { post };
            let customers = self.market.customers_of(of);
            for _ in 0..random.count(per_day * day.business() * (1.0 + 0.26 * traits.drive).max(0.3)) {
                let Some(customer) = random.pick(&customers).copied() else { continue };
                let Some(contact) = customer.contact(&mut random, day) else { continue };
                number += 1;
                let document = format!("V-{}-{number:03}", compact(day));
                let at = Self::minute(&mut random, day);
                let product = PRODUCTS[product(&mut random)].0;
                let who = self.id(Some(person)).to_owned();
                let purpose = random.word(PURPOSES);
                let minutes = (random.around(28.0, 0.45) as i64).clamp(5, 180).to_string();
                let cells = [who.as_str(), &document, &customer.id, purpose, contact.title, product, &minutes];
                self.write(VISITS, &Row { id: &document, at, recorded: at.plus(3), cells: &cells })?;
                if random.chance((0.62 + 0.1 * traits.care).clamp(0.3, 0.9)) {
                    let about = Answered { customer: &customer.id, title: contact.title, product, document: &document };
                    self.answer(&mut random, person, &about, at.plus(25))?;
                }
            }
        }
        Ok(())
    }

    fn someone_led_by(&self, random: &mut Random, leader: usize) -> usize {
        let led: Vec<usize> = (0..self.organisation.posts.len())
            .filter(|post| self.organisation.posts[*post].leader == Some(leader))
            .collect();
        random.pick(&led).copied().unwrap_or(leader)
    }

    /// The form that is filled in after a visit or an operation, on the way out.
    pub(super) fn answer(
        &mut self,
        random: &mut Random,
        person: usize,
        about: &Answered<'_>,
        at: Minute,
    ) -> io::Result<()> {
        let traits = self.organisation.people[person].traits;
        let recorded = self.entered(random, person, at);
        let sheet = match random.unit() + 0.06 * traits.punctuality {
            drawn if drawn < 0.24 => TOUCHPOINTS_TYPED,
            drawn if drawn < 0.86 => TOUCHPOINTS_PREFILLED,
            _ => TOUCHPOINTS_AUTOMATIC,
        };
        let depth = (3.1 + 0.75 * traits.depth + random.normal() * 0.9).round().clamp(1.0, 5.0);
        // A few leave the question out.
        let depth = if random.chance(0.02) { String::new() } else { format!("{depth}") };
        let competitor =
            if random.chance((0.42 + 0.13 * traits.depth).clamp(0.1, 0.85)) { random.word(COMPETITORS) } else { "" };
        let (goal, demand, support) = (random.word(GOALS), random.word(DEMANDS), random.word(SUPPORT));
        let Answered { customer, title, product, document } = *about;
        let who = self.id(Some(person)).to_owned();
        let cells =
            [who.as_str(), document, customer, product, title, depth.as_str(), competitor, goal, demand, support];
        let id = format!("{document}/answers");
        self.write(sheet, &Row { id: &id, at, recorded, cells: &cells }).map(|_| ())
    }
}

/// What a form holds already when it opens.
pub(super) struct Answered<'a> {
    pub customer: &'a str,
    pub title: &'a str,
    pub product: &'a str,
    pub document: &'a str,
}

/// A product, those more often that are ordered more often.
pub(super) fn product(random: &mut Random) -> usize {
    let total: f64 = PRODUCTS.iter().map(|(.., weight, _)| weight).sum();
    let mut drawn = random.unit() * total;
    let found = PRODUCTS.iter().position(|(.., weight, _)| {
        drawn -= weight;
        drawn < 0.0
    });
    found.unwrap_or(PRODUCTS.len() - 1)
}

/// As it stands in document numbers: `261103`.
pub(super) fn compact(day: Day) -> String {
    let (year, month, day) = day.parts();
    format!("{:02}{month:02}{day:02}", year % 100)
}
