//! Scorecards, the shares of a month and managers' changes of them over HTTP.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::indicators::{counting, listed, organised, rows_set};

const INDICATORS: [(&str, u32); 4] =
    [("delivery", 350_000), ("quality", 300_000), ("growth", 200_000), ("collaboration", 150_000)];

/// The recall example: 35/30/20/15.
fn scorecard(place: &Value) -> Value {
    let entry =
        |&(indicator, share): &(&str, u32)| json!({ "indicator": indicator, "dimension": "results", "share": share });
    json!({
        "title": { "zh-CN": "考核方案", "en": "Scorecard" },
        "place": place,
        "dimensions": [{ "id": "results", "title": { "zh-CN": "业绩", "en": "Results" } }],
        "indicators": INDICATORS.iter().map(entry).collect::<Vec<_>>(),
    })
}

/// Operations and sales have a scorecard each.
fn with_scorecards(company: &TestCompany) -> (Served, Caller) {
    let served = Served::start(company);
    let admin = served.administrator(company);
    for (indicator, _) in INDICATORS {
        let _ = admin.put(&format!("/indicators/{indicator}"), &counting(indicator)).ok();
    }
    let _ = admin.put("/scorecards/operations", &scorecard(&json!({ "department": "operations" }))).ok();
    let _ = admin.put("/scorecards/sales", &scorecard(&json!({ "department": "sales" }))).ok();
    (served, admin)
}

fn shares(caller: &Caller, person: &str, month: &str) -> Vec<u64> {
    let view = caller.get(&format!("/people/{person}/shares?month={month}")).ok();
    let shares = view["shares"].as_array().unwrap();
    let of = |(indicator, _): &(&str, u32)| shares.iter().find(|share| share["indicator"] == *indicator);
    INDICATORS.iter().filter_map(of).map(|share| share["share"].as_u64().unwrap()).collect()
}

#[test]
fn scorecards_are_set_by_administrators_and_seen_by_those_who_have_them() {
    let company = organised();
    let (served, admin) = with_scorecards(&company);
    let callers: Vec<_> = ["li", "he", "chen"].map(|id| served.person(&company, id, id)).into();
    let [li, he, chen] = callers.as_slice() else { unreachable!() };
    let seen = |caller: &Caller| listed(&caller.get("/scorecards").ok(), "id");
    assert_eq!((seen(li), seen(he)), (vec!["operations".to_owned()], vec!["sales".to_owned()]));
    assert_eq!((seen(chen), seen(&admin)), (vec!["operations".into(), "sales".into()], seen(chen)));
    assert_eq!(li.get("/scorecards/operations").ok()["indicators"][3]["share"], 150_000);
    let (hidden, absent) = (li.get("/scorecards/sales"), li.get("/scorecards/nothing"));
    assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
    for caller in [li, chen] {
        let answer = caller.put("/scorecards/operations", &scorecard(&json!("company")));
        assert_eq!((answer.status, &answer.body), (404, &absent.body));
        assert_eq!(caller.delete("/scorecards/operations").status, 404);
    }

    let before = rows_set(&company);
    let _ = admin.put("/scorecards/operations", &scorecard(&json!({ "department": "operations" }))).ok();
    assert_eq!(rows_set(&company), before, "the same again changes nothing");
    let mut short = scorecard(&json!("company"));
    short["indicators"][0]["share"] = json!(340_000);
    let refused = admin.put("/scorecards/everybody", &short);
    assert!(refused.status == 422 && refused.text.contains("the shares total 99%"), "{}", refused.text);
    let refused = admin.put("/scorecards/everybody", &scorecard(&json!({ "position": "pilot" })));
    assert!(refused.status == 422 && refused.text.contains("there is no position"), "{}", refused.text);

    // Of those whom a scorecard names, everybody sees those in reach; and who is named has no other one.
    let _ = admin.put("/scorecards/two", &scorecard(&json!({ "employees": ["he", "li"] }))).ok();
    assert_eq!(li.get("/scorecards").ok()["items"][0]["place"], json!({ "employees": ["li"] }));
    assert_eq!(seen(he), ["two"]);
    let _ = admin.delete("/scorecards/two?from=2026-07-15").ok();
    let on = |day: &str| listed(&he.get(&format!("/scorecards?on={day}")).ok(), "id");
    assert_eq!((on("2026-07-14"), on("2026-07-15")), (vec!["two".to_owned()], vec!["sales".to_owned()]));
    let after = rows_set(&company);
    assert_eq!(admin.delete("/scorecards/two?from=2026-07-20").status, 204);
    assert_eq!((rows_set(&company), admin.delete("/scorecards/nothing").status), (after, 404));
}

#[test]
fn what_is_signed_for_later_is_told_until_it_is_replaced() {
    let company = organised();
    let (_served, admin) = with_scorecards(&company);
    let set = |from: &str, moved: u32| {
        let mut later = scorecard(&json!({ "department": "operations" }));
        later["from"] = json!(from);
        later["indicators"][0]["share"] = json!(350_000 - moved);
        later["indicators"][1]["share"] = json!(300_000 + moved);
        let _ = admin.put("/scorecards/operations", &later).ok();
    };
    let on = |day: &str| admin.get(&format!("/scorecards/operations?on={day}")).ok();
    set("2027-03-01", 1);
    set("2027-02-01", 2);
    let _ = admin.delete("/scorecards/operations?from=2027-06-01").ok();
    let next = |day: &str| (on(day)["next"]["from"].clone(), on(day)["next"]["ends"].clone());
    // February was signed after March and goes on through it.
    assert_eq!(next("2027-01-31"), (json!("2027-02-01"), json!(false)));
    assert_eq!(next("2027-03-15"), (json!("2027-06-01"), json!(true)));
    assert_eq!(on("2027-03-15")["indicators"][0]["share"], 349_998);
    assert_eq!(admin.get("/scorecards").ok()["items"][0]["next"]["from"], "2027-02-01");
    set("2027-01-01", 3);
    assert_eq!(on("2027-01-01")["next"], Value::Null, "an earlier day replaces what was signed for later");
}

#[test]
fn a_manager_changes_a_share_for_some_days_and_takes_it_back() {
    let company = organised();
    let (served, admin) = with_scorecards(&company);
    let callers: Vec<_> = ["li", "wu", "he", "chen"].map(|id| served.person(&company, id, id)).into();
    let [li, wu, he, chen] = callers.as_slice() else { unreachable!() };
    let signed = vec![350_000, 300_000, 200_000, 150_000];
    assert_eq!(shares(li, "li", "2026-07"), signed);

    let order = json!({
        "target": { "indicator": "collaboration" }, "share": 300_000, "from": "2026-07-01", "until": "2026-08-01",
        "reason": "批次召回",
    });
    let path = "/people/li/reweightings";
    let absent = wu.post("/people/nobody/reweightings", &order);
    for answer in [
        he.post(path, &order),
        li.post(path, &order),
        wu.post("/people/he/reweightings", &order),
        wu.post("/people/wu/reweightings", &order),
        admin.post("/people/nobody/reweightings", &order),
        served.system(&company, &["setup:read"]).post(path, &order),
    ] {
        assert_eq!((answer.status, &answer.body), (404, &absent.body));
    }
    for (field, value, said) in [
        ("reason", json!(" "), "the reason is empty"),
        ("reason", json!("a\u{0}"), "U+0000"),
        ("until", Value::Null, "until"),
        ("until", json!("2026-07-01"), "days"),
        ("share", json!(1_000_001), "100%"),
        ("target", json!({ "indicator": "guess" }), "no such part"),
    ] {
        let mut wrong = order.clone();
        wrong[field] = value;
        let answer = wu.post(path, &wrong);
        assert!(answer.status == 422 && answer.text.contains(said), "{field}: {}", answer.text);
    }

    let ordered = wu.post(path, &order).ok();
    let number = ordered["number"].as_i64().unwrap();
    assert_eq!((&ordered["set_by"], &ordered["revoked"]), (&json!("wu"), &json!(false)));
    assert_eq!(shares(li, "li", "2026-07"), [288_235, 247_059, 164_706, 300_000]);
    assert_eq!(shares(li, "li", "2026-08"), signed, "it reverts by itself");
    // The employee reads who changed what, for how long and why.
    let explained = li.get("/people/li/shares?month=2026-07").ok();
    let change = &explained["intervals"][0]["changes"][0];
    assert_eq!(change["cause"], json!({ "kind": "manager", "reweighting": number, "days": "2026-07" }));
    assert_eq!((&change["reason"]["zh-CN"], &change["share"]), (&json!("批次召回"), &json!(300_000)));
    let scaled = explained["intervals"][0]["shares"].as_array().unwrap().iter();
    assert_eq!(scaled.filter(|share| share["touched"][0]["how"] == "scaled").count(), 3);

    let numbers = |caller: &Caller| caller.get("/reweightings").ok()["items"].as_array().unwrap().len();
    assert_eq!([li, wu, chen, &admin, he].map(numbers), [1, 1, 1, 1, 0]);
    assert_eq!(he.get("/people/li/shares?month=2026-07").status, 404);
    assert_eq!(shares(chen, "li", "2026-07")[3], 300_000);

    // From a day on, then as a whole; each of them once.
    let one = format!("{path}/{number}");
    assert_eq!((li.delete(&one).status, he.delete(&one).status), (404, 404));
    assert_eq!(wu.delete(&format!("/people/wu/reweightings/{number}")).status, 404);
    for _ in 0..2 {
        assert_eq!(chen.delete(&format!("{one}?from=2026-07-16")).status, 204);
    }
    assert_eq!(wu.get("/reweightings?employee=li").ok()["items"][0]["until"], "2026-07-16");
    assert!(wu.delete(&format!("{one}?from=2026-09-01")).status == 422);
    for _ in 0..2 {
        assert_eq!(wu.delete(&one).status, 204);
    }
    assert_eq!(shares(li, "li", "2026-07"), signed);
    assert_eq!(li.get("/reweightings").ok()["items"][0]["revoked"], true);
}

#[test]
fn the_minimum_coverage_holds_from_a_day_on() {
    let company = organised();
    let served = Served::start(&company);
    let (admin, li) = (served.administrator(&company), served.person(&company, "li", "li"));
    let chen = served.person(&company, "chen", "chen");
    let on = |day: &str| chen.get(&format!("/minimum-coverage?on={day}")).ok()["coverage"].clone();
    assert_eq!(on("2026-07-01"), 500_000);
    let _ = admin.put("/minimum-coverage", &json!({ "coverage": 600_000, "from": "2026-07-01" })).ok();
    assert_eq!((on("2026-06-30"), on("2026-07-01")), (json!(500_000), json!(600_000)));
    assert_eq!(admin.put("/minimum-coverage", &json!({ "coverage": 1_000_001 })).status, 422);
    assert_eq!(li.get("/minimum-coverage").status, 404);
    assert_eq!(chen.put("/minimum-coverage", &json!({ "coverage": 1 })).status, 404);
}

#[test]
fn whoever_has_no_scorecard_has_no_shares() {
    let company = organised();
    let served = Served::start(&company);
    let li = served.person(&company, "li", "li");
    let none = li.get("/people/li/shares").ok();
    assert_eq!((&none["month"], &none["scorecard"], &none["shares"]), (&json!("2026-07"), &Value::Null, &json!([])));
    assert_eq!(li.get("/people/li/shares?month=2026-Q3").status, 422);
}
