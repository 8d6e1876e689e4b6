//! A host on a file that goes away with it, whose clock stands still until a test moves it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use daybreak_app::Daybreak;
use daybreak_app::organise::departments::DepartmentEntry;
use daybreak_app::organise::{PersonEntry, Uncovered};
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::{Company, Department};
use daybreak_domain::digest::Digest;
use daybreak_domain::time::{Day, Instant, Zone};
use daybreak_engine::{Engine, EngineOptions};
use daybreak_storage::{Address, Store};
use tempfile::TempDir;

/// Noon of 2026-06-20 in Shanghai.
const NOW: &str = "2026-06-20T04:00:00Z";

pub struct TestHost {
    pub daybreak: Daybreak,
    pub store: Store,
    pub company: Company,
    /// The first administrator's id.
    pub administrator: String,
    clock: Arc<TestClock>,
    folder: TempDir,
}

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

#[derive(Default)]
struct NumberedIds(AtomicU64);

impl IdSource for NumberedIds {
    fn new_id(&self, prefix: &str) -> String {
        format!("{prefix}_{:026}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn secret(&self) -> [u8; 32] {
        *Digest::of(self.new_id("secret").as_bytes()).as_bytes()
    }
}

impl TestHost {
    /// A host with the company `acme`.
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let store = Store::open(&Address::File(folder.path().join("daybreak.db"))).await.expect("the file opens");
        let engine = Engine::new(EngineOptions::default()).expect("an engine");
        let now = NOW.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
        let clock = Arc::new(TestClock(AtomicI64::new(now)));
        let daybreak = Daybreak::new(store.clone(), engine, clock.clone(), Arc::new(NumberedIds::default()));
        let zone = Zone::named("Asia/Shanghai").expect("a zone");
        let (company, administrator) =
            daybreak.create_company("acme", "Acme 医疗", zone, "王芳").await.expect("a company");
        Self { daybreak, store, company, administrator, clock, folder }
    }

    /// Another company on the same host.
    pub async fn other_company(&self) -> Company {
        let zone = Zone::named("Asia/Shanghai").expect("a zone");
        self.daybreak.create_company("other", "Other", zone, "Li").await.expect("a company").0
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Lets time go by.
    pub fn pass(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::Relaxed);
    }

    pub async fn department(&self, company: &Company, id: &str, parent: Option<&str>, from: Option<&str>) {
        let department = Department { id: id.into(), name: id.into(), parent: parent.map(str::to_owned) };
        let entry = DepartmentEntry { department, from: from.map(day), until: None };
        self.daybreak.set_department(company, entry).await.expect("a department");
    }

    /// Adds people; each is (id, department, manager, first day).
    pub async fn people(&self, company: &Company, people: &[(&str, Option<&str>, Option<&str>, &str)]) {
        let entries: Vec<PersonEntry> = people
            .iter()
            .map(|(id, department, manager, from)| PersonEntry {
                id: (*id).into(),
                name: format!("姓名-{id}"),
                department: department.map(str::to_owned),
                manager: manager.map(str::to_owned),
                from: Some(day(from)),
                ..PersonEntry::default()
            })
            .collect();
        self.daybreak.add_people(company, &entries.into(), Uncovered::Ended).await.expect("people");
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> PathBuf {
        self.folder().join("daybreak.db")
    }

    /// The rows that the query asks the file for, all of them texts.
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let file = rusqlite::Connection::open(self.database()).expect("the file opens");
        let mut statement = file.prepare(query).expect("the query is one");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        rows.expect("the query runs").map(|row| row.expect("texts")).collect()
    }

    /// The bytes of the file and of its journal, as text.
    pub fn everything_kept(&self) -> String {
        let mut kept = String::new();
        for entry in std::fs::read_dir(self.folder.path()).expect("a readable folder") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("a readable file");
            kept.push_str(&String::from_utf8_lossy(&bytes));
        }
        kept
    }
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}
