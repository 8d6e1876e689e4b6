//! The second rule: besides the silence, how many left.
//!
//! `contacts`: of the customer's known contacts at least the given share left. A contact is a document; its latest fact
//! says whether the contact left, its latest title counts. `cohort`: of all the company's customers with a purchase in
//! (D − 2s, D − s], s being the days of silence, at least the given share has none in (D − s, D]. Nobody to count means
//! that the rule is not met.

use std::cell::OnceCell;

use daybreak_sdk::localized::{plain, shortened};
use daybreak_sdk::{Context, Evidence, Facts, Matching, Moment, Need, Needs, Row, Scope, Text, Window, text};

use crate::parameters::{Attrition, Parameters};
use crate::purchases::{is_purchase, which_are_purchases};

/// How far back changes of contacts are read, in days: about five years, the most that a plugin may ask for.
const CONTACT_DAYS: u32 = 1_830;

/// Most contacts who left that are named as evidence.
const EVIDENCE_MAX: usize = 10;

pub enum Rule {
    None,
    Contacts { contacts: Contacts, percent_min: f64 },
    Cohort { cohort: Cohort, percent_min: f64 },
}

/// What the rule found where it is met.
pub enum Found<'a> {
    /// The rule was not asked for.
    Nothing,
    Contacts(Vec<Contact<'a>>),
    Cohort(Counted),
}

pub struct Contacts {
    need: Need,
    id: Text,
    title: Text,
    /// Whether a title is one of those that matter most.
    key: Matching,
    left: Matching,
}

/// One of the customer's contacts as last known.
pub struct Contact<'a> {
    pub id: &'a str,
    pub title: Option<&'a str>,
    pub left: bool,
    /// Has one of the key titles.
    pub is_key: bool,
    row: Row<'a>,
}

pub struct Cohort {
    need: Need,
    day: Moment,
    customer: Text,
    purchase: Option<Matching>,
    silent_days: i64,
    /// A plugin lives for one batch, whose company-wide rows are the same for every customer: they are counted once.
    counted: OnceCell<Counted>,
}

/// Of how many customers how many did not buy again.
#[derive(Clone, Copy)]
pub struct Counted {
    customers: usize,
    gone: usize,
}

impl Rule {
    pub fn plan(parameters: &Parameters, needs: &mut Needs) -> Self {
        let percent_min = parameters.attrition_percent_min;
        match parameters.attrition {
            Attrition::None => Self::None,
            Attrition::Contacts => Self::Contacts { contacts: Contacts::plan(parameters, needs), percent_min },
            Attrition::Cohort => Self::Cohort { cohort: Cohort::plan(parameters, needs), percent_min },
        }
    }

    /// None where the rule is not met.
    pub fn found<'a>(&self, context: Context<'_>, facts: &Facts<'a>) -> Option<Found<'a>> {
        let met = |gone: usize, all: usize, percent_min: f64| {
            // As a product, so that a share which is exactly the threshold meets it.
            all > 0 && 100.0 * gone as f64 >= percent_min * all as f64
        };
        match self {
            Self::None => Some(Found::Nothing),
            Self::Contacts { contacts, percent_min } => {
                let known = contacts.known(facts);
                let gone = known.iter().filter(|contact| contact.left).count();
                met(gone, known.len(), *percent_min).then_some(Found::Contacts(known))
            }
            Self::Cohort { cohort, percent_min } => {
                let counted = *cohort.counted.get_or_init(|| cohort.count(context, facts));
                met(counted.gone, counted.customers, *percent_min).then_some(Found::Cohort(counted))
            }
        }
    }
}

impl Contacts {
    fn plan(parameters: &Parameters, needs: &mut Needs) -> Self {
        let mut contacts = needs.of(&parameters.contact_kind).window(Window::LastDays(CONTACT_DAYS)).because(text(
            "计算该客户已知联系人中离开者的占比,并列出仍在的联系人",
            "to compute the share of the customer's known contacts who left, and to name those who are still there",
        ));
        let id = contacts.text("@document");
        let title = contacts.text("title");
        let state = contacts.text("state");
        let left = contacts.matching(state, |state| state == "left");
        let key_titles = parameters.key_titles.clone();
        let key = contacts.matching(title, move |title| key_titles.iter().any(|known| known == title));
        Self { need: contacts.done(), id, title, key, left }
    }

    /// In the order in which they became known.
    fn known<'a>(&self, facts: &Facts<'a>) -> Vec<Contact<'a>> {
        let contact = |rows: daybreak_sdk::Group<'a, '_>| {
            let row = rows.last();
            // The fact that somebody left often does not repeat the title.
            let titled = rows.iter().rev().find(|row| row.text(self.title).is_some());
            let title = titled.and_then(|row| row.text(self.title));
            let is_key = titled.is_some_and(|row| row.matches(self.key));
            Contact { id: rows.key(), title, left: row.matches(self.left), is_key, row }
        };
        facts.of(self.need).grouped(self.id).iter().map(contact).collect()
    }
}

impl Cohort {
    fn plan(parameters: &Parameters, needs: &mut Needs) -> Self {
        let days = 2 * parameters.silent_days;
        let mut orders =
            needs.of(&parameters.order_kind).scope(Scope::Company).window(Window::LastDays(days)).because(text(
                "计算全公司同期老客户中没有再次采购者的占比",
                "to compute how many of all the company's customers did not buy again in the same days",
            ));
        let day = orders.moment("@day");
        let customer = orders.text("@customer");
        let purchase = which_are_purchases(parameters, &mut orders);
        let silent_days = i64::from(parameters.silent_days);
        Self { need: orders.done(), day, customer, purchase, silent_days, counted: OnceCell::new() }
    }

    fn count(&self, context: Context<'_>, facts: &Facts<'_>) -> Counted {
        let silent_since = context.last_day() - self.silent_days;
        let mut counted = Counted { customers: 0, gone: 0 };
        for customer in facts.of(self.need).grouped(self.customer).iter() {
            let (mut earlier, mut lately) = (false, false);
            for row in customer.iter().filter(|row| is_purchase(row, self.purchase)) {
                let day = context.day_of(row.moment(self.day).unwrap_or_else(|| row.at()));
                lately |= day > silent_since;
                earlier |= day <= silent_since && day > silent_since - self.silent_days;
            }
            counted.customers += usize::from(earlier);
            counted.gone += usize::from(earlier && !lately);
        }
        counted
    }
}

impl Found<'_> {
    /// In Chinese and English.
    pub fn in_words(&self) -> Option<(String, String)> {
        match self {
            Self::Nothing => None,
            Self::Contacts(contacts) => {
                let (all, gone) = (contacts.len(), contacts.iter().filter(|contact| contact.left).count());
                let percent = percent(gone, all);
                Some((
                    format!("已知 {all} 位联系人中 {gone} 位已离开({percent}%)。"),
                    format!("{gone} of {all} known contacts left ({percent}%)."),
                ))
            }
            Self::Cohort(Counted { customers, gone }) => {
                let percent = percent(*gone, *customers);
                Some((
                    format!("全公司此前采购过的 {customers} 位客户中有 {gone} 位同样没有再次采购({percent}%)。"),
                    format!(
                        "In the whole company {gone} of {customers} earlier customers did not buy again ({percent}%)."
                    ),
                ))
            }
        }
    }

    pub fn evidence(&self) -> impl Iterator<Item = Evidence> {
        let gone = self.contacts().iter().filter(|contact| contact.left);
        gone.take(EVIDENCE_MAX).map(|contact| contact.row.evidence())
    }
}

impl<'a> Found<'a> {
    /// Empty unless contacts were asked for.
    pub fn contacts(&self) -> &[Contact<'a>] {
        match self {
            Self::Contacts(contacts) => contacts,
            Self::Nothing | Self::Cohort(_) => &[],
        }
    }
}

impl Contact<'_> {
    /// The title with the id, or the id alone, in Chinese and English; cut to so many characters each.
    pub fn named(&self, characters_max: usize) -> (String, String) {
        let id = shortened(self.id, characters_max);
        match self.title.map(|title| shortened(title, characters_max)) {
            Some(title) => (format!("{title}({id})"), format!("{title} ({id})")),
            None => (id.clone(), id),
        }
    }
}

fn percent(part: usize, whole: usize) -> String {
    plain(100.0 * part as f64 / whole as f64)
}
