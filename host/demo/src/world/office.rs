//! Approvals, and what engineers pay back of their technical debt.

use std::io;

use super::World;
use super::sales::compact;
use crate::calendar::Day;
use crate::random::Random;
use crate::sheets::{APPROVALS, DEBTS, Row};

/// Who decides approvals, and how many of all of them.
const DECIDERS: [(&str, f64); 7] = [
    ("finance", 0.27),
    ("purchasing", 0.17),
    ("commerce", 0.2),
    ("marketing", 0.12),
    ("hr", 0.12),
    ("management", 0.06),
    ("sales", 0.06),
];
const COMPONENTS: [&str; 6] = ["订单接口", "库存同步", "报表", "单点登录", "移动表单", "主数据"];

impl World<'_> {
    pub(super) fn approve(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "approvals", day.0);
        let staff: Vec<usize> =
            (0..self.organisation.posts.len()).filter_map(|post| self.organisation.at_work(post, day)).collect();
        for number in 0..random.count(26.0 * self.volume() * day.business()) {
            let Some(requester) = random.pick(&staff).copied() else { return Ok(()) };
            let mut drawn = random.unit();
            let department = DECIDERS.iter().find(|(_, share)| {
                drawn -= share;
                drawn < 0.0
            });
            let department = department.map_or("finance", |(department, _)| department);
            let deciders: Vec<usize> = self
                .organisation
                .posts_in(department)
                .filter_map(|post| self.organisation.at_work(post, day))
                .collect();
            let Some(decider) = random.pick(&deciders).copied() else { continue };
            let document = format!("OA-{}-{number:03}", compact(day));
            let subject = random.word(["费用报销", "合同评审", "价格申请", "采购申请", "用印申请", "培训申请"]);
            let at = Self::minute(&mut random, day);
            let (requester, who) = (self.id(Some(requester)).to_owned(), self.id(Some(decider)).to_owned());
            let cells = [requester.as_str(), &document, "submit", subject];
            self.write(APPROVALS, &Row { id: &format!("{document}/submit"), at, recorded: at.plus(1), cells: &cells })?;
            let speed = self.organisation.people[decider].traits.speed;
            let hours = random.around(13.0 * (1.0 - 0.24 * speed).max(0.35), 0.7);
            let at = at.plus((hours * 60.0) as i64 + 5);
            let activity = if random.chance(0.94) { "approve" } else { "reject" };
            let cells = [who.as_str(), &document, activity, subject];
            self.write(APPROVALS, &Row { id: &format!("{document}/decide"), at, recorded: at.plus(1), cells: &cells })?;
        }
        Ok(())
    }

    pub(super) fn pay_back_debts(&mut self, day: Day) -> io::Result<()> {
        let mut random = Random::of(self.seed, "debts", day.0);
        let mut number = 0;
        for engineer in self.organisation.with_position("engineer", day) {
            let drive = self.organisation.people[engineer].traits.drive;
            for _ in 0..random.count(0.3 * day.business() * (1.0 + 0.35 * drive).max(0.2)) {
                number += 1;
                let document = format!("TD-{}-{number:02}", compact(day));
                let (who, points) = (self.id(Some(engineer)).to_owned(), random.between(1, 8).to_string());
                let at = Self::minute(&mut random, day);
                let cells = [who.as_str(), &document, &points, random.word(COMPONENTS)];
                self.write(DEBTS, &Row { id: &document, at, recorded: at.plus(2), cells: &cells })?;
            }
        }
        Ok(())
    }
}
