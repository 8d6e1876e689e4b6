//! "This is wrong": a question keeps its number, reaches whoever answers for it, and shows what a correction changed.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Answer, Caller, Served};
use serde_json::{Value, json};

use super::super::company;
use super::super::composites::june;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};
use super::events::{Stream, late};
use super::scores::until;

/// Han leads Chen, Gao leads Zhao, each department has its HR partner; Wu works beside Chen.
fn house() -> TestCompany {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let people = "id,name,department,manager,from,identities\n\
        han,韩梅,service,,2020-01-01,\nchen,陈晨,service,han,2020-01-01,helpdesk:chen\n\
        gao,高山,sales,,2020-01-01,\nzhao,赵强,sales,gao,2020-01-01,helpdesk:zhao\n\
        hui,惠民,,,2020-01-01,\nlin,林木,,,2020-01-01,\nwu,吴芳,sales,,2020-01-01,\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["role", "set", "hui", "--hr", "service"]);
    company.ok(&["role", "set", "lin", "--hr", "sales"]);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company.ok(&["score"]);
    company
}

fn serve(company: &TestCompany) -> Served {
    let limits =
        [("limits.requests_per_second", "100000"), ("limits.burst", "100000"), ("limits.sign_in_per_minute", "1000")];
    Served::start_with(company, &limits)
}

fn ids(page: Answer) -> Vec<String> {
    let items = page.ok()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn people(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|person| person["id"].as_str().unwrap()).collect()
}

/// What waits for somebody, as their day says it.
fn waiting(caller: &Caller, person: &str) -> (u64, u64, Vec<String>) {
    let day = caller.get(&format!("/people/{person}/day")).ok();
    let questions = &day["questions"];
    let newest = questions["newest"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    (questions["waiting"].as_u64().unwrap(), questions["answered"].as_u64().unwrap(), newest.collect())
}

#[test]
fn a_question_reaches_those_who_answer_for_the_number_and_shows_what_a_correction_changed() {
    let company = house();
    let served = serve(&company);
    let [chen, han, hui, zhao, gao, lin, wu] =
        ["chen", "han", "hui", "zhao", "gao", "lin", "wu"].map(|person| served.person(&company, person, person));
    let score = chen.get("/scores?period=2026-06&subject=chen").ok()["items"][0].clone();
    let number = score["sequence"].as_i64().unwrap();
    let mut of_wu = Stream::open(&wu, "/events");
    let mut of_zhao = Stream::open(&zhao, "/events");
    assert_eq!((of_wu.next().name, of_zhao.next().name), ("begin".to_owned(), "begin".to_owned()));

    let draft = json!({ "text": "T1 was closed by 吴芳 on the same day.\nPlease look.", "mentions": ["wu"] });
    let asked = chen.post(&format!("/scores/{number}/questions"), &draft).ok();
    let question = &asked["question"];
    let id = question["id"].as_str().unwrap().to_owned();
    assert_eq!((&question["state"], &question["entries"]), (&json!("open"), &json!(1)));
    assert_eq!(question["asked"]["sequence"], number);
    assert_eq!((&question["asked"]["raw"], &question["asked"]["points"]), (&score["raw"], &score["points"]));
    let about = &question["about"];
    assert_eq!(
        (&about["what"], &about["subject"], &about["subject_name"], &about["period"]),
        (&json!("score"), &json!("chen"), &json!("陈晨"), &json!("2026-06"))
    );
    assert_eq!((&about["indicator"], &about["title"]["en"]), (&json!("hours-to-resolve"), &json!("Hours to resolve")));
    assert_eq!(people(&question["put_to"]), ["han", "hui"]);
    assert_eq!(question["asked_by"], json!({ "id": "chen", "name": "陈晨" }));
    assert_eq!(asked["entries"][0]["mentions"], json!([{ "id": "wu", "name": "吴芳" }]));
    assert_eq!((&asked["current"], &asked["may_close"]), (&Value::Null, &json!(true)));
    // One question at a time about one number.
    let again = chen.post(&format!("/scores/{number}/questions"), &draft);
    assert_eq!((again.status, again.problem()), (409, "conflict"), "{}", again.text);

    // It waits for the manager and the HR partner, with the number attached.
    let address = format!("/questions/{id}");
    for (caller, person) in [(&han, "han"), (&hui, "hui")] {
        assert_eq!(ids(caller.get("/questions?waiting=true")), [id.as_str()]);
        assert_eq!(waiting(caller, person), (1, 0, vec![id.clone()]));
        let seen = caller.get(&address).ok();
        assert_eq!((&seen["question"]["asked"]["raw"], &seen["may_close"]), (&score["raw"], &json!(true)));
    }
    assert_eq!(waiting(&chen, "chen"), (0, 0, Vec::new()));
    assert_eq!(ids(chen.get("/questions?mine=true")), [id.as_str()]);
    let system = served.system(&company, &["scores:read", "facts:write"]);
    assert_eq!(ids(system.get(&format!("/questions?score={number}&state=open"))), [id.as_str()]);

    // To others it is not there, whichever way they go.
    let absent = zhao.get("/questions/question_none");
    assert_eq!(absent.status, 404);
    let answer = json!({ "text": "And I say that it is right." });
    for stranger in [&zhao, &gao, &lin] {
        assert_eq!(ids(stranger.get("/questions")), Vec::<String>::new());
        assert_eq!(ids(stranger.get("/questions?subject=chen")), Vec::<String>::new());
        let hidden = [
            stranger.get(&address),
            stranger.post(&format!("{address}/answers"), &answer),
            stranger.post(&format!("/scores/{number}/questions"), &draft),
        ];
        for hidden in hidden {
            assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
        }
    }
    for path in [format!("/scores/{number}/questions"), format!("{address}/answers")] {
        assert_eq!(system.post(&path, &answer).body, absent.body);
    }

    // Whoever was mentioned sees the question and not the number, may say something, and settles nothing.
    let heard = of_wu.next();
    assert_eq!((heard.name.as_str(), &heard.data["question"]), ("question", &json!(id)));
    let seen = wu.get(&address).ok();
    assert_eq!((&seen["question"]["asked"], &seen["may_close"]), (&Value::Null, &json!(false)));
    assert_eq!(ids(wu.get("/questions")), [id.as_str()]);
    assert_eq!(wu.get(&format!("/scores/{number}")).status, 404);
    let closing = json!({ "text": "Yes.", "closes": true });
    assert_eq!(wu.post(&format!("{address}/answers"), &closing).status, 422);
    let said = wu.post(&format!("{address}/answers"), &json!({ "text": "So it was." })).ok();
    assert_eq!((&said["question"]["state"], &said["question"]["entries"]), (&json!("open"), &json!(2)));

    let answered = han.post(&format!("{address}/answers"), &json!({ "text": "It comes with the next import." })).ok();
    assert_eq!(answered["question"]["state"], "answered");
    assert_eq!((waiting(&han, "han"), waiting(&hui, "hui")), ((0, 0, Vec::new()), (0, 0, Vec::new())));
    assert_eq!(waiting(&chen, "chen"), (0, 1, vec![id.clone()]));
    // Whoever may see Chen's day sees the same; nothing waits for a witness.
    assert_eq!(waiting(&han, "chen"), (0, 1, vec![id.clone()]));
    assert_eq!(waiting(&wu, "wu"), (0, 0, Vec::new()));

    // The correction is another score, which stands beside the one that was asked about.
    let _ = system.post("/facts", &late(1, "chen")).ok();
    let corrected = until(&chen, &address, |answer| answer["current"].is_object());
    let current = &corrected["current"];
    assert!(current["sequence"].as_i64() > Some(number), "{current}");
    let difference = current["raw"].as_f64().unwrap() - score["raw"].as_f64().unwrap();
    assert_eq!(current["raw_difference"].as_f64(), Some(difference));
    assert!(difference.abs() > 0.0, "{current}");
    assert_eq!(corrected["question"]["asked"]["raw"], score["raw"]);
    assert_eq!(wu.get(&address).ok()["current"], Value::Null);

    let closed = chen.post(&format!("{address}/answers"), &json!({ "text": "Thank you.", "closes": true })).ok();
    assert_eq!((&closed["question"]["state"], &closed["entries"][3]["event"]), (&json!("closed"), &json!("closed")));
    assert_eq!((&closed["may_answer"], &closed["may_close"]), (&json!(false), &json!(false)));
    let late_answer = han.post(&format!("{address}/answers"), &answer);
    assert_eq!((late_answer.status, late_answer.problem()), (409, "conflict"));
    assert_eq!(waiting(&chen, "chen"), (0, 0, Vec::new()));
    // What is closed does not keep anybody from asking again.
    let again = chen.post(&format!("/scores/{number}/questions"), &draft).ok();
    assert_eq!(ids(chen.get("/questions?limit=1")), [again["question"]["id"].as_str().unwrap()]);
    let next = chen.get("/questions?limit=1").ok()["next"].as_str().unwrap().to_owned();
    assert_eq!(ids(chen.get(&format!("/questions?limit=1&after={next}"))), [id.as_str()]);

    // Zhao heard of none of it: the first that Zhao hears of is Zhao's own.
    let _ = system.post("/facts", &late(2, "zhao")).ok();
    assert_eq!(of_zhao.next().data["subject"], "zhao");

    // Who wrote what about whom is noted, and none of the texts.
    let administrator = served.administrator(&company);
    let audit = administrator.get(&format!("/audit?id={id}")).ok();
    let actions: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["question.answer", "question.answer", "question.answer", "question.ask"]);
    assert!(!audit.to_string().contains("T1"), "{audit}");

    // Somebody who is erased has no name in what people wrote.
    assert!(chen.get(&address).text.contains("吴芳"));
    assert_eq!(waiting(&han, "han").0, 1);
    assert_eq!(administrator.send(reqwest::Method::POST, "/people/wu/erasure", None).status, 204);
    for path in [address.as_str(), "/questions", "/people/han/day"] {
        let seen = han.get(path);
        assert!(seen.status == 200 && !seen.text.contains("吴芳"), "{path}: {}", seen.text);
    }
}

#[test]
fn what_cannot_be_a_question_is_refused_and_says_why() {
    let company = house();
    let served = serve(&company);
    let chen = served.person(&company, "chen", "chen");
    let number = chen.get("/scores?period=2026-06&subject=chen").ok()["items"][0]["sequence"].as_i64().unwrap();
    let everybody: Vec<String> = (0..21).map(|number| format!("p{number}")).collect();
    let bad = [
        (json!({ "text": " " }), "the text is empty"),
        (json!({ "text": "破".repeat(2_001) }), "2001 characters"),
        (json!({ "text": "a\u{0}b" }), "U+0000"),
        (json!({ "text": "a\u{7}b" }), "control characters"),
        (json!({ "text": "Why?", "mentions": ["ghost"] }), "ghost"),
        (json!({ "text": "Why?", "mentions": everybody }), "21 people"),
    ];
    for (draft, problem) in bad {
        let refused = chen.post(&format!("/scores/{number}/questions"), &draft);
        assert_eq!((refused.status, refused.problem()), (422, "refused"), "{}", refused.text);
        assert!(refused.body["detail"].as_str().unwrap().contains(problem), "{}", refused.text);
    }
    assert_eq!(chen.post("/scores/999999/questions", &json!({ "text": "Why?" })).status, 404);
    assert_eq!(chen.get("/questions?score=1&composite=1").status, 400);
}

#[test]
fn a_composite_without_a_manager_above_it_is_asked_about_with_the_administrators() {
    let company = june();
    company.ok(&["score"]);
    let served = serve(&company);
    let [li, wu] = ["li", "wu"].map(|person| served.person(&company, person, person));
    let composite = li.get("/composites?period=2026-06&employee=li").ok()["items"][0].clone();
    let number = composite["sequence"].as_i64().unwrap();
    let asked = li.post(&format!("/composites/{number}/questions"), &json!({ "text": "Where is quality?" })).ok();
    let question = &asked["question"];
    assert_eq!((&question["about"]["what"], &question["asked"]["points"]), (&json!("composite"), &composite["points"]));
    assert_eq!((&question["about"]["indicator"], &question["about"]["title"]), (&Value::Null, &Value::Null));
    let administrator = served.administrator(&company);
    let own = administrator.get("/session").ok()["person"].as_str().unwrap().to_owned();
    assert_eq!(people(&question["put_to"]), [own.as_str()]);
    assert_eq!(waiting(&administrator, &own).0, 1);
    let id = question["id"].as_str().unwrap();
    assert_eq!(wu.get(&format!("/questions/{id}")).body, wu.get("/questions/question_none").body);
    assert_eq!(ids(li.get(&format!("/questions?composite={number}"))), [id]);
}
