//! News for whoever listens: one reader for each company, however many listen.
//!
//! A listener is given everything that was appended after the number it names, once and in order. What this process
//! appends is heard of at once; what others append, when the reader looks again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use daybreak_domain::company::Company;
use daybreak_domain::news::News;
use tokio::sync::{broadcast, watch};

use crate::{AppError, Daybreak};

/// Pieces that are read at once.
const AT_ONCE: u32 = 500;

/// Readings that a slow listener may be behind; one that falls behind further begins again from its own number.
const BACKLOG: usize = 64;

/// How often the reader looks for what other processes appended.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What was read at one time: everything after `after` up to `until`.
#[derive(Clone, Debug)]
pub struct Reading {
    pub after: i64,
    pub until: i64,
    pub news: Arc<[News]>,
}

/// What a company's listeners share. The reader ends when the last of them has gone.
#[derive(Debug)]
struct Channel {
    readings: broadcast::Sender<Reading>,
    /// Dropped with the channel, which is how the reader learns that nobody listens any more.
    _alive: watch::Sender<()>,
}

/// The companies that somebody listens to.
#[derive(Default)]
pub(crate) struct Channels(Mutex<HashMap<String, Weak<Channel>>>);

/// Somebody who listens to one company, from a number on.
pub struct Listener {
    daybreak: Daybreak,
    company: Company,
    channel: Arc<Channel>,
    readings: broadcast::Receiver<Reading>,
    /// Everything up to this number was given.
    until: i64,
}

impl Daybreak {
    /// Listens to the company's news after this number; without one, from now on.
    pub async fn listen(&self, company: &Company, after: Option<i64>) -> Result<Listener, AppError> {
        let channel = self.channel(company);
        let readings = channel.readings.subscribe();
        let now = self.store.sequence(&company.id).await?;
        // A number that was never given out belongs to another database.
        let until = after.map_or(now, |after| after.min(now));
        Ok(Listener { daybreak: self.clone(), company: company.clone(), channel, readings, until })
    }

    fn channel(&self, company: &Company) -> Arc<Channel> {
        let mut channels = self.channels.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(&company.id).and_then(Weak::upgrade) {
            return channel;
        }
        let (alive, ended) = watch::channel(());
        let (readings, _) = broadcast::channel(BACKLOG);
        tokio::spawn(read_for_ever(self.clone(), company.clone(), readings.clone(), ended));
        let channel = Arc::new(Channel { readings, _alive: alive });
        channels.retain(|_, channel| channel.strong_count() > 0);
        channels.insert(company.id.clone(), Arc::downgrade(&channel));
        channel
    }

    async fn read_news(&self, company: &Company, after: i64) -> Result<Reading, AppError> {
        // Looked up first: what is committed between the two is read the next time, or twice.
        let known = self.store.sequence(&company.id).await?;
        if known <= after {
            return Ok(Reading { after, until: after, news: Arc::default() });
        }
        let news = self.store.news_after(&company.id, after, AT_ONCE).await?;
        let is_all = news.len() < AT_ONCE as usize;
        let last = news.last().map_or(after, |news| news.sequence);
        Ok(Reading { after, until: if is_all { last.max(known) } else { last }, news: news.into() })
    }
}

/// Reads what is new as long as somebody listens.
async fn read_for_ever(
    daybreak: Daybreak,
    company: Company,
    readings: broadcast::Sender<Reading>,
    mut ended: watch::Receiver<()>,
) {
    let mut committed = daybreak.committed();
    let mut after = None;
    loop {
        committed.mark_unchanged();
        let from = match after {
            Some(after) => after,
            None => daybreak.sequence(&company).await.unwrap_or_default(),
        };
        match daybreak.read_news(&company, from).await {
            Ok(reading) => {
                let moved = reading.until > from;
                after = Some(reading.until);
                if moved {
                    // Nobody listens just now; the channel's end says whether that stays so.
                    let _ = readings.send(reading);
                    continue;
                }
            }
            Err(error) => tracing::warn!(company = company.id, %error, "news cannot be read"),
        }
        tokio::select! {
            _ = ended.changed() => return,
            _ = committed.changed() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

impl Listener {
    /// Everything up to this number was given.
    #[must_use]
    pub fn until(&self) -> i64 {
        self.until
    }

    /// The next news; waits until there is some. May be empty where only rows were appended that are no news.
    pub async fn next(&mut self) -> Result<Reading, AppError> {
        loop {
            let missed = match self.readings.try_recv() {
                Ok(reading) if reading.until <= self.until => continue,
                Ok(reading) if reading.after <= self.until => return Ok(self.take(reading)),
                Ok(_) | Err(broadcast::error::TryRecvError::Lagged(_)) => true,
                Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed) => {
                    self.daybreak.sequence(&self.company).await? > self.until
                }
            };
            if missed {
                let reading = self.daybreak.read_news(&self.company, self.until).await?;
                if reading.until > self.until {
                    return Ok(self.take(reading));
                }
            }
            match self.readings.recv().await {
                Ok(reading) if reading.until <= self.until => {}
                Ok(reading) if reading.after <= self.until => return Ok(self.take(reading)),
                // It comes from the database then.
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => {
                    self.channel = self.daybreak.channel(&self.company);
                    self.readings = self.channel.readings.subscribe();
                }
            }
        }
    }

    /// Notes the reading as given, without what was given before.
    fn take(&mut self, mut reading: Reading) -> Reading {
        if reading.news.first().is_some_and(|first| first.sequence <= self.until) {
            reading.news = reading.news.iter().filter(|news| news.sequence > self.until).cloned().collect();
        }
        self.until = reading.until;
        reading
    }
}
