//! How the facts behind a score were captured: by systems, on forms that held most of it, or typed.
//!
//! Counted are the facts that the score names as evidence. A plugin names all that its value rests on, or where that is
//! more than fits, the most telling ones; so what is counted is what somebody can look at.

use std::collections::BTreeMap;

use daybreak_domain::company::Company;
use daybreak_domain::fact::Capture;

use crate::{AppError, Daybreak};

/// How many facts were captured how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    pub automatic: u32,
    pub prefilled: u32,
    pub typed: u32,
}

impl Captured {
    #[must_use]
    pub fn total(&self) -> u32 {
        self.automatic.saturating_add(self.prefilled).saturating_add(self.typed)
    }

    /// The part that nobody had to type, in millionths, rounded down; none where there are no facts.
    #[must_use]
    pub fn untyped_share(&self) -> Option<u32> {
        let total = u64::from(self.total());
        let untyped = u64::from(self.automatic) + u64::from(self.prefilled);
        (total > 0).then(|| u32::try_from(untyped * 1_000_000 / total).unwrap_or(u32::MAX))
    }

    fn count(&mut self, capture: Capture) {
        let count = match capture {
            Capture::Automatic => &mut self.automatic,
            Capture::Prefilled => &mut self.prefilled,
            Capture::Typed => &mut self.typed,
        };
        *count = count.saturating_add(1);
    }
}

impl Daybreak {
    /// How the evidence of each of these was captured, in one query.
    pub(crate) async fn captured<'a>(
        &self,
        company: &Company,
        evidence: impl Iterator<Item = (&'a str, &'a [i64])>,
    ) -> Result<BTreeMap<String, Captured>, AppError> {
        let evidence: Vec<(&str, &[i64])> = evidence.collect();
        let mut sequences: Vec<i64> = evidence.iter().flat_map(|(_, sequences)| sequences.iter().copied()).collect();
        sequences.sort_unstable();
        sequences.dedup();
        if sequences.is_empty() {
            return Ok(BTreeMap::new());
        }
        let captures = self.store.captures(&company.id, &sequences).await?;
        let mut counted = BTreeMap::new();
        for (what, sequences) in evidence {
            let mut captured = Captured::default();
            for capture in sequences.iter().filter_map(|sequence| captures.get(sequence)) {
                captured.count(*capture);
            }
            if captured.total() > 0 {
                counted.insert(what.to_owned(), captured);
            }
        }
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::Captured;

    #[test]
    fn what_is_prefilled_is_not_typed() {
        let captured = Captured { automatic: 1, prefilled: 1, typed: 1 };
        assert_eq!((captured.total(), captured.untyped_share()), (3, Some(666_666)));
        assert_eq!(Captured::default().untyped_share(), None);
    }
}
