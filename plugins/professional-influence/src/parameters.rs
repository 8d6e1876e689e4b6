//! What an administrator can set.

use std::collections::BTreeSet;

use daybreak_sdk::{Localized, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Each signal is a figure and a part, and the host takes 32 of either.
const SIGNALS_MAX: usize = 16;
const ANSWERS_MAX: usize = 50;
const WEIGHT_MAX: f64 = 1e6;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 业务事实类型 | Fact kind
    ///
    /// 业务触点表单提交后记录的事实 | The fact that a submitted touchpoint form records
    #[serde(default = "touchpoint")]
    #[schemars(length(min = 1, max = 64))]
    pub(crate) kind: String,
    /// 最少触点数 | Touchpoints at least
    ///
    /// 回答完整的触点少于此数时不计算 | With fewer touchpoints that have all answers, nothing is computed
    #[serde(default = "three")]
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) sample_min: u32,
    /// 信号 | Signals
    ///
    /// 每个信号把一个回答换算成 0–100 分,再按权重加权;任一程度或选项未回答的触点不计入 | Each signal turns one answer into 0 to 100, which is then weighted; a touchpoint that lacks the answer to a level or a choice does not count
    #[serde(default = "depth_and_competitor")]
    #[schemars(length(min = 1, max = 16))]
    pub(crate) signals: Vec<SignalSetting>,
    /// 视为未提及的词 | Words for nothing mentioned
    ///
    /// 用于“是否提及”:回答为这些词时视为没有提及 | For signals of the kind mentioned: an answer that is one of these mentions nothing
    #[serde(default = "no_mention")]
    #[schemars(length(max = 50))]
    pub(crate) no_mention: Vec<String>,
}

/// 信号 | Signal
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalSetting {
    /// 字段 | Field
    ///
    /// 触点表单中的字段名 | The name of the field in the touchpoint form
    #[schemars(length(min = 1, max = 64))]
    pub(crate) field: String,
    /// 类型 | Kind
    pub(crate) kind: SignalKind,
    /// 权重 | Weight
    ///
    /// 相对其他信号的权重 | Relative to the other signals
    #[serde(default = "one")]
    #[schemars(range(min = 0.001, max = 1_000_000.0))]
    pub(crate) weight: f64,
    /// 最低程度 | Lowest level
    ///
    /// 仅用于程度:得 0 分的数值 | For a level only: the number that gives 0
    #[serde(default = "one")]
    pub(crate) lowest: f64,
    /// 最高程度 | Best level
    ///
    /// 仅用于程度:得 100 分的数值,可以小于最低程度的数值 | For a level only: the number that gives 100; it may be smaller than that of the lowest level
    #[serde(default = "five")]
    pub(crate) best: f64,
    /// 选项得分 | Points of answers
    ///
    /// 仅用于选项:未列出的回答得 0 分 | For a choice only: an answer that is not listed gives 0
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(crate) answers: Vec<AnswerSetting>,
    /// 中文名称 | Chinese name
    ///
    /// 不填则显示字段名 | The field's name is shown if this is empty
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub(crate) name_zh: String,
    /// 英文名称 | English name
    ///
    /// 不填则显示字段名 | The field's name is shown if this is empty
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub(crate) name_en: String,
}

/// 类型 | Kind
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignalKind {
    /// 程度:数值从最低到最高,换算为 0–100 | Level: a number, from the lowest to the best
    Level,
    /// 是否提及:有内容为 100,空白为 0 | Mentioned: 100 if there is anything in the field, 0 if not
    Mentioned,
    /// 选项:按回答给分 | One of: points by the answer
    OneOf,
}

/// 选项 | Answer
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerSetting {
    /// 回答 | Answer
    #[schemars(length(min = 1, max = 100))]
    pub(crate) answer: String,
    /// 得分 | Points
    #[schemars(range(min = 0.0, max = 100.0))]
    pub(crate) points: f64,
}

impl Parameters {
    /// What the schema cannot say.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.signals.is_empty() || self.signals.len() > SIGNALS_MAX {
            return Err(format!("signals: give at least one and at most {SIGNALS_MAX}"));
        }
        if self.sample_min == 0 {
            return Err("sample_min: at least 1, because there is no mean of nothing".to_owned());
        }
        let mut fields = BTreeSet::new();
        for signal in &self.signals {
            signal.check()?;
            if !fields.insert(signal.field.as_str()) {
                return Err(format!("signals: the field {} stands twice; put its weights together", signal.field));
            }
        }
        Ok(())
    }
}

impl SignalSetting {
    pub(crate) fn label(&self) -> Localized {
        let named = |name: &str| if name.trim().is_empty() { self.field.clone() } else { name.trim().to_owned() };
        text(named(&self.name_zh), named(&self.name_en))
    }

    fn check(&self) -> Result<(), String> {
        let field = self.field.as_str();
        let starts_well = field.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        // With its prefix the field is the key of a figure, which the host bounds at 64 bytes.
        if !starts_well || field.len() > 57 || !field.bytes().all(is_name) {
            return Err(format!(
                "signals: {field:?} is no field of a form: use its name, in lower-case letters, digits, dots, dashes and \
                 underscores, of at most 57 characters"
            ));
        }
        if !(self.weight > 0.0 && self.weight <= WEIGHT_MAX) {
            return Err(format!("signals: the weight of {field} must be above 0 and at most {WEIGHT_MAX}"));
        }
        if !(self.best - self.lowest).is_finite() || self.best == self.lowest {
            return Err(format!("signals: the lowest and the best level of {field} must differ"));
        }
        if [&self.name_zh, &self.name_en].iter().any(|name| name.chars().any(char::is_control)) {
            return Err(format!("signals: the names of {field} hold control characters; write plain text"));
        }
        if (self.kind == SignalKind::OneOf) == self.answers.is_empty() {
            return Err(format!("signals: {field}: a signal of the kind one-of, and no other, needs answers"));
        }
        if self.answers.len() > ANSWERS_MAX {
            return Err(format!("signals: {field}: at most {ANSWERS_MAX} answers"));
        }
        match self.answers.iter().find(|answer| !(0.0..=100.0).contains(&answer.points)) {
            Some(answer) => Err(format!("signals: {field}: the answer {:?} needs points from 0 to 100", answer.answer)),
            None => Ok(()),
        }
    }
}

fn touchpoint() -> String {
    "touchpoint".to_owned()
}

fn one() -> f64 {
    1.0
}

fn three() -> u32 {
    3
}

fn five() -> f64 {
    5.0
}

fn depth_and_competitor() -> Vec<SignalSetting> {
    let signal = |field: &str, kind, weight, name_zh: &str, name_en: &str| SignalSetting {
        field: field.to_owned(),
        kind,
        weight,
        lowest: one(),
        best: five(),
        answers: Vec::new(),
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
    };
    vec![
        signal("question_depth", SignalKind::Level, 60.0, "提问深度", "Question depth"),
        signal("competitor", SignalKind::Mentioned, 40.0, "竞品提及", "Competitor mentioned"),
    ]
}

fn no_mention() -> Vec<String> {
    ["无", "没有", "未提及", "none", "no", "n/a", "-"].map(str::to_owned).into()
}
