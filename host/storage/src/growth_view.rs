//! How often somebody looked at their own growth map, week by week.
//!
//! Not numbered and kept as a count: no score rests on it, and nobody is told when somebody looked.

use std::collections::BTreeMap;

use daybreak_domain::time::{Day, Instant};

use crate::store::{Store, StoreError, Write, day, inconsistent, reading, writing};

impl Write {
    /// Counts a look in the week that begins with this Monday, unless the last one that counted in it was at `since` or
    /// later. Returns how many there are in the week now, and whether this one counted.
    pub async fn count_growth_view(
        &mut self,
        person: &str,
        week: Day,
        at: Instant,
        since: Instant,
    ) -> Result<(u32, bool), StoreError> {
        let counted = writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO growth_view (company, person, week, views, viewed_at) VALUES ($1, $2, $3, 1, $4) \
                 ON CONFLICT (company, person, week) DO UPDATE SET views = growth_view.views + 1, \
                 viewed_at = excluded.viewed_at WHERE growth_view.viewed_at < $5"
            )
            .bind(&self.company)
            .bind(person)
            .bind(i64::from(week.0))
            .bind(at.0)
            .bind(since.0)
        )?;
        let views: i64 = writing!(
            self,
            fetch_one,
            sqlx::query_scalar("SELECT views FROM growth_view WHERE company = $1 AND person = $2 AND week = $3")
                .bind(&self.company)
                .bind(person)
                .bind(i64::from(week.0))
        )?;
        Ok((count(person, views)?, counted > 0))
    }
}

impl Store {
    /// The person's own looks, by the Monday of the week, from this week on.
    pub async fn growth_views_of(
        &self,
        company: &str,
        person: &str,
        from: Day,
    ) -> Result<BTreeMap<Day, u32>, StoreError> {
        let rows: Vec<(i64, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT week, views FROM growth_view WHERE company = $1 AND person = $2 AND week >= $3")
                .bind(company)
                .bind(person)
                .bind(i64::from(from.0))
        )?;
        let own = |(week, views): (i64, i64)| Ok((day("growth_view", person, week)?, count(person, views)?));
        rows.into_iter().map(own).collect()
    }

    /// Everybody's looks in the weeks from this one until that one, by week and person.
    pub async fn growth_views(
        &self,
        company: &str,
        from: Day,
        until: Day,
    ) -> Result<BTreeMap<Day, BTreeMap<String, u32>>, StoreError> {
        let rows: Vec<(i64, String, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT week, person, views FROM growth_view WHERE company = $1 AND week >= $2 AND week < $3"
            )
            .bind(company)
            .bind(i64::from(from.0))
            .bind(i64::from(until.0))
        )?;
        let mut weeks: BTreeMap<Day, BTreeMap<String, u32>> = BTreeMap::new();
        for (week, person, views) in rows {
            let views = count(&person, views)?;
            weeks.entry(day("growth_view", &person, week)?).or_default().insert(person, views);
        }
        Ok(weeks)
    }
}

fn count(person: &str, views: i64) -> Result<u32, StoreError> {
    u32::try_from(views).map_err(|error| inconsistent("growth_view", person, error))
}
