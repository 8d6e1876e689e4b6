//! Composites over HTTP: with everything they are made of, and computed again.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::composites::{enable_crisis_response, june};

#[test]
fn a_composite_is_read_with_its_receipt_and_replays() {
    let company = june();
    enable_crisis_response(&company);
    // Collaboration goes from 15 % to 30 % for Li's June.
    company.ok(&[
        "task",
        "add",
        "--id",
        "recall",
        "--title",
        "召回",
        "--kind",
        "crisis",
        "--initiator",
        "he",
        "--assignee",
        "li",
        "--at",
        "2026-06-20T09:00",
    ]);
    company.ok(&["score"]);
    let served = Served::start(&company);
    let [li, wu] = ["li", "wu"].map(|person| served.person(&company, person, person));
    let page = li.get("/composites?period=2026-06").ok();
    let composite = &page["items"][0];
    assert_eq!((page["items"].as_array().unwrap().len(), &composite["employee"]), (1, &json!("li")));
    let number = composite["sequence"].as_i64().unwrap();

    let read = li.get(&format!("/composites/{number}")).ok();
    assert_eq!(read["composite"], *composite);
    let shares: Vec<(&str, u64, u64)> = read["shares"]["shares"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| {
            let number = |name: &str| share[name].as_u64().unwrap();
            (share["indicator"].as_str().unwrap(), number("signed"), number("share"))
        })
        .collect();
    // 0.70 / 0.85 of what the others had, largest remainder.
    let expected = [
        ("collaboration", 150_000, 300_000),
        ("delivery", 350_000, 288_235),
        ("growth", 200_000, 164_706),
        ("quality", 300_000, 247_059),
    ];
    assert_eq!(shares, expected);
    assert_eq!(read["shares"]["intervals"][0]["adjustments"][0]["cause"]["policy"], "crisis");
    let receipt = &read["receipt"];
    assert_eq!(receipt["scorecard"], "operations");
    assert_eq!(receipt["policy_calls"].as_array().unwrap().len(), 1);
    let weighed: Vec<&Value> = receipt["shares"].as_array().unwrap().iter().map(|share| &share["score"]).collect();
    assert!(weighed.len() == 4 && weighed.iter().all(|score| score.is_i64()), "{receipt}");
    let dimensions = composite["dimensions"].as_array().unwrap();
    assert_eq!(dimensions.iter().map(|one| one["share"].as_u64().unwrap()).sum::<u64>(), 1_000_000);

    let replay = li.post(&format!("/composites/{number}/replay"), &json!({})).ok();
    assert_eq!(replay, json!({ "equal": true, "differences": [] }));
    // A quarter names its months, and what is missing in it.
    let quarter = li.get("/composites?period=2026-Q2").ok()["items"][0].clone();
    assert_eq!(quarter["missing_months"].as_array().unwrap().len(), 2);
    let quarter = li.get(&format!("/composites/{}", quarter["sequence"])).ok();
    assert_eq!(
        quarter["receipt"]["months"][2]["composite"].as_i64().or(quarter["receipt"]["months"][0]["composite"].as_i64()),
        Some(number)
    );

    // To a colleague it is not there.
    assert_eq!(wu.get("/composites?employee=li").ok()["items"], json!([]));
    for path in ["", "/replay"] {
        let ask = |number: i64| {
            let path = format!("/composites/{number}{path}");
            if path.ends_with("replay") { wu.post(&path, &json!({})) } else { wu.get(&path) }
        };
        let (hidden, absent) = (ask(number), ask(999_999));
        assert_eq!((hidden.status, hidden.body), (404, absent.body));
    }

    // Whoever changes what it rests on is found out: here what the policy answered.
    assert!(company.tamper("UPDATE composite SET coverage = 1 WHERE employee = 'li'") > 0);
    let replay = li.post(&format!("/composites/{number}/replay"), &json!({})).ok();
    assert_eq!(replay["equal"], false);
    assert!(replay["differences"][0].as_str().unwrap().contains("composite was changed"), "{replay}");
}
