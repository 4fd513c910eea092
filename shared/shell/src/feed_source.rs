//! Where calendars that somebody else keeps come from: one interface, with the internet or a
//! make-believe of it behind it.

use std::{future::Future, pin::Pin};

use domain::FeedAddress;

use crate::{ETag, FeedFetcher, FetchError, Fetched};

/// A feed on its way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchError>> + Send + 'a>>;

/// Fetches calendar feeds.
pub trait FeedSource: Send + Sync {
    /// Fetches the feed at `address`, or learns that it is still what had the tag `known`.
    fn fetch<'a>(&'a self, address: &'a FeedAddress, known: Option<&'a ETag>) -> Fetching<'a>;
}

impl FeedSource for FeedFetcher {
    fn fetch<'a>(&'a self, address: &'a FeedAddress, known: Option<&'a ETag>) -> Fetching<'a> {
        Box::pin(Self::fetch(self, address, known))
    }
}
