//! `daybreak:insight@0.1`: one sentence for a chart.

use daybreak_domain::insight::{Batch, Chart, Point, Ranked, Sentence, Series, Tone};
use daybreak_domain::requirements::Requirements;
use daybreak_domain::text::Localized;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::common_0_1::{self as common, Pairs};
use super::{Answer, Checked, Insight};
use crate::guest::Guest;

wasmtime::component::bindgen!({
    path: ["../../wit/common", "../../wit/insight"],
    inline: "
        package daybreak:engine-insight;
        world calls { export daybreak:insight/insight@0.1.0; }
    ",
    with: { "daybreak:common/types@0.1.0": super::common_0_1::daybreak::common::types },
});

use exports::daybreak::insight::insight as guest;

pub(super) struct InsightV0_1(CallsIndices);

impl InsightV0_1 {
    pub(super) fn new(component: &InstancePre<Guest>) -> wasmtime::Result<Self> {
        CallsIndices::new(component).map(Self)
    }
}

impl Insight for InsightV0_1 {
    fn name(&self) -> &'static str {
        "insight-0.1"
    }

    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()> {
        self.0.load(store, instance).map(drop)
    }

    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>> {
        let calls = self.0.load(&mut *store, instance)?;
        let answer = calls.daybreak_insight_insight().call_requires(store, parameters_json)?;
        Ok(answer.map(common::requirements).map_err(common::fault))
    }

    fn narrate(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        batch: &Batch,
    ) -> wasmtime::Result<Answer<Checked<Vec<Option<Sentence>>>>> {
        let calls = self.0.load(&mut *store, instance)?;
        let context = common::context(batch.context.clone());
        let charts: Vec<guest::Chart> = batch.charts.iter().map(chart).collect();
        let answer = calls.daybreak_insight_insight().call_narrate(store, &context, &charts)?;
        let sentences = |sentences: Vec<Option<guest::Sentence>>| {
            let sentences = sentences.into_iter().enumerate();
            sentences.map(|(index, given)| given.map(|given| sentence(index, given)).transpose()).collect()
        };
        Ok(answer.map(sentences).map_err(common::fault))
    }
}

fn pairs(text: &Localized) -> Pairs {
    text.iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect()
}

fn chart(chart: &Chart) -> guest::Chart {
    let point = |point: &Point| guest::Point {
        during: common::span(point.during),
        value: point.value,
        complete: point.complete,
    };
    let series = |series: &Series| guest::Series {
        name: pairs(&series.name),
        unit: series.unit.clone(),
        points: series.points.iter().map(point).collect(),
    };
    let ranked =
        |item: &Ranked| guest::Ranked { label: item.label.clone(), value: item.value, detail: item.detail.clone() };
    guest::Chart {
        id: chart.id.clone(),
        title: pairs(&chart.title),
        series: chart.series.iter().map(series).collect(),
        target: chart.target,
        baseline: chart.baseline,
        higher_is_better: chart.higher_is_better,
        items: chart.items.iter().map(ranked).collect(),
    }
}

fn sentence(index: usize, sentence: guest::Sentence) -> Checked<Sentence> {
    let next_step = |text| common::localized(|| format!("the next step for chart {index}"), text);
    Ok(Sentence {
        text: common::localized(|| format!("the sentence for chart {index}"), sentence.text)?,
        next_step: sentence.next_step.map(next_step).transpose()?,
        tone: match sentence.tone {
            guest::Tone::Praise => Tone::Praise,
            guest::Tone::Steady => Tone::Steady,
            guest::Tone::Watch => Tone::Watch,
            guest::Tone::Act => Tone::Act,
        },
        rule: sentence.rule,
        items: sentence.items,
    })
}
