//! The world of a test: one house, one practice, one clock.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use anteroom::{House, Mailbox, Time, router};
use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ClientFile, Handbook, PracticeId};
use handbook::Sources;
use operate::read_practice;
use shell::{FeedSource, LinkKeys, LinkSecret, ManualClock, PostOffice};

use crate::{
    Browser, FakeFeeds, Letter, SeededChance, StaffMember, TestTables, Visitor,
    guarded::GuardedTables, programs::Programs, rights::Right,
};

/// A house in memory with the example practice, on a Monday morning.
pub struct World {
    /// The house.
    pub house: House,
    /// Its practice.
    pub practice: PracticeId,
    /// The rules in force.
    pub handbook: Handbook,
    /// The tables, for tests that look behind the store's back.
    pub tables: aws_sdk_dynamodb::Client,
    clock: Arc<ManualClock>,
    mailbox: Arc<Mailbox>,
    guarded: Option<GuardedTables>,
    /// Calendars of a make-believe internet.
    pub feeds: Arc<FakeFeeds>,
    doors: Router,
    /// What does its work in place of the house, if anything does.
    programs: Option<Box<Programs>>,
}

/// An instant, from words such as `2026-11-23 10:00` (UTC).
///
/// # Panics
/// If the words are not an instant.
pub fn moment(words: &str) -> DateTime<Utc> {
    let naive = chrono::NaiveDateTime::parse_from_str(words, "%Y-%m-%d %H:%M");
    naive.expect("an instant in words").and_utc()
}

/// Where the house is reached.
pub(crate) const ORIGIN: &str = "http://localhost:4040";

/// The byte that the secret of its links is made of.
pub(crate) const SECRET: u8 = 7;

impl World {
    /// The world at 2026-11-23 10:00 UTC, which is a Monday.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world whose practice's files were edited first: pairs of a file and its new text.
    pub async fn with(edit: impl FnOnce(&mut Edits)) -> Self {
        let mailbox = Arc::new(Mailbox::in_memory());
        let office: Arc<Mailbox> = Arc::clone(&mailbox);
        Self::guarded(office, mailbox, edit).await
    }

    /// A world with another post office.
    pub async fn with_office(office: Arc<dyn PostOffice>) -> Self {
        Self::guarded(office, Arc::new(Mailbox::in_memory()), |_| {}).await
    }

    /// A world whose tables keep to the rights of the template.
    async fn guarded(
        office: Arc<dyn PostOffice>,
        mailbox: Arc<Mailbox>,
        edit: impl FnOnce(&mut Edits),
    ) -> Self {
        let tables = TestTables::new();
        let guarded = GuardedTables::new(&tables);
        let client = tables.client_by(guarded.clone());
        let (sources, handbook) = practice(edit);
        let world = Self::build(client, office, mailbox, Some(guarded), handbook).await;
        world.loads(&sources).await;
        world
    }

    /// A world whose tables hold nothing yet; the practice that it knows of is the example.
    pub async fn without_practice() -> Self {
        let mailbox = Arc::new(Mailbox::in_memory());
        let office: Arc<Mailbox> = Arc::clone(&mailbox);
        let tables = TestTables::new();
        let client = tables.client_by(tables.connector());
        let (_, handbook) = practice(|_| {});
        Self::build(client, office, mailbox, None, handbook).await
    }

    /// A world over this client of tables and this post office.
    pub async fn over(
        client: aws_sdk_dynamodb::Client,
        office: Arc<dyn PostOffice>,
        mailbox: Arc<Mailbox>,
        edit: impl FnOnce(&mut Edits),
    ) -> Self {
        let (sources, handbook) = practice(edit);
        let world = Self::build(client, office, mailbox, None, handbook).await;
        world.loads(&sources).await;
        world
    }

    async fn build(
        client: aws_sdk_dynamodb::Client,
        office: Arc<dyn PostOffice>,
        mailbox: Arc<Mailbox>,
        guarded: Option<GuardedTables>,
        handbook: Handbook,
    ) -> Self {
        let clock = Arc::new(ManualClock::at(moment("2026-11-23 10:00")));
        let time = Time::Manual(Arc::clone(&clock));
        let chance = Arc::new(SeededChance::new(1));
        let mut house = House::over(
            client.clone(),
            LinkKeys::new(LinkSecret::new([SECRET; 32])),
            ORIGIN,
            time,
            chance,
            office,
        )
        .await
        .expect("a house");
        let feeds = Arc::new(FakeFeeds::default());
        house.shell.feeds = Arc::clone(&feeds) as Arc<dyn FeedSource>;
        let (practice, doors) = (handbook.practice.id.clone(), router(&house));
        Self {
            house,
            practice,
            handbook,
            tables: client,
            clock,
            mailbox,
            guarded,
            feeds,
            doors,
            programs: None,
        }
    }

    async fn loads(&self, sources: &Sources) {
        self.house.load_practice(sources, &self.handbook).await.expect("a practice");
    }

    /// The same world, seen by a second practice of the house.
    pub async fn neighbour(&self, edit: impl FnOnce(&mut Edits)) -> Self {
        let (sources, handbook) = practice(edit);
        let world = Self {
            house: self.house.clone(),
            practice: handbook.practice.id.clone(),
            handbook,
            tables: self.tables.clone(),
            clock: Arc::clone(&self.clock),
            mailbox: Arc::clone(&self.mailbox),
            // The first one sees to it for both.
            guarded: None,
            feeds: Arc::clone(&self.feeds),
            doors: self.doors.clone(),
            programs: None,
        };
        world.loads(&sources).await;
        world
    }

    /// The rights that the functions have used so far.
    pub fn used_rights(&self) -> BTreeSet<Right> {
        self.guarded.as_ref().expect("guarded tables").used()
    }

    /// The rights that the functions have used since this was last asked.
    pub fn take_used_rights(&self) -> BTreeSet<Right> {
        self.guarded.as_ref().expect("guarded tables").take_used()
    }

    /// The practice edits its files, and the new handbook is in force; `handbook` stays what it was.
    pub async fn edit(&self, edit: impl FnOnce(&mut Edits)) {
        let (sources, handbook) = practice(edit);
        self.house.load_practice(&sources, &handbook).await.expect("a practice");
    }

    /// A browser of its own, without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.doors.clone())
    }

    /// Somebody who knows the practice's website.
    pub fn visitor(&self, name: &str) -> Visitor<'_> {
        Visitor::new(self, name)
    }

    /// The assistant of the example practice.
    pub fn assistant(&self) -> StaffMember<'_> {
        self.staff(domain::Role::Assistant)
    }

    /// The owner of the example practice.
    pub fn owner(&self) -> StaffMember<'_> {
        self.staff(domain::Role::Owner)
    }

    fn staff(&self, role: domain::Role) -> StaffMember<'_> {
        StaffMember::new(self, self.handbook.in_role(role).clone())
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.house.shell.now()
    }

    /// Delivers what was written and does what is due, without letting time pass.
    pub async fn settle(&self) {
        match &self.programs {
            Some(programs) => programs.settle().await,
            None => self.house.settle().await.expect("the house settles"),
        }
    }

    /// The same world, whose doors lead to the functions as they are deployed, and whose letters they
    /// bring. Its clock stands still meanwhile: theirs is that of the machine.
    #[must_use]
    pub fn lived_by(mut self, programs: Programs) -> Self {
        self.doors = programs.doors();
        self.programs = Some(Box::new(programs));
        self
    }

    /// The functions as they are deployed.
    pub fn programs(&self) -> &Programs {
        self.programs.as_deref().expect("a world that is lived by programs")
    }

    /// Somebody takes the time that a form needs.
    pub async fn takes_time(&self) {
        if self.programs.is_some() {
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
        self.seconds_pass(5);
    }

    /// Lets time pass, living through everything that becomes due.
    pub async fn after(&self, span: TimeDelta) {
        self.until(self.now() + span).await;
    }

    /// Lets time pass until `target`.
    pub async fn until(&self, target: DateTime<Utc>) {
        self.house.live_until(&self.clock, target).await.expect("the house lives on");
    }

    /// Lets time jump without anybody noticing: the house was switched off.
    pub fn asleep_until(&self, target: DateTime<Utc>) {
        self.clock.advance_to(target);
    }

    /// Moves the clock by so many seconds, and nothing else.
    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    /// Every letter to that address, the oldest first.
    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        let mails = self.mailbox.mails();
        mails.iter().filter(|mail| mail.to == address).map(Letter::read).collect()
    }

    /// Every letter that has left.
    pub fn letters(&self) -> Vec<Letter> {
        self.mailbox.mails().iter().map(Letter::read).collect()
    }

    /// The file of that address, as stored.
    pub async fn file(&self, address: &str) -> Option<ClientFile> {
        let email = domain::EmailAddress::parse(address).expect("an address");
        let client = self.house.shell.links.client(&self.practice, &email);
        let want = store::Want::default();
        let loaded = self.house.shell.store.load(&self.practice, &client, &want).await;
        loaded.expect("a file that can be read").file
    }

    /// What is taken on the day of this time, given in minutes as forms carry it, in a calendar.
    pub async fn taken_on(&self, minutes: &str, provider: &str) -> Vec<domain::Taken> {
        let seconds = minutes.parse::<i64>().expect("minutes") * 60;
        let day = DateTime::from_timestamp(seconds, 0).expect("an instant").date_naive();
        let provider = domain::StaffId::parse(provider).expect("an id");
        let sheets = self.house.shell.store.sheets(&self.practice, &provider, day..=day).await;
        sheets.expect("sheets").iter().flat_map(|sheet| sheet.taken.clone()).collect()
    }

    /// Asserts that every file's journal is whole and folds to its head.
    pub async fn verify(&self) {
        let store = &self.house.shell.store;
        let files = store.all_files(&self.practice).await.expect("files");
        for file in files {
            let verdict = store.verify(&self.practice, &file.id).await.expect("a journal");
            assert_eq!(verdict, Ok(()), "journal of {}", file.id);
        }
    }
}

/// What no test should forget: nothing was asked for without a right to it.
impl Drop for World {
    fn drop(&mut self) {
        let refused = self.guarded.as_ref().map(GuardedTables::refused).unwrap_or_default();
        let words = format!("not granted in the template: {}", refused.join("; "));
        if !std::thread::panicking() {
            assert!(refused.is_empty(), "{words}");
        } else if !refused.is_empty() {
            #[expect(clippy::print_stderr, reason = "this may be why the test fails")]
            {
                eprintln!("{words}");
            }
        }
    }
}

/// Edits of the example practice's files.
pub struct Edits(Vec<(String, String)>);

impl Edits {
    /// Writes a file of its own.
    pub fn add(&mut self, file: &str, text: &str) {
        self.0.push((file.to_owned(), text.to_owned()));
    }

    /// Writes another kind of session: the one of the example under this id, with texts of its own
    /// in place of some of the example's.
    ///
    /// # Panics
    /// If the example does not have one of those texts.
    pub fn add_session(&mut self, id: &str, otherwise: &[(&str, &str)]) {
        let (_, text) =
            self.0.iter_mut().find(|(name, _)| name == "practice.toml").expect("a practice");
        *text = text.replace("\n[session]\n", "\n[[session]]\n");
        let from = text.find("\n[[session]]\n").expect("a session");
        let to = text.find("\n# The rules the practice runs by.").expect("rules");
        let example = "id = \"first-conversation\"";
        let mut block = text[from..to].replacen(example, &format!("id = \"{id}\""), 1);
        for (from, to) in otherwise {
            assert!(block.contains(from), "the example's session does not say {from:?}");
            block = block.replace(from, to);
        }
        text.insert_str(to, &block);
    }

    /// Replaces a text that must be there.
    ///
    /// # Panics
    /// If the file or the text is missing.
    pub fn replace(&mut self, file: &str, from: &str, to: &str) {
        let (_, text) = self
            .0
            .iter_mut()
            .find(|(name, _)| name == file)
            .expect("a file of the example practice");
        assert!(text.contains(from), "{file} does not say {from:?}");
        *text = text.replace(from, to);
    }
}

fn practice(edit: impl FnOnce(&mut Edits)) -> (Sources, Handbook) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../practices/harbour");
    let (sources, _) = read_practice(&folder).expect("the example practice");
    let mut edits =
        Edits(sources.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect());
    edit(&mut edits);
    let sources = Sources::new(edits.0).expect("edited files");
    let handbook = handbook::read(&sources).expect("an edited practice");
    (sources, handbook)
}
