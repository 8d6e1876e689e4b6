//! What HR can set: rules in order, and keywords.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wording;

const RULES_MAX: usize = 50;
const CONDITIONS_MAX: usize = 6;
const KEYWORDS_MAX: usize = 50;
const NAME_BYTES_MAX: usize = 64;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 规则 | Rules
    ///
    /// 按顺序检查,第一条条件全部满足的规则说话 | Looked at in order; the first one whose conditions all hold speaks
    #[serde(default = "wording::rules")]
    #[schemars(length(min = 1, max = 50))]
    pub(crate) rules: Vec<RuleSetting>,
    /// 策略词 | Keywords
    ///
    /// 可在任何句子中以 {名称} 使用的词;up、down 和 review 已有默认值,同名即替换 | Words that any sentence can use as {name}; up, down and review have defaults, which a keyword of that name replaces
    #[serde(default = "wording::keywords")]
    #[schemars(length(max = 50))]
    pub(crate) keywords: Vec<Keyword>,
}

/// 规则 | Rule
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSetting {
    /// 规则标识 | Id
    ///
    /// 小写字母、数字、点、横线和下划线,以字母开头 | Lower-case letters, digits, dots, dashes and underscores, a letter first
    #[schemars(length(min = 1, max = 64))]
    pub(crate) id: String,
    /// 条件 | When
    ///
    /// 全部满足时适用 | All of them must hold
    #[schemars(length(min = 1, max = 6))]
    pub(crate) when: Vec<Condition>,
    /// 语气 | Tone
    pub(crate) tone: ToneSetting,
    /// 句子 | Sentence
    pub(crate) text: Words,
    /// 下一步 | Next step
    #[serde(default)]
    pub(crate) next_step: Option<Words>,
    /// 变化不小于(%) | Change of at least (%)
    ///
    /// 与上一周期相比,小于此值视为平稳 | On the period before; less than this is steady
    #[serde(default = "five")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub(crate) change_percent_min: f64,
    /// 连续周期数 | Periods in a row
    ///
    /// 趋势:至少连续这么多个周期同向变化;数据太少:连续有值的完整周期少于此数 | For a trend: it moved the same way for at least so many periods; for too little data: fewer complete periods in a row have a value
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 60))]
    pub(crate) periods_min: u32,
    /// 与目标的差距不小于(%) | Gap to the target of at least (%)
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub(crate) gap_percent_min: Option<f64>,
    /// 与目标的差距不大于(%) | Gap to the target of at most (%)
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub(crate) gap_percent_max: Option<f64>,
    /// 突出程度不小于(%) | Stands out by at least (%)
    ///
    /// 与其余明细的中位数相差的百分比 | Percent that an item is away from the median of the other items
    #[serde(default = "fifty")]
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub(crate) stand_out_percent_min: f64,
}

/// 文字 | Words
///
/// 可用 {value} 等占位符;方括号中的内容在占位符没有值时省略 | Placeholders such as {value} are filled in; what stands in square brackets is left out where a placeholder in it has no value
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// 中文 | Chinese
    #[serde(rename = "zh-CN")]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) zh_cn: String,
    /// 英文 | English
    #[schemars(length(min = 1, max = 400))]
    pub(crate) en: String,
}

/// 策略词 | Keyword
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyword {
    /// 名称 | Name
    ///
    /// 小写字母和下划线,在句子中写作 {名称} | Lower-case letters and underscores; written {name} in a sentence
    #[schemars(length(min = 1, max = 30))]
    pub(crate) name: String,
    /// 中文 | Chinese
    #[serde(rename = "zh-CN")]
    #[schemars(length(min = 1, max = 60))]
    pub(crate) zh_cn: String,
    /// 英文 | English
    #[schemars(length(min = 1, max = 60))]
    pub(crate) en: String,
}

/// 条件 | Condition
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// 未达目标 | The target is missed
    TargetMissed,
    /// 达到目标 | The target is met
    TargetMet,
    /// 上升 | Rising
    Rising,
    /// 下降 | Falling
    Falling,
    /// 好转(按指标方向) | Getting better, whichever direction that is
    Improving,
    /// 变差(按指标方向) | Getting worse, whichever direction that is
    Worsening,
    /// 平稳 | Steady
    Steady,
    /// 优于基线 | Better than the baseline
    BetterThanBaseline,
    /// 差于基线 | Worse than the baseline
    WorseThanBaseline,
    /// 有一项明显突出 | One item stands out
    StandsOut,
    /// 有仍在进行的周期 | A period is still running
    Running,
    /// 数据太少 | Too little data
    TooLittleData,
}

/// 语气 | Tone
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ToneSetting {
    /// 表扬 | Praise
    Praise,
    /// 平稳 | Steady
    Steady,
    /// 留意 | Watch
    Watch,
    /// 行动 | Act
    Act,
}

impl Parameters {
    /// What the schema cannot say.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.rules.is_empty() || self.rules.len() > RULES_MAX {
            return Err(format!("rules: give at least one and at most {RULES_MAX}"));
        }
        if self.keywords.len() > KEYWORDS_MAX {
            return Err(format!("keywords: at most {KEYWORDS_MAX}"));
        }
        let mut ids = BTreeSet::new();
        for rule in &self.rules {
            rule.check()?;
            if !ids.insert(rule.id.as_str()) {
                return Err(format!("rules: the id {} stands twice; rename one of the rules", rule.id));
            }
        }
        Ok(())
    }
}

impl RuleSetting {
    fn check(&self) -> Result<(), String> {
        let id = self.id.as_str();
        let starts_well = id.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        if !starts_well || id.len() > NAME_BYTES_MAX || !id.bytes().all(is_name) {
            return Err(format!(
                "rules: the id {id:?} must begin with a lower-case letter and hold only lower-case letters, digits, dots, \
                 dashes and underscores"
            ));
        }
        if self.when.is_empty() || self.when.len() > CONDITIONS_MAX {
            return Err(format!("the rule {id}: give at least one and at most {CONDITIONS_MAX} conditions in when"));
        }
        let bounds = [Some(self.change_percent_min), Some(self.stand_out_percent_min), self.gap_percent_min];
        let bounds = bounds.into_iter().chain([self.gap_percent_max]).flatten();
        if bounds.into_iter().any(|bound| !bound.is_finite() || bound < 0.0) || self.periods_min == 0 {
            return Err(format!("the rule {id}: percentages are at least 0, and periods_min is at least 1"));
        }
        match (self.gap_percent_min, self.gap_percent_max) {
            (Some(least), Some(most)) if least > most => {
                Err(format!("the rule {id}: gap_percent_min is above gap_percent_max, so it never speaks; swap them"))
            }
            _ => Ok(()),
        }
    }
}

fn one() -> u32 {
    1
}

fn five() -> f64 {
    5.0
}

fn fifty() -> f64 {
    50.0
}
