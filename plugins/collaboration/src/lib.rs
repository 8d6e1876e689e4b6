//! How much of what somebody finished was done together with other departments: as a share, a weight or a count.
//!
//! A finished task is one fact for each participant, on the same document. A task belongs to the subject and to the
//! period by the subject's own fact on it; of several (a task that was reopened and finished again) by the last one
//! known at as-of, so that it counts once. It is cross-department when its participants were in more than one
//! department, each on the day of that participant's own last fact. A participant without a department is no
//! department.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_sdk::indicator::{Direction, Indicator, Outcome, Rules, Subject};
use daybreak_sdk::localized::shortened;
use daybreak_sdk::{
    Context, Facts, Group, Localized, Manifest, Matching, Need, Needs, Number, Plugin, Row, Scope, Span, SubjectKind,
    Text, Truth, Window, points, statistics, text,
};

/// Most rows of evidence: the heaviest tasks, those across departments first.
const EVIDENCE_MAX: usize = 20;
/// Most other departments that are named, those with the most tasks first.
const DEPARTMENTS_MAX: usize = 8;

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 业务事实类型 | Fact kind
    ///
    /// 任务完成时系统为发起人和每位执行人各记一条的事实 | The fact that is recorded for the initiator and for each assignee when a task is done
    #[serde(default = "task_done")]
    #[schemars(length(min = 1, max = 64))]
    kind: String,
    /// 计算方式 | What to compute
    #[serde(default)]
    measure: Measure,
}

/// 计算方式 | What to compute
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// 占比:跨部门任务占全部完成任务权重的百分比 | Share: percent of the weight of all finished tasks that is cross-department
    #[default]
    Share,
    /// 权重:跨部门任务的权重之和 | Weight: sum of the weights of cross-department tasks
    Weight,
    /// 件数:跨部门任务数 | Count: cross-department tasks
    Count,
}

fn task_done() -> String {
    "task.done".to_owned()
}

pub struct Collaboration {
    measure: Measure,
    tasks: Need,
    document: Text,
    actor: Text,
    department: Text,
    is_subject: Truth,
    weight: Number,
    initiator: Matching,
}

/// A task that the subject finished in the period.
struct Task<'a> {
    /// The subject's own last row on it.
    own: Row<'a>,
    weight: f64,
    initiated: bool,
    /// Of all participants.
    departments: BTreeSet<&'a str>,
}

impl Task<'_> {
    fn is_across(&self) -> bool {
        self.departments.len() > 1
    }
}

impl Plugin for Collaboration {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "collaboration",
            env!("CARGO_PKG_VERSION"),
            text("协同", "Collaboration"),
            text(
                "周期内完成的任务中,跨部门任务的占比、权重或件数。参与人(发起人和执行人)当天属于一个以上部门的任务为跨部门任务。",
                "Share, weight or count of cross-department tasks among those finished in the period. A task is \
                 cross-department when its participants (initiator and assignees) were in more than one department on \
                 that day.",
            ),
        )
    }
}

impl Indicator for Collaboration {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        needs.subjects(&[SubjectKind::Employee, SubjectKind::Department]);
        let mut tasks =
            needs.of(&parameters.kind).scope(Scope::Documents).window(Window::PeriodAndBefore(0)).because(text(
                "判断每项已完成的任务是否跨部门,需要看到同一任务其他参与人当天的部门",
                "to tell whether a finished task was cross-department, by the departments of its other participants \
                 on that day",
            ));
        let document = tasks.text("@document");
        let is_subject = tasks.truth("@is-subject");
        let actor = tasks.text("@actor");
        let department = tasks.text("@actor-department");
        let weight = tasks.number("@value");
        let role = tasks.text("role");
        let initiator = tasks.matching(role, |role| role == "initiator");
        let measure = parameters.measure;
        Ok(Self { measure, tasks: tasks.done(), document, actor, department, is_subject, weight, initiator })
    }

    fn score(&self, context: &Context<'_>, rules: &Rules, subject: &Subject, facts: &Facts<'_>) -> Outcome {
        let documents = facts.of(self.tasks).grouped(self.document);
        let mut tasks: Vec<Task<'_>> =
            documents.iter().filter_map(|document| self.task(context.period(), &document)).collect();
        let total = statistics::sum(tasks.iter().map(|task| task.weight));
        let of_all = |counts: fn(&Task<'_>) -> bool| {
            let counted = tasks.iter().filter(|task| task.is_across() && counts(task));
            (counted.clone().count(), statistics::sum(counted.map(|task| task.weight)))
        };
        let (across, weight) = of_all(|_| true);
        let (initiated, weight_initiated) = of_all(|task| task.initiated);
        let (raw, sample) = match self.measure {
            Measure::Share if tasks.is_empty() => {
                return Outcome::not_computable(text(
                    "本周期内没有完成的任务,无法计算跨部门任务的占比",
                    "no task was finished in the period, so there is nothing that cross-department tasks could be a \
                     share of",
                ));
            }
            Measure::Share if total <= 0.0 => {
                return Outcome::not_computable(text(
                    "本周期内完成的任务权重都为 0,无法计算占比",
                    "all tasks finished in the period weigh 0, so there is no share to compute",
                ));
            }
            // Divided first: a sum that is near the largest number must not become infinite.
            Measure::Share => (100.0 * (weight / total), tasks.len()),
            Measure::Weight => (weight, across),
            Measure::Count => (across as f64, across),
        };
        if !(raw.is_finite() && total.is_finite()) {
            return Outcome::not_computable(text("权重过大,无法计算", "the weights are too large to compute with"));
        }
        let mut outcome = Outcome::raw(raw, sample)
            .with_figure("tasks-done", text("完成任务数", "Tasks done"), tasks.len() as f64, "")
            .with_figure("cross-department", text("跨部门任务数", "Cross-department tasks"), across as f64, "")
            .with_figure("initiated", text("其中由其发起", "Of these, initiated"), initiated as f64, "")
            .with_figure("weight-done", text("完成任务权重", "Weight of tasks done"), total, "")
            .with_figure("weight-across", text("跨部门任务权重", "Weight across departments"), weight, "");
        for (index, (department, count)) in partners(&tasks, self.department).into_iter().enumerate() {
            let department = shortened(department, 60);
            let label = text(format!("与 {department} 协作的任务"), format!("Tasks with {department}"));
            outcome = outcome.with_figure(&format!("partner-{}", index + 1), label, count as f64, "");
        }
        // Stable: of two tasks that are alike in this, the one whose document began first comes first.
        tasks
            .sort_by(|left, right| right.is_across().cmp(&left.is_across()).then(right.weight.total_cmp(&left.weight)));
        let by_role = match self.measure {
            Measure::Count => (initiated as f64, (across - initiated) as f64),
            Measure::Share | Measure::Weight => (weight_initiated, weight - weight_initiated),
        };
        outcome
            .with_evidence(tasks.iter().take(EVIDENCE_MAX).map(|task| task.own.evidence()))
            .graded_by_contribution(points::by_goals(raw, subject, rules), contributions(by_role, rules.direction))
    }
}

impl Collaboration {
    /// The task as the subject's own last row on it has it; none if that one lies outside the period.
    fn task<'a>(&self, period: Span, document: &Group<'a, '_>) -> Option<Task<'a>> {
        let is_own = |row: &Row<'a>| row.truth(self.is_subject) == Some(true);
        let own = document.iter().rev().find(is_own).filter(|own| period.holds(own))?;
        let mut known = BTreeSet::new();
        let mut departments = BTreeSet::new();
        // The last row of each participant; one without a name is nobody else's, so each of those counts.
        for row in document.iter().rev() {
            if row.text(self.actor).is_none_or(|actor| known.insert(actor)) {
                departments.extend(row.text(self.department));
            }
        }
        let initiated = document.iter().any(|row| is_own(&row) && row.matches(self.initiator));
        // A task that nobody weighed weighs 1; nothing weighs less than nothing.
        let weight = own.number(self.weight).unwrap_or(1.0).max(0.0);
        Some(Task { own, weight, initiated, departments })
    }
}

/// With which other departments the subject shared how many tasks; most tasks first, then by name.
fn partners<'a>(tasks: &[Task<'a>], department: Text) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for task in tasks.iter().filter(|task| task.is_across()) {
        let own = task.own.text(department);
        for other in task.departments.iter().copied().filter(|other| Some(*other) != own) {
            *counts.entry(other).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts.truncate(DEPARTMENTS_MAX);
    counts
}

/// Points are split by role where more cross-department work gives more points; else no role earned them.
fn contributions((initiated, assigned): (f64, f64), direction: Direction) -> Vec<(Localized, f64)> {
    match direction {
        Direction::HigherIsBetter => vec![
            (text("发起的跨部门任务", "Cross-department tasks initiated"), initiated),
            (text("参与的跨部门任务", "Cross-department tasks taken part in"), assigned),
        ],
        Direction::LowerIsBetter => Vec::new(),
    }
}

daybreak_sdk::export_indicator!(Collaboration);
