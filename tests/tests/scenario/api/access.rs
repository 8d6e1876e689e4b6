//! Accounts, roles, tokens and the audit over HTTP: what administrators do to let others in.

use daybreak_tests::served::{PASSWORD, Served};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;
use super::people::{assert_hidden, ids, organise};

#[test]
fn an_administrator_lets_people_in_and_keeps_them_out() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let anybody = served.anybody();
    let act = |path: &str| administrator.send(Method::POST, path, None);
    let nothing = administrator.get("/people/nobody");
    for path in ["/people/li/account", "/people/nobody/account"] {
        assert_hidden(&administrator.get(path), &nothing);
    }
    for path in ["/people/li/account/reset", "/people/li/account/disable", "/people/nobody/account/enable"] {
        assert_hidden(&act(path), &nothing);
    }
    let login = json!({ "login": "Li.Lei@Acme.cn" });
    assert_hidden(&administrator.post("/people/nobody/account", &login), &nothing);
    let link = administrator.post("/people/li/account", &login).ok();
    assert_eq!(link["path"], format!("/accept/{}", link["secret"].as_str().unwrap()));
    let account = administrator.get("/people/li/account").ok();
    assert_eq!((&account["login"], &account["state"]), (&json!("li.lei@acme.cn"), &json!("invited")));
    let taken = administrator.post("/people/wu/account", &login);
    assert_eq!((taken.status, taken.problem()), (409, "conflict"), "{}", taken.text);

    let accept =
        |link: &Value| anybody.post("/links/accept", &json!({ "secret": link["secret"], "password": PASSWORD }));
    let accepted = accept(&link);
    let li = anybody.with_header("cookie", &accepted.cookie());
    assert_eq!(li.get("/session").ok()["name"], "李雷");
    assert_eq!(administrator.get("/people/li/account").ok()["state"], "active");
    assert_eq!(administrator.post("/people/li/account", &login).status, 409, "reset it instead");
    let reset = act("/people/li/account/reset").ok();
    assert_eq!(li.get("/session").status, 200, "until the link is used, nothing changes");
    let li = anybody.with_header("cookie", &accept(&reset).cookie());

    for _ in 0..2 {
        assert_eq!(act("/people/li/account/disable").status, 204);
    }
    assert_eq!(li.get("/session").status, 401);
    let sign_in = json!({ "login": "li.lei@acme.cn", "password": PASSWORD });
    assert_eq!(anybody.post("/session", &sign_in).status, 401);
    assert_eq!(administrator.get("/people/li/account").ok()["state"], "disabled");
    assert_eq!(act("/people/li/account/enable").status, 204);
    assert_eq!(anybody.post("/session", &sign_in).status, 200);
    let accounts = administrator.get("/accounts").ok();
    assert_eq!(accounts["items"].as_array().unwrap().len(), 2);

    // No answer to a later question holds a secret, and neither does the audit.
    let audit = administrator.get("/audit?id=li&what=account").ok();
    let told = |entry: &Value| (entry["action"].clone(), entry["author"]["kind"].clone());
    let entries: Vec<_> = audit["items"].as_array().unwrap().iter().rev().map(told).collect();
    let by_person = |action: &str| (json!(action), json!("person"));
    let expected = [
        "account.invite",
        "account.password",
        "account.reset",
        "account.password",
        "account.disable",
        "account.enable",
    ];
    assert_eq!(entries, expected.map(by_person));
    assert_eq!(audit["items"].as_array().unwrap().last().unwrap()["author"]["name"], "王芳");
    assert!(!audit.to_string().contains("dbl_") && !audit.to_string().contains("li.lei"), "{audit}");
}

#[test]
fn roles_are_given_and_the_last_administrator_stays() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let nothing = administrator.get("/people/nobody");
    let own = administrator.get("/session").ok()["person"].as_str().unwrap().to_owned();
    let roles = |administrator: bool, departments: &[&str]| json!({ "administrator": administrator, "hr_departments": departments });
    assert_eq!(administrator.get("/people/hu/roles").ok(), roles(false, &["sales"]));
    assert_eq!(administrator.get("/people/li/roles").ok(), roles(false, &[]));
    assert_hidden(&administrator.get("/people/nobody/roles"), &nothing);
    assert_hidden(&administrator.put("/people/nobody/roles", &roles(false, &[])), &nothing);
    let nowhere = administrator.put("/people/hu/roles", &roles(false, &["nowhere"]));
    assert_eq!((nowhere.status, nowhere.problem()), (422, "refused"), "{}", nowhere.text);
    let last = administrator.put(&format!("/people/{own}/roles"), &roles(false, &[]));
    assert_eq!((last.status, last.problem()), (409, "conflict"), "{}", last.text);
    assert_eq!(administrator.put("/people/sun/roles", &roles(true, &[])).status, 204);
    assert_eq!(administrator.put(&format!("/people/{own}/roles"), &roles(false, &[])).status, 204);
    // From the next request on.
    assert_hidden(&administrator.get("/people/hu/roles"), &nothing);
    let sun = served.person(&company, "sun", "sun");
    let audit = sun.get("/audit?action=role.set").ok();
    let newest = &audit["items"][0];
    let told = |admin: bool| json!({ "admin": admin, "hr_departments": [] });
    assert_eq!((&newest["id"], &newest["before"], &newest["after"]), (&json!(own), &told(true), &told(false)));
}

#[test]
fn a_token_lets_a_system_in_as_far_as_its_scopes_go() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let draft = |scopes: Value, expires_at: &str| json!({ "name": "CRM", "scopes": scopes, "expires_at": expires_at });
    let made = administrator.post("/tokens", &draft(json!(["organisation:read"]), "2026-08-01T00:00:00Z")).ok();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let crm = served.anybody().with_header("authorization", &format!("Bearer {secret}"));
    assert_eq!(ids(crm.get("/people")).len(), 6);
    assert_eq!(crm.get("/company").status, 200);
    let nothing = administrator.get("/people/nobody");
    for answer in
        [crm.get("/customers"), crm.get("/tokens"), crm.get("/audit"), crm.get("/accounts"), crm.get("/session")]
    {
        assert_hidden(&answer, &nothing);
    }
    let list = administrator.get("/tokens").ok();
    assert_eq!(
        (&list["items"][0]["name"], &list["items"][0]["scopes"]),
        (&json!("CRM"), &json!(["organisation:read"]))
    );
    assert!(!list.to_string().contains("dbt_"), "{list}");
    for (scopes, expires_at) in [
        (json!([]), "2026-08-01T00:00:00Z"),
        (json!(["organisation:everything"]), "2026-08-01T00:00:00Z"),
        (json!(["facts:read"]), "2026-06-01T00:00:00Z"),
        (json!(["facts:read"]), "2028-06-01T00:00:00Z"),
    ] {
        let refused = administrator.post("/tokens", &draft(scopes, expires_at));
        assert_eq!((refused.status, refused.problem()), (422, "refused"), "{}", refused.text);
    }
    for _ in 0..2 {
        assert_eq!(administrator.delete(&format!("/tokens/{id}")).status, 204);
    }
    assert_eq!(crm.get("/people").status, 401);
    assert_hidden(&administrator.delete("/tokens/token_nothing"), &nothing);

    let auditor = served.system(&company, &["audit:read"]);
    let audit = auditor.get("/audit?what=token&author_kind=person").ok();
    let actions: Vec<&Value> = audit["items"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["token.revoke", "token.create"]);
    assert!(!audit.to_string().contains("dbt_"), "{audit}");
}

#[test]
fn the_audit_is_read_page_by_page() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let whole = administrator.get("/audit").ok();
    let numbers = |page: &Value| -> Vec<i64> {
        page["items"].as_array().unwrap().iter().map(|entry| entry["number"].as_i64().unwrap()).collect()
    };
    let all = numbers(&whole);
    assert!(all.len() > 10 && all.is_sorted_by(|one, next| one > next), "{all:?}");
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = administrator.get(&format!("/audit?limit=3{after}")).ok();
        found.extend(numbers(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, all);
    let request = administrator.with_header("x-request-id", "from-the-page.1");
    assert_eq!(request.put("/departments/service", &json!({ "name": "客服部" })).status, 204);
    let newest = administrator.get("/audit?limit=1").ok()["items"][0].clone();
    assert_eq!(
        (&newest["action"], &newest["author"]["request"]),
        (&json!("department.change"), &json!("from-the-page.1"))
    );
    assert_eq!(newest["before"]["spells"][0]["name"], "服务部");
    let bad = administrator.get("/audit?after=x");
    assert_eq!((bad.status, bad.problem()), (400, "malformed"));
    let odd = administrator.get("/audit?author_kind=ghost");
    assert_eq!((odd.status, odd.problem()), (400, "malformed"));
}
