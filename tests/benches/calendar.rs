//! Figures of the calendar: what one page of it asks of the tables and of the processor, however
//! long a history the practice keeps and however far ahead it is open, and what the slot engine
//! takes alone. Run with `cargo bench -p tests --bench calendar`.
//!
//! Pages are asked of the house's own routers in this process: the guard, the link, the reads, the
//! offers and the page are measured, the HTTP server is not. The tables are the embedded ones, in a
//! file as a house has them. The first thread does the work of a function, the SDK's share
//! included; the tables work in threads of their own, and in the cloud on somebody else's machine.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use anteroom::{Mailbox, print_slots, tables::EmbeddedTables};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{AppointmentId, Buffers, ClientId, DaySheets, Roster, Slot, StaffId, Taken, TakenFor};
use store::{SheetsChange, UsageSoFar, Want};
use tests::{
    Answered, Browser, CallsByKind, CountedTables, ProcessorTime, Spent, TestTables, World,
};

/// How many appointments lie in the past.
const HISTORIES: [u32; 4] = [0, 1_000, 100_000, 1_000_000];

/// Over how many days they are spread: 24 years.
const DAYS_KEPT: u32 = 8_766;

/// The minutes from one past appointment to the next, so that a day has room for the most.
const MINUTES_APART: i64 = 12;

/// How many days ahead are busy.
const DAYS_BUSY: u32 = 400;

/// At which hours (UTC) of each day ahead somebody comes.
const BUSY_HOURS: [i64; 5] = [9, 10, 11, 14, 15];

/// How many day sheets one transaction writes.
const SHEETS_AT_ONCE: usize = 40;

/// How far ahead the calendar is open, in days.
const HORIZONS: [u16; 3] = [30, 90, 365];

/// How many weeks the page shows of a calendar that is open for 30 days, begun on a Monday.
const WEEKS_SHOWN: i64 = 5;

/// How often a page is asked for in one batch, and how many batches there are. What is printed is
/// the batch in the middle.
const PAGES: u32 = 50;
const BATCHES: usize = 7;

/// How often the slot engine is asked for each input.
const ITERATIONS: u32 = 1_000;

/// Tells another process of this bench to fill tables.
const FILL: &str = "--fill";

const INPUTS: [&str; 5] = ["d30_b0", "d30_b200", "d30_b200_e30", "d365_b200", "d365_b2000"];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut words = std::env::args().skip_while(|word| word != FILL).skip(1);
    if let Some(past) = words.next() {
        runtime.block_on(Kept::fill(past.parse().expect("how many")));
    } else {
        slot_engine();
        runtime.block_on(measure());
    }
}

async fn measure() {
    say("\n                                               microseconds of the processor");
    say("page                             reads  units   whole  function  tables    bytes  calls");
    let mut houses = Vec::new();
    for past in HISTORIES {
        houses.push(Kept::with(past).await);
    }
    histories(&houses).await;
    let longest = houses.last().expect("a house");
    longest.first_page().await;
    longest.parts().await;
    further_ahead(longest).await;
    drop(houses);
    fs::remove_dir_all(scratch()).expect("the bench's own folder");
}

/// The same page of every house, in turns: what else the machine does meanwhile is the same for all.
async fn histories(houses: &[Kept]) {
    let mut spent = vec![Vec::new(); houses.len()];
    for _ in 0..BATCHES {
        for (house, spent) in houses.iter().zip(&mut spent) {
            let mut browser = house.world.browser();
            spent.push(batch(&mut async || ask(&mut browser, &house.path).await).await);
        }
    }
    for ((house, spent), past) in houses.iter().zip(spent).zip(HISTORIES) {
        let mut browser = house.world.browser();
        let (page, used, calls) = house.reads(&mut browser, &house.path).await;
        line(&format!("30 days, {past} past"), used, Some(middle(spent)), &page, &calls);
    }
}

/// With the longest history: other horizons, other pages.
async fn further_ahead(kept: &Kept) {
    for days in HORIZONS {
        kept.world
            .edit(|practice| {
                let ahead = format!("booking_days = {days}");
                practice.replace("practice.toml", "booking_days = 30", &ahead);
            })
            .await;
        kept.page(&format!("{days} days ahead"), "").await;
    }
    let day = |ahead| kept.today() + Days::new(ahead);
    kept.page("  its last page", &format!("?day={}", day(364))).await;
    let here = kept.chosen(&[day(3), day(10), day(17)]).await;
    kept.page("  three chosen on it", &here).await;
    let later = kept.chosen(&[day(50), day(57), day(64)]).await;
    kept.page("  three chosen in other weeks", &format!("{later}&day={}", day(1))).await;
    let scattered = kept.chosen(&[day(50), day(200), day(350)]).await;
    kept.page("  three scattered over a year", &format!("{scattered}&day={}", day(1))).await;
}

/// A house that has been kept for a while.
struct Kept {
    world: World,
    counted: CountedTables,
    /// Where a client chooses; empty while that is not known.
    path: String,
}

impl Kept {
    /// A house with so many appointments in the past, a busy time ahead, and somebody who may
    /// choose. Another process fills its tables: the memory of one that has just written a million
    /// appointments is in pieces, and every page would pay for it.
    async fn with(past: u32) -> Self {
        let folder = scratch().join(past.to_string());
        // Whatever an interrupted run has left.
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the bench's own folder");
        }
        fs::create_dir_all(&folder).expect("a folder");
        let bench = std::env::current_exe().expect("the path of this bench");
        let filled = process::Command::new(bench).args([FILL, &past.to_string()]).output();
        let filled = filled.expect("another process");
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        let path = String::from_utf8(filled.stdout).expect("an address").trim().to_owned();
        Self { path, ..Self::open(past).await }
    }

    /// The same in the other process, which answers where the client chooses.
    async fn fill(past: u32) {
        let kept = Self::open(past).await;
        let mut ana = kept.world.visitor("Ana Moura");
        ana.may_choose().await;
        kept.write_all(past).await;
        say(&ana.link("/calendar/"));
    }

    async fn open(past: u32) -> Self {
        let file = scratch().join(past.to_string()).join("tables");
        let tables = EmbeddedTables::open(&file).expect("tables in a file");
        let tables = TestTables::embedded(&tables);
        let counted = CountedTables::new(&tables);
        let mailbox = Arc::new(Mailbox::in_memory());
        let office: Arc<Mailbox> = Arc::clone(&mailbox);
        let world = World::over(tables.client_by(counted.clone()), office, mailbox, |_| {}).await;
        // The link of the other process was written a few seconds after this world begins.
        world.seconds_pass(60);
        Self { world, counted, path: String::new() }
    }

    fn today(&self) -> NaiveDate {
        self.world.now().date_naive()
    }

    /// Writes the day sheets as bookings would have left them.
    async fn write_all(&self, past: u32) {
        let first = self.today() - Days::new(DAYS_KEPT.into());
        let kept = (0..DAYS_KEPT).map(|day| {
            let upto = |day: u32| u64::from(past) * u64::from(day) / u64::from(DAYS_KEPT);
            let count = i64::try_from(upto(day + 1) - upto(day)).expect("a small number");
            let minutes = (0..count).map(|number| number * MINUTES_APART).collect();
            (first + Days::new(day.into()), minutes, TimeDelta::minutes(10))
        });
        let ahead = (1..=DAYS_BUSY).map(|day| {
            let minutes = BUSY_HOURS.map(|hour| hour * 60).to_vec();
            (self.today() + Days::new(day.into()), minutes, TimeDelta::minutes(50))
        });
        let days: Vec<(NaiveDate, Vec<i64>, TimeDelta)> =
            kept.chain(ahead).filter(|(_, minutes, _)| !minutes.is_empty()).collect();
        let mut number = 0;
        for days in days.chunks(SHEETS_AT_ONCE) {
            let mut taken = Vec::new();
            for (day, minutes, length) in days {
                for minute in minutes {
                    number += 1;
                    taken.push(self.appointment(number, at(*day, *minute), *length));
                }
            }
            self.write(days.iter().map(|(day, ..)| *day), &taken).await;
        }
        let expected = u64::from(past) + u64::from(DAYS_BUSY) * 5;
        assert_eq!(number, expected, "as many appointments as were asked for");
    }

    fn appointment(&self, number: u64, start: DateTime<Utc>, length: TimeDelta) -> Taken {
        Taken {
            provider: self.provider(),
            slot: Slot::of(start, length),
            buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() },
            what: TakenFor::Appointment {
                client: ClientId::parse(&format!("client-{number:019}")).expect("an id"),
                session: self.world.handbook.first_session().id.clone(),
                id: AppointmentId::parse(&format!("appointment-{number:014}")).expect("an id"),
            },
        }
    }

    async fn write(&self, days: impl Iterator<Item = NaiveDate>, taken: &[Taken]) {
        let provider = self.provider();
        let untouched = DaySheets::new(days.map(|day| (provider.clone(), day)), vec![]);
        let change = SheetsChange {
            practice: &self.world.practice,
            sheets: &untouched,
            now: self.world.now(),
        };
        let store = &self.world.house.shell.store;
        store.commit_sheets(&change, &[], taken).await.expect("new sheets");
    }

    fn provider(&self) -> StaffId {
        self.world.handbook.calendars[0].provider.clone()
    }

    /// The address's words for the first time that is open on each of these days or after it.
    async fn chosen(&self, days: &[NaiveDate]) -> String {
        let mut browser = self.world.browser();
        let mut chosen = Vec::new();
        for day in days {
            let page = browser.get(&format!("{}?day={day}", self.path)).await.expect(200);
            chosen.push(format!("t={}", page.field("t")));
        }
        format!("?{}", chosen.join("&"))
    }

    /// What the calendar costs at this address.
    async fn page(&self, name: &str, query: &str) {
        let path = format!("{}{query}", self.path);
        let mut browser = self.world.browser();
        // The handbook is read now, and then once a minute.
        browser.get(&path).await.expect(200);
        let (page, used, calls) = self.reads(&mut browser, &path).await;
        let spent = each_of_many(async || ask(&mut browser, &path).await).await;
        line(name, used, Some(spent), &page, &calls);
    }

    /// The first page that a process writes, or the first for a minute: it reads the handbook too.
    async fn first_page(&self) {
        self.world.house.shell.forget_handbooks();
        let (page, used, calls) = self.reads(&mut self.world.browser(), &self.path).await;
        line("  and the handbook, each minute", used, None, &page, &calls);
    }

    /// What the two reads take of the page above; the rest is the link, the offers and the page.
    async fn parts(&self) {
        let (shell, world) = (&self.world.house.shell, &self.world);
        let client = self.world.visitor("Ana Moura").file().await.id;
        let load = each_of_many(async || {
            let file = shell.store.load(&world.practice, &client, &Want::default()).await;
            assert!(file.expect("a file").file.is_some(), "a file that is not there costs less");
        });
        part("  of it, the client's file", load.await);
        let (now, weeks) = (world.now(), TimeDelta::days(WEEKS_SHOWN * 7));
        let roster = Roster::of(&world.handbook, world.handbook.first_session(), None);
        let days = roster.sheet_days(&(now..=now + weeks));
        let sheets = each_of_many(async || {
            let sheets = shell.store.sheets(&world.practice, &self.provider(), days.clone()).await;
            drop(sheets.expect("sheets"));
        });
        part("  of it, the day sheets", sheets.await);
    }

    async fn reads(
        &self,
        browser: &mut Browser,
        path: &str,
    ) -> (Answered, UsageSoFar, CallsByKind) {
        let before = self.world.house.shell.store.usage();
        self.counted.take();
        let page = browser.get(path).await.expect(200);
        let used = self.world.house.shell.store.usage() - before;
        let calls = self.counted.take();
        assert_eq!(u64::from(calls.values().sum::<u32>()), used.calls, "every call is counted");
        assert!(page.body.contains("name=\"t\""), "a page without times proves nothing");
        (page, used, calls)
    }
}

async fn ask(browser: &mut Browser, path: &str) {
    browser.get(path).await.expect(200);
}

/// What one piece of work takes: of many batches the one in the middle.
async fn each_of_many(mut work: impl AsyncFnMut()) -> Spent {
    let mut batches = Vec::new();
    for _ in 0..BATCHES {
        batches.push(batch(&mut work).await);
    }
    middle(batches)
}

/// What one piece of work takes on average over a batch.
async fn batch(work: &mut impl AsyncFnMut()) -> Spent {
    let before = ProcessorTime::so_far();
    for _ in 0..PAGES {
        work().await;
    }
    let Spent { first_thread, others } = ProcessorTime::so_far().since(&before);
    Spent { first_thread: first_thread / PAGES, others: others / PAGES }
}

fn middle(mut batches: Vec<Spent>) -> Spent {
    batches.sort_by_key(Spent::whole);
    batches[batches.len() / 2]
}

fn at(day: NaiveDate, minute: i64) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute)
}

/// Where the tables' files lie, for as long as the bench runs.
fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("calendar-bench")
}

/// The slot engine alone, by the same inputs and in the same words as `anteroom slots`.
fn slot_engine() {
    say("the slot engine alone (`anteroom slots`), in milliseconds");
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/local/tests/data/slots");
    for input in INPUTS {
        write!(std::io::stdout(), "{input:<13}").expect("somebody reads this");
        let printed = print_slots(&inputs.join(format!("{input}.json")), ITERATIONS, false);
        printed.expect("the figures of an input");
    }
}

fn line(name: &str, used: UsageSoFar, spent: Option<Spent>, page: &Answered, calls: &CallsByKind) {
    let time = spent.map_or_else(|| format!("{:>25}", "-"), microseconds);
    let kinds: Vec<String> = calls.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let UsageSoFar { calls, read_units, .. } = used;
    let (bytes, kinds) = (page.body.len(), kinds.join(", "));
    say(&format!("{name:<32} {calls:>5} {read_units:>6.1} {time} {bytes:>8}  {kinds}"));
}

fn part(name: &str, spent: Spent) {
    say(&format!("{name:<45} {}", microseconds(spent)));
}

fn microseconds(spent: Spent) -> String {
    let [whole, function, tables] =
        [spent.whole(), spent.first_thread, spent.others].map(|time| time.as_micros());
    format!("{whole:>7} {function:>9} {tables:>7}")
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody reads this");
}
