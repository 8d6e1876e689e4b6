//! From a file to scores, and what changes when facts do.

use serde_json::Value;

use super::tickets::{self, MAPPING, NOW, person};

fn score_of<'a>(scores: &'a [Value], subject: &str, period: &str) -> &'a Value {
    scores
        .iter()
        .find(|score| score["subject"] == subject && score["period"] == period)
        .unwrap_or_else(|| panic!("{subject} has a score for {period} in {scores:#?}"))
}

#[test]
fn a_ticket_log_becomes_scores_with_evidence() {
    let company = tickets::company();
    company.ok(&["score", "--period", "2026-06"]);
    let scores = company.scores(false);
    // Chen resolved T1 after 4 hours and T3 finally after 6: the median of both is 5.
    let chen = score_of(&scores, &person(&company, "chen"), "2026-06");
    assert_eq!((chen["raw"].as_f64(), chen["sample"].as_i64()), (Some(5.0), Some(2)));
    assert_eq!(chen["points"], Value::Null, "there is no goal yet");
    // Zhao resolved T2 after 10 hours and T4 after 48; T5 will be resolved in July, which is not known yet.
    let zhao = score_of(&scores, &person(&company, "zhao"), "2026-06");
    assert_eq!((zhao["raw"].as_f64(), zhao["sample"].as_i64()), (Some(29.0), Some(2)));
    let facts = company.facts();
    for sequence in chen["evidence_facts"].as_array().unwrap() {
        let fact = facts.iter().find(|fact| fact["sequence"] == *sequence).expect("evidence is a fact");
        assert_eq!(fact["attributes"]["activity"], "resolve");
        assert_eq!(fact["actor"], chen["subject"]);
    }
    let shown = company.ok(&["scores", "--evidence", "--language", "zh-CN"]);
    assert!(shown.contains("chen · hours-to-resolve · 2026-06"), "{shown}");
    assert!(shown.contains("activity=resolve"), "{shown}");
}

#[test]
fn a_goal_gives_points_whose_parts_add_up() {
    let company = tickets::company();
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "8"]);
    company.ok(&["score", "--period", "2026-06"]);
    let scores = company.scores(false);
    let chen = score_of(&scores, &person(&company, "chen"), "2026-06");
    // Lower is better: 100 · (2 − 5 / 8) = 137.5, cut to the ceiling of 120.
    assert_eq!(chen["points"].as_f64(), Some(120.0));
    // Zhao: 100 · (2 − 29 / 8) is negative, cut to 0.
    let zhao = score_of(&scores, &person(&company, "zhao"), "2026-06");
    assert_eq!(zhao["points"].as_f64(), Some(0.0));
    for score in [chen, zhao] {
        let parts = score["parts"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["points"].as_f64().unwrap()).sum();
        assert!((sum - score["points"].as_f64().unwrap()).abs() < 1e-9, "{parts:?}");
    }
}

#[test]
fn what_is_stale_is_scored_and_nothing_else() {
    let mut company = tickets::company();
    let first = company.ok(&["score"]);
    assert!(!first.starts_with("0 computed"), "{first}");
    let before = company.scores(true).len();
    assert!(company.ok(&["score"]).starts_with("0 computed, 0 not computable"), "nothing is stale any more");
    assert_eq!(company.scores(true).len(), before);

    // In July, T3 is resolved once more: Chen's June loses it, Chen's July gains it.
    company.set_now("2026-07-10T01:00:00Z");
    let mapping = company.file("tickets.toml", MAPPING);
    let late = company.file("late.csv", "ticket,activity,who,at,customer\nT3,resolve,chen,2026-07-03 09:00,H1\n");
    // The occurrence counts within its file, so a delta names its rows apart.
    let mapping = company.file("late.toml", &std::fs::read_to_string(mapping).unwrap().replace("{occurrence}", "{at}"));
    company.ok(&["import", "--mapping", &mapping, &late]);
    company.ok(&["score"]);
    let scores = company.scores(false);
    let chen = person(&company, "chen");
    let june = score_of(&scores, &chen, "2026-06");
    assert_eq!((june["raw"].as_f64(), june["sample"].as_i64()), (Some(4.0), Some(1)));
    let july = score_of(&scores, &chen, "2026-07");
    assert_eq!((july["raw"].as_f64(), july["sample"].as_i64()), (Some(720.0), Some(1)));
    // History keeps what June was before.
    let history = company.scores(true);
    assert!(history.iter().any(|score| score["subject"] == chen.as_str() && score["raw"].as_f64() == Some(5.0)));
}

#[test]
fn importing_the_same_file_again_changes_nothing() {
    let company = tickets::company();
    let facts = company.facts();
    let mapping = company.file("tickets.toml", MAPPING);
    let log = company.file("tickets.csv", tickets::LOG);
    let said = company.ok(&["import", "--mapping", &mapping, &log]);
    assert!(said.contains("0 new facts, 0 revised, 11 known already"), "{said}");
    assert_eq!(company.facts(), facts);
}

#[test]
fn a_corrected_row_is_a_new_revision_and_the_old_one_stays() {
    let company = tickets::company();
    company.ok(&["score", "--period", "2026-06"]);
    let mapping = company.file("tickets.toml", MAPPING);
    let corrected = tickets::LOG.replace("T1,resolve,chen,2026-06-01 13:00", "T1,resolve,chen,2026-06-01 11:00");
    let log = company.file("tickets.csv", &corrected);
    let said = company.ok(&["import", "--mapping", &mapping, &log]);
    assert!(said.contains("0 new facts, 1 revised, 10 known already"), "{said}");
    assert_eq!(company.facts().len(), 12);
    company.ok(&["score"]);
    // T1 now took 2 hours, T3 still 6.
    let scores = company.scores(false);
    let chen = score_of(&scores, &person(&company, "chen"), "2026-06");
    assert_eq!(chen["raw"].as_f64(), Some(4.0));
    let replayed = company.ok(&["replay"]);
    assert!(replayed.contains(" 0 differ"), "{replayed}");
}

#[test]
fn departments_and_the_company_are_subjects_too() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后服务"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let people = company.file(
        "people.csv",
        "id,name,department,manager,from,identities\n\
         chen,陈静,service,,2020-01-01,helpdesk:chen\n\
         zhao,赵磊,sales,chen,2020-01-01,helpdesk:zhao\n",
    );
    company.ok(&["people", "import", &people]);
    let mapping = company.file("tickets.toml", &MAPPING.replace("\"create\"", "\"refuse\""));
    let log = company.file("tickets.csv", tickets::LOG);
    company.ok(&["import", "--mapping", &mapping, &log]);
    company.install("time-to-resolve");
    let parameters = company.file("parameters.json", r#"{"resolving": ["resolve"]}"#);
    for (id, subject) in [("by-department", "department"), ("by-company", "company")] {
        company.ok(&[
            "indicator",
            "set",
            id,
            "--plugin",
            "time-to-resolve",
            "--subject",
            subject,
            "--title-zh",
            "时长",
            "--title-en",
            "Hours",
            "--direction",
            "lower",
            "--unit",
            "h",
            "--parameters",
            &parameters,
            "--grant",
        ]);
    }
    company.ok(&["score", "--period", "2026-06"]);
    let scores = company.scores(false);
    assert_eq!(score_of(&scores, "service", "2026-06")["raw"].as_f64(), Some(5.0));
    assert_eq!(score_of(&scores, "sales", "2026-06")["raw"].as_f64(), Some(29.0));
    // All four tickets: 4, 6, 10 and 48 hours.
    let all = score_of(&scores, "acme", "2026-06");
    assert_eq!((all["raw"].as_f64(), all["sample"].as_i64()), (Some(8.0), Some(4)));
    let replayed = company.ok(&["replay"]);
    assert!(replayed.contains(" 0 differ"), "{replayed}");
}

#[test]
fn a_failing_plugin_leaves_the_last_good_score_and_the_next_honest_batch_succeeds() {
    let company = tickets::company();
    let tasks = MAPPING.replace("ticket.event", "task.done").replace("activity = \"{activity}\"", "hours = \"4\"");
    let tasks = tasks.replace("source = \"helpdesk\"", "source = \"projects\"");
    let mapping = company.file("tasks.toml", &tasks);
    let log = company.file("tickets.csv", tickets::LOG);
    company.ok(&["import", "--mapping", &mapping, &log]);
    company.install("hostile");
    let set = |attack: &str| {
        let parameters = company.file("attack.json", &format!(r#"{{"attack": "{attack}"}}"#));
        company.ok(&[
            "indicator",
            "set",
            "attacked",
            "--plugin",
            "hostile",
            "--title-zh",
            "攻击",
            "--title-en",
            "Attacked",
            "--parameters",
            &parameters,
            "--grant",
        ]);
    };
    set("honest");
    company.ok(&["score", "--period", "2026-06", "--indicator", "attacked"]);
    let good = company.scores(false).iter().filter(|score| score["indicator"] == "attacked").count();
    assert!(good > 0);
    for (attack, fault) in [("endless-loop", "out of fuel"), ("panic", "trapped"), ("nan", "no finite number")] {
        set(attack);
        let errors = company.refused(&["score", "--period", "2026-06", "--indicator", "attacked"]);
        assert!(errors.contains(fault), "{attack}: {errors}");
        assert!(company.ok(&["faults"]).contains(fault));
        let kept = company.scores(false).iter().filter(|score| score["indicator"] == "attacked").count();
        assert_eq!(kept, good, "{attack}: the last good scores stay");
        company.ok(&["score", "--period", "2026-06", "--indicator", "hours-to-resolve"]);
    }
}

#[test]
fn late_events_on_several_tickets_at_once_reach_everybody_on_each_of_them() {
    let mut company = tickets::company();
    company.ok(&["score"]);
    // In July, Qian resolves two tickets once more: June loses T1 of Chen's and T2 of Zhao's.
    company.set_now("2026-07-10T01:00:00Z");
    let mapping = company.file("late.toml", &MAPPING.replace("{occurrence}", "{at}"));
    let late =
        "ticket,activity,who,at,customer\nT1,resolve,qian,2026-07-03 09:00,H1\nT2,resolve,qian,2026-07-03 10:00,H2\n";
    let late = company.file("late.csv", late);
    company.ok(&["import", "--mapping", &mapping, &late]);
    company.ok(&["score"]);
    let scores = company.scores(false);
    let raw = |name: &str| score_of(&scores, &person(&company, name), "2026-06")["raw"].as_f64();
    // T3 after 6 hours, and T4 after 48.
    assert_eq!((raw("chen"), raw("zhao")), (Some(6.0), Some(48.0)));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}
