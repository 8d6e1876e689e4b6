//! What an administrator can set.

use daybreak_sdk::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const CONDITIONS_MAX: usize = 16;
const TIERS_MAX: usize = 20;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 业务事实类型 | Fact kind
    pub(crate) kind: String,
    /// 计算方式 | What to compute
    pub(crate) measure: Measure,
    /// 字段 | Field
    ///
    /// 求和、平均、中位数、去重计数所用的字段,或 @value、@document、@customer 等 | The field to sum, average or count; or @value, @document, @customer and so on
    #[serde(default)]
    pub(crate) field: Option<String>,
    /// 条件 | Conditions
    ///
    /// 只计算满足全部条件的事实 | Only facts that meet all of them count
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) conditions: Vec<Condition>,
    /// 占比条件 | Share of
    ///
    /// 仅用于占比:满足这些条件的事实所占的百分比 | For a share only: the percentage of the facts that also meet these
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) share_of: Vec<Condition>,
    /// 范围 | Whose facts
    #[serde(default)]
    pub(crate) scope: FactScope,
    /// 计分方式 | Points
    #[serde(default)]
    pub(crate) points: PointsBy,
    /// 档位 | Tiers
    ///
    /// 仅用于分档计分 | For tiered points only
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub(crate) tiers: Vec<TierSetting>,
}

/// 计算方式 | What to compute
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// 计数 | Count
    Count,
    /// 求和 | Sum
    Sum,
    /// 平均值 | Mean
    Mean,
    /// 中位数 | Median
    Median,
    /// 占比(百分数) | Share, in percent
    Share,
    /// 去重计数 | Distinct count
    DistinctCount,
}

/// 计分方式 | Points
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PointsBy {
    /// 按已有目标:有基线和挑战值时用基线–挑战值,否则用目标值 | By the goals there are: between baseline and stretch where both exist, else against the target
    #[default]
    Goals,
    /// 线性(目标值) | Linear, against the target
    Linear,
    /// 分档 | Tiered
    Tiered,
    /// 基线–挑战值 | Between baseline and stretch
    BaselineStretch,
}

/// 范围 | Whose facts
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FactScope {
    /// 被评对象自己的 | The subject's own
    #[default]
    Subject,
    /// 被评对象参与过的单据上的 | On the documents that the subject took part in
    Documents,
    /// 被评对象当天负责的客户的 | On the customers that the subject looked after that day
    Customers,
    /// 所在部门的 | The department's
    Department,
    /// 全公司的 | The whole company's
    Company,
}

/// 条件 | Condition
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// 字段 | Field
    pub(crate) field: String,
    /// 等于 | Equals
    #[serde(default)]
    pub(crate) equals: Option<String>,
    /// 不等于 | Differs from
    ///
    /// 没有该字段的事实也算不等于 | A fact without the field differs, too
    #[serde(default)]
    pub(crate) not_equals: Option<String>,
    /// 属于其中之一 | Is one of
    #[serde(default)]
    pub(crate) one_of: Option<Vec<String>>,
    /// 不小于 | At least
    #[serde(default)]
    pub(crate) at_least: Option<f64>,
    /// 不大于 | At most
    #[serde(default)]
    pub(crate) at_most: Option<f64>,
    /// 有值(否:无值) | Is present (no: is absent)
    #[serde(default)]
    pub(crate) present: Option<bool>,
}

/// 档位 | Tier
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierSetting {
    /// 门槛值 | Threshold
    ///
    /// 越高越好时为不低于,越低越好时为不高于 | At least this where higher is better, at most where lower is
    pub(crate) threshold: f64,
    /// 得分 | Points
    #[schemars(range(min = 0.0))]
    pub(crate) points: f64,
}

impl Parameters {
    /// What the schema cannot say.
    pub(crate) fn check(&self) -> Result<(), String> {
        let needs_field = !matches!(self.measure, Measure::Count | Measure::Share);
        if needs_field != self.field.is_some() {
            return Err(if needs_field {
                format!("field: name the field to compute the {} of", self.measure.words().1)
            } else {
                format!("field: a {} takes no field, only conditions", self.measure.words().1)
            });
        }
        if (self.measure == Measure::Share) == self.share_of.is_empty() {
            return Err("share_of: a share, and nothing else, needs the conditions that it is the share of".to_owned());
        }
        if (self.points == PointsBy::Tiered) == self.tiers.is_empty() {
            return Err("tiers: tiered points, and no others, need tiers".to_owned());
        }
        if self.tiers.len() > TIERS_MAX || self.tiers.iter().any(|tier| tier.points < 0.0) {
            return Err(format!("tiers: at most {TIERS_MAX}, with points of at least 0"));
        }
        if self.conditions.len() > CONDITIONS_MAX || self.share_of.len() > CONDITIONS_MAX {
            return Err(format!("conditions: at most {CONDITIONS_MAX}"));
        }
        let untested = self.conditions.iter().chain(&self.share_of).find(|condition| !condition.tests_anything());
        untested.map_or(Ok(()), |condition| {
            let field = &condition.field;
            Err(format!("the condition on {field:?} tests nothing: give equals, not_equals, one_of, at_least, at_most or present"))
        })
    }
}

impl Condition {
    pub(crate) fn is_about_numbers(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }

    fn tests_anything(&self) -> bool {
        self.is_about_numbers()
            || self.equals.is_some()
            || self.not_equals.is_some()
            || self.one_of.is_some()
            || self.present.is_some()
    }
}

impl Measure {
    /// In Chinese and English.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Count => ("数量", "count"),
            Self::Sum => ("合计", "sum"),
            Self::Mean => ("平均值", "mean"),
            Self::Median => ("中位数", "median"),
            Self::Share => ("占比", "share"),
            Self::DistinctCount => ("去重数量", "distinct count"),
        }
    }

    pub(crate) fn reads_numbers(self) -> bool {
        matches!(self, Self::Sum | Self::Mean | Self::Median)
    }
}

impl From<FactScope> for Scope {
    fn from(scope: FactScope) -> Self {
        match scope {
            FactScope::Subject => Self::Subject,
            FactScope::Documents => Self::Documents,
            FactScope::Customers => Self::Customers,
            FactScope::Department => Self::Department,
            FactScope::Company => Self::Company,
        }
    }
}
