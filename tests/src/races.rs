//! Races: several wishes at once, of which exactly one may be granted, round after round.
//!
//! A [`Track`] prepares a [`Heat`] on times that nobody has raced for yet, lets it run, and judges
//! it by the answers, the journals and the day sheets. The number of a round decides who sets off
//! a step later than the others; how the threads meet is left to the machine.
//!
//! The judge has been tried out on stores with a guard taken out, 100 rounds of each race. Without
//! the conditions on head and journal entry, 41 rounds of "approve against expiry" were faulty, and
//! none of the others: the versions of the day sheets keep two approvals apart as well. Without
//! these versions, 56 and more of each race of several clients for a time were faulty, but none of
//! those two. Without both, 95 of "approve against approve" and 52 of "approve against expiry".
//! The races for a last place passed each time: they have a guard of their own.

mod law;
mod racer;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use domain::{ClientId, DaySheets, Handbook, Refusal, Timetable, offers};
use shell::{Done, Problem, Wish};
use tokio::{sync::Barrier, task::JoinSet};

use crate::{Edits, World};

/// What is raced for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Race {
    /// Four clients ask for one time.
    SameTime,
    /// Two clients ask for a time, and two for one that begins before it is over.
    Overlapping,
    /// A client asks for a time; staff book what begins as that ends, within its buffer.
    TouchingBuffers,
    /// A day has room for one more session; four clients ask for times that do not meet.
    LastOfDay,
    /// A week has room for one more session; clients ask for times on days of several sheets.
    LastOfWeek,
    /// Staff press "approve" four times, on two times of one request.
    TwoApprovals,
    /// Staff approve a request in the second in which it expires.
    ApprovalAtExpiry,
    /// Staff approve a request in the second in which somebody else may ask for its time.
    RivalAtExpiry,
    /// A group has room for one more; four clients ask for a place in it.
    LastOfGroup,
    /// One of two providers is free; four clients ask for whoever is.
    LastProvider,
    /// Two providers are needed together; clients ask for times that overlap.
    BothProviders,
    /// An appointment is moved to a time that is booked, and asked for, by others.
    MoveAgainstBooking,
    /// A time comes free: the waiting list offers it, and others ask for it or book it.
    OfferFromList,
}

/// How many rounds are run in one world, so that its tables stay small.
const SEASON: u32 = 100;

/// From the beginning of one stretch of a day to the next: nothing that is raced for in one of
/// them reaches into another.
const STRETCH: TimeDelta = TimeDelta::hours(2);

impl Race {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::SameTime,
        Self::Overlapping,
        Self::TouchingBuffers,
        Self::LastOfDay,
        Self::LastOfWeek,
        Self::TwoApprovals,
        Self::ApprovalAtExpiry,
        Self::RivalAtExpiry,
        Self::LastOfGroup,
        Self::LastProvider,
        Self::BothProviders,
        Self::MoveAgainstBooking,
        Self::OfferFromList,
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameTime => "same time",
            Self::Overlapping => "overlapping times",
            Self::TouchingBuffers => "touching buffers",
            Self::LastOfDay => "last place of a day",
            Self::LastOfWeek => "last place of a week",
            Self::TwoApprovals => "approve against approve",
            Self::ApprovalAtExpiry => "approve against expiry",
            Self::RivalAtExpiry => "approve against rival",
            Self::LastOfGroup => "last place of a group",
            Self::LastProvider => "last free provider",
            Self::BothProviders => "two providers at once",
            Self::MoveAgainstBooking => "move against book",
            Self::OfferFromList => "waiting list against others",
        }
    }

    /// The practice in which it is run: a long calendar, and requests that expire soon.
    fn edit(self, practice: &mut Edits) {
        let mut set = |from, to| practice.replace("practice.toml", from, to);
        set("booking_days = 30", "booking_days = 365");
        set("\nhold_hours = 24", "\nhold_hours = 2");
        set("\nstaff_reminder_hours = 12", "\nstaff_reminder_hours = 1");
        match self {
            Self::LastOfDay => set("# [limits]", "[limits]\nsessions_a_day = 2"),
            Self::LastOfWeek => set("# [limits]", "[limits]\nsessions_a_week = 2"),
            Self::LastOfGroup => set("\n# places = 6", "\nplaces = 2"),
            Self::LastProvider => two_providers(practice, "fair-turn"),
            Self::BothProviders => two_providers(practice, "together"),
            Self::OfferFromList => one_time_a_week(practice),
            Self::SameTime
            | Self::Overlapping
            | Self::TouchingBuffers
            | Self::TwoApprovals
            | Self::ApprovalAtExpiry
            | Self::RivalAtExpiry
            | Self::MoveAgainstBooking => {}
        }
    }

    /// The beginnings of stretches that each round is given, one list a round.
    fn courses(self, handbook: &Handbook, now: DateTime<Utc>) -> VecDeque<Vec<DateTime<Utc>>> {
        let stretches = stretches(handbook, now);
        match self {
            Self::LastOfDay => together(&stretches, |day| day.ordinal()),
            Self::LastOfWeek => {
                let mut days: BTreeMap<NaiveDate, DateTime<Utc>> = BTreeMap::new();
                for start in stretches {
                    days.entry(start.date_naive()).or_insert(start);
                }
                let firsts: Vec<_> = days.into_values().collect();
                together(&firsts, |day| day.iso_week().week())
            }
            Self::TwoApprovals | Self::MoveAgainstBooking => {
                stretches.chunks_exact(2).map(<[_]>::to_vec).collect()
            }
            Self::SameTime
            | Self::Overlapping
            | Self::TouchingBuffers
            | Self::ApprovalAtExpiry
            | Self::LastOfGroup
            | Self::LastProvider
            | Self::BothProviders
            | Self::OfferFromList
            | Self::RivalAtExpiry => stretches.into_iter().map(|start| vec![start]).collect(),
        }
    }
}

/// The session is given by Mara and Tomás.
fn two_providers(practice: &mut Edits, who: &str) {
    practice.replace(
        "practice.toml",
        "\nprovider = \"mara\"",
        &format!("\nproviders = [\"mara\", \"tomas\"]\nwho = \"{who}\""),
    );
    let roles = "roles = [\"assistant\"]";
    practice.replace("practice.toml", roles, "roles = [\"assistant\", \"provider\"]");
}

/// The only session of the week is on Wednesday, so that nothing else suits whoever waits for it.
fn one_time_a_week(practice: &mut Edits) {
    let mut set = |from: &str, to| practice.replace("practice.toml", from, to);
    for day in ["monday", "tuesday", "thursday"] {
        set(&format!("{day} = [\"09:00-12:30\", \"14:00-17:30\"]"), "");
    }
    set("wednesday = [\"09:00-12:30\", \"14:00-17:30\"]", "wednesday = [\"10:00-11:00\"]");
    set("friday = [\"09:00-12:30\"]", "");
    set("open = [\"10:00-13:00\"]", "open = []");
}

/// Times on offer in an empty calendar, so far apart that each has a stretch to itself. It begins
/// two days from now: time moves on while a season is run.
fn stretches(handbook: &Handbook, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let nobody = ClientId::parse("nobody").expect("an id");
    let range = now + TimeDelta::days(2)..now + TimeDelta::days(365);
    let timetable =
        Timetable::of(handbook, handbook.first_session(), &handbook.calendars[0].provider);
    let days = timetable.sheet_days(&(range.start..=range.end));
    let days = days.start().iter_days().take_while(|day| day <= days.end());
    let empty = DaySheets::new(days.map(|day| (timetable.provider.clone(), day)), vec![]);
    let mut stretches: Vec<DateTime<Utc>> = Vec::new();
    for slot in offers(&timetable, &empty, &nobody, now, &range) {
        if stretches.last().is_none_or(|last| *last + STRETCH <= slot.start) {
            stretches.push(slot.start);
        }
    }
    stretches
}

/// The starts of each day, or week, that has at least four of them.
fn together(
    starts: &[DateTime<Utc>],
    of: impl Fn(NaiveDate) -> u32,
) -> VecDeque<Vec<DateTime<Utc>>> {
    let periods = starts.chunk_by(|one, next| of(one.date_naive()) == of(next.date_naive()));
    periods.filter(|period| 4 <= period.len()).map(<[_]>::to_vec).collect()
}

/// Where rounds of one race are run, one after the other.
pub struct Track {
    race: Race,
    world: Arc<World>,
    courses: VecDeque<Vec<DateTime<Utc>>>,
    /// Clients who may choose times and have taken none.
    free: Vec<ClientId>,
    met: u32,
    rounds: u32,
}

/// Somebody who races.
#[derive(Debug, Clone)]
struct Racer {
    /// What they do, for reports.
    deed: &'static str,
    /// By how many seconds they move the clock before they wish.
    seconds: i64,
    /// How many times they let others go first.
    steps: u32,
    wish: Wish,
}

/// One round, before it is run.
pub struct Heat {
    world: Arc<World>,
    racers: Vec<Racer>,
    course: Vec<DateTime<Utc>>,
}

/// One round, after it was run.
pub struct Finish {
    results: Vec<(Racer, Result<Done, Problem>)>,
    course: Vec<DateTime<Utc>>,
}

/// What is to be said about one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What each of the winners did.
    pub winners: Vec<&'static str>,
    /// What is wrong; nothing, if exactly one won, the others were told kindly, and the journals
    /// and sheets are as they must be.
    pub faults: Vec<String>,
}

impl Track {
    /// A track for this race, in a world of its own.
    pub async fn new(race: Race) -> Self {
        let world = Arc::new(World::with(|practice| race.edit(practice)).await);
        let courses = race.courses(&world.handbook, world.now());
        Self { race, world, courses, free: Vec::new(), met: 0, rounds: 0 }
    }

    /// Prepares the round of this number: everything that comes before the race.
    pub async fn prepare(&mut self, number: u32) -> Heat {
        if self.rounds == SEASON || self.courses.is_empty() {
            self.close().await;
            *self = Self::new(self.race).await;
        }
        self.rounds += 1;
        let course = self.courses.pop_front().expect("a calendar with room for a round");
        let mut racers = self.racers(&course).await;
        let mut steps = fastrand::Rng::with_seed(u64::from(number));
        for racer in &mut racers {
            racer.steps = steps.u32(0..8);
        }
        steps.shuffle(&mut racers);
        Heat { world: Arc::clone(&self.world), racers, course }
    }

    /// What is to be said about a round; who lost may race again.
    pub async fn judge(&mut self, finish: Finish) -> Verdict {
        let mut verdict = Verdict { winners: vec![], faults: vec![] };
        let mut clients = BTreeSet::new();
        for (racer, result) in finish.results {
            let client = racer.wish.client.clone();
            clients.insert(client.clone());
            match result {
                Ok(done) if done.events.is_empty() => {}
                Ok(_) => {
                    verdict.winners.push(racer.deed);
                    verdict.faults.extend(self.world.breaches_of_journal(&racer.wish).await);
                }
                Err(Problem::Refused(Refusal::TimeNotOffered { .. } | Refusal::RequestGone, _)) => {
                    if racer.deed == PROPOSAL || racer.deed == BOOKING {
                        self.free.push(client);
                    }
                }
                Err(problem) => verdict.faults.push(format!("{}: {problem:?}", racer.deed)),
            }
        }
        if verdict.winners.len() != 1 {
            verdict.faults.push(format!("{} winners", verdict.winners.len()));
        }
        let days = finish.course.iter().map(DateTime::date_naive);
        let (first, last) = (days.clone().min(), days.max());
        if let (Some(first), Some(last)) = (first, last) {
            verdict.faults.extend(self.world.breaches(first..=last, &clients).await);
        }
        verdict
    }

    /// Looks at the whole world once more: every sheet, and every journal.
    pub async fn close(&self) {
        // A season moves the clock by days, not by weeks.
        let today = self.world.now().date_naive();
        let days = today - TimeDelta::days(30)..=today + TimeDelta::days(366);
        let breaches = self.world.breaches(days, &BTreeSet::new()).await;
        assert_eq!(breaches, Vec::<String>::new(), "{}", self.race.name());
        self.world.verify().await;
    }

    async fn client(&mut self) -> ClientId {
        if let Some(client) = self.free.pop() {
            return client;
        }
        self.met += 1;
        self.world.racer(self.met).await
    }
}

const PROPOSAL: &str = "proposal";
const BOOKING: &str = "booking";
const MOVE: &str = "move";
const APPROVAL: &str = "approval";
const EXPIRY: &str = "expiry";
const OFFER: &str = "offer";

/// Who is at the start.
impl Track {
    async fn racers(&mut self, course: &[DateTime<Utc>]) -> Vec<Racer> {
        let start = course[0];
        let half = start + TimeDelta::minutes(30);
        // As the session of the start ends, and a little later, still within its buffer.
        let touching = [start + TimeDelta::minutes(50), start + TimeDelta::minutes(55)];
        match self.race {
            Race::SameTime => self.proposals(&[start; 4]).await,
            Race::Overlapping => self.proposals(&[start, half, start, half]).await,
            Race::TouchingBuffers => {
                let mut racers = self.proposals(&[start; 2]).await;
                racers.extend(self.bookings(&touching).await);
                racers
            }
            Race::LastOfDay | Race::LastOfWeek => {
                let first = self.client().await;
                self.world.grants(&self.world.booking(&first, start)).await;
                let others: Vec<_> = course[1..].iter().copied().cycle().take(4).collect();
                self.proposals(&others).await
            }
            Race::LastOfGroup | Race::LastProvider => {
                let first = self.client().await;
                self.world.grants(&self.world.booking(&first, start)).await;
                let mut racers = self.proposals(&[start; 3]).await;
                racers.extend(self.bookings(&[start]).await);
                racers
            }
            Race::BothProviders => self.proposals(&[start, start, half, half]).await,
            Race::TwoApprovals => self.approvals(course).await,
            Race::ApprovalAtExpiry => {
                let mut racers = self.approvals(course).await;
                let client = racers[0].wish.client.clone();
                racers.truncate(2);
                self.until_a_second_before_expiry(&client).await;
                racers.push(Racer::new(EXPIRY, self.world.time_passing(&client)).after(1));
                racers.push(Racer::new(EXPIRY, self.world.time_passing(&client)));
                racers
            }
            Race::RivalAtExpiry => {
                let mut racers = self.approvals(course).await;
                let client = racers[0].wish.client.clone();
                racers.truncate(2);
                self.until_a_second_before_expiry(&client).await;
                let rivals = self.proposals(&[start; 2]).await;
                racers.extend(rivals.into_iter().map(|rival| rival.after(1)));
                racers
            }
            Race::MoveAgainstBooking => {
                let mover = self.client().await;
                self.world.grants(&self.world.booking(&mover, course[1])).await;
                let mut racers = self.proposals(&[half]).await;
                racers.extend(self.bookings(&[start, half]).await);
                racers.push(Racer::new(MOVE, self.world.booking(&mover, start)));
                racers
            }
            Race::OfferFromList => {
                let waiting = self.somebody_waits_for(start).await;
                let offers = [(); 2].map(|()| Racer::new(OFFER, self.world.offering(&waiting)));
                let mut racers = self.proposals(&[start]).await;
                racers.extend(self.bookings(&[start]).await);
                racers.extend(offers);
                racers
            }
        }
    }

    /// Somebody waits for a time that was taken, and has just come free.
    async fn somebody_waits_for(&mut self, start: DateTime<Utc>) -> ClientId {
        let (first, waiting) = (self.client().await, self.client().await);
        let booked = self.world.grants(&self.world.booking(&first, start)).await;
        self.world.grants(&self.world.waiting_until(&waiting, start)).await;
        let appointment = booked.file.appointment().expect("a booked time").id.clone();
        self.world.grants(&self.world.cancelling(&first, appointment)).await;
        self.free.push(first);
        waiting
    }

    async fn proposals(&mut self, starts: &[DateTime<Utc>]) -> Vec<Racer> {
        let mut racers = Vec::new();
        for start in starts {
            let client = self.client().await;
            racers.push(Racer::new(PROPOSAL, self.world.proposing(&client, &[*start])));
        }
        racers
    }

    async fn bookings(&mut self, starts: &[DateTime<Utc>]) -> Vec<Racer> {
        let mut racers = Vec::new();
        for start in starts {
            let client = self.client().await;
            racers.push(Racer::new(BOOKING, self.world.booking(&client, *start)));
        }
        racers
    }

    /// Somebody has asked for these times, and staff press "approve" four times.
    async fn approvals(&mut self, starts: &[DateTime<Utc>]) -> Vec<Racer> {
        let client = self.client().await;
        let asked = self.world.grants(&self.world.proposing(&client, starts)).await;
        let proposal = asked.file.request().expect("an open request").id.clone();
        let presses = starts.iter().cycle().take(4);
        let approving = |start: &DateTime<Utc>| self.world.approving(&client, &proposal, *start);
        presses.map(|start| Racer::new(APPROVAL, approving(start))).collect()
    }

    /// Staff have been reminded of the request, and it is open for one more second.
    async fn until_a_second_before_expiry(&self, client: &ClientId) {
        let file = self.world.grants(&self.world.time_passing(client)).await.file;
        let expires_at = file.request().expect("an open request").expires_at;
        self.world.asleep_until(expires_at - TimeDelta::seconds(1));
        let reminded = self.world.grants(&self.world.time_passing(client)).await;
        assert!(!reminded.events.is_empty(), "staff are reminded before a request expires");
    }
}

impl Racer {
    fn new(deed: &'static str, wish: Wish) -> Self {
        Self { deed, seconds: 0, steps: 0, wish }
    }

    fn after(self, seconds: i64) -> Self {
        Self { seconds, ..self }
    }
}

impl Heat {
    /// Lets everybody go at once, each in a task of its own.
    pub async fn run(self) -> Finish {
        let gate = Arc::new(Barrier::new(self.racers.len()));
        let mut running = JoinSet::new();
        for racer in self.racers {
            let (world, gate) = (Arc::clone(&self.world), Arc::clone(&gate));
            running.spawn(async move {
                gate.wait().await;
                for _ in 0..racer.steps {
                    tokio::task::yield_now().await;
                }
                world.seconds_pass(racer.seconds);
                let result = world.house.shell.handle(&racer.wish).await;
                (racer, result)
            });
        }
        Finish { results: running.join_all().await, course: self.course }
    }
}
