//! Who changed what: every change has an entry with what it was before and after, and nothing else has one.

use daybreak_app::Daybreak;
use daybreak_domain::audit::{AuditQuery, PAGE_MAX};
use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::goal::Goal;
use daybreak_domain::time::Day;
use daybreak_tests::company::TestCompany;
use daybreak_tests::host::{HandClock, host};
use serde_json::{Value, json};

use super::{concurrency, tickets};

/// Noon of 2026-07-01 in Shanghai.
const NOW: &str = "2026-07-01T04:00:00Z";

const VISITS: &str = r#"
source = "crm"
kind = "visit"
external_id = "{id}"
capture = "typed"
who = "{who}"
unknown_people = "create"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

const SCORECARD: &str = r#"
id = "all"
title = { zh-CN = "全员", en = "Everybody" }

[[dimensions]]
id = "results"
title = { zh-CN = "业绩", en = "Results" }

[[indicators]]
id = "visits"
dimension = "results"
share = "100%"
"#;

/// An entry without its number, time and author: action, id, before, after.
type Told = (String, String, Value, Value);

/// Follows the audit of a company.
struct Follower<'a> {
    company: &'a TestCompany,
    seen: i64,
}

impl<'a> Follower<'a> {
    fn new(company: &'a TestCompany) -> Self {
        let mut follower = Self { company, seen: 0 };
        follower.news();
        follower
    }

    /// The entries since the last look, the oldest first.
    fn news(&mut self) -> Vec<Value> {
        let mut entries = entries(self.company, &["--most", "1000"]);
        entries.retain(|entry| entry["audit"].as_i64().unwrap() > self.seen);
        entries.reverse();
        self.seen = entries.last().map_or(self.seen, |entry| entry["audit"].as_i64().unwrap());
        entries
    }

    /// Runs the command, which must leave exactly these entries.
    #[track_caller]
    fn leaves(&mut self, arguments: &[&str], expected: &[(&str, &str, Value, Value)]) {
        self.company.ok(arguments);
        let expected: Vec<Told> = expected
            .iter()
            .map(|(action, id, before, after)| ((*action).to_owned(), (*id).to_owned(), before.clone(), after.clone()))
            .collect();
        assert_eq!(self.news().iter().map(told).collect::<Vec<Told>>(), expected);
    }

    /// Runs the command, which must be refused and leave nothing.
    #[track_caller]
    fn leaves_nothing_refused(&mut self, arguments: &[&str]) {
        self.company.refused(arguments);
        assert_eq!(self.news(), Vec::<Value>::new());
    }

    /// Runs the command and returns the entries that it leaves.
    fn after(&mut self, arguments: &[&str]) -> Vec<Told> {
        self.company.ok(arguments);
        self.news().iter().map(told).collect()
    }
}

/// The newest first.
fn entries(company: &TestCompany, arguments: &[&str]) -> Vec<Value> {
    let said = company.ok(&[&["audit", "--format", "json"], arguments].concat());
    serde_json::from_str(&said).expect("a list")
}

fn told(entry: &Value) -> Told {
    let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
    (text("action"), text("id"), entry["before"].clone(), entry["after"].clone())
}

fn actions(told: &[Told]) -> Vec<(&str, &str)> {
    told.iter().map(|(action, id, ..)| (action.as_str(), id.as_str())).collect()
}

#[test]
fn changes_of_the_organisation_say_what_was_before_and_after_and_name_nobody() {
    let company = super::company("Asia/Shanghai", NOW);
    let first = entries(&company, &["--action", "company"]).remove(0);
    assert_eq!((&first["author_kind"], &first["author"]), (&json!("command-line"), &json!("")));
    assert_eq!((&first["what"], &first["request"]), (&json!("company"), &Value::Null));
    assert_eq!(first["at"], 1_782_878_400_000_i64, "it is what the host's clock says");
    let (action, id, before, after) = told(&first);
    assert_eq!((action.as_str(), id.as_str(), before), ("company.create", "acme", Value::Null));
    assert_eq!((&after["name"], &after["time_zone"]), (&json!("Acme 医疗"), &json!("Asia/Shanghai")));

    let mut follower = Follower::new(&company);
    let sales = json!({ "name": "销售", "parent": null });
    let spell = |value: &Value, from: &str, until: Option<&str>| {
        let mut spell = value.clone();
        spell["from"] = json!(from);
        spell["until"] = json!(until);
        spell
    };
    follower.leaves(
        &["department", "add", "sales", "--name", "销售"],
        &[("department.add", "sales", Value::Null, json!({ "spells": [spell(&sales, "1900-01-01", None)] }))],
    );
    follower.leaves(&["department", "add", "sales", "--name", "销售"], &[]);
    follower.leaves(
        &["department", "rename", "sales", "--name", "营销", "--from", "2026-02-01"],
        &[(
            "department.change",
            "sales",
            json!({ "spells": [sales] }),
            json!({ "spells": [{ "name": "营销", "parent": null, "from": "2026-02-01", "until": null }] }),
        )],
    );
    follower.leaves(
        &["position", "add", "rep", "--title-zh", "代表", "--title-en", "Representative"],
        &[("position.add", "rep", Value::Null, json!({ "title": { "zh-CN": "代表", "en": "Representative" } }))],
    );

    let list = company.file(
        "people.csv",
        "id,name,department,manager,from,until,identities\nli,李雷,sales,wu,2026-01-01,2026-06-01,crm:li.lei\n\
         wu,吴芳,sales,,2025-01-01,,\n",
    );
    let in_sales = |manager: Option<&str>| json!({ "department": "sales", "manager": manager, "position": null });
    let gone = json!({ "employed": false });
    follower.leaves(
        &["people", "import", &list],
        &[
            (
                "person.add",
                "li",
                Value::Null,
                json!({
                    "spells": [spell(&in_sales(Some("wu")), "2026-01-01", Some("2026-06-01"))],
                    "identities_of": ["crm"],
                }),
            ),
            ("person.add", "wu", Value::Null, json!({ "spells": [spell(&in_sales(None), "2025-01-01", None)] })),
        ],
    );
    follower.leaves(&["people", "import", &list], &[]);
    // Only who is different has an entry; of a new name it says that there is one.
    let renamed =
        company.file("renamed.csv", "id,name,department,from\nli,李蕾,sales,2026-06-01\nwu,吴芳,sales,2025-01-01\n");
    follower.leaves(
        &["people", "import", &renamed],
        &[(
            "person.change",
            "li",
            Value::Null,
            json!({ "spells": [spell(&in_sales(None), "2026-06-01", None)], "changed": ["name"] }),
        )],
    );
    let placed = json!({ "department": "sales", "manager": null, "position": "rep" });
    follower.leaves(
        &["people", "move", "li", "--position", "rep", "--from", "2026-06-10", "--until", "2026-06-20"],
        &[(
            "person.move",
            "li",
            json!({ "spells": [in_sales(None)] }),
            json!({ "spells": [spell(&placed, "2026-06-10", Some("2026-06-20"))] }),
        )],
    );
    follower.leaves_nothing_refused(&["people", "move", "li", "--department", "nowhere"]);
    follower.leaves(
        &["people", "leave", "wu", "--last-day", "2026-06-30"],
        &[(
            "person.leave",
            "wu",
            json!({ "spells": [in_sales(None)] }),
            json!({ "spells": [spell(&gone, "2026-07-01", None)] }),
        )],
    );
}

#[test]
fn changes_of_names_and_absences_tell_neither_names_nor_reasons() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let list = "id,name,department,from,identities\nli,李雷,sales,2025-01-01,crm:li.lei\nwu,吴芳,sales,2025-01-01,\n";
    company.ok(&["people", "import", &company.file("people.csv", list)]);
    let mut follower = Follower::new(&company);
    let set = follower.after(&["identity", "set", "crm:li.lei", "wu", "--from", "2026-06-15"]);
    assert_eq!(actions(&set), [("identity.set", "crm")]);
    assert_eq!(set[0].2, json!({ "people": [{ "person": "li" }] }));
    assert_eq!(set[0].3["people"], json!([{ "person": "wu", "from": "2026-06-15", "until": null }]));

    let absence = ["absence", "add", "li", "--from", "2026-06-05", "--until", "2026-06-08", "--kind"];
    let days = |withdrawn: bool| -> Value {
        json!({ "person": "li", "withdrawn": withdrawn, "from": "2026-06-05", "until": "2026-06-08" })
    };
    let mut other_kind = days(false);
    other_kind["changed"] = json!(["kind"]);
    follower.leaves(&[&absence[..], &["sick"]].concat(), &[("absence.add", "li.2026-06-05", Value::Null, days(false))]);
    follower.leaves(&[&absence[..], &["sick"]].concat(), &[]);
    follower
        .leaves(&[&absence[..], &["leave"]].concat(), &[("absence.change", "li.2026-06-05", days(false), other_kind)]);
    follower.leaves(
        &["absence", "withdraw", "li.2026-06-05"],
        &[("absence.withdraw", "li.2026-06-05", days(false), days(true))],
    );
}

#[test]
fn a_department_that_is_closed_says_what_it_was() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let mut follower = Follower::new(&company);
    follower.leaves(
        &["department", "add", "east", "--name", "华东", "--parent", "sales"],
        &[(
            "department.add",
            "east",
            Value::Null,
            json!({ "spells": [{ "name": "华东", "parent": "sales", "from": "1900-01-01", "until": null }] }),
        )],
    );
    let closed = follower.after(&["department", "close", "east", "--from", "2026-07-01"]);
    assert_eq!(actions(&closed), [("department.close", "east")]);
    assert_eq!(closed[0].2, json!({ "spells": [{ "name": "华东", "parent": "sales" }] }));
    assert_eq!(closed[0].3, json!({ "spells": [{ "closed": true, "from": "2026-07-01", "until": null }] }));
}

#[test]
fn changes_of_customers_and_contacts_name_neither() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["people", "import", &company.file("people.csv", "id,name,from\nli,李雷,2025-01-01\n")]);
    let mut follower = Follower::new(&company);
    let add = ["customer", "add", "h1", "--name", "第一医院", "--kind"];
    follower.leaves(
        &[&add[..], &["hospital"]].concat(),
        &[("customer.add", "h1", Value::Null, json!({ "kind": "hospital" }))],
    );
    follower.leaves(&[&add[..], &["hospital"]].concat(), &[]);
    follower.leaves(
        &["customer", "add", "h1", "--name", "第二医院", "--kind", "clinic"],
        &[("customer.change", "h1", json!({ "kind": "hospital" }), json!({ "kind": "clinic", "changed": ["name"] }))],
    );
    let owner =
        |owner: Option<&str>, from: &str| json!({ "owners": [{ "owner": owner, "from": from, "until": null }] });
    follower.leaves(
        &["customer", "assign", "h1", "li", "--from", "2026-01-01"],
        &[("customer.assign", "h1", Value::Null, owner(Some("li"), "2026-01-01"))],
    );
    follower.leaves(
        &["customer", "assign", "h1", "--nobody", "--from", "2026-06-01"],
        &[("customer.assign", "h1", json!({ "owners": [{ "owner": "li" }] }), owner(None, "2026-06-01"))],
    );
    let contact = |events: Value| json!({ "customer": "h1", "events": events });
    let here = json!({ "day": "2026-01-01", "state": "here", "title": "院长" });
    let left = json!({ "day": "2026-06-15", "state": "left", "title": "院长" });
    follower.leaves(
        &["contact", "add", "k1", "--customer", "h1", "--name", "李主任", "--title", "院长", "--from", "2026-01-01"],
        &[("contact.add", "k1", Value::Null, contact(json!([here])))],
    );
    follower.leaves(
        &["contact", "left", "k1", "--on", "2026-06-15"],
        &[("contact.change", "k1", contact(json!([here])), contact(json!([here, left])))],
    );
    follower.leaves(&["contact", "left", "k1", "--on", "2026-06-15"], &[]);
    follower.leaves(&["contact", "erase", "k1"], &[("contact.erase", "k1", Value::Null, Value::Null)]);
    follower.leaves_nothing_refused(&["contact", "erase", "k1"]);
    for row in company.rows("SELECT COALESCE(before, '') || COALESCE(after, '') FROM audit") {
        assert!(["第一医院", "第二医院", "李主任"].iter().all(|name| !row[0].contains(name)), "{row:?}");
    }
}

#[test]
fn changes_of_what_is_scored_say_what_was_before_and_after() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["people", "import", &company.file("people.csv", "id,name,from\nli,李雷,2025-01-01\n")]);
    let mut follower = Follower::new(&company);
    company.install("measure");
    let installed: Vec<Told> = follower.news().iter().map(told).collect();
    assert_eq!(actions(&installed), [("plugin.install", "measure")]);
    assert_eq!(installed[0].3["pinned_everywhere"], true);
    company.install("measure");
    assert!(follower.news().is_empty(), "the same bytes again are nothing");

    let parameters = company.file("parameters.json", r#"{"kind": "visit", "measure": "count"}"#);
    let titles = ["--title-zh", "拜访", "--title-en", "Visits", "--parameters", &parameters];
    let set = [&["indicator", "set", "visits", "--plugin", "measure"][..], &titles].concat();
    follower.leaves(&set, &[]);
    let granted = follower.after(&[&set[..], &["--grant"]].concat());
    assert_eq!(actions(&granted), [("indicator.set", "visits"), ("permission.grant", "visits")]);
    assert_eq!((&granted[0].2, &granted[0].3["parameters"]["measure"]), (&Value::Null, &json!("count")));
    let digest = &installed[0].3["component"];
    assert_eq!((&granted[1].3["component"], &granted[1].3["department"]), (digest, &Value::Null));
    assert_eq!(granted[1].3["requirements"]["needs"][0]["kind"], "visit");
    let bad = company.file("bad.json", r#"{"kind": "visit", "measure": "guess"}"#);
    follower.leaves_nothing_refused(&[
        "indicator",
        "set",
        "visits",
        "--plugin",
        "measure",
        "--title-zh",
        "拜访",
        "--title-en",
        "Visits",
        "--parameters",
        &bad,
        "--grant",
    ]);

    let target = |target: f64| json!({ "baseline": null, "target": target, "stretch": null });
    follower.leaves(
        &["goal", "set", "visits", "--target", "8", "--from", "2026-01-01"],
        &[(
            "goal.set",
            "visits",
            Value::Null,
            json!({ "subject": null, "goal": target(8.0), "from": "2026-01-01", "until": null }),
        )],
    );
    follower.leaves(
        &["goal", "set", "visits", "--target", "9", "--from", "2026-06-01"],
        &[(
            "goal.set",
            "visits",
            json!({ "subject": null, "goal": target(8.0) }),
            json!({ "subject": null, "goal": target(9.0), "from": "2026-06-01", "until": null }),
        )],
    );
    follower.leaves_nothing_refused(&["goal", "set", "calls", "--target", "9"]);

    let file = company.file("scorecard.toml", SCORECARD);
    let signed = follower.after(&["scorecard", "set", &file]);
    assert_eq!(actions(&signed), [("scorecard.set", "all")]);
    assert_eq!((&signed[0].2, &signed[0].3["entries"][0]["share"]), (&Value::Null, &json!(1_000_000)));
    follower.leaves(&["scorecard", "set", &file], &[]);
    follower.leaves(
        &["scorecard", "minimum-coverage", "40%", "--from", "2026-06-01"],
        &[(
            "minimum-coverage.set",
            "acme",
            json!({ "coverage": 500_000 }),
            json!({ "coverage": 400_000, "from": "2026-06-01" }),
        )],
    );
    let more = SCORECARD.replace("share = \"100%\"", "share = \"60%\"");
    follower.leaves_nothing_refused(&["scorecard", "set", &company.file("scorecard.toml", &more)]);
    let ended = follower.after(&["scorecard", "end", "all", "--from", "2026-08-01"]);
    assert_eq!(ended[0].2, signed[0].3);
    assert_eq!(ended[0].3, json!({ "from": "2026-08-01", "ended": true }));

    let pinned = follower.after(&["plugin", "pin", "measure", digest.as_str().unwrap(), "--from", "2026-07-01"]);
    assert_eq!(actions(&pinned), [("plugin.pin", "measure")]);
    assert_eq!(pinned[0].2, json!({ "department": null, "component": digest }));
}

#[test]
fn changes_of_shares_circumstances_and_tasks_say_what_was_before_and_after() {
    let company = tickets::company();
    let chen = tickets::person(&company, "chen");
    let scorecard = SCORECARD.replace("id = \"visits\"", "id = \"hours-to-resolve\"\nlocked = false");
    let scorecard = scorecard.replace("share = \"100%\"", "share = \"60%\"");
    let other = "\n[[indicators]]\nid = \"hours-to-resolve-2\"\ndimension = \"results\"\nshare = \"40%\"\n";
    let titles = ["--title-zh", "二", "--title-en", "Two", "--grant"];
    let parameters = company.file("parameters.json", r#"{"resolving": ["resolve"]}"#);
    let set = ["indicator", "set", "hours-to-resolve-2", "--plugin", "time-to-resolve", "--parameters", &parameters];
    company.ok(&[&set[..], &titles[..]].concat());
    company.ok(&["scorecard", "set", &company.file("scorecard.toml", &format!("{scorecard}{other}"))]);

    let mut follower = Follower::new(&company);
    let change = ["reweight", &chen, "--indicator", "hours-to-resolve", "--share", "70%", "--reason", "赶工"];
    let ordered = follower.after(&[&change[..], &["--from", "2026-06-01", "--until", "2026-06-11"]].concat());
    let number = ordered[0].1.clone();
    assert_eq!(actions(&ordered), [("reweighting.order", number.as_str())]);
    let told_change = |until: &str| {
        json!({
            "employee": chen,
            "target": { "indicator": "hours-to-resolve" },
            "share": 700_000,
            "revoked": false,
            "from": "2026-06-01",
            "until": until,
        })
    };
    assert_eq!(ordered[0].3, told_change("2026-06-11"));
    follower.leaves(
        &["reweight", "revoke", &number, "--from", "2026-06-05"],
        &[("reweighting.revoke", &number, told_change("2026-06-11"), told_change("2026-06-05"))],
    );
    follower.leaves_nothing_refused(&["reweight", "revoke", &number, "--from", "2026-06-20"]);

    let add = ["circumstance", "add", "--id", "rush", "--from", "2026-06-01", "--until", "2026-06-20"];
    let more = ["--participant", &chen, "--reason", "交付", "--by", &chen];
    let added = follower.after(&[&add[..], &more].concat());
    assert_eq!(actions(&added), [("circumstance.add", "rush")]);
    assert_eq!(added[0].3["participants"][0]["person"], chen.as_str());
    assert!(follower.after(&[&add[..], &more].concat()).is_empty(), "the same circumstance again is nothing");
    let ended = follower.after(&["circumstance", "end", "rush", "--by", &chen, "--until", "2026-06-10"]);
    assert_eq!((&ended[0].2["until"], &ended[0].3["until"]), (&json!("2026-06-20"), &json!("2026-06-10")));
    assert_eq!(ended[0].0, "circumstance.end");

    let add = ["task", "add", "--id", "call-back", "--title", "回电", "--initiator", &chen, "--assignee", &chen];
    let added = follower.after(&add);
    assert_eq!(actions(&added), [("task.add", "call-back")]);
    assert!(follower.after(&add).is_empty(), "the same task again is nothing");
    let changed = follower.after(&["task", "change", "call-back", "--by", &chen, "--weight", "2", "--title", "再回电"]);
    assert_eq!(changed[0].0, "task.change");
    assert_eq!((&changed[0].2["weight"], &changed[0].3["weight"]), (&json!(1.0), &json!(2.0)));
    assert_eq!(changed[0].3["changed"], json!(["title"]));
    let done = follower.after(&["task", "done", "call-back", "--by", &chen]);
    assert_eq!((&done[0].2["state"], &done[0].3["state"]), (&json!("open"), &json!("done")));
    follower.leaves_nothing_refused(&["task", "cancel", "call-back", "--by", &chen]);
    let reopened = follower.after(&["task", "reopen", "call-back", "--by", &chen]);
    assert_eq!((actions(&reopened), &reopened[0].2), (vec![("task.reopen", "call-back")], &done[0].3));
}

#[test]
fn a_delivery_of_facts_is_one_entry_and_scores_are_none() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&[
        "people",
        "import",
        &company.file("people.csv", "id,name,from,identities\nli,李雷,2025-01-01,crm:li\n"),
    ]);
    let mut follower = Follower::new(&company);
    let mapping = company.file("visits.toml", VISITS);
    let import = |rows: &str| {
        let file = company.file("visits.csv", &format!("id,who,at\n{rows}"));
        ["import".to_owned(), "--mapping".to_owned(), mapping.clone(), file]
    };
    let first = import("1,li,2026-06-01 10:00\n2,li,2026-06-02 10:00\n");
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let delivered = follower.after(&first);
    assert_eq!(actions(&delivered), [("fact.deliver", "crm")]);
    let after = &delivered[0].3;
    assert_eq!((&after["new"], &after["revised"], &after["sources"]), (&json!(2), &json!(0), &json!(["crm"])));
    let sequences: Vec<Value> = company.facts().iter().map(|fact| fact["sequence"].clone()).collect();
    assert_eq!([&after["first_sequence"], &after["last_sequence"]], [&sequences[0], &sequences[1]]);
    assert!(follower.seen > sequences[1].as_i64().unwrap(), "the entry stands after what it tells of");
    assert!(follower.after(&first).is_empty(), "what was known is no change");

    // One fact corrected, one new by somebody nobody knew: that person is a change of its own, without a name.
    let second = import("1,li,2026-06-01 11:00\n2,li,2026-06-02 10:00\n3,韩梅梅,2026-06-03 10:00\n");
    let second = follower.after(&second.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(second.iter().map(|entry| entry.0.as_str()).collect::<Vec<_>>(), ["person.add", "fact.deliver"]);
    assert_eq!(second[0].3, json!({ "identities_of": ["crm"] }));
    assert_eq!((&second[1].3["new"], &second[1].3["revised"]), (&json!(1), &json!(1)));

    company.install("measure");
    let parameters = company.file("parameters.json", r#"{"kind": "visit", "measure": "count"}"#);
    let set = ["indicator", "set", "visits", "--plugin", "measure", "--parameters", &parameters];
    company.ok(&[&set[..], &["--title-zh", "拜访", "--title-en", "Visits", "--grant"]].concat());
    follower.news();
    assert!(company.ok(&["score"]).contains("computed"));
    assert!(follower.news().is_empty(), "what the host does by itself has receipts");
}

#[test]
fn an_erased_person_leaves_no_name_in_the_audit() {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let people = |name: &str| {
        let rows =
            format!("id,name,department,from,identities\nli,{name},sales,2025-01-01,crm:li.lei; helpdesk:Value 7\n");
        company.ok(&["people", "import", &company.file("people.csv", &rows)]);
    };
    people("李雷");
    people("李蕾");
    company.ok(&["identity", "set", "mail:lei@acme.example", "li"]);
    let absence = ["absence", "add", "li", "--from", "2026-06-05", "--kind", "sick"];
    company.ok(&[&absence[..], &["--reason", "李雷的私事"]].concat());
    company.ok(&["people", "move", "li", "--department", "sales"]);
    company.ok(&["people", "erase", "li"]);
    let erased = entries(&company, &["--what", "person", "--most", "1"]).remove(0);
    let nothing = || Value::Null;
    assert_eq!(told(&erased), ("person.erase".into(), "li".into(), nothing(), nothing()));
    let rows = company.every_row();
    let rows: Vec<&String> = rows.iter().filter(|row| row.starts_with("audit ")).collect();
    assert!(rows.len() >= 7, "{rows:?}");
    for row in rows {
        for name in ["李雷", "李蕾", "li.lei", "Value 7", "lei@acme", "sick", "私事", "王芳"] {
            assert!(!row.contains(name), "{row}");
        }
    }
}

#[test]
fn a_pack_is_noted_step_by_step() {
    let company = super::company("Asia/Shanghai", NOW);
    let folder = company.folder().join("pack");
    std::fs::create_dir_all(folder.join("mappings")).unwrap();
    let title = r#"{ zh-CN = "拜访", en = "Visits" }"#;
    let pack = format!("id = \"visits\"\nversion = \"1.0.0\"\ntitle = {title}\nsummary = {title}\n");
    for (name, text) in [
        ("pack.toml", pack.as_str()),
        ("departments.toml", "[[department]]\nid = \"sales\"\nname = \"销售\"\n"),
        ("mappings/visits.toml", VISITS),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let mut follower = Follower::new(&company);
    let apply = ["apply", folder.to_str().unwrap()];
    company.ok(&[&apply[..], &["--plan"]].concat());
    assert!(follower.news().is_empty());
    let applied = follower.after(&apply);
    assert_eq!(actions(&applied), [("department.add", "sales"), ("mapping.set", "visits"), ("pack.apply", "visits")]);
    assert_eq!((&applied[1].3["bytes"], &applied[2].3["version"]), (&json!(VISITS.len()), &json!("1.0.0")));
    assert!(follower.after(&apply).is_empty());
}

async fn set_goal(host: &Daybreak, target: f64) {
    let company = host.company(None).await.expect("the company");
    let goal = Goal { target: Some(target), ..Goal::default() };
    let from: Day = "2026-06-01".parse().expect("a day");
    host.set_goal(&company, "hours-to-resolve", None, from, None, goal).await.expect("a goal");
}

#[test]
fn entries_say_on_whose_behalf_and_are_read_page_by_page() {
    let place = tickets::company();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let host = host(&place, 0, &HandClock::new(concurrency::NOW)).await;
        let company = host.company(None).await.expect("the company");
        let author = |kind, id: &str, request: Option<&str>| Author {
            kind,
            id: id.to_owned(),
            request: request.map(str::to_owned),
        };
        let person = author(AuthorKind::Person, "li", Some("request-1"));
        let token = author(AuthorKind::Token, "token_1", None);
        set_goal(&host.acting(person.clone()), 1.0).await;
        set_goal(&host.acting(token.clone()), 2.0).await;
        set_goal(&host.acting(person.clone()), 3.0).await;
        set_goal(&host, 4.0).await;

        let all = AuditQuery { most: PAGE_MAX, ..AuditQuery::default() };
        let read = async |query: AuditQuery| host.audit(&company, &query).await.expect("the audit can be read");
        let everything = read(all.clone()).await;
        assert_eq!(everything.earlier, None);
        let newest: Vec<&Author> = everything.records.iter().take(4).map(|record| &record.author).collect();
        assert_eq!(newest, [&Author::command_line(), &person, &token, &person]);

        let own = read(AuditQuery { author: Some("li".into()), ..all.clone() }).await.records;
        assert_eq!(own.len(), 2);
        let by_token = read(AuditQuery { author_kind: Some(AuthorKind::Token), ..all.clone() }).await.records;
        assert_eq!(by_token.iter().map(|record| &record.author).collect::<Vec<_>>(), [&token]);
        let goals = AuditQuery { what: Some("goal".into()), id: Some("hours-to-resolve".into()), ..all.clone() };
        assert!(read(goals.clone()).await.records.iter().all(|record| record.action == "goal.set"));
        // A prefix is a prefix: neither capitals nor the signs of a pattern mean anything else.
        for (action, found) in [("goal.", true), ("goal", true), ("goal.set.x", false), ("GOAL", false), ("%", false)] {
            let query = AuditQuery { action: Some(action.into()), ..all.clone() };
            assert_eq!(!read(query).await.records.is_empty(), found, "{action}");
        }
        assert!(read(AuditQuery { id: Some("nobody".into()), ..all.clone() }).await.records.is_empty());

        // Page by page everything comes once, in the same order.
        let mut paged = Vec::new();
        let mut query = AuditQuery { most: 3, ..AuditQuery::default() };
        loop {
            let page = read(query.clone()).await;
            assert!(page.records.len() <= 3);
            paged.extend(page.records);
            match page.earlier {
                Some(earlier) => query.before_audit = Some(earlier),
                None => break,
            }
        }
        assert_eq!(paged, everything.records);
        assert!(paged.len() > 6 && paged.is_sorted_by(|newer, older| newer.audit > older.audit));
        // No page is longer than a page may be, and none is empty by mistake.
        assert_eq!(read(AuditQuery { most: 0, ..AuditQuery::default() }).await.records.len(), 1);
        read(AuditQuery { most: u32::MAX, ..AuditQuery::default() }).await;
    });
    let said = place.ok(&["audit", "--most", "2"]);
    assert!(said.contains("command-line: goal.set hours-to-resolve"), "{said}");
    assert!(said.contains("person li: goal.set hours-to-resolve") && said.contains("--before "), "{said}");
    assert_eq!(place.ok(&["audit", "--author", "nobody"]), "no changes\n");
}
