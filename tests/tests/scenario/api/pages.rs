//! The pages that stand in the binary: how files and the document are answered, and what the document may do.

use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;

use super::super::company;
use super::super::tickets::NOW;

/// A browser that opens an address.
fn browser(served: &Served) -> Caller {
    served.anybody().with_header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// The addresses of files in the document, as they stand there.
fn files(document: &Answer) -> Vec<String> {
    let quoted = document.text.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.starts_with("/assets/")).map(|text| format!("/{text}")).collect()
}

#[track_caller]
fn document(answer: Answer, status: u16) -> Answer {
    assert_ne!(answer.status, 503, "{}", answer.text);
    assert_eq!(answer.status, status);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    answer
}

#[test]
fn every_page_is_the_document_and_other_addresses_are_not_found() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let browser = browser(&served);
    for page in ["//", "//sign-in", "//accept/dbl_AAAA"] {
        document(browser.get(page), 200);
    }
    // Whoever follows a broken link sees a page that says so, and machines see the status.
    document(browser.get("//nowhere"), 404);
    document(browser.get("//sign-in/deeper"), 404);
    // The interface never answers with a page.
    for path in ["/nowhere", "//api", "//api/v2/scores", "//assets/nowhere.js"] {
        let answer = browser.get(path);
        assert_eq!((answer.status, answer.problem()), (404, "not-found"), "{path}");
    }
    // What looks for a file and not for a page gets no page.
    let script = served.anybody().with_header("accept", "*/*");
    assert_eq!(script.get("//robots.txt").problem(), "not-found");
    let posted = browser.send(Method::POST, "//", None);
    assert_eq!((posted.status, posted.headers["allow"].as_str()), (405, "GET, HEAD"));
}

#[test]
fn the_document_may_do_nothing_but_what_it_needs() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let browser = browser(&served);
    let nonce = |answer: &Answer| {
        let policy = &answer.headers["content-security-policy"];
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(answer.text.contains(&format!("content=\"{nonce}\"")), "the document does not name {nonce}");
        nonce
    };
    let first = document(browser.get("//"), 200);
    let second = document(browser.get("//"), 200);
    assert_ne!(nonce(&first), nonce(&second));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-cache"),
    ] {
        assert_eq!(first.headers[name], value, "{name}");
    }
    assert!(first.headers["permissions-policy"].contains("camera=()"));
    // Nothing in the document's own text runs or is styled.
    assert!(!first.text.contains("<script>") && !first.text.contains("<style") && !first.text.contains("style="));

    // Who has it already is told so, and the policy that came with it goes on.
    let known = browser.with_header("if-none-match", &first.headers["etag"]).get("//");
    assert_eq!((known.status, known.headers.get("content-security-policy")), (304, None));
    let head = browser.send(Method::HEAD, "//", None);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[test]
fn files_are_kept_for_ever_and_come_as_they_were_compressed() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let document = document(browser(&served).get("//"), 200);
    let files = files(&document);
    let kind_of = |file: &str| match file.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => panic!("the document names {file}"),
    };
    let anybody = served.anybody();
    let mut compressed = 0;
    for file in &files {
        let plain = anybody.get(file);
        assert_eq!(plain.status, 200, "{file}");
        assert_eq!(plain.headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(plain.headers.get("content-encoding"), None);
        assert_eq!(plain.headers["content-type"], kind_of(file), "{file}");
        // A file of a few bytes would only grow.
        if plain.text.len() < 1_000 {
            continue;
        }
        compressed += 1;
        let lengths = ["br", "gzip", "br;q=0, gzip"].map(|accepted| {
            let answer = anybody.with_header("accept-encoding", accepted).send(Method::HEAD, file, None);
            let coding = accepted.rsplit(", ").next().unwrap_or_default();
            assert_eq!(answer.headers["content-encoding"], coding, "{accepted}");
            assert_eq!(answer.headers["vary"], "accept-encoding");
            answer.headers["content-length"].parse::<usize>().expect("a number")
        });
        assert!(lengths[0] <= lengths[1] && lengths[1] < plain.text.len(), "{file}: {lengths:?}");
        let known = anybody.with_header("if-none-match", &plain.headers["etag"]).get(file);
        assert_eq!((known.status, known.text.as_str()), (304, ""));
    }
    assert!(compressed >= 2, "{files:?}");
    // What has no digest in its name is asked for again: the worker, so that an update is noticed, and the manifest.
    for (file, kind) in [
        ("//service-worker.js", "text/javascript; charset=utf-8"),
        ("//manifest.webmanifest", "application/manifest+json"),
        ("//icon.svg", "image/svg+xml"),
        ("//icon-192.png", "image/png"),
    ] {
        let answer = anybody.send(Method::HEAD, file, None);
        assert_eq!((answer.status, answer.headers["cache-control"].as_str()), (200, "no-cache"), "{file}");
        assert_eq!(answer.headers["content-type"], kind, "{file}");
    }
    // What belongs to the build itself is nobody's business.
    assert_eq!(anybody.get("//.vite/manifest.json").status, 404);
}
