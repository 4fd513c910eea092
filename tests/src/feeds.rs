//! Calendars of a make-believe internet.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use domain::FeedAddress;
use shell::{ETag, FeedSource, FetchError, Fetched, Fetching, WhyNot};

/// What stands at which address; what is not there does not answer.
#[derive(Debug, Default)]
pub struct FakeFeeds(Mutex<BTreeMap<String, String>>);

impl FakeFeeds {
    /// Puts a calendar there.
    pub fn put(&self, address: &str, ics: &str) {
        self.calendars().insert(address.to_owned(), ics.to_owned());
    }

    /// It does not answer any more.
    pub fn silence(&self, address: &str) {
        self.calendars().remove(address);
    }

    fn calendars(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FeedSource for FakeFeeds {
    fn fetch<'a>(&'a self, address: &'a FeedAddress, known: Option<&'a ETag>) -> Fetching<'a> {
        let found = self.calendars().get(address.as_str()).cloned();
        Box::pin(async move {
            let host = address.host().to_owned();
            let ics = found.ok_or(FetchError { host, why: WhyNot::Slow })?;
            let etag = ETag::parse(&format!("\"{}\"", ics.len()));
            if known.is_some() && known == etag.as_ref() {
                return Ok(Fetched::Unchanged);
            }
            Ok(Fetched::New { body: ics.into_bytes(), etag })
        })
    }
}
