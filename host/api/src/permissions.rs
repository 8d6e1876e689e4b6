//! Who may call what: one row for every endpoint.
//!
//! The table is the first of two checks. It decides by what the caller is: somebody's role, or a token's scope. Where an
//! endpoint is about a person, a department or a customer, the second check is the caller's reach, which depends on the
//! day, and the endpoint makes it. Whoever fails either gets the answer that they would get if there were nothing.

use daybreak_domain::access::Scope;

/// Which of the people who signed in may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Nobody has to sign in.
    Anyone,
    /// No person, only systems with a token.
    Nobody,
    /// Every employee; what is about somebody, as far as their reach goes.
    Employees,
    /// Whoever leads somebody today, HR partners and administrators, as far as their reach goes.
    Leaders,
    /// HR partners and administrators, as far as their reach goes.
    HrPartners,
    Administrators,
}

/// What an endpoint is about, and so what the second check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nobody in particular.
    Nobody,
    /// Whoever calls.
    Oneself,
    /// One person, department, customer or company: the subject has to be in reach.
    Subject,
    /// A list of which everybody sees what is in their reach.
    List,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// The endpoint's operation id in the OpenAPI document.
    pub operation: &'static str,
    pub people: People,
    /// The scope that a token needs. None: no token may.
    pub scope: Option<Scope>,
    pub about: About,
}

const fn row(operation: &'static str, people: People, scope: Option<Scope>, about: About) -> Permission {
    Permission { operation, people, scope, about }
}

/// The row of the endpoint.
#[must_use]
pub fn of(operation: &str) -> Option<&'static Permission> {
    TABLE.iter().find(|permission| permission.operation == operation)
}

use About::{List, Nobody as Nothing, Oneself, Subject};
use People::{Administrators, Anyone, Employees, HrPartners, Leaders};

/// Sorted by resource, as the folders of the endpoints are.
#[rustfmt::skip]
pub const TABLE: &[Permission] = &[
    // The host itself.
    row("health",             Anyone,         None,                         Nothing),
    row("readiness",          Anyone,         None,                         Nothing),
    row("figures",            Administrators, Some(Scope::OperationRead),   Nothing),
    row("openapi_document",   Anyone,         None,                         Nothing),
    // Signing in.
    row("sign_in",            Anyone,         None,                         Nothing),
    row("read_ways",          Anyone,         None,                         Nothing),
    row("sign_in_to_demonstration", Anyone,   None,                         Nothing),
    row("read_link",          Anyone,         None,                         Nothing),
    row("accept_link",        Anyone,         None,                         Nothing),
    row("read_session",       Employees,      None,                         Oneself),
    row("sign_out",           Employees,      None,                         Oneself),
    row("sign_out_everywhere",Employees,      None,                         Oneself),
    row("change_password",    Employees,      None,                         Oneself),
    row("set_preferences",    Employees,      None,                         Oneself),
    // Facts.
    row("record_facts",       Administrators, Some(Scope::FactsWrite),      Nothing),
    row("list_facts",         Employees,      Some(Scope::FactsRead),       List),
    row("read_fact",          Employees,      Some(Scope::FactsRead),       Subject),
    // Scores.
    row("list_scores",        Employees,      Some(Scope::ScoresRead),      List),
    row("read_score",         Employees,      Some(Scope::ScoresRead),      Subject),
    row("read_score_receipt", Employees,      Some(Scope::ScoresRead),      Subject),
    row("list_score_evidence",Employees,      Some(Scope::ScoresRead),      Subject),
    row("replay_score",       Employees,      Some(Scope::ScoresRead),      Subject),
    // Questions about scores and composites.
    row("ask_about_score",    Employees,      None,                         Subject),
    row("ask_about_composite",Employees,      None,                         Subject),
    row("list_questions",     Employees,      Some(Scope::ScoresRead),      List),
    row("read_question",      Employees,      Some(Scope::ScoresRead),      Subject),
    row("answer_question",    Employees,      None,                         Subject),
    // Jobs.
    row("list_jobs",          Administrators, Some(Scope::JobsRead),        Nothing),
    row("read_job",           Administrators, Some(Scope::JobsRead),        Nothing),
    row("create_job",         Administrators, Some(Scope::ScoresCompute),   Nothing),
    row("cancel_job",         Administrators, Some(Scope::ScoresCompute),   Nothing),
    // Imports.
    row("preview_import",     Administrators, Some(Scope::FactsWrite),      Nothing),
    row("create_import",      Administrators, Some(Scope::FactsWrite),      Nothing),
    row("import_list",        Administrators, Some(Scope::OrganisationWrite), Nothing),
    row("import_customer_list", Administrators, Some(Scope::CustomersWrite), Nothing),
    // Webhooks. Whoever delivers with one shows that they may by their signature.
    row("list_webhooks",      Administrators, Some(Scope::SetupRead),       Nothing),
    row("read_webhook",       Administrators, Some(Scope::SetupRead),       Nothing),
    row("create_webhook",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("change_webhook",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("rotate_webhook",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("disable_webhook",    Administrators, Some(Scope::SetupWrite),      Nothing),
    row("enable_webhook",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("delete_webhook",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("receive_webhook",    Anyone,         None,                         Nothing),
    // Live.
    row("stream_events",      Employees,      Some(Scope::ScoresRead),      List),
    // The company.
    row("read_company",       Employees,      Some(Scope::OrganisationRead),  Nothing),
    // People.
    row("list_people",        Employees,      Some(Scope::OrganisationRead),  List),
    row("add_people",         Administrators, Some(Scope::OrganisationWrite), Nothing),
    row("read_person",        Employees,      Some(Scope::OrganisationRead),  Subject),
    row("move_person",        HrPartners,     Some(Scope::OrganisationWrite), Subject),
    row("let_person_leave",   Administrators, Some(Scope::OrganisationWrite), Subject),
    row("erase_person",       Administrators, None,                           Subject),
    row("list_spells",        Employees,      Some(Scope::OrganisationRead),  Subject),
    row("list_reports",       Employees,      Some(Scope::OrganisationRead),  Subject),
    row("read_roles",         Administrators, None,                           Subject),
    row("set_roles",          Administrators, None,                           Subject),
    // Accounts.
    row("list_accounts",      Administrators, None,                           Nothing),
    row("read_account",       Administrators, None,                           Subject),
    row("invite_person",      Administrators, None,                           Subject),
    row("reset_account",      Administrators, None,                           Subject),
    row("disable_account",    Administrators, None,                           Subject),
    row("enable_account",     Administrators, None,                           Subject),
    // Identities.
    row("list_identities",    Administrators, Some(Scope::OrganisationRead),  Nothing),
    row("set_identities",     Administrators, Some(Scope::OrganisationWrite), Nothing),
    // Departments and positions.
    row("list_departments",   Employees,      Some(Scope::OrganisationRead),  Nothing),
    row("add_departments",    Administrators, Some(Scope::OrganisationWrite), Nothing),
    row("set_department",     Administrators, Some(Scope::OrganisationWrite), Nothing),
    row("close_department",   Administrators, Some(Scope::OrganisationWrite), Nothing),
    row("list_positions",     Employees,      Some(Scope::OrganisationRead),  Nothing),
    row("set_position",       Administrators, Some(Scope::OrganisationWrite), Nothing),
    // Absences.
    row("list_absences",      Employees,      Some(Scope::OrganisationRead),  List),
    row("add_absences",       Leaders,        Some(Scope::OrganisationWrite), Subject),
    row("withdraw_absence",   Leaders,        Some(Scope::OrganisationWrite), Subject),
    // Head counts and silence.
    row("read_headcount",     Leaders,        Some(Scope::OrganisationRead),  List),
    row("read_silence",       Leaders,        Some(Scope::OrganisationRead),  List),
    // Customers.
    row("list_customers",     Employees,      Some(Scope::CustomersRead),     List),
    row("add_customers",      Administrators, Some(Scope::CustomersWrite),    Nothing),
    row("read_customer",      Employees,      Some(Scope::CustomersRead),     Subject),
    row("set_customer",       Administrators, Some(Scope::CustomersWrite),    Nothing),
    row("list_owners",        Employees,      Some(Scope::CustomersRead),     Subject),
    row("assign_customer",    Administrators, Some(Scope::CustomersWrite),    Nothing),
    row("add_owners",         Administrators, Some(Scope::CustomersWrite),    Nothing),
    row("list_contacts",      Employees,      Some(Scope::CustomersRead),     Subject),
    row("record_contact",     Employees,      Some(Scope::CustomersWrite),    Subject),
    row("add_contacts",       Administrators, Some(Scope::CustomersWrite),    Nothing),
    row("let_contact_leave",  Employees,      Some(Scope::CustomersWrite),    Subject),
    row("erase_contact",      Administrators, Some(Scope::CustomersWrite),    Nothing),
    // Tokens.
    row("list_tokens",        Administrators, None,                           Nothing),
    row("create_token",       Administrators, None,                           Nothing),
    row("revoke_token",       Administrators, None,                           Nothing),
    // The audit.
    row("list_audit",         Administrators, Some(Scope::AuditRead),         Nothing),
    // Tasks.
    row("list_tasks",         Employees,      Some(Scope::TasksRead),       List),
    row("read_task",          Employees,      Some(Scope::TasksRead),       Subject),
    row("create_task",        Employees,      Some(Scope::TasksWrite),      Nothing),
    row("change_task",        Employees,      Some(Scope::TasksWrite),      Subject),
    row("complete_task",      Employees,      Some(Scope::TasksWrite),      Subject),
    row("cancel_task",        Employees,      Some(Scope::TasksWrite),      Subject),
    row("reopen_task",        Employees,      Some(Scope::TasksWrite),      Subject),
    // Crises.
    row("plan_crisis",        Leaders,        Some(Scope::TasksWrite),      Nothing),
    row("start_crisis",       Leaders,        Some(Scope::TasksWrite),      Nothing),
    // Circumstances.
    row("list_circumstances", Employees,      Some(Scope::TasksRead),       List),
    row("read_circumstance",  Employees,      Some(Scope::TasksRead),       Subject),
    row("create_circumstance",Leaders,        None,                         Subject),
    row("end_circumstance",   Leaders,        None,                         Subject),
    row("withdraw_circumstance",Leaders,      None,                         Subject),
    row("join_circumstance",  Leaders,        None,                         Subject),
    // Composites.
    row("list_composites",    Employees,      Some(Scope::ScoresRead),      List),
    row("read_composite",     Employees,      Some(Scope::ScoresRead),      Subject),
    row("replay_composite",   Employees,      Some(Scope::ScoresRead),      Subject),
    // Insights.
    row("list_insights",      Employees,      Some(Scope::ScoresRead),      List),
    row("read_insight",       Employees,      Some(Scope::ScoresRead),      Subject),
    row("narrate",            Employees,      Some(Scope::ScoresCompute),   Subject),
    row("replay_insight",     Employees,      Some(Scope::ScoresRead),      Subject),
    // Alerts.
    row("list_alerts",        Employees,      Some(Scope::AlertsRead),      List),
    row("read_alert",         Employees,      Some(Scope::AlertsRead),      Subject),
    row("plan_alert",         Employees,      Some(Scope::AlertsWrite),     Subject),
    row("replay_alert",       Employees,      Some(Scope::AlertsRead),      Subject),
    // What somebody's day begins with.
    row("read_day",           Employees,      Some(Scope::ScoresRead),      Subject),
    // One indicator of somebody, somebody's growth map, somebody's team.
    row("read_indicator_history", Employees,  Some(Scope::ScoresRead),      Subject),
    row("read_growth",        Employees,      Some(Scope::ScoresRead),      Subject),
    row("count_growth_view",  Employees,      None,                         Oneself),
    row("read_self_views",    Leaders,        Some(Scope::ScoresRead),      List),
    row("read_team",          Employees,      None,                         Subject),
    // The set-up: indicators and goals.
    row("list_indicators",    Employees,      Some(Scope::SetupRead),       Nothing),
    row("read_indicator",     Employees,      Some(Scope::SetupRead),       List),
    row("plan_indicator",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("set_indicator",      Administrators, Some(Scope::SetupWrite),      Nothing),
    row("list_goals",         Employees,      Some(Scope::SetupRead),       List),
    row("set_goal",           HrPartners,     Some(Scope::SetupWrite),      Subject),
    // Scorecards and shares.
    row("list_scorecards",    Employees,      Some(Scope::SetupRead),       List),
    row("read_scorecard",     Employees,      Some(Scope::SetupRead),       Subject),
    row("set_scorecard",      Administrators, Some(Scope::SetupWrite),      Nothing),
    row("end_scorecard",      Administrators, Some(Scope::SetupWrite),      Nothing),
    row("read_minimum_coverage", HrPartners,  Some(Scope::SetupRead),       Nothing),
    row("set_minimum_coverage", Administrators, Some(Scope::SetupWrite),    Nothing),
    row("read_shares",        Employees,      Some(Scope::ScoresRead),      Subject),
    row("list_reweightings",  Employees,      Some(Scope::ScoresRead),      List),
    row("order_reweighting",  Leaders,        Some(Scope::SetupWrite),      Subject),
    row("revoke_reweighting", Leaders,        Some(Scope::SetupWrite),      Subject),
    // Plugins and their use.
    row("list_plugins",       HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("read_plugin",        HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("install_plugin",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("pin_plugin",         Administrators, Some(Scope::SetupWrite),      Nothing),
    row("list_faults",        HrPartners,     Some(Scope::SetupRead),       List),
    row("list_enablements",   HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("plan_enablement",    Administrators, Some(Scope::SetupWrite),      Nothing),
    row("set_enablement",     Administrators, Some(Scope::SetupWrite),      Nothing),
    row("end_enablement",     Administrators, Some(Scope::SetupWrite),      Nothing),
    // Packs and mappings.
    row("list_applied_packs", HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("plan_pack",          Administrators, Some(Scope::SetupWrite),      Nothing),
    row("apply_pack",         Administrators, Some(Scope::SetupWrite),      Nothing),
    row("list_mappings",      HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("read_mapping",       HrPartners,     Some(Scope::SetupRead),       Nothing),
    row("set_mapping",        Administrators, Some(Scope::SetupWrite),      Nothing),
];
