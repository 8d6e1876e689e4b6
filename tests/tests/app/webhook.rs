//! Webhooks: who may deliver, until when a secret holds, and what becomes of what they deliver.

use daybreak_app::AppError;
use daybreak_app::deliver::{DeliveryRefused, Received};
use daybreak_app::stored::Arrival;
use daybreak_app::webhook::{Signed, WebhookDelivery, WebhookDraft, WebhookRefused};
use daybreak_tests::webhook::signature;

use crate::host::TestHost;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

const MAPPING: &str = r#"
source = "shop"
kind = "review"
external_id = "{order.no}/{line}"
capture = "automatic"
document = "{order.no}"
who = "{who}"
value = "{stars}"
[time]
text = "{at}"
[fields]
first = "{tags.0}"
vip = { text = "{order.vip}", type = "truth" }
"#;

/// Signed with independent means, at noon of 2026-06-20 in Shanghai: the secret, the body, the signature.
const VECTORS: [(&str, &str, &str); 3] = [
    (
        "dbw_test",
        r#"{"order":{"no":"O-1"},"who":"lei","at":"2026-06-19T09:00:00+08:00","stars":5}"#,
        "8b1b785d831d6f0372d53b3bfb8f93d6d09162dec9c93a176155178eb8f1afaf",
    ),
    ("dbw_破晓", "", "35226abd6d1ff98059d93750b133eeb219087534cd1485e4edcb8fdade9f00ce"),
    // A key that is longer than a block of the hash.
    (
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
         xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "[]",
        "0a50f6541451afb02586ef52a19978887a0f6aa51137417c83896de1ba218d21",
    ),
];

fn draft() -> WebhookDraft {
    WebhookDraft { name: "Shop".to_owned(), mapping: MAPPING.to_owned(), skip_bad_facts: false }
}

fn seconds(host: &TestHost) -> i64 {
    host.now().0 / 1_000
}

async fn signed(host: &TestHost, webhook: &str, signature: &str, body: &str) -> Option<Signed> {
    let delivery = WebhookDelivery {
        company: &host.company.id,
        webhook,
        signature,
        body: body.as_bytes(),
        request: Some("req-1"),
    };
    host.daybreak.signed(&delivery).await.unwrap()
}

#[tokio::test]
async fn a_signature_is_what_others_compute() {
    let host = TestHost::new().await;
    let given = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    let id = &given.webhook.webhook;
    for (secret, body, hex) in VECTORS {
        let touched = host.rows(&format!("UPDATE webhook_secret SET secret = '{secret}' RETURNING webhook"));
        assert_eq!(touched.len(), 1);
        let header = format!("t=1781928000,v1={hex}");
        assert!(signed(&host, id, &header, body).await.is_some(), "{secret}");
        assert_eq!(header, signature(secret, seconds(&host), body));
        // One bit of anything: the body, the time, the signature.
        assert!(signed(&host, id, &header, &format!("{body} ")).await.is_none());
        assert!(signed(&host, id, &format!("t=1781928001,v1={hex}"), body).await.is_none());
        let other = if hex.starts_with('0') { "1" } else { "0" };
        assert!(signed(&host, id, &format!("t=1781928000,v1={other}{}", &hex[1..]), body).await.is_none());
        // Written otherwise, the time is another text, and the text is what was signed.
        assert!(signed(&host, id, &format!("t=01781928000,v1={hex}"), body).await.is_none());
    }
}

#[tokio::test]
async fn a_delivery_is_let_in_for_five_minutes_and_by_its_own_webhook_alone() {
    let host = TestHost::new().await;
    let given = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    let (id, secret) = (&given.webhook.webhook, &given.secret.secret);
    assert!(secret.starts_with("dbw_") && secret.len() == 47, "{secret}");
    let at = seconds(&host);
    let header = signature(secret, at, "[]");
    let found = signed(&host, id, &header, "[]").await.expect("it is signed");
    assert_eq!((&found.webhook, &found.company), (&given.webhook, &host.company));

    host.pass(5 * MINUTE);
    assert!(signed(&host, id, &header, "[]").await.is_some());
    host.pass(1);
    assert!(signed(&host, id, &header, "[]").await.is_none(), "it is too old");
    host.pass(-10 * MINUTE - 1);
    assert!(signed(&host, id, &header, "[]").await.is_some());
    host.pass(-1);
    assert!(signed(&host, id, &header, "[]").await.is_none(), "it comes from the future");
    host.pass(5 * MINUTE + 1);

    let other = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    assert_ne!(other.secret.secret, *secret);
    assert!(signed(&host, &other.webhook.webhook, &header, "[]").await.is_none(), "another webhook");
    assert!(signed(&host, "webhook_unknown", &header, "[]").await.is_none());
    // What is compared with where there is no secret lets nobody in.
    assert!(signed(&host, "webhook_unknown", &signature("dbw_none", at, "[]"), "[]").await.is_none());
    assert!(signed(&host, id, &signature("dbw_none", at, "[]"), "[]").await.is_none());
    assert!(signed(&host, id, &signature("", at, "[]"), "[]").await.is_none());
    assert!(signed(&host, id, "", "[]").await.is_none());

    let disabled = host.daybreak.set_webhook_disabled(&host.company, id, true).await.unwrap();
    assert!(disabled.disabled_at.is_some());
    assert!(signed(&host, id, &header, "[]").await.is_none(), "it is disabled");
    host.daybreak.set_webhook_disabled(&host.company, id, false).await.unwrap();
    assert!(signed(&host, id, &header, "[]").await.is_some());
    host.daybreak.delete_webhook(&host.company, id).await.unwrap();
    assert!(signed(&host, id, &header, "[]").await.is_none());
    assert!(host.rows(&format!("SELECT secret FROM webhook_secret WHERE webhook = '{id}'")).is_empty());
    let gone = host.daybreak.delete_webhook(&host.company, id).await;
    assert!(matches!(gone, Err(AppError::Unknown { what: "webhook", .. })), "{gone:?}");
}

#[tokio::test]
async fn earlier_secrets_hold_for_a_day_after_a_rotation() {
    let host = TestHost::new().await;
    let given = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    let id = &given.webhook.webhook;
    let lets_in = async |secret: &str| {
        let header = signature(secret, seconds(&host), "[]");
        signed(&host, id, &header, "[]").await.is_some()
    };
    let second = host.daybreak.rotate_webhook(&host.company, id).await.unwrap().secret.secret;
    assert!(lets_in(&given.secret.secret).await && lets_in(&second).await);
    // A sender may sign with both while it changes over.
    let (old, new) = (signature(&given.secret.secret, seconds(&host), "[]"), signature(&second, seconds(&host), "[]"));
    let both = format!("{old},{}", new.split_once(',').unwrap().1);
    assert!(signed(&host, id, &both, "[]").await.is_some());

    host.pass(23 * HOUR);
    let third = host.daybreak.rotate_webhook(&host.company, id).await.unwrap().secret.secret;
    assert!(lets_in(&given.secret.secret).await);
    host.pass(HOUR);
    assert!(!lets_in(&given.secret.secret).await, "another rotation does not make it hold longer");
    assert!(lets_in(&second).await && lets_in(&third).await);
    host.pass(23 * HOUR);
    assert!(!lets_in(&second).await && lets_in(&third).await);
    // Of many, three hold.
    let fourth = host.daybreak.rotate_webhook(&host.company, id).await.unwrap().secret.secret;
    let fifth = host.daybreak.rotate_webhook(&host.company, id).await.unwrap().secret.secret;
    let sixth = host.daybreak.rotate_webhook(&host.company, id).await.unwrap().secret.secret;
    assert!(lets_in(&sixth).await);
    let held = host.rows("SELECT secret FROM webhook_secret");
    assert_eq!(held.len(), 3);
    let known = [third, fourth, fifth, sixth];
    assert!(held.iter().all(|row| known.contains(&row[0])), "{held:?}");
}

#[tokio::test]
async fn what_is_delivered_becomes_facts_once_and_each_is_answered() {
    let host = TestHost::new().await;
    let given = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    let id = &given.webhook.webhook;
    let receive = async |body: &str| {
        let header = signature(&given.secret.secret, seconds(&host), body);
        let signed = signed(&host, id, &header, body).await.expect("it is signed");
        host.daybreak.receive(&signed, body.as_bytes()).await
    };
    let good =
        r#"{"order":{"no":"O-1","vip":true},"line":7,"at":"2026-06-19T09:00:00+08:00","stars":4.5,"tags":["new"]}"#;
    let delivered = receive(good).await.unwrap();
    let Received::Arrived(Arrival::New { sequence, .. }) = delivered.received[0] else { panic!("{delivered:?}") };
    let fact = host.daybreak.facts(&host.company, &[sequence]).await.unwrap().remove(0);
    assert_eq!((fact.external_id.as_str(), fact.document.as_deref(), fact.value), ("O-1/7", Some("O-1"), Some(4.5)));
    assert_eq!((&fact.attributes["first"], &fact.attributes["vip"], fact.actor), (&"new".into(), &"true".into(), None));
    // Again, and as a list: nothing happens, and nothing is noted.
    let again = receive(&format!("[{good}]")).await.unwrap();
    assert_eq!((again.received, again.sequence), (vec![Received::Arrived(Arrival::Duplicate)], delivered.sequence));
    let audit = host.rows("SELECT author_kind, author, request FROM audit WHERE action = 'fact.deliver'");
    assert_eq!(audit, [["webhook", id.as_str(), "req-1"]]);

    // One bad object keeps all out, and each is named.
    let bad = format!(
        r#"[{},{},7,{{"order":{{"no":"O-3"}},"order.no":"O-4","line":1}}]"#,
        good.replace("O-1", "O-2"),
        r#"{"order":{"no":null},"line":1,"at":"2026-06-19T09:00:00Z"}"#,
    );
    let refused = receive(&bad).await;
    let Err(AppError::DeliveryRefused(DeliveryRefused::BadFacts { facts: 4, bad: found })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(found.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1, 2, 3]);
    for ((_, problem), word) in found.iter().zip(["order.no", "no object", "order.no"]) {
        assert!(problem.contains(word), "{problem}");
    }
    assert_eq!(host.rows("SELECT external_id FROM fact").len(), 1);
    let lenient = WebhookDraft { skip_bad_facts: true, ..draft() };
    host.daybreak.change_webhook(&host.company, id, &lenient).await.unwrap();
    let delivered = receive(&bad).await.unwrap();
    assert!(matches!(delivered.received[0], Received::Arrived(Arrival::New { .. })), "{delivered:?}");
    assert!(delivered.received[1..].iter().all(|received| matches!(received, Received::Refused(_))), "{delivered:?}");

    for (body, word) in [("{", "JSON"), ("7", "object"), (&format!("{}1{}", "[".repeat(200), "]".repeat(200)), "JSON")]
    {
        let refused = receive(body).await.unwrap_err().to_string();
        assert!(refused.contains(word), "{refused}");
    }
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(60), "]".repeat(60));
    let delivered = receive(&deep).await.unwrap();
    assert!(matches!(&delivered.received[0], Received::Refused(problem) if problem.contains("deep")), "{delivered:?}");
    let many = format!("[{}{{}}]", "{},".repeat(10_000));
    assert!(matches!(receive(&many).await, Err(AppError::DeliveryRefused(DeliveryRefused::TooMany(10_001)))));
}

#[tokio::test]
async fn a_webhook_is_refused_whose_facts_would_have_no_ids_of_their_own_or_make_people() {
    let host = TestHost::new().await;
    let refused = async |from: &str, to: &str| {
        let mapping = MAPPING.replace(from, to);
        assert_ne!(mapping, MAPPING);
        host.daybreak.create_webhook(&host.company, &WebhookDraft { mapping, ..draft() }).await.unwrap_err()
    };
    for numbered in ["{order.no}/{row}", "{order.no}/{occurrence}"] {
        let error = refused("{order.no}/{line}", numbered).await;
        assert!(matches!(error, AppError::WebhookRefused(WebhookRefused::NumberedId)), "{error}");
    }
    let error = refused("who = \"{who}\"", "who = \"{who}\"\nunknown_people = \"create\"").await;
    assert!(matches!(error, AppError::WebhookRefused(WebhookRefused::CreatesPeople)), "{error}");
    let error = refused("\"shop\"", "\"daybreak\"").await;
    assert!(matches!(error, AppError::ReservedSource), "{error}");
    let error = refused("kind = ", "kinds = ").await;
    assert!(error.to_string().contains("kind"), "{error}");
    for name in ["", "  ", "a\nb", &"x".repeat(81)] {
        let draft = WebhookDraft { name: name.to_owned(), ..draft() };
        let error = host.daybreak.create_webhook(&host.company, &draft).await.unwrap_err();
        assert!(matches!(error, AppError::WebhookRefused(WebhookRefused::Name)), "{error}");
    }
    assert!(host.daybreak.webhooks(&host.company).await.unwrap().is_empty());
}

#[tokio::test]
async fn secrets_stand_in_their_own_table_and_nowhere_else() {
    let host = TestHost::new().await;
    let given = host.daybreak.create_webhook(&host.company, &draft()).await.unwrap();
    let id = &given.webhook.webhook;
    let second = host.daybreak.rotate_webhook(&host.company, id).await.unwrap();
    host.daybreak.set_webhook_disabled(&host.company, id, true).await.unwrap();
    for secret in [&given.secret.secret, &second.secret.secret] {
        assert!(!format!("{given:?}{second:?}").contains(secret.as_str()));
        for table in host.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'webhook_secret'") {
            let columns = host.rows(&format!("SELECT name FROM pragma_table_info('{}')", table[0]));
            for column in columns {
                let found = format!("SELECT '1' FROM \"{}\" WHERE INSTR(\"{}\", '{secret}') > 0", table[0], column[0]);
                assert!(host.rows(&found).is_empty(), "{table:?} {column:?}");
            }
        }
    }
    let actions = host.rows("SELECT action FROM audit WHERE what = 'webhook' ORDER BY audit");
    assert_eq!(actions.concat(), ["webhook.create", "webhook.rotate", "webhook.disable"]);
}
