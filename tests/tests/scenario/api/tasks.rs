//! Tasks over HTTP: who may make, see, change and end them.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::company;

/// Noon of 2026-06-10 in Shanghai.
const NOON: &str = "2026-06-10T04:00:00Z";

/// Han leads Chen; Zhao and Wu are colleagues of nobody.
fn people() -> TestCompany {
    let company = company("Asia/Shanghai", NOON);
    let people =
        "id,name,from,manager\nhan,韩梅,2026-01-01,\nchen,陈,2026-01-01,han\nzhao,赵,2026-01-01,\nwu,吴,2026-01-01,\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap()).collect()
}

/// Every page of a list, one item at a time.
fn walk(caller: &Caller, path: &str) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("{path}&limit=1{after}")).ok();
        found.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

#[test]
fn a_task_is_seen_and_ended_by_whom_it_concerns() {
    let company = people();
    let served = Served::start(&company);
    let [han, chen, zhao, wu] = ["han", "chen", "zhao", "wu"].map(|person| served.person(&company, person, person));

    // Chen asks somebody of another department for something; asking twice makes one task.
    let draft =
        json!({ "id": "visit", "title": "拜访 H1", "assignees": ["zhao"], "due": "2026-06-12", "document": "D-1" });
    let created = chen.post("/tasks", &draft).ok();
    assert_eq!((&created["changed"], &created["task"]["initiator"]), (&json!(true), &json!("chen")));
    assert_eq!(chen.post("/tasks", &draft).ok()["changed"], false);
    let other = json!({ "id": "visit", "title": "Something else", "assignees": ["zhao"] });
    assert_eq!(chen.post("/tasks", &other).problem(), "conflict");

    // Both see it, and so does who leads one of them. To Wu it is not there.
    for caller in [&chen, &zhao, &han] {
        assert_eq!(caller.get("/tasks/visit").ok()["task"], created["task"]);
        assert_eq!(ids(&caller.get("/tasks").ok()), ["visit"]);
    }
    let absent = wu.get("/tasks/nothing");
    assert_eq!((wu.get("/tasks/visit").status, &wu.get("/tasks/visit").body), (404, &absent.body));
    assert_eq!(wu.get("/tasks").ok()["items"], json!([]));
    assert_eq!(wu.get("/tasks?person=zhao").ok()["items"], json!([]));
    for path in ["changes", "completion", "cancellation", "reopening"] {
        assert_eq!(wu.post(&format!("/tasks/visit/{path}"), &json!({})).problem(), "not-found", "{path}");
    }

    // Zhao asks Wu in, and does it.
    let changed =
        zhao.post("/tasks/visit/changes", &json!({ "assign": ["wu"], "without_due": true, "weight": 2.0 })).ok();
    assert_eq!(changed["task"]["assignees"], json!(["wu", "zhao"]));
    assert_eq!((&changed["task"]["due"], &changed["task"]["weight"]), (&Value::Null, &json!(2.0)));
    let refused = zhao.post("/tasks/visit/changes", &json!({ "due": "2026-06-30", "without_due": true }));
    assert_eq!((refused.status, refused.problem()), (422, "refused"));
    // When it was done decides whether it was late: that is not for those who do it to say.
    let earlier = json!({ "at": "2026-06-10T03:59:00Z" });
    assert_eq!(wu.post("/tasks/visit/completion", &earlier).problem(), "refused");
    let done = wu.post("/tasks/visit/completion", &json!({})).ok();
    assert_eq!((&done["task"]["state"], &done["changed"]), (&json!("done"), &json!(true)));
    assert_eq!(zhao.post("/tasks/visit/completion", &json!({})).ok()["changed"], false);
    assert_eq!(zhao.post("/tasks/visit/cancellation", &json!({})).problem(), "conflict");
    // One fact for each participant.
    assert_eq!(company.facts().iter().filter(|fact| fact["kind"] == "task.done").count(), 3);
    let history = han.get("/tasks/visit").ok();
    let events: Vec<(&str, &str)> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|revision| (revision["event"].as_str().unwrap(), revision["recorded_by"].as_str().unwrap()))
        .collect();
    assert_eq!(events, [("created", "chen"), ("changed", "zhao"), ("done", "wu")]);

    // By mistake: open again. Han, who leads Chen, may say when it was.
    assert_eq!(chen.post("/tasks/visit/reopening", &json!({})).ok()["task"]["state"], "open");
    let cancelled = han.post("/tasks/visit/cancellation", &json!({ "at": NOON })).ok();
    assert_eq!(cancelled["task"]["ended_at"], NOON);
}

#[test]
fn lists_of_tasks_are_walked_by_day_and_filtered() {
    let company = people();
    let served = Served::start(&company);
    let [han, chen, zhao] = ["han", "chen", "zhao"].map(|person| served.person(&company, person, person));
    for (id, who, due) in [
        ("c", "zhao", json!(null)),
        ("b", "chen", json!("2026-06-20")),
        ("a", "zhao", json!("2026-06-11")),
        ("d", "chen", json!(null)),
    ] {
        let mut draft = json!({ "id": id, "title": id, "assignees": [who], "kind": "urgent" });
        if !due.is_null() {
            draft["due"] = due;
        }
        let _ = chen.post("/tasks", &draft).ok();
    }
    // Those that are due first; of two that were made at the same moment, by id.
    assert_eq!(walk(&chen, "/tasks?state=open"), ["a", "b", "c", "d"]);
    assert_eq!(walk(&chen, "/tasks?role=assignee"), ["b", "d"]);
    assert_eq!(walk(&chen, "/tasks?role=initiator"), ["a", "b", "c", "d"]);
    assert_eq!(walk(&zhao, "/tasks?kind=urgent"), ["a", "c"]);
    assert_eq!(walk(&han, "/tasks?person=zhao"), ["a", "c"]);
    assert_eq!(walk(&han, "/tasks?due_before=2026-06-20"), ["a"]);
    assert_eq!(walk(&han, "/tasks?state=done"), Vec::<String>::new());
    assert_eq!(han.get("/tasks?after=nonsense").problem(), "malformed");
    assert_eq!(han.get("/tasks?limit=0").problem(), "malformed");
}

#[test]
fn what_cannot_be_a_task_is_refused_and_systems_name_who_wants_it() {
    let company = people();
    let served = Served::start(&company);
    let chen = served.person(&company, "chen", "chen");
    let refused = |draft: Value| {
        let answer = chen.post("/tasks", &draft);
        assert_eq!((answer.status, answer.problem()), (422, "refused"), "{draft}");
        answer.body["detail"].as_str().unwrap().to_owned()
    };
    assert!(refused(json!({ "title": "Recall", "assignees": ["zhao"], "kind": "crisis" })).contains("/crises"));
    assert!(refused(json!({ "title": "Who?", "assignees": ["ghost"] })).contains("ghost"));
    assert!(refused(json!({ "title": "Nobody", "assignees": [] })).contains("nobody is assigned"));
    assert!(refused(json!({ "title": "For Zhao", "assignees": ["chen"], "initiator": "zhao" })).contains("initiator"));
    assert!(refused(json!({ "title": "", "assignees": ["zhao"] })).contains("title"));
    assert!(refused(json!({ "title": "x", "assignees": ["zhao"], "weight": 0.0 })).contains("above 0"));
    assert!(refused(json!({ "title": "x", "assignees": ["zhao"], "nonsense": 1 })).contains("nonsense"));

    let system = served.system(&company, &["tasks:write", "tasks:read"]);
    let draft =
        json!({ "id": "ticket-7", "title": "Answer ticket 7", "assignees": ["zhao"], "at": "2026-06-09T04:00:00Z" });
    assert_eq!(system.post("/tasks", &draft).problem(), "refused");
    let mut named = draft.clone();
    named["initiator"] = json!("han");
    let created = system.post("/tasks", &named).ok();
    assert_eq!(created["task"]["created_at"], "2026-06-09T04:00:00Z");
    let history = system.get("/tasks/ticket-7").ok();
    assert!(history["history"][0]["recorded_by"].as_str().unwrap().starts_with("token"), "{history}");
    // A token without the scope finds nothing.
    assert_eq!(served.system(&company, &["scores:read"]).get("/tasks").status, 404);
}
