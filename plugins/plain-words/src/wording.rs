//! Rules and keywords as shipped: the target first, then the trend, then what stands out.
//!
//! Every sentence names the period that its value belongs to, so that an old value is never taken for a new one, and a
//! period that has no value or is still running, so that nobody misses it.

use crate::parameters::{Condition, Keyword, RuleSetting, ToneSetting, Words};

pub fn keywords() -> Vec<Keyword> {
    let keyword = |name: &str, zh_cn: &str, en: &str| Keyword {
        name: name.to_owned(),
        zh_cn: zh_cn.to_owned(),
        en: en.to_owned(),
    };
    vec![
        keyword("up", "上升", "up"),
        keyword("down", "下降", "down"),
        keyword("review", "本周例会", "this week's meeting"),
    ]
}

pub fn rules() -> Vec<RuleSetting> {
    use Condition::{Improving, StandsOut, Steady, TargetMet, TargetMissed, TooLittleData, Worsening};
    let missed = [
        "{period}为 {value}{unit},距目标 {target}{unit} 还差 {gap}",
        "At {value}{unit} in {period}, {gap} away from the target of {target}{unit}",
    ];
    let met = [
        "{period}为 {value}{unit},已达到目标 {target}{unit}",
        "At {value}{unit} in {period}, the target of {target}{unit} is met",
    ];
    let value = ["{period}为 {value}{unit}", "At {value}{unit} in {period}"];
    let worse = [
        ",而且比上一周期{moved} {change}[,已连续 {months}变差]",
        ", and {change} {moved} on the period before[, getting worse for {months} in a row]",
    ];
    let better = [
        ",比上一周期{moved} {change},正在好转[,已连续 {months}]",
        ", and getting better: {change} {moved} on the period before[, for {months} in a row]",
    ];
    let falling_behind = [
        ",比上一周期{moved} {change}[,已连续 {months}变差]",
        ", {change} {moved} on the period before[, getting worse for {months} in a row]",
    ];
    let getting_ahead = [
        ",比上一周期{moved} {change}[,已连续 {months}好转]",
        ", {change} {moved} on the period before[, getting better for {months} in a row]",
    ];
    let but_worse = [
        ",但比上一周期{moved} {change},正在变差[,已连续 {months}]",
        ", but getting worse: {change} {moved} on the period before[, for {months} in a row]",
    ];
    let change = ["[,比上一周期{moved} {change}]", "[, {change} {moved} on the period before]"];
    let first_gap = [
        "在{review}上定下一个能缩小差距的动作[,先看“{item}”]。",
        "Agree in {review} on one step that narrows the gap[, beginning with {item}].",
    ];
    let first_cause = [
        "在{review}上找出变化的原因[,先看“{item}”]。",
        "Find out in {review} what has changed[, beginning with {item}].",
    ];
    let keep = ["在{review}上说说哪些做法有效,并继续下去。", "Tell in {review} what has worked, and keep doing it."];
    let steady = [",与上一周期基本持平", ", about the same as in the period before"];
    let alone =
        [",此前相邻的周期没有数据,还看不出趋势", ", and the period before has no value, so no trend can be told yet"];
    let outstanding = [
        "明细中最突出的是“{item}”({item_value})[:{detail}][;{period}整体为 {value}{unit}]",
        "{item} stands out at {item_value}[ ({detail})][; the whole is at {value}{unit} in {period}]",
    ];
    let nothing_yet = [
        "还没有一个有数据的完整周期[;{running_period}仍在进行,目前为 {running_value}{unit}]。",
        "No complete period has a value yet[; {running_period} is still running, at {running_value}{unit} so far].",
    ];
    let set_target = [
        "设一个目标[,先看“{item}”],让下一步有方向。",
        "Set a target[, with a look at {item} first], so that there is something to work towards.",
    ];
    let look = ["在{review}上先看“{item}”为什么不同。", "Look in {review} at why {item} is different."];
    let wait = [
        "请确认数据来源已经接入,等周期结束后再看。",
        "Make sure that the data arrives, and look again when the period has ended.",
    ];
    let with_item = |clauses: &[[&str; 2]]| joined(&[clauses, &[ITEM, LATER]].concat());
    let watch = ToneSetting::Watch;
    vec![
        rule(
            "target-missed-worsening",
            &[TargetMissed, Worsening],
            ToneSetting::Act,
            with_item(&[missed, worse]),
            first_gap,
        ),
        rule("target-missed-improving", &[TargetMissed, Improving], watch, with_item(&[missed, better]), first_gap),
        rule("target-missed", &[TargetMissed], ToneSetting::Act, with_item(&[missed, change]), first_gap),
        rule("target-met-worsening", &[TargetMet, Worsening], watch, with_item(&[met, but_worse]), first_cause),
        rule("target-met", &[TargetMet], ToneSetting::Praise, with_item(&[met, change]), keep),
        rule("worsening", &[Worsening], watch, with_item(&[value, falling_behind]), first_cause),
        rule("improving", &[Improving], ToneSetting::Praise, with_item(&[value, getting_ahead]), keep),
        rule("steady", &[Steady], ToneSetting::Steady, with_item(&[value, steady]), set_target),
        rule("stands-out", &[StandsOut], watch, joined(&[outstanding, LATER]), look),
        rule("no-complete-period", &[TooLittleData], ToneSetting::Steady, joined(&[nothing_yet]), wait),
        RuleSetting {
            periods_min: 2,
            ..rule("one-period", &[TooLittleData], ToneSetting::Steady, with_item(&[value, alone]), wait)
        },
    ]
}

/// What stands out, at the end of a sentence about something else.
const ITEM: [&str; 2] =
    ["[;明细中最突出的是“{item}”({item_value})][:{detail}]", "[; {item} stands out at {item_value}][ ({detail})]"];

/// What is missing or still running, at the end of every sentence about a value.
const LATER: [&str; 2] = [
    "[;{missing_period}没有数据][;{running_period}仍在进行,未计入比较]。",
    "[; {missing_period} has no value][; {running_period} is still running and not compared].",
];

fn rule(id: &str, when: &[Condition], tone: ToneSetting, text: Words, next_step: [&str; 2]) -> RuleSetting {
    RuleSetting {
        id: id.to_owned(),
        when: when.to_vec(),
        tone,
        text,
        next_step: Some(joined(&[next_step])),
        change_percent_min: 5.0,
        periods_min: 1,
        gap_percent_min: None,
        gap_percent_max: None,
        stand_out_percent_min: 50.0,
    }
}

/// Clauses in Chinese and English, one after the other.
fn joined(clauses: &[[&str; 2]]) -> Words {
    let words = |language: usize| clauses.iter().map(|clause| clause[language]).collect();
    Words { zh_cn: words(0), en: words(1) }
}
