//! Many at once: exactly one wins, and the others are told kindly.

use std::sync::Arc;

use domain::{CommandId, Refusal};
use shell::{Problem, Shell, Wish};
use tests::{
    World, moment,
    races::{Race, Track},
};
use tokio::task::JoinSet;

async fn all_at_once(shell: &Shell, wishes: Vec<Wish>) -> Vec<Result<(), Problem>> {
    let shell = Arc::new(shell.clone());
    let mut running = JoinSet::new();
    for wish in wishes {
        let shell = Arc::clone(&shell);
        running.spawn(async move { shell.handle(&wish).await.map(|_| ()) });
    }
    running.join_all().await
}

fn won(results: &[Result<(), Problem>]) -> usize {
    results.iter().filter(|result| result.is_ok()).count()
}

#[track_caller]
fn told_kindly(results: &[Result<(), Problem>]) {
    for problem in results.iter().filter_map(|result| result.as_ref().err()) {
        let is_kind = matches!(
            problem,
            Problem::Refused(Refusal::TimeNotOffered { .. } | Refusal::RequestGone, _)
        );
        assert!(is_kind, "{problem:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_visitors_want_the_same_time() {
    let world = World::new().await;
    let shell = &world.house.shell;
    let mut wishes = Vec::new();
    for number in 0..50 {
        let racer = world.racer(number).await;
        wishes.push(world.proposing(&racer, &[moment("2026-11-25 09:00")]));
    }
    let results = all_at_once(shell, wishes).await;
    assert_eq!(won(&results), 1);
    told_kindly(&results);
    world.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn overlapping_times_and_touching_buffers_have_one_winner() {
    let world = World::new().await;
    let shell = &world.house.shell;
    // 50 minutes and a buffer of 10 after each: 09:30 overlaps both 09:00 and 10:00.
    let mut wishes = Vec::new();
    for (start, number) in ["2026-11-25 09:00", "2026-11-25 09:30"].iter().cycle().take(20).zip(0..)
    {
        let racer = world.racer(number).await;
        wishes.push(world.proposing(&racer, &[moment(start)]));
    }
    let results = all_at_once(shell, wishes).await;
    assert_eq!(won(&results), 1);
    told_kindly(&results);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn times_whose_buffers_just_touch_have_a_winner_each() {
    let world = World::new().await;
    let shell = &world.house.shell;
    let starts = ["2026-11-25 09:00", "2026-11-25 10:00", "2026-11-25 11:00"];
    let mut wishes = Vec::new();
    for (start, number) in starts.iter().cycle().take(15).zip(0..) {
        let racer = world.racer(number).await;
        wishes.push(world.proposing(&racer, &[moment(start)]));
    }
    let results = all_at_once(shell, wishes).await;
    assert_eq!(won(&results), 3);
    told_kindly(&results);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_presses_on_one_request_book_once() {
    let world = World::new().await;
    let shell = &world.house.shell;
    let racer = world.racer(0).await;
    let starts = [moment("2026-11-25 09:00"), moment("2026-11-26 09:00")];
    let asked = shell.handle(&world.proposing(&racer, &starts)).await.unwrap();
    let proposal = asked.file.request().unwrap().id.clone();
    let approving = |start| world.approving(&racer, &proposal, start);
    let wishes = starts.iter().copied().cycle().take(10).map(approving).collect();
    let results = all_at_once(shell, wishes).await;
    assert_eq!(won(&results), 1);
    told_kindly(&results);
    world.settle().await;
    let confirmations = world.letters_to("racer0@example.org");
    assert_eq!(confirmations.iter().filter(|letter| letter.invitation.is_some()).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn approving_overlapping_proposals_of_two_clients_books_one() {
    let world = World::new().await;
    let shell = &world.house.shell;
    let (first, second) = (world.racer(0).await, world.racer(1).await);
    // Behind the store's back the first hold vanishes from its sheet, so that two live requests
    // overlap: the guard must not rely on holds having been kept apart before.
    let asked =
        shell.handle(&world.proposing(&first, &[moment("2026-11-26 09:00")])).await.unwrap();
    let old = asked.file.request().unwrap().id.clone();
    forget_sheet(&world, "2026-11-26").await;
    let asked =
        shell.handle(&world.proposing(&second, &[moment("2026-11-26 09:30")])).await.unwrap();
    let new = asked.file.request().unwrap().id.clone();
    let wishes = vec![
        world.approving(&first, &old, moment("2026-11-26 09:00")),
        world.approving(&second, &new, moment("2026-11-26 09:30")),
    ];
    let results = all_at_once(shell, wishes).await;
    assert_eq!(won(&results), 1);
    told_kindly(&results);
    let mut booked = 0;
    for racer in ["racer0@example.org", "racer1@example.org"] {
        booked += usize::from(world.file(racer).await.unwrap().appointment().is_some());
    }
    assert_eq!(booked, 1);
}

/// Empties a day sheet, leaving its version.
async fn forget_sheet(world: &World, day: &str) {
    use aws_sdk_dynamodb::types::AttributeValue;

    let provider = &world.handbook.calendars[0].provider;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    world
        .tables
        .update_item()
        .table_name("anteroom-calendar")
        .key("pk", text(&format!("{}#{provider}", world.practice)))
        .key("sk", text(day))
        .update_expression("SET taken = :empty")
        .expression_attribute_values(":empty", AttributeValue::M(std::collections::HashMap::new()))
        .send()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_wish_many_times_at_once_has_one_effect() {
    let world = World::new().await;
    let shell = &world.house.shell;
    let racer = world.racer(0).await;
    let id = CommandId::parse("the-same-wish").unwrap();
    let wish = Wish { id, ..world.proposing(&racer, &[moment("2026-11-25 09:00")]) };
    let results = all_at_once(shell, vec![wish; 20]).await;
    assert_eq!(won(&results), 20, "each is told the same");
    let journal = shell.store.journal(&world.practice, &racer).await.unwrap();
    assert_eq!(journal.len(), 3, "opt-in, questionnaire, one proposal");
    world.settle().await;
    assert_eq!(world.assistant().letters().len(), 1, "one request");
}

/// The example practice with a limit on its calendar.
async fn limited_to(limit: &str) -> World {
    World::with(|practice| {
        let lines = format!("[limits]\n{limit}");
        practice.replace("practice.toml", "# [limits]", &lines);
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_places_of_a_day_a_week_and_a_month_are_given_once() {
    // Times far enough apart that nothing but the limit stands between them; their days lie on
    // different sheets, in one week.
    let apart = ["2026-11-30 09:00", "2026-12-04 10:00", "2026-12-02 14:00", "2026-12-03 15:00"];
    let day = ["2026-12-02 09:00", "2026-12-02 10:30", "2026-12-02 14:00", "2026-12-02 15:30"];
    let month = ["2026-12-02 09:00", "2026-12-04 10:00", "2026-12-10 14:00", "2026-12-16 15:00"];
    for (limit, most, starts) in [
        ("sessions_a_day = 2", 2, day),
        ("minutes_a_week = 100", 2, apart),
        ("sessions_a_month = 3", 3, month),
        ("in_a_row = 1\npause_minutes = 60", 2, day),
    ] {
        let world = limited_to(limit).await;
        let shell = &world.house.shell;
        let mut wishes = Vec::new();
        for (start, number) in starts.iter().cycle().take(12).zip(0..) {
            let racer = world.racer(number).await;
            wishes.push(world.proposing(&racer, &[moment(start)]));
        }
        let results = all_at_once(shell, wishes).await;
        assert_eq!(won(&results), most, "{limit}");
        told_kindly(&results);
        world.verify().await;
    }
}

/// How many rounds of each race are run here; `cargo bench -p tests --bench races` runs thousands.
const ROUNDS: u32 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_race_has_one_winner_round_after_round() {
    for race in Race::ALL {
        let mut track = Track::new(race).await;
        for number in 0..ROUNDS {
            let heat = track.prepare(number).await;
            let verdict = track.judge(heat.run().await).await;
            assert!(verdict.faults.is_empty(), "{}, round {number}: {verdict:?}", race.name());
        }
        track.close().await;
    }
}
