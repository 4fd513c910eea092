//! Thousands of rounds of races: in each, exactly one may win. Run with
//! `cargo bench -p tests --bench races`, and another number of rounds (of all races together)
//! after `--`; it fails if any round had no winner, two winners, or left a sheet in disorder.
//!
//! The time is that of the races alone: what is prepared before and read after them is left out,
//! and so are the looks at whole worlds, which come a season apart.

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};

use tests::races::{Race, Track};

/// How many rounds are run, of all races together, unless told.
const ROUNDS: u32 = 10_000;

/// How many faulty rounds of a race are told one by one.
const TOLD_MAX: usize = 10;

fn main() -> ExitCode {
    // cargo adds words of its own.
    let rounds = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ROUNDS);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    if runtime.expect("a runtime").block_on(run(rounds)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs as many rounds, shared out among the races; whether all of them were as they must be.
async fn run(rounds: u32) -> bool {
    say("race                     rounds  winners  worst ms  total s  won by");
    let begun = now();
    let races = u32::try_from(Race::ALL.len()).expect("a few races");
    let mut first = 0;
    let mut all_well = true;
    for (race, at) in Race::ALL.into_iter().zip(0..) {
        let share = rounds / races + u32::from(at < rounds % races);
        all_well &= run_one(race, first..first + share).await;
        first += share;
    }
    say(&format!("{first} rounds in {:.1} s, everything included", begun.elapsed().as_secs_f64()));
    all_well
}

async fn run_one(race: Race, numbers: std::ops::Range<u32>) -> bool {
    let mut track = Track::new(race).await;
    let (mut worst, mut total) = (Duration::ZERO, Duration::ZERO);
    let mut won_by: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faulty = Vec::new();
    for number in numbers.clone() {
        let heat = track.prepare(number).await;
        let begun = now();
        let finish = heat.run().await;
        let took = begun.elapsed();
        (worst, total) = (worst.max(took), total + took);
        let verdict = track.judge(finish).await;
        for winner in verdict.winners {
            *won_by.entry(winner).or_default() += 1;
        }
        if !verdict.faults.is_empty() {
            faulty.push(format!("  round {number}: {}", verdict.faults.join("; ")));
        }
    }
    let winners: usize = won_by.values().sum();
    let won_by: Vec<_> = won_by.iter().map(|(deed, times)| format!("{deed} {times}")).collect();
    say(&format!(
        "{:<24} {:>6} {winners:>8} {:>9.1} {:>8.1}  {}",
        race.name(),
        numbers.len(),
        worst.as_secs_f64() * 1000.0,
        total.as_secs_f64(),
        won_by.join(", "),
    ));
    for words in faulty.iter().take(TOLD_MAX) {
        say(words);
    }
    if faulty.is_empty() {
        track.close().await;
    } else {
        say(&format!("  {} of {} rounds are not as they must be", faulty.len(), numbers.len()));
    }
    faulty.is_empty()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn now() -> Instant {
    Instant::now()
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody reads this");
}
