//! Customers with owners that change, and contacts that come and leave: what scores see of them.

use daybreak_tests::company::TestCompany;
use serde_json::Value;

const ORDERS: &str = r#"
source = "shop"
kind = "order"
external_id = "{id}"
capture = "automatic"
customer = "{customer}"
value = "{amount}"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

/// Noon of 2026-07-01 in Shanghai: June is over.
const NOW: &str = "2026-07-01T04:00:00Z";

/// Chen and Zhao sell, in different departments; the hospitals h1 and h2 are known.
fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    company.install("measure");
    for (id, name) in [("north", "华北"), ("south", "华南")] {
        company.ok(&["department", "add", id, "--name", name]);
    }
    let people = company.file(
        "people.csv",
        "id,name,department,from\nchen,陈静,north,2020-01-01\nzhao,赵磊,south,2020-01-01\nqian,钱一,south,2020-01-01\n",
    );
    company.ok(&["people", "import", &people]);
    let customers = company.file("customers.csv", "id,name,kind\nh1,市一医院,hospital\nh2,市二医院,hospital\n");
    assert!(company.ok(&["customer", "import", &customers]).contains("2 customers read, 2 rows appended"));
    company
}

fn owners(company: &TestCompany, rows: &str) -> String {
    let file = company.file("owners.csv", &format!("customer,owner,from,until\n{rows}"));
    company.ok(&["customer", "owners", &file])
}

fn orders(company: &TestCompany, rows: &str) {
    let mapping = company.file("orders.toml", ORDERS);
    let file = company.file("orders.csv", &format!("id,customer,amount,at\n{rows}"));
    company.ok(&["import", "--mapping", &mapping, &file]);
}

fn enable(company: &TestCompany, id: &str, subject: &str, scope: &str) {
    let parameters = format!(r#"{{"kind": "order", "measure": "sum", "field": "@value", "scope": "{scope}"}}"#);
    let parameters = company.file("parameters.json", &parameters);
    company.ok(&[
        "indicator",
        "set",
        id,
        "--plugin",
        "measure",
        "--subject",
        subject,
        "--title-zh",
        "客户订单额",
        "--title-en",
        "Orders of own customers",
        "--parameters",
        &parameters,
        "--grant",
    ]);
}

/// Raw and sample of the current score.
fn raw(company: &TestCompany, indicator: &str, subject: &str, period: &str) -> Option<(f64, i64)> {
    let scores = company.scores(false);
    let score = scores
        .iter()
        .find(|score| score["indicator"] == indicator && score["subject"] == subject && score["period"] == period)?;
    Some((score["raw"].as_f64()?, score["sample"].as_i64()?))
}

#[test]
fn orders_count_for_whoever_looked_after_the_customer_on_their_own_day() {
    let company = company();
    // h1 was Chen's until the 14th of June and is Zhao's from the 15th on; h2 was Zhao's in the first ten days of June
    // and nobody's since.
    owners(&company, "h1,chen,2026-01-01,\nh1,zhao,2026-06-15,\nh2,zhao,2026-06-01,2026-06-11\n");
    orders(
        &company,
        "1,h1,100,2026-06-14 23:59\n\
         2,h1,40,2026-06-15 00:00\n\
         3,h2,7,2026-06-10 12:00\n\
         4,h2,1000,2026-06-11 00:00\n\
         5,h3,5000,2026-06-20 00:00\n",
    );
    enable(&company, "own", "employee", "customers");
    enable(&company, "team", "department", "customers");
    enable(&company, "all", "company", "customers");
    company.ok(&["score", "--period", "2026-06"]);
    // Chen: order 1. Zhao: orders 2 and 3, 40 + 7. Qian looks after nobody. Orders 4 and 5 are nobody's.
    assert_eq!(raw(&company, "own", "chen", "2026-06"), Some((100.0, 1)));
    assert_eq!(raw(&company, "own", "zhao", "2026-06"), Some((47.0, 2)));
    assert_eq!(raw(&company, "own", "qian", "2026-06"), Some((0.0, 0)));
    assert_eq!(raw(&company, "team", "north", "2026-06"), Some((100.0, 1)));
    assert_eq!(raw(&company, "team", "south", "2026-06"), Some((47.0, 2)));
    // The company's customers are those that somebody looks after: 100 + 40 + 7.
    assert_eq!(raw(&company, "all", "acme", "2026-06"), Some((147.0, 3)));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn a_correction_of_an_owner_changes_what_it_touches_and_old_scores_replay() {
    let company = company();
    owners(&company, "h1,chen,2026-01-01,\nh1,zhao,2026-06-15,\n");
    orders(&company, "0,h1,9,2026-05-05 12:00\n1,h1,100,2026-06-12 12:00\n2,h1,40,2026-06-20 12:00\n");
    enable(&company, "own", "employee", "customers");
    enable(&company, "all-orders", "company", "company");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "chen", "2026-06"), Some((100.0, 1)));
    assert_eq!(raw(&company, "own", "zhao", "2026-06"), Some((40.0, 1)));
    assert_eq!(raw(&company, "own", "chen", "2026-05"), Some((9.0, 1)));
    let before = company.scores(true).len();
    assert!(company.ok(&["score"]).starts_with("0 computed"), "nothing is stale");

    // Zhao had taken over on the 10th already: order 1 was Zhao's, so June is 0 for Chen and 140 for Zhao.
    company.ok(&["customer", "assign", "h1", "zhao", "--from", "2026-06-10", "--until", "2026-06-15"]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "chen", "2026-06"), Some((0.0, 0)));
    assert_eq!(raw(&company, "own", "zhao", "2026-06"), Some((140.0, 2)));
    assert_eq!(raw(&company, "own", "chen", "2026-05"), Some((9.0, 1)));
    // June of the two, and July, the running month, which nobody's order is in; nothing of May, nothing of Qian, nothing
    // of the indicator that does not look at owners.
    let history = company.scores(true);
    let new: Vec<(&Value, &Value, &Value)> =
        history[before..].iter().map(|score| (&score["indicator"], &score["subject"], &score["period"])).collect();
    assert!(new.iter().all(|(indicator, ..)| *indicator == "own"), "{new:?}");
    assert!(new.iter().all(|(_, subject, _)| *subject == "chen" || *subject == "zhao"), "{new:?}");
    assert!(new.iter().all(|(.., period)| *period != "2026-05"), "{new:?}");
    // The scores that were computed before the correction still rest on what was known then.
    let replayed = company.ok(&["replay"]);
    assert!(replayed.contains(" 0 differ"), "{replayed}");
    assert!(history.iter().any(|score| score["subject"] == "chen" && score["raw"] == 100.0));
    // A list says everything from its first day on: nobody has looked after h1 since the 20th.
    owners(&company, "h1,chen,2026-01-01,2026-06-10\nh1,zhao,2026-06-10,2026-06-20\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "zhao", "2026-06"), Some((100.0, 1)));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn owners_that_become_known_after_everything_else_get_their_scores() {
    let company = company();
    enable(&company, "own", "employee", "customers");
    // With that the indicator itself is nothing new any more.
    company.ok(&["score"]);
    orders(&company, "1,h1,100,2026-04-12 12:00\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "chen", "2026-04"), None, "the order is nobody's");
    owners(&company, "h1,chen,2026-01-01,\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "chen", "2026-04"), Some((100.0, 1)));
    // As it was known before anybody looked after anything.
    assert!(company.ok(&["customer", "list"]).contains("chen"));
    assert!(!company.ok(&["customer", "list", "--known-to", "1"]).contains("chen"));
}

#[test]
fn a_hand_over_that_somebody_forged_is_found_by_replay() {
    let company = company();
    owners(&company, "h1,chen,2026-01-01,\n");
    orders(&company, "1,h1,100,2026-06-12 12:00\n");
    enable(&company, "own", "employee", "customers");
    company.ok(&["score", "--period", "2026-06"]);
    assert!(company.tamper("UPDATE ownership SET owner = 'zhao'") > 0);
    let said = company.run(&["replay"]);
    assert!(!said.succeeded && !said.output.contains(" 0 differ"), "{}", said.output);
}

#[test]
fn every_bad_row_of_a_file_is_named_and_nothing_lands() {
    let company = company();
    let file = company.file(
        "owners.csv",
        "customer,owner,from,until\nh1,chen,2026-01-01,\nh9,chen,2026-01-01,\nh2,nobody,2026-01-01,\n\
         h2,zhao,2026-13-01,\nh2,zhao,2026-02-01,2026-02-01\nh1,zhao,2026-01-01,\nh1,zhao\n",
    );
    let errors = company.refused(&["customer", "owners", &file]);
    for line in [
        "line 3 (row 2), column customer: there is no customer \"h9\"",
        "line 4 (row 3), column owner: there is no person \"nobody\"",
        "line 5 (row 4), column from: \"2026-13-01\" is no date",
        "line 6 (row 5), column until: it ends on 2026-02-01",
        "line 7 (row 6), column from: row 1 is about the same",
        "line 8 (row 7): 2 cells for 4 columns",
        "6 of 7 entries cannot be taken, so none was",
    ] {
        assert!(errors.contains(line), "{line} is not in\n{errors}");
    }
    let list = company.ok(&["customer", "list"]);
    assert!(!list.contains("chen"), "{list}");
    let contacts = company.file("contacts.csv", "id,customer,name,title\nk1,h9,李主任,主任\nk2,h1,,院长\n");
    let errors = company.refused(&["contact", "import", &contacts]);
    assert!(
        errors.contains("row 1), column customer") && errors.contains("row 2), column name: it is empty"),
        "{errors}"
    );
    assert!(company.facts().is_empty());
}

/// (external id, revision, day in UTC, state, title, withdrawn) of every fact about contacts.
fn contact_facts(company: &TestCompany) -> Vec<(String, u64, String, String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let facts = company.facts();
    let facts = facts.iter().filter(|fact| fact["kind"] == "contact");
    facts
        .map(|fact| {
            let attributes = &fact["attributes"];
            let (state, title) = (text(&attributes["state"]), text(&attributes["title"]));
            let revision = fact["revision"].as_u64().unwrap();
            let withdrawn = fact["withdrawn"] == true;
            (text(&fact["external_id"]), revision, text(&fact["occurred_at"]), state, title, withdrawn)
        })
        .collect()
}

#[test]
fn what_happens_to_contacts_is_a_fact_without_a_name() {
    let company = company();
    let file = company.file(
        "contacts.csv",
        "id,customer,name,title,from,left\nk1,h1,李主任,采购主任,2026-03-01,\nk2,h1,周医生,主治医生,2026-03-02,2026-06-30\n",
    );
    company.ok(&["contact", "import", &file]);
    // Midnight of the 1st of March in Shanghai is 16:00 of the day before in UTC.
    let here =
        |id: &str, at: &str, title: &str| (id.to_owned(), 0, at.to_owned(), "here".to_owned(), title.to_owned(), false);
    let mut expected = vec![
        here("contact/k1/1", "2026-02-28T16:00:00Z", "采购主任"),
        here("contact/k2/1", "2026-03-01T16:00:00Z", "主治医生"),
        ("contact/k2/2".into(), 0, "2026-06-29T16:00:00Z".into(), "left".into(), "主治医生".into(), false),
    ];
    assert_eq!(contact_facts(&company), expected);
    assert!(company.ok(&["contact", "import", &file]).contains(" 0 rows appended"));
    assert_eq!(contact_facts(&company), expected, "the same file again says nothing new");

    // The first one was promoted in May; the second left a day earlier, and then did not leave at all.
    company.ok(&[
        "contact",
        "add",
        "k1",
        "--customer",
        "h1",
        "--name",
        "李主任",
        "--title",
        "副院长",
        "--from",
        "2026-05-01",
    ]);
    company.ok(&["contact", "left", "k2", "--on", "2026-06-29"]);
    company.ok(&["contact", "left", "k2", "--withdraw"]);
    expected.push(here("contact/k1/2", "2026-04-30T16:00:00Z", "副院长"));
    expected.push(("contact/k2/2".into(), 1, "2026-06-28T16:00:00Z".into(), "left".into(), "主治医生".into(), false));
    expected.push(("contact/k2/2".into(), 2, "2026-06-28T16:00:00Z".into(), "left".into(), "主治医生".into(), true));
    assert_eq!(contact_facts(&company), expected);
    let list = company.ok(&["contact", "list"]);
    assert!(list.contains("副院长") && !list.contains("2026-06"), "{list}");

    // A name stands in the record, in no fact, and is gone when it is erased.
    let all = company.facts().iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains("李主任") && !all.contains("周医生"));
    company.ok(&["contact", "erase", "k1"]);
    assert!(!company.ok(&["contact", "list"]).contains("李主任"));
    assert!(company.refused(&["contact", "import", &file]).contains("k1 was erased"));
}

#[test]
fn a_plugin_reads_contacts_like_any_facts() {
    let company = company();
    let file = company.file(
        "contacts.csv",
        "id,customer,name,title,from,left\nk1,h1,甲,主任,2026-06-01,2026-06-20\nk2,h1,乙,医生,2026-06-02,\n",
    );
    company.ok(&["contact", "import", &file]);
    let parameters = r#"{"kind": "contact", "measure": "count", "conditions": [{"field": "state", "equals": "left"}]}"#;
    let parameters = company.file("parameters.json", parameters);
    company.ok(&[
        "indicator",
        "set",
        "lost",
        "--plugin",
        "measure",
        "--subject",
        "customer",
        "--title-zh",
        "流失联系人",
        "--title-en",
        "Contacts lost",
        "--parameters",
        &parameters,
        "--grant",
    ]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "lost", "h1", "2026-06"), Some((1.0, 1)));
    // The leaving is taken back: the month is scored again by itself.
    company.ok(&["contact", "left", "k1", "--withdraw"]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "lost", "h1", "2026-06"), Some((0.0, 0)));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}
