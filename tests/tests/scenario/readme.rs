//! The commands of the README and of the guides for administrators do what they say.

use std::path::Path;
use std::process::Command;

use daybreak_domain::access::Scope;
use daybreak_tests::company::{Said, TestCompany, binary, component};
use daybreak_tests::database::Database;

use crate::sqlite::tickets::NOW;

/// The first block of commands below a heading of a document.
fn commands(document: &str, heading: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = std::fs::read_to_string(root.join(document)).unwrap();
    let (_, section) = text.split_once(heading).expect("the document has the section");
    let (_, block) = section.split_once("```sh\n").expect("the section has commands");
    block.split_once("```").expect("the block ends").0.to_owned()
}

/// Runs commands in an empty folder where the plugins are built; they must succeed.
fn run(commands: &str) -> Said {
    let place = TestCompany::absent(Database::Sqlite, NOW);
    let plugins = component("time-to-resolve").parent().unwrap().to_owned();
    std::fs::create_dir_all(place.folder().join("target")).unwrap();
    std::os::unix::fs::symlink(plugins, place.folder().join("target/plugins")).unwrap();
    let script = format!("set -eu\ndaybreak() {{ '{}' \"$@\"; }}\n{commands}", binary().display());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(place.folder())
        .env("DAYBREAK_NOW", NOW)
        .output()
        .expect("bash can be started");
    let said = Said::of(&output);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    said
}

#[test]
fn your_own_data_becomes_scores() {
    let said = run(&commands("README.md", "## Your own data"));
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
        .env("DAYBREAK_NOW", NOW)
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
