//! Reading calendars that somebody else keeps, again and again.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{FeedAddress, PracticeId, StaffId};
use feeds::Busy;
use store::{CalendarSource, News};

use crate::{ETag, Fetched, Problem, Shell, sentence};

/// How often each of them is read.
const EVERY: TimeDelta = TimeDelta::minutes(15);

/// How soon one is asked again that did not answer.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// How far ahead it is looked through: further than any calendar can be booked.
const AHEAD: TimeDelta = TimeDelta::days(420);

/// While so much of that is left, it is enough to learn that nothing has changed.
const ENOUGH: TimeDelta = TimeDelta::days(400);

/// More busy times than this are not kept.
const BUSY_MAX: usize = 5_000;

/// A calendar that staff want to be read.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Names it: the same wish again is the same source.
    pub id: String,
    /// Whose time it tells of.
    pub provider: StaffId,
    /// What staff call it.
    pub name: String,
    /// Where it is read.
    pub address: FeedAddress,
    /// For how long what was read counts.
    pub grace: TimeDelta,
}

impl Shell {
    /// Takes up a calendar that is to be read from now on. It is read at once: what cannot be read
    /// is not taken up.
    pub async fn add_source(&self, practice: &PracticeId, new: NewSource) -> Result<(), Problem> {
        let now = self.now();
        let NewSource { id, provider, name, address, grace } = new;
        let mut source = CalendarSource {
            id,
            provider,
            name,
            address,
            grace,
            read_at: now,
            etag: None,
            until: now,
            troubles: vec![],
        };
        let busy = match self.read_source(practice, &mut source, now).await? {
            Ok(News::Busy(busy)) => busy,
            // Nothing was known that could be unchanged.
            Ok(News::Unchanged | News::Silence) => vec![],
            Err(why) => return Err(Problem::Form(sentence(&why))),
        };
        Ok(self.store.add_source(practice, &source, &busy, now + EVERY).await?)
    }

    /// Reads a calendar again. One that does not answer keeps what it said, until its grace is over.
    pub async fn refresh_source(&self, practice: &PracticeId, id: &str) -> Result<(), Problem> {
        let Some(mut source) = self.store.source(practice, id).await? else { return Ok(()) };
        let now = self.now();
        let (news, due) = match self.read_source(practice, &mut source, now).await? {
            Ok(news) => (news, now + EVERY),
            Err(why) => {
                source.troubles = vec![sentence(&why)];
                (News::Silence, now + AGAIN)
            }
        };
        Ok(self.store.renew_source(practice, &source, &news, due).await?)
    }

    /// What a calendar says now, or why that cannot be told, in words.
    async fn read_source(
        &self,
        practice: &PracticeId,
        source: &mut CalendarSource,
        now: DateTime<Utc>,
    ) -> Result<Result<News, String>, Problem> {
        let zone = self.handbook(practice).await?.practice.zone;
        let is_seen_far = now + ENOUGH <= source.until;
        let known = source.etag.as_deref().filter(|_| is_seen_far).and_then(ETag::parse);
        let (body, etag) = match self.feeds.fetch(&source.address, known.as_ref()).await {
            Ok(Fetched::Unchanged) => {
                source.read_at = now;
                return Ok(Ok(News::Unchanged));
            }
            Ok(Fetched::New { body, etag }) => (body, etag),
            Err(error) => {
                tracing::warn!(
                    practice = practice.as_str(),
                    source = source.id,
                    error = &error as &dyn std::error::Error,
                    "a calendar could not be fetched"
                );
                return Ok(Err(error.to_string()));
            }
        };
        let until = now + AHEAD;
        match feeds::read(&body, zone, now - TimeDelta::days(1)..until) {
            Ok(Busy { spans, .. }) if BUSY_MAX < spans.len() => {
                Ok(Err(format!("the calendar is busy more than {BUSY_MAX} times")))
            }
            Ok(Busy { spans, warnings }) => {
                source.read_at = now;
                source.until = until;
                source.etag = etag.map(|etag| etag.as_str().to_owned());
                source.troubles = warnings.iter().map(|one| sentence(&one.to_string())).collect();
                Ok(Ok(News::Busy(spans)))
            }
            Err(unreadable) => Ok(Err(unreadable.to_string())),
        }
    }
}
