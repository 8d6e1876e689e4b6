//! What an administrator can set.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far back purchases are read: what a customer spent is that of the last year.
pub const YEAR_DAYS: u32 = 365;

const SILENT_DAYS_MAX: u32 = 180;
const NAMES_MAX: usize = 50;
const DUE_DAYS_MAX: u32 = 90;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// 采购事实类型 | Fact kind of purchases
    pub(crate) order_kind: String,
    /// 区分采购的字段 | Field that tells purchases
    ///
    /// 同一类型中混有退货等事实时填写,须与下一项一起填写 | Where facts of the kind are not all purchases, for example returns; needs the next setting
    pub(crate) purchase_field: Option<String>,
    /// 视为采购的取值 | Values that are purchases
    ///
    /// 该字段取其中任一值时才算采购 | A fact is a purchase only if the field is one of these
    #[schemars(length(max = 50))]
    pub(crate) purchases: Vec<String>,
    /// 沉默天数 | Days of silence
    ///
    /// 最近这些天没有采购才提醒 | A customer is silent who bought nothing on the last so many days
    #[schemars(range(min = 1, max = 180))]
    pub(crate) silent_days: u32,
    /// 考察天数 | Days looked at
    ///
    /// 在沉默期之前、这些天之内看是否为常客,须大于沉默天数 | Within these days and before the silent ones a customer has to have been regular; more than the silent days
    #[schemars(range(min = 2, max = 365))]
    pub(crate) regular_days: u32,
    /// 常客的采购天数 | Purchase days of a regular customer
    ///
    /// 至少在这么多个不同的日子采购过才算常客 | At least so many different days with a purchase
    #[schemars(range(min = 1, max = 60))]
    pub(crate) purchase_days_min: u32,
    /// 流失条件 | Attrition
    ///
    /// 除沉默之外还须满足的条件 | What must be true besides the silence
    pub(crate) attrition: Attrition,
    /// 流失率阈值(百分数) | Attrition of at least, in percent
    ///
    /// 仅用于流失条件 | For the attrition condition only
    #[schemars(range(min = 0.0, max = 100.0))]
    pub(crate) attrition_percent_min: f64,
    /// 联系人事实类型 | Fact kind of contacts
    ///
    /// 仅用于按联系人的流失条件:单据为联系人,字段 title 为职称,字段 state 为 here 或 left | For attrition by contacts only: the document is the contact, the field title the role, the field state says here or left
    pub(crate) contact_kind: String,
    /// 关键职称 | Key titles
    ///
    /// 这些职称的联系人在建议中排在前面 | Contacts with these titles come first in the suggestion
    #[schemars(length(max = 50))]
    pub(crate) key_titles: Vec<String>,
    /// 金额单位 | Unit of the amounts
    ///
    /// 写在金额之后,例如 元 | Written after amounts, for example EUR
    #[schemars(length(max = 8))]
    pub(crate) value_unit: String,
    /// 亮点字段 | Field for the highlights
    ///
    /// 采购事实中的字段,例如产品;建议中列出最常见的取值 | A field of purchases, for example the product; the suggestion lists its most frequent values
    pub(crate) highlight_field: Option<String>,
    /// 业务触点事实类型 | Fact kind of touchpoints
    ///
    /// 不填则不读取触点,建议中没有竞品动态 | Without it no touchpoint is read and nothing is said about competitors
    pub(crate) touchpoint_kind: Option<String>,
    /// 竞品字段 | Field about competitors
    ///
    /// 触点中的竞品名称或提及次数 | In touchpoints: a competitor's name, or how often one was mentioned
    pub(crate) competitor_field: String,
    /// 关怀任务期限(天) | Days for the care plan
    #[schemars(range(min = 1, max = 90))]
    pub(crate) plan_due_days: u32,
    /// 计入的指标 | Counts in the indicator
    ///
    /// 完成关怀任务计入的指标 | The indicator in which finishing the care plan counts
    pub(crate) counts_in: Option<String>,
}

/// 流失条件 | Attrition
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attrition {
    /// 不要求 | Not asked for
    #[default]
    None,
    /// 已知联系人中离开者的占比 | The share of the known contacts who left
    Contacts,
    /// 全公司同期老客户中未再采购者的占比 | The share of all the company's customers who did not buy again in the same days
    Cohort,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            order_kind: "order".to_owned(),
            purchase_field: None,
            purchases: Vec::new(),
            silent_days: 30,
            regular_days: 120,
            purchase_days_min: 3,
            attrition: Attrition::None,
            attrition_percent_min: 30.0,
            contact_kind: "contact".to_owned(),
            key_titles: Vec::new(),
            value_unit: String::new(),
            highlight_field: None,
            touchpoint_kind: None,
            competitor_field: "competitor".to_owned(),
            plan_due_days: 7,
            counts_in: None,
        }
    }
}

impl Parameters {
    /// What the schema cannot say, and what a test without the host would miss.
    pub(crate) fn check(&self) -> Result<(), String> {
        if given(self.purchase_field.as_ref()).is_some() == self.purchases.is_empty() {
            return Err("purchase_field and purchases: give both, or neither where every fact is a purchase".to_owned());
        }
        if self.purchases.len() > NAMES_MAX || self.key_titles.len() > NAMES_MAX {
            return Err(format!("purchases and key_titles: at most {NAMES_MAX} each"));
        }
        if !(1..=SILENT_DAYS_MAX).contains(&self.silent_days) {
            return Err(format!("silent_days: {} is not between 1 and {SILENT_DAYS_MAX}", self.silent_days));
        }
        if self.regular_days <= self.silent_days || self.regular_days > YEAR_DAYS {
            return Err(format!(
                "regular_days: more than silent_days, which is {}, and at most {YEAR_DAYS}",
                self.silent_days
            ));
        }
        let days = self.regular_days - self.silent_days;
        if !(1..=days).contains(&self.purchase_days_min) {
            return Err(format!("purchase_days_min: at least 1 and at most {days}, the days before the silence"));
        }
        if !(0.0..=100.0).contains(&self.attrition_percent_min) {
            return Err("attrition_percent_min: between 0 and 100".to_owned());
        }
        if !(1..=DUE_DAYS_MAX).contains(&self.plan_due_days) {
            return Err(format!("plan_due_days: between 1 and {DUE_DAYS_MAX}"));
        }
        Ok(())
    }
}

/// A setting that is left empty in the form is not given.
pub(crate) fn given(setting: Option<&String>) -> Option<&str> {
    setting.map(String::as_str).filter(|text| !text.trim().is_empty())
}
