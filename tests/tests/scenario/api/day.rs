//! What somebody's day begins with: one answer, true at once after whatever changes.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::composites::{facts, june};
use super::scores::until;

fn near(found: &Value, expected: f64) {
    assert!(found.as_f64().is_some_and(|found| (found - expected).abs() < 1e-9), "{found} is not {expected}");
}

fn card<'a>(day: &'a Value, indicator: &str) -> &'a Value {
    let dimensions = day["dimensions"].as_array().unwrap().iter();
    let mut cards = dimensions.flat_map(|dimension| dimension["cards"].as_array().unwrap());
    cards.find(|card| card["indicator"] == indicator).expect("the indicator has a card")
}

#[test]
fn a_day_shows_what_moved_and_what_is_open() {
    let mut company = june();
    company.set_now("2026-06-29T01:00:00Z");
    // All that is wanted in May: 100 points.
    facts(&company, "li", "2026-05-12", &[("delivery", 10), ("quality", 10), ("growth", 10), ("collaboration", 10)]);
    company.ok(&["score"]);
    company.set_now("2026-06-30T01:00:00Z");
    // One more of quality: 0.30 · 10 points more than the 72 of yesterday.
    facts(&company, "li", "2026-06-29", &[("quality", 1)]);
    company.install("plain-words");
    let parameters = company.file("insight.json", "{}");
    let titles = ["--title-zh", "一句话", "--title-en", "In one sentence"];
    let plugin = ["--kind", "insight", "--plugin", "plain-words", "--parameters", &parameters, "--grant"];
    company.ok(&[&["enablement", "set", "sentence"], &titles[..], &plugin[..]].concat());
    company.ok(&["score"]);
    company.ok(&["insights"]);
    let limits = [("limits.requests_per_second", "100000"), ("limits.burst", "100000")];
    let served = Served::start_with(&company, &limits);
    let [li, wu] = ["li", "wu"].map(|person| served.person(&company, person, person));

    let day = li.get("/people/li/day").ok();
    assert_eq!((&day["today"], &day["month"]), (&json!("2026-06-30"), &json!("2026-06")));
    let composite = &day["composite"];
    near(&composite["points"], 75.0);
    near(&composite["since_yesterday"], 3.0);
    near(&composite["since_last_month"], -25.0);
    let dimensions: Vec<(&str, &str)> = day["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["dimension"].as_str().unwrap(), one["title"]["zh-CN"].as_str().unwrap()))
        .collect();
    assert_eq!(dimensions, [("results", "业绩"), ("learning", "成长"), ("teamwork", "协同")]);
    // (0.35 · 80 + 0.30 · 70) / 0.65
    near(&day["dimensions"][0]["points"], (28.0 + 21.0) / 0.65);
    let quality = card(&day, "quality");
    assert_eq!((&quality["share"], &quality["trial"]), (&json!(300_000), &json!(false)));
    near(&quality["score"]["raw"], 7.0);
    near(&quality["score"]["points"], 70.0);
    near(&quality["score"]["target"], 10.0);
    assert_eq!((&quality["score"]["period"], &quality["score"]["stale"]), (&json!("2026-06"), &json!(false)));
    let trend: Vec<(&str, Option<f64>)> = quality["trend"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| (point["month"].as_str().unwrap(), point["raw"].as_f64()))
        .collect();
    assert_eq!(trend, [("2026-05", Some(10.0)), ("2026-06", Some(7.0))]);
    assert!(quality["sentence"]["text"]["en"].as_str().is_some_and(|text| !text.is_empty()), "{quality}");
    assert_eq!(day["tasks"], json!([]));

    // A task is there as soon as it is made, and gone as soon as it is done by somebody else or taken away.
    let open = |caller: &daybreak_tests::served::Caller| {
        let day = caller.get("/people/li/day").ok();
        let tasks = day["tasks"].as_array().unwrap().iter();
        tasks.map(|task| task["id"].as_str().unwrap().to_owned()).collect::<Vec<String>>()
    };
    for id in ["one", "two"] {
        let _ = wu.post("/tasks", &json!({ "id": id, "title": id, "assignees": ["li", "wu"] })).ok();
    }
    assert_eq!(open(&li), ["one", "two"]);
    let _ = wu.post("/tasks/one/completion", &json!({})).ok();
    let _ = wu.post("/tasks/two/changes", &json!({ "unassign": ["li"] })).ok();
    assert_eq!(open(&li), Vec::<String>::new());

    // Whoever may not finish a task is told so.
    let _ = wu.post("/tasks", &json!({ "id": "three", "title": "three", "assignees": ["li"] })).ok();
    let crisis = ["--kind", "crisis", "--title", "Recall", "--initiator", "wu", "--assignee", "li"];
    company.ok(&[&["task", "add", "--id", "recall"], &crisis[..]].concat());
    for (caller, person, recall) in [(&li, "li", false), (&wu, "wu", true)] {
        let day = caller.get(&format!("/people/{person}/day")).ok();
        let tasks = day["tasks"].as_array().unwrap().iter().filter(|task| task["id"] != "two");
        let may: Vec<_> = tasks.map(|task| (task["id"].as_str().unwrap(), &task["may_finish"])).collect();
        assert_eq!(may, [("recall", &json!(recall)), ("three", &json!(true))]);
        let ended = caller.post("/tasks/recall/completion", &json!({}));
        assert_eq!(ended.status, if recall { 200 } else { 404 });
    }
    let _ = li.post("/tasks/three/cancellation", &json!({})).ok();

    // A fact moves the card without anybody asking for it.
    let system = served.system(&company, &["facts:write"]);
    let fact = json!({
        "source": "crm", "external_id": "late", "kind": "quality", "occurred_at": "2026-06-29T08:00:00Z",
        "capture": "automatic", "actor": "li",
    });
    let _ = system.post("/facts", &json!({ "facts": [fact] })).ok();
    let day = until(&li, "/people/li/day", |day| {
        card(day, "quality")["score"]["raw"] == 8.0 && day["composite"]["points"].as_f64() > Some(77.0)
    });
    near(&day["composite"]["since_yesterday"], 6.0);

    // Where the plugin has failed since, the last good score says so.
    let failed = "INSERT INTO fault (company, sequence, indicator, component, period_first, period_end, subject, fault, \
                  occurred_at, kind) SELECT company, 1000000, indicator, 'gone', period_first, period_end, subject, \
                  '{}', 0, 'indicator' FROM score WHERE subject = 'li' AND indicator = 'growth' ORDER BY period_first \
                  DESC, sequence DESC LIMIT 1";
    assert_eq!(company.tamper(failed), 1);
    let day = li.get("/people/li/day").ok();
    let failed = |indicator: &str| {
        let score = &card(&day, indicator)["score"];
        (score["faulted"].clone(), score["stale"].clone())
    };
    assert_eq!(failed("growth"), (json!(true), json!(false)), "nobody computes it anew");
    assert_eq!(failed("quality"), (json!(false), json!(false)));

    // To a colleague it is not there, whether there is such a person or not; to an administrator it is, if there is.
    assert_eq!(wu.get("/people/li/day").body, wu.get("/people/ghost/day").body);
    assert_eq!((wu.get("/people/li/day").status, wu.get("/people/wu/day").status), (404, 200));
    let administrator = served.administrator(&company);
    assert_eq!(administrator.get("/people/li/day").ok()["person"], "li");
    assert_eq!(administrator.get("/people/ghost/day").problem(), "not-found");
}

/// Held ready or not: a name that is taken out of what others wrote is shown by no day any more.
#[test]
fn a_day_shows_no_name_of_whoever_was_erased() {
    let company = june();
    let served = Served::start(&company);
    let li = served.person(&company, "li", "li");
    let administrator = served.administrator(&company);
    let _ = li.post("/tasks", &json!({ "id": "visit", "title": "Visit 吴敏", "assignees": ["li"] })).ok();
    let titles = |day: &Value| {
        let tasks = day["tasks"].as_array().unwrap().iter();
        tasks.map(|task| task["title"].as_str().unwrap().to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(titles(&li.get("/people/li/day").ok()), ["Visit 吴敏"]);
    assert_eq!(administrator.send(reqwest::Method::POST, "/people/wu/erasure", None).status, 204);
    assert_eq!(titles(&li.get("/people/li/day").ok()), ["Visit *"]);
}
