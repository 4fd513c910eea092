//! A house on failing tables: whatever is acknowledged is kept, no wish has two effects, and once
//! the faults end everything drains.
//!
//! A process that dies between the mail service's answer and the mark in the outbox sends the
//! letter once more: the very same message, which mail programs show once. Letters about money
//! will have to wait for the mail service's event instead.

use std::sync::Arc;

use anteroom::Mailbox;
use domain::Stage;
use tests::{TestTables, Visitor, World, faults::FaultyTables};

/// How many seeds are lived through; each failure prints its own.
const SEEDS: u64 = 12;

/// How many letters may leave a second time over all seeds.
const COPIES_MAX: usize = 3;

#[tokio::test]
async fn the_funnel_holds_on_failing_tables() {
    let mut injected = 0;
    let mut copies = 0;
    for seed in 0..SEEDS {
        let (faults, sent_again) = Box::pin(live_through(seed)).await;
        injected += faults;
        copies += sent_again;
    }
    assert!(100 < injected, "only {injected} faults: this test would prove nothing");
    assert!(copies <= COPIES_MAX, "{copies} letters were sent again");
}

/// Lives through one seed; answers how many faults there were, and how many letters left again.
async fn live_through(seed: u64) -> (u64, usize) {
    let tables = TestTables::new();
    let faulty = FaultyTables::new(&tables, seed);
    let mailbox = Arc::new(Mailbox::in_memory());
    let office: Arc<Mailbox> = Arc::clone(&mailbox);
    let world = World::over(tables.client_by(faulty.clone()), office, mailbox, |_| {}).await;
    let mut ana = world.visitor("Ana");

    let page = ana.browser.get("/harbour").await.expect(200);
    world.seconds_pass(5);
    faulty.switch(true);
    opts_in(&world, &faulty, &mut ana, &page).await;
    settles(&world, &faulty, seed).await;
    assert_eq!(distinct(&ana.letters()), 1, "seed {seed}: {:?}", ana.subjects());

    ana.completes_questionnaire().await.expect(200);
    let calendar = ana.link("/calendar/");
    let times: Vec<String> = ana.times().await.into_iter().take(2).collect();
    faulty.switch(true);
    for _ in 0..100 {
        let answered = ana.sends_proposal_quietly(&calendar, &times, "one-key").await;
        if answered.status == 200 {
            break;
        }
        faulty.revive();
    }
    settles(&world, &faulty, seed).await;
    assert!(matches!(ana.file().await.stage, Stage::Asked(_)), "seed {seed}");
    assert_eq!(distinct(&world.assistant().letters()), 1, "seed {seed}: one request");
    world.verify().await;
    let letters = world.letters();
    (faulty.injected(), letters.len() - distinct(&letters))
}

/// How many different messages these are, to the byte.
fn distinct(letters: &[tests::Letter]) -> usize {
    let mut messages: Vec<&str> = letters.iter().map(|letter| letter.message.as_str()).collect();
    messages.sort_unstable();
    messages.dedup();
    messages.len()
}

/// Presses the button until it is thanked, as a person would.
async fn opts_in(
    world: &World,
    faulty: &FaultyTables,
    ana: &mut Visitor<'_>,
    page: &tests::Answered,
) {
    let (key, stamp) = (page.field("key"), page.field("stamp"));
    let fields = [
        ("name", "Ana"),
        ("email", "ana@example.org"),
        ("consent", "yes"),
        ("key", &key),
        ("stamp", &stamp),
    ];
    for _ in 0..100 {
        let answered = ana.browser.post("/harbour", &fields).await;
        if answered.path == "/harbour/thanks" {
            faulty.switch(false);
            assert!(world.file(&ana.email).await.is_some(), "thanked means kept");
            return;
        }
        faulty.revive();
    }
    panic!("a hundred tries were not enough");
}

/// Lives on under faults for a while, then without, as after an outage.
async fn settles(world: &World, faulty: &FaultyTables, seed: u64) {
    faulty.switch(true);
    for _ in 0..5 {
        // An error here is a cycle lost; the next one goes on.
        let _lost = world.house.settle().await.is_err();
        faulty.revive();
        world.seconds_pass(61);
    }
    faulty.switch(false);
    for _ in 0..2 {
        world.house.take_up_letters().await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        world.settle().await;
        world.seconds_pass(61);
    }
}
