//! Imports over HTTP: looked at first, then imported by a job; lists at once.

use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW};
use super::jobs::{PATIENT, ended};
use daybreak_tests::company::TestCompany;

pub(super) const PACK: &str = "id = \"helpdesk\"\nversion = \"1\"\ntitle = { zh-CN = \"工单\", en = \"Tickets\" }\n\
                               summary = { zh-CN = \"工单映射\", en = \"Mappings of tickets\" }\n";

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A company that keeps the mapping of the ticket log as `tickets`.
fn company_with_mapping() -> TestCompany {
    let company = company("Asia/Shanghai", NOW);
    let pack = company.folder().join("pack");
    std::fs::create_dir_all(pack.join("mappings")).unwrap();
    std::fs::write(pack.join("pack.toml"), PACK).unwrap();
    std::fs::write(pack.join("mappings/tickets.toml"), MAPPING).unwrap();
    company.ok(&["apply", pack.to_str().unwrap()]);
    company
}

fn send(caller: &Caller, path: &str, text: &str) -> Answer {
    caller.send_bytes(Method::POST, path, Some(("text/csv; charset=utf-8", text.as_bytes().to_vec())))
}

#[test]
fn a_file_is_looked_at_and_then_imported_once() {
    let company = company_with_mapping();
    let served = Served::start_with(&company, &PATIENT);
    let administrator = served.administrator(&company);
    let before = company.every_row().len();
    let preview = send(&administrator, "/imports/preview?mapping=tickets", LOG).ok();
    assert_eq!(preview["columns"], json!(["ticket", "activity", "who", "at", "customer"]));
    assert_eq!((&preview["rows"], &preview["bad_rows"], &preview["new_people"]), (&json!(11), &json!(0), &json!(2)));
    let first = &preview["first"][0];
    assert_eq!(
        (&first["line"], &first["cells"][3], &first["who"]),
        (&json!(2), &json!("2026-06-01 09:00"), &json!("chen"))
    );
    assert_eq!(first["fact"]["occurred_at"], "2026-06-01T01:00:00Z");
    assert_eq!(first["fact"]["fields"], json!({ "activity": "open" }));
    assert_eq!(company.every_row().len(), before, "a preview changes nothing");

    let job = send(&administrator, "/imports?mapping=tickets", LOG).ok();
    let done = ended(&administrator, &job);
    let result = &done["result"];
    assert_eq!((&done["state"], &result["new"], &result["people_created"]), (&json!("done"), &json!(11), &json!(2)));
    assert_eq!(company.facts().len(), 11);
    // The person who sent it stands in the audit.
    let audit = company.ok(&["audit", "--format", "json", "--action", "fact.deliver"]);
    let audit: Value = serde_json::from_str(&audit).unwrap();
    assert_eq!((&audit[0]["author_kind"], &audit[0]["author"]), (&json!("person"), &done["author"]));

    // As a workbook it is the same, and nothing is new.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in LOG.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write_string(row as u32, column as u16, cell).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let job = administrator.send_bytes(Method::POST, "/imports?mapping=tickets", Some((WORKBOOK, bytes))).ok();
    let done = ended(&administrator, &job);
    assert_eq!((&done["result"]["new"], &done["result"]["known"]), (&json!(0), &json!(11)), "{done}");
}

#[test]
fn bad_rows_are_named_and_keep_the_file_out_unless_the_others_are_wanted() {
    let company = company_with_mapping();
    let served = Served::start_with(&company, &PATIENT);
    let administrator = served.administrator(&company);
    let bad = LOG.replace("2026-06-02 19:00", "tomorrow");
    let preview = send(&administrator, "/imports/preview?mapping=tickets", &bad).ok();
    let flaw = json!({ "line": 5, "row": 4, "column": "at" });
    for (name, value) in flaw.as_object().unwrap() {
        assert_eq!(preview["errors"][0][name], *value, "{preview}");
    }
    assert!(preview["first"][3]["fact"].is_null() && preview["first"][3]["problem"]["column"] == "at");
    let job = ended(&administrator, &send(&administrator, "/imports?mapping=tickets", &bad).ok());
    assert_eq!((&job["state"], &job["result"]["errors"][0]["line"]), (&json!("failed"), &json!(5)), "{job}");
    assert_eq!(company.facts().len(), 0);
    let job = send(&administrator, "/imports?mapping=tickets&skip_bad_rows=true", &bad).ok();
    let job = ended(&administrator, &job);
    assert_eq!((&job["result"]["new"], &job["result"]["bad_rows"]), (&json!(10), &json!(1)), "{job}");

    let unknown = send(&administrator, "/imports?mapping=nothing", LOG);
    assert!(unknown.status == 422 && unknown.text.contains("nothing"), "{}", unknown.text);
    let header = send(&administrator, "/imports/preview?mapping=tickets", "a,b\n1,2\n");
    assert!(header.status == 422 && header.text.contains("ticket"), "{}", header.text);
    let delimiter = send(&administrator, "/imports/preview?mapping=tickets&delimiter=%E3%80%81", LOG);
    assert_eq!(delimiter.status, 422, "{}", delimiter.text);
    let semicolons =
        send(&administrator, "/imports/preview?mapping=tickets&delimiter=%3B", &LOG.replace(',', ";")).ok();
    assert_eq!(semicolons["rows"], 11);
    let json = administrator.post("/imports?mapping=tickets", &json!({}));
    assert_eq!((json.status, json.problem()), (415, "media-type"));
    assert_eq!(send(&administrator, "/imports", LOG).problem(), "malformed");
    let left: Vec<_> = std::fs::read_dir(company.folder().join("data/imports")).unwrap().collect();
    assert_eq!(left.len(), 1, "only the folder's id is left: {left:?}");
}

#[test]
fn a_file_may_be_longer_than_other_bodies_but_not_longer_than_its_own_limit() {
    let company = company_with_mapping();
    let limits = [("limits.body_bytes", "1 KiB"), ("limits.import_bytes", "4 KiB")];
    let served = Served::start_with(&company, &[&PATIENT[..], &limits].concat());
    let administrator = served.administrator(&company);
    let row = "T1,open,chen,2026-06-01 09:00,H1\n";
    let file = |bytes: usize| format!("ticket,activity,who,at,customer\n{}", row.repeat(bytes / row.len()));
    assert_eq!(send(&administrator, "/imports/preview?mapping=tickets", &file(3_500)).status, 200);
    let long = send(&administrator, "/imports/preview?mapping=tickets", &file(5_000));
    assert_eq!((long.status, long.problem()), (413, "too-large"));
    assert!(long.text.contains("limits.import_bytes"), "{}", long.text);
    let list = send(&administrator, "/imports/lists/people", &format!("id,name\n{}", "li,Li\n".repeat(1_000)));
    assert_eq!(list.status, 413);
}

#[test]
fn lists_are_taken_as_a_whole_at_once() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &PATIENT);
    let hr = served.system(&company, &["organisation:write"]);
    let crm = served.system(&company, &["customers:write"]);
    let lists = [
        (&hr, "lists/departments", "id,name,from\nsales,销售,2025-01-01\n"),
        (&hr, "lists/positions", "id,title-zh,title-en\nrep,销售代表,Sales rep\n"),
        (
            &hr,
            "lists/people",
            "id,name,department,position,from\nli,Li,sales,rep,2025-01-01\nwu,Wu,sales,,2025-01-01\n",
        ),
        (&hr, "lists/identities", "identity,person\ncrm:lei,li\n"),
        (&hr, "lists/absences", "person,from,until,kind\nwu,2026-06-01,2026-06-05,leave\n"),
        (&crm, "customer-lists/customers", "id,name\nh1,Hospital 1\n"),
        (&crm, "customer-lists/owners", "customer,owner,from\nh1,li,2025-01-01\n"),
        (&crm, "customer-lists/contacts", "id,customer,name,title\nc1,h1,Dr Wang,director\n"),
    ];
    for (caller, path, text) in &lists {
        let changed = send(caller, &format!("/imports/{path}"), text).ok();
        assert!(changed["appended"].as_u64().unwrap() > 0, "{path}: {changed}");
        // What is known already changes nothing.
        let again = send(caller, &format!("/imports/{path}"), text).ok();
        assert_eq!((&again["appended"], &again["rows"]), (&json!(0), &changed["rows"]), "{path}");
    }
    assert!(company.ok(&["people", "list"]).contains("Wu"));
    let people = "id,name,department\nhe,He,sales\nzhao,Zhao,nowhere\n,Nobody,sales\n";
    let refused = send(&hr, "/imports/lists/people", people);
    let places: Vec<(&Value, &Value)> =
        refused.body["errors"].as_array().unwrap().iter().map(|flaw| (&flaw["place"], &flaw["field"])).collect();
    assert_eq!(refused.status, 422);
    assert_eq!(places, [(&json!(3), &json!("department")), (&json!(4), &json!("id"))], "{}", refused.text);
    assert!(!company.ok(&["people", "list"]).contains("He"), "nothing of it was taken");

    // A scope is for its own lists.
    for (caller, path) in [(&hr, "customer-lists/customers"), (&crm, "lists/people"), (&hr, "lists/planets")] {
        assert_eq!(send(caller, &format!("/imports/{path}"), "id,name\nx,X\n").status, 404, "{path}");
    }
}
