//! A small ticket log that the scenarios share.

use daybreak_tests::company::TestCompany;

/// The morning of 2026-07-01 in Shanghai.
pub const NOW: &str = "2026-07-01T01:00:00Z";

pub const MAPPING: &str = r#"
source = "helpdesk"
kind = "ticket.event"
external_id = "{ticket}/{activity}/{occurrence}"
capture = "automatic"
who = "{who}"
unknown_people = "create"
document = "{ticket}"
customer = "{customer}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
activity = "{activity}"
"#;

/// Two people resolve five tickets in June 2026; hours from opening to resolving stand behind each.
pub const LOG: &str = "\
ticket,activity,who,at,customer
T1,open,chen,2026-06-01 09:00,H1
T1,resolve,chen,2026-06-01 13:00,H1
T2,open,chen,2026-06-02 09:00,H2
T2,resolve,zhao,2026-06-02 19:00,H2
T3,open,zhao,2026-06-03 09:00,H1
T3,resolve,chen,2026-06-03 11:00,H1
T3,resolve,chen,2026-06-03 15:00,H1
T4,open,zhao,2026-05-30 09:00,H3
T4,resolve,zhao,2026-06-01 09:00,H3
T5,open,chen,2026-06-29 09:00,H3
T5,resolve,zhao,2026-07-02 09:00,H3
";

/// A company with the log imported, the plugin installed and one indicator enabled.
pub fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    let mapping = company.file("tickets.toml", MAPPING);
    let log = company.file("tickets.csv", LOG);
    company.ok(&["import", "--mapping", &mapping, &log]);
    enable_in(&company);
    company
}

/// Installs the plugin and enables hours-to-resolve in a company.
pub fn enable_in(company: &TestCompany) {
    company.install("time-to-resolve");
    enable(company, r#"{"resolving": ["resolve"]}"#);
}

/// Enables hours-to-resolve with these parameters.
pub fn enable(company: &TestCompany, parameters: &str) {
    let parameters = company.file("parameters.json", parameters);
    let arguments = [
        "indicator",
        "set",
        "hours-to-resolve",
        "--plugin",
        "time-to-resolve",
        "--title-zh",
        "工单解决时长",
        "--title-en",
        "Hours to resolve",
        "--direction",
        "lower-is-better",
        "--unit",
        "h",
        "--parameters",
        &parameters,
        "--grant",
    ];
    company.ok(&arguments);
}

/// The id of the person who was created from this name.
pub fn person(company: &TestCompany, name: &str) -> String {
    let list = company.ok(&["people", "list"]);
    let line = list.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
    line.and_then(|line| line.split_whitespace().next()).expect("the person is listed").to_owned()
}
