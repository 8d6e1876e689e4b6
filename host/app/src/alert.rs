//! Reading alerts, and turning an alert's plan into a task whose completion is a fact.

use std::collections::BTreeSet;

use daybreak_domain::alert::{CarePlan, Event};
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::task::CARE_PLAN;
use daybreak_storage::{AlertQuery, NewAlertRevision, StoredAlert};
use serde_json::json;

use crate::task::{TaskEntry, TaskRecorded};
use crate::{AppError, Daybreak};

/// What the documents of care plans begin with; the alert's number follows.
const DOCUMENT_PREFIX: &str = "alert-";

/// Who is to carry out an alert's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOrder {
    pub alert: i64,
    /// Ids of people, at least one.
    pub assignees: BTreeSet<String>,
    /// Who agreed to it; without one, the first assignee.
    pub by: Option<String>,
    /// The language of the task's title.
    pub language: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlertRefused {
    #[error("the alert {0} is closed, its reason is gone: make a task of your own, if there is still something to do")]
    Closed(i64),
    #[error("the alert {0} comes without a plan: make a task of your own")]
    NoPlan(i64),
    #[error("a task was made of the alert {alert} already: look at it (`daybreak task show {task}`)")]
    Planned { alert: i64, task: String },
}

impl Daybreak {
    /// Alerts as they are now, the largest priority first, ties by subject.
    pub async fn alerts(&self, company: &Company, query: &AlertQuery) -> Result<Vec<StoredAlert>, AppError> {
        Ok(self.store.alerts(&company.id, query).await?)
    }

    /// What happened to the alert, in order.
    pub async fn alert_history(&self, company: &Company, alert: i64) -> Result<Vec<StoredAlert>, AppError> {
        let revisions = self.store.alert_revisions(&company.id, alert).await?;
        if revisions.is_empty() {
            return Err(unknown(alert));
        }
        Ok(revisions)
    }

    /// The plan of an open alert as a task that nobody has agreed to yet; it is due so many days after today.
    pub fn care_plan(&self, company: &Company, alert: &StoredAlert) -> Result<CarePlan, AppError> {
        if !alert.is_open() {
            return Err(AlertRefused::Closed(alert.alert).into());
        }
        let plan = alert.content.plan.as_ref().ok_or(AlertRefused::NoPlan(alert.alert))?;
        let today = company.zone.day_of(self.clock.now());
        Ok(CarePlan {
            title: plan.title.clone(),
            due: today.plus(i32::try_from(plan.due_days).unwrap_or_default()),
            counts_in: plan.counts_in.clone(),
            customer: (alert.subject_kind == SubjectKind::Customer).then(|| alert.subject.clone()),
            document: format!("{DOCUMENT_PREFIX}{}", alert.alert),
        })
    }

    /// Makes a task of the alert's plan. Its completion is a fact that counts in the indicator that the plan names.
    pub async fn plan_alert(&self, company: &Company, order: &PlanOrder) -> Result<TaskRecorded, AppError> {
        let newest = self.alert_history(company, order.alert).await?.pop().ok_or_else(|| unknown(order.alert))?;
        if let Some(task) = newest.task {
            return Err(AlertRefused::Planned { alert: order.alert, task }.into());
        }
        let plan = self.care_plan(company, &newest)?;
        // One alert has one task, so its id is the alert's; should the host stop between the two writes, the same order
        // finds the task again.
        let id = format!("care.{}", order.alert);
        let by = order.by.as_ref().or_else(|| order.assignees.first()).cloned().unwrap_or_default();
        let recorded = if let Some(known) = self.store.task(&company.id, &id).await? {
            TaskRecorded { task: known.task, is_news: false }
        } else {
            let entry = TaskEntry {
                id: Some(id),
                title: plan.title.get(&order.language).to_owned(),
                kind: CARE_PLAN.to_owned(),
                initiator: by.clone(),
                assignees: order.assignees.clone(),
                due: Some(plan.due),
                document: Some(plan.document),
                customer: plan.customer,
                weight: 1.0,
                counts_in: plan.counts_in,
                at: None,
            };
            self.add_task(company, &entry, &by).await?
        };
        let mut write = self.store.write(&company.id).await?;
        let newest = write.newest_alert(order.alert).await?.ok_or_else(|| unknown(order.alert))?;
        if newest.task.is_none() {
            // It may have closed meanwhile; that it was planned is noted without opening it again.
            let event = if newest.is_open() { Event::Planned } else { Event::Closed };
            let planned = NewAlertRevision {
                alert: Some(newest.alert),
                enablement: &newest.enablement,
                subject_kind: newest.subject_kind,
                subject: &newest.subject,
                event,
                assessed_on: newest.assessed_on,
                opened_on: newest.opened_on,
                recorded_at: self.clock.now(),
                recorded_by: Some(&by),
                task: Some(&recorded.task.id),
                content: &newest.content,
            };
            write.append_alert_revisions(None, &[planned]).await?;
            let entry = AuditEntry::new("alert.plan", newest.alert.to_string());
            self.note(&mut write, &[entry.after(json!({ "task": recorded.task.id }))]).await?;
            write.commit().await?;
        }
        Ok(recorded)
    }
}

fn unknown(alert: i64) -> AppError {
    AppError::Unknown { what: "alert", id: alert.to_string() }
}
