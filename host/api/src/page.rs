//! Pages of lists: by the key of the last item, so that no item is skipped or shown twice while others come.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// Items on a page unless the caller says how many.
const ITEMS: u32 = 100;

/// Most items on one page.
pub(crate) const ITEMS_MAX: u32 = 1_000;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Most items on the page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(crate) limit: Option<u32>,
    /// The `next` of the page before; nothing for the first page.
    #[param(max_length = 512)]
    pub(crate) after: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// What to send as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl PageQuery {
    /// How many items, checked.
    pub(crate) fn most(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(ITEMS) {
            limit @ 1..=ITEMS_MAX => Ok(limit),
            limit => Err(Problem::malformed(format!("limit is {limit}: ask for 1 to {ITEMS_MAX} items."))),
        }
    }

    /// The number after which the page begins; 0 for the first page.
    pub(crate) fn after_number(&self) -> Result<i64, Problem> {
        match self.after.as_deref() {
            None => Ok(0),
            Some(text) => text.parse().map_err(|_| bad_after()),
        }
    }

    /// Cuts a page out of a list that is sorted by the key.
    pub(crate) fn cut<T>(&self, items: Vec<T>, key: impl Fn(&T) -> String) -> Result<Page<T>, Problem> {
        let most = self.most()? as usize;
        let after = self.after.clone();
        let mut rest = items.into_iter().filter(|item| after.as_ref().is_none_or(|after| key(item) > *after));
        let items: Vec<T> = rest.by_ref().take(most).collect();
        let next = if rest.next().is_some() { items.last().map(key) } else { None };
        Ok(Page { items, next })
    }

    /// A page of what was read with one item more than fits, to see whether another page follows.
    pub(crate) fn of<T, U>(
        &self,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> String,
        view: impl Fn(T) -> U,
    ) -> Result<Page<U>, Problem> {
        let most = self.most()? as usize;
        let more = rows.len() > most;
        rows.truncate(most);
        let next = if more { rows.last().map(key) } else { None };
        Ok(Page { items: rows.into_iter().map(view).collect(), next })
    }
}

pub(crate) fn bad_after() -> Problem {
    Problem::malformed("after is none that this list gave: take `next` of the page before.")
}
