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
