//! One sentence for a chart, in plain words: the fact, and what to do next.
//!
//! The rules are an ordered list that HR can edit; the first one whose conditions all hold, and whose template can be
//! filled from the chart, speaks. As shipped they look at the target first, then at the trend, then at what stands out
//! among the chart's items. Where none holds there is no sentence: none is better than a wrong one.
//!
//! `parameters` holds what can be set, `wording` the rules and keywords as shipped, `template` how a sentence is put
//! together, `reading` what a chart shows. The first series is the one that is spoken of.

mod parameters;
mod reading;
mod template;
mod wording;

use daybreak_sdk::insight::{Chart, Insight, Sentence, Tone};
use daybreak_sdk::{Context, Manifest, Needs, Plugin, text};

use parameters::{Condition, ToneSetting};
pub use parameters::{Keyword, Parameters, RuleSetting, Words};
use reading::{Language, Reading};
use template::{Keywords, Pair};

pub struct PlainWords {
    rules: Vec<Rule>,
    keywords: Keywords,
}

/// A rule, ready to be asked of each chart.
struct Rule {
    setting: RuleSetting,
    text: Pair,
    next_step: Option<Pair>,
}

impl Plugin for PlainWords {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new(
            "plain-words",
            env!("CARGO_PKG_VERSION"),
            text("一句话洞察", "Plain words"),
            text(
                "用一句话说明图表:先说目标,再说趋势,再说突出的明细,并给出下一步。规则和关键词可调。",
                "Says in one sentence what a chart shows: the target first, then the trend, then what stands out, with a \
                 next step. Rules and keywords can be tuned.",
            ),
        )
    }
}

impl Insight for PlainWords {
    fn plan(parameters: Parameters, _: &mut Needs) -> Result<Self, String> {
        parameters.check()?;
        let keywords = Keywords::new(wording::keywords(), parameters.keywords)?;
        let mut rules = Vec::with_capacity(parameters.rules.len());
        for setting in parameters.rules {
            let named = |reason: String| format!("the rule {}: {reason}", setting.id);
            let text = Pair::parse(&setting.text, &keywords).map_err(named)?;
            let next_step = setting.next_step.as_ref().map(|words| Pair::parse(words, &keywords)).transpose();
            let next_step = next_step.map_err(|reason| named(format!("the next step: {reason}")))?;
            rules.push(Rule { setting, text, next_step });
        }
        Ok(Self { rules, keywords })
    }

    fn narrate(&self, context: &Context<'_>, chart: &Chart) -> Option<Sentence> {
        let reading = Reading::of(chart, context, &self.keywords);
        self.rules.iter().find_map(|rule| rule.speak(&reading, &self.keywords))
    }
}

impl Rule {
    fn speak(&self, reading: &Reading<'_>, keywords: &Keywords) -> Option<Sentence> {
        let setting = &self.setting;
        if !setting.when.iter().all(|&condition| holds(condition, setting, reading)) {
            return None;
        }
        let fill = |pair: &Pair| {
            let word = |language: Language| {
                move |placeholder| reading.word(placeholder, language, setting.stand_out_percent_min)
            };
            let (zh_cn, named) = pair.zh_cn.fill(Language::Chinese, keywords, &word(Language::Chinese))?;
            let (en, also_named) = pair.en.fill(Language::English, keywords, &word(Language::English))?;
            Some((text(zh_cn, en), named || also_named))
        };
        let (text, mut names_item) = fill(&self.text)?;
        let mut sentence = Sentence::new(&setting.id, setting.tone.into(), text);
        if let Some((next_step, named)) = self.next_step.as_ref().and_then(fill) {
            sentence = sentence.with_next_step(next_step);
            names_item |= named;
        }
        let item = reading.outlier(setting.stand_out_percent_min).filter(|_| names_item);
        Some(sentence.with_items(item))
    }
}

fn holds(condition: Condition, setting: &RuleSetting, reading: &Reading<'_>) -> bool {
    let least = setting.change_percent_min;
    let moved = |up: bool| {
        reading.change().is_some_and(|change| {
            change.up == Some(up) && change.percent >= least && change.periods >= setting.periods_min
        })
    };
    let gap = |met: bool| {
        reading.gap_to_target().is_some_and(|gap| {
            gap.met == met
                && setting.gap_percent_min.is_none_or(|least| gap.percent >= least)
                && setting.gap_percent_max.is_none_or(|most| gap.percent <= most)
        })
    };
    match condition {
        Condition::TargetMissed => gap(false),
        Condition::TargetMet => gap(true),
        Condition::Rising => moved(true),
        Condition::Falling => moved(false),
        Condition::Improving => moved(reading.higher_is_better()),
        Condition::Worsening => moved(!reading.higher_is_better()),
        Condition::Steady => reading.change().is_some_and(|change| change.up.is_none() || change.percent < least),
        Condition::BetterThanBaseline => reading.better_than_baseline() == Some(true),
        Condition::WorseThanBaseline => reading.better_than_baseline() == Some(false),
        Condition::StandsOut => reading.outlier(setting.stand_out_percent_min).is_some(),
        Condition::Running => reading.is_running(),
        Condition::TooLittleData => reading.has_points() && reading.periods_known() < setting.periods_min,
    }
}

impl From<ToneSetting> for Tone {
    fn from(tone: ToneSetting) -> Self {
        match tone {
            ToneSetting::Praise => Self::Praise,
            ToneSetting::Steady => Self::Steady,
            ToneSetting::Watch => Self::Watch,
            ToneSetting::Act => Self::Act,
        }
    }
}

daybreak_sdk::export_insight!(PlainWords);
