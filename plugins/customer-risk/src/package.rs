//! The suggestion package: past highlights, what was heard of competitors, and whom to ask. Everything in it comes from
//! the customer's own facts, and every list and text in it is bounded.

use daybreak_sdk::assistant::Suggestion;
use daybreak_sdk::localized::{plain, shortened};
use daybreak_sdk::{Context, Date, Facts, Need, Needs, Row, Text, Window, text};

use crate::attrition::{Contact, Found};
use crate::parameters::{Parameters, YEAR_DAYS, given};
use crate::purchases::{History, Orders};
use crate::sentences::{Sentences, counted, in_lists};

const LARGEST_MAX: usize = 3;
const FREQUENT_MAX: usize = 3;
const COMPETITOR_NOTES_MAX: usize = 5;
const PEOPLE_MAX: usize = 5;
const CONTACTS_HERE_MAX: usize = 5;
const KEY_CONTACTS_LEFT_MAX: usize = 3;

/// Longest name from a fact, in characters. With all lists full a text stays below the host's 2,000 bytes.
const NAME_CHARACTERS_MAX: usize = 24;

/// Amounts from here on are written as powers of ten: a text has no room for three hundred digits.
const AMOUNT_PLAIN_MAX: f64 = 1e15;

pub struct Package {
    value_unit: String,
    highlight_field: String,
    touchpoints: Option<Touchpoints>,
}

struct Touchpoints {
    need: Need,
    actor: Text,
    competitor: Text,
}

/// What one touchpoint says of competitors.
enum Note<'a> {
    Named(&'a str),
    Mentions(f64),
}

impl Package {
    pub fn plan(parameters: &Parameters, needs: &mut Needs) -> Self {
        let touchpoints = given(parameters.touchpoint_kind.as_ref()).map(|kind| {
            let mut touchpoints = needs.of(kind).window(Window::LastDays(YEAR_DAYS)).because(text(
                "列出该客户的竞品动态和最近接触该客户的人",
                "to list what was heard of competitors at the customer, and who met the customer last",
            ));
            let actor = touchpoints.text("@actor");
            let competitor = touchpoints.text(&parameters.competitor_field);
            Touchpoints { need: touchpoints.done(), actor, competitor }
        });
        Self {
            value_unit: parameters.value_unit.trim().to_owned(),
            highlight_field: given(parameters.highlight_field.as_ref()).unwrap_or_default().to_owned(),
            touchpoints,
        }
    }

    pub fn suggestions(
        &self,
        orders: &Orders,
        history: &History<'_>,
        attrition: &Found<'_>,
        context: Context<'_>,
        facts: &Facts<'_>,
    ) -> Vec<Suggestion> {
        let highlights = self.highlights(orders, history);
        let competitors = self.touchpoints.as_ref().and_then(|touchpoints| touchpoints.competitors(context, facts));
        let people = self.whom_to_ask(orders, history, attrition, facts);
        [highlights, competitors, people].into_iter().flatten().collect()
    }

    fn highlights(&self, orders: &Orders, history: &History<'_>) -> Option<Suggestion> {
        let count = history.purchases.len();
        let spent = self.amount(history.spent());
        let mut sentences = Sentences::default();
        sentences.say(
            format!("近 {YEAR_DAYS} 天采购 {count} 次,合计 {spent}。"),
            format!("{} in the last {YEAR_DAYS} days, {spent} together.", counted(count as i64, "purchase")),
        );
        let largest = history.largest(LARGEST_MAX);
        if !largest.is_empty() {
            let (list_zh_cn, list_en) = in_lists(largest.iter().map(|(value, purchase)| {
                let document = purchase.row.text(orders.document);
                let named = document.map(|document| shortened(document, NAME_CHARACTERS_MAX) + " ").unwrap_or_default();
                let (amount, date) = (self.amount(*value), Date::of_day(purchase.day));
                (format!("{named}{amount}({date})"), format!("{named}{amount} ({date})"))
            }));
            sentences.say(format!("最大订单:{list_zh_cn}。"), format!("Largest orders: {list_en}."));
        }
        if let Some(month) = history.busiest_month() {
            let (name, purchases, spent) =
                (format!("{:04}-{:02}", month.year, month.number), month.purchases, self.amount(month.spent));
            sentences.say(
                format!("最活跃的月份:{name}({purchases} 次,{spent})。"),
                format!("Busiest month: {name} ({purchases} purchases, {spent})."),
            );
        }
        let frequent = orders.highlight.map(|column| history.most_frequent(column, FREQUENT_MAX)).unwrap_or_default();
        if !frequent.is_empty() {
            let (list_zh_cn, list_en) = in_lists(frequent.iter().map(|(word, count)| {
                let word = shortened(word, NAME_CHARACTERS_MAX);
                (format!("{word}({count} 次)"), format!("{word} ({count}×)"))
            }));
            let field = &self.highlight_field;
            sentences.say(format!("最常见的 {field}:{list_zh_cn}。"), format!("Most frequent {field}: {list_en}."));
        }
        Some(Suggestion {
            heading: text("历史合作亮点", "What went well so far"),
            text: sentences.into_text()?,
            evidence: largest.iter().map(|(_, purchase)| purchase.row.evidence()).collect(),
            people: Vec::new(),
        })
    }

    fn whom_to_ask(
        &self,
        orders: &Orders,
        history: &History<'_>,
        attrition: &Found<'_>,
        facts: &Facts<'_>,
    ) -> Option<Suggestion> {
        let mut met: Vec<(Row<'_>, &str)> = Vec::new();
        met.extend(history.latest_first().filter_map(|it| it.row.text(orders.actor).map(|actor| (it.row, actor))));
        if let Some(touchpoints) = &self.touchpoints {
            let rows = facts.of(touchpoints.need).iter().rev();
            met.extend(rows.filter_map(|row| row.text(touchpoints.actor).map(|actor| (row, actor))));
        }
        // Stable: of two facts at the same time the purchase comes first.
        met.sort_by_key(|(row, _)| std::cmp::Reverse(row.at()));
        let mut people: Vec<String> = Vec::new();
        let mut evidence = Vec::new();
        for (row, actor) in met {
            if people.len() < PEOPLE_MAX && !people.iter().any(|known| known == actor) {
                people.push(actor.to_owned());
                evidence.push(row.evidence());
            }
        }
        let mut here: Vec<&Contact<'_>> = attrition.contacts().iter().filter(|contact| !contact.left).collect();
        here.sort_by_key(|contact| !contact.is_key);
        let left = attrition.contacts().iter().filter(|contact| contact.left && contact.is_key);
        let named = |contact: &Contact<'_>| contact.named(NAME_CHARACTERS_MAX);
        let here = in_lists(here.into_iter().take(CONTACTS_HERE_MAX).map(named));
        let left = in_lists(left.take(KEY_CONTACTS_LEFT_MAX).map(named));
        let mut sentences = Sentences::default();
        if !people.is_empty() {
            sentences.say("经手过该客户的同事,由近及远。", "Who dealt with the customer, the latest first.");
        }
        if !left.0.is_empty() {
            sentences.say(
                format!("关键联系人已离开:{},请先确认由谁接手。", left.0),
                format!("Key contacts who left: {}; first find out who follows them.", left.1),
            );
        }
        if !here.0.is_empty() {
            sentences.say(format!("仍在的联系人:{}。", here.0), format!("Contacts who are still there: {}.", here.1));
        }
        let text_of_all = sentences.into_text()?;
        Some(Suggestion { heading: text("可以问谁", "Whom to ask"), text: text_of_all, evidence, people })
    }

    fn amount(&self, value: f64) -> String {
        let number = if value.abs() < AMOUNT_PLAIN_MAX { plain(value) } else { format!("{value:.2e}") };
        if self.value_unit.is_empty() { number } else { format!("{number} {}", self.value_unit) }
    }
}

impl Touchpoints {
    /// The latest notes about competitors, the latest first; none where there is none.
    fn competitors(&self, context: Context<'_>, facts: &Facts<'_>) -> Option<Suggestion> {
        let noted = facts.of(self.need).iter().rev().filter_map(|row| {
            let note = Note::of(row.text(self.competitor)?)?;
            Some((row, note))
        });
        let noted: Vec<(Row<'_>, Note<'_>)> = noted.take(COMPETITOR_NOTES_MAX).collect();
        if noted.is_empty() {
            return None;
        }
        let (zh_cn, en) = in_lists(noted.iter().map(|(row, note)| {
            let day = context.date_of(row.at());
            match note {
                Note::Named(name) => {
                    let name = shortened(name, NAME_CHARACTERS_MAX);
                    (format!("{name}({day})"), format!("{name} ({day})"))
                }
                Note::Mentions(times) => {
                    (format!("提及 {} 次({day})", plain(*times)), format!("mentioned {}× ({day})", plain(*times)))
                }
            }
        }));
        Some(Suggestion {
            heading: text("竞品动态", "What was heard of competitors"),
            text: text(format!("{zh_cn}。"), format!("{en}.")),
            evidence: noted.iter().map(|(row, _)| row.evidence()).collect(),
            people: Vec::new(),
        })
    }
}

impl<'a> Note<'a> {
    /// Forms ask for a name or for a number of mentions; none was heard of where the number is zero.
    fn of(competitor: &'a str) -> Option<Self> {
        match competitor.trim() {
            "" => None,
            name => match name.parse::<f64>() {
                Ok(times) if times.abs() < AMOUNT_PLAIN_MAX => (times > 0.0).then_some(Self::Mentions(times)),
                // Also names that Rust reads as numbers, such as Infinity.
                _ => Some(Self::Named(name)),
            },
        }
    }
}
