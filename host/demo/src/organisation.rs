//! Departments with their posts, and who held which post when.
//!
//! A post is what stays when people change: customers belong to a post, and whoever holds it looks after them. People join, leave,
//! and swap posts between regions or warehouses; one head of a region was replaced, so that a whole region changed managers.

use crate::calendar::Day;
use crate::names::Names;
use crate::random::Random;

/// How many work there today when it is not made smaller.
pub const PEOPLE: usize = 327;

/// id, the department above, head's position, everybody else's position, people with the head.
const DEPARTMENTS: [(&str, &str, &str, &str, usize); 19] = [
    ("management", "", "executive", "executive", 5),
    ("sales", "management", "sales-director", "sales-assistant", 4),
    ("sales-shanghai", "sales", "sales-manager", "sales-representative", 19),
    ("sales-jiangsu", "sales", "sales-manager", "sales-representative", 18),
    ("sales-zhejiang", "sales", "sales-manager", "sales-representative", 18),
    ("sales-north", "sales", "sales-manager", "sales-representative", 18),
    ("sales-south", "sales", "sales-manager", "sales-representative", 18),
    ("sales-west", "sales", "sales-manager", "sales-representative", 17),
    ("clinical", "management", "head", "clinical-specialist", 30),
    ("marketing", "management", "head", "marketer", 12),
    ("commerce", "management", "head", "commerce-specialist", 14),
    ("service", "management", "head", "service-agent", 35),
    ("quality", "management", "head", "quality-inspector", 23),
    ("warehouse-shanghai", "management", "head", "warehouse-clerk", 28),
    ("warehouse-wuhan", "management", "head", "warehouse-clerk", 21),
    ("purchasing", "management", "head", "buyer", 11),
    ("finance", "management", "head", "accountant", 13),
    ("engineering", "management", "head", "engineer", 15),
    ("hr", "management", "head", "hr-partner", 8),
];

/// Between which departments people swap posts, and how many pairs of them.
const SWAPS: [(&str, &str, usize); 4] = [
    ("sales-shanghai", "sales-jiangsu", 2),
    ("sales-zhejiang", "sales-south", 1),
    ("sales-north", "sales-west", 1),
    ("warehouse-shanghai", "warehouse-wuhan", 3),
];

/// The region whose head was replaced in the course of the year.
const REPLACED_HEAD: &str = "sales-west";

/// What a person is like at work, each about from -2 to 2, 0 being ordinary. Nobody in the company knows these numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traits {
    pub drive: f64,
    pub depth: f64,
    pub punctuality: f64,
    pub speed: f64,
    pub cooperation: f64,
    pub care: f64,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub traits: Traits,
    /// Half-open spans of days on which they are away, with the kind.
    pub absences: Vec<(Day, Day, &'static str)>,
}

#[derive(Clone, Debug)]
pub struct Holder {
    pub person: usize,
    pub from: Day,
    /// The first day on which they no longer hold the post.
    pub until: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct Post {
    pub department: &'static str,
    pub position: &'static str,
    pub holders: Vec<Holder>,
    /// The post that leads this one.
    pub leader: Option<usize>,
}

pub struct Organisation {
    pub people: Vec<Person>,
    pub posts: Vec<Post>,
}

impl Holder {
    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

impl Organisation {
    /// Whoever works there on `today` are exactly `people`.
    pub fn new(seed: u64, today: Day, people: usize) -> Self {
        let mut random = Random::of(seed, "organisation", 0);
        let mut names = Names::default();
        let mut organisation = Self { people: Vec::new(), posts: Vec::new() };
        organisation.make_posts(people);
        for post in 0..organisation.posts.len() {
            organisation.fill(post, today, &mut random, &mut names);
        }
        organisation.replace_head(today, &mut random, &mut names);
        organisation.swap(today, &mut random);
        for person in 0..organisation.people.len() {
            organisation.send_away(person, today, &mut random);
        }
        organisation
    }

    fn make_posts(&mut self, people: usize) {
        let mut counts: Vec<usize> = DEPARTMENTS.iter().map(|(.., count)| (count * people / PEOPLE).max(2)).collect();
        // What rounding leaves over or short is made up among the largest departments.
        let largest = [11, 8, 13, 2, 14, 12, 3, 4];
        for turn in 0..10_000 {
            let total: usize = counts.iter().sum();
            let count = &mut counts[largest[turn % largest.len()]];
            match total.cmp(&people) {
                std::cmp::Ordering::Less => *count += 1,
                std::cmp::Ordering::Greater => *count = (*count - 1).max(2),
                std::cmp::Ordering::Equal => break,
            }
        }
        let mut heads: Vec<(&str, usize)> = Vec::new();
        for ((department, above, head, position, _), count) in DEPARTMENTS.into_iter().zip(counts) {
            let leader = heads.iter().find(|(name, _)| *name == above).map(|(_, post)| *post);
            let first = self.posts.len();
            heads.push((department, first));
            for number in 0..count {
                let (position, leader) = if number == 0 { (head, leader) } else { (position, Some(first)) };
                self.posts.push(Post { department, position, holders: Vec::new(), leader });
            }
        }
    }

    fn hire(&mut self, random: &mut Random, names: &mut Names) -> usize {
        let traits = Traits {
            drive: random.normal() * 0.8,
            depth: random.normal() * 0.8,
            punctuality: random.normal() * 0.8,
            speed: random.normal() * 0.8,
            cooperation: random.normal() * 0.8,
            care: random.normal() * 0.8,
        };
        // Ids say nothing about the person: staff numbers, in the order in which they were given out.
        let id = format!("e{:04}", 1_001 + self.people.len());
        self.people.push(Person { id, name: names.person(random), traits, absences: Vec::new() });
        self.people.len() - 1
    }

    /// Most have held their post for years; some came in the course of the last one, half of these after somebody who left.
    fn fill(&mut self, post: usize, today: Day, random: &mut Random, names: &mut Names) {
        let is_head =
            self.posts[post].leader.is_none_or(|leader| self.posts[leader].department != self.posts[post].department);
        let long_ago = today.plus(-random.between(430, 2_600));
        // The first in each department is somebody to look at: there for the whole time.
        let is_steady = is_head || self.posts[post - 1].leader != self.posts[post].leader;
        let mut from = long_ago;
        if !is_steady && random.chance(0.13) {
            from = today.plus(-random.between(20, 340));
            if random.chance(0.55) {
                let leaver = self.hire(random, names);
                let until = from.plus(-random.between(0, 40));
                self.posts[post].holders.push(Holder { person: leaver, from: long_ago, until: Some(until) });
            }
        }
        let person = self.hire(random, names);
        if is_steady {
            // Plausible rather than extreme, so that the demonstration has something to show.
            let traits = &mut self.people[person].traits;
            *traits = Traits { drive: 0.35, depth: 0.3, punctuality: 0.4, cooperation: 0.25, ..*traits };
        }
        self.posts[post].holders.push(Holder { person, from, until: None });
    }

    fn replace_head(&mut self, today: Day, random: &mut Random, names: &mut Names) {
        let Some(post) = self.posts.iter().position(|post| post.department == REPLACED_HEAD) else { return };
        let changed = today.plus(-130).first_of_month();
        let successor = self.hire(random, names);
        let holders = &mut self.posts[post].holders;
        if let Some(holder) = holders.last_mut() {
            holder.until = Some(changed);
        }
        holders.push(Holder { person: successor, from: changed, until: None });
    }

    fn swap(&mut self, today: Day, random: &mut Random) {
        for (one, other, pairs) in SWAPS {
            let steady = |department: &str| -> Vec<usize> {
                let posts = self.posts.iter().enumerate();
                let there = posts.filter(|(_, post)| post.department == department && post.holders.len() == 1);
                // The head and the first below it stay.
                there
                    .skip(2)
                    .filter(|(_, post)| post.holders[0].from < today.plus(-400))
                    .map(|(post, _)| post)
                    .collect()
            };
            let pairs: Vec<(usize, usize)> = steady(one).into_iter().zip(steady(other)).take(pairs).collect();
            for (one, other) in pairs {
                let moved = today.plus(-random.between(60, 300));
                let (first, second) = (self.posts[one].holders[0].person, self.posts[other].holders[0].person);
                for (post, person) in [(one, second), (other, first)] {
                    self.posts[post].holders[0].until = Some(moved);
                    self.posts[post].holders.push(Holder { person, from: moved, until: None });
                }
            }
        }
    }

    fn send_away(&mut self, person: usize, today: Day, random: &mut Random) {
        for _ in 0..random.count(1.4) {
            let from = today.plus(-random.between(1, 380));
            let (kind, days) = match random.below(20) {
                0 => ("parental", random.between(60, 120)),
                1..=6 => ("sick", random.between(1, 6)),
                _ => ("leave", random.between(2, 9)),
            };
            let until = from.plus(days);
            let absences = &mut self.people[person].absences;
            if absences.iter().all(|&(other, end, _)| until < other || end < from) {
                absences.push((from, until, kind));
            }
        }
        self.people[person].absences.sort_by_key(|(from, ..)| *from);
    }

    /// Who holds the post on the day.
    pub fn holder(&self, post: usize, day: Day) -> Option<usize> {
        self.posts[post].holders.iter().find(|holder| holder.holds(day)).map(|holder| holder.person)
    }

    /// Who holds the post on the day or, while nobody does, whoever leads it.
    pub fn acting(&self, post: usize, day: Day) -> Option<usize> {
        self.holder(post, day).or_else(|| self.posts[post].leader.and_then(|leader| self.acting(leader, day)))
    }

    /// The post's holder, if they are at work on the day.
    pub fn at_work(&self, post: usize, day: Day) -> Option<usize> {
        self.holder(post, day).filter(|person| !self.is_away(*person, day))
    }

    pub fn is_away(&self, person: usize, day: Day) -> bool {
        self.people[person].absences.iter().any(|&(from, until, _)| from <= day && day < until)
    }

    /// The post that somebody holds on the day.
    pub fn post_of(&self, person: usize, day: Day) -> Option<usize> {
        self.posts
            .iter()
            .position(|post| post.holders.iter().any(|holder| holder.person == person && holder.holds(day)))
    }

    pub fn posts_in<'a>(&'a self, department: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.posts.iter().enumerate().filter(move |(_, post)| post.department == department).map(|(post, _)| post)
    }

    /// Everybody with this position who is at work on the day.
    pub fn with_position(&self, position: &str, day: Day) -> Vec<usize> {
        let posts = self.posts.iter().enumerate().filter(|(_, post)| post.position == position);
        posts.filter_map(|(post, _)| self.at_work(post, day)).collect()
    }

    /// Every person's spells: the post, from, until; a spell ends where the leader changes.
    pub fn spells(&self, person: usize) -> Vec<(usize, Day, Option<Day>, Option<usize>)> {
        let mut spells = Vec::new();
        for (number, post) in self.posts.iter().enumerate() {
            for holder in post.holders.iter().filter(|holder| holder.person == person) {
                let mut from = holder.from;
                let leaders = post.leader.map_or(&[][..], |leader| &self.posts[leader].holders);
                for change in leaders.iter().skip(1).map(|leader| leader.from) {
                    if from < change && holder.until.is_none_or(|until| change < until) {
                        spells.push((number, from, Some(change), self.leader_on(number, from)));
                        from = change;
                    }
                }
                spells.push((number, from, holder.until, self.leader_on(number, from)));
            }
        }
        spells.sort_by_key(|(_, from, ..)| *from);
        spells
    }

    fn leader_on(&self, post: usize, day: Day) -> Option<usize> {
        let leader = self.posts[post].leader?;
        // Whoever came before the leader had an earlier one, who is not in any list.
        self.holder(leader, day).or_else(|| self.posts[leader].holders.first().map(|holder| holder.person))
    }
}
