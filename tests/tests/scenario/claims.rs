//! Claims on stale work: who holds one is told of, who stops or fails gives it back, and who died loses it in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daybreak_app::Daybreak;
use daybreak_app::stale::ScoredStale;
use daybreak_domain::clock::Clock;
use daybreak_domain::company::Company;
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Claim, ClaimedWork};
use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;
use daybreak_tests::host::{HandClock, host, store};
use tokio::runtime::Runtime;

/// Noon of 2026-06-20 in Shanghai.
const NOW: &str = "2026-06-20T04:00:00Z";
const TODAY: &str = "2026-06-20";
const HALF_AN_HOUR: i64 = 30 * 60 * 1_000;

const MAPPING: &str = r#"
source = "crm"
kind = "visit"
external_id = "{id}"
capture = "automatic"
who = "{who}"
unknown_people = "create"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

/// Two pieces of work, the second one with a name that comes later: two people with visits in June, counted by two
/// indicators. Scorers at work in this process are two hosts with one clock.
pub struct Desk {
    pub place: TestCompany,
    pub runtime: Runtime,
    pub clock: Arc<HandClock>,
    pub hosts: [Daybreak; 2],
    pub company: Company,
}

impl Desk {
    pub fn on(database: Database) -> Self {
        let place = TestCompany::on(database, "Asia/Shanghai", NOW);
        place.install("measure");
        let parameters = place.file("count.json", r#"{"kind": "visit", "measure": "count"}"#);
        for id in ["calls", "visits"] {
            let set = ["indicator", "set", id, "--plugin", "measure", "--title-zh", id, "--title-en", id, "--grant"];
            place.ok(&[&set[..], &["--parameters", &parameters]].concat());
        }
        let mapping = place.file("visits.toml", MAPPING);
        let log = "id,who,at\n1,chen,2026-06-02 09:00\n2,chen,2026-06-03 09:00\n3,zhao,2026-06-04 09:00\n";
        let log = place.file("visits.csv", log);
        place.ok(&["import", "--mapping", &mapping, &log]);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let clock = HandClock::new(NOW);
        let (hosts, company) = runtime.block_on(async {
            let hosts = [host(&place, 0, &clock).await, host(&place, 1, &clock).await];
            let company = hosts[0].company(None).await.expect("the company");
            (hosts, company)
        });
        let desk = Self { place, runtime, clock, hosts, company };
        // What changed is expanded into stale keys, and nothing is scored.
        let report = desk.runtime.block_on(desk.hosts[0].score_stale_until(&desk.company, &mut |_, _| (), &|| true));
        let report = report.expect("scoring stops");
        assert!(report.stopped && report.scored.computed == 0, "{report:?}");
        assert_eq!(desk.place.number("SELECT COUNT(*) FROM work"), 2);
        desk
    }

    /// What the second host scores.
    pub fn score(&self) -> ScoredStale {
        let report = self.runtime.block_on(self.hosts[1].score_stale(&self.company, &mut |_, _| ()));
        report.expect("scoring ends")
    }

    /// The indicator of the work that the scorer gets now, for half an hour.
    pub fn claim(&self, scorer: &str) -> Option<String> {
        let now = self.clock.now();
        let claim = Claim { claimed_by: scorer, now, until: Instant(now.0 + HALF_AN_HOUR) };
        let today: Day = TODAY.parse().expect("a day");
        let claiming = async { store(&self.place).await.claim_work(&self.company.id, today, None, &claim).await };
        self.runtime.block_on(claiming).expect("claiming works").map(|work| work.indicator)
    }

    pub fn claimed(&self) -> i64 {
        self.place.number("SELECT COUNT(*) FROM work WHERE claimed_by IS NOT NULL")
    }
}

fn desk() -> Desk {
    Desk::on(Database::of_module(module_path!()))
}

#[test]
fn work_claimed_by_a_scorer_that_died_is_told_of_and_taken_up_when_the_claim_ends() {
    let desk = desk();
    assert_eq!(desk.claim("gone").as_deref(), Some("calls"));
    let report = desk.score();
    assert_eq!(report.scored.computed, 2, "Chen and Zhao by visits: {report:?}");
    let until = Instant(desk.clock.now().0 + HALF_AN_HOUR);
    assert_eq!(report.claimed, Some(ClaimedWork { pieces: 1, until }));
    let said = desk.place.ok(&["score"]);
    assert!(said.contains("0 computed"), "{said}");
    assert!(said.contains("1 pieces of work are claimed by another scorer until 2026-06-20 12:30:00"), "{said}");

    desk.clock.advance(HALF_AN_HOUR - 1);
    let report = desk.score();
    assert_eq!((report.scored.computed, report.claimed.is_some()), (0, true), "{report:?}");
    desk.clock.advance(1);
    let report = desk.score();
    assert_eq!((report.scored.computed, report.claimed), (2, None), "{report:?}");
    assert_eq!(desk.place.number("SELECT COUNT(*) FROM work"), 0);
}

#[test]
fn a_scorer_whose_claim_was_taken_over_cannot_give_it_back() {
    let desk = desk();
    assert_eq!(desk.claim("slow").as_deref(), Some("calls"));
    desk.clock.advance(HALF_AN_HOUR);
    assert_eq!(desk.claim("quick").as_deref(), Some("calls"), "the claim has ended");
    desk.runtime.block_on(async {
        let store = store(&desk.place).await;
        let june = "2026-06".parse().expect("a month");
        let slow = daybreak_storage::WorkOrder { indicator: "calls".into(), period: june, claimed_by: "slow".into() };
        let mut write = store.write(&desk.company.id).await.expect("a transaction");
        write.release_work(&slow).await.expect("nothing is released");
        write.commit().await.expect("it commits");
    });
    assert_eq!(desk.claim("third").as_deref(), Some("visits"), "the quick one still has calls");
    assert_eq!(desk.claim("fourth"), None);
}

#[test]
fn a_scorer_that_is_told_to_stop_finishes_its_piece_and_leaves_the_others_to_anybody() {
    let desk = desk();
    let begun = AtomicUsize::new(0);
    let mut progress = |_: &_, _| {
        begun.fetch_add(1, Ordering::SeqCst);
    };
    let stop = || begun.load(Ordering::SeqCst) > 0;
    let report = desk.hosts[0].score_stale_until(&desk.company, &mut progress, &stop);
    let report = desk.runtime.block_on(report).expect("scoring stops");
    assert_eq!((report.scored.computed, report.stopped, report.claimed), (2, true, None), "{report:?}");
    assert_eq!(desk.claimed(), 0);
    let report = desk.score();
    assert_eq!((report.scored.computed, report.stopped), (2, false), "{report:?}");
}

#[test]
fn a_scorer_that_fails_gives_its_claim_back() {
    let desk = desk();
    let _ = desk.place.tamper("ALTER TABLE stale RENAME COLUMN subject TO subject_elsewhere");
    let failed = desk.runtime.block_on(desk.hosts[0].score_stale(&desk.company, &mut |_, _| ()));
    failed.expect_err("whose scores are stale cannot be read");
    let _ = desk.place.tamper("ALTER TABLE stale RENAME COLUMN subject_elsewhere TO subject");
    assert_eq!(desk.claimed(), 0);
    let report = desk.score();
    assert_eq!((report.scored.computed, report.claimed), (4, None), "{report:?}");
}
