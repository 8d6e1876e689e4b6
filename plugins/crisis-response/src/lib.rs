//! While a crisis lasts, one indicator or dimension counts for more.
//!
//! A month in which one of the employee's circumstances of the named kinds lasts, if only for a moment, gives the target
//! the share that the parameters name. The plugin sees the signed shares and only ever raises one; the host scales the
//! others, so that all total the whole again. The default is the example that the plugin was made for: collaboration
//! goes from 15 % to 30 % for the people who deal with a recall.

use std::collections::BTreeSet;

use daybreak_sdk::reweighting::{Change, Circumstance, Reweighting, Scorecard, WHOLE};
use daybreak_sdk::{Context, Localized, Manifest, Needs, Plugin, Span, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const KINDS_MAX: usize = 16;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// 目标的编号 | The target's id
    ///
    /// 指标或维度的编号,例如跨部门协同 | The id of the indicator or dimension, for example that of collaboration
    #[schemars(length(min = 1, max = 256))]
    target: String,
    /// 目标是指标还是维度 | Indicator or dimension
    #[serde(default)]
    target_kind: TargetKind,
    /// 届时权重(百万分之) | Its share meanwhile, in millionths
    ///
    /// 300000 即 30% | 300000 is 30 %
    #[serde(default = "thirty_percent")]
    #[schemars(range(min = 1, max = 1_000_000))]
    share: u32,
    /// 情形类型 | Kinds of circumstances
    ///
    /// 这些类型的情形持续期间加权 | The share is raised while a circumstance of one of these kinds lasts
    #[serde(default = "crisis")]
    #[schemars(length(min = 1, max = 16))]
    circumstances: Vec<String>,
    /// 量度 | Measure
    ///
    /// 情形的量度,例如 hours;不填则不看量度 | A measure of the circumstance, for example hours; without it every circumstance counts
    #[serde(default)]
    measure: Option<String>,
    /// 量度的下限 | The measure is at least
    ///
    /// 低于该值或没有该量度的情形不计 | A circumstance with less, or without the measure, does not count
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    measure_min: f64,
}

/// 目标是指标还是维度 | Indicator or dimension
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// 指标 | An indicator
    #[default]
    Indicator,
    /// 维度(其中各指标按比例) | A dimension, its indicators in proportion
    Dimension,
}

fn thirty_percent() -> u32 {
    300_000
}

fn crisis() -> Vec<String> {
    vec!["crisis".to_owned()]
}

pub struct CrisisResponse {
    target: String,
    target_kind: TargetKind,
    share: u32,
    kinds: BTreeSet<String>,
    measure: Option<String>,
    measure_min: f64,
}

/// A circumstance that counts, and the part of the month in which it lasts.
struct Lasting<'a> {
    circumstance: &'a Circumstance,
    in_month: Span,
}

impl Plugin for CrisisResponse {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "crisis-response",
            env!("CARGO_PKG_VERSION"),
            text("危机响应加权", "Crisis response"),
            text(
                "员工参与危机响应的月份,一项指标或一个维度的权重提高到设定值,其余权重按比例缩放。",
                "In a month in which an employee deals with a crisis, one indicator or dimension gets a higher share; \
                 the others are scaled.",
            ),
        )
    }
}

impl Reweighting for CrisisResponse {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        let Parameters { target, target_kind, share, circumstances, measure, measure_min } = parameters;
        if target.is_empty() {
            return Err("target: name the indicator or the dimension whose share rises".to_owned());
        }
        if !(1..=WHOLE).contains(&share) {
            return Err(format!("share: {share} millionths; at least 1 and at most {WHOLE}, which is the whole"));
        }
        let kinds: BTreeSet<String> = circumstances.into_iter().collect();
        if kinds.is_empty() || kinds.len() > KINDS_MAX {
            return Err(format!("circumstances: name at least one kind and at most {KINDS_MAX}"));
        }
        if !(measure_min.is_finite() && measure_min >= 0.0) {
            return Err("measure_min: a number of at least 0".to_owned());
        }
        let measure = measure.filter(|name| !name.trim().is_empty());
        if measure.is_none() && measure_min > 0.0 {
            return Err("measure: name the measure that has to be at least measure_min".to_owned());
        }
        for kind in &kinds {
            needs.circumstance(kind);
        }
        Ok(Self { target, target_kind, share, kinds, measure, measure_min })
    }

    // Only what changes is named; the host scales the other shares so that all total the whole again.
    fn adjust(&self, context: &Context<'_>, scorecard: &Scorecard) -> Vec<Change> {
        let Some(signed) = self.signed_share(scorecard).filter(|&signed| signed < self.share) else {
            return Vec::new();
        };
        let lasting: Vec<Lasting<'_>> =
            scorecard.circumstances.iter().filter_map(|circumstance| self.lasting(*context, circumstance)).collect();
        let began = |lasting: &Lasting<'_>| lasting.circumstance.during.start;
        let began_first = lasting.iter().min_by(|left, right| {
            began(left).cmp(&began(right)).then_with(|| left.circumstance.id.cmp(&right.circumstance.id))
        });
        let Some(first) = began_first else { return Vec::new() };
        let reason = self.reason(*context, first, lasting.len(), signed);
        let change = match self.target_kind {
            TargetKind::Indicator => Change::of_indicator,
            TargetKind::Dimension => Change::of_dimension,
        };
        vec![change(&self.target, self.share, first.circumstance, reason)]
    }
}

impl CrisisResponse {
    /// The target's signed share in millionths; none where it is not on the scorecard or cannot be changed: a locked
    /// share stays, and a dimension of which nothing unlocked counts has nothing to be scaled in proportion.
    fn signed_share(&self, scorecard: &Scorecard) -> Option<u32> {
        let shares = scorecard.shares.iter();
        match self.target_kind {
            TargetKind::Indicator => {
                shares.filter(|share| share.indicator == self.target && !share.locked).map(|share| share.share).next()
            }
            TargetKind::Dimension => {
                let within: Vec<_> = shares.filter(|share| share.dimension == self.target).collect();
                let changeable = within.iter().any(|share| !share.locked && share.share > 0);
                changeable.then(|| within.iter().map(|share| share.share).fold(0, u32::saturating_add))
            }
        }
    }

    /// Whether the circumstance counts in the month of the context. Spans are half-open: one that ends on the month's
    /// first midnight has no part in it.
    fn lasting<'a>(&self, context: Context<'_>, circumstance: &'a Circumstance) -> Option<Lasting<'a>> {
        let measured = self.measure.as_ref().is_none_or(|name| {
            circumstance.measures.iter().any(|(known, value)| known == name && *value >= self.measure_min)
        });
        if !measured || !self.kinds.contains(&circumstance.kind) {
            return None;
        }
        let in_month = circumstance.during.overlap(&context.period())?;
        Some(Lasting { circumstance, in_month })
    }

    /// Names the days of the month, because the change holds for the month. What lasts beyond as-of has no last day yet.
    fn reason(&self, context: Context<'_>, lasting: &Lasting<'_>, count: usize, signed: u32) -> Localized {
        let Span { start, end } = lasting.in_month;
        let first = context.date_of(start);
        let last = (end <= context.as_of()).then(|| context.date_of(end - 1));
        let (days_zh_cn, days_en) = match last {
            Some(last) if last == first => (format!("{first} 当天"), format!("on {first}")),
            Some(last) => (format!("{first} 至 {last} "), format!("from {first} to {last}")),
            None => (format!("{first} 起"), format!("from {first} on")),
        };
        let (others_zh_cn, others_en) = match count {
            1 => (String::new(), String::new()),
            2 => ("(另有 1 起)".to_owned(), " (and one more)".to_owned()),
            count => (format!("(另有 {} 起)", count - 1), format!(" (and {} more)", count - 1)),
        };
        let (from, to) = (percent(signed), percent(self.share));
        text(
            format!("本月 {days_zh_cn}参与危机响应{others_zh_cn},该月权重由 {from}% 提高到 {to}%。"),
            format!("Crisis response {days_en}{others_en}: for this month the share rises from {from}% to {to}%."),
        )
    }
}

/// In percent, to the last millionth.
fn percent(share: u32) -> String {
    let (whole, rest) = (share / (WHOLE / 100), share % (WHOLE / 100));
    let text = format!("{whole}.{rest:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

daybreak_sdk::export_reweighting!(CrisisResponse);
