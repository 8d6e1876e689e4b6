//! Real logs with answers that others computed. Nothing of the data stands in the project.

use std::collections::BTreeMap;
use std::path::Path;

use daybreak_tests::company::TestCompany;
use daybreak_tests::data;
use serde_json::Value;

/// The answers are rounded to four places.
const TOLERANCE: f64 = 0.00005;

pub const HELPDESK: &str = r#"
source = "helpdesk"
kind = "ticket.event"
external_id = "{Case ID}/{Activity}/{Complete Timestamp}/{occurrence}"
capture = "automatic"
who = "{Resource}"
unknown_people = "create"
document = "{Case ID}"
customer = "{customer}"

[time]
text = "{Complete Timestamp}"
format = "%Y/%m/%d %H:%M:%S%.f"
zone = "Etc/UTC"

[fields]
activity = "{Activity}"
product = "{product}"
workgroup = "{workgroup}"
service-level = "{service_level}"
"#;

fn helpdesk(log: &Path) -> TestCompany {
    let company = super::company("Etc/UTC", "2014-02-01T12:00:00Z");
    let mapping = company.file("helpdesk.toml", HELPDESK);
    let said = company.ok(&["import", "--mapping", &mapping, log.to_str().unwrap()]);
    assert!(said.contains("21348 rows: 21348 new facts, 0 revised, 0 known already, 0 bad"), "{said}");
    company.install("time-to-resolve");
    let parameters = company.file("parameters.json", r#"{"resolving": ["Resolve ticket"]}"#);
    for (id, subject) in [("hours-of-people", "employee"), ("hours-of-company", "company")] {
        company.ok(&[
            "indicator",
            "set",
            id,
            "--plugin",
            "time-to-resolve",
            "--subject",
            subject,
            "--title-zh",
            "解决时长",
            "--title-en",
            "Hours to resolve",
            "--direction",
            "lower-is-better",
            "--unit",
            "h",
            "--parameters",
            &parameters,
            "--grant",
        ]);
    }
    company
}

#[test]
fn helpdesk_hours_to_resolve_are_those_of_the_reference() {
    let (Some(log), Some(reference)) = (data::file("helpdesk_it/finale.csv"), data::file("helpdesk_it/ref.json"))
    else {
        return;
    };
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
    let company = helpdesk(&log);

    company.ok(&[
        "score",
        "--indicator",
        "hours-of-people",
        "--period",
        "2010-01-01..2014-02-01",
        "--as-of",
        "2014-02-01",
    ]);
    let names: BTreeMap<String, String> = company
        .ok(&["people", "list"])
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once("  "))
        .map(|(id, name)| (id.to_owned(), name.trim().to_owned()))
        .collect();
    let scores = company.scores(false);
    let mut computed: BTreeMap<String, (i64, f64)> = BTreeMap::new();
    for score in scores.iter().filter(|score| score["outcome"] == "computed") {
        let name = names[score["subject"].as_str().unwrap()].clone();
        computed.insert(name, (score["sample"].as_i64().unwrap(), score["raw"].as_f64().unwrap()));
    }
    let expected = reference["median_hours_first_event_to_last_Resolve_by_resolver"].as_object().unwrap();
    println!("helpdesk_it: median hours from a ticket's first event to its last Resolve, by resolver");
    println!("{:12} {:>8} {:>8} {:>14} {:>12}", "resolver", "tickets", "expected", "median hours", "expected");
    for (name, answer) in expected {
        let (tickets, hours) = computed.get(name).copied().unwrap_or_default();
        println!("{name:12} {tickets:8} {:8} {hours:14.6} {:12}", answer["tickets"], answer["median_hours"]);
    }
    assert_eq!(computed.keys().collect::<Vec<_>>().len(), expected.len(), "only resolvers have a score");
    for (name, answer) in expected {
        let (tickets, hours) = computed[name];
        assert_eq!(Some(tickets), answer["tickets"].as_i64(), "{name}");
        assert!((hours - answer["median_hours"].as_f64().unwrap()).abs() <= TOLERANCE, "{name}: {hours}");
    }
    // Everybody else who touched a ticket is not computable: neither 0 nor 100.
    let people = reference["sanity"]["resources"].as_u64().unwrap() as usize;
    let not_computable = scores.iter().filter(|score| score["outcome"] == "not-computable").count();
    assert_eq!(computed.len() + not_computable, people);

    let months = reference["baseline_12_months_monthly_median_hours_to_resolve"]["months"].as_object().unwrap();
    println!("\nhelpdesk_it: median hours to resolve of the company, month by month, as known at the log's end");
    println!("{:8} {:>14} {:>12}", "month", "median hours", "expected");
    for (month, answer) in months {
        company.ok(&["score", "--indicator", "hours-of-company", "--period", month]);
        let scores = company.scores(false);
        let score = scores
            .iter()
            .find(|score| score["indicator"] == "hours-of-company" && score["period"] == month.as_str())
            .unwrap();
        let hours = score["raw"].as_f64().unwrap();
        println!("{month:8} {hours:14.6} {answer:>12}");
        assert!((hours - answer.as_f64().unwrap()).abs() <= TOLERANCE, "{month}: {hours}");
    }

    let replayed = company.ok(&["replay"]);
    println!("\n{}", replayed.trim());
    assert!(replayed.contains(" 0 differ"), "{replayed}");
}
