//! Tasks and circumstances: what becomes a fact, who answers a crisis, and what a correction leaves.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use daybreak_tests::company::{Said, TestCompany};
use daybreak_tests::data;
use serde_json::Value;

/// Noon of Wednesday 2026-06-10 in Shanghai.
const NOON: &str = "2026-06-10T04:00:00Z";

const PEOPLE: &str = "\
id,name,department,from,identities
li,李雷,sales,2025-01-01,erp:li
wu,Wu,store,2025-01-01,erp:wu
he,He,quality,2025-01-01,erp:he
zhao,Zhao,store,2025-01-01,erp:zhao
qian,Qian,sales,2025-01-01,erp:qian
";

const MAPPING: &str = r#"
source = "erp"
kind = "{kind}"
external_id = "{id}"
capture = "automatic"
who = "{who}"
unknown_people = "create"
document = "{document}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
batch-no = "{batch}"
"#;

/// Two orders with batch B7 and one without, with their shipments, and an inspection of the batch itself.
pub(super) const LOG: &str = "\
id,kind,who,document,at,batch
1,order,li,O-1,2026-05-02 10:00,B7
2,shipment,zhao,O-1,2026-05-03 10:00,
3,shipment,wu,O-1,2026-05-04 10:00,
4,inspection,he,B7,2026-04-03 10:00,
5,order,qian,O-2,2026-05-03 10:00,B8
6,shipment,qian,O-2,2026-05-05 10:00,
";

pub(super) fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOON);
    for department in ["sales", "store", "quality"] {
        company.ok(&["department", "add", department, "--name", department]);
    }
    let people = company.file("people.csv", PEOPLE);
    company.ok(&["people", "import", &people]);
    company.ok(&["people", "leave", "zhao", "--last-day", "2026-05-31"]);
    company
}

pub(super) fn import(company: &TestCompany, log: &str) {
    let mapping = company.file("erp.toml", MAPPING);
    let log = company.file("erp.csv", log);
    company.ok(&["import", "--mapping", &mapping, &log]);
}

fn json(company: &TestCompany, arguments: &[&str]) -> Vec<Value> {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    serde_json::from_str(&company.ok(&arguments)).expect("a list")
}

/// The current facts of the kind, as (actor, role, late).
fn facts(company: &TestCompany, kind: &str) -> Vec<(String, String, Option<String>)> {
    let all = company.facts();
    let newest = |fact: &Value| {
        let revisions = all.iter().filter(|other| other["external_id"] == fact["external_id"]);
        revisions.map(|other| other["revision"].as_u64()).max() == Some(fact["revision"].as_u64())
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    all.iter()
        .filter(|fact| fact["kind"] == kind && fact["withdrawn"] == false && newest(fact))
        .map(|fact| {
            let attributes = &fact["attributes"];
            (text(&fact["actor"]).unwrap(), text(&attributes["role"]).unwrap(), text(&attributes["late"]))
        })
        .collect()
}

fn people_of(circumstance: &Value) -> Vec<(&str, &str, Option<&str>)> {
    let participants = circumstance["participants"].as_array().expect("a list");
    participants
        .iter()
        .map(|participant| {
            let text = |name: &str| participant[name].as_str();
            (text("person").unwrap(), text("from").unwrap(), text("until"))
        })
        .collect()
}

const CALL: [&str; 16] = [
    "task",
    "add",
    "--id",
    "call-back",
    "--title",
    "给李雷回电 call Li back",
    "--initiator",
    "he",
    "--assignee",
    "wu",
    "--assignee",
    "li",
    "--due",
    "2026-06-12",
    "--document",
    "T-17",
];

#[test]
fn the_life_of_a_task_becomes_facts_exactly_once() {
    let mut company = company();
    assert!(company.ok(&CALL).contains("call-back was created"));
    let created = facts(&company, "task.created");
    let role = |person: &str, role: &str, late: Option<&str>| (person.into(), role.into(), late.map(str::to_owned));
    assert_eq!(created, [role("he", "initiator", None), role("li", "assignee", None), role("wu", "assignee", None)]);

    company.set_now("2026-06-11T04:00:00Z");
    assert!(company.ok(&CALL).contains("was there already"));
    assert_eq!(company.facts().len(), 3, "the same command says nothing new");
    let mut other = CALL;
    other[13] = "2026-06-13";
    assert!(company.refused(&other).contains("daybreak task change"), "another due day is another task");

    company.ok(&["task", "done", "call-back", "--by", "wu"]);
    assert!(company.ok(&["task", "done", "call-back", "--by", "wu"]).contains("was done already"));
    let not_late = Some("false");
    let done = facts(&company, "task.done");
    let expected = [("he", "initiator"), ("li", "assignee"), ("wu", "assignee")];
    assert_eq!(done, expected.map(|(person, of)| role(person, of, not_late)));
    let all = company.facts();
    assert_eq!(all.len(), 6);
    for fact in &all {
        assert_eq!((fact["document"].as_str(), fact["value"].as_f64()), (Some("call-back"), Some(1.0)));
        assert_eq!(fact["source"], "daybreak");
        assert_eq!(fact["attributes"]["business_document"], "T-17");
        // The 12th ends in Shanghai at 16:00 UTC.
        assert_eq!(fact["attributes"]["due"], "2026-06-12T16:00:00Z");
        assert!(!fact.to_string().contains("回电"), "titles stay out of facts");
    }
    assert_eq!(all[5]["external_id"], "call-back/done/wu");
    assert_eq!(all[5]["occurred_at"], "2026-06-11T04:00:00Z");
}

#[test]
fn a_task_is_late_after_the_day_on_which_it_was_due() {
    let mut company = company();
    company.ok(&CALL);
    company.ok(&["task", "add", "--id", "whenever", "--title", "No hurry", "--initiator", "he", "--assignee", "he"]);
    company.set_now("2026-06-20T04:00:00Z");
    let late = |company: &TestCompany, person: &str| {
        let done = facts(company, "task.done");
        done.iter().find(|(actor, ..)| actor == person).and_then(|(_, _, late)| late.clone())
    };
    assert!(company.ok(&["task", "list"]).contains("open late"));
    company.ok(&["task", "done", "call-back", "--by", "wu", "--at", "2026-06-12T23:59"]);
    assert_eq!(late(&company, "wu").as_deref(), Some("false"));
    company.ok(&["task", "reopen", "call-back", "--by", "wu"]);
    let said = company.ok(&["task", "done", "call-back", "--by", "wu", "--at", "2026-06-13T00:00"]);
    assert!(said.contains("done late"), "{said}");
    assert_eq!(late(&company, "wu").as_deref(), Some("true"));
    company.ok(&["task", "done", "whenever", "--by", "he"]);
    // He is an assignee of the one task and the initiator of the other, which was late.
    let of_he: BTreeSet<(String, Option<String>)> = facts(&company, "task.done")
        .into_iter()
        .filter(|(actor, ..)| actor == "he")
        .map(|(_, role, late)| (role, late))
        .collect();
    let expected = [("assignee", "false"), ("initiator", "true")];
    assert_eq!(of_he, expected.map(|(role, late)| (role.to_owned(), Some(late.to_owned()))).into());
}

const CRISIS: [&str; 8] = ["task", "crisis", "--document", "B7", "--linked-by", "batch-no", "--initiator", "qian"];

fn crisis(company: &TestCompany, more: &[&str]) -> String {
    company.ok(&[&CRISIS, more].concat())
}

#[test]
fn a_crisis_finds_everybody_who_touched_the_batch_and_has_not_left() {
    let mut company = company();
    import(&company, LOG);
    let before = company.facts();
    let said = company.ok(&["task", "crisis", "--document", "B7", "--initiator", "qian", "--preview"]);
    assert!(said.contains("assign 1 people") && said.contains("He"), "only he has a fact on the batch itself: {said}");
    // Li's order names the batch, so Wu's and Zhao's shipments of it touched the batch too; Zhao has left.
    let said = crisis(&company, &["--preview"]);
    assert!(said.contains("assign 3 people") && said.contains("has left") && !said.contains("qian"), "{said}");
    assert!(crisis(&company, &["--preview", "--kind", "shipment"]).contains("assign 1 people"));
    assert!(crisis(&company, &["--preview", "--during", "2026-04"]).contains("assign 1 people"));
    assert_eq!(company.facts(), before, "a preview changes nothing");
    assert!(json(&company, &["task", "list"]).is_empty() && json(&company, &["circumstance", "list"]).is_empty());

    let said = crisis(&company, &["--id", "recall-b7", "--weight", "2.5", "--due", "2026-06-30"]);
    assert!(said.contains("recall-b7 was created") && said.contains("3 people are assigned"), "{said}");
    let tasks = json(&company, &["task", "list"]);
    assert_eq!(tasks[0]["assignees"], serde_json::json!(["he", "li", "wu"]));
    assert_eq!((&tasks[0]["kind"], &tasks[0]["weight"]), (&"crisis".into(), &2.5.into()));
    let circumstances = json(&company, &["circumstance", "list"]);
    assert_eq!(circumstances.len(), 1);
    let begun = &circumstances[0];
    assert_eq!((&begun["kind"], &begun["caused_by"]), (&"crisis".into(), &"recall-b7".into()));
    assert_eq!((&begun["from"], &begun["until"]), (&"2026-06-10".into(), &Value::Null));
    let whole = |person| (person, "2026-06-10", None);
    assert_eq!(people_of(begun), [whole("he"), whole("li"), whole("wu")], "who only wants it takes no part");

    // The same crisis again, also with what has become known since, changes nothing and says who is missing.
    let known = company.facts();
    import(&company, &format!("{LOG}7,inspection,qian,B7,2026-06-01 10:00,\n"));
    let said = crisis(&company, &[]);
    assert!(said.contains("recall-b7 is open") && said.contains("--assign qian"), "{said}");
    assert_eq!((company.facts().len(), json(&company, &["task", "list"]).len()), (known.len() + 1, 1));

    // Qian joins on the 15th and Wu leaves on the 17th, which is still a day of his; it is done on the 20th.
    company.set_now("2026-06-15T04:00:00Z");
    company.ok(&["task", "change", "recall-b7", "--by", "qian", "--assign", "qian"]);
    company.set_now("2026-06-17T04:00:00Z");
    company.ok(&["task", "change", "recall-b7", "--by", "qian", "--unassign", "wu"]);
    company.set_now("2026-06-20T04:00:00Z");
    company.ok(&["task", "done", "recall-b7", "--by", "qian"]);
    let ended = json(&company, &["circumstance", "list"]);
    assert_eq!((ended.len(), &ended[0]["until"]), (1, &"2026-06-21".into()));
    let participants =
        [whole("he"), whole("li"), ("qian", "2026-06-15", None), ("wu", "2026-06-10", Some("2026-06-18"))];
    assert_eq!(people_of(&ended[0]), participants);
    let done: Vec<String> = facts(&company, "task.done").into_iter().map(|(actor, ..)| actor).collect();
    assert_eq!(done, ["he", "li", "qian"]);
    // When it is over, another one can begin.
    assert!(crisis(&company, &[]).contains("was created"));
}

#[test]
fn a_crisis_follows_corrected_facts() {
    let company = company();
    import(&company, LOG);
    // The order was of another batch after all, and the inspection was Li's.
    let corrected = LOG.replace("10:00,B7", "10:00,B8").replace("inspection,he", "inspection,li");
    import(&company, &corrected);
    let said = crisis(&company, &["--preview"]);
    assert!(said.contains("assign 1 people") && said.contains("li "), "{said}");
}

#[test]
fn a_crisis_that_too_many_would_answer_is_refused() {
    let company = company();
    let mut log = "id,kind,who,document,at,batch\n".to_owned();
    for person in 0..1_001 {
        writeln!(log, "{person},shipment,w{person},B7,2026-05-02 10:00,").unwrap();
    }
    import(&company, &log);
    let errors = company.refused(&CRISIS);
    assert!(errors.contains("1001 people") && errors.contains("--during"), "{errors}");
    assert!(json(&company, &["task", "list", "--state", "all"]).is_empty());
    let said = crisis(&company, &["--kind", "inspection", "--assignee", "he"]);
    assert!(said.contains("1 people are assigned"), "{said}");
}

fn counted(company: &TestCompany) -> Vec<(String, f64)> {
    let scores = company.scores(false);
    let of_month = scores.iter().filter(|score| score["period"] == "2026-06" && score["outcome"] == "computed");
    let mut counted: Vec<(String, f64)> = of_month
        .map(|score| (score["subject"].as_str().unwrap().to_owned(), score["raw"].as_f64().unwrap()))
        .filter(|(_, raw)| *raw > 0.0)
        .collect();
    counted.sort_by(|left, right| left.0.cmp(&right.0));
    counted
}

fn count_tasks(company: &TestCompany, subject: &str) {
    company.install("measure");
    let parameters = company.file("parameters.json", r#"{"kind": "task.done", "measure": "sum", "field": "@value"}"#);
    company.ok(&[
        "indicator",
        "set",
        "tasks",
        "--plugin",
        "measure",
        "--subject",
        subject,
        "--title-zh",
        "完成任务",
        "--title-en",
        "Tasks done",
        "--parameters",
        &parameters,
        "--grant",
    ]);
}

#[test]
fn what_was_done_by_mistake_is_taken_back_and_scores_follow() {
    let mut company = company();
    count_tasks(&company, "employee");
    company.ok(&[&CALL[..], &["--weight", "2"]].concat());
    company.ok(&["task", "done", "call-back", "--by", "he"]);
    company.ok(&["score"]);
    let each = |raw| [("he".to_owned(), raw), ("li".to_owned(), raw), ("wu".to_owned(), raw)];
    assert_eq!(counted(&company), each(2.0));
    company.set_now("2026-06-11T04:00:00Z");
    company.ok(&["task", "reopen", "call-back", "--by", "he"]);
    assert!(company.ok(&["task", "reopen", "call-back", "--by", "he"]).contains("was open already"));
    company.ok(&["score"]);
    assert_eq!(counted(&company), []);
    // Li had nothing to do with it; the day it was done is corrected, too.
    company.ok(&["task", "change", "call-back", "--by", "he", "--unassign", "li", "--weight", "3"]);
    company.ok(&["task", "done", "call-back", "--by", "he", "--at", "2026-06-10T13:00"]);
    company.ok(&["score"]);
    assert_eq!(counted(&company), [("he".to_owned(), 3.0), ("wu".to_owned(), 3.0)]);
    let done: Vec<Value> =
        company.facts().into_iter().filter(|fact| fact["external_id"] == "call-back/done/wu").collect();
    let revisions: Vec<_> = done.iter().map(|fact| (fact["revision"].as_u64(), fact["withdrawn"].as_bool())).collect();
    assert_eq!(revisions, [(Some(0), Some(false)), (Some(1), Some(true)), (Some(2), Some(false))]);
    assert!(company.ok(&["replay"]).contains(" 0 differ"));

    assert!(company.refused(&["task", "cancel", "call-back", "--by", "he"]).contains("daybreak task reopen"));
    company.ok(&["task", "reopen", "call-back", "--by", "he"]);
    company.ok(&["task", "cancel", "call-back", "--by", "he"]);
    assert_eq!(facts(&company, "task.done"), []);
    assert_eq!(facts(&company, "task.cancelled").len(), 2);
}

#[test]
fn a_task_remembers_the_departments_of_its_days_and_scoring_takes_those_of_the_facts() {
    let mut company = company();
    count_tasks(&company, "department");
    company.ok(&["task", "add", "--id", "audit", "--title", "Audit", "--initiator", "he", "--assignee", "li"]);
    // From the 15th on Li is in the store.
    let moved = company.file("moved.csv", "id,name,department,from\nli,李雷,store,2026-06-15\n");
    company.ok(&["people", "import", &moved]);
    company.set_now("2026-06-16T04:00:00Z");
    company.ok(&["task", "done", "audit", "--by", "he"]);
    let departments = |company: &TestCompany| -> Vec<Value> {
        json(company, &["task", "show", "audit"]).iter().map(|revision| revision["departments"]["li"].clone()).collect()
    };
    assert_eq!(departments(&company), ["sales", "store"]);
    company.ok(&["score"]);
    assert_eq!(counted(&company), [("quality".to_owned(), 1.0), ("store".to_owned(), 1.0)]);
    // It comes out later that Li moved only on the 17th: the score follows, what was shown then stays.
    let corrected =
        company.file("moved.csv", "id,name,department,from\nli,李雷,sales,2026-06-15\nli,李雷,store,2026-06-17\n");
    company.ok(&["people", "import", &corrected]);
    company.ok(&["score"]);
    assert_eq!(departments(&company), ["sales", "store"]);
    assert_eq!(counted(&company), [("quality".to_owned(), 1.0), ("sales".to_owned(), 1.0)]);
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

const RUSH: [&str; 14] = [
    "circumstance",
    "add",
    "--id",
    "rush",
    "--participant",
    "li",
    "--participant",
    "wu:2026-06-12..2026-06-14",
    "--measure",
    "hours=12.5",
    "--reason",
    "The hospital waits for its devices",
    "--by",
    "he",
];

#[test]
fn an_urgent_delivery_holds_for_its_people_and_every_revision_stays_known() {
    let company = company();
    count_tasks(&company, "employee");
    company.ok(&["score"]);
    company.ok(&RUSH);
    assert!(company.ok(&RUSH).contains("was recorded already"));
    let marks = "SELECT COUNT(*) FROM mark WHERE cause = 'circumstance'";
    assert_eq!(company.number(marks), 2, "one for each person, however often it was said");
    let first = json(&company, &["circumstance", "list"]).remove(0);
    assert_eq!(people_of(&first), [("li", "2026-06-10", None), ("wu", "2026-06-12", Some("2026-06-14"))]);
    assert_eq!((&first["kind"], &first["cause"]), (&"urgent-delivery".into(), &"person".into()));
    assert_eq!(first["measures"]["hours"], 12.5);
    let said = company.ok(&["score"]);
    assert!(said.starts_with("0 computed"), "circumstances change no indicator: {said}");
    assert_eq!(company.number(marks), 0, "the queue is empty");

    company.ok(&["circumstance", "end", "rush", "--by", "he", "--until", "2026-06-20"]);
    // Wu was gone by then, so only Li's days have changed, from the 20th on.
    let day: i64 = company.number("SELECT day FROM mark WHERE cause = 'circumstance' AND subject = 'li'");
    assert_eq!((company.number(marks), day), (1, 20_624));
    company.ok(&["circumstance", "join", "rush", "--by", "he", "--participant", "qian"]);
    company.ok(&["circumstance", "withdraw", "rush", "--by", "he"]);
    assert!(company.ok(&["circumstance", "withdraw", "rush", "--by", "he"]).contains("was so already"));

    let at = |known_to: &str| json(&company, &["circumstance", "list", "--period", "2026-07", "--known-to", known_to]);
    let revision = first["revision"].as_i64().expect("a number");
    assert_eq!(at(&revision.to_string()), [first], "without an end it reached into July");
    assert!(at(&(revision - 1).to_string()).is_empty());
    let now = company.number("SELECT sequence FROM company").to_string();
    assert!(at(&now).is_empty(), "withdrawn");
    let listed = json(&company, &["circumstance", "list"]).remove(0);
    assert_eq!((&listed["withdrawn"], people_of(&listed).len()), (&true.into(), 3));
}

/// Runs the command in so many processes at once and returns what each of them printed.
fn at_once(company: &TestCompany, processes: usize, arguments: &[&str]) -> Vec<String> {
    let start = |_| {
        let mut command = company.command(arguments);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().expect("the binary can be started")
    };
    let running: Vec<_> = (0..processes).map(start).collect();
    running
        .into_iter()
        .map(|process| {
            let said = Said::of(&process.wait_with_output().expect("the process ends"));
            assert!(said.succeeded, "{}", said.errors);
            said.output
        })
        .collect()
}

#[test]
fn what_several_say_at_once_happens_once() {
    let company = company();
    import(&company, LOG);
    let before = company.facts().len();
    let said = at_once(&company, 4, &CRISIS);
    assert_eq!(said.iter().filter(|said| said.contains("was created")).count(), 1, "{said:?}");
    let tasks = json(&company, &["task", "list", "--state", "all"]);
    assert_eq!((tasks.len(), json(&company, &["circumstance", "list"]).len()), (1, 1));
    let task = tasks[0]["id"].as_str().expect("an id").to_owned();
    let said = at_once(&company, 4, &["task", "done", &task, "--by", "qian"]);
    assert_eq!(said.iter().filter(|said| said.contains("was done already")).count(), 3, "{said:?}");
    // Three who touched it and the one who wanted it: each has one fact of the beginning and one of the end.
    assert_eq!(company.facts().len(), before + 8);
}

#[test]
fn bad_input_says_what_to_do_and_changes_nothing() {
    let company = company();
    import(&company, LOG);
    company.ok(&CALL);
    let before = company.facts();
    let add = |more: &[&str]| {
        let add = ["task", "add", "--title", "T", "--initiator", "he"];
        company.refused(&[&add, more].concat())
    };
    assert!(add(&[]).contains("name at least one person"));
    assert!(add(&["--assignee", "nobody"]).contains("daybreak people import"));
    assert!(add(&["--assignee", "zhao"]).contains("zhao does not belong to the company on 2026-06-10"));
    assert!(add(&["--assignee", "li", "--weight", "0"]).contains("above 0"));
    assert!(add(&["--assignee", "li", "--weight", "NaN"]).contains("above 0"));
    assert!(add(&["--assignee", "li", "--kind", "Very Urgent"]).contains("no kind of task"));
    assert!(add(&["--assignee", "li", "--counts-in", "nothing"]).contains("daybreak indicator set"));
    assert!(add(&["--assignee", "li", "--at", "2026-06-11T09:00"]).contains("in the future"));
    assert!(add(&["--assignee", "li", "--at", "yesterday"]).contains("2026-06-01T09:00"));
    assert!(add(&["--assignee", "li", "--by", "ghost"]).contains("there is no person \"ghost\""));
    assert!(add(&["--assignee", "li", "--title", ""]).contains("cannot be used multiple times"));
    assert!(company.refused(&["task", "done", "nothing", "--by", "he"]).contains("daybreak task list"));
    let early = ["task", "done", "call-back", "--by", "he", "--at", "2026-06-01T09:00"];
    assert!(company.refused(&early).contains("give a later time"));
    let stranger = ["task", "change", "call-back", "--by", "he", "--unassign", "qian"];
    assert!(company.refused(&stranger).contains("daybreak task show call-back"));
    let nobody = ["task", "change", "call-back", "--by", "he", "--unassign", "li", "--unassign", "wu"];
    assert!(company.refused(&nobody).contains("name at least one person"));
    assert!(company.refused(&["task", "list", "--state", "late"]).contains("open, done, cancelled, or all"));
    let unknown = ["task", "crisis", "--document", "B9", "--initiator", "he"];
    assert!(company.refused(&unknown).contains("--linked-by"));
    let gone = ["task", "crisis", "--document", "B7", "--linked-by", "Batch No", "--initiator", "he"];
    assert!(company.refused(&gone).contains("names no field"));

    let circumstance = |more: &[&str]| {
        let add = ["circumstance", "add", "--reason", "R", "--by", "he", "--participant"];
        company.refused(&[&add, more].concat())
    };
    assert!(circumstance(&["li", "--kind", "crisis"]).contains("daybreak task crisis"));
    assert!(circumstance(&["li", "--kind", "absence"]).contains("choose another kind"));
    assert!(circumstance(&["li", "--until", "2026-06-10"]).contains("the day after its last one"));
    assert!(circumstance(&["li", "--participant", "li:2026-06-12"]).contains("takes part twice"));
    assert!(circumstance(&["li", "--measure", "hours=many"]).contains("hours=12"));
    assert!(circumstance(&["li", "--measure", "hours=inf"]).contains("not a finite number"));
    assert!(circumstance(&["nobody"]).contains("daybreak people import"));
    assert!(circumstance(&["li", "--id", "crisis.x"]).contains("daybreak task show x"));
    crisis(&company, &["--id", "recall"]);
    let by_hand = ["circumstance", "end", "crisis.recall", "--by", "he"];
    assert!(company.refused(&by_hand).contains("daybreak task show recall"));
    let second = ["task", "add", "--kind", "crisis", "--title", "T", "--document", "B7", "--initiator", "he"];
    assert!(company.refused(&[&second[..], &["--assignee", "li"]].concat()).contains("open crisis on B7"));

    // Nobody else speaks for the host.
    let mapping = company.file("erp.toml", &MAPPING.replace("\"erp\"", "\"daybreak\""));
    let log = company.file("erp.csv", LOG);
    assert!(company.refused(&["import", "--mapping", &mapping, &log]).contains("the host's own"));
    let created = facts(&company, "task.created").len();
    assert_eq!((company.facts().len(), created), (before.len() + 4, 7), "only the recall was added");
}

#[test]
fn helpdesk_everybody_who_touched_a_product_is_found() {
    let (Some(log), Some(reference)) = (data::file("helpdesk_it/finale.csv"), data::file("helpdesk_it/ref.json"))
    else {
        return;
    };
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
    let answer = &reference["crisis_link_product_Value_1_last_30_days_as_of_2013-06-30T23:59:59"];
    let by_workgroup = answer["people"].as_object().unwrap();
    let expected: BTreeSet<&str> =
        by_workgroup.values().flat_map(|names| names.as_array().unwrap()).map(|name| name.as_str().unwrap()).collect();

    // The whole log is known, but only June 2013 is asked for: the 30 days that end with its last.
    let company = super::company("Etc/UTC", "2014-02-01T12:00:00Z");
    let mapping = company.file("helpdesk.toml", super::datasets::HELPDESK);
    company.ok(&["import", "--mapping", &mapping, log.to_str().unwrap()]);
    company.ok(&["department", "add", "it", "--name", "IT"]);
    let boss = company.file("boss.csv", "id,name,department,from\nboss,Boss,it,2010-01-01\n");
    company.ok(&["people", "import", &boss]);
    let task = ["task", "crisis", "--document", "Value 1", "--linked-by", "product", "--during", "2013-06"];
    let said = company.ok(&[&task[..], &["--initiator", "boss", "--id", "product-1"]].concat());
    println!("{said}");
    let people = company.ok(&["people", "list"]);
    let assigned = json(&company, &["task", "show", "product-1"])[0]["task"]["assignees"].clone();
    let name_of = |id: &str| {
        let line = people.lines().find(|line| line.split_whitespace().next() == Some(id)).unwrap();
        line.split_once("  ").unwrap().1.trim().to_owned()
    };
    let found: BTreeSet<String> = assigned.as_array().unwrap().iter().map(|id| name_of(id.as_str().unwrap())).collect();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    assert_eq!(Some(found.len() as u64), answer["distinct_people"].as_u64());
}
