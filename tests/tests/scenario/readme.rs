//! The commands of the README and of the guides for administrators do what they say.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use daybreak_domain::access::Scope;
use daybreak_tests::company::{Said, TestCompany, binary, component};
use daybreak_tests::database::Database;
use daybreak_tests::served::Served;

use crate::sqlite::demonstration::NOW as MORNING;
use crate::sqlite::tickets::NOW;

/// The first block of commands below a heading of a document.
fn commands(document: &str, heading: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = std::fs::read_to_string(root.join(document)).unwrap();
    let (_, section) = text.split_once(heading).expect("the document has the section");
    let (_, block) = section.split_once("```sh\n").expect("the section has commands");
    block.split_once("```").expect("the block ends").0.to_owned()
}

/// Runs commands in an empty folder where the plugins are built, at whatever time a reader would; they must succeed.
fn run(commands: &str) -> Said {
    let place = TestCompany::absent(Database::Sqlite, NOW);
    let plugins = component("time-to-resolve").parent().unwrap().to_owned();
    std::fs::create_dir_all(place.folder().join("target")).unwrap();
    std::os::unix::fs::symlink(plugins, place.folder().join("target/plugins")).unwrap();
    let script = format!("set -eu\ndaybreak() {{ '{}' \"$@\"; }}\n{commands}", binary().display());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(place.folder())
        .env_remove("DAYBREAK_NOW")
        .env_remove("DATABASE_URL")
        .env_remove("DAYBREAK_COMPANY")
        .output()
        .expect("bash can be started");
    let said = Said::of(&output);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    said
}

/// `cargo xtask demo` as a newcomer starts it, but smaller, at one moment, and without building what is built.
struct Demonstration {
    xtask: Child,
    address: String,
    /// What it printed before it served.
    filled: String,
}

impl Demonstration {
    fn start(folder: &Path, now: &str) -> Self {
        let xtask = binary().with_file_name(format!("xtask{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(xtask);
        command.args(["demo", "--built", "--people", "60", "--months", "2", "--now", now, "--folder"]).arg(folder);
        // A group of its own, so that what it serves is ended with it, as Ctrl-C does.
        command.args(["--listen", "127.0.0.1:0"]).process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut xtask = command.spawn().expect("xtask was built with the other binaries");
        let mut said = BufReader::new(xtask.stdout.take().expect("it was piped")).lines();
        let mut line = || said.next().expect("it serves in the end").expect("it says it in UTF-8");
        let mut filled = String::new();
        let address = loop {
            let line = line();
            if let Some(address) = line.strip_prefix("Open ") {
                break address.to_owned();
            }
            filled.extend([&line, "\n"]);
        };
        // By then the passwords are chosen.
        while !line().ends_with("Ctrl-C ends it.") {}
        std::thread::spawn(move || said.for_each(drop));
        Self { xtask, address, filled }
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        let group = format!("-{}", self.xtask.id());
        let _ = Command::new("kill").args(["-INT", "--", &group]).status();
        let _ = self.xtask.wait();
    }
}

/// Before anybody opens a page, three people have a composite and a sentence of the last month.
fn people_were_shown(filled: &str) {
    let (_, shown) = filled.split_once("== How three people stand").expect("people are shown");
    let said = |command: &str, expected: &[&str]| {
        let answers: Vec<&str> = shown.split("\n$ daybreak ").filter(|answer| answer.starts_with(command)).collect();
        assert_eq!(answers.len(), 3, "{shown}");
        for answer in answers {
            let found = answer.lines().any(|line| expected.iter().all(|words| line.contains(words)));
            assert!(found, "{expected:?}: {answer}");
        }
    };
    said("composites --employee", &["  2026-06  ", "teamwork"]);
    said("insights --subject", &["  At ", " in June 2026"]);
}

#[test]
fn the_first_ten_minutes_go_as_the_readme_says() {
    let place = TestCompany::absent(Database::Sqlite, MORNING);
    let target = place.folder().join("target");
    std::fs::create_dir_all(&target).unwrap();
    std::os::unix::fs::symlink(binary().parent().unwrap(), target.join("debug")).unwrap();
    let demonstration = Demonstration::start(&target.join("demo"), MORNING);
    people_were_shown(&demonstration.filled);
    // Kept between runs, because what the plugin stands on takes a minute to compile.
    let kept = component("measure").parent().and_then(Path::parent).unwrap().join("new-plugin");
    std::fs::create_dir_all(&kept).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).map(|block| block.split_once("```").expect("the block ends").0);
    let blocks = blocks.collect::<String>().replace("http://127.0.0.1:8080", &demonstration.address);
    // The demonstration runs already, and every month is that of its clock.
    let script = format!(
        "set -eu\ncargo() {{ [ \"$*\" = \"xtask demo\" ]; }}\ndate() {{ echo {}; }}\n\
         daybreak() {{ command daybreak \"$@\"; if [ \"$2\" = new ]; then ln -s '{}' \"$3/target\"; fi; }}\n{blocks}",
        &MORNING[..7],
        kept.display(),
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(place.folder())
        .env("DAYBREAK_NOW", MORNING)
        .env_remove("DATABASE_URL")
        .env_remove("DAYBREAK_COMPANY")
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("bash can be started");
    let said = Said::of(&output);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    for expected in [
        // The manager of the region, and the customer of hers that fell silent.
        r#""company":"demo""#,
        r#""subject":"H-0002""#,
        "the same answers in another order",
        " 0 failed",
        "customers-visited  2026-07",
    ] {
        assert!(said.output.contains(expected), "{expected}: {}", said.output);
    }
}

#[test]
fn your_own_data_becomes_scores() {
    let said = run(&commands("host/docs/IMPORT.md", "## From a file to scores"));
    // T-1 took 4.5 hours, T-2 took 2: the median is 3.25, and 100 · (2 − 3.25 / 4) points.
    assert!(said.output.contains("3.25 from 2 · 118.75 points"), "{}", said.output);
    assert!(said.output.contains(" 0 differ"), "{}", said.output);
}

#[test]
fn people_and_systems_are_let_in_as_the_guide_says() {
    let guide = "host/docs/ACCESS.md";
    let said = run(&commands(guide, "## The first day")).output;
    assert_eq!(said.matches("/accept/dbl_").count(), 3, "{said}");
    assert!(said.contains("wu.fang@acme.example  invited"), "{said}");
    assert!(said.contains("hr-partner of sales") && said.contains("\n  dbt_"), "{said}");
    // Every scope stands in the table in the words of its title, and no other does.
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(guide)).unwrap();
    let (_, section) = text.split_once("## API tokens").unwrap();
    let (section, _) = section.split_once("## ").unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = Scope::ALL
        .iter()
        .map(|scope| {
            let title = scope.title().get("en").to_owned();
            format!("| `{scope}` | {}{} |", title[..1].to_lowercase(), &title[1..])
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn assistants_and_insights_speak_as_their_guide_says() {
    let guide = "host/docs/ASSISTANTS.md";
    let both = commands(guide, "## Alerts in ten commands") + &commands(guide, "## One sentence under each chart");
    let said = run(&both).output;
    // From 05-11 to 07-01 are 51 days; 12,000 + 8,000 + 15,000.
    assert!(said.contains("2 assessed; 1 alerts opened"), "{said}");
    assert!(said.contains("north-hospital · silence · priority 35000"), "{said}");
    assert!(said.contains("No purchase for 51 days, the last on 2026-05-11"), "{said}");
    assert!(said.contains("due on 2026-07-08"), "{said}");
    assert!(said.contains("planned at 2026-07-01"), "{said}");
    // In June Li Na sold for 3,000, after 8,000 + 3,000 in April and 3,000 in May; Chen Wei nothing after May.
    assert!(said.contains("At 3,000 CNY in June 2026, 9,000 CNY away from the target of 12,000 CNY"), "{said}");
    assert!(said.contains("距目标 12,000 CNY 还差 9,000 CNY"), "{said}");
    for what in ["assessed subjects", "sentences"] {
        assert!(said.lines().any(|line| line.contains(what) && line.ends_with(" 0 differ")), "{said}");
    }
}

#[test]
fn the_page_on_the_interface_says_what_works() {
    let place = TestCompany::absent(Database::Sqlite, NOW);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = std::fs::read_to_string(root.join("host/docs/API.md")).unwrap();
    let mut blocks = page.split("```sh\n").skip(1).map(|block| block.split_once("```").expect("the block ends").0);
    // The host is served on a free port, beside the shell.
    let shell = |commands: &str| {
        let binary = binary();
        let script = format!("set -eu\ndaybreak() {{ [ $1 = serve ] || {binary:?} \"$@\"; }}\n{commands}");
        let mut command = Command::new("bash");
        command.args(["-c", &script]).current_dir(place.folder()).env("DAYBREAK_DATA", place.folder().join("data"));
        let output =
            command.env_remove("DAYBREAK_NOW").env_remove("DATABASE_URL").output().expect("bash can be started");
        let said = Said::of(&output);
        assert!(said.succeeded, "{}{}", said.output, said.errors);
        said.output
    };
    let set_up = shell(blocks.next().expect("commands that set a company up"));
    let secret = |beginning: &str| {
        let (_, rest) = set_up.split_once(beginning).expect("it is printed");
        format!("{beginning}{}", rest.split_whitespace().next().unwrap())
    };
    let served = Served::start(&place);
    let commands = blocks.collect::<String>();
    let commands = commands.replace("http://127.0.0.1:8080", &served.address);
    let said = shell(&commands.replace("dbl_…", &secret("dbl_")).replace("dbt_…", &secret("dbt_")));
    for expected in [
        r#""login":"wang.fang""#,
        r#""outcome":"new""#,
        r#""type":"urn:daybreak:problem:refused""#,
        r#""external_id":"visit-1""#,
        "\n304\n",
        "x-request-id: crm-4711",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // The second page holds the older one of two facts.
    assert!(!said.contains("visit-2"), "{said}");
    // The table lists every kind of problem that the document tells of by its status.
    let document: serde_json::Value = serde_json::from_str(&daybreak_api::document().to_json().unwrap()).unwrap();
    let statuses: std::collections::BTreeSet<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|operation| operation["responses"].as_object())
        .flat_map(|responses| responses.keys().map(String::as_str))
        .filter(|status| status.starts_with(['4', '5']))
        .collect();
    for status in statuses {
        assert!(page.contains(&format!("| {status} | `")), "{status}");
    }
}

#[test]
fn the_page_on_tasks_says_what_works() {
    let place = TestCompany::new("Asia/Shanghai", NOW);
    place.ok(&["department", "add", "sales", "--name", "销售"]);
    let people = place.file(
        "people.csv",
        "id,name,department,from,identities\nli,Li,sales,2025-01-01,erp:li\nwu,Wu,sales,2025-01-01,erp:wu\nhe,He,sales,2025-01-01,erp:he\n",
    );
    place.ok(&["people", "import", &people]);
    let mapping = "source = \"erp\"\nkind = \"order\"\nexternal_id = \"{order}\"\ncapture = \"automatic\"\nwho = \"{who}\"\n\
                   unknown_people = \"refuse\"\ndocument = \"{order}\"\n[time]\ntext = \"{at}\"\nzone = \"Asia/Shanghai\"\n\
                   [fields]\nbatch = \"{batch}\"\n";
    let mapping = place.file("erp.toml", mapping);
    let orders =
        place.file("orders.csv", "order,who,at,batch\nO-1,wu,2026-06-01 09:00,B7\nO-2,he,2026-06-02 09:00,B8\n");
    place.ok(&["import", "--mapping", &mapping, &orders]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = std::fs::read_to_string(root.join("host/docs/TASKS.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```sh\n").skip(1).map(|block| block.split_once("```").expect("the block ends").0).collect();
    let script = format!("set -eu\ndaybreak() {{ {:?} \"$@\"; }}\n{}", binary(), blocks.concat());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(place.folder())
        .env("DAYBREAK_DATA", place.folder().join("data"))
        .env_remove("DAYBREAK_NOW")
        .env_remove("DATABASE_URL")
        .env_remove("DAYBREAK_COMPANY")
        .env_remove("DAYBREAK_LANGUAGE")
        .output()
        .expect("bash can be started");
    let said = Said::of(&output);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    for expected in ["call-back is done", "assign 1 people", "recall-b7 was created", "rush was changed"] {
        assert!(said.output.contains(expected), "{expected}: {}", said.output);
    }
    // Every field of a fact that the page names is there, and no other.
    let facts = place.facts();
    let done = facts.iter().find(|fact| fact["external_id"] == "call-back/done/wu").expect("Wu's fact");
    for field in done["attributes"].as_object().expect("fields").keys() {
        assert!(page.contains(&format!("| `{field}` |")), "{field}");
    }
}

/// `cargo xtask demo` with these arguments, which it must refuse.
fn refused_demonstration(here: &Path, arguments: &[&str]) -> String {
    let xtask = binary().with_file_name(format!("xtask{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(xtask);
    let output = command.args(["demo", "--built", "--fill-only"]).args(arguments).current_dir(here).output();
    let said = Said::of(&output.expect("xtask was built with the other binaries"));
    assert!(!said.succeeded, "{}", said.output);
    said.errors
}

#[test]
fn a_demonstration_takes_no_folder_that_holds_anything_else() {
    let place = tempfile::TempDir::new().unwrap();
    let full = place.path().join("full");
    std::fs::create_dir_all(full.join("data")).unwrap();
    std::fs::write(full.join("data/thesis.txt"), "years of work").unwrap();
    // Wherever it is named from, and whatever was asked for.
    let absolute = full.to_str().unwrap();
    for arguments in [&["--folder", "full"][..], &["--folder", absolute], &["--folder", "other/../full"]] {
        let said = refused_demonstration(place.path(), arguments);
        assert!(said.contains("holds other things") && said.contains("--folder"), "{said}");
    }
    let said = refused_demonstration(place.path(), &["--keep", "--folder", "full"]);
    assert!(said.contains("no whole company"), "{said}");
    let left: Vec<_> = std::fs::read_dir(&full).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["data"]);
    assert_eq!(std::fs::read_to_string(full.join("data/thesis.txt")).unwrap(), "years of work");
    // Nothing is made where nothing is taken.
    let said = refused_demonstration(place.path(), &["--keep", "--folder", "absent"]);
    assert!(said.contains("no whole company") && !place.path().join("absent").exists(), "{said}");
    let said = refused_demonstration(place.path(), &["--months", "14"]);
    assert!(said.contains("from 1 to 13"), "{said}");
}
