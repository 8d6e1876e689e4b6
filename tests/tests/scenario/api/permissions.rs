//! The table of permissions crossed with everybody who may call: generated from the table and the served document, so that
//! an endpoint that is added is tested without anybody thinking of it.

use std::collections::BTreeMap;

use daybreak_api::permissions::{About, People, Permission, TABLE};
use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Answer, Caller, PASSWORD, Served};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};

/// Somebody who calls, as the table sees them.
struct Role {
    name: &'static str,
    caller: Caller,
    /// Who they are to the table: the widest of these that holds.
    people: Option<People>,
    /// The scopes of a token, by their words.
    scopes: Vec<&'static str>,
    /// Whether Chen is in their reach.
    reaches_chen: bool,
}

impl Role {
    /// Whether the table admits them.
    fn is_admitted(&self, permission: &Permission) -> bool {
        let rank = |people: People| match people {
            People::Anyone => 0,
            People::Employees => 1,
            People::Leaders => 2,
            People::HrPartners => 3,
            People::Administrators => 4,
            People::Nobody => 5,
        };
        let by_people = self.people.is_some_and(|people| rank(people) >= rank(permission.people));
        let by_scope = permission.scope.is_some_and(|scope| self.scopes.contains(&scope.word()));
        permission.people == People::Anyone || by_people || by_scope
    }
}

/// An endpoint of the served document.
struct Endpoint {
    method: Method,
    path: String,
    takes_json: bool,
    takes_body: bool,
}

fn endpoints(document: &Value) -> BTreeMap<String, Endpoint> {
    let mut endpoints = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let content = &operation["requestBody"]["content"];
            let endpoint = Endpoint {
                method,
                path: path.clone(),
                takes_json: content["application/json"].is_object(),
                takes_body: content.is_object(),
            };
            endpoints.insert(operation["operationId"].as_str().unwrap().to_owned(), endpoint);
        }
    }
    endpoints
}

/// Two lines (Han leads Chen, Gao leads Zhao), their HR partners, an administrator, tokens, and another company.
struct House {
    served: Served,
    /// Its folder goes away with it.
    _company: TestCompany,
    roles: Vec<Role>,
    /// Variables of addresses that mean something of Chen's.
    own: BTreeMap<&'static str, String>,
}

fn house() -> House {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let people = "id,name,department,manager,from,identities\n\
        han,韩,service,,2020-01-01,\nchen,陈,service,han,2020-01-01,helpdesk:chen\n\
        gao,高,sales,,2020-01-01,\nzhao,赵,sales,gao,2020-01-01,helpdesk:zhao\n\
        hui,惠,,,2020-01-01,\nlin,林,,,2020-01-01,\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["role", "set", "hui", "--hr", "service"]);
    company.ok(&["role", "set", "lin", "--hr", "sales"]);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company.ok(&["score"]);
    let limits = [
        ("limits.requests_per_second", "100000"),
        ("limits.burst", "100000"),
        ("limits.sign_in_per_minute", "10000"),
        // Nothing becomes different while everybody looks.
        ("workers.scorers", "0"),
    ];
    let served = Served::start_with(&company, &limits);
    let administrator = served.administrator(&company);
    let person = |name: &'static str, people, reaches_chen| Role {
        name,
        caller: served.person(&company, name, name),
        people: Some(people),
        scopes: Vec::new(),
        reaches_chen,
    };
    let mut roles = vec![
        person("chen", People::Employees, true),
        person("zhao", People::Employees, false),
        person("han", People::Leaders, true),
        person("gao", People::Leaders, false),
        person("hui", People::HrPartners, true),
        person("lin", People::HrPartners, false),
    ];
    let every: Vec<&'static str> = daybreak_domain::access::Scope::ALL.iter().map(|scope| scope.word()).collect();
    let system = |name, scopes: Vec<&'static str>| Role {
        name,
        caller: served.system(&company, &scopes),
        people: None,
        scopes,
        reaches_chen: true,
    };
    roles.push(system("every scope", every));
    roles.push(system("facts:read", vec!["facts:read"]));
    let first = |path: &str| administrator.get(path).ok()["items"][0]["sequence"].to_string();
    let own = BTreeMap::from([
        ("score", first("/scores?subject=chen")),
        ("fact", first("/facts?actor=chen")),
        ("person", "chen".to_owned()),
    ]);
    roles.push(Role {
        name: "administrator",
        caller: administrator,
        people: Some(People::Administrators),
        scopes: Vec::new(),
        reaches_chen: true,
    });
    // Last, because commands would have to say which company they mean.
    let said = company.ok(&["init", "globex", "--name", "Globex", "--admin", "Hank", "--login", "hank"]);
    let secret = said.lines().find_map(|line| line.trim().strip_prefix("/accept/")).expect("a link");
    let accepted = served.anybody().post("/links/accept", &json!({ "secret": secret, "password": PASSWORD }));
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    roles.push(Role {
        name: "another company's administrator",
        caller: served.anybody().with_header("cookie", &accepted.cookie()),
        people: Some(People::Administrators),
        scopes: Vec::new(),
        reaches_chen: false,
    });
    House { served, _company: company, roles, own }
}

/// The address with something of Chen's, or with what is not there, in the place of its variables.
fn address(endpoint: &Endpoint, own: Option<&BTreeMap<&'static str, String>>) -> Option<String> {
    let mut address = String::from("/");
    for segment in endpoint.path.split('/').skip(1) {
        address.push('/');
        let Some(variable) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            address.push_str(segment);
            continue;
        };
        let Some(own) = own else {
            address.push_str("999999999");
            continue;
        };
        let kind = match (variable, endpoint.path.split('/').nth(3)) {
            ("sequence", Some("scores")) => "score",
            ("sequence", Some("facts")) => "fact",
            ("person" | "id", Some("people")) => "person",
            _ => return None,
        };
        address.push_str(&own[kind]);
    }
    Some(address)
}

fn call(caller: &Caller, endpoint: &Endpoint, address: &str) -> Answer {
    // What is let through cannot be read; so it changes nothing, and says that it was let through.
    let body = endpoint.takes_body.then(|| ("application/json", b"{".to_vec()));
    caller.send_bytes(endpoint.method.clone(), address, body)
}

/// Endpoints that would end the sessions that are needed further on, or that never end.
const LEFT_OUT: [&str; 3] = ["sign_out", "sign_out_everywhere", "stream_events"];

#[test]
fn everybody_is_admitted_where_the_table_says_so_and_nowhere_else() {
    let House { served, roles, own, _company } = house();
    let document = served.anybody().get("/openapi.json").ok();
    let endpoints = endpoints(&document);
    let absent = roles[0].caller.get("/nothing-of-the-kind").body;
    let mut wrong = Vec::new();
    let mut checked = 0;
    for permission in TABLE.iter().filter(|permission| !LEFT_OUT.contains(&permission.operation)) {
        let endpoint = &endpoints[permission.operation];
        let nowhere = address(endpoint, None).unwrap();
        let mut expect = |who: &str, answer: &Answer, well: bool| {
            checked += 1;
            if !well || answer.status >= 500 {
                wrong
                    .push(format!("{} {} as {who}: {} {}", endpoint.method, endpoint.path, answer.status, answer.text));
            }
        };
        let stranger = call(&served.anybody(), endpoint, &nowhere);
        let turned_away = stranger.status == 401;
        expect("nobody", &stranger, turned_away == (permission.people != People::Anyone) || endpoint.takes_json);
        for role in &roles {
            let answer = call(&role.caller, endpoint, &nowhere);
            let hidden = answer.status == 404 && answer.body == absent;
            let well = match (role.is_admitted(permission), endpoint.takes_json) {
                (false, _) => hidden,
                // Open to whoever signs what they send; nobody here does.
                (true, _) if permission.operation == "receive_webhook" => hidden,
                // Let through, it says that it cannot be read.
                (true, true) => answer.status == 400,
                (true, false) => ![401, 403, 405].contains(&answer.status),
            };
            expect(role.name, &answer, well);
        }
        // What is about Chen, for those who have Chen in their reach.
        let about = address(endpoint, Some(&own)).filter(|_| endpoint.path.contains('{'));
        let Some(about) = about.filter(|_| endpoint.method == Method::GET && permission.about == About::Subject) else {
            continue;
        };
        for role in &roles {
            let answer = call(&role.caller, endpoint, &about);
            let may = role.is_admitted(permission) && role.reaches_chen;
            let well = if may { answer.status == 200 } else { answer.status == 404 && answer.body == absent };
            expect(role.name, &answer, well);
        }
    }
    assert!(checked > TABLE.len() * 10, "only {checked} calls were checked");
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn lists_hold_what_is_in_reach_and_nothing_of_another_company() {
    let house = house();
    for role in &house.roles {
        let page = role.caller.get("/scores?limit=1000");
        if page.status != 200 {
            assert_eq!((role.name, page.status), ("facts:read", 404));
            continue;
        }
        let items = page.body["items"].as_array().unwrap().clone();
        let subjects: std::collections::BTreeSet<&str> =
            items.iter().map(|item| item["subject"].as_str().unwrap()).collect();
        let expected: &[&str] = match role.name {
            "chen" => &["chen"],
            "zhao" => &["zhao"],
            "han" => &["chen", "han"],
            "gao" => &["gao", "zhao"],
            "hui" => &["chen", "han", "hui"],
            "lin" => &["gao", "lin", "zhao"],
            "another company's administrator" => &[],
            _ => &["chen", "gao", "han", "hui", "lin", "zhao"],
        };
        assert_eq!(subjects.into_iter().collect::<Vec<_>>(), expected, "{}", role.name);
    }
}
