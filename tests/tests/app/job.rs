//! Jobs: who has one in hand, what becomes of it when its host stops or dies, and what is kept.

use std::sync::atomic::{AtomicUsize, Ordering};

use daybreak_app::AppError;
use daybreak_app::job::{ImportRequest, JobRefused};
use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::fact::{Capture, NewFact};
use daybreak_domain::job::{JobOrder, JobQuery, JobState, Progress};
use daybreak_domain::time::Instant;
use daybreak_storage::Claim;

use crate::host::TestHost;

const MINUTE: i64 = 60_000;

const EVERYTHING: JobOrder = JobOrder::Replay { after: 0, until: None };

fn fact(id: usize) -> NewFact {
    NewFact {
        source: "crm".into(),
        external_id: format!("v{id}"),
        revision: None,
        kind: "visit".into(),
        occurred_at: Instant(1_781_000_000_000),
        recorded_at: None,
        actor: None,
        document: None,
        customer: None,
        value: None,
        capture: Capture::Automatic,
        attributes: std::collections::BTreeMap::new(),
        withdrawn: false,
    }
}

async fn host_with_facts() -> TestHost {
    let host = TestHost::new().await;
    let facts: Vec<NewFact> = (0..50).map(fact).collect();
    host.daybreak.record_facts(&host.company, &facts).await.unwrap();
    host
}

/// A host that is told to stop once it has asked so often whether it should.
async fn work_until_asked(host: &TestHost, times: usize) -> usize {
    let asked = AtomicUsize::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= times;
    host.daybreak.work_off_jobs(&host.company, &stop).await.unwrap()
}

async fn work(host: &TestHost) -> usize {
    host.daybreak.work_off_jobs(&host.company, &|| false).await.unwrap()
}

#[tokio::test]
async fn a_job_is_done_on_behalf_of_whoever_ordered_it_and_says_what_came_of_it() {
    let host = host_with_facts().await;
    let li = host.daybreak.acting(Author { kind: AuthorKind::Person, id: "li".into(), request: Some("r".into()) });
    let job = li.create_job(&host.company, EVERYTHING).await.unwrap();
    assert_eq!((job.state, job.progress, &job.author), (JobState::Waiting, Progress::default(), li.author()));
    assert_eq!(work(&host).await, 1);
    let done = host.daybreak.job(&host.company, job.job).await.unwrap();
    assert_eq!((done.state, &done.author), (JobState::Done, li.author()));
    assert!(done.progress.total > 0 && done.progress.done == done.progress.total, "{:?}", done.progress);
    let result = done.result.unwrap();
    assert_eq!((&result["equal"], &result["facts_changed"]), (&true.into(), &0.into()));

    // A fact that somebody changed is named.
    assert_eq!(host.rows("UPDATE fact SET kind = 'call' WHERE external_id = 'v7' RETURNING external_id").len(), 1);
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap();
    work(&host).await;
    let result = host.daybreak.job(&host.company, job.job).await.unwrap().result.unwrap();
    assert_eq!((&result["equal"], &result["facts_changed"]), (&false.into(), &1.into()));
    assert!(result["differences"][0]["what"].as_str().unwrap().contains("v7"), "{result}");
    // Not in this range.
    let order = JobOrder::Replay { after: 0, until: Some(3) };
    let job = host.daybreak.create_job(&host.company, order).await.unwrap();
    work(&host).await;
    let done = host.daybreak.job(&host.company, job.job).await.unwrap();
    assert_eq!(done.progress.total, 3 * 6);
    let audit = host.rows("SELECT author FROM audit WHERE action = 'job.create' ORDER BY audit");
    assert_eq!(audit.concat(), ["li", "", ""]);
}

#[tokio::test]
async fn a_host_that_stops_gives_the_job_back_and_another_goes_on_where_it_was() {
    let host = host_with_facts().await;
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    // Asked before it claims, then before each step: three are done, and the facts with them.
    assert_eq!(work_until_asked(&host, 4).await, 1);
    let stored = host.daybreak.job(&host.company, job).await.unwrap();
    assert_eq!((stored.state, stored.attempts), (JobState::Waiting, 0), "stopping is no failed attempt");
    let half = stored.progress;
    assert!(0 < half.done && half.done < half.total, "{half:?}");
    let checkpoint = host.rows("SELECT checkpoint FROM job").concat();
    assert!(checkpoint[0].contains("\"phase\":\"scores\""), "{checkpoint:?}");

    // What the first phase found is not looked for again.
    assert_eq!(host.rows("UPDATE fact SET kind = 'call' WHERE external_id = 'v7' RETURNING external_id").len(), 1);
    assert_eq!(work(&host).await, 1);
    let done = host.daybreak.job(&host.company, job).await.unwrap();
    assert_eq!((done.state, done.attempts), (JobState::Done, 1));
    assert_eq!(done.result.unwrap()["facts_changed"], 0);
}

#[tokio::test]
async fn the_job_of_a_host_that_died_is_taken_up_when_its_claim_has_ended() {
    let host = host_with_facts().await;
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    let now = host.now();
    let claim = Claim { claimed_by: "gone", now, until: Instant(now.0 + 5 * MINUTE) };
    let dead = host.store.claim_job("acme", None, &claim).await.unwrap().expect("it waits");
    assert_eq!(work(&host).await, 0, "somebody has it in hand");
    host.pass(5 * MINUTE - 1);
    assert_eq!(work(&host).await, 0);
    host.pass(1);
    assert_eq!(work(&host).await, 1);
    assert_eq!(host.daybreak.job(&host.company, job).await.unwrap().state, JobState::Done);
    // Should the dead one wake up, it has nothing to say any more.
    let held = host.store.hold_job("acme", &dead, Instant(i64::MAX), Progress { done: 1, total: 2 }, None).await;
    assert!(!held.unwrap());
    assert_eq!(host.daybreak.job(&host.company, job).await.unwrap().state, JobState::Done);

    // A job that takes its host down every time is given up.
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    for _ in 0..5 {
        let now = host.now();
        let claim = Claim { claimed_by: "gone", now, until: Instant(now.0 + 1) };
        host.store.claim_job("acme", None, &claim).await.unwrap().expect("it waits");
        host.pass(1);
    }
    assert_eq!(work(&host).await, 1);
    let failed = host.daybreak.job(&host.company, job).await.unwrap();
    assert_eq!(failed.state, JobState::Failed);
    assert!(failed.problem.unwrap().contains("5 times"));
}

#[tokio::test]
async fn a_cancelled_job_is_not_done_and_one_that_has_ended_cannot_be_cancelled() {
    let host = host_with_facts().await;
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    let cancelled = host.daybreak.cancel_job(&host.company, job).await.unwrap();
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert_eq!(host.daybreak.cancel_job(&host.company, job).await.unwrap(), cancelled, "once more is the same");
    assert_eq!(work(&host).await, 0);

    // In the middle of its work: the host learns of it after the step, and notes nothing more.
    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    let asked = AtomicUsize::new(0);
    let stop = || {
        if asked.fetch_add(1, Ordering::Relaxed) == 2 {
            let update = "UPDATE job SET state = 'cancelled', claimed_by = NULL, claimed_until = NULL WHERE job = ?1";
            assert_eq!(rusqlite::Connection::open(host.database()).unwrap().execute(update, [job]).unwrap(), 1);
        }
        false
    };
    assert_eq!(host.daybreak.work_off_jobs(&host.company, &stop).await.unwrap(), 1);
    let cancelled = host.daybreak.job(&host.company, job).await.unwrap();
    assert_eq!((cancelled.state, cancelled.result), (JobState::Cancelled, None));

    let job = host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap().job;
    work(&host).await;
    let refused = host.daybreak.cancel_job(&host.company, job).await;
    assert!(
        matches!(&refused, Err(AppError::JobRefused(JobRefused::Ended { state: JobState::Done, .. }))),
        "{refused:?}"
    );
    assert!(matches!(host.daybreak.cancel_job(&host.company, 999_999).await, Err(AppError::Unknown { .. })));
}

#[tokio::test]
async fn jobs_are_checked_listed_and_bounded() {
    let host = host_with_facts().await;
    let indicator = Some("nothing".to_owned());
    let (period, as_of) = ("2026-06".parse().unwrap(), "2026-07-01".parse().unwrap());
    for (order, word) in [
        (JobOrder::Score { indicator: indicator.clone(), period, as_of }, "indicator"),
        (JobOrder::Narrate { indicator, subject: None, on: "2026-06-20".parse().unwrap() }, "indicator"),
        (JobOrder::Assess { enablement: Some("x".into()), on: "2026-06-20".parse().unwrap() }, "assistant"),
        (JobOrder::Assess { enablement: None, on: "2026-06-21".parse().unwrap() }, "not come yet"),
        (JobOrder::Replay { after: 5, until: Some(5) }, "numbers"),
        (JobOrder::Replay { after: -1, until: None }, "numbers"),
    ] {
        let refused = host.daybreak.create_job(&host.company, order).await.unwrap_err().to_string();
        assert!(refused.contains(word), "{refused}");
    }
    for _ in 0..100 {
        host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap();
    }
    let refused = host.daybreak.create_job(&host.company, EVERYTHING).await;
    assert!(matches!(refused, Err(AppError::JobRefused(JobRefused::TooMany))), "{refused:?}");
    let query = JobQuery { state: Some(JobState::Waiting), most: 3, ..JobQuery::default() };
    let first = host.daybreak.jobs(&host.company, &query).await.unwrap();
    let before = first.last().map(|job| job.job);
    let second = host.daybreak.jobs(&host.company, &JobQuery { before, ..query }).await.unwrap();
    let numbers: Vec<i64> = first.iter().chain(&second).map(|job| job.job).collect();
    assert!(numbers.len() == 6 && numbers.is_sorted_by(|left, right| left > right), "{numbers:?}");
    let query = JobQuery { state: Some(JobState::Done), ..query };
    assert!(host.daybreak.jobs(&host.company, &query).await.unwrap().is_empty());
    // Some at a time, so that other companies have their turn.
    assert_eq!(work(&host).await, 10);

    // Of those that have ended, a thousand stay.
    host.rows("UPDATE job SET state = 'done' RETURNING '1'");
    let more = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1100) \
                INSERT INTO job (company, job, kind, content, state, author_kind, author, created_at, done, total, attempts) \
                SELECT company, -n, kind, content, 'failed', author_kind, author, 0, 0, 0, 0 FROM job, n \
                WHERE job.job = (SELECT MAX(job) FROM job) RETURNING '1'";
    assert_eq!(host.rows(more).len(), 1_100);
    host.daybreak.create_job(&host.company, EVERYTHING).await.unwrap();
    assert_eq!(host.rows("SELECT state FROM job WHERE state <> 'waiting'").len(), 1_000);
    assert_eq!(host.rows("SELECT state FROM job WHERE job = -901").len(), 0);
    assert_eq!(host.rows("SELECT state FROM job WHERE job = -900").len(), 1);
}

#[tokio::test]
async fn a_file_waits_for_its_import_and_for_nothing_else() {
    let host = TestHost::new().await;
    let folder = host.folder().join("imports");
    let daybreak = host.daybreak.keeping_files(&folder).await.unwrap();
    let files = || {
        let entries = std::fs::read_dir(&folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "place");
        names
    };
    let mapping = "source = 'crm'\nkind = 'visit'\nexternal_id = '{id}'\ncapture = 'typed'\n[time]\ntext = '{at}'";
    host.daybreak.set_mapping(&host.company, "visits", mapping).await.unwrap();
    let request =
        |skip_bad_rows| ImportRequest { mapping: "visits".to_owned(), delimiter: ',', sheet: None, skip_bad_rows };
    let text = "id,at\nv1,2026-06-01T01:00:00Z\nv2,yesterday\nv3,2026-06-02T01:00:00Z\n";
    let file = async || {
        let mut file = daybreak.new_file().await.unwrap();
        file.append(text.as_bytes()).await.unwrap();
        file
    };
    // Looked at, and gone.
    let mut looked_at = file().await;
    let preview = daybreak.preview_import(&host.company, &mut looked_at, &request(false)).await.unwrap();
    assert_eq!((preview.rows, preview.errors.len(), preview.columns.len()), (3, 1, 2));
    assert_eq!((preview.errors[0].line, preview.first[1].cells[1].as_str()), (3, "yesterday"));
    assert!(preview.first[1].fact.is_err() && preview.first[2].fact.as_ref().unwrap().external_id == "v3");
    assert_eq!(files().len(), 1);
    drop(looked_at);
    assert_eq!(files().len(), 0);

    // One bad row: nothing is imported, and the job says which.
    let job = daybreak.create_import(&host.company, file().await, &request(false)).await.unwrap();
    assert_eq!(files().len(), 1);
    // Another host, which does not have the file, leaves the job alone; so does one that starts in this folder.
    assert_eq!(host.daybreak.work_off_jobs(&host.company, &|| false).await.unwrap(), 0);
    let elsewhere = host.daybreak.keeping_files(&host.folder().join("elsewhere")).await.unwrap();
    assert_eq!(elsewhere.work_off_jobs(&host.company, &|| false).await.unwrap(), 0);
    std::fs::write(folder.join("file_left"), "by a host that died").unwrap();
    let daybreak = host.daybreak.keeping_files(&folder).await.unwrap();
    assert_eq!(files().len(), 1, "what no job needs is removed at the start");
    assert_eq!(daybreak.work_off_jobs(&host.company, &|| false).await.unwrap(), 1);
    let failed = daybreak.job(&host.company, job.job).await.unwrap();
    assert_eq!(failed.state, JobState::Failed);
    assert!(failed.problem.unwrap().contains("1 of 3 rows"));
    let result = failed.result.unwrap();
    assert_eq!((&result["errors"][0]["line"], &result["errors"][0]["column"]), (&3.into(), &"at".into()));
    assert_eq!((files().len(), host.rows("SELECT kind FROM fact").len()), (0, 0));

    let job = daybreak.create_import(&host.company, file().await, &request(true)).await.unwrap();
    daybreak.work_off_jobs(&host.company, &|| false).await.unwrap();
    let done = daybreak.job(&host.company, job.job).await.unwrap();
    let result = done.result.unwrap();
    assert_eq!((done.state, &result["new"], &result["bad_rows"]), (JobState::Done, &2.into(), &1.into()));
    assert_eq!(files().len(), 0);

    // Under another mapping of that name the rows would be read otherwise.
    let job = daybreak.create_import(&host.company, file().await, &request(true)).await.unwrap();
    host.daybreak.set_mapping(&host.company, "visits", &mapping.replace("typed", "automatic")).await.unwrap();
    daybreak.work_off_jobs(&host.company, &|| false).await.unwrap();
    let failed = daybreak.job(&host.company, job.job).await.unwrap();
    assert!(failed.state == JobState::Failed && failed.problem.as_ref().unwrap().contains("mapping"), "{failed:?}");

    let unknown = ImportRequest { mapping: "nothing".to_owned(), ..request(true) };
    let refused = daybreak.create_import(&host.company, file().await, &unknown).await;
    assert!(matches!(refused, Err(AppError::Unknown { what: "mapping", .. })), "{refused:?}");
    assert_eq!(files().len(), 0, "what was not taken is not kept");
    assert!(matches!(host.daybreak.new_file().await, Err(AppError::JobRefused(JobRefused::NoFolder))));
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(daybreak.new_file().await.unwrap());
    }
    assert!(matches!(daybreak.new_file().await, Err(AppError::JobRefused(JobRefused::FilesBusy))));
}
