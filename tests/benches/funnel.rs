//! Figures of a whole funnel: what each step asks of the tables, what each page weighs, and what
//! it costs the processor. Run with `cargo bench -p tests --bench funnel`.
//!
//! Requests and capacity units are the ones that the tables report (`ReturnConsumedCapacity`);
//! the tables are the embedded ones, in memory. Processor time is that of the whole process,
//! tables included.

use std::io::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, Command};
use shell::{Deadline, Wish};
use store::UsageSoFar;
use tests::{Answered, ProcessorTime, Visitor, World, resident_megabytes};

/// How often a page is fetched.
const ROUNDS: u32 = 300;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    let world = World::new().await;
    let mut report = Report::new(&world);
    say("step                          calls  read units  write units");
    let pages = live_through(&world, &mut report).await;
    let whole = world.house.shell.store.usage() - report.start - report.looks;
    line("the whole funnel", whole);
    line("(a look for what is due)", report.looks);
    say(&format!("\nletters that left: {}", world.letters().len()));
    say("\npage                          bytes");
    for (name, page) in &pages {
        say(&format!("{name:<28} {:>6}", page.body.len()));
    }
    processor_time(&world).await;
    night(&world).await;
    say(&format!("\nmemory of this process now: {} MB resident", resident_megabytes()));
}

/// The shortest way from the opt-in to the reminders, with three times on three days.
async fn live_through(world: &World, report: &mut Report<'_>) -> Vec<(&'static str, Answered)> {
    let mut pages = Vec::new();
    let mut ana = world.visitor("Ana Moura");
    let form = ana.browser.get("/harbour").await.expect(200);
    world.seconds_pass(5);
    let (key, stamp) = (form.field("key"), form.field("stamp"));
    let fields = [
        ("name", "Ana Moura"),
        ("email", "ana.moura@example.org"),
        ("consent", "yes"),
        ("key", key.as_str()),
        ("stamp", stamp.as_str()),
    ];
    report.begin();
    ana.browser.post("/harbour", &fields).await.expect(200);
    report.end("opt-in");
    pages.push(("opt-in page", form));
    report.letter("  letter: welcome").await;

    report.begin();
    let path = ana.link("/questionnaire/");
    pages.push(("questionnaire", ana.browser.get(&path).await.expect(200)));
    report.end("questionnaire page");
    report.begin();
    ana.completes_questionnaire_quietly().await.expect(200);
    report.end("questionnaire, sent and thanked");
    report.letter("  letter: calendar").await;

    let path = ana.link("/calendar/");
    report.begin();
    pages.push(("calendar", ana.browser.get(&path).await.expect(200)));
    report.end("calendar page");
    let times = ana.times().await;
    let chosen = [times[12].clone(), times[24].clone(), times[30].clone()];
    report.begin();
    pages.push(("asked", ana.sends_proposal_quietly(&path, &chosen, "one-key").await.expect(200)));
    report.end("three times proposed and thanked");
    report.letter("  letter: request").await;

    report.command(&ana, approval(world, &ana, &chosen[0]).await, "one time approved").await;
    report.letter("  letter: confirmation").await;
    let appointment = ana.appointment().await;
    let start = appointment.slot.start;
    for (name, letter, at) in [
        ("reminder, day before", "  letter: day before", day_before(start)),
        ("reminder, hour before", "  letter: hour before", start - TimeDelta::hours(1)),
    ] {
        world.asleep_until(at);
        report.command(&ana, (Actor::Clock, Command::TimePassed), name).await;
        report.letter(letter).await;
    }
    report.look().await;
    pages
}

/// The reminder of the day before leaves in the morning; noon is certainly after it.
fn day_before(start: DateTime<Utc>) -> DateTime<Utc> {
    (start - TimeDelta::days(1)).date_naive().and_hms_opt(12, 0, 0).expect("noon").and_utc()
}

async fn approval(world: &World, ana: &Visitor<'_>, time: &str) -> (Actor, Command) {
    let file = ana.file().await;
    let request = file.request().expect("an open request");
    let minutes: i64 = time.parse().expect("minutes");
    let command = Command::ApproveTime {
        proposal: request.id.clone(),
        start: DateTime::from_timestamp(minutes * 60, 0).expect("an instant"),
    };
    (Actor::Staff(world.handbook.in_role(domain::Role::Assistant).id.clone()), command)
}

/// Reads the counters around each step.
struct Report<'w> {
    world: &'w World,
    start: UsageSoFar,
    before: UsageSoFar,
    looks: UsageSoFar,
}

impl<'w> Report<'w> {
    fn new(world: &'w World) -> Self {
        let start = world.house.shell.store.usage();
        Self { world, start, before: start, looks: UsageSoFar::default() }
    }

    /// What was used since the last step is the bench's own looking around: it does not count.
    fn begin(&mut self) {
        let now = self.world.house.shell.store.usage();
        self.start = now - (self.before - self.start);
        self.before = now;
    }

    fn end(&mut self, name: &str) {
        let now = self.world.house.shell.store.usage();
        line(name, now - self.before);
        self.before = now;
    }

    async fn letter(&mut self, name: &str) {
        self.begin();
        let letter = self.world.house.next_letter().await.expect("a letter");
        self.world.house.deliver(&letter).await;
        self.end(name);
    }

    async fn command(&mut self, visitor: &Visitor<'_>, wish: (Actor, Command), name: &str) {
        let client = visitor.file().await.id;
        self.begin();
        let (actor, command) = wish;
        let shell = &self.world.house.shell;
        let wish = Wish {
            practice: self.world.practice.clone(),
            client,
            id: shell.command_id(),
            actor,
            command,
            source: None,
        };
        let outcome = shell.handle(&wish).await.expect("granted");
        assert!(!outcome.events.is_empty(), "{name} did nothing");
        self.end(name);
    }

    /// What the clock's look costs when nothing is due; it is shared by all clients.
    async fn look(&mut self) {
        self.begin();
        self.world.house.shell.store.due(self.world.now()).await.expect("a look");
        let now = self.world.house.shell.store.usage();
        self.looks = now - self.before;
        self.before = now;
    }
}

async fn processor_time(world: &World) {
    say("\nprocessor time                ms each");
    let mut ana = world.visitor("Bea Lima");
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let path = ana.link("/calendar/");
    let before = ProcessorTime::so_far();
    for _ in 0..ROUNDS {
        ana.browser.get(&path).await.expect(200);
    }
    each("calendar page", &before);
    let before = ProcessorTime::so_far();
    for number in 0..ROUNDS {
        let body = format!("name=V&email=v{number}%40example.org&consent=yes");
        let headers = [("origin", "https://another.example")];
        ana.browser.send(http::Method::POST, "/harbour", &headers, body).await;
    }
    each("opt-in", &before);
}

/// What a night reads, when everybody of above is on file and every letter of theirs has left.
async fn night(world: &World) {
    world.settle().await;
    let (shell, store) = (&world.house.shell, &world.house.shell.store);
    // Those that have passed meanwhile.
    reminders::close_nights(shell, Deadline::NONE).await.expect("nights");
    let night = store.next_night().await.expect("nights").expect("a practice has its night");
    world.asleep_until(night);
    let before = store.usage();
    let closed = reminders::close_nights(shell, Deadline::NONE).await.expect("a night");
    assert_eq!(closed, 1, "one practice, one night");
    say("\na night");
    line(&format!("{} files", 2 + ROUNDS), store.usage() - before);
}

fn each(name: &str, before: &ProcessorTime) {
    let spent = ProcessorTime::so_far().since(before).whole();
    let each = spent.as_secs_f64() * 1_000.0 / f64::from(ROUNDS);
    say(&format!("{name:<28} {each:>8.2}"));
}

fn line(name: &str, used: UsageSoFar) {
    let UsageSoFar { calls, read_units, write_units } = used;
    say(&format!("{name:<32} {calls:>4} {read_units:>10.1} {write_units:>12.1}"));
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody reads this");
}
