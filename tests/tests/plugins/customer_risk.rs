//! `customer-risk`, against a second, naive way of computing the same, and against real orders where they are there.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_plugin_customer_risk::CustomerRisk;
use daybreak_sdk::testing::{Batch, Cell, DAY, Goal, HOUR};
use daybreak_sdk::{Refresh, Scope, SubjectKind, Window};
use daybreak_tests::data;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The day of assessment, in a zone eight hours ahead of UTC.
const TODAY: i64 = 400;
const AHEAD: i64 = 8 * HOUR;

type Alert = daybreak_sdk::bindings::assistant::exports::daybreak::assistant::assistant::Alert;

/// A fact of the kind order.
#[derive(Clone, Debug)]
struct Order {
    customer: usize,
    /// Local, since the day 0.
    hour: i64,
    value: Option<f64>,
    is_return: bool,
    actor: Option<u8>,
}

impl Order {
    fn day(&self) -> i64 {
        self.hour.div_euclid(24)
    }
}

#[derive(Clone, Debug)]
struct Rule {
    silent_days: i64,
    regular_days: i64,
    purchase_days_min: i64,
}

impl Rule {
    fn parameters(&self) -> Value {
        json!({
            "silent_days": self.silent_days,
            "regular_days": self.regular_days,
            "purchase_days_min": self.purchase_days_min,
            "purchase_field": "type",
            "purchases": ["order", "mixed"],
        })
    }
}

const CUSTOMERS: usize = 3;

fn orders() -> impl Strategy<Value = Vec<Order>> {
    // Within the last 365 days, because the host sends no others; most of them long ago, so that some fall silent.
    let hour = prop_oneof![(TODAY - 364) * 24..=TODAY * 24 + 23, (TODAY - 150) * 24..(TODAY - 20) * 24];
    let value = prop::option::weighted(0.9, -100.0..10_000.0_f64);
    let order = (0..CUSTOMERS, hour, value, prop::bool::weighted(0.15), prop::option::of(0..9_u8));
    let order =
        order.prop_map(|(customer, hour, value, is_return, actor)| Order { customer, hour, value, is_return, actor });
    prop::collection::vec(order, 0..60)
}

fn rule() -> impl Strategy<Value = Rule> {
    (5..60_i64, 5..200_i64, 1..5_i64).prop_map(|(silent_days, more_days, purchase_days_min)| Rule {
        silent_days,
        regular_days: silent_days + more_days,
        purchase_days_min,
    })
}

fn empty(parameters: &Value) -> Batch {
    let as_of = (TODAY + 1) * DAY - AHEAD;
    Batch::new(&parameters.to_string())
        .period(as_of - 30 * DAY, as_of)
        .time_zone("Asia/Shanghai", &[(i64::MIN, 8 * 3_600)])
}

/// What the host would send: to each customer its own orders.
fn batch(orders: &[Order], parameters: &Value, customers: &[usize]) -> Batch {
    let mut batch = empty(parameters);
    for &customer in customers {
        let subject = batch.subject(&format!("C-{customer}"), Goal::default());
        for order in orders.iter().filter(|order| order.customer == customer) {
            batch.row(subject, 0, order.hour * HOUR - AHEAD, &cells(order));
        }
    }
    batch
}

fn cells(order: &Order) -> Vec<(&'static str, Cell)> {
    let mut cells: Vec<(&str, Cell)> = vec![
        ("@day", (order.day() * DAY - AHEAD).into()),
        ("@document", format!("O-{}", order.hour).into()),
        ("type", (if order.is_return { "return" } else { "order" }).into()),
    ];
    cells.extend(order.value.map(|value| ("@value", value.into())));
    cells.extend(order.actor.map(|actor| ("@actor", format!("p{actor}").into())));
    cells
}

/// Days since the last purchase of a customer at risk, day by day; none for anybody else.
fn naive(orders: &[Order], customer: usize, rule: &Rule) -> Option<i64> {
    let bought_on =
        |day: i64| orders.iter().any(|order| order.customer == customer && !order.is_return && order.day() == day);
    let silent = (0..rule.silent_days).all(|ago| !bought_on(TODAY - ago));
    let regular = (rule.silent_days..rule.regular_days).filter(|ago| bought_on(TODAY - ago)).count();
    let last = (0..365).find(|ago| bought_on(TODAY - ago));
    last.filter(|_| silent && regular as i64 >= rule.purchase_days_min)
}

fn english(alert: &Alert) -> &str {
    alert.sentence.iter().find(|(language, _)| language == "en").map_or("", |(_, text)| text)
}

proptest! {
    // Each case assesses three hundred days.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn risk_grows_with_every_silent_day_until_the_alert_closes(last in 1..20_i64, rule in rule()) {
        // Enough purchase days in a row, the last of them `last` days after day 100; then nothing any more.
        let days: Vec<i64> = (0..rule.purchase_days_min).map(|back| 100 + last - back).collect();
        let mut risks: Vec<Option<f64>> = Vec::new();
        for today in 100 + last..100 + last + 300 {
            let mut batch = Batch::new(&rule.parameters().to_string()).period(today * DAY, (today + 1) * DAY);
            let customer = batch.subject("C-1", Goal::default());
            for &day in &days {
                batch.row(customer, 0, day * DAY + 9 * HOUR, &[("type", "order".into())]);
            }
            let alerts = batch.assess::<CustomerRisk>().map_err(TestCaseError::fail)?;
            prop_assert!(alerts.len() <= 1);
            risks.push(alerts.first().map(|alert| alert.risk));
        }
        // On the last purchase's day nobody is silent; the first purchase leaves the days looked at after so many.
        let open: Vec<i64> = (0..).zip(&risks).filter(|(_, risk)| risk.is_some()).map(|(day, _)| day).collect();
        let expected = rule.silent_days..=rule.regular_days - rule.purchase_days_min;
        prop_assert_eq!(open, expected.collect::<Vec<_>>());
        let open: Vec<f64> = risks.into_iter().flatten().collect();
        prop_assert!(open.is_sorted_by(|earlier, later| earlier < later));
        prop_assert!(open.iter().all(|risk| (0.5..=1.0).contains(risk)));
        prop_assert!(open.first().is_none_or(|&risk| risk == 0.5));
    }
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(orders in orders(), rule in rule()) {
        let customers: Vec<usize> = (0..CUSTOMERS).collect();
        let alerts = batch(&orders, &rule.parameters(), &customers).assess::<CustomerRisk>();
        let alerts = alerts.map_err(TestCaseError::fail)?;
        for customer in customers {
            let alert = alerts.iter().find(|alert| alert.subject as usize == customer);
            let Some(silent) = naive(&orders, customer, &rule) else {
                prop_assert!(alert.is_none(), "customer {} is not at risk", customer);
                continue;
            };
            let alert = alert.ok_or_else(|| TestCaseError::fail(format!("customer {customer} is at risk")))?;
            let beyond = (silent - rule.silent_days) as f64 / (rule.regular_days - rule.silent_days) as f64;
            prop_assert!((alert.risk - (0.5 + beyond / 2.0)).abs() < 1e-12);
            let mut own: Vec<&Order> = orders.iter().filter(|order| order.customer == customer).collect();
            own.sort_by_key(|order| order.hour);
            let bought = |order: &&Order| !order.is_return;
            let spent: f64 = own.iter().copied().filter(bought).filter_map(|order| order.value).sum();
            prop_assert!((alert.priority - spent).abs() < 1e-6, "{} against {}", alert.priority, spent);
            let days = if silent == 1 { "1 day,".to_owned() } else { format!("{silent} days,") };
            prop_assert!(english(alert).contains(&days), "{} lacks {}", english(alert), days);
            // The purchases that made the customer a regular one, the last of them first.
            let told = own.iter().enumerate().filter(|(_, order)| bought(order) && order.day() > TODAY - rule.regular_days);
            let told: Vec<u32> = told.map(|(row, _)| row as u32).rev().take(20).collect();
            prop_assert_eq!(alert.evidence.iter().map(|evidence| evidence.row).collect::<Vec<_>>(), told);
            // Whoever took the orders, the latest first.
            let mut people: Vec<String> = Vec::new();
            for actor in own.iter().rev().copied().filter(bought).filter_map(|order| order.actor) {
                let person = format!("p{actor}");
                if people.len() < 5 && !people.contains(&person) {
                    people.push(person);
                }
            }
            let asked = alert.suggestions.iter().find(|suggestion| !suggestion.people.is_empty());
            let asked = asked.map(|suggestion| suggestion.people.clone()).unwrap_or_default();
            prop_assert_eq!(asked, people);
        }
    }

    #[test]
    fn nobody_else_in_the_batch_matters(orders in orders(), rule in rule(), cohort in any::<bool>()) {
        let mut parameters = rule.parameters();
        if cohort {
            parameters["attrition"] = json!("cohort");
            parameters["attrition_percent_min"] = json!(40);
        }
        let company = |batch: &mut Batch| {
            for order in orders.iter().filter(|order| cohort && order.day() > TODAY - 2 * rule.silent_days) {
                let mut cells = cells(order);
                cells.push(("@customer", format!("C-{}", order.customer).into()));
                batch.row(0, 1, order.hour * HOUR - AHEAD, &cells);
            }
        };
        let assess = |customers: &[usize]| {
            let mut batch = batch(&orders, &parameters, customers);
            company(&mut batch);
            batch.assess::<CustomerRisk>().map_err(TestCaseError::fail)
        };
        let customers: Vec<usize> = (0..CUSTOMERS).rev().collect();
        let together = assess(&customers)?;
        for (place, &customer) in customers.iter().enumerate() {
            let of_place: Vec<Alert> = together.iter().filter(|alert| alert.subject as usize == place).cloned().collect();
            let mut alone = assess(&[customer])?;
            for alert in &mut alone {
                alert.subject = place as u32;
            }
            prop_assert_eq!(of_place, alone);
        }
    }

    #[test]
    fn the_latest_fact_of_each_contact_counts(
        changes in prop::collection::vec((0..6_u8, 0..300_i64, any::<bool>(), any::<bool>()), 0..20),
        percent_min in 0..=100_u32,
    ) {
        let parameters = json!({ "attrition": "contacts", "attrition_percent_min": percent_min, "key_titles": ["t1"] });
        let mut batch = silent_customer(&parameters);
        for (contact, day, left, titled) in &changes {
            let state = if *left { "left" } else { "here" };
            let mut cells: Vec<(&str, Cell)> = vec![("@document", format!("P-{contact}").into()), ("state", state.into())];
            cells.extend(titled.then(|| ("title", format!("t{contact}").into())));
            batch.row(0, 1, day * DAY, &cells);
        }
        let mut latest: BTreeMap<u8, (i64, bool)> = BTreeMap::new();
        for &(contact, day, left, _) in &changes {
            // Of two changes on the same day the one that was recorded later counts.
            if latest.get(&contact).is_none_or(|&(known, _)| known <= day) {
                latest.insert(contact, (day, left));
            }
        }
        let left = latest.values().filter(|(_, left)| *left).count();
        let at_risk = !latest.is_empty() && 100 * left >= percent_min as usize * latest.len();
        let alerts = batch.assess::<CustomerRisk>().map_err(TestCaseError::fail)?;
        prop_assert_eq!(alerts.len(), usize::from(at_risk));
        for alert in &alerts {
            let said = format!("{left} of {} known contacts left", latest.len());
            prop_assert!(english(alert).contains(&said), "{} lacks {}", english(alert), said);
            prop_assert_eq!(alert.evidence.iter().filter(|evidence| evidence.table == 1).count(), left);
        }
    }

    #[test]
    fn the_whole_company_is_counted_by_customer(
        bought in prop::collection::vec((0..12_u8, 0..60_i64, prop::bool::weighted(0.2)), 0..60),
        percent_min in 1..=100_u32,
    ) {
        let parameters = json!({
            "attrition": "cohort",
            "attrition_percent_min": percent_min,
            "purchase_field": "type",
            "purchases": ["order"],
        });
        let mut batch = silent_customer(&parameters);
        for (customer, ago, is_return) in &bought {
            let kind = if *is_return { "return" } else { "order" };
            let cells = [("@customer", format!("C-{customer}").into()), ("type", kind.into())];
            batch.row(0, 1, (TODAY - ago) * DAY + 3 * HOUR, &cells);
        }
        let with = |days: std::ops::Range<i64>| -> BTreeSet<u8> {
            bought.iter().filter(|(_, ago, is_return)| !is_return && days.contains(ago)).map(|entry| entry.0).collect()
        };
        let (lately, earlier) = (with(0..30), with(30..60));
        let gone = earlier.difference(&lately).count();
        let at_risk = !earlier.is_empty() && 100 * gone >= percent_min as usize * earlier.len();
        let alerts = batch.assess::<CustomerRisk>().map_err(TestCaseError::fail)?;
        prop_assert_eq!(alerts.len(), usize::from(at_risk));
        for alert in &alerts {
            let said = format!("{gone} of {} earlier customers", earlier.len());
            prop_assert!(english(alert).contains(&said), "{} lacks {}", english(alert), said);
        }
    }

    #[test]
    fn whatever_stands_in_the_facts_the_host_takes_the_answer(
        rows in prop::collection::vec((0..90_i64, -1.0..=1.0_f64, "\\PC{0,80}|[\u{202a}-\u{202e}\u{1f9ea}\n]{0,80}", 0..5_u8), 3..60),
        contacts in prop::collection::vec(("\\PC{1,80}|\u{1f9ea}{60}", "\\PC{0,80}|\u{1f9ea}{60}", any::<bool>()), 0..30),
        huge in any::<bool>(),
    ) {
        let parameters = json!({
            "attrition": "contacts",
            "attrition_percent_min": 0,
            "key_titles": contacts.iter().take(40).map(|contact| contact.1.clone()).collect::<Vec<_>>(),
            "value_unit": "\u{1f9ea}".repeat(8),
            "highlight_field": "product",
            "touchpoint_kind": "touchpoint",
            "purchase_days_min": 1,
        });
        let mut batch = empty(&parameters);
        let customer = batch.subject("C-1", Goal::default());
        let size = if huge { f64::MAX } else { 1e9 };
        for (ago, value, text, actor) in &rows {
            let at = (TODAY - 30 - ago) * DAY;
            let cell = || Cell::from(text.as_str());
            let actor = Cell::from(format!("{actor}{text}"));
            let cells = [("@value", (value * size).into()), ("@document", cell()), ("product", cell()), ("@actor", actor.clone())];
            batch.row(customer, 0, at, &cells);
            batch.row(customer, 2, at, &[("competitor", cell()), ("@actor", actor)]);
        }
        for (id, title, left) in &contacts {
            let state = if *left { "left" } else { "here" };
            let cells = [("@document", id.as_str().into()), ("title", title.as_str().into()), ("state", state.into())];
            batch.row(customer, 1, 0, &cells);
        }
        // `assess` refuses what the host would refuse: texts that are too long or not plain, numbers that are not finite.
        let alerts = batch.assess::<CustomerRisk>().map_err(TestCaseError::fail)?;
        let known: BTreeSet<&str> = contacts.iter().map(|contact| contact.0.as_str()).collect();
        prop_assert_eq!(alerts.len(), usize::from(!known.is_empty()));
    }
}

/// One customer who is at risk by the first rule, with nothing but what the first need asks for.
fn silent_customer(parameters: &Value) -> Batch {
    let mut batch = empty(parameters);
    let customer = batch.subject("C-0", Goal::default());
    for ago in [40, 50, 60] {
        batch.row(customer, 0, (TODAY - ago) * DAY, &[("type", "order".into())]);
    }
    batch
}

#[test]
fn it_asks_for_what_its_parameters_need_and_for_nothing_else() {
    let asked = |parameters: &Value| {
        let requirements = daybreak_sdk::assistant::requires::<CustomerRisk>(&parameters.to_string()).expect("a plan");
        assert_eq!(requirements.subjects, [SubjectKind::Customer]);
        assert_eq!(requirements.refresh, Refresh::Daily);
        let needs = requirements.needs.iter();
        needs.map(|need| (need.kind.clone(), need.scope, need.window)).collect::<Vec<_>>()
    };
    let need = |kind: &str, scope, days| (kind.to_owned(), scope, Window::LastDays(days));
    let orders = need("order", Scope::Subject, 365);
    let only_orders = vec![orders.clone()];
    assert_eq!(asked(&json!({})), only_orders);
    assert_eq!(asked(&json!({ "touchpoint_kind": "", "counts_in": "" })), only_orders);
    let contacts = json!({ "attrition": "contacts", "contact_kind": "doctor" });
    assert_eq!(asked(&contacts), [orders.clone(), need("doctor", Scope::Subject, 1_830)]);
    let cohort = json!({ "attrition": "cohort", "touchpoint_kind": "visit", "silent_days": 20 });
    let visits = need("visit", Scope::Subject, 365);
    assert_eq!(asked(&cohort), [orders, need("order", Scope::Company, 40), visits]);
}

#[test]
fn it_says_what_is_wrong_with_its_parameters() {
    for (parameters, hint) in [
        (json!({ "purchases": ["order"] }), "give both"),
        (json!({ "purchase_field": "type" }), "give both"),
        (json!({ "silent_days": 30, "regular_days": 30 }), "more than silent_days"),
        (json!({ "silent_days": 0 }), "silent_days"),
        (json!({ "regular_days": 366 }), "at most 365"),
        (json!({ "purchase_days_min": 91 }), "at most 90"),
        (json!({ "attrition_percent_min": 100.5 }), "between 0 and 100"),
        (json!({ "plan_due_days": 0 }), "plan_due_days"),
        (json!({ "attrition_rule": "none" }), "attrition_rule"),
    ] {
        let refused = empty(&parameters).assess::<CustomerRisk>().unwrap_err();
        assert!(refused.contains(hint), "{parameters}: {refused}");
    }
}

#[test]
fn its_form_has_both_languages_bounds_and_defaults() {
    let schema = daybreak_sdk::parameters::schema::<daybreak_plugin_customer_risk::Parameters>();
    let properties = schema["properties"].as_object().expect("properties");
    assert_eq!(properties.len(), 16);
    for (name, property) in properties {
        for language in ["zh-CN", "en"] {
            assert!(property["x-title"][language].is_string(), "{name} has no title in {language}");
        }
        assert!(property.get("default").is_some(), "{name} has no default");
    }
    assert_eq!(
        (&properties["silent_days"]["minimum"], &properties["silent_days"]["maximum"]),
        (&json!(1), &json!(180))
    );
    assert_eq!(properties["regular_days"]["default"], 120);
    assert_eq!(properties["attrition"]["default"], "none");
    assert!(schema.get("required").is_none(), "everything has a default");
}

/// Days since 1970-01-01 of 2011-03-05, counted month by month.
fn day_number(date: &str) -> i64 {
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().expect("a date")).collect();
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..parts[0]).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(parts[0]) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = (1..parts[1]).zip(lengths).map(|(_, length)| length).sum();
    years + months + parts[2] - 1
}

/// The clocks of London while the orders last: summer time began on 2011-03-27 and ended on 2011-10-30, at 01:00 UTC.
fn london() -> Vec<(i64, i32)> {
    let at = |date: &str| day_number(date) * DAY + HOUR;
    vec![(i64::MIN, 0), (at("2011-03-27"), 3_600), (at("2011-10-30"), 0)]
}

/// The instant of a local time in London. None of the orders lies in the hour that the clocks skip or repeat.
fn in_london(time: &str) -> i64 {
    let (date, clock) = time.split_once(' ').expect("a date and a time");
    let (hours, minutes) = clock.split_once(':').expect("hours and minutes");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let as_if_utc = day_number(date) * DAY + number(hours) * HOUR + number(minutes) * 60_000;
    let summer = ("2011-03-27 02:00".."2011-10-30 02:00").contains(&time);
    if summer { as_if_utc - HOUR } else { as_if_utc }
}

/// One row of the file: customer, instant, value, kind.
type Sale = (String, i64, f64, String);

fn sales() -> Option<(Vec<Sale>, Value)> {
    let (orders, reference) = (data::file("online_retail_uk/orders.csv")?, data::file("online_retail_uk/ref.json")?);
    let text = std::fs::read_to_string(orders).expect("the orders can be read");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect("the column");
    let (customer, at, amount, kind) =
        (column("customer_id"), column("ordered_at"), column("amount_gbp"), column("kind"));
    let sales = lines.map(|line| {
        // No cell of this file is quoted.
        let cells: Vec<&str> = line.split(',').collect();
        let value = cells[amount].parse().expect("an amount");
        (cells[customer].to_owned(), in_london(cells[at]), value, cells[kind].to_owned())
    });
    let reference = std::fs::read_to_string(reference).expect("the answers can be read");
    Some((sales.collect(), serde_json::from_str(&reference).expect("the answers are JSON")))
}

/// The batch that the host would make of all customers with a fact in the last 365 days; also their ids.
fn retail(sales: &[Sale], date: &str, parameters: &Value, company_days: i64) -> (Batch, Vec<String>) {
    let today = day_number(date);
    let midnight = |day: i64| {
        let (as_if_utc, offsets) = (day * DAY, london());
        let summer = offsets[1].0 <= as_if_utc && as_if_utc < offsets[2].0;
        if summer { as_if_utc - HOUR } else { as_if_utc }
    };
    let as_of = midnight(today + 1);
    let mut batch =
        Batch::new(&parameters.to_string()).period(midnight(today - 29), as_of).time_zone("Europe/London", &london());
    let mut subjects: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids = Vec::new();
    for (customer, at, value, kind) in sales {
        if !(midnight(today - 364)..as_of).contains(at) {
            continue;
        }
        let subject = *subjects.entry(customer).or_insert_with(|| {
            ids.push(customer.clone());
            batch.subject(customer, Goal::default())
        });
        batch.row(subject, 0, *at, &[("@value", (*value).into()), ("kind", kind.as_str().into())]);
        if *at >= midnight(today + 1 - company_days) {
            batch.row(0, 1, *at, &[("@customer", customer.as_str().into()), ("kind", kind.as_str().into())]);
        }
    }
    (batch, ids)
}

fn to_pence(value: f64) -> i64 {
    (value * 100.0).round() as i64
}

#[test]
fn online_retail_risk_customers_are_those_of_the_reference() {
    let Some((sales, reference)) = sales() else { return };
    let parameters = json!({ "purchase_field": "kind", "purchases": ["order", "mixed"] });
    for (date, answer) in reference["as_of"].as_object().expect("dates") {
        let (batch, ids) = retail(&sales, date, &parameters, 0);
        let alerts = batch.assess::<CustomerRisk>().expect("the host would take them");
        println!("online_retail_uk, {date}: {} customers at risk, expected {}", alerts.len(), answer["risk_customers"]);
        assert_eq!(Some(alerts.len() as u64), answer["risk_customers"].as_u64(), "{date}");
        let number = |alert: &Alert| ids[alert.subject as usize].parse::<u64>().expect("ids are numbers");
        let mut ordered: Vec<&Alert> = alerts.iter().collect();
        // By the rounded spend, then by the customer's number, as the reference orders them.
        ordered.sort_by_key(|alert| (std::cmp::Reverse(to_pence(alert.priority)), number(alert)));
        let top = answer["risk_top_15"].as_array().expect("a list");
        assert_eq!(top.len(), 15);
        for (alert, expected) in ordered.into_iter().zip(top) {
            assert_eq!(Some(number(alert)), expected["customer_id"].as_u64(), "{date}");
            let spent = expected["spend_365d_gbp"].as_f64().expect("a spend");
            assert_eq!(to_pence(alert.priority), to_pence(spent), "{date}");
            let (days, last) = (&expected["days_silent"], expected["last_purchase"].as_str().expect("a date"));
            let said = format!("No purchase for {days} days, the last on {last};");
            assert!(english(alert).starts_with(&said), "{date}: {} is not {said}", english(alert));
            let silent = days.as_f64().expect("days");
            assert!((alert.risk - (0.5 + 0.5 * (silent - 30.0) / 90.0)).abs() < 1e-12, "{date}");
        }
    }
}

#[test]
fn online_retail_attrition_of_the_cohort_is_that_of_the_reference() {
    let Some((sales, reference)) = sales() else { return };
    for (date, answer) in reference["as_of"].as_object().expect("dates") {
        let number = |name: &str| answer[name].as_u64().expect("a number");
        let (customers, gone) = (number("earlier_window"), number("earlier_window") - number("bought_again"));
        let attrition_percent = 100.0 * answer["attrition"].as_f64().expect("a share");
        for (percent_min, expected) in
            [(attrition_percent - 0.01, number("risk_customers")), (attrition_percent + 0.01, 0)]
        {
            let parameters = json!({
                "attrition": "cohort",
                "attrition_percent_min": percent_min,
                "purchase_field": "kind",
                "purchases": ["order", "mixed"],
            });
            let alerts = retail(&sales, date, &parameters, 60).0.assess::<CustomerRisk>().expect("alerts");
            assert_eq!(alerts.len() as u64, expected, "{date}, at least {percent_min} percent");
            for alert in &alerts {
                let said = format!("{gone} of {customers} earlier customers");
                assert!(english(alert).contains(&said), "{date}: {} lacks {said}", english(alert));
            }
        }
    }
}
