//! Who is let in: passwords, sessions, one-time links, API tokens and roles.

use std::collections::BTreeSet;

use daybreak_app::AppError;
use daybreak_app::access::{AccessRefused, PersonRoles, SignedIn};
use daybreak_domain::access::{LinkPurpose, PasswordProblem, Scope};
use daybreak_domain::time::Instant;

use crate::host::{TestHost, day};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const PASSWORD: &str = "correct horse battery";

/// A host where Li (login li@acme.cn) has signed in once.
async fn host_with_li() -> (TestHost, SignedIn) {
    let host = TestHost::new().await;
    host.people(&host.company, &[("li", None, None, "2025-01-01"), ("wu", None, None, "2025-01-01")]).await;
    let link = host.daybreak.invite(&host.company, "li", "Li@Acme.cn").await.unwrap();
    let signed_in = host.daybreak.accept_link(&link.secret, PASSWORD).await.unwrap();
    (host, signed_in)
}

async fn sign_in(host: &TestHost, login: &str, password: &str) -> Result<SignedIn, AppError> {
    host.daybreak.sign_in(&host.company, login, password, "a browser").await
}

async fn is_signed_in(host: &TestHost, secret: &str) -> bool {
    host.daybreak.session(secret).await.unwrap().is_some()
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, AppError>, refused: &AccessRefused) {
    match outcome {
        Err(AppError::AccessRefused(found)) => assert_eq!(found, *refused),
        other => panic!("{other:?} instead of {refused:?}"),
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let (host, first) = host_with_li().await;
    let right = sign_in(&host, " LI@acme.CN", PASSWORD).await.unwrap();
    assert_eq!(right.session.person, "li");
    assert_eq!(right.session.company, host.company);
    assert_ne!(right.secret, first.secret, "each session has a secret of its own");
    assert!(right.secret.starts_with("dbs_"), "{}", right.secret);
    let (session, reach) = host.daybreak.session(&right.secret).await.unwrap().unwrap();
    assert_eq!((session, reach.person()), (right.session, "li"));

    assert_refused(sign_in(&host, "li@acme.cn", "correct horse").await, &AccessRefused::NotSignedIn);
    assert_refused(sign_in(&host, "nobody", PASSWORD).await, &AccessRefused::NotSignedIn);
    assert_refused(sign_in(&host, "", "").await, &AccessRefused::NotSignedIn);
    assert_refused(sign_in(&host, "li@acme.cn", &"x".repeat(100_000)).await, &AccessRefused::NotSignedIn);
    // Invited, and without a password yet.
    host.daybreak.invite(&host.company, "wu", "wu").await.unwrap();
    assert_refused(sign_in(&host, "wu", "").await, &AccessRefused::NotSignedIn);
    // The same login elsewhere is somebody else's.
    let other = host.other_company().await;
    let elsewhere = host.daybreak.sign_in(&other, "li@acme.cn", PASSWORD, "").await;
    assert_refused(elsewhere, &AccessRefused::NotSignedIn);

    host.daybreak.disable_account(&host.company, "li").await.unwrap();
    assert_refused(sign_in(&host, "li@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    assert!(!is_signed_in(&host, &right.secret).await, "sessions of a disabled account have ended");
    host.daybreak.enable_account(&host.company, "li").await.unwrap();
    assert!(!is_signed_in(&host, &right.secret).await, "and stay so");
    sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn ten_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    let (host, _) = host_with_li().await;
    for _ in 0..9 {
        assert_refused(sign_in(&host, "li@acme.cn", "wrong").await, &AccessRefused::NotSignedIn);
    }
    // A right one in between: they are counted in a row.
    sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    for _ in 0..10 {
        assert_refused(sign_in(&host, "li@acme.cn", "wrong").await, &AccessRefused::NotSignedIn);
    }
    let account = host.daybreak.account(&host.company, "li").await.unwrap().unwrap();
    assert_eq!(account.locked_until, Some(Instant(host.now().0 + 15 * MINUTE)));
    assert_refused(sign_in(&host, "li@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    host.pass(15 * MINUTE - 1);
    assert_refused(sign_in(&host, "li@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    // Trying meanwhile did not make it longer.
    host.pass(1);
    sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    assert_eq!(host.daybreak.account(&host.company, "li").await.unwrap().unwrap().locked_until, None);
}

#[tokio::test]
async fn a_session_ends_after_seven_idle_days_and_after_thirty_days_in_any_case() {
    let (host, first) = host_with_li().await;
    let idle = sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    for _ in 0..4 {
        host.pass(7 * DAY - 1);
        assert!(is_signed_in(&host, &first.secret).await, "used within every seven days");
    }
    assert!(!is_signed_in(&host, &idle.secret).await, "not used for seven days");
    host.pass(first.session.expires_at.0 - host.now().0 - 1);
    assert!(is_signed_in(&host, &first.secret).await);
    host.pass(1);
    assert_eq!(first.session.expires_at, host.now());
    assert_eq!(first.session.expires_at.0 - first.session.created_at.0, 30 * DAY);
    assert!(!is_signed_in(&host, &first.secret).await, "thirty days old");
    // What has ended goes with the next who signs in.
    let kept = |host: &TestHost| host.rows("SELECT session FROM session").len();
    assert_eq!(kept(&host), 2);
    sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    assert_eq!(kept(&host), 1);
}

#[tokio::test]
async fn a_session_is_noted_as_used_at_most_once_a_minute() {
    let (host, signed_in) = host_with_li().await;
    let seen = |host: &TestHost| host.rows("SELECT CAST(last_seen_at AS TEXT) FROM session").concat();
    let at_first = seen(&host);
    host.pass(MINUTE - 1);
    assert!(is_signed_in(&host, &signed_in.secret).await);
    assert_eq!(seen(&host), at_first);
    host.pass(1);
    assert!(is_signed_in(&host, &signed_in.secret).await);
    assert_eq!(seen(&host), [host.now().0.to_string()]);
}

#[tokio::test]
async fn the_oldest_of_too_many_sessions_ends() {
    let (host, first) = host_with_li().await;
    let mut later = Vec::new();
    for _ in 0..19 {
        host.pass(MINUTE);
        later.push(sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap().secret);
    }
    assert!(is_signed_in(&host, &first.secret).await, "twenty are allowed");
    host.pass(MINUTE);
    sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    assert!(!is_signed_in(&host, &first.secret).await);
    assert!(is_signed_in(&host, &later[0]).await);
}

#[tokio::test]
async fn signing_out_ends_one_session_or_all() {
    let (host, first) = host_with_li().await;
    let second = sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    host.daybreak.sign_out(&second.secret).await.unwrap();
    host.daybreak.sign_out(&second.secret).await.unwrap();
    host.daybreak.sign_out("dbs_nothing").await.unwrap();
    assert!(!is_signed_in(&host, &second.secret).await && is_signed_in(&host, &first.secret).await);
    let third = sign_in(&host, "li@acme.cn", PASSWORD).await.unwrap();
    assert_eq!(host.daybreak.sign_out_everywhere(&host.company, "li").await.unwrap(), 2);
    assert!(!is_signed_in(&host, &first.secret).await && !is_signed_in(&host, &third.secret).await);
}

#[tokio::test]
async fn another_password_ends_all_sessions_and_begins_a_new_one() {
    let (host, first) = host_with_li().await;
    let change = |old: &'static str, new: &'static str| host.daybreak.change_password(&host.company, "li", old, new);
    assert_refused(change("wrong", "another long one").await, &AccessRefused::WrongPassword);
    let short = AccessRefused::Password(PasswordProblem::TooShort(5));
    assert_refused(change(PASSWORD, "short").await, &short);
    assert_refused(change(PASSWORD, "LI@ACME.CN").await, &AccessRefused::Password(PasswordProblem::IsLogin));
    let open = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    let renewed = change(PASSWORD, "another long one").await.unwrap();
    assert!(!is_signed_in(&host, &first.secret).await && is_signed_in(&host, &renewed.secret).await);
    assert_eq!(host.daybreak.read_link(&open.secret).await.unwrap(), None, "an open link would undo it");
    assert_refused(sign_in(&host, "li@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    sign_in(&host, "li@acme.cn", "another long one").await.unwrap();
    // Guessing the present one here counts as it does when signing in.
    for _ in 0..10 {
        assert_refused(change("wrong", "a third long one").await, &AccessRefused::WrongPassword);
    }
    assert_refused(change("another long one", "a third long one").await, &AccessRefused::WrongPassword);
    assert_refused(sign_in(&host, "li@acme.cn", "another long one").await, &AccessRefused::NotSignedIn);
}

#[tokio::test]
async fn a_link_is_used_once() {
    let (host, first) = host_with_li().await;
    let link = host.daybreak.invite(&host.company, "wu", "wu").await.unwrap();
    assert!(link.secret.starts_with("dbl_"), "{}", link.secret);
    assert_eq!(link.expires_at.0 - host.now().0, 7 * DAY);
    let read = host.daybreak.read_link(&link.secret).await.unwrap().unwrap();
    assert_eq!((read.person.as_str(), read.login.as_str(), read.purpose), ("wu", "wu", LinkPurpose::Invite));
    // A password that cannot be used leaves the link as it was.
    let short = AccessRefused::Password(PasswordProblem::TooShort(2));
    assert_refused(host.daybreak.accept_link(&link.secret, "wu").await, &short);
    // Two at once: one of them is first.
    let (one, two) = tokio::join!(
        host.daybreak.accept_link(&link.secret, "the first password"),
        host.daybreak.accept_link(&link.secret, "the second password"),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
    let (won, lost) = if one.is_ok() { (one, "the second password") } else { (two, "the first password") };
    assert!(is_signed_in(&host, &won.unwrap().secret).await);
    assert_refused(sign_in(&host, "wu", lost).await, &AccessRefused::NotSignedIn);
    assert_refused(host.daybreak.accept_link(&link.secret, PASSWORD).await, &AccessRefused::LinkGone);
    assert_eq!(host.daybreak.read_link(&link.secret).await.unwrap(), None);
    // What is a secret of one kind is none of another.
    assert!(!is_signed_in(&host, &link.secret).await);
    assert_refused(host.daybreak.accept_link(&first.secret, PASSWORD).await, &AccessRefused::LinkGone);
    let has_account = AccessRefused::HasAccount("wu".into());
    assert_refused(host.daybreak.invite(&host.company, "wu", "wu").await, &has_account);
}

#[tokio::test]
async fn links_expire() {
    let (host, _) = host_with_li().await;
    let invitation = host.daybreak.invite(&host.company, "wu", "wu").await.unwrap();
    let reset = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    host.pass(DAY - 1);
    assert!(host.daybreak.read_link(&reset.secret).await.unwrap().is_some());
    host.pass(1);
    assert_eq!(host.daybreak.read_link(&reset.secret).await.unwrap(), None);
    assert_refused(host.daybreak.accept_link(&reset.secret, PASSWORD).await, &AccessRefused::LinkGone);
    host.pass(6 * DAY - 1);
    assert!(host.daybreak.read_link(&invitation.secret).await.unwrap().is_some());
    host.pass(1);
    assert_refused(host.daybreak.accept_link(&invitation.secret, PASSWORD).await, &AccessRefused::LinkGone);
}

#[tokio::test]
async fn a_new_link_voids_those_before_it_and_unlocks_when_it_is_used() {
    let (host, first) = host_with_li().await;
    for _ in 0..10 {
        assert_refused(sign_in(&host, "li@acme.cn", "wrong").await, &AccessRefused::NotSignedIn);
    }
    let earlier = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    let link = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    assert_refused(host.daybreak.accept_link(&earlier.secret, PASSWORD).await, &AccessRefused::LinkGone);
    assert!(is_signed_in(&host, &first.secret).await, "until the link is used nothing changes");
    let read = host.daybreak.read_link(&link.secret).await.unwrap().unwrap();
    assert_eq!(read.purpose, LinkPurpose::Reset);
    host.daybreak.accept_link(&link.secret, "another long one").await.unwrap();
    assert!(!is_signed_in(&host, &first.secret).await);
    sign_in(&host, "li@acme.cn", "another long one").await.unwrap();
    // An invitation under another login voids the first, too.
    let earlier = host.daybreak.invite(&host.company, "wu", "wu").await.unwrap();
    let link = host.daybreak.invite(&host.company, "wu", "wu.fang").await.unwrap();
    assert_eq!(host.daybreak.read_link(&earlier.secret).await.unwrap(), None);
    assert_eq!(host.daybreak.read_link(&link.secret).await.unwrap().unwrap().login, "wu.fang");
    // A disabled account has no links.
    let reset = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    host.daybreak.disable_account(&host.company, "li").await.unwrap();
    assert_refused(host.daybreak.accept_link(&reset.secret, PASSWORD).await, &AccessRefused::LinkGone);
    let disabled = AccessRefused::Disabled("li".into());
    assert_refused(host.daybreak.reset_password(&host.company, "li").await, &disabled);
}

#[tokio::test]
async fn nobody_is_invited_under_somebody_elses_login() {
    let (host, _) = host_with_li().await;
    let taken = AccessRefused::LoginTaken("li@acme.cn".into());
    assert_refused(host.daybreak.invite(&host.company, "wu", "LI@ACME.CN").await, &taken);
    let unknown = host.daybreak.invite(&host.company, "nobody", "nobody").await.unwrap_err();
    assert!(unknown.to_string().contains("nobody"), "{unknown}");
    let none = AccessRefused::NoAccount("wu".into());
    assert_refused(host.daybreak.reset_password(&host.company, "wu").await, &none);
}

#[tokio::test]
async fn whoever_left_or_was_erased_is_not_let_in() {
    let (host, signed_in) = host_with_li().await;
    // The last day is today: Li is let in until it ends.
    host.daybreak.let_person_leave(&host.company, "li", day("2026-06-20")).await.unwrap();
    let reset = host.daybreak.reset_password(&host.company, "li").await.unwrap();
    assert!(is_signed_in(&host, &signed_in.secret).await);
    host.pass(12 * HOUR);
    assert!(!is_signed_in(&host, &signed_in.secret).await);
    assert_refused(sign_in(&host, "li@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    assert_refused(host.daybreak.accept_link(&reset.secret, PASSWORD).await, &AccessRefused::LinkGone);
    let left = AccessRefused::HasLeft("li".into());
    assert_refused(host.daybreak.reset_password(&host.company, "li").await, &left);

    let link = host.daybreak.invite(&host.company, "wu", "wu.fang@acme.cn").await.unwrap();
    let signed_in = host.daybreak.accept_link(&link.secret, PASSWORD).await.unwrap();
    host.department(&host.company, "sales", None, Some("2025-01-01")).await;
    let roles = PersonRoles { admin: false, hr_departments: vec!["sales".into()] };
    host.daybreak.set_roles(&host.company, "wu", &roles).await.unwrap();
    host.daybreak.erase_person(&host.company, "wu").await.unwrap();
    assert!(!is_signed_in(&host, &signed_in.secret).await);
    assert_refused(sign_in(&host, "wu.fang@acme.cn", PASSWORD).await, &AccessRefused::NotSignedIn);
    assert_eq!(host.daybreak.account(&host.company, "wu").await.unwrap(), None, "a login is a name");
    assert!(!host.daybreak.roles(&host.company).await.unwrap().contains_key("wu"));
    assert!(host.daybreak.invite(&host.company, "wu", "wu").await.is_err());
}

#[tokio::test]
async fn a_token_works_until_it_expires_or_is_revoked() {
    let (host, _) = host_with_li().await;
    let scopes = BTreeSet::from([Scope::FactsWrite, Scope::ScoresRead]);
    let expires_at = Instant(host.now().0 + 90 * DAY);
    let made = host.daybreak.create_token(&host.company, " ERP ", &scopes, expires_at).await.unwrap();
    assert!(made.secret.starts_with("dbt_"), "{}", made.secret);
    assert_eq!((made.token.name.as_str(), made.token.created_by.as_str()), ("ERP", "command-line"));
    let other = host.daybreak.create_token(&host.company, "other", &scopes, expires_at).await.unwrap();
    let (company, token) = host.daybreak.token(&made.secret).await.unwrap().unwrap();
    assert_eq!((company.id.as_str(), &token.scopes), ("acme", &scopes));
    assert_eq!(token.last_used_at, Some(host.now()));
    host.pass(MINUTE - 1);
    let (_, token) = host.daybreak.token(&made.secret).await.unwrap().unwrap();
    assert_eq!(token.last_used_at, Some(Instant(host.now().0 - MINUTE + 1)), "noted at most once a minute");

    host.daybreak.revoke_token(&host.company, &other.token.id).await.unwrap();
    assert_eq!(host.daybreak.token(&other.secret).await.unwrap(), None);
    let again = host.daybreak.revoke_token(&host.company, &other.token.id).await.unwrap();
    assert_eq!(again.revoked_at, Some(host.now()));
    assert!(host.daybreak.revoke_token(&host.other_company().await, &made.token.id).await.is_err());
    assert_eq!(host.daybreak.tokens(&host.company).await.unwrap().len(), 2);

    host.pass(expires_at.0 - host.now().0 - 1);
    assert!(host.daybreak.token(&made.secret).await.unwrap().is_some());
    host.pass(1);
    assert_eq!(host.daybreak.token(&made.secret).await.unwrap(), None);

    let soon = Instant(host.now().0 + DAY);
    let (daybreak, company) = (&host.daybreak, &host.company);
    let make = |name: &'static str, scopes: BTreeSet<Scope>, at: Instant| async move {
        daybreak.create_token(company, name, &scopes, at).await.map(|made| made.token)
    };
    assert_refused(make(" ", scopes.clone(), soon).await, &AccessRefused::TokenName);
    assert_refused(make("a", BTreeSet::new(), soon).await, &AccessRefused::NoScopes);
    assert_refused(make("a", scopes.clone(), host.now()).await, &AccessRefused::TokenExpiry);
    let far = Instant(host.now().0 + 400 * DAY + 1);
    assert_refused(make("a", scopes.clone(), far).await, &AccessRefused::TokenExpiry);
    make("a", scopes, Instant(far.0 - 1)).await.unwrap();
}

#[tokio::test]
async fn somebody_stays_administrator() {
    let (host, _) = host_with_li().await;
    let (daybreak, company, first) = (&host.daybreak, &host.company, host.administrator.as_str());
    let is_last = |outcome: Result<(), AppError>| matches!(outcome, Err(AppError::LastAdministrator { .. }));
    daybreak.invite(company, first, "admin").await.unwrap();
    let admin = PersonRoles { admin: true, hr_departments: Vec::new() };
    let none = PersonRoles::default();
    assert!(is_last(daybreak.set_roles(company, first, &none).await));
    assert!(is_last(daybreak.disable_account(company, first).await));
    assert!(is_last(daybreak.erase_person(company, first).await));

    // Whoever cannot sign in is no other administrator.
    daybreak.set_roles(company, "li", &admin).await.unwrap();
    daybreak.disable_account(company, "li").await.unwrap();
    assert!(is_last(daybreak.set_roles(company, first, &none).await));
    daybreak.enable_account(company, "li").await.unwrap();
    daybreak.set_roles(company, first, &none).await.unwrap();
    assert_eq!(daybreak.roles(company).await.unwrap().keys().collect::<Vec<_>>(), ["li"]);
    assert!(is_last(daybreak.set_roles(company, "li", &none).await));
    daybreak.disable_account(company, first).await.unwrap();

    let partner = PersonRoles { admin: false, hr_departments: vec!["nowhere".into()] };
    let unknown = daybreak.set_roles(company, "wu", &partner).await.unwrap_err();
    assert!(unknown.to_string().contains("department add"), "{unknown}");
}

#[tokio::test]
async fn preferences_are_words_that_the_pages_know() {
    let (host, _) = host_with_li().await;
    let set = |language, theme| host.daybreak.set_preferences(&host.company, "li", language, theme);
    set(Some("zh-CN"), Some("dark")).await.unwrap();
    let account = host.daybreak.account(&host.company, "li").await.unwrap().unwrap();
    assert_eq!((account.language.as_deref(), account.theme.as_deref()), (Some("zh-CN"), Some("dark")));
    assert_refused(set(Some("fr"), None).await, &AccessRefused::UnknownLanguage("fr".into()));
    assert_refused(set(None, Some("pink")).await, &AccessRefused::UnknownTheme("pink".into()));
    set(None, None).await.unwrap();
    assert_eq!(host.daybreak.account(&host.company, "li").await.unwrap().unwrap().language, None);
}

#[tokio::test]
async fn no_secret_is_kept_in_clear() {
    let (host, signed_in) = host_with_li().await;
    let link = host.daybreak.invite(&host.company, "wu", "wu").await.unwrap();
    let soon = Instant(host.now().0 + DAY);
    let token = host.daybreak.create_token(&host.company, "ERP", &Scope::ALL.into(), soon).await.unwrap();
    let kept = host.everything_kept();
    for secret in [PASSWORD, &signed_in.secret, &link.secret, &token.secret] {
        let bare = secret.rsplit_once('_').map_or(secret, |(_, bare)| bare);
        assert!(!kept.contains(bare), "{secret}");
    }
    assert!(kept.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    // Nor does what is printed for a log tell one.
    let printed = format!("{signed_in:?} {link:?} {token:?}");
    assert!(["dbs_", "dbl_", "dbt_"].iter().all(|prefix| !printed.contains(prefix)), "{printed}");
}
