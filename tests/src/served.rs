//! A company that the real binary serves over HTTP, and callers of it: people who signed in, systems with tokens.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::company::TestCompany;

/// A password that the rules allow.
pub const PASSWORD: &str = "correct horse battery";

/// The host, until this value is gone.
pub struct Served {
    host: Child,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    output: Option<JoinHandle<()>>,
    errors: Option<JoinHandle<()>>,
    said: Arc<Mutex<String>>,
}

impl Served {
    /// Serves the company on a free port.
    #[must_use]
    pub fn start(company: &TestCompany) -> Self {
        Self::start_with(company, &[])
    }

    /// Serves the company with settings of its own: `("limits.body_bytes", "1 KiB")`.
    #[must_use]
    pub fn start_with(company: &TestCompany, settings: &[(&str, &str)]) -> Self {
        let mut arguments = vec!["serve".to_owned(), "--listen".to_owned(), "127.0.0.1:0".to_owned()];
        for (key, value) in settings {
            arguments.extend(["--set".to_owned(), format!("{key}={value}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = company.command(&arguments);
        let mut host =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary can be started");
        let said = Arc::new(Mutex::new(String::new()));
        let errors = host.stderr.take().map(|errors| keep(errors, said.clone()));
        let mut output = BufReader::new(host.stdout.take().expect("it was piped"));
        let mut address = String::new();
        loop {
            let mut line = String::new();
            let read = output.read_line(&mut line).expect("the host says something");
            if let Some(found) = line.strip_prefix("listening on ") {
                found.trim().clone_into(&mut address);
            }
            if read == 0 || !address.is_empty() {
                break;
            }
        }
        let output = drain(output);
        let served = Self { host, address, output: Some(output), errors, said };
        assert!(!served.address.is_empty(), "the host did not start:\n{}", served.said());
        served
    }

    /// What the host wrote to its standard error.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().expect("nobody panicked with it").clone()
    }

    /// The most that the host has held in memory so far, in KiB, where the system tells.
    #[must_use]
    pub fn memory_kibibytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.host.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Whoever has not signed in.
    #[must_use]
    pub fn anybody(&self) -> Caller {
        let http = Client::builder().timeout(None).build().expect("a client");
        Caller { http, address: self.address.clone(), headers: BTreeMap::new() }
    }

    /// The company's first administrator, signed in.
    #[must_use]
    pub fn administrator(&self, company: &TestCompany) -> Caller {
        let list = company.ok(&["account", "list"]);
        let line = list.lines().find(|line| line.contains("admin")).expect("there is an administrator");
        let person = line.split_whitespace().next().expect("an id").to_owned();
        self.person(company, &person, "admin")
    }

    /// A person of the company, invited if need be, and signed in.
    #[must_use]
    pub fn person(&self, company: &TestCompany, person: &str, login: &str) -> Caller {
        let said = company.run(&["account", "invite", person, "--login", login]);
        let said = if said.succeeded { said.output } else { company.ok(&["account", "reset", person]) };
        let secret = said.lines().find_map(|line| line.trim().strip_prefix("/accept/")).expect("a link").to_owned();
        let anybody = self.anybody();
        let accepted = anybody.post("/links/accept", &json!({ "secret": secret, "password": PASSWORD }));
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        anybody.with_header("cookie", &accepted.cookie())
    }

    /// Another system with a token for these scopes.
    #[must_use]
    pub fn system(&self, company: &TestCompany, scopes: &[&str]) -> Caller {
        let mut arguments = vec!["token", "create", "test", "--days", "30"];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        let said = company.ok(&arguments);
        let secret = said.split_whitespace().find(|word| word.starts_with("dbt_")).expect("a secret").to_owned();
        self.anybody().with_header("authorization", &format!("Bearer {secret}"))
    }

    /// Ends the host as `kill -9` does, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.host.kill().expect("it can be ended");
        self.host.wait().expect("it ends");
    }

    /// Asks the host to stop and waits until it has; it must end well.
    pub fn stop(self) {
        self.ask_to_stop();
        let _ = self.stopped();
    }

    /// Asks the host to stop, as whoever supervises it does.
    pub fn ask_to_stop(&self) {
        let asked = std::process::Command::new("kill").args(["-TERM", &self.host.id().to_string()]).status();
        assert!(asked.expect("kill can be started").success());
    }

    /// Waits until a host that was asked to stop has done so, and returns what it wrote to its standard error; it must end
    /// well.
    #[must_use]
    pub fn stopped(mut self) -> String {
        let status = self.host.wait().expect("it ends");
        if let Some(errors) = self.errors.take() {
            errors.join().expect("what it said is kept");
        }
        let said = self.said();
        assert!(status.success(), "{status}\n{said}");
        said
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
        for thread in [self.output.take(), self.errors.take()].into_iter().flatten() {
            let _ = thread.join();
        }
    }
}

fn keep(mut errors: ChildStderr, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut piece = [0; 4_096];
        while let Ok(read @ 1..) = errors.read(&mut piece) {
            let mut said = said.lock().expect("nobody panicked with it");
            said.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
    })
}

/// Reads on, so that the host never waits for somebody to read what it says.
fn drain(mut output: BufReader<ChildStdout>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    })
}

/// Somebody who calls the interface. Paths are those below `/api/v1`, unless they begin with `//`.
#[derive(Clone)]
pub struct Caller {
    http: Client,
    address: String,
    headers: BTreeMap<String, String>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub text: String,
    /// Null where the answer is no JSON.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that has to be a success.
    #[must_use]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text);
        self.body
    }

    /// The kind of problem, the end of its `type`.
    #[must_use]
    pub fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        assert_eq!(self.headers.get("content-type").map(String::as_str), Some("application/problem+json"), "{self:?}");
        kind.strip_prefix("urn:daybreak:problem:").unwrap_or_default()
    }

    /// The session that the answer sets, as a cookie header.
    #[must_use]
    pub fn cookie(&self) -> String {
        let cookie = self.headers.get("set-cookie").expect("a cookie is set");
        cookie.split(';').next().expect("a name and a value").to_owned()
    }
}

impl Caller {
    /// The same caller, sending one header more.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.insert(name.to_owned(), value.to_owned());
        other
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body))
    }

    #[must_use]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body))
    }

    #[must_use]
    pub fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None)
    }

    /// Sends a request with a JSON body, or none.
    #[must_use]
    pub fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send_bytes(method, path, body)
    }

    /// Sends a request with a body of this kind.
    #[must_use]
    pub fn send_bytes(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        self.try_send(method, path, body).expect("the host answers")
    }

    /// Opens a stream.
    #[must_use]
    pub fn open(&self, path: &str) -> reqwest::blocking::Response {
        let mut request = self.http.get(format!("{}/api/v1{path}", self.address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.send().expect("the host answers")
    }

    /// Sends a request to a host that may be gone before it answers.
    pub fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer, reqwest::Error> {
        let url = match path.strip_prefix("//") {
            Some(path) => format!("{}/{path}", self.address),
            None => format!("{}/api/v1{path}", self.address),
        };
        let mut request = self.http.request(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header("content-type", kind).body(bytes);
        }
        let response = request.send()?;
        let status = response.status().as_u16();
        let text_of = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text_of(value))).collect();
        let text = response.text()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status, headers, text, body })
    }
}
