//! Insights over HTTP: kept sentences with their charts, said again, and asked for.

use daybreak_tests::served::Served;
use serde_json::json;

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};

#[test]
fn a_sentence_is_asked_for_kept_and_said_again() {
    let company = company("Asia/Shanghai", NOW);
    let people = "id,name,manager,identities\nhan,韩梅,,\nchen,陈,han,helpdesk:chen\nzhao,赵,,helpdesk:zhao\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company.install("plain-words");
    let parameters = company.file("insight.json", "{}");
    let titles = ["--title-zh", "一句话", "--title-en", "In one sentence"];
    let plugin = ["--kind", "insight", "--plugin", "plain-words", "--parameters", &parameters, "--grant"];
    company.ok(&[&["enablement", "set", "sentence"], &titles[..], &plugin[..]].concat());
    company.ok(&["score"]);
    let served = Served::start(&company);
    let [han, chen, zhao] = ["han", "chen", "zhao"].map(|person| served.person(&company, person, person));

    let of_chen = json!({ "indicator": "hours-to-resolve", "subject": "chen" });
    assert_eq!(zhao.post("/insights", &of_chen).problem(), "not-found");
    let ghost = json!({ "indicator": "hours-to-resolve", "subject": "ghost" });
    assert_eq!(zhao.post("/insights", &ghost).body, zhao.post("/insights", &of_chen).body);
    let told = chen.post("/insights", &of_chen).ok();
    assert!(told["sentence"]["text"]["en"].as_str().is_some_and(|text| !text.is_empty()), "{told}");
    assert!(told["chart"]["series"][0]["points"].as_array().is_some_and(|points| !points.is_empty()), "{told}");
    // What was kept says the same; asked again, it is nothing new.
    assert_eq!(han.post("/insights", &of_chen).ok()["kept"], false);
    let page = han.get("/insights?indicator=hours-to-resolve&subject=chen&month=2026-07").ok();
    let insight = page["items"][0].clone();
    assert_eq!((&insight["sentence"], &insight["chart"]), (&told["sentence"], &told["chart"]));
    let number = insight["sequence"].as_i64().unwrap();
    assert_eq!(chen.get(&format!("/insights/{number}")).ok(), insight);
    let replay = chen.post(&format!("/insights/{number}/replay"), &json!({})).ok();
    assert_eq!((&replay["equal"], &replay["differences"]), (&json!(true), &json!([])));

    // To a colleague it is not there.
    assert_eq!(zhao.get("/insights?subject=chen").ok()["items"], json!([]));
    assert_eq!(zhao.get(&format!("/insights/{number}")).body, zhao.get("/insights/999999").body);
    assert_eq!(zhao.post(&format!("/insights/{number}/replay"), &json!({})).problem(), "not-found");
    assert_eq!(chen.get("/insights?month=2026-Q2").problem(), "malformed");

    assert!(company.tamper("UPDATE sentence SET chart = REPLACE(chart, '\"value\":', '\"value\": ')") > 0);
    let blank = chen.post(&format!("/insights/{number}/replay"), &json!({})).ok();
    assert_eq!(blank["equal"], true, "spaces between are nothing that was said");
    assert!(company.tamper("UPDATE sentence SET scores = '[]'") > 0);
    let replay = chen.post(&format!("/insights/{number}/replay"), &json!({})).ok();
    assert_eq!(replay["equal"], false);
}
