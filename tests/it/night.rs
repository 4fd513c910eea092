//! What slipped through an index or was never brought is found by the next night.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use domain::{ClientId, Stage};
use shell::Deadline;
use tests::{Visitor, World, moment};

/// Three in the morning in Lisbon, where it is as late as in UTC.
pub(crate) const NIGHT: &str = "2026-11-24 03:00";

/// When whoever has not answered the questions is reminded, and a calmer choice.
const CADENCE: &str = "questionnaire_nudge_days = [1, 3, 7]";
const LATER: &str = "questionnaire_nudge_days = [20, 30, 40]";

/// Takes attributes away from somebody's head, as no rule ever does.
pub(crate) async fn takes_away(world: &World, visitor: &Visitor<'_>, attributes: &str) {
    let key = |value: &str| AttributeValue::S(value.to_owned());
    let update = world.tables.update_item().table_name("anteroom-clients");
    let update = update.key("pk", key(world.practice.as_str()));
    let update = update.key("sk", key(visitor.file().await.id.as_str()));
    update.update_expression(format!("REMOVE {attributes}")).send().await.unwrap();
}

#[tokio::test]
async fn a_letter_whose_announcement_was_lost_is_brought_by_the_night() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    let announced = world.house.next_letter().await.expect("an announcement");
    assert!(announced.as_text().contains("/welcome."));
    world.until(moment(NIGHT) - TimeDelta::minutes(1)).await;
    assert!(ana.letters().is_empty(), "nobody has brought it");
    world.until(moment(NIGHT)).await;
    assert_eq!(ana.letters().len(), 1, "the night has");
    world.until(moment(NIGHT) + TimeDelta::days(1)).await;
    let welcome = &ana.subjects()[0];
    assert_eq!(ana.subjects().iter().filter(|subject| *subject == welcome).count(), 1, "once");
}

#[tokio::test]
async fn a_file_that_fell_out_of_an_index_is_put_back() {
    let world = World::new().await;
    let (mut ana, mut ben) = (world.visitor("Ana Moura"), world.visitor("Ben Okafor"));
    ana.opts_in().await.expect(200);
    ben.asks_for_times(1).await;
    takes_away(&world, &ana, "due_at, due_shard").await;
    takes_away(&world, &ben, "desk, desk_since").await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let today = tomas.looks_at_today().await.expect(200).words();
    assert!(!today.contains("Ben Okafor"), "the desk does not see him");
    world.until(moment(NIGHT)).await;
    let today = tomas.looks_at_today().await.expect(200).words();
    assert!(today.contains("Ben Okafor"), "{today}");
    world.after(TimeDelta::days(5)).await;
    assert_eq!(ana.letters().len(), 3, "the welcome and two nudges");
    world.verify().await;
}

/// Somebody's head, as only a version of tomorrow can read it.
pub(crate) async fn becomes_unreadable(world: &World, visitor: &Visitor<'_>) {
    has_form(world, &visitor.file().await.id, "99").await;
}

async fn has_form(world: &World, client: &ClientId, form: &str) {
    let key = |value: &str| AttributeValue::S(value.to_owned());
    let update = world.tables.update_item().table_name("anteroom-clients");
    let update = update.key("pk", key(world.practice.as_str()));
    let update = update.key("sk", key(client.as_str()));
    let update = update.update_expression("SET form = :form");
    let form = AttributeValue::N(form.to_owned());
    update.expression_attribute_values(":form", form).send().await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_read_keeps_no_other_from_being_looked_at() {
    let world = World::new().await;
    let names = ["Ana Moura", "Ben Okafor", "Carla Nunes", "Dora Lind"];
    let mut visitors: Vec<Visitor<'_>> = names.iter().map(|name| world.visitor(name)).collect();
    for visitor in &mut visitors {
        visitor.opts_in().await.expect(200);
    }
    // Files lie in the order of their ids: somebody stands behind the one that cannot be read.
    let mut ids = Vec::new();
    for (at, visitor) in visitors.iter().enumerate() {
        ids.push((visitor.file().await.id, at));
    }
    ids.sort();
    let (first, last) = (&visitors[ids[0].1], &visitors[ids[3].1]);
    takes_away(&world, last, "due_at, due_shard").await;
    becomes_unreadable(&world, first).await;
    // Not `until`: what cannot be read stays due, and would hold the clock back at every step.
    for time in [moment(NIGHT), moment("2026-11-24 10:05")] {
        world.asleep_until(time);
        world.settle().await;
    }
    let nights = world.house.shell.store.nights(world.now()).await.unwrap();
    assert!(nights.is_empty(), "the night is closed");
    assert_eq!(last.letters().len(), 2, "the night put the last one back, and the nudge came");
}

#[tokio::test]
async fn a_letter_of_a_file_that_one_night_could_not_read_is_brought_by_the_next() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    world.house.next_letter().await.expect("an announcement that gets lost");
    let id = ana.file().await.id;
    has_form(&world, &id, "99").await;
    let shell = &world.house.shell;
    world.asleep_until(moment(NIGHT));
    reminders::close_nights(shell, Deadline::NONE).await.unwrap();
    assert!(shell.store.nights(world.now()).await.unwrap().is_empty(), "the night is closed");
    has_form(&world, &id, "1").await;
    world.asleep_until(moment(NIGHT) + TimeDelta::days(1));
    reminders::close_nights(shell, Deadline::NONE).await.unwrap();
    world.settle().await;
    let is_welcome = |subject: &&String| subject.contains("some questions");
    assert_eq!(ana.subjects().iter().filter(is_welcome).count(), 1, "{:?}", ana.subjects());
}

#[tokio::test]
async fn what_the_minute_missed_is_done_by_the_night() {
    let world = World::new().await;
    let (mut ana, mut ben) = (world.visitor("Ana Moura"), world.visitor("Ben Okafor"));
    ana.asks_for_times(1).await;
    let mut tomas = world.assistant();
    tomas.books(&mut ben).await;
    let call = ben.appointment().await.slot;
    // Nothing of them is in an index any more, so no minute comes upon them.
    for visitor in [&ana, &ben] {
        takes_away(&world, visitor, "due_at, due_shard").await;
    }
    world.asleep_until(call.end + TimeDelta::days(2));
    world.settle().await;
    let Stage::Choosing { .. } = ana.file().await.stage else { panic!("the hold has ended") };
    tomas.signs_in().await;
    let today = tomas.looks_at_today().await.expect(200).words();
    assert!(today.contains("Ben Okafor"), "somebody must say how the call went: {today}");
}

#[tokio::test]
async fn who_waits_by_an_older_handbook_is_looked_at_when_the_new_one_says() {
    let world = World::with(|practice| practice.replace("practice.toml", CADENCE, LATER)).await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    world.edit(|_| {}).await;
    world.until(moment("2026-11-24 18:00")).await;
    assert_eq!(ana.letters().len(), 2, "after a day, not after twenty");
}

#[tokio::test]
async fn an_entry_that_stands_too_early_is_put_right_when_it_comes_up() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    world.edit(|practice| practice.replace("practice.toml", CADENCE, LATER)).await;
    world.asleep_until(moment("2026-11-26 18:00"));
    world.settle().await;
    assert_eq!(ana.letters().len(), 1, "it is not time");
    let due = world.house.shell.store.due(world.now()).await.unwrap();
    let is_file = |due: &store::Due| matches!(due, store::Due::Client(..));
    assert!(!due.iter().any(is_file), "and it does not come up each minute: {due:?}");
}
