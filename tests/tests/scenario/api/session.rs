//! Signing in, sessions, and what keeps others out.

use daybreak_tests::served::{PASSWORD, Served};
use serde_json::json;

use super::super::company;
use super::super::tickets::NOW;

#[test]
fn a_person_is_let_in_with_a_password_and_out_again() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let session = administrator.get("/session").ok();
    assert_eq!((&session["name"], &session["administrator"]), (&json!("王芳"), &json!(true)));
    assert_eq!(session["company"]["today"], "2026-07-01");

    // Nobody else learns more than that signing in is needed.
    let anybody = served.anybody();
    assert_eq!(
        (anybody.get("/session").status, anybody.get("/session").problem().to_owned()),
        (401, "sign-in-needed".into())
    );
    let forged = anybody.with_header("cookie", "daybreak_session=dbs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(forged.get("/session").status, 401);

    // One and the same answer for a wrong password, an unknown login and an unknown company.
    let tries = [("admin", "not the password", "acme"), ("nobody", PASSWORD, "acme"), ("admin", PASSWORD, "elsewhere")];
    let answers = tries.map(|(login, password, company)| {
        let given = json!({ "login": login, "password": password, "company": company });
        let answer = anybody.post("/session", &given);
        (answer.status, answer.body)
    });
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");

    let answer = anybody.post("/session", &json!({ "login": "Admin", "password": PASSWORD }));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let cookie = &answer.headers["set-cookie"];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(!cookie.contains("Secure"), "{cookie}");
    let other_device = anybody.with_header("cookie", &answer.cookie());
    assert_eq!(other_device.get("/session").status, 200);
    assert_eq!(other_device.delete("/session").status, 204);
    assert_eq!(other_device.get("/session").status, 401);
    assert_eq!(administrator.get("/session").status, 200);

    // Another password ends every session, and begins one here.
    let change = json!({ "old": PASSWORD, "new": "another long password" });
    let changed = administrator.put("/session/password", &change);
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(administrator.get("/session").status, 401);
    let administrator = anybody.with_header("cookie", &changed.cookie());
    let chosen = administrator.put("/session/preferences", &json!({ "language": "zh-CN", "theme": "dark" }));
    assert_eq!(chosen.status, 204, "{}", chosen.text);
    assert_eq!(administrator.get("/session").ok()["preferences"], json!({ "language": "zh-CN", "theme": "dark" }));
}

#[test]
fn a_page_of_somebody_else_cannot_make_a_browser_act() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let body = json!({ "theme": "dark" });
    let refused =
        |header: (&str, &str)| administrator.with_header(header.0, header.1).put("/session/preferences", &body);
    for header in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let answer = refused(header);
        assert_eq!((answer.status, answer.problem()), (403, "foreign-page"), "{header:?}");
    }
    assert_eq!(refused(("sec-fetch-site", "same-origin")).status, 204);
    assert_eq!(refused(("origin", &served.address)).status, 204);
    // Reading harms nobody, and a foreign page cannot see the answer.
    assert_eq!(administrator.with_header("sec-fetch-site", "cross-site").get("/session").status, 200);
}

#[test]
fn one_address_tries_only_so_many_passwords() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &[("limits.sign_in_per_minute", "3")]);
    let anybody = served.anybody();
    let wrong = json!({ "login": "admin", "password": "not the password" });
    let statuses: Vec<u16> = (0..5).map(|_| anybody.post("/session", &wrong).status).collect();
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

#[test]
fn every_answer_carries_its_request_and_a_known_answer_is_not_sent_again() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &[("public_url", "https://daybreak.example")]);
    let administrator = served.administrator(&company);
    let named = administrator.with_header("x-request-id", "from-the-caller.1").get("/session");
    assert_eq!(named.headers["x-request-id"], "from-the-caller.1");
    let odd = administrator.with_header("x-request-id", "not plain").get("/session");
    assert!(odd.headers["x-request-id"].starts_with("req_"), "{odd:?}");

    let tag = &named.headers["etag"];
    let again = administrator.with_header("if-none-match", tag).get("/session");
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(administrator.put("/session/preferences", &json!({ "theme": "dark" })).status, 204);
    assert_eq!(administrator.with_header("if-none-match", tag).get("/session").status, 200);

    let nothing = administrator.get("/nothing");
    assert_eq!((nothing.status, nothing.problem()), (404, "not-found"));
    let method = administrator.delete("/facts");
    assert_eq!((method.status, method.problem()), (405, "method-not-allowed"));
    assert!(method.headers["allow"].contains("GET"), "{method:?}");

    // Behind an encrypted address the cookie is never sent over another.
    let answer = served.anybody().post("/session", &json!({ "login": "admin", "password": PASSWORD }));
    assert!(answer.headers["set-cookie"].contains("Secure"), "{answer:?}");
}

#[test]
fn a_host_says_whether_it_runs_and_stops_when_asked() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let anybody = served.anybody();
    assert_eq!(anybody.get("//health").ok()["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(anybody.get("//ready").ok()["database"], true);
    assert_eq!(anybody.get("//metrics").status, 401);
    let monitoring = served.system(&company, &["operation:read"]);
    let figures = monitoring.get("//metrics");
    assert!(figures.text.contains("daybreak_http_request_seconds_count"), "{}", figures.text);
    served.stop();
}

/// Han leads Chen and looks after the department; Zhao is on no list.
const SHOWN: &str = "id,name,department,manager,from\nhan,韩梅,service,,2020-01-01\nchen,陈,service,han,2020-01-01\n\
                     zhao,赵,service,,2020-01-01\n";

#[test]
fn a_demonstration_lets_anybody_be_the_people_that_it_names_and_nobody_else() {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    company.ok(&["people", "import", &company.file("people.csv", SHOWN)]);
    company.ok(&["role", "set", "han", "--hr", "service"]);
    let limits = ("limits.sign_in_per_minute", "1000");
    let served = Served::start_with(&company, &[("demo.people", "han, chen, ghost"), limits]);
    let anybody = served.anybody();
    let ways = anybody.get("/session/ways").ok();
    let service = json!({ "id": "service", "name": "售后" });
    let expected = json!({
        "password": true,
        "company": { "id": "acme", "name": "Acme 医疗" },
        "demo": [
            {
                "person": "han", "name": "韩梅", "department": service, "roles": ["employee", "manager", "hr-partner"],
                "reports": 1,
            },
            { "person": "chen", "name": "陈", "department": service, "roles": ["employee"], "reports": 0 },
        ],
        "session": false,
    });
    assert_eq!(ways, expected);

    let sign_in = |person: &str| anybody.post("/session/demo", &json!({ "person": person }));
    let begun = sign_in("chen");
    assert_eq!((begun.status, &begun.body["person"]), (200, &json!("chen")), "{}", begun.text);
    assert!(begun.headers["set-cookie"].contains("HttpOnly"), "{begun:?}");
    let chen = anybody.with_header("cookie", &begun.cookie());
    assert_eq!(chen.get("/session/ways").ok()["session"], true);
    let session = chen.get("/session").ok();
    assert_eq!((&session["name"], &session["login"]), (&json!("陈"), &json!("chen")));
    // Each time it is another session, and the account has no password that anybody could guess.
    assert_ne!(sign_in("chen").cookie(), begun.cookie());
    for password in ["", "chen", PASSWORD] {
        assert_eq!(anybody.post("/session", &json!({ "login": "chen", "password": password })).status, 401);
    }
    let administrator = served.administrator(&company);
    let audit = administrator.get("/audit").ok();
    let noted = |action: &str| {
        let entries = audit["items"].as_array().unwrap().iter();
        entries.filter(|entry| entry["action"] == action && entry["id"] == "chen").count()
    };
    assert_eq!((noted("account.open"), noted("session.begin")), (1, 2), "{audit}");

    // Who is not named is not there, whether there is such a person or not.
    let absent = anybody.get("/nothing-of-the-kind");
    for person in ["zhao", "ghost", "nobody", ""] {
        let answer = sign_in(person);
        assert_eq!((answer.status, &answer.body), (404, &absent.body), "{person}");
    }
    let foreign =
        anybody.with_header("sec-fetch-site", "cross-site").post("/session/demo", &json!({ "person": "chen" }));
    assert_eq!((foreign.status, foreign.problem()), (403, "foreign-page"));
    // A page that has its own name resolved to this machine is one of ours by everything else that the browser says.
    let by_way_of = |name: &str, value: &str| {
        let caller = anybody.with_header("sec-fetch-site", "same-origin").with_header(name, value);
        caller.post("/session/demo", &json!({ "person": "chen" }))
    };
    let port = served.address.rsplit(':').next().unwrap();
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1.evil.example", "192.168.1.20", "[::2]:80"]
    {
        let answer = by_way_of("host", host);
        assert_eq!((answer.status, answer.problem()), (403, "foreign-page"), "{host}");
        assert!(answer.text.contains("localhost"), "{}", answer.text);
    }
    for header in ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"] {
        assert_eq!(by_way_of(header, "127.0.0.1").status, 403, "{header}");
    }
    for host in ["localhost", "LOCALHOST:5173", "127.0.0.1:9000", "127.1.2.3", "[::1]", "[::1]:8080"] {
        assert_eq!(by_way_of("host", host).status, 200, "{host}");
    }
    // Whose account was disabled is nobody's to be.
    assert_eq!(administrator.send(reqwest::Method::POST, "/people/chen/account/disable", None).status, 204);
    assert_eq!((sign_in("chen").status, chen.get("/session").status), (404, 401));
    assert_eq!(anybody.get("/session/ways").ok()["demo"].as_array().unwrap().len(), 1);
    drop(served);

    let served = Served::start(&company);
    assert_eq!(served.anybody().get("/session/ways").ok()["demo"], json!([]));
    assert_eq!(served.anybody().post("/session/demo", &json!({ "person": "han" })).body, absent.body);
}

#[test]
fn a_demonstration_is_served_to_this_machine_only() {
    let company = company("Asia/Shanghai", NOW);
    let refused = |settings: &[&str]| {
        let mut arguments = vec!["serve", "--set", "demo.people=han", "--listen"];
        arguments.extend(settings);
        company.refused(&arguments)
    };
    let everywhere = refused(&["0.0.0.0:0"]);
    assert!(
        everywhere.contains("it listens on 0.0.0.0:0") && everywhere.contains("take demo.people away"),
        "{everywhere}"
    );
    let behind = refused(&["127.0.0.1:0", "--set", "public_url=https://daybreak.example"]);
    assert!(behind.contains("https://daybreak.example"), "{behind}");
    let proxied = refused(&["[::1]:0", "--set", "trusted_proxies=10.0.0.1"]);
    assert!(proxied.contains("10.0.0.1"), "{proxied}");
    let _ = Served::start_with(&company, &[("demo.people", "han"), ("public_url", "http://localhost:8080")]);
}
