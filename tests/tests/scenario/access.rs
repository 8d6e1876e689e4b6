//! An operator lets people and systems in, and takes it back.

use daybreak_app::AppError;
use daybreak_app::access::AccessRefused;
use daybreak_domain::access::Scope;
use daybreak_tests::company::TestCompany;
use daybreak_tests::host::{HandClock, host};

use super::concurrency::NOW;

const PASSWORD: &str = "correct horse battery";

/// The secret in the line that begins with this, as a command printed it.
#[track_caller]
fn secret(said: &str, before: &str) -> String {
    let lines: Vec<&str> = said.lines().filter_map(|line| line.trim().strip_prefix(before)).collect();
    assert_eq!(lines.len(), 1, "{said}");
    lines[0].to_owned()
}

/// A company with departments and people.
fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    company.ok(&["department", "add", "north", "--name", "北区", "--parent", "sales"]);
    let people = company.file(
        "people.csv",
        "id,name,department,manager,from\nli,李雷,sales,,2025-01-01\nwu,吴芳,north,li,2025-01-01\n",
    );
    company.ok(&["people", "import", &people]);
    company
}

#[test]
fn the_first_administrator_is_invited_when_the_company_is_made() {
    let company = TestCompany::absent(daybreak_tests::database::Database::of_module(module_path!()), NOW);
    let init = ["init", "acme", "--name", "Acme", "--admin", "王芳", "--login"];
    let refused = company.refused(&[&init[..], &["wang fang"]].concat());
    assert!(refused.contains("leave them out"), "{refused}");
    // Nothing was made, so the same can be tried again.
    let said = company.ok(&[&init[..], &["Wang.Fang"]].concat());
    assert!(said.contains("login wang.fang"), "{said}");
    let link = secret(&said, "/accept/");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let host = host(&company, 0, &HandClock::new(NOW)).await;
        let acme = host.company(None).await.unwrap();
        let signed_in = host.accept_link(&link, PASSWORD).await.unwrap();
        let reach = host.reach(&acme, &signed_in.session.person, None).await.unwrap();
        assert!(reach.is_admin());
        let again = host.sign_in(&acme, "WANG.FANG", PASSWORD, "a browser").await.unwrap();
        assert_eq!(again.session.person, signed_in.session.person);
        assert!(host.session(&again.secret).await.unwrap().is_some());
    });
}

#[test]
fn an_operator_invites_resets_and_disables() {
    let company = company();
    let invited = company.ok(&["account", "invite", "li", "--login", "Li@Acme.cn"]);
    let link = secret(&invited, "/accept/");
    assert!(company.ok(&["account", "list"]).contains("li@acme.cn  invited"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (host, acme, session) = runtime.block_on(async {
        let host = host(&company, 0, &HandClock::new(NOW)).await;
        let acme = host.company(None).await.unwrap();
        let session = host.accept_link(&link, PASSWORD).await.unwrap().secret;
        (host, acme, session)
    });
    assert!(company.ok(&["account", "list"]).contains("li@acme.cn  active"));
    let refused = company.refused(&["account", "invite", "li", "--login", "li"]);
    assert!(refused.contains("reset it instead"), "{refused}");
    let refused = company.refused(&["account", "invite", "wu", "--login", "LI@acme.cn"]);
    assert!(refused.contains("belongs to somebody else"), "{refused}");
    let refused = company.refused(&["account", "reset", "wu"]);
    assert!(refused.contains("invite them first"), "{refused}");

    let earlier = secret(&company.ok(&["account", "reset", "li"]), "/accept/");
    let link = secret(&company.ok(&["account", "reset", "li"]), "/accept/");
    let second = runtime.block_on(async {
        assert!(matches!(
            host.accept_link(&earlier, PASSWORD).await,
            Err(AppError::AccessRefused(AccessRefused::LinkGone))
        ));
        let second = host.accept_link(&link, "another long password").await.unwrap().secret;
        assert!(host.accept_link(&link, PASSWORD).await.is_err());
        assert!(host.session(&session).await.unwrap().is_none());
        assert!(host.session(&second).await.unwrap().is_some());
        // Guessed until it is locked, which the operator sees.
        for _ in 0..10 {
            assert!(host.sign_in(&acme, "li@acme.cn", PASSWORD, "").await.is_err());
        }
        second
    });
    assert!(company.ok(&["account", "list"]).contains("locked until 2026-06-20T12:15:00"));
    company.ok(&["account", "disable", "li"]);
    assert!(company.ok(&["account", "list"]).contains("disabled since 2026-06-20"));
    runtime.block_on(async { assert!(host.session(&second).await.unwrap().is_none()) });
    company.ok(&["account", "enable", "li"]);

    // Whoever is erased leaves no login behind.
    company.ok(&["people", "erase", "li"]);
    assert!(company.refused(&["account", "reset", "li"]).contains("no account"));
    let kept = company.every_row();
    for gone in ["li@acme.cn", PASSWORD, &session[4..], &second[4..], &link[4..]] {
        let found: Vec<_> = kept.iter().filter(|row| row.contains(gone)).collect();
        assert!(found.is_empty(), "{gone}: {found:?}");
    }
}

#[test]
fn roles_and_tokens_are_given_and_taken_away() {
    let company = company();
    assert!(company.ok(&["role", "list"]).contains("王芳"));
    let said = company.ok(&["role", "set", "wu", "--hr", "sales", "--hr", "north"]);
    assert!(said.contains("wu: hr-partner of north, sales"), "{said}");
    assert!(company.refused(&["role", "set", "wu", "--hr", "south"]).contains("department add"));
    company.ok(&["role", "set", "li", "--admin"]);
    let first = company.rows("SELECT person FROM role WHERE role = 'admin' AND person <> 'li'").concat().concat();
    company.ok(&["role", "set", &first]);
    assert!(company.refused(&["role", "set", "li"]).contains("only administrator"));
    assert!(company.refused(&["people", "erase", "li"]).contains("only administrator"));

    let create = |scope: &'static str, days: &'static str| {
        ["token", "create", "ERP", "--scope", "facts:write", "--scope", scope, "--days", days]
    };
    let refused = company.refused(&create("facts:erase", "30"));
    assert!(refused.contains("facts:read") && refused.contains("jobs:read"), "{refused}");
    assert!(company.refused(&create("facts:read", "401")).contains("within 400 days"));
    let said = company.ok(&create("scores:read", "30"));
    let token = format!("dbt_{}", secret(&said, "dbt_"));
    let id = said.split_whitespace().next().unwrap().to_owned();
    assert!(company.ok(&["token", "list"]).contains("facts:write scores:read  until 2026-07-20"));

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let host = host(&company, 0, &HandClock::new(NOW)).await;
        let (acme, known) = host.token(&token).await.unwrap().unwrap();
        assert_eq!((acme.id.as_str(), &known.id), ("acme", &id));
        assert_eq!(known.scopes, [Scope::FactsWrite, Scope::ScoresRead].into());
        let reach = host.reach(&acme, "wu", None).await.unwrap();
        assert!(reach.is_hr() && reach.covers_person("li", acme.zone.day_of(known.created_at)));
        company.ok(&["token", "revoke", &id]);
        assert!(host.token(&token).await.unwrap().is_none());
    });
    assert!(company.ok(&["token", "list"]).contains("revoked on 2026-06-20"));
    assert!(company.refused(&["token", "revoke", "token_none"]).contains("token list"));
    assert!(company.every_row().iter().all(|row| !row.contains(&token[4..])), "only its digest is kept");
}
