//! A made-up company to look at: a distributor of medical devices with 327 people, and a year of what happens in it.
//!
//! What lives here is the seeded generator of the files that its systems would export: lists of people, customers and
//! contacts, and rows of facts. What it is scored by stands in `pack`, which is a pack like any other. The same seed and
//! the same moment give the same bytes. What never lives here: scores, and anything of the host; whoever uses this imports
//! the files as anybody would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use calendar::{Day, Minute};
use market::Market;
use organisation::Organisation;
use sheets::Sheets;
use world::World;

pub mod calendar;
pub mod market;
mod names;
pub mod organisation;
mod random;
pub mod sheets;
mod world;

/// The name of the time zone in which everything here is written.
pub const TIME_ZONE: &str = "Asia/Shanghai";
/// Orders and tickets of so many days before the history are thought of, because they are paid or resolved within it.
const LEAD_DAYS: i64 = 110;
/// A month that is younger than this is not worth looking at yet: the one before is scored first.
const YOUNG_MONTH_DAYS: i64 = 7;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub seed: u64,
    /// Nothing is known that was entered later.
    pub now: Minute,
    /// How many people work there today.
    pub people: usize,
    /// How many complete months there are before the present one: at most 13, because the company is not much older.
    pub months: i64,
}

impl Options {
    #[must_use]
    pub fn at(now: Minute) -> Self {
        Self { seed: 327, now, people: organisation::PEOPLE, months: 12 }
    }

    /// The first day of the history.
    #[must_use]
    pub fn first(&self) -> Day {
        self.now.day().month_away(-self.months)
    }

    /// The first day of what is imported and scored first.
    #[must_use]
    pub fn recent_from(&self) -> Day {
        self.now.day().plus(-YOUNG_MONTH_DAYS).first_of_month()
    }
}

/// Who shows what each role sees: ids of people.
#[derive(Clone, Debug)]
pub struct Roles {
    pub employee: String,
    pub manager: String,
    pub hr_partner: String,
    pub administrator: String,
}

/// What was written, and what the writer knows of it.
#[derive(Debug)]
pub struct Written {
    /// How many work there today.
    pub people: usize,
    /// How many have left.
    pub left: usize,
    pub customers: usize,
    /// Rows by the name of their mapping, and corrections.
    pub rows: BTreeMap<&'static str, u64>,
    pub roles: Roles,
    /// Names by ids of people.
    pub names: BTreeMap<String, String>,
    pub recall: Recall,
    /// Ids of customers that fell silent and whose contacts left, with the representative and manager of each.
    pub lost: Vec<Lost>,
}

#[derive(Clone, Debug)]
pub struct Recall {
    pub batch: String,
    /// Who begins the crisis.
    pub initiator: String,
    pub began: Minute,
    pub ended: Minute,
    /// Everybody who touched the batch and works there when the crisis begins.
    pub touched: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct Lost {
    pub customer: String,
    pub representative: String,
    pub manager: String,
}

/// Writes the company's lists into the folder and its facts into folders below it.
pub fn write(folder: &Path, options: &Options) -> io::Result<Written> {
    let today = options.now.day();
    let organisation = Organisation::new(options.seed, today, options.people);
    let market = Market::new(options.seed, today, &organisation);
    fs::create_dir_all(folder)?;
    write_people(folder, &organisation)?;
    write_customers(folder, &organisation, &market, today)?;
    let sheets = Sheets::new(folder, options.first(), options.recent_from(), options.now);
    let touched = BTreeSet::new();
    let seed = options.seed;
    let mut world = World { seed, organisation: &organisation, market: &market, sheets, touched };
    let mut day = options.first().plus(-LEAD_DAYS);
    while day <= today {
        world.live_through(day)?;
        day = day.plus(1);
    }
    let World { sheets, touched, .. } = world;
    let began = market.recall.day.at(10, 20);
    let employed = |id: &String| {
        let person = organisation.people.iter().position(|person| person.id == *id);
        person.is_some_and(|person| organisation.post_of(person, began.day()).is_some())
    };
    let holder = |department: &str, number: usize, day: Day| {
        let post = organisation.posts_in(department).nth(number);
        let person = post.and_then(|post| organisation.holder(post, day));
        person.map(|person| organisation.people[person].id.clone()).unwrap_or_default()
    };
    let id = |post: usize| organisation.acting(post, today).map(|person| organisation.people[person].id.clone());
    let lost = market.customers.iter().filter(|customer| customer.fate == market::Fate::Lost);
    let lost = lost.map(|customer| Lost {
        customer: customer.id.clone(),
        representative: id(customer.post).unwrap_or_default(),
        manager: organisation.posts[customer.post].leader.and_then(id).unwrap_or_default(),
    });
    let people = (0..organisation.people.len()).filter(|person| organisation.post_of(*person, today).is_some()).count();
    Ok(Written {
        people,
        left: organisation.people.len() - people,
        customers: market.customers.len(),
        rows: sheets.finish()?,
        roles: Roles {
            employee: holder("sales-shanghai", 1, today),
            manager: holder("sales-shanghai", 0, today),
            hr_partner: holder("hr", 0, today),
            administrator: holder("engineering", 0, today),
        },
        names: organisation.people.iter().map(|person| (person.id.clone(), person.name.clone())).collect(),
        recall: Recall {
            batch: market.recall.batch.clone(),
            initiator: holder("quality", 0, began.day()),
            began,
            ended: market.recall.ended.at(17, 5),
            touched: touched.into_iter().filter(employed).collect(),
        },
        lost: lost.collect(),
    })
}

/// By which names systems know somebody: the staff number everywhere, in every system that their departments use.
fn identities(id: &str) -> String {
    ["crm", "erp", "wms", "qms", "helpdesk", "oa", "devops"].map(|source| format!("{source}:{id}")).join(";")
}

fn write_people(folder: &Path, organisation: &Organisation) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(folder.join("people.csv"))?);
    writeln!(file, "id,name,department,position,manager,from,until,identities")?;
    for (number, person) in organisation.people.iter().enumerate() {
        for (post, from, until, leader) in organisation.spells(number) {
            let post = &organisation.posts[post];
            let leader = leader.map_or("", |leader| &organisation.people[leader].id);
            let until = until.map(|until| until.to_string()).unwrap_or_default();
            let (id, name, known) = (&person.id, &person.name, identities(&person.id));
            writeln!(file, "{id},{name},{},{},{leader},{from},{until},{known}", post.department, post.position)?;
        }
    }
    file.flush()?;
    let mut file = BufWriter::new(File::create(folder.join("absences.csv"))?);
    writeln!(file, "person,from,until,kind")?;
    for person in &organisation.people {
        for (from, until, kind) in &person.absences {
            writeln!(file, "{},{from},{until},{kind}", person.id)?;
        }
    }
    file.flush()
}

fn write_customers(folder: &Path, organisation: &Organisation, market: &Market, today: Day) -> io::Result<()> {
    let mut customers = BufWriter::new(File::create(folder.join("customers.csv"))?);
    let mut owners = BufWriter::new(File::create(folder.join("owners.csv"))?);
    let mut contacts = BufWriter::new(File::create(folder.join("contacts.csv"))?);
    writeln!(customers, "id,name,kind")?;
    writeln!(owners, "customer,owner,from,until")?;
    writeln!(contacts, "id,customer,name,title,from,left")?;
    for customer in &market.customers {
        writeln!(customers, "{},{},hospital", customer.id, customer.name)?;
        for (owner, from, until) in owners_of(organisation, customer.post, today) {
            let until = until.map(|until| until.to_string()).unwrap_or_default();
            writeln!(owners, "{},{},{from},{until}", customer.id, organisation.people[owner].id)?;
        }
        for contact in &customer.contacts {
            let left = contact.left.filter(|left| *left <= today).map(|left| left.to_string()).unwrap_or_default();
            let (id, name, from) = (&contact.id, &contact.name, contact.from);
            writeln!(contacts, "{id},{},{name},{},{from},{left}", customer.id, contact.title)?;
        }
    }
    customers.flush()?;
    owners.flush()?;
    contacts.flush()
}

/// Who looked after the customers of a post: its holders one after the other and, while there was none, whoever leads it.
fn owners_of(organisation: &Organisation, post: usize, today: Day) -> Vec<(usize, Day, Option<Day>)> {
    let mut owners: Vec<(usize, Day, Option<Day>)> = Vec::new();
    let mut day = today.plus(-600);
    while day <= today {
        if let Some(owner) = organisation.acting(post, day)
            && owners.last().is_none_or(|(last, ..)| *last != owner)
        {
            if let Some((.., until)) = owners.last_mut() {
                *until = Some(day);
            }
            owners.push((owner, day, None));
        }
        day = day.plus(1);
    }
    owners
}
