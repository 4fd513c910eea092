//! How it is carried out: load, decide, commit; clock and chance; links; errors as pages.
//!
//! There is one way through the house, [`Shell::handle`], for every wish, from a person or from
//! the clock. What this crate does not do: it knows no route, no rule and no key of a table.
//!
//! Start reading at `handle`.

mod handbook_change;
mod handle;
mod clock;
mod chance;
mod deadline;
mod kept;
mod kept_free;
mod link_keys;
mod links;
mod needed_sheets;
mod opened;
mod staff_sign_in;
mod waiting_list;
mod shelf;
mod problem;
mod telemetry;
mod http_guard;
mod form;
mod panics;
mod phone_feed;
mod post_office;
mod feed_fetch;
mod feed_source;
mod other_calendars;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "lambda")]
pub mod cloud;

pub use chance::{Chance, SystemChance};
pub use clock::{Clock, ManualClock, SystemClock};
pub use deadline::Deadline;
pub use feed_fetch::{ETag, FeedFetcher, FetchError, Fetched, WhyNot};
pub use feed_source::{FeedSource, Fetching};
pub use form::{FormText, QueryText, form_instant};
pub use handbook_change::{FileChange, HandbookFiles};
pub use handle::{Done, Wish};
pub use http_guard::{MaybeSource, Source, guarded, guarded_patiently, practice_path};
pub use kept::Kept;
pub use kept_free::Stretch;
pub use link_keys::{BadLinkKeys, LinkKeys, LinkSecret};
pub use links::{BadLink, Link, Purpose};
pub use opened::Opened;
pub use other_calendars::NewSource;
pub use panics::tell_panics_by_their_place;
pub use post_office::{Mail, PostError, PostOffice, SENDING_MAX, Sending};
pub use problem::{Page, Problem, sentence};
pub use shelf::Shelf;
pub use staff_sign_in::{Asked, Proof, SignedIn};
pub use telemetry::{
    ANSWERED, FIGURE, Figure, RequestId, at_work, function_at_work, of_request, request_at_work,
};

use std::{ops::RangeInclusive, sync::Arc};

use chrono::{DateTime, DurationRound as _, NaiveDate, TimeDelta, Utc};
use domain::{CommandId, DaySheets, Handbook, PracticeId, Role};
use store::{Standing, Store};

/// Everything a function needs from the world.
#[derive(Clone)]
pub struct Shell {
    /// The tables.
    pub store: Store,
    /// What makes links and ids.
    pub links: LinkKeys,
    /// Where calendars that somebody else keeps come from.
    pub feeds: Arc<dyn FeedSource>,
    /// Where the house is reached, such as `https://book.example.org`.
    pub origin: Arc<str>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    shelf: Shelf,
}

impl Shell {
    /// What is taken on these days in the calendars of everybody who holds sessions; eventually
    /// consistent.
    pub async fn calendars(
        &self,
        practice: &PracticeId,
        handbook: &Handbook,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<Vec<DaySheets>, Problem> {
        let mut calendars = Vec::new();
        for staff in handbook.staff.iter().filter(|staff| staff.roles.contains(&Role::Provider)) {
            calendars.push(self.store.sheets(practice, &staff.id, days.clone()).await?);
        }
        Ok(calendars)
    }

    /// A shell around these parts of the world.
    pub fn new(
        store: Store,
        links: LinkKeys,
        origin: &str,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        let shelf = Shelf::default();
        let feeds = Arc::new(FeedFetcher::new());
        Self { store, links, feeds, origin: origin.into(), clock, chance, shelf }
    }

    /// The present moment, in whole seconds: what is stored is what was decided on.
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now)
    }

    /// A fresh random word of 128 bits, for ids and keys of forms.
    pub fn word(&self) -> String {
        chance::word(&*self.chance)
    }

    /// A fresh name for a wish.
    pub fn command_id(&self) -> CommandId {
        CommandId::parse(&self.word())
            .unwrap_or_else(|_| unreachable!("a word has the letters of an id"))
    }

    /// The handbook in force of a practice, for somebody who comes to its door.
    pub async fn handbook_at_the_door(
        &self,
        practice: &PracticeId,
    ) -> Result<Arc<Handbook>, Problem> {
        let kept = self.shelf.practice(&self.store, practice, self.now()).await?;
        telemetry::belongs_to(practice);
        match kept.standing {
            Standing::Open | Standing::Paused => Ok(kept.handbook),
            Standing::Suspended => Err(Problem::Suspended(kept.handbook)),
        }
    }

    /// The handbook in force of a practice, for the house's own work.
    pub async fn handbook(&self, practice: &PracticeId) -> Result<Arc<Handbook>, Problem> {
        let kept = self.shelf.practice(&self.store, practice, self.now()).await?;
        telemetry::belongs_to(practice);
        Ok(kept.handbook)
    }

    /// Whether the letters of a practice wait for an operator.
    pub async fn is_sending_paused(&self, practice: &PracticeId) -> Result<bool, Problem> {
        let kept = self.shelf.practice(&self.store, practice, self.now()).await?;
        Ok(kept.standing != Standing::Open)
    }

    /// Forgets handbooks read before, so that a new version counts at once.
    pub fn forget_handbooks(&self) {
        self.shelf.forget();
    }
}
