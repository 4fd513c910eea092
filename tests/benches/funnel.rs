//! Figures of a whole funnel: what each step asks of the tables, what each page weighs, and what
//! it costs the processor. Run with `cargo bench -p tests --bench funnel`.
//!
//! Requests and capacity units are the ones that the tables report (`ReturnConsumedCapacity`);
//! the tables are the embedded ones, in memory. Processor time is that of the whole process,
//! tables included.

use std::io::Write as _;

use shell::Deadline;
use store::UsageSoFar;
use tests::{MeasuredFunnel, ProcessorTime, World, resident_megabytes};

/// How often a page is fetched.
const ROUNDS: u32 = 300;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    let world = World::new().await;
    let funnel = MeasuredFunnel::live_through(&world).await;
    say("step                          calls  read units  write units");
    for (name, used) in &funnel.steps {
        line(name, *used);
    }
    line("the whole funnel", funnel.whole());
    line("(one answer saved)", funnel.answer_saved);
    line("(a look for what is due)", funnel.look);
    say(&format!("\nletters that left: {}", funnel.letters));
    say("\npage                          bytes");
    for (name, page) in &funnel.pages {
        say(&format!("{name:<28} {:>6}", page.body.len()));
    }
    processor_time(&world).await;
    night(&world).await;
    say(&format!("\nmemory of this process now: {} MB resident", resident_megabytes()));
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
