//! Runs that are short of time: they begin nothing that might not be over, and the next run goes on.
//! What cannot be worked on holds up nobody.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ClientId;
use post::Delivery;
use serde_json::{Value, json};
use shell::{Clock, Deadline, ManualClock, Shell};
use store::{CopiedTable, Outgoing};
use tests::{SeededChance, Visitor, World, moment};

use crate::night::NIGHT;

/// A clock on which so many seconds pass whenever somebody looks at it.
struct Hurrying {
    clock: ManualClock,
    seconds: i64,
}

impl Clock for Hurrying {
    fn now(&self) -> DateTime<Utc> {
        self.clock.advance(TimeDelta::seconds(self.seconds));
        self.clock.now()
    }
}

/// A shell of this house, for which time passes quickly.
pub(crate) fn in_a_hurry(world: &World, seconds: i64) -> Shell {
    let (shell, clock) = (&world.house.shell, ManualClock::at(world.now()));
    let (store, links) = (shell.store.clone(), shell.links.clone());
    let clock = Arc::new(Hurrying { clock, seconds });
    Shell::new(store, links, &shell.origin, clock, Arc::new(SeededChance::new(2)))
}

/// In so long the run is stopped.
pub(crate) fn stopped_after(world: &World, long: TimeDelta) -> Deadline {
    Deadline::at(world.now() + long)
}

/// Everything that lies in a table.
async fn items(world: &World, table: CopiedTable) -> Vec<Value> {
    world.house.shell.store.copy_out(table, None, None).await.unwrap().0
}

/// Puts an item in place of what it was.
async fn put(world: &World, table: CopiedTable, item: &Value) {
    let store = &world.house.shell.store;
    store.copy_in(table, std::slice::from_ref(item)).await.unwrap();
}

/// Files of people who stand before somebody in the order of ids.
pub(crate) async fn many_stand_before(world: &World, visitor: &Visitor<'_>, number: usize) {
    let id = visitor.file().await.id.to_string();
    let heads = items(world, CopiedTable::Clients).await;
    let head = heads.into_iter().find(|item| item["sk"]["S"] == *id).unwrap();
    let another = |at: usize| {
        let id = format!("0{at:0>width$}", width = id.len() - 1);
        ClientId::parse(&id).unwrap();
        let mut head = head.clone();
        head["sk"] = json!({ "S": id });
        head["file"]["M"]["id"] = json!({ "S": id });
        head
    };
    let heads: Vec<Value> = (0..number).map(another).collect();
    world.house.shell.store.copy_in(CopiedTable::Clients, &heads).await.unwrap();
}

#[tokio::test]
async fn a_night_that_is_cut_short_goes_on_behind_the_others() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    let later = |practice: &mut tests::Edits| {
        practice.replace("practice.toml", "id = \"harbour\"", "id = \"haven\"");
        practice.replace("practice.toml", "zone = \"Europe/Lisbon\"", "zone = \"Atlantic/Azores\"");
    };
    world.edit(later).await;
    many_stand_before(&world, &ana, 450).await;
    let mut head = items(&world, CopiedTable::Clients).await;
    let id = ana.file().await.id.to_string();
    head.retain(|item| item["sk"]["S"] == *id);
    for attribute in ["due_at", "due_shard"] {
        head[0].as_object_mut().unwrap().remove(attribute);
    }
    put(&world, CopiedTable::Clients, &head[0]).await;
    // It is an hour later in Lisbon than on the Azores, and night at both.
    world.asleep_until(moment(NIGHT) + TimeDelta::hours(2));
    let waiting = async || {
        let nights = world.house.shell.store.nights(world.now() + TimeDelta::hours(1)).await;
        nights.unwrap().iter().map(|night| night.practice.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, ["harbour", "haven"]);
    let run = async || {
        // A page of 200 files takes more than three of these five minutes.
        let deadline = stopped_after(&world, TimeDelta::minutes(5));
        reminders::close_nights(&in_a_hurry(&world, 1), deadline).await.unwrap();
        world.seconds_pass(600);
    };
    run().await;
    assert_eq!(waiting().await, ["haven", "harbour"], "the large one stands behind the other now");
    run().await;
    assert_eq!(waiting().await, ["harbour"], "the small one is closed, the large one goes on");
    run().await;
    assert!(waiting().await.is_empty(), "and comes to its end");
    let file = world.house.shell.store.due(world.now() + TimeDelta::days(2)).await.unwrap();
    let is_ana =
        |due: &store::Due| matches!(due, store::Due::Client(_, client) if client.as_str() == id);
    assert!(file.iter().any(is_ana), "whoever stood last was put back");
}

#[tokio::test]
async fn what_fails_for_long_lets_the_others_go_first() {
    let world = World::new().await;
    let (mut ana, mut ben) = (world.visitor("Ana Moura"), world.visitor("Ben Okafor"));
    ana.opts_in().await.expect(200);
    ben.opts_in().await.expect(200);
    let (ana, ben) = (ana.file().await.id, ben.file().await.id);
    let order = async |minutes: [i64; 2]| {
        for (client, minutes) in [&ana, &ben].into_iter().zip(minutes) {
            let mut heads = items(&world, CopiedTable::Clients).await;
            heads.retain(|item| item["sk"]["S"] == client.as_str());
            let due = world.now() - TimeDelta::minutes(minutes);
            heads[0]["due_at"] = json!({ "N": due.timestamp().to_string() });
            put(&world, CopiedTable::Clients, &heads[0]).await;
        }
        let due = world.house.shell.store.due(world.now()).await.unwrap();
        let client =
            |due| if let store::Due::Client(_, client) = due { Some(client) } else { None };
        due.into_iter().filter_map(client).collect::<Vec<_>>()
    };
    assert_eq!(order([50, 30]).await, [ana.clone(), ben.clone()], "who has waited longest");
    assert_eq!(order([90, 30]).await, [ben.clone(), ana.clone()], "it was tried ninety times");
    assert_eq!(order([90, 120]).await, [ben.clone(), ana.clone()], "among those, too");
}

#[tokio::test]
async fn what_fails_slowly_keeps_no_waiting_list_from_its_turn() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    let id = ana.file().await.id;
    let mut heads = items(&world, CopiedTable::Clients).await;
    heads.retain(|item| item["sk"]["S"] == id.as_str());
    let late = (world.now() - TimeDelta::minutes(90)).timestamp();
    heads[0]["due_at"] = json!({ "N": late.to_string() });
    put(&world, CopiedTable::Clients, &heads[0]).await;
    let soon = world.now() - TimeDelta::minutes(1);
    world.house.shell.store.wake_waiting_list(&world.practice, soon, true).await.unwrap();
    let due = world.house.shell.store.due(world.now()).await.unwrap();
    let is_list = |due: &store::Due| matches!(due, store::Due::WaitingList(_));
    let (list, file) = (due.iter().position(is_list), due.iter().position(|due| !is_list(due)));
    assert_eq!((list, file), (Some(0), Some(1)), "{due:?}");
    // And the run takes them in this order: one look is all that it has time for.
    let deadline = stopped_after(&world, TimeDelta::seconds(95));
    let done = reminders::run(&in_a_hurry(&world, 20), deadline).await.unwrap();
    assert_eq!(done, 1);
    let left = world.house.shell.store.due(world.now()).await.unwrap();
    assert!(!left.iter().any(is_list), "{left:?}");
}

#[tokio::test]
async fn no_letter_is_begun_that_might_not_be_over_in_time() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    let letter = world.house.next_letter().await.unwrap();
    world.house.shell.store.bring_again(&letter, world.now()).await.unwrap();
    let office = anteroom::Mailbox::in_memory();
    let deadline = stopped_after(&world, TimeDelta::seconds(60));
    assert_eq!(post::retry(&world.house.shell, &office, deadline).await.unwrap(), 0);
    assert!(office.mails().is_empty());
    let deadline = stopped_after(&world, TimeDelta::seconds(80));
    assert_eq!(post::retry(&world.house.shell, &office, deadline).await.unwrap(), 1);
    assert_eq!(office.mails().len(), 1);
}

#[tokio::test]
async fn a_letter_that_is_ready_too_late_is_left_for_the_next_time() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    let letter = world.house.next_letter().await.unwrap();
    let office = anteroom::Mailbox::in_memory();
    let slow = in_a_hurry(&world, 41);
    assert_eq!(post::deliver(&slow, &office, &letter).await.unwrap(), Delivery::PutBack);
    assert!(office.mails().is_empty(), "somebody else might send it at this moment, too");
    assert_eq!(letter_of(&world, &ana).await.attempts, 0, "nothing was tried");
    world.seconds_pass(120);
    let delivery = post::deliver(&world.house.shell, &office, &letter).await.unwrap();
    assert_eq!(delivery, Delivery::Sent);
}

/// The letter that somebody's file has caused.
async fn letter_of(world: &World, visitor: &Visitor<'_>) -> Outgoing {
    let client = visitor.file().await.id;
    world.house.shell.store.letters(&world.practice, &client).await.unwrap().remove(0)
}

/// A record of the outbox's stream, as Lambda hands it over.
fn record(item: &Value, number: u32) -> Value {
    json!({
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": { "pk": item["pk"], "sk": item["sk"] },
            "SequenceNumber": number.to_string(),
        },
    })
}

#[tokio::test]
async fn a_letter_that_only_a_newer_version_reads_holds_up_nobody() {
    let world = World::new().await;
    let (mut ana, mut ben) = (world.visitor("Ana Moura"), world.visitor("Ben Okafor"));
    ana.opts_in_quietly().await.expect(200);
    ben.opts_in_quietly().await.expect(200);
    let id = ana.file().await.id.to_string();
    let mut letters = items(&world, CopiedTable::Outbox).await;
    letters.sort_by_key(|item| !item["pk"]["S"].as_str().unwrap().ends_with(&id));
    letters[0]["form"] = json!({ "N": "99" });
    put(&world, CopiedTable::Outbox, &letters[0]).await;
    let records: Vec<Value> = letters.iter().zip(1..).map(|(item, at)| record(item, at)).collect();
    let event = serde_json::from_value(json!({ "Records": records })).unwrap();
    let office = anteroom::Mailbox::in_memory();
    let answer = post::answer(&world.house.shell, &office, event, Deadline::NONE).await.unwrap();
    let answer = serde_json::to_value(answer).unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "the stream goes on");
    assert_eq!(office.mails().len(), 1, "Ben's letter has left");
    let due = world.house.shell.store.due_letters(world.now() + TimeDelta::minutes(1)).await;
    let due: Vec<String> = due.unwrap().iter().map(store::OutgoingKey::as_text).collect();
    assert_eq!(due.len(), 1);
    assert!(due[0].contains(&id), "Ana's waits for whoever can read it: {due:?}");
}

#[tokio::test]
async fn a_letter_whose_handbook_cannot_be_read_loses_no_attempt() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    let letter = world.house.next_letter().await.unwrap();
    let mut handbook = items(&world, CopiedTable::Practices).await;
    handbook.retain(|item| item["sk"]["S"] == "HANDBOOK");
    let sound = handbook[0].clone();
    handbook[0]["form"] = json!({ "N": "99" });
    put(&world, CopiedTable::Practices, &handbook[0]).await;
    world.house.shell.forget_handbooks();
    let office = anteroom::Mailbox::in_memory();
    for _ in 0..12 {
        let delivery = post::deliver(&world.house.shell, &office, &letter).await.unwrap();
        assert_eq!(delivery, Delivery::PutBack);
        world.asleep_until(world.now() + TimeDelta::hours(1));
    }
    assert_eq!(letter_of(&world, &ana).await.attempts, 0);
    put(&world, CopiedTable::Practices, &sound).await;
    world.house.shell.forget_handbooks();
    let delivery = post::deliver(&world.house.shell, &office, &letter).await.unwrap();
    assert_eq!(delivery, Delivery::Sent);
}

#[tokio::test]
async fn a_letter_before_its_time_is_not_hurried_by_a_stream_that_fails() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    let mut letter = items(&world, CopiedTable::Outbox).await.remove(0);
    let later = world.now() + TimeDelta::hours(5);
    letter["retry_at"] = json!({ "N": later.timestamp().to_string() });
    letter["retry_shard"] = json!({ "S": "shard-0" });
    put(&world, CopiedTable::Outbox, &letter).await;
    let event = serde_json::from_value(json!({ "Records": [record(&letter, 1)] })).unwrap();
    let office = anteroom::Mailbox::in_memory();
    let no_time = stopped_after(&world, TimeDelta::seconds(1));
    post::answer(&world.house.shell, &office, event, no_time).await.unwrap();
    let update = world.tables.get_item().table_name("anteroom-outbox");
    let key = |name: &str| AttributeValue::S(letter[name]["S"].as_str().unwrap().to_owned());
    let item = update.key("pk", key("pk")).key("sk", key("sk")).send().await.unwrap().item.unwrap();
    assert_eq!(item["retry_at"], AttributeValue::N(later.timestamp().to_string()));
}
