//! What an operator relies on: settings and where they come from, what is logged and traced, and what the doctor sees.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use daybreak_tests::company::{Said, TestCompany};
use daybreak_tests::served::Served;

use crate::sqlite::tickets::{self, NOW};

fn in_force(said: &str, key: &str) -> (String, String) {
    let line = said.lines().find(|line| line.split_whitespace().next() == Some(key));
    let words: Vec<&str> = line.unwrap_or_else(|| panic!("{key} in {said}")).split("  ").map(str::trim).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    match words[..] {
        [_, value, from] => (value.to_owned(), from.to_owned()),
        [_, from] => (String::new(), from.to_owned()),
        _ => panic!("{words:?}"),
    }
}

fn with(company: &TestCompany, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
    let mut command = company.command(arguments);
    command.envs(variables.iter().copied());
    Said::of(&command.output().expect("the binary can be started"))
}

#[test]
fn the_last_place_that_names_a_setting_counts_and_the_place_is_told() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let file = company.folder().join("data/daybreak.toml");
    let text = "listen = \"0.0.0.0:80\"\ntrusted_proxies = [\"10.0.0.1\", \"::1\"]\n[limits]\nburst = 7\nbody_bytes = \"1 MiB\"\n";
    std::fs::write(&file, text).unwrap();
    let said = with(&company, &[("DAYBREAK_LIMITS_BURST", "8"), ("DAYBREAK_LISTEN", " ")], &["config"]);
    let from_file = file.display().to_string();
    assert_eq!(in_force(&said.output, "listen"), ("0.0.0.0:80".into(), from_file.clone()), "an empty variable is none");
    assert_eq!(in_force(&said.output, "trusted_proxies"), ("10.0.0.1,::1".into(), from_file.clone()));
    assert_eq!(in_force(&said.output, "limits.body_bytes"), ("1 MiB".into(), from_file));
    assert_eq!(in_force(&said.output, "limits.burst"), ("8".into(), "DAYBREAK_LIMITS_BURST".into()));
    assert_eq!(in_force(&said.output, "shutdown_seconds"), ("30".into(), "default".into()));
    let arguments = ["config", "--set", "limits.burst=9"];
    let said = with(&company, &[("DAYBREAK_LIMITS_BURST", "8")], &arguments);
    assert_eq!(in_force(&said.output, "limits.burst"), ("9".into(), "the command line".into()));
    let secret = "postgres://daybreak:geheim@db.example/daybreak?sslmode=require&password=geheim";
    let said = with(&company, &[("DAYBREAK_DATABASE", secret)], &["config"]);
    let shown = "postgres://daybreak@db.example/daybreak".to_owned();
    assert_eq!(in_force(&said.output, "database"), (shown, "DAYBREAK_DATABASE".into()));
    assert!(!said.output.contains("geheim"), "{}", said.output);
}

#[test]
fn a_setting_that_does_not_exist_or_cannot_be_is_named_with_what_is_allowed() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let file = company.folder().join("data/daybreak.toml");
    for (text, wanted) in [
        ("lissten = \"127.0.0.1:1\"", vec!["\"lissten\"", "did you mean listen?", "daybreak.toml"]),
        ("body_bytes = 1", vec!["did you mean limits.body_bytes?"]),
        ("[limits]\nbrust = 1", vec!["\"limits.brust\"", "did you mean limits.burst?"]),
        ("[limits]\nburst = 0", vec!["limits.burst is \"0\"", "daybreak.toml", "from 1 to 1000000"]),
        ("[limits]\nburst = [[1]]", vec!["limits.burst is a array", "from 1 to 1000000"]),
        ("limits = 1", vec!["limits is a section", "[limits]"]),
        ("listen = 8080", vec!["listen is \"8080\"", "127.0.0.1:8080"]),
        ("database = \"mysql://root:geheim@db/x\"", vec!["database is \"mysql\"", "sqlite:"]),
        ("database = \"geheim\" \"geheim\"", vec!["line 1", "daybreak.toml"]),
        ("[traces]\nsample_ratio = 2", vec!["traces.sample_ratio is \"2\"", "from 0 to 1"]),
        ("[traces]\nendpoint = \"https://collector\"", vec!["traces.endpoint", "http://127.0.0.1:4318"]),
        ("[log]\nfilter = \"warn,=\"", vec!["log.filter"]),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = company.refused(&["config"]);
        assert!(wanted.iter().all(|wanted| said.contains(wanted)), "{text}: {said}");
        assert!(!said.contains("geheim"), "{said}");
        // Nobody works with another configuration than the one that was meant; the doctor says so, too.
        assert!(company.refused(&["people", "list"]).contains(wanted[0]));
        let doctor = company.run(&["doctor"]);
        assert!(!doctor.succeeded && doctor.output.contains("the configuration cannot be used"), "{}", doctor.output);
    }
    std::fs::remove_file(&file).unwrap();
    let said = with(&company, &[("DAYBREAK_LIMITS_BRUST", "1")], &["people", "list"]);
    assert!(said.errors.contains("did you mean DAYBREAK_LIMITS_BURST?"), "{}", said.errors);
    let said = with(&company, &[("DAYBREAK_DATABASES", "1")], &["people", "list"]);
    assert!(said.errors.contains("did you mean DAYBREAK_DATABASE?"), "{}", said.errors);
    // As a cluster names a service.
    assert!(with(&company, &[("DAYBREAK_SERVICE_PORT", "tcp://10.0.0.1:80")], &["people", "list"]).succeeded);
    assert!(company.refused(&["config", "--set", "listen"]).contains("KEY=VALUE"));
}

#[test]
fn the_reference_in_the_documentation_is_the_one_that_the_binary_prints() {
    let company = TestCompany::absent(daybreak_tests::database::Database::Sqlite, NOW);
    let printed = company.ok(&["config", "--reference"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let written = std::fs::read_to_string(root.join("host/docs/CONFIGURATION.md")).unwrap();
    assert_eq!(printed, written, "write it anew: daybreak config --reference > host/docs/CONFIGURATION.md");
    // Its file is one that the binary takes, with the values that hold anyway.
    let file = printed.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a file");
    std::fs::create_dir_all(company.folder().join("data")).unwrap();
    let before = company.ok(&["config"]);
    std::fs::write(company.folder().join("data/daybreak.toml"), file).unwrap();
    let after = company.ok(&["config"]);
    for line in before.lines().skip(1).filter(|line| !line.starts_with("database")) {
        let key = line.split_whitespace().next().unwrap();
        assert_eq!(in_force(&before, key).0, in_force(&after, key).0);
    }
}

#[test]
fn the_documentation_lists_every_figure() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = std::fs::read_to_string(root.join("host/docs/OPERATION.md")).unwrap();
    for (name, kind, meaning) in daybreak_app::figures::FIGURES {
        let row = format!("| `{name}` | {} | {meaning} |", kind.name());
        assert!(text.contains(&row), "host/docs/OPERATION.md lacks\n{row}");
    }
}

const EVERYTHING: &str = "trace,daybreak=trace,daybreak_app=trace,daybreak_storage=trace,daybreak_engine=trace";

#[test]
fn log_lines_hold_nobody_and_nothing_that_anybody_wrote() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("tickets.toml", tickets::MAPPING);
    let log = "ticket,activity,who,at,customer\nT1,Geheimnis,李娜,2026-06-01 09:00,Klinik\nT1,resolve,李娜,2026-06-01 13:00,Klinik\n";
    let log = company.file("tickets.csv", log);
    let people = company.file("people.csv", "id,name,department\nzhang,张伟,\n");
    tickets::enable_in(&company);
    let mut logged = 0;
    for arguments in [
        vec!["people", "import", &people],
        vec!["import", "--mapping", &mapping, &log],
        vec!["task", "add", "--title", "Angebot für die Klinik", "--assignee", "zhang", "--initiator", "zhang"],
        vec!["score"],
        vec!["scores", "--evidence"],
        vec!["replay"],
        vec!["people", "erase", "zhang"],
        vec!["indicator", "set", "nobody", "--plugin", "nothing"],
    ] {
        for format in ["text", "json"] {
            let variables = [("DAYBREAK_LOG", EVERYTHING), ("DAYBREAK_LOG_FORMAT", format)];
            let said = with(&company, &variables, &arguments);
            // The second time there is nobody left to erase; the last command names a plugin that is not there.
            let may_fail = arguments[0] == "indicator" || (arguments.get(1) == Some(&"erase") && format == "json");
            assert!(said.succeeded || may_fail, "{arguments:?}: {}", said.errors);
            logged += said.errors.lines().filter(|line| line.contains("TRACE") || line.contains("DEBUG")).count();
            for secret in ["李娜", "张伟", "王芳", "Geheimnis", "Klinik", "Angebot"] {
                assert!(!said.errors.contains(secret), "{arguments:?} logs {secret}:\n{}", said.errors);
            }
        }
    }
    assert!(logged > 100, "only {logged} lines: the filter lets nothing through");
}

#[test]
fn log_lines_are_objects_where_they_should_be() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let variables = [("DAYBREAK_LOG", "debug"), ("DAYBREAK_LOG_FORMAT", "json")];
    let said = with(&company, &variables, &["people", "list"]);
    assert!(said.succeeded && !said.errors.is_empty(), "{}", said.errors);
    for line in said.errors.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
    }
}

/// Takes one request, answers that all is well, and returns it.
fn collector(listener: &TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().expect("somebody connects");
    let mut request = Vec::new();
    let mut buffer = [0; 8_192];
    loop {
        let read = stream.read(&mut buffer).expect("the request can be read");
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let length: Option<usize> =
            text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        let head = request.windows(4).position(|window| window == b"\r\n\r\n");
        if read == 0 || matches!((head, length), (Some(head), Some(length)) if request.len() >= head + 4 + length) {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").expect("the answer");
    request
}

#[test]
fn spans_reach_the_collector_before_the_program_ends() {
    let company = tickets::company();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collecting = std::thread::spawn(move || collector(&listener));
    let said = with(&company, &[("DAYBREAK_TRACES_ENDPOINT", &endpoint)], &["score"]);
    assert!(said.succeeded, "{}", said.errors);
    let request = collecting.join().unwrap();
    let text = String::from_utf8_lossy(&request);
    assert!(text.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{text}");
    for wanted in ["service.name", "daybreak", "service.version", "score_stale", "plugin call", "hours-to-resolve"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    for name in ["chen", "zhao", "王芳"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    // One that does not answer takes nothing from the work.
    let said = with(&company, &[("DAYBREAK_TRACES_ENDPOINT", "http://127.0.0.1:1")], &["scores"]);
    assert!(said.succeeded && said.output.contains("hours-to-resolve"), "{}{}", said.output, said.errors);
}

#[test]
fn a_request_joins_the_trace_of_its_caller() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collecting = std::thread::spawn(move || collector(&listener));
    let served = Served::start_with(&company, &[("traces.endpoint", &endpoint)]);
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(served.anybody().with_header("traceparent", trace).get("//health").status, 200);
    served.stop();
    let request = collecting.join().unwrap();
    let id = [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c];
    assert!(request.windows(id.len()).any(|window| window == id), "no span has the caller's trace");
}

#[test]
#[cfg(unix)]
fn the_data_folder_is_private_and_the_doctor_minds_when_it_is_not() {
    use std::os::unix::fs::PermissionsExt;
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let data = company.folder().join("data");
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    let said = company.ok(&["doctor"]);
    assert!(said.contains("only its owner can look into it") && said.contains("MiB are free"), "{said}");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let said = company.ok(&["doctor"]);
    assert!(said.contains("its mode is 755") && said.contains("chmod 700"), "{said}");
}
