//! Customers fall silent, alerts open, change, close and come back; and every assessment can be made again.

use daybreak_tests::company::TestCompany;
use serde_json::Value;

use super::tickets::person;

const MAPPING: &str = r#"
source = "shop"
kind = "order"
external_id = "{order}"
capture = "automatic"
who = "{who}"
unknown_people = "create"
customer = "{customer}"
value = "{amount}"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

/// With D = 2026-06-30, customers are regular with purchases on 3 days of (D − 120, D − 30] = 03-03 … 05-31, and silent
/// with none in (D − 30, D] = 06-01 … 06-30. H1 is both; H2 bought in June; H3 bought on two days only, of which one
/// twice.
const ORDERS: &str = "\
order,who,customer,at,amount
A1,li,H1,2026-04-01 10:00,100
A2,li,H1,2026-04-15 10:00,200
A3,wu,H1,2026-05-10 10:00,300
B1,wu,H2,2026-04-02 10:00,10
B2,wu,H2,2026-04-20 10:00,20
B3,wu,H2,2026-05-20 10:00,30
B4,wu,H2,2026-06-10 10:00,40
C1,li,H3,2026-04-03 10:00,5
C2,li,H3,2026-05-05 10:00,5
C3,li,H3,2026-05-05 16:00,5
";

const NOW: &str = "2026-06-30T15:00:00Z";

fn import(company: &TestCompany, orders: &str) {
    let mapping = company.file("orders.toml", MAPPING);
    let orders = company.file("orders.csv", orders);
    company.ok(&["import", "--mapping", &mapping, &orders]);
}

fn more(company: &TestCompany, rows: &str) {
    import(company, &format!("order,who,customer,at,amount\n{rows}"));
}

pub(super) fn enable(company: &TestCompany, plugin: &str, parameters: &str) {
    let parameters = company.file("assistant.json", parameters);
    company.ok(&[
        "enablement",
        "set",
        "silence",
        "--kind",
        "assistant",
        "--plugin",
        plugin,
        "--subject",
        "customer",
        "--title-zh",
        "沉默预警",
        "--title-en",
        "Silent customers",
        "--parameters",
        &parameters,
        "--grant",
    ]);
}

pub(super) fn shop() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    import(&company, ORDERS);
    company.install("customer-risk");
    enable(&company, "customer-risk", "{}");
    company
}

fn alerts(company: &TestCompany, arguments: &[&str]) -> Vec<Value> {
    let said = company.ok(&[&["alerts", "--format", "json"], arguments].concat());
    serde_json::from_str(&said).expect("a list")
}

fn replays(company: &TestCompany, subjects: usize) {
    let said = company.ok(&["replay"]);
    let line = format!("{subjects} assessed subjects replayed: {subjects} equal, bit for bit; 0 differ");
    assert!(said.contains(&line), "{said}");
}

#[test]
fn an_alert_opens_changes_closes_and_comes_back_under_another_number() {
    let mut company = shop();
    let said = company.ok(&["assess"]);
    assert!(
        said.contains("silence on 2026-06-30: 3 assessed; 1 alerts opened, 0 updated, 0 closed, 0 failed"),
        "{said}"
    );
    let first = alerts(&company, &[]);
    let alert = &first[0];
    assert_eq!((first.len(), alert["subject"].as_str(), alert["key"].as_str()), (1, Some("H1"), Some("silent")));
    // 100 + 200 + 300 in 365 days.
    assert_eq!(alert["priority"].as_f64(), Some(600.0));
    // 51 days from 05-10 to 06-30: 0.5 + 0.5 · (51 − 30) / (120 − 30).
    assert_eq!(alert["risk"].as_f64(), Some(0.5 + 0.5 * (21.0 / 90.0)));
    assert!(alert["sentence"]["en"].as_str().unwrap().contains("No purchase for 51 days, the last on 2026-05-10"));
    assert!(alert["sentence"]["zh-CN"].as_str().unwrap().contains("51 天没有采购"), "{alert}");
    // The three purchases, the latest first.
    let facts = company.facts();
    let label = |sequence: &Value| {
        let fact = facts.iter().find(|fact| fact["sequence"] == *sequence).expect("evidence is a fact");
        fact["external_id"].as_str().unwrap().to_owned()
    };
    let evidence: Vec<String> = alert["evidence_facts"].as_array().unwrap().iter().map(label).collect();
    assert_eq!(evidence, ["A3", "A2", "A1"]);

    // The same day again says the same.
    let said = company.ok(&["assess", "silence"]);
    assert!(said.contains("0 alerts opened, 0 updated, 0 closed"), "{said}");
    // A day later it is 52 days: the same alert, said differently.
    company.set_now("2026-07-01T15:00:00Z");
    let said = company.ok(&["assess"]);
    assert!(said.contains("0 alerts opened, 1 updated, 0 closed"), "{said}");
    let updated = alerts(&company, &[]);
    assert_eq!(updated[0]["alert"], alert["alert"]);
    assert_eq!(updated[0]["opened_on"], "2026-06-30");
    assert!(updated[0]["sentence"]["en"].as_str().unwrap().contains("52 days"));

    // H1 buys: its reason is gone.
    company.set_now("2026-07-02T15:00:00Z");
    more(&company, "A4,li,H1,2026-07-02 10:00,50\n");
    let said = company.ok(&["assess"]);
    assert!(said.contains("0 alerts opened, 0 updated, 1 closed"), "{said}");
    assert_eq!(alerts(&company, &[]).len(), 0);
    assert_eq!(alerts(&company, &["--all"])[0]["open"], false);

    // D = 08-10: H1 bought on 04-15, 05-10 and 07-02 of 04-13 … 07-11, H2 on 04-20, 05-20 and 06-10; neither since.
    company.set_now("2026-08-10T15:00:00Z");
    let said = company.ok(&["assess"]);
    assert!(said.contains("2 alerts opened, 0 updated, 0 closed"), "{said}");
    let reopened = alerts(&company, &[]);
    let order: Vec<_> = reopened.iter().map(|alert| (alert["subject"].as_str(), alert["priority"].as_f64())).collect();
    // 600 + 50, and 10 + 20 + 30 + 40.
    assert_eq!(order, [(Some("H1"), Some(650.0)), (Some("H2"), Some(100.0))]);
    assert_ne!(reopened[0]["alert"], alert["alert"], "an alert that comes back is another one");
    let number = alert["alert"].to_string();
    let history = company.ok(&["alert", "show", &number]);
    let events: Vec<&str> = history.lines().filter(|line| line.contains(" by assessment ")).collect();
    assert_eq!(events.len(), 3, "{history}");
    for (line, event) in events.iter().zip(["opened", "updated", "closed"]) {
        assert!(line.trim().starts_with(event), "{history}");
    }
    // An earlier day would undo what came later.
    let refused = company.refused(&["assess", "silence", "--on", "2026-06-30"]);
    assert!(refused.contains("was assessed on 2026-08-10 already"), "{refused}");
    assert!(company.refused(&["assess", "silence", "--on", "2026-08-11"]).contains("has not come yet"));
    // Five assessments of three customers.
    replays(&company, 15);
}

#[test]
fn a_customer_with_an_open_alert_and_no_recent_facts_is_assessed_and_the_alert_closes() {
    let mut company = shop();
    company.ok(&["assess"]);
    // More than 365 days after every order: nobody has a fact in the window.
    company.set_now("2027-07-01T15:00:00Z");
    let said = company.ok(&["assess"]);
    assert!(said.contains("1 assessed; 0 alerts opened, 0 updated, 1 closed"), "{said}");
    replays(&company, 4);
}

#[test]
fn scoring_what_is_stale_asks_assistants_that_are_due_and_no_others() {
    let mut company = shop();
    let said = company.ok(&["score"]);
    assert!(said.contains("3 assessed; 1 alerts opened"), "an assistant that was never asked is due: {said}");
    assert!(!company.ok(&["score"]).contains("assessed"), "nothing has changed");
    // A purchase on the same day closes the alert at once.
    more(&company, "A4,li,H1,2026-06-30 20:00,50\n");
    let said = company.ok(&["score"]);
    assert!(said.contains("3 assessed; 0 alerts opened, 0 updated, 1 closed"), "{said}");
    assert!(!company.ok(&["score"]).contains("assessed"), "nothing has changed");
    // The plugin follows the calendar: once on every day.
    company.set_now("2026-07-01T01:00:00Z");
    assert!(company.ok(&["score"]).contains("silence on 2026-07-01: 3 assessed"));
    assert!(!company.ok(&["score"]).contains("assessed"));
    // Other parameters are another grant, and another question.
    enable(&company, "customer-risk", r#"{"purchase_days_min": 2, "silent_days": 40}"#);
    let said = company.ok(&["score"]);
    // H3 bought on 04-03 and 05-05, 57 days ago; H2 21 days ago.
    assert!(said.contains("1 alerts opened"), "{said}");
    company.ok(&["enablement", "end", "silence", "--from", "2026-07-01"]);
    let said = company.ok(&["score"]);
    assert!(said.contains("0 assessed; 0 alerts opened, 0 updated, 1 closed"), "nobody watches any more: {said}");
    assert!(!company.ok(&["score"]).contains("assessed"));
    assert!(company.refused(&["assess", "silence"]).contains("is not in use on 2026-07-01"));
    replays(&company, 12);
}

#[test]
fn an_assistant_that_follows_changes_is_asked_when_facts_of_its_kinds_came() {
    let mut company = super::company("Asia/Shanghai", NOW);
    import(&company, ORDERS);
    company.ok(&["score"]);
    company.install("quartet");
    enable(&company, "quartet", r#"{"watch": "orders"}"#);
    // Only B4 lies within 30 days.
    assert!(company.ok(&["score"]).contains("1 assessed; 1 alerts opened"));
    company.set_now("2026-07-01T15:00:00Z");
    assert!(!company.ok(&["score"]).contains("assessed"), "a new day alone is no change");
    // A fact that is dated tomorrow counts from tomorrow on.
    more(&company, "D1,li,H4,2026-07-02 10:00,50\n");
    assert!(!company.ok(&["score"]).contains("1 alerts opened"));
    company.set_now("2026-07-02T15:00:00Z");
    let said = company.ok(&["score"]);
    assert!(said.contains("2 assessed; 1 alerts opened"), "{said}");
    assert!(!company.ok(&["score"]).contains("assessed"), "nothing has changed");
}

#[test]
fn a_fact_of_tomorrow_that_was_known_before_the_assistant_was_put_to_use_is_not_missed() {
    let mut company = super::company("Asia/Shanghai", NOW);
    more(&company, "D1,li,H4,2026-07-02 10:00,50\n");
    // Its mark is used up before any assistant watches.
    company.ok(&["score"]);
    company.install("quartet");
    enable(&company, "quartet", r#"{"watch": "orders"}"#);
    assert!(company.ok(&["score"]).contains("0 assessed"));
    company.set_now("2026-07-02T15:00:00Z");
    let said = company.ok(&["score"]);
    assert!(said.contains("1 assessed; 1 alerts opened"), "{said}");
    assert!(!company.ok(&["score"]).contains("assessed"), "nothing has changed");
}

#[test]
fn one_customer_on_whom_the_plugin_fails_does_not_blind_the_others() {
    let company = super::company("Asia/Shanghai", NOW);
    // 40 customers with an order each in June; the plugin panics at H17.
    let rows: Vec<String> = (0..40).map(|number| format!("O{number},li,H{number},2026-06-15 10:00,1\n")).collect();
    more(&company, &rows.concat());
    company.install("quartet");
    enable(&company, "quartet", r#"{"watch": "orders", "break": "H17"}"#);
    let said = company.run(&["assess"]);
    assert!(!said.succeeded, "a fault is told by the exit code, too");
    assert!(said.output.contains("39 assessed; 39 alerts opened, 0 updated, 0 closed, 1 failed"), "{said:?}");
    assert!(said.errors.contains("H17: trapped"), "{said:?}");
    let faults = company.ok(&["faults"]);
    assert!(faults.lines().any(|line| line.contains("assistant") && line.contains("H17")), "{faults}");
    assert_eq!(faults.lines().count(), 2, "{faults}");
    assert_eq!(alerts(&company, &["--subject", "H17", "--all"]).len(), 0);

    // The plugin is corrected, and H17 has its alert; then it fails on everybody, and all alerts stay as they are.
    enable(&company, "quartet", r#"{"watch": "orders"}"#);
    let said = company.ok(&["assess"]);
    assert!(said.contains("40 assessed; 1 alerts opened, "), "{said}");
    enable(&company, "quartet", r#"{"watch": "orders", "break": "person"}"#);
    let said = company.run(&["assess"]);
    assert!(said.output.contains("0 assessed; 0 alerts opened, 0 updated, 0 closed, 40 failed"), "{said:?}");
    assert_eq!(alerts(&company, &[]).len(), 40);
    // 39 with one fault among them, then 40.
    replays(&company, 79);
}

#[test]
fn a_correction_after_the_assessment_leaves_the_old_one_replayable() {
    let company = shop();
    company.ok(&["assess"]);
    // A2 was 250, not 200; and A3 did not happen in May but in June, so H1 was never silent.
    more(&company, "A2,li,H1,2026-04-15 10:00,250\n");
    let said = company.ok(&["assess"]);
    assert!(said.contains("0 alerts opened, 1 updated, 0 closed"), "{said}");
    assert_eq!(alerts(&company, &[])[0]["priority"].as_f64(), Some(650.0));
    more(&company, "A3,wu,H1,2026-06-10 10:00,300\n");
    assert!(company.ok(&["assess"]).contains("0 updated, 1 closed"));
    replays(&company, 9);
}

#[test]
fn a_plan_becomes_a_task_whose_completion_counts() {
    let mut company = shop();
    super::tickets::enable_in(&company);
    enable(&company, "customer-risk", r#"{"counts_in": "hours-to-resolve", "touchpoint_kind": "order"}"#);
    company.ok(&["assess"]);
    let alert = alerts(&company, &[])[0].clone();
    let number = alert["alert"].to_string();
    let (li, wu) = (person(&company, "li"), person(&company, "wu"));
    // Names are shown and never stored: in the alert stands who took the orders by id.
    let people: Vec<&Value> = alert["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|suggestion| suggestion["people"].as_array().unwrap())
        .collect();
    assert!(people.iter().any(|person| person["id"] == wu.as_str() && person["name"] == "wu"), "{alert:#}");
    let shown = company.ok(&["alerts"]);
    assert!(shown.contains(&format!("wu ({wu})")), "{shown}");
    assert!(shown.contains("plan: Customer care"), "{shown}");
    assert!(company.ok(&["alerts", "--language", "zh-CN"]).contains("plan: 客户关怀"));
    assert_eq!(company.number(&format!("SELECT COUNT(*) FROM alert WHERE content LIKE '%\"{wu}\"%'")), 1);

    let said = company.ok(&["alert", "plan", &number, "--assignee", &li, "--by", &wu]);
    // Seven days after 06-30.
    assert!(said.contains("due on 2026-07-07"), "{said}");
    let task = alerts(&company, &[])[0]["task"].as_str().expect("it has a task").to_owned();
    let refused = company.refused(&["alert", "plan", &number, "--assignee", &wu]);
    assert!(refused.contains(&format!("daybreak task show {task}")), "{refused}");
    company.set_now("2026-07-01T15:00:00Z");
    // It is still the same alert, and keeps its task.
    company.ok(&["assess"]);
    assert_eq!(alerts(&company, &[])[0]["task"], task.as_str());
    company.ok(&["task", "done", &task, "--by", &li]);
    let done: Vec<Value> = company
        .facts()
        .into_iter()
        .filter(|fact| fact["kind"] == "task.done" && fact["actor"] == li.as_str())
        .collect();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0]["customer"], "H1");
    assert_eq!(done[0]["attributes"]["counts_in"], "hours-to-resolve");
    assert_eq!(done[0]["attributes"]["business_document"], format!("alert-{number}"));
    assert_eq!(done[0]["attributes"]["kind"], "care-plan");
    let said = company.ok(&["replay"]);
    assert!(said.contains("6 assessed subjects replayed: 6 equal"), "{said}");
}

#[test]
fn whoever_changes_what_an_alert_rests_on_is_found_out() {
    let company = shop();
    company.ok(&["assess"]);
    let after = |change: &str| {
        assert!(company.tamper(change) > 0, "{change} changed nothing");
        let said = company.run(&["replay"]);
        assert!(!said.succeeded, "a replay that differs ends with an error code: {change}");
        said.output
    };
    let said = after("UPDATE fact SET value = 999 WHERE external_id = 'A2'");
    assert!(said.contains("changed after they were recorded: shop:A2 revision 0"), "{said}");
    assert!(said.contains("(silence H1)") && !said.contains("(silence H2)"), "{said}");
    let undo = |change: &str| assert!(company.tamper(change) > 0, "{change} changed nothing");
    undo("UPDATE fact SET value = 200 WHERE external_id = 'A2'");
    for (change, undone) in [
        ("UPDATE alert SET priority = 7", "UPDATE alert SET priority = 600"),
        (
            "UPDATE alert SET content = REPLACE(content, '600', '601')",
            "UPDATE alert SET content = REPLACE(content, '601', '600')",
        ),
        ("UPDATE alert SET event = 'closed'", "UPDATE alert SET event = 'opened'"),
    ] {
        let said = after(change);
        assert!(said.contains("was changed: it is not what the assessment raised"), "{change}: {said}");
        undo(undone);
    }
    replays(&company, 3);
    let said = after(r#"UPDATE enablement SET parameters = '{"silent_days": 31}'"#);
    assert!(said.contains("the enablement number"), "parameters are part of the enablement: {said}");
    undo("UPDATE enablement SET parameters = '{}'");
    let said = after("DELETE FROM fact WHERE external_id = 'A2'");
    assert!(said.contains("the facts differ: rows were added, removed or moved"), "{said}");
    assert!(after("DELETE FROM alert").contains("1 revisions of alerts were stored"));
    assert!(after("UPDATE assessment SET subjects = REPLACE(subjects, 'H3', 'H4')").contains("(silence H4)"));
    assert!(after("UPDATE assessment SET subjects = 'nonsense'").contains("a stored row was changed"));
}

#[test]
fn contacts_who_leave_make_a_silent_customer_one_to_worry_about() {
    let mut company = shop();
    enable(&company, "customer-risk", r#"{"attrition": "contacts", "attrition_percent_min": 50.0}"#);
    let customers = company.file("customers.csv", "id,name,kind\nH1,市一医院,hospital\nH2,市二医院,hospital\n");
    company.ok(&["customer", "import", &customers]);
    // H1 is silent. Without contacts there is no share of them that could have left.
    assert!(company.ok(&["assess"]).contains("0 alerts opened"));
    for (contact, customer, title) in
        [("k1", "H1", "采购主任"), ("k2", "H1", "主治医生"), ("k3", "H1", "护士长"), ("k4", "H2", "院长")]
    {
        let days = ["--title", title, "--name", "李大海", "--from", "2026-03-01"];
        company.ok(&[&["contact", "add", contact, "--customer", customer], &days[..]].concat());
    }
    company.ok(&["contact", "left", "k1", "--on", "2026-06-10"]);
    company.ok(&["contact", "left", "k4", "--on", "2026-06-10"]);
    // One of three is 33 %, below 50; H2, all of whose contacts left, has bought.
    assert!(company.ok(&["assess"]).contains("0 alerts opened"));
    company.ok(&["contact", "left", "k2", "--on", "2026-06-20"]);
    // Two of three. What changes of a contact makes the assistant due.
    assert!(company.ok(&["score"]).contains("1 alerts opened"));
    let open = alerts(&company, &[]);
    assert_eq!((open.len(), open[0]["subject"].as_str()), (1, Some("H1")));
    let sentence = open[0]["sentence"]["en"].as_str().unwrap();
    assert!(sentence.contains("2 of 3"), "{sentence}");
    assert!(!open[0].to_string().contains("李大海"), "a contact's name reaches no plugin");
    // The facts behind it: three purchases, and the two who left.
    assert_eq!(open[0]["evidence_facts"].as_array().map(Vec::len), Some(5));
    // K2 did not leave after all.
    company.ok(&["contact", "left", "k2", "--withdraw"]);
    company.set_now("2026-06-30T15:30:00Z");
    assert!(company.ok(&["score"]).contains("1 closed"));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}
