//! `cargo xtask demo`: a made-up company from the logs of its systems to scores that can be checked.
//!
//! It drives the `daybreak` binary as an administrator would and prints every command before its output. The company
//! stays in target/demo until the next demonstration, so that one can go on from there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ticket_log::{DEPARTMENTS, Rows};
use crate::{process, setup, ticket_log, workspace};

/// The morning after the last day of the logs: a demonstration takes place at one moment, whenever it is run.
const NOW: &str = "2026-07-01T01:00:00Z";

/// What each system's file means, as `NAME.toml`.
const MAPPINGS: [(&str, &str); 3] = [
    (
        "tickets.toml",
        r#"# The help desk's log of events. Two of its headers are called 状态; #1 would take the first.
source = "helpdesk"
kind = "ticket.event"
# Identical rows are kept apart by how often the rest of the id has been seen.
external_id = "{工单号}/{环节}/{occurrence}"
capture = "automatic"
who = "{处理人}"
# The robot that closes tickets is nobody.
unknown_people = "unassigned"
document = "{工单号}"
customer = "{客户}"

[time]
text = "{时间}"
format = "%Y/%m/%d %H:%M:%S"
zone = "Asia/Shanghai"

[fields]
activity = "{环节}"
product = "{产品}"
urgency = "{紧急程度}"
"#,
    ),
    (
        "tasks.toml",
        r#"# The project tool's finished tasks.
source = "projects"
kind = "task.done"
external_id = "{task}"
capture = "automatic"
who = "{owner}"
document = "{task}"

[time]
text = "{done at}"
format = "rfc3339"

[fields]
title = "{title}"
asked-by = "{asked by}"
"#,
    ),
    (
        "orders.toml",
        r#"# The shop's orders and returns: the column 类型 says which.
source = "shop"
kind = "{类型}"
external_id = "{订单号}"
capture = "prefilled"
who = "{销售}"
document = "{订单号}"
customer = "{客户}"
value = "{金额}"

[time]
text = "{下单时间}"
zone = "Asia/Shanghai"
"#,
    ),
];

/// An indicator of the demonstration with the goal that everybody has.
struct Indicator {
    id: &'static str,
    plugin: &'static str,
    title_zh: &'static str,
    title_en: &'static str,
    direction: &'static str,
    unit: &'static str,
    department: &'static [&'static str],
    parameters: &'static str,
    goal: &'static [&'static str],
}

const INDICATORS: [Indicator; 4] = [
    Indicator {
        id: "hours-to-resolve",
        plugin: "time-to-resolve",
        title_zh: "工单解决时长",
        title_en: "Hours to resolve a ticket",
        direction: "lower-is-better",
        unit: "h",
        // Tickets start with other departments' events, so what it reads is granted for the whole company or not at all.
        department: &[],
        parameters: r#"{ "resolving": ["解决"] }"#,
        goal: &["--baseline", "48", "--stretch", "16"],
    },
    Indicator {
        id: "tickets-resolved",
        plugin: "measure",
        title_zh: "解决工单数",
        title_en: "Tickets resolved",
        direction: "higher-is-better",
        unit: "",
        department: &["engineering"],
        parameters: r#"{ "kind": "ticket.event", "measure": "distinct-count", "field": "@document",
  "conditions": [{ "field": "activity", "equals": "解决" }] }"#,
        goal: &["--target", "30"],
    },
    Indicator {
        id: "order-value",
        plugin: "measure",
        title_zh: "签单金额",
        title_en: "Value of orders",
        direction: "higher-is-better",
        unit: "CNY",
        department: &["sales"],
        parameters: r#"{ "kind": "order", "measure": "sum", "field": "@value" }"#,
        goal: &["--target", "400000"],
    },
    Indicator {
        id: "tasks-done",
        plugin: "measure",
        title_zh: "完成任务数",
        title_en: "Tasks finished",
        direction: "higher-is-better",
        unit: "",
        department: &[],
        parameters: r#"{ "kind": "task.done", "measure": "count", "points": "tiered",
  "tiers": [{ "threshold": 1, "points": 60 }, { "threshold": 4, "points": 80 }, { "threshold": 6, "points": 100 }] }"#,
        goal: &[],
    },
];

pub fn run() -> Result<(), String> {
    setup::run()?;
    let demo = Demo::fresh()?;
    let rows = demo.write_files()?;
    println!(
        "\nA made-up company: {} tickets with {} events, {} tasks and {} orders of four months\n",
        rows.tickets, rows.ticket_events, rows.tasks, rows.orders
    );
    demo.daybreak(&["init", "demo", "--name", "破晓示例公司", "--admin", "管理员"])?;
    for department in &DEPARTMENTS {
        demo.daybreak(&["department", "add", department.id, "--name", department.name])?;
    }
    demo.daybreak(&["people", "import", "people.csv"])?;
    demo.daybreak(&["people", "import", "moves.csv"])?;
    for plugin in ["time-to-resolve", "measure"] {
        let component = workspace::plugins().join(format!("{plugin}.wasm"));
        demo.daybreak(&["plugin", "install", &component.display().to_string()])?;
    }
    for file in ["tickets", "tasks", "orders"] {
        let (csv, mapping) = (format!("{file}.csv"), format!("{file}.toml"));
        let delimiter: &[&str] = if file == "tasks" { &["--delimiter", ";"] } else { &[] };
        demo.daybreak(&[&["import", &csv, "--mapping", &mapping], delimiter].concat())?;
    }
    for indicator in &INDICATORS {
        demo.enable(indicator)?;
    }
    demo.daybreak(&["score"])?;
    demo.daybreak(&["scores", "--period", "2026-06"])?;
    demo.daybreak(&["scores", "--period", "2026-06", "--subject", "li-na", "--evidence"])?;
    demo.daybreak(&["replay"])?;
    println!("The company stays in {}; go on from there, for example:", demo.data().display());
    println!("    export DAYBREAK_DATA={}", demo.data().display());
    println!("    {} scores --subject sun-hao --evidence", workspace::binary().display());
    Ok(())
}

struct Demo {
    folder: PathBuf,
}

impl Demo {
    fn fresh() -> Result<Self, String> {
        let folder = workspace::target().join("demo");
        let failed = |error| format!("{} could not be made anew: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Self { folder })
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Writes what an administrator would have: exported files, mappings and parameters.
    fn write_files(&self) -> Result<Rows, String> {
        for (name, text) in MAPPINGS {
            write(&self.folder.join(name), text)?;
        }
        for indicator in &INDICATORS {
            write(&self.folder.join(format!("{}.json", indicator.id)), indicator.parameters)?;
        }
        ticket_log::write(&self.folder)
    }

    fn enable(&self, indicator: &Indicator) -> Result<(), String> {
        let parameters = format!("{}.json", indicator.id);
        let mut words = vec!["indicator", "set", indicator.id, "--plugin", indicator.plugin];
        words.extend(["--title-zh", indicator.title_zh, "--title-en", indicator.title_en]);
        words.extend(["--direction", indicator.direction, "--unit", indicator.unit, "--parameters", &parameters]);
        for department in indicator.department {
            words.extend(["--department", department]);
        }
        words.push("--grant");
        self.daybreak(&words)?;
        if indicator.goal.is_empty() {
            return Ok(());
        }
        self.daybreak(&[&["goal", "set", indicator.id], indicator.goal].concat())
    }

    /// Prints the command as one would type it, and runs it.
    fn daybreak(&self, words: &[&str]) -> Result<(), String> {
        let mut command = Command::new("daybreak");
        println!("$ {}", process::typed(command.args(words)));
        let mut command = process::daybreak();
        command.args(words).current_dir(&self.folder).env("DAYBREAK_NOW", NOW);
        // The company of the demonstration, whatever is set for another one.
        command.env("DAYBREAK_DATA", self.data()).env_remove("DAYBREAK_COMPANY");
        process::run(&mut command)?;
        println!();
        Ok(())
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} could not be written: {error}", path.display()))
}
