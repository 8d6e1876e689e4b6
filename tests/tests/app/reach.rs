//! Whom somebody may see: oneself, one's line, the departments one looks after, or everybody.

use daybreak_app::access::{PersonRoles, Reach};
use daybreak_app::organise::customers::OwnershipEntry;
use daybreak_app::organise::people::Move;
use daybreak_domain::company::Company;
use daybreak_domain::customer::Customer;
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;

use crate::host::{TestHost, day};

/// Zhao leads Qian, who leads Sun, who leads Li; Wu works elsewhere. Sales stands above north, which stands above
/// beijing.
async fn host() -> TestHost {
    let host = TestHost::new().await;
    let acme = &host.company;
    for (id, parent) in [("sales", None), ("north", Some("sales")), ("beijing", Some("north")), ("service", None)] {
        host.department(acme, id, parent, None).await;
    }
    let since = "2025-01-01";
    let people = [
        ("zhao", Some("sales"), None, since),
        ("qian", Some("sales"), Some("zhao"), since),
        ("sun", Some("north"), Some("qian"), since),
        ("li", Some("beijing"), Some("sun"), since),
        ("wu", Some("service"), None, since),
        ("hr", None, None, since),
    ];
    host.people(acme, &people).await;
    host
}

async fn reach(host: &TestHost, person: &str) -> Reach {
    host.daybreak.reach(&host.company, person, None).await.unwrap()
}

async fn partner(host: &TestHost, company: &Company, person: &str, department: &str) {
    let roles = PersonRoles { admin: false, hr_departments: vec![department.into()] };
    host.daybreak.set_roles(company, person, &roles).await.unwrap();
}

fn last_day(period: &str) -> Day {
    period.parse::<Period>().unwrap().end().plus(-1)
}

#[tokio::test]
async fn a_manager_sees_their_line_at_any_depth() {
    let host = host().await;
    let today = day("2026-06-20");
    let zhao = reach(&host, "zhao").await;
    assert!(["zhao", "qian", "sun", "li"].into_iter().all(|person| zhao.covers_person(person, today)));
    assert!(!zhao.covers_person("wu", today) && !zhao.covers_person("nobody", today));
    assert_eq!(zhao.line_on(today).into_iter().collect::<Vec<_>>(), ["li", "qian", "sun"]);
    assert_eq!(zhao.direct_reports_on(today).into_iter().collect::<Vec<_>>(), ["qian"]);
    assert!(zhao.manages_somebody_on(today) && !zhao.is_admin() && !zhao.is_hr());
    let li = reach(&host, "li").await;
    assert!(li.covers_person("li", today) && !li.covers_person("sun", today) && !li.covers_person("zhao", today));
    assert!(!li.manages_somebody_on(today) && li.line_on(today).is_empty());
    // Before they came nobody led anybody.
    assert!(!zhao.covers_person("li", day("2024-12-31")) && !zhao.manages_somebody_on(day("2024-12-31")));
    assert!(li.covers_person("li", day("2024-12-31")), "oneself always");

    let admin = reach(&host, &host.administrator).await;
    assert!(admin.is_admin());
    assert!(["zhao", "wu", "li"].into_iter().all(|person| admin.covers_person(person, today)));
    assert!(admin.covers_department("service", today) && admin.covers_customer("any", today));
}

#[tokio::test]
async fn lines_in_a_circle_end() {
    let host = host().await;
    let leads = |person: &'static str| Move { manager: Some(Some(person.into())), ..Move::default() };
    // Zhao is led by Li now, so all four lead each other.
    host.daybreak.move_person(&host.company, "zhao", leads("li")).await.unwrap();
    let today = day("2026-06-20");
    let sun = reach(&host, "sun").await;
    assert!(["zhao", "qian", "sun", "li"].into_iter().all(|person| sun.covers_person(person, today)));
    assert_eq!(sun.line_on(today).into_iter().collect::<Vec<_>>(), ["li", "qian", "zhao"]);
    assert!(!reach(&host, "wu").await.covers_person("zhao", today), "outside of the circle");
    assert!(!reach(&host, "wu").await.covers_department("sales", today));
}

#[tokio::test]
async fn a_score_belongs_to_the_line_of_its_last_day() {
    let host = host().await;
    let from = Some(day("2026-05-16"));
    let change = Move { manager: Some(Some("wu".into())), from, ..Move::default() };
    host.daybreak.move_person(&host.company, "li", change).await.unwrap();
    let (sun, zhao, wu) = (reach(&host, "sun").await, reach(&host, "zhao").await, reach(&host, "wu").await);
    for (period, of_sun) in [("2026-04", true), ("2026-05", false), ("2026-06", false)] {
        let on = last_day(period);
        assert_eq!(sun.covers_person("li", on), of_sun, "{period}");
        assert_eq!(zhao.covers_person("li", on), of_sun, "{period}");
        assert_eq!(wu.covers_person("li", on), !of_sun, "{period}");
    }
    // A fact is looked at on its own day.
    assert!(sun.covers_person("li", day("2026-05-15")) && !sun.covers_person("li", day("2026-05-16")));
}

#[tokio::test]
async fn what_was_known_then_can_be_asked_and_a_change_is_seen_at_once() {
    let host = host().await;
    let today = day("2026-06-20");
    let before = host.store.sequence(&host.company.id).await.unwrap();
    assert!(reach(&host, "sun").await.covers_person("li", today));
    let change = Move { manager: Some(Some("wu".into())), from: Some(day("2025-01-01")), ..Move::default() };
    host.daybreak.move_person(&host.company, "li", change).await.unwrap();
    assert!(!reach(&host, "sun").await.covers_person("li", today), "nothing outdated is held");
    let then = host.daybreak.reach(&host.company, "sun", Some(before)).await.unwrap();
    assert!(then.covers_person("li", today));
    assert!(!reach(&host, "sun").await.covers_person("li", today), "nor what was asked of the past");
}

#[tokio::test]
async fn an_hr_partner_sees_their_departments_and_those_below() {
    let host = host().await;
    partner(&host, &host.company, "hr", "north").await;
    let today = day("2026-06-20");
    let hr = reach(&host, "hr").await;
    assert!(hr.is_hr() && !hr.is_admin());
    let seen = |person: &str| hr.covers_person(person, today);
    assert!(seen("sun") && seen("li") && seen("hr"));
    assert!(!seen("qian") && !seen("zhao") && !seen("wu"));
    assert!(hr.covers_department("north", today) && hr.covers_department("beijing", today));
    assert!(!hr.covers_department("sales", today) && !hr.covers_department("service", today));

    // Beijing moves under service: from then on its people are no longer the partner's.
    host.department(&host.company, "beijing", Some("service"), Some("2026-06-10")).await;
    let hr = reach(&host, "hr").await;
    assert!(hr.covers_person("li", day("2026-06-09")) && !hr.covers_person("li", day("2026-06-10")));
    // The role goes: so does what it showed.
    host.daybreak.set_roles(&host.company, "hr", &PersonRoles::default()).await.unwrap();
    assert!(!reach(&host, "hr").await.covers_person("sun", today));
}

#[tokio::test]
async fn a_department_is_seen_by_its_people_and_whoever_leads_one_of_them() {
    let host = host().await;
    let today = day("2026-06-20");
    for (person, departments) in [
        ("zhao", vec!["beijing", "north", "sales"]),
        ("sun", vec!["beijing", "north"]),
        ("li", vec!["beijing"]),
        ("wu", vec!["service"]),
        ("hr", vec![]),
    ] {
        let reach = reach(&host, person).await;
        let seen: Vec<_> = ["beijing", "north", "sales", "service"]
            .into_iter()
            .filter(|department| reach.covers_department(department, today))
            .collect();
        assert_eq!(seen, departments, "{person}");
    }
}

#[tokio::test]
async fn a_customer_is_seen_by_its_owner_and_whoever_sees_the_owner() {
    let host = host().await;
    let hospital = Customer { id: "hospital".into(), name: "医院".into(), kind: None };
    host.daybreak.add_customer(&host.company, hospital).await.unwrap();
    for (owner, from) in [("li", "2025-01-01"), ("wu", "2026-06-01")] {
        let entry = OwnershipEntry {
            customer: "hospital".into(),
            owner: Some(owner.into()),
            from: Some(day(from)),
            until: None,
        };
        host.daybreak.assign_customer(&host.company, entry).await.unwrap();
    }
    partner(&host, &host.company, "hr", "service").await;
    let (before, since) = (day("2026-05-31"), day("2026-06-01"));
    for (person, of_li, of_wu) in
        [("li", true, false), ("zhao", true, false), ("wu", false, true), ("hr", false, true), ("qian", true, false)]
    {
        let reach = reach(&host, person).await;
        assert_eq!(reach.covers_customer("hospital", before), of_li, "{person}");
        assert_eq!(reach.covers_customer("hospital", since), of_wu, "{person}");
        assert!(!reach.covers_customer("nobody's", since), "{person}");
    }
}

#[tokio::test]
async fn another_company_has_other_lines() {
    let host = host().await;
    let other = host.other_company().await;
    // The same ids, and other people: Li leads Zhao there.
    host.people(&other, &[("li", None, None, "2025-01-01"), ("zhao", None, Some("li"), "2025-01-01")]).await;
    let today = day("2026-06-20");
    let there = host.daybreak.reach(&other, "li", None).await.unwrap();
    assert!(there.covers_person("zhao", today) && !there.covers_person("sun", today));
    assert!(!reach(&host, "li").await.covers_person("zhao", today));
    let administrator = host.daybreak.reach(&other, &host.administrator, None).await.unwrap();
    assert!(!administrator.is_admin() && !administrator.covers_person("zhao", today));
    // Roles, too, are of one company.
    host.department(&other, "north", None, None).await;
    partner(&host, &other, "li", "north").await;
    assert!(!reach(&host, "li").await.is_hr());
}
