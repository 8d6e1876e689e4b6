//! One sentence under each chart: what it is told about, when it is kept, and that it can be said again.

use daybreak_tests::company::TestCompany;
use serde_json::Value;

use super::tickets::{self, MAPPING, person};

/// Hours from opening to resolving: Chen 8 in April, 6 in May and 3 in June; Zhao 10 in May, on three tickets of which one
/// belongs to H1 and two to H2.
const LOG: &str = "\
ticket,activity,who,at,customer
T1,open,chen,2026-04-10 09:00,H1
T1,resolve,chen,2026-04-10 17:00,H1
T2,open,chen,2026-05-11 09:00,H1
T2,resolve,chen,2026-05-11 15:00,H1
T3,open,chen,2026-06-05 09:00,H3
T3,resolve,chen,2026-06-05 12:00,H3
T4,open,chen,2026-05-12 09:00,H1
T4,resolve,zhao,2026-05-12 19:00,H1
T5,open,chen,2026-05-13 09:00,H2
T5,resolve,zhao,2026-05-13 19:00,H2
T6,open,chen,2026-05-14 09:00,H2
T6,resolve,zhao,2026-05-14 19:00,H2
";

fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", "2026-06-20T01:00:00Z");
    import(&company, LOG);
    tickets::enable_in(&company);
    company.ok(&["score"]);
    company
}

fn import(company: &TestCompany, log: &str) {
    let mapping = company.file("tickets.toml", MAPPING);
    let log = company.file("tickets.csv", log);
    company.ok(&["import", "--mapping", &mapping, &log]);
}

fn enable(company: &TestCompany, plugin: &str, parameters: &str) {
    let parameters = company.file("insight.json", parameters);
    let titles = ["--title-zh", "一句话", "--title-en", "In one sentence"];
    let plugin = ["--kind", "insight", "--plugin", plugin, "--parameters", &parameters, "--grant"];
    company.ok(&[&["enablement", "set", "sentence"], &titles[..], &plugin[..]].concat());
}

fn insights(company: &TestCompany, arguments: &[&str]) -> Vec<Value> {
    let said = company.ok(&[&["insights", "--format", "json"], arguments].concat());
    serde_json::from_str(&said).expect("a list")
}

fn of<'a>(insights: &'a [Value], subject: &str) -> &'a Value {
    insights.iter().find(|insight| insight["subject"] == subject).expect("there is a chart")
}

fn text<'a>(insight: &'a Value, language: &str) -> &'a str {
    insight["sentence"]["text"][language].as_str().expect("a sentence")
}

fn points(insight: &Value) -> Vec<(&str, Option<f64>, bool)> {
    insight["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| (point["month"].as_str().unwrap(), point["value"].as_f64(), point["complete"].as_bool().unwrap()))
        .collect()
}

fn kept(company: &TestCompany) -> i64 {
    company.number("SELECT COUNT(*) FROM sentence")
}

fn replays(company: &TestCompany, sentences: usize) {
    let said = company.ok(&["replay"]);
    let line = format!("{sentences} sentences replayed: {sentences} equal, bit for bit; 0 differ");
    assert!(said.contains(&line), "{said}");
}

#[test]
fn the_target_comes_first_and_the_running_month_is_not_compared() {
    let mut company = company();
    company.install("plain-words");
    enable(&company, "plain-words", "{}");
    let (chen, zhao) = (person(&company, "chen"), person(&company, "zhao"));

    // Without a target: 8 to 6 is 25 % less, which is better.
    let first = insights(&company, &[]);
    let of_chen = of(&first, &chen);
    let months = [("2026-04", Some(8.0), true), ("2026-05", Some(6.0), true), ("2026-06", Some(3.0), false)];
    assert_eq!(points(of_chen), months);
    assert_eq!((&of_chen["target"], &of_chen["higher_is_better"]), (&Value::Null, &Value::Bool(false)));
    assert_eq!(of_chen["sentence"]["rule"], "improving");
    assert_eq!(of_chen["sentence"]["tone"], "praise");
    assert!(text(of_chen, "en").starts_with("At 6 h in May 2026, 25% down on the period before"), "{of_chen:#}");
    assert!(text(of_chen, "en").contains("June 2026 is still running and not compared"), "{of_chen:#}");
    assert!(text(of_chen, "zh-CN").contains("下降 25%") && text(of_chen, "zh-CN").contains("仍在进行"), "{of_chen:#}");
    // Zhao's first month is May: the chart begins with it. Two of the three tickets belong to H2.
    let of_zhao = of(&first, &zhao);
    assert_eq!(points(of_zhao)[0], ("2026-05", Some(10.0), true));
    let items: Vec<(&str, f64)> = of_zhao["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["label"].as_str().unwrap(), item["value"].as_f64().unwrap()))
        .collect();
    assert_eq!(items, [("H2", 2.0), ("H1", 1.0)]);
    assert_eq!(kept(&company), 2);

    // The same again is nothing new.
    assert!(insights(&company, &[]).iter().all(|insight| insight["is_news"] == false));
    assert_eq!(kept(&company), 2);

    // Only Chen has a target: 6 is 1 away from 5, and lower is better.
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "5", "--subject", &chen]);
    let second = insights(&company, &[]);
    let of_chen = of(&second, &chen);
    assert_eq!((of_chen["target"].as_f64(), of_chen["is_news"].as_bool()), (Some(5.0), Some(true)));
    assert_eq!(of_chen["sentence"]["rule"], "target-missed-improving");
    assert!(text(of_chen, "en").contains("1 h away from the target of 5 h"), "{of_chen:#}");
    assert_eq!(of(&second, &zhao)["is_news"], false);
    assert_eq!(kept(&company), 3);

    // When June is over, its 3 hours are compared, and meet the target.
    company.set_now("2026-06-30T15:00:00Z");
    let third = insights(&company, &["--subject", &chen]);
    assert_eq!(third.len(), 1);
    assert_eq!(points(&third[0])[2], ("2026-06", Some(3.0), true));
    assert_eq!(third[0]["sentence"]["rule"], "target-met");
    assert!(text(&third[0], "en").contains("the target of 5 h is met"), "{third:#?}");
    // A look back at an earlier day says again what was said then, and undoes nothing.
    let back = insights(&company, &["--on", "2026-06-20", "--subject", &chen]);
    assert_eq!((points(&back[0])[2].2, back[0]["is_news"].as_bool()), (false, Some(false)));
    assert!(company.refused(&["insights", "--on", "2026-07-01"]).contains("has not come yet"));

    // T2 took 7 hours and not 6: what was said before is still what it was.
    import(&company, &LOG.replace("2026-05-11 15:00", "2026-05-11 16:00"));
    company.ok(&["score"]);
    let fourth = insights(&company, &["--indicator", "hours-to-resolve"]);
    assert_eq!(points(of(&fourth, &chen))[1], ("2026-05", Some(7.0), true));
    replays(&company, kept(&company).try_into().unwrap());

    let shown = company.ok(&["insights", "--language", "zh-CN", "--subject", &chen]);
    assert!(shown.contains(&format!("chen ({chen}) · hours-to-resolve")) && shown.contains("已达到目标"), "{shown}");
    assert!(company.refused(&["insights", "--indicator", "no-such"]).contains("there is no indicator"));
}

#[test]
fn a_fault_leaves_the_last_sentence_and_is_recorded() {
    let company = company();
    let chen = person(&company, "chen");
    let said = company.run(&["insights"]);
    assert!(said.succeeded && said.errors.contains("2 charts have no insight plugin"), "{said:?}");
    company.install("quartet");
    enable(&company, "quartet", "{}");
    let first = insights(&company, &["--subject", &chen]);
    // The guest repeats the chart that it was shown.
    assert!(text(&first[0], "en").contains(&format!("hours-to-resolve/{chen} Hours to resolve None None false")));
    assert_eq!(kept(&company), 1);
    enable(&company, "quartet", r#"{"break": "rule"}"#);
    let said = company.run(&["insights"]);
    assert!(!said.succeeded, "a fault is told by the exit code, too");
    assert!(said.errors.contains(&format!("hours-to-resolve {chen}: bad output: ")), "{said:?}");
    assert_eq!(kept(&company), 1, "nothing was said instead");
    let faults = company.ok(&["faults"]);
    assert!(faults.lines().any(|line| line.contains("insight") && line.contains(&chen)), "{faults}");
    replays(&company, 1);
}

#[test]
fn whoever_changes_what_a_sentence_rests_on_is_found_out() {
    let company = company();
    company.install("plain-words");
    enable(&company, "plain-words", "{}");
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "5"]);
    company.ok(&["insights"]);
    let after = |change: &str| {
        assert!(company.tamper(change) > 0, "{change} changed nothing");
        let said = company.run(&["replay"]);
        assert!(!said.succeeded, "a replay that differs ends with an error code: {change}");
        said.output
    };
    let undo = |change: &str| assert!(company.tamper(change) > 0, "{change} changed nothing");
    let said = after("UPDATE goal SET target = 4");
    assert!(said.contains("the chart differs: the scores, the goal or the definition behind it"), "{said}");
    undo("UPDATE goal SET target = 5");
    let said = after("UPDATE sentence SET chart = REPLACE(chart, '8.0', '9.0')");
    assert!(said.contains("the chart differs"), "{said}");
    undo("UPDATE sentence SET chart = REPLACE(chart, '9.0', '8.0')");
    replays(&company, 2);
    let said = after("UPDATE sentence SET sentence = REPLACE(sentence, 'target', 'goal')");
    assert!(said.contains("the stored sentence was changed: it does not have its digest"), "{said}");
    let said = after("UPDATE score SET outcome = REPLACE(outcome, '8.0', '9.0')");
    assert!(said.contains("the chart differs"), "{said}");
    assert!(after("DELETE FROM sentence").contains("2 sentences were stored with this narration, 0 are there"));
}

/// Visits of Li's in June: so many to each of these customers.
fn visited(counts: &[(&str, usize)]) -> TestCompany {
    let company = super::company("Asia/Shanghai", "2026-07-01T01:00:00Z");
    let mapping = MAPPING.replace("ticket.event", "visit").replace("{ticket}/{activity}/{occurrence}", "{ticket}");
    let mapping = company.file("visits.toml", &mapping);
    let mut rows = "ticket,activity,who,at,customer\n".to_owned();
    for (customer, count) in counts {
        for visit in 0..*count {
            rows.extend([customer, "-", &visit.to_string(), ",visit,li,2026-06-09 10:00,", customer, "\n"]);
        }
    }
    let rows = company.file("visits.csv", &rows);
    company.ok(&["import", "--mapping", &mapping, &rows]);
    company.install("measure");
    let parameters = company.file("visits.json", r#"{"kind": "visit", "measure": "count"}"#);
    let titles = ["--title-zh", "拜访数", "--title-en", "Visits", "--parameters", &parameters, "--grant"];
    company.ok(&[&["indicator", "set", "visits", "--plugin", "measure"], &titles[..]].concat());
    company.ok(&["goal", "set", "visits", "--target", "20"]);
    company.install("plain-words");
    enable(&company, "plain-words", "{}");
    company.ok(&["score"]);
    company
}

#[test]
fn customers_are_summed_only_where_every_fact_is_named() {
    // Of 20 facts the plugin names all.
    let company = visited(&[("H1", 14), ("H2", 6)]);
    let told = insights(&company, &[]);
    let sums = |insight: &Value| -> Vec<(String, f64)> {
        let items = insight["items"].as_array().unwrap();
        let item = |item: &Value| (item["label"].as_str().unwrap().to_owned(), item["value"].as_f64().unwrap());
        items.iter().map(item).collect()
    };
    assert_eq!(sums(&told[0]), [("H1".to_owned(), 14.0), ("H2".to_owned(), 6.0)]);
    // Of 30 it names 20, in which H1 would have fewer than it has.
    let company = visited(&[("H1", 16), ("H2", 14)]);
    let told = insights(&company, &[]);
    assert!(points(&told[0]).contains(&("2026-06", Some(30.0), true)), "{told:?}");
    assert_eq!(sums(&told[0]), []);
    for customer in ["H1", "H2"] {
        assert!(!told[0]["sentence"].to_string().contains(customer), "{}", told[0]);
    }
    replays(&company, 1);
}

#[test]
fn whoever_narrates_at_the_same_time_keeps_a_sentence_once() {
    let company = company();
    company.install("plain-words");
    enable(&company, "plain-words", "{}");
    // Compiled and loaded before, so that all are at the same place at the same time.
    let start = |_| {
        let mut command = company.command(&["insights"]);
        command.stdout(std::process::Stdio::null()).spawn().expect("the binary can be started")
    };
    let running: Vec<_> = (0..6).map(start).collect();
    for mut process in running {
        assert!(process.wait().expect("the process ends").success());
    }
    assert_eq!(kept(&company), 2, "one of Chen's, one of Zhao's");
    replays(&company, 2);
}
