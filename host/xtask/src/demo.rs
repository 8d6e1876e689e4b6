//! `cargo xtask demo`: a made-up company, filled and scored by the `daybreak` binary as an administrator would do it, and
//! then served.
//!
//! Every command is printed before its output, so that one can go on from there. `host/demo` makes the files up; the
//! company stays in target/demo until the next demonstration.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use daybreak_demo::calendar::{Minute, parse_instant};
use daybreak_demo::sheets::{CORRECTIONS, HISTORY, RECENT, SHEETS};
use daybreak_demo::{Options, Written};

use crate::{process, setup, workspace};

mod folder;

use folder::{DATA, FILES, Folder, MOMENT, PACK, SIGN_IN};

/// The plugins that the pack speaks of.
const PLUGINS: [&str; 7] = [
    "collaboration",
    "crisis-response",
    "customer-risk",
    "measure",
    "plain-words",
    "professional-influence",
    "time-to-resolve",
];
/// For the four who show what each role sees. Everybody may know it: the host listens on this machine only.
const PASSWORD: &str = "daybreak-demo";
/// Where it is served unless something else listens there, then the next free port after it.
const PORT: u16 = 8080;
const PORTS: u16 = 100;
const CRISIS: &str = "recall";
/// This program itself tries passwords when it begins to serve, oftener than a host lets anybody guess.
const SIGN_INS_A_MINUTE: &str = "1000";
/// Most complete months: everybody's posts and everything about customers go back a little further than this.
const MONTHS_MAX: i64 = 13;
const ANSWER_MAX: Duration = Duration::from_mins(1);
const OK: u16 = 200;

const USAGE: &str = "\
Usage: cargo xtask demo [OPTIONS]

  --keep            serve the company that is there, without making it anew
  --fill-only       fill and score, and do not serve
  --folder FOLDER   where the company is kept, instead of target/demo of the checkout; an empty folder, or one of a
                    demonstration
  --listen ADDRESS  where it is served, instead of 127.0.0.1:8080 or the next free port
  --now INSTANT     the moment up to which things happened, such as 2026-07-01T01:00:00Z, instead of now; the clock
                    stands still at it
  --built           everything is built already: build nothing
  --people NUMBER   how many work there, from 40 to 327, instead of 327
  --months NUMBER   how many complete months there are, from 1 to 13, instead of 12";

/// What was asked for.
struct Asked {
    keep: bool,
    fill_only: bool,
    built: bool,
    folder: PathBuf,
    listen: Option<String>,
    now: Option<Minute>,
    people: Option<usize>,
    months: Option<i64>,
}

pub fn run(arguments: &[String]) -> Result<(), String> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{USAGE}");
        return Ok(());
    }
    let asked = Asked::read(arguments)?;
    if !asked.built {
        setup::run()?;
    }
    let mut demo = Demo::open(&asked)?;
    if asked.keep {
        demo.take_up();
    } else {
        demo.fill(&asked)?;
    }
    if asked.fill_only {
        println!("\nThe company stands in {}; serve it with `cargo xtask demo --keep`", demo.folder.path().display());
        return Ok(());
    }
    demo.serve(asked.listen.as_deref())
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let folder = workspace::target().join("demo");
        let (keep, fill_only, built) = (false, false, false);
        let mut asked = Self { keep, fill_only, built, folder, listen: None, now: None, people: None, months: None };
        let mut rest = arguments.iter();
        while let Some(option) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("{option} needs a value\n\n{USAGE}"));
            let wrong = |what: &str| format!("{option}: {what}\n\n{USAGE}");
            match option.as_str() {
                "--keep" => asked.keep = true,
                "--fill-only" => asked.fill_only = true,
                "--built" => asked.built = true,
                "--folder" => {
                    let folder = value()?;
                    asked.folder = std::path::absolute(folder).map_err(|error| wrong(&error.to_string()))?;
                }
                "--listen" => asked.listen = Some(value()?.clone()),
                "--now" => {
                    let now =
                        parse_instant(value()?).ok_or_else(|| wrong("write an instant in UTC that ends with Z"))?;
                    asked.now = Some(now);
                }
                "--people" => {
                    let people = value()?.parse().ok().filter(|people| (40..=327).contains(people));
                    asked.people = Some(people.ok_or_else(|| wrong("from 40 to 327"))?);
                }
                "--months" => {
                    let months = value()?.parse().ok().filter(|months| (1..=MONTHS_MAX).contains(months));
                    asked.months = Some(months.ok_or_else(|| wrong(&format!("from 1 to {MONTHS_MAX}")))?);
                }
                _ => return Err(format!("demo {option}: no such option\n\n{USAGE}")),
            }
        }
        Ok(asked)
    }
}

struct Demo {
    folder: Folder,
    /// The clock of a demonstration that takes place at another time.
    now: Option<Minute>,
    began: Instant,
}

impl Demo {
    #[expect(clippy::disallowed_methods, reason = "how long it took is read from the machine's clock")]
    fn open(asked: &Asked) -> Result<Self, String> {
        if asked.keep && !asked.folder.join(SIGN_IN).is_file() {
            return Err(format!("there is no whole company in {} yet: leave --keep out once", asked.folder.display()));
        }
        Ok(Self { folder: Folder::take(&asked.folder)?, now: asked.now, began: Instant::now() })
    }

    /// Goes on with the company that is there, at its own moment if it has one.
    fn take_up(&mut self) {
        let moment = fs::read_to_string(self.folder.join(MOMENT)).ok();
        self.now = self.now.or(moment.as_deref().and_then(parse_instant));
    }

    fn fill(&self, asked: &Asked) -> Result<(), String> {
        self.folder.empty()?;
        let mut options = Options::at(self.now.unwrap_or_else(this_minute));
        options.people = asked.people.unwrap_or(options.people);
        options.months = asked.months.unwrap_or(options.months);
        self.title("What the company's systems export");
        let files = self.folder.join(FILES);
        let written = daybreak_demo::write(&files, &options)
            .map_err(|error| format!("{} could not be written: {error}", files.display()))?;
        let rows: u64 = written.rows.values().sum();
        println!("{} people work there, and {} have left.", written.people, written.left);
        println!("{} customers, {rows} facts since {}", written.customers, options.first());
        self.write_pack()?;

        self.title("A company, its people and its customers");
        let company = ["init", "demo", "--name", "破晓示例医疗器械", "--admin", "系统管理员"];
        self.daybreak(&company)?;
        self.daybreak(&["apply", "pack", "--grant"])?;
        self.daybreak(&["people", "import", "files/people.csv"])?;
        self.daybreak(&["absence", "import", "files/absences.csv"])?;
        self.daybreak(&["customer", "import", "files/customers.csv"])?;
        self.daybreak(&["customer", "owners", "files/owners.csv"])?;
        self.daybreak(&["contact", "import", "files/contacts.csv"])?;

        self.title("The newest month first");
        self.import(RECENT)?;
        let month = options.recent_from().to_string();
        let month = &month[..7];
        self.daybreak(&["score", "--period", month])?;
        for person in [&written.roles.employee, &written.roles.manager] {
            self.daybreak(&["composites", "--employee", person, "--period", month])?;
        }
        println!("The first scores are there after {} seconds.", self.began.elapsed().as_secs());

        self.title("The months before, and what was corrected");
        self.import(HISTORY)?;
        self.import(CORRECTIONS)?;
        self.live(&written, options.now)?;
        self.title("Everything that is stale by now, and a sentence for each chart");
        self.daybreak(&["score"])?;
        self.quietly(&["insights"])?;
        let sign_in = self.let_in(&written)?;
        self.show(&written)?;
        let stands = format!("{} facts, filled and scored within {} seconds.", rows, self.began.elapsed().as_secs());
        println!("\n{stands}");
        if let Some(now) = self.now {
            write(&self.folder.join(MOMENT), &now.instant())?;
        }
        // Last: whoever serves what is there goes by it.
        write(&self.folder.join(SIGN_IN), &sign_in)
    }

    /// The pack of the demonstration, with the plugins as they were built.
    fn write_pack(&self) -> Result<(), String> {
        let (from, to) = (workspace::root().join("host/demo/pack"), self.folder.join(PACK));
        let failed = |error| format!("the pack could not be copied to {}: {error}", to.display());
        copy(&from, &to).map_err(failed)?;
        fs::create_dir_all(to.join("plugins")).map_err(failed)?;
        for plugin in PLUGINS {
            let file = format!("{plugin}.wasm");
            fs::copy(workspace::plugins().join(&file), to.join("plugins").join(&file)).map_err(failed)?;
        }
        Ok(())
    }

    fn import(&self, part: &str) -> Result<(), String> {
        for sheet in SHEETS {
            let file = format!("files/{part}/{}.csv", sheet.name);
            if self.folder.join(&file).is_file() {
                self.daybreak(&["import", "--mapping", sheet.name, &file])?;
            }
        }
        Ok(())
    }

    /// What nobody delivers in files: the recall of last month, tasks that people agree on, a manager's change of shares.
    fn live(&self, written: &Written, now: Minute) -> Result<(), String> {
        let recall = &written.recall;
        self.title("A recall last month, and what is on people's desks");
        let title = format!("召回批次 {}", recall.batch);
        let due = recall.ended.day().to_string();
        let crisis = ["task", "crisis", "--id", CRISIS, "--document", &recall.batch, "--linked-by", "batch"];
        let crisis = [&crisis[..], &["--initiator", &recall.initiator, "--due", &due, "--title", &title]].concat();
        self.daybreak_at(recall.began, &crisis)?;
        self.daybreak_at(recall.ended, &["task", "done", CRISIS, "--by", &recall.initiator])?;
        let (employee, manager) = (written.roles.employee.as_str(), written.roles.manager.as_str());
        let today = now.day();
        let tasks = [
            (manager, employee, "准备下周三甲医院的产品演示", 3, ""),
            (employee, employee, "整理本月竞品动态", 1, ""),
            (written.recall.initiator.as_str(), employee, "向医院说明召回后的换货安排", 5, ""),
            (manager, manager, "与财务核对账期超过六十天的客户", 2, ""),
            (written.roles.hr_partner.as_str(), manager, "完成两位新同事的试用期谈话", 6, ""),
        ];
        for (number, (initiator, assignee, title, days, customer)) in tasks.into_iter().enumerate() {
            let (id, due) = (format!("desk-{}", number + 1), today.plus(days).workday_from().to_string());
            let mut words = vec!["task", "add", "--id", &id, "--title", title, "--initiator", initiator];
            words.extend(["--assignee", assignee, "--due", &due]);
            if !customer.is_empty() {
                words.extend(["--customer", customer]);
            }
            self.daybreak(&words)?;
        }
        // Done by mistake, and open again: the facts of its end are withdrawn.
        self.daybreak(&["task", "done", "desk-2", "--by", employee])?;
        self.daybreak(&["task", "reopen", "desk-2", "--by", employee])?;
        let first = today.first_of_month();
        let (from, until) = (first.to_string(), first.plus(10).to_string());
        let change = ["reweight", employee, "--indicator", "influence", "--share", "30%", "--from", &from];
        let change =
            [&change[..], &["--until", &until, "--reason", "新品上市,先把医生讲明白", "--by", manager]].concat();
        self.daybreak(&change)
    }

    /// Accounts for four people, one for each role. Returns how they sign in.
    fn let_in(&self, written: &Written) -> Result<String, String> {
        self.title("Four people who may sign in");
        let roles = &written.roles;
        self.daybreak(&["role", "set", &roles.administrator, "--admin"])?;
        self.daybreak(&["role", "set", &roles.hr_partner, "--hr", "management"])?;
        let mut lines = String::new();
        for (role, login, person) in [
            ("employee, a sales representative", "employee", &roles.employee),
            ("manager of a sales region", "manager", &roles.manager),
            ("HR partner", "hr", &roles.hr_partner),
            ("administrator", "admin.demo", &roles.administrator),
        ] {
            let said = process::output(self.command(self.now).args(["account", "invite", person, "--login", login]))?;
            let secret = link(&said)?;
            let name = written.names.get(person).map_or("", String::as_str);
            lines.extend([role, "\t", login, "\t", person, "\t", name, "\t", secret, "\n"]);
        }
        Ok(lines)
    }

    fn show(&self, written: &Written) -> Result<(), String> {
        self.title("How three people stand");
        // The third is one of those who dealt with the recall: see what counts how much in that month.
        let third = written.recall.touched.first().unwrap_or(&written.roles.hr_partner);
        for person in [&written.roles.employee, &written.roles.manager, third] {
            self.daybreak(&["composites", "--employee", person, "--most", "40"])?;
            self.daybreak(&["insights", "--subject", person])?;
        }
        Ok(())
    }

    /// Serves until somebody ends it.
    fn serve(&self, listen: Option<&str>) -> Result<(), String> {
        let listen = match listen {
            Some(address) => address.to_owned(),
            None => free_port()?.to_string(),
        };
        let path = self.folder.join(SIGN_IN);
        let sign_in =
            fs::read_to_string(&path).map_err(|error| format!("{} could not be read: {error}", path.display()))?;
        let people: Vec<&str> = sign_in.lines().filter_map(|line| line.split('\t').nth(2)).collect();
        let mut command = self.command(self.now);
        command.args(["serve", "--listen", &listen]).stdout(Stdio::piped());
        // The pages then offer them without asking for the password.
        command.env("DAYBREAK_DEMO_PEOPLE", people.join(","));
        command.env("DAYBREAK_LIMITS_SIGN_IN_PER_MINUTE", SIGN_INS_A_MINUTE);
        self.title("Serving");
        println!("$ {}", process::typed(Command::new("daybreak").args(["serve", "--listen", &listen])));
        let host = command.spawn().map_err(|error| format!("the host could not be started: {error}"))?;
        let mut host = Host(host);
        let output = host.0.stdout.take().ok_or("the host's output cannot be read")?;
        let mut lines = BufReader::new(output).lines();
        let address =
            lines.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let Some(address) = address else {
            let status = host.0.wait().map_err(|error| error.to_string())?;
            return Err(format!("the host did not start ({status}): it says above why"));
        };
        println!("\nOpen {address}\n\nSign in with the password {PASSWORD} as");
        for line in sign_in.lines() {
            let mut parts = line.split('\t');
            let mut part = || parts.next().unwrap_or_default();
            let (role, login, person, name, secret) = (part(), part(), part(), part(), part());
            self.see_to_password(&address, login, person, secret)?;
            println!("  {login:<12} {person}  {name}: {role}");
        }
        println!("\nThe company stands in {}. Ctrl-C ends it.", self.folder.path().display());
        for line in lines.map_while(Result::ok) {
            println!("{line}");
        }
        let status = host.0.wait().map_err(|error| format!("the host was lost: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the host ended with {status}")) }
    }

    /// Whoever cannot sign in with the password chooses it, with the link of the invitation or, if that is too old, another.
    fn see_to_password(&self, address: &str, login: &str, person: &str, secret: &str) -> Result<(), String> {
        let sign_in = format!("{{\"login\":\"{login}\",\"password\":\"{PASSWORD}\"}}");
        let accept = |secret: &str| {
            let body = format!("{{\"secret\":\"{secret}\",\"password\":\"{PASSWORD}\"}}");
            post(address, "/links/accept", &body)
        };
        if accept(secret)? == OK || post(address, "/session", &sign_in)? == OK {
            return Ok(());
        }
        let said = process::output(self.command(self.now).args(["account", "reset", person]))?;
        match accept(link(&said)?)? {
            OK => Ok(()),
            status => Err(format!("the password of {login} could not be chosen: the host answers {status}")),
        }
    }

    fn title(&self, title: &str) {
        println!("\n== {title} ({} s)\n", self.began.elapsed().as_secs());
    }

    /// Prints the command as one would type it, and runs it.
    fn daybreak(&self, words: &[&str]) -> Result<(), String> {
        self.at(self.now, words, true)
    }

    fn daybreak_at(&self, now: Minute, words: &[&str]) -> Result<(), String> {
        self.at(Some(now), words, true)
    }

    /// Without what it says, which is long.
    fn quietly(&self, words: &[&str]) -> Result<(), String> {
        self.at(self.now, words, false)
    }

    fn at(&self, now: Option<Minute>, words: &[&str], is_shown: bool) -> Result<(), String> {
        println!("$ {}", process::typed(Command::new("daybreak").args(words)));
        let mut command = self.command(now);
        command.args(words);
        if !is_shown {
            command.stdout(Stdio::null());
        }
        process::run(&mut command)
    }

    /// The binary, with the company of the demonstration whatever is set for another one.
    fn command(&self, now: Option<Minute>) -> Command {
        let mut command = process::daybreak();
        command.current_dir(self.folder.path()).env("DAYBREAK_DATA", self.folder.join(DATA));
        for variable in ["DAYBREAK_COMPANY", "DAYBREAK_NOW", "DAYBREAK_DATABASE", "DATABASE_URL"] {
            command.env_remove(variable);
        }
        if let Some(now) = now {
            command.env("DAYBREAK_NOW", now.instant());
        }
        command
    }
}

/// The host that serves, which does not outlast this program's interest in it.
struct Host(Child);

impl Drop for Host {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return;
        }
        if !process::succeeds(process::command("kill").args(["-INT", &self.0.id().to_string()])) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "a demonstration goes up to now, unless it is told another moment")]
fn this_minute() -> Minute {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Minute::of_unix_seconds(since.as_secs().cast_signed())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} could not be written: {error}", path.display()))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The first port that nothing listens on.
fn free_port() -> Result<SocketAddr, String> {
    let addresses = (PORT..PORT + PORTS).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let mut free = addresses.filter(|address| TcpListener::bind(address).is_ok());
    free.next().ok_or_else(|| format!("no port from {PORT} to {} is free: choose one with --listen", PORT + PORTS - 1))
}

/// The secret of the link that the host printed.
fn link(said: &str) -> Result<&str, String> {
    let secret = said.lines().find_map(|line| line.trim().strip_prefix("/accept/"));
    secret.ok_or_else(|| format!("the host printed no link: {said}"))
}

/// Sends a JSON body to the host and returns the status of its answer.
fn post(address: &str, path: &str, body: &str) -> Result<u16, String> {
    let failed = |error: std::io::Error| format!("{address} does not answer: {error}");
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).map_err(failed)?;
    stream.set_read_timeout(Some(ANSWER_MAX)).map_err(failed)?;
    let request = format!(
        "POST /api/v1{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| format!("{address} answers something else than HTTP"))
}
