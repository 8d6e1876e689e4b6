//! `cargo xtask clients`: clients that are generated from the OpenAPI document, against the real binary.
//!
//! A TypeScript and a Python client each go through a scenario (`tests/clients`), then schemathesis tries every endpoint of
//! the document that is served: no failure of the host, and no answer that the document does not tell of. What is
//! installed stays in target/tools; what is generated, and the company, stand in target/clients and are made anew.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::stages::Stages;
use crate::{apt, node, process, setup, workspace};

/// Everything takes place at one moment, whenever it is run.
const NOW: &str = "2026-07-01T01:00:00Z";

const PEOPLE: &str = "\
id,name,identities
sun-hao,孙浩,helpdesk:sun.hao
li-na,李娜,helpdesk:li.na
chen-wei,陈伟,helpdesk:chen.wei
";

const EVENTS: &str = "\
ticket,activity,agent,at
T-1,opened,sun.hao,2026-06-01 09:00
T-1,resolved,sun.hao,2026-06-01 13:30
T-2,opened,sun.hao,2026-06-02 10:00
T-2,resolved,sun.hao,2026-06-02 12:00
";

const MAPPING: &str = r#"source = "helpdesk"
kind = "ticket.event"
external_id = "{ticket}/{activity}/{occurrence}"
capture = "automatic"
who = "{agent}"
document = "{ticket}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
activity = "{activity}"
"#;

/// How long a caller may take, and how often it may call, is tested elsewhere: these callers are in a hurry.
const SETTINGS: [&str; 3] =
    ["limits.requests_per_second=10000", "limits.burst=10000", "limits.sign_in_per_minute=10000"];

pub fn run() -> Result<(), String> {
    setup::run()?;
    all()
}

/// Drives both clients, and tries every endpoint. What `setup` builds is there.
pub fn all() -> Result<(), String> {
    let mut stages = Stages::default();
    let place = Place::fresh()?;
    stages.run("tools for Python", || place.install_python());
    stages.run("tools for TypeScript", || place.install_typescript());
    stages.stop_if_failed()?;
    stages.run("generating the Python client", || place.generate_python());
    stages.run("generating and compiling the TypeScript client", || place.generate_typescript());
    stages.stop_if_failed()?;
    let company = place.company()?;
    let host = place.serve()?;
    let served = |command: &mut Command, link: &str| {
        command.env("DAYBREAK_ADDRESS", &host.address).env("DAYBREAK_TOKEN", &company.token).env("DAYBREAK_LINK", link);
        process::run(command)
    };
    stages.run("TypeScript scenario", || {
        served(place.in_typescript("node").arg("compiled/scenario.js"), &company.link_of_one)
    });
    stages.run("Python scenario", || {
        let mut python = place.python("python");
        python.arg(source("python/scenario.py")).env("PYTHONPATH", place.folder.join("python"));
        served(&mut python, &company.link_of_another)
    });
    stages.run("every endpoint of the document", || {
        let mut python = place.python("python");
        python.arg(source("schemathesis/examine.py")).current_dir(&place.folder);
        served(&mut python, &company.link_of_administrator)
    });
    drop(host);
    stages.stop_if_failed()?;
    stages.print();
    Ok(())
}

/// A file of `tests/clients`.
fn source(path: &str) -> PathBuf {
    workspace::root().join("tests/clients").join(path)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("{} cannot be made: {error}", path.display()))
}

fn remove_folder(path: &Path) -> Result<(), String> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(|error| format!("{} cannot be removed: {error}", path.display()))?;
    }
    Ok(())
}

/// Where everything stands.
struct Place {
    /// Made anew each time.
    folder: PathBuf,
    /// What is installed, for the next time too.
    tools: PathBuf,
}

/// The company's secrets: each link lets one person in, once.
struct Company {
    token: String,
    link_of_administrator: String,
    link_of_one: String,
    link_of_another: String,
}

impl Place {
    fn fresh() -> Result<Self, String> {
        let place = Self { folder: workspace::target().join("clients"), tools: workspace::target().join("tools") };
        remove_folder(&place.folder)?;
        for folder in [&place.folder, &place.tools] {
            make_folder(folder)?;
        }
        Ok(place)
    }

    /// A program of the Python packages. It leaves nothing in the checkout.
    fn python(&self, program: &str) -> Command {
        let mut command = process::command(self.tools.join("python/bin").join(program));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// The packages in a folder of their own, unless exactly these are there. They come as they were built: nothing is
    /// compiled here.
    fn install_python(&self) -> Result<(), String> {
        let (folder, requirements) = (self.tools.join("python"), source("requirements.txt"));
        let (wanted, installed) = (read(&requirements)?, folder.join("installed.txt"));
        if read(&installed).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        if !process::succeeds(process::command("python3").args(["-c", "import venv, ensurepip"])) {
            apt::install(&["python3", "python3-venv"], "The generated clients need Python 3 with venv")?;
        }
        remove_folder(&folder)?;
        process::run(process::command("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = self.python("pip");
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"]);
        process::run(pip.arg("--requirement").arg(requirements))?;
        write(&installed, &wanted)
    }

    fn install_typescript(&self) -> Result<(), String> {
        node::installed("The generated clients need")?;
        let folder = self.tools.join("typescript");
        make_folder(&folder)?;
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            write(&folder.join(file), &read(&source("typescript").join(file))?)?;
        }
        node::install_packages(&folder)
    }

    /// The document as a file: what generators read.
    fn document(&self) -> Result<PathBuf, String> {
        let path = self.folder.join("openapi.json");
        write(&path, &process::output(process::daybreak().arg("openapi"))?)?;
        Ok(path)
    }

    fn generate_python(&self) -> Result<(), String> {
        let package = self.folder.join("python/daybreak_client");
        make_folder(&self.folder.join("python"))?;
        let mut generator = self.python("openapi-python-client");
        generator.args(["generate", "--meta", "none", "--fail-on-warning", "--path"]).arg(self.document()?);
        generator.arg("--output-path").arg(&package).arg("--config").arg(source("python/generator.yaml"));
        process::run(&mut generator)?;
        process::run(self.python("python").args(["-m", "compileall", "-q"]).arg(package))
    }

    /// A program that `npm ci` installed, or `node`, where the client is.
    fn in_typescript(&self, program: &str) -> Command {
        let folder = self.folder.join("typescript");
        let installed = folder.join("node_modules/.bin").join(program);
        let mut command = process::command(if installed.exists() { installed } else { program.into() });
        command.current_dir(folder);
        command
    }

    fn generate_typescript(&self) -> Result<(), String> {
        let folder = self.folder.join("typescript");
        make_folder(&folder)?;
        std::os::unix::fs::symlink(self.tools.join("typescript/node_modules"), folder.join("node_modules"))
            .map_err(|error| format!("{} cannot be linked to: {error}", self.tools.display()))?;
        for file in ["package.json", "tsconfig.json", "scenario.ts"] {
            write(&folder.join(file), &read(&source("typescript").join(file))?)?;
        }
        let mut generator = self.in_typescript("openapi-typescript");
        process::run(generator.arg(self.document()?).args(["--output", "generated/daybreak.ts"]))?;
        process::run(&mut self.in_typescript("tsc"))
    }

    fn daybreak(&self, words: &[&str]) -> Command {
        let folder = self.folder.join("company");
        let mut command = process::daybreak();
        command.args(words).current_dir(&folder).env("DAYBREAK_NOW", NOW).env("DAYBREAK_DATA", folder.join("data"));
        command.env_remove("DAYBREAK_COMPANY").env_remove("DATABASE_URL");
        command
    }

    /// A company whose tickets are scored, with a way in for each caller.
    fn company(&self) -> Result<Company, String> {
        let folder = self.folder.join("company");
        make_folder(&folder)?;
        let parameters = r#"{ "resolving": ["resolved"] }"#;
        let files =
            [("people.csv", PEOPLE), ("events.csv", EVENTS), ("events.toml", MAPPING), ("parameters.json", parameters)];
        for (name, text) in files {
            write(&folder.join(name), text)?;
        }
        let daybreak = |words: &[&str]| process::output(&mut self.daybreak(words));
        let component = workspace::plugins().join("time-to-resolve.wasm").display().to_string();
        let begun = daybreak(&["init", "clients", "--name", "Clients", "--admin", "王芳", "--login", "wang.fang"])?;
        daybreak(&["people", "import", "people.csv"])?;
        daybreak(&["import", "--mapping", "events.toml", "events.csv"])?;
        daybreak(&["plugin", "install", &component])?;
        let mut indicator = vec!["indicator", "set", "hours-to-resolve", "--plugin", "time-to-resolve", "--grant"];
        indicator.extend(["--title-zh", "工单解决时长", "--title-en", "Hours to resolve"]);
        indicator.extend(["--direction", "lower-is-better", "--unit", "h", "--parameters", "parameters.json"]);
        daybreak(&indicator)?;
        daybreak(&["goal", "set", "hours-to-resolve", "--target", "4"])?;
        daybreak(&["score"])?;
        let scopes = ["facts:read", "facts:write", "scores:read", "scores:compute"];
        let mut token = vec!["token", "create", "scenarios", "--days", "30"];
        token.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        Ok(Company {
            token: secret(&daybreak(&token)?, "dbt_")?,
            link_of_administrator: secret(&begun, "dbl_")?,
            link_of_one: secret(&daybreak(&["account", "invite", "li-na", "--login", "li.na"])?, "dbl_")?,
            link_of_another: secret(&daybreak(&["account", "invite", "chen-wei", "--login", "chen.wei"])?, "dbl_")?,
        })
    }

    /// Serves the company on a free port.
    fn serve(&self) -> Result<Host, String> {
        let mut command = self.daybreak(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(SETTINGS.iter().flat_map(|setting| ["--set", setting]));
        let mut process = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("no host: {error}"))?;
        let mut output = process.stdout.take().map(BufReader::new);
        let mut said = output.iter_mut().flat_map(BufRead::lines).map_while(Result::ok);
        let address = said.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let host = Host { process, address: address.unwrap_or_default(), _output: output };
        if host.address.is_empty() { Err("the host did not start".to_owned()) } else { Ok(host) }
    }
}

/// The word of the output that begins with what this kind of secret begins with.
fn secret(output: &str, beginning: &str) -> Result<String, String> {
    let place = output.find(beginning).ok_or_else(|| format!("no {beginning}… in:\n{output}"))?;
    Ok(output[place..].split_whitespace().next().unwrap_or_default().to_owned())
}

/// The host, until this value is gone.
struct Host {
    process: Child,
    address: String,
    /// What it says from now on is little, and nobody waits for it; it is open, so that the host can say it.
    _output: Option<BufReader<ChildStdout>>,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
