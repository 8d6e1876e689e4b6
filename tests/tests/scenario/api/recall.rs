//! A recall in the demonstration company, from its first minute to the month after.

use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::demonstration::{self, NOW};

/// The clock is set back for the crisis; nothing may be scored meanwhile as it was then.
const IDLE: &[(&str, &str)] = &[("workers.scorers", "0")];

const MILLION: u64 = 1_000_000;

/// The month of the recall, and the one after it.
const MONTHS: [&str; 2] = ["2026-06", "2026-07"];

fn composite(caller: &Caller, person: &str, month: &str) -> Value {
    caller.get(&format!("/composites?employee={person}&period={month}")).ok()["items"][0].clone()
}

/// An indicator's share before and after all changes, in millionths.
fn shares(composite: &Value) -> Vec<(String, u64, u64)> {
    let shares = composite["shares"]["shares"].as_array().unwrap();
    let of = |share: &Value, name: &str| share[name].as_u64().unwrap();
    let share =
        |share: &Value| (share["indicator"].as_str().unwrap().to_owned(), of(share, "signed"), of(share, "share"));
    shares.iter().map(share).collect()
}

#[test]
fn a_recall_finds_everybody_who_touched_the_batch_and_changes_their_month_only() {
    let (mut company, written) = demonstration::company(60);
    let recall = &written.recall;
    let touched: Vec<&str> = recall.touched.iter().map(String::as_str).collect();
    assert!(touched.len() >= 5, "{touched:?}");
    company.ok(&["score"]);

    // On the day of the recall, the head of quality begins the crisis.
    company.set_now(&recall.began.instant());
    let served = Served::start_with(&company, IDLE);
    let quality = served.person(&company, &recall.initiator, "quality");
    let administrator = served.administrator(&company);
    let before: Vec<Value> = touched.iter().map(|person| composite(&administrator, person, MONTHS[0])).collect();
    let search = json!({ "document": recall.batch, "linked_by": "batch" });
    let plan = quality.post("/crises/plan", &search).ok();
    let found: Vec<&str> =
        plan["people"].as_array().unwrap().iter().map(|found| found["person"].as_str().unwrap()).collect();
    assert_eq!(found, touched, "exactly those who touched it");
    let draft = json!({ "search": search, "id": "recall", "title": "召回" });
    assert_eq!(quality.post("/crises", &draft).ok()["task"]["assignees"], json!(touched));
    served.stop();

    // A week later it is over.
    company.set_now(&recall.ended.instant());
    let served = Served::start_with(&company, IDLE);
    let quality = served.person(&company, &recall.initiator, "quality");
    assert_eq!(quality.post("/tasks/recall/completion", &json!({})).ok()["task"]["state"], "done");
    served.stop();

    company.set_now(NOW);
    company.ok(&["score"]);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let mut moved = 0;
    for (person, before) in touched.iter().zip(before) {
        let after = composite(&administrator, person, MONTHS[0]);
        if after.is_null() {
            // Nothing of theirs was scored in that month.
            assert!(before.is_null(), "{person}");
            continue;
        }
        let read = administrator.get(&format!("/composites/{}", after["sequence"])).ok();
        let shares = shares(&read);
        assert_eq!(shares.iter().map(|(.., share)| share).sum::<u64>(), MILLION);
        for (indicator, signed, share) in shares {
            if indicator == "collaboration" {
                assert_eq!((signed, share), (150_000, 300_000), "{person}");
            } else {
                // The others make room in proportion: 70 of what were 85 parts.
                assert!(share.abs_diff(signed * 70 / 85) <= 1, "{person} {indicator}: {signed} became {share}");
            }
        }
        let interval = &read["shares"]["intervals"][0];
        let cause = &interval["adjustments"][0]["cause"];
        assert_eq!(cause["policy"], "crisis", "{interval}");
        assert_eq!(read["receipt"]["policy_calls"].as_array().unwrap().len(), 1, "{read}");
        // The mean is made of the scores as before, weighed anew.
        moved += usize::from(after["points"] != before["points"]);
        let replay = administrator.post(&format!("/composites/{}/replay", after["sequence"]), &json!({})).ok();
        assert_eq!(replay, json!({ "equal": true, "differences": [] }));
        let next = composite(&administrator, person, MONTHS[1]);
        if let Some(number) = next["sequence"].as_i64() {
            let read = administrator.get(&format!("/composites/{number}")).ok();
            let share = self::shares(&read).into_iter().find(|(indicator, ..)| indicator == "collaboration");
            assert_eq!(share, Some(("collaboration".to_owned(), 150_000, 150_000)), "{person} is back");
        }
    }
    assert!(moved * 2 > touched.len(), "{moved} of {} composites moved", touched.len());
    // Whoever did not touch it keeps the composite there was.
    let other = &written.roles.hr_partner;
    assert!(!recall.touched.contains(other));
    let read = composite(&administrator, other, MONTHS[0]);
    let read = administrator.get(&format!("/composites/{}", read["sequence"])).ok();
    assert!(shares(&read).iter().all(|(_, signed, share)| signed == share), "{read}");
}
