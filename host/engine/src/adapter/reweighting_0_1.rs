//! `daybreak:reweighting@0.1`: changes of shares that circumstances cause.

use daybreak_domain::requirements::Requirements;
use daybreak_domain::reweighting::{Batch, Change, Circumstance, Scorecard, Share, Target};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::common_0_1 as common;
use super::{Answer, Checked, Reweighting};
use crate::guest::Guest;

wasmtime::component::bindgen!({
    path: ["../../wit/common", "../../wit/reweighting"],
    inline: "
        package daybreak:engine-reweighting;
        world calls { export daybreak:reweighting/reweighting@0.1.0; }
    ",
    with: { "daybreak:common/types@0.1.0": super::common_0_1::daybreak::common::types },
});

use exports::daybreak::reweighting::reweighting as guest;

pub(super) struct ReweightingV0_1(CallsIndices);

impl ReweightingV0_1 {
    pub(super) fn new(component: &InstancePre<Guest>) -> wasmtime::Result<Self> {
        CallsIndices::new(component).map(Self)
    }
}

impl Reweighting for ReweightingV0_1 {
    fn name(&self) -> &'static str {
        "reweighting-0.1"
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
        let answer = calls.daybreak_reweighting_reweighting().call_requires(store, parameters_json)?;
        Ok(answer.map(common::requirements).map_err(common::fault))
    }

    fn adjust(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        batch: &Batch,
    ) -> wasmtime::Result<Answer<Checked<Vec<Vec<Change>>>>> {
        let calls = self.0.load(&mut *store, instance)?;
        let context = common::context(batch.context.clone());
        let scorecards: Vec<guest::Scorecard> = batch.scorecards.iter().map(scorecard).collect();
        let answer = calls.daybreak_reweighting_reweighting().call_adjust(store, &context, &scorecards)?;
        let changes = |changes: Vec<Vec<guest::Change>>| {
            let of_scorecard = |(index, changes): (usize, Vec<guest::Change>)| {
                changes.into_iter().map(|given| change(index, given)).collect()
            };
            changes.into_iter().enumerate().map(of_scorecard).collect()
        };
        Ok(answer.map(changes).map_err(common::fault))
    }
}

fn scorecard(scorecard: &Scorecard) -> guest::Scorecard {
    let share = |share: &Share| guest::Share {
        indicator: share.indicator.clone(),
        dimension: share.dimension.clone(),
        share: share.share,
        locked: share.locked,
    };
    let circumstance = |circumstance: &Circumstance| guest::Circumstance {
        id: circumstance.id.clone(),
        kind: circumstance.kind.clone(),
        during: common::span(circumstance.during),
        measures: circumstance.measures.clone(),
    };
    guest::Scorecard {
        employee: scorecard.employee.clone(),
        shares: scorecard.shares.iter().map(share).collect(),
        circumstances: scorecard.circumstances.iter().map(circumstance).collect(),
    }
}

fn change(scorecard: usize, change: guest::Change) -> Checked<Change> {
    Ok(Change {
        target: match change.target {
            guest::Target::Indicator(indicator) => Target::Indicator(indicator),
            guest::Target::Dimension(dimension) => Target::Dimension(dimension),
        },
        share: change.share,
        because: change.because,
        reason: common::localized(|| format!("the reason of a change in scorecard {scorecard}"), change.reason)?,
    })
}
