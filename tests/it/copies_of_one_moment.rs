//! A copy has nothing by halves, whoever was at work while it was taken; and what was half taken in is
//! taken in to its end.

use std::{error::Error as _, path::Path, sync::Arc, time::Duration};

use anteroom::Mailbox;
use chrono::TimeDelta;
use domain::PracticeId;
use operate::{PracticesCommand, carry_out, load_practice, read_practice};
use serde_json::json;
use shell::{Clock as _, SystemClock};
use store::{CopiedTable, Standing, Store, Tables};
use tests::{GatedTables, Kept, TestTables, Typist, Visitor, World};

use crate::copies::{
    SECRET, Scratch, called_haven, copy_of, empty_world, everything, keys, taken_in, with_its_sum,
};

/// A world, and its tables by a way of their own.
async fn world_over(tables: &TestTables) -> World {
    let mailbox = Arc::new(Mailbox::in_memory());
    let office = Arc::<Mailbox>::clone(&mailbox);
    World::over(tables.client_by(tables.connector()), office, mailbox, |_| {}).await
}

fn store_by(tables: &TestTables, way: &GatedTables) -> Store {
    Store::new(tables.client_by(way.clone()), Tables::with_prefix("anteroom-"))
}

/// Somebody may choose a time, and asks for the first one on offer when the gate is reached.
async fn asks_meanwhile(visitor: &mut Visitor<'_>, gate: &GatedTables) {
    let times = visitor.times().await;
    gate.reached().await;
    visitor.proposes(&times[..1]).await.expect(200);
    gate.open();
}

#[tokio::test]
async fn somebody_is_at_work_while_a_copy_is_taken() {
    let tables = TestTables::new();
    let world = world_over(&tables).await;
    // Once to list the practices, and four tables each time.
    for scan in 1..=8 {
        let mut visitor = world.visitor(&format!("Visitor {scan}"));
        visitor.may_choose().await;
        let gate = GatedTables::at(&tables, scan);
        let store = store_by(&tables, &gate);
        let file = Scratch::new(&format!("meanwhile-{scan}"));
        let copying = copy_of(&store, None, world.now(), &file);
        let (copied, ()) = tokio::join!(copying, asks_meanwhile(&mut visitor, &gate));
        copied.unwrap();

        let other = empty_world().await;
        let there = &other.house.shell.store;
        taken_in(&Kept::new(there, 1), &file).await.unwrap();
        other.until(world.now()).await;
        other.verify().await;
        let asking = other.visitor(&format!("Visitor {scan}"));
        let request = asking.file().await.request().unwrap().clone();
        let time = (request.slots().next().unwrap().start.timestamp() / 60).to_string();
        assert!(!other.taken_on(&time, "mara").await.is_empty(), "it is held: {scan}");
        let mut assistant = other.assistant();
        assistant.signs_in().await;
        assistant.approves(&asking, &time).await.expect(200);
        assert!(asking.is_booked().await, "the file goes on: {scan}");
        other.verify().await;
    }
}

#[tokio::test]
async fn a_house_that_never_holds_still_is_not_copied() {
    let tables = TestTables::new();
    let world = world_over(&tables).await;
    let gate = GatedTables::each(&tables, 1, 4);
    let store = store_by(&tables, &gate);
    let file = Scratch::new("restless");
    let restless = async {
        for number in 0.. {
            gate.reached().await;
            world.visitor(&format!("Visitor {number}")).opts_in().await.expect(200);
            gate.open();
        }
    };
    let refused = tokio::select! {
        refused = copy_of(&store, None, world.now(), &file) => refused.unwrap_err().to_string(),
        () = restless => unreachable!("somebody always comes"),
    };
    assert!(refused.contains("there was work at harbour all the while"), "{refused}");
    assert!(refused.contains("suspend it first"), "{refused}");
    for left in ["", ".part", ".taking"] {
        let path = format!("{}{left}", file.0.display());
        assert!(!Path::new(&path).exists(), "{path}");
    }
}

/// The lines of `text` that are of this table and contain this.
fn lines<'a>(text: &'a str, table: &str, part: &str) -> Vec<&'a str> {
    let table = format!("{{\"table\":\"{table}\"");
    text.lines().filter(|line| line.starts_with(&table) && line.contains(part)).collect()
}

#[tokio::test]
async fn a_copy_with_one_half_of_a_commit_is_refused() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let store = &world.house.shell.store;
    let before = Scratch::new("before");
    copy_of(store, None, world.now(), &before).await.unwrap();
    let times = ana.times().await;
    world.seconds_pass(5);
    ana.proposes(&times[..1]).await.expect(200);
    let after = Scratch::new("after");
    copy_of(store, None, world.now(), &after).await.unwrap();
    let (before, after) = (before.text(), after.text());
    let id = ana.file().await.id.to_string();

    let head = r#""pk":{"S":"harbour"},"seen""#;
    for (what, table, part, words) in [
        ("an entry without its head", "clients", head, "and its journal ends at"),
        ("a head without its entry", "clients", "\"S\":\"J#", "and its journal ends at"),
        ("a file without its sheet", "calendar", "\"taken\"", "do not say the same"),
    ] {
        // Of this the copy has what was before, of all else what came after.
        let (old, new) = (lines(&before, table, part), lines(&after, table, part));
        assert_ne!(old, new, "{what}");
        let rest = after.lines().filter(|line| !new.contains(line));
        let mut all: Vec<&str> = rest.collect();
        let foot = all.pop().unwrap();
        all.extend(old);
        all.push(foot);
        refused(&all, what, words).await;
    }
    // A letter of a commit that is not there, and a time that is held for nobody.
    for (what, table, words) in [
        ("a letter", "outbox", "is of a commit that it has not"),
        ("a held time", "calendar", "do not say the same"),
    ] {
        let own = lines(&before, table, "");
        let mut all: Vec<&str> = before.lines().filter(|line| !own.contains(line)).collect();
        let foot = all.pop().unwrap();
        let part = if table == "outbox" { id.as_str() } else { "" };
        all.extend(lines(&after, table, part));
        all.push(foot);
        refused(&all, what, words).await;
    }
}

#[tokio::test]
async fn damage_of_the_house_itself_is_copied_and_said() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let store = &world.house.shell.store;
    let id = ana.file().await.id;
    let (items, _) = store.copy_out(CopiedTable::Clients, None, None).await.unwrap();
    let mut head = items.into_iter().find(|item| item["sk"]["S"] == id.as_str()).unwrap();
    head["version"] = json!({ "N": "9" });
    store.copy_in(CopiedTable::Clients, &[head]).await.unwrap();

    let file = Scratch::new("damaged");
    let typist = Typist::who_types("");
    let backup = PracticesCommand::Backup { file: file.0.clone(), at: None };
    carry_out(backup, &Kept::new(store, SECRET), &typist).await.unwrap();
    let said = typist.heard();
    assert!(said.contains("Something in the house itself does not agree"), "{said}");
    assert!(said.contains("is at commit 9, and its journal ends at"), "{said}");
    assert!(!said.contains("Ana"), "{said}");

    let other = empty_world().await;
    let there = &other.house.shell.store;
    let typist = Typist::who_types("");
    let restore = PracticesCommand::Restore { file: file.0.clone() };
    carry_out(restore, &Kept::new(there, 1), &typist).await.unwrap();
    let said = typist.heard();
    assert!(said.contains("did not agree in the house that was copied"), "{said}");
    assert_eq!(everything(there).await, everything(store).await, "it comes as it was");
}

async fn refused(lines: &[&str], what: &str, words: &str) {
    let file = Scratch::new("torn");
    file.put(&with_its_sum(&(lines.join("\n") + "\n")));
    let empty = empty_world().await;
    let there = &empty.house.shell.store;
    let refused = taken_in(&Kept::new(there, 1), &file).await.unwrap_err();
    let why = refused.source().map(ToString::to_string).unwrap_or_default();
    assert!(refused.to_string().contains("is not of one moment"), "{what}: {refused}");
    assert!(why.contains(words), "{what}: {why}");
    assert!(everything(there).await.is_empty(), "{what}");
}

#[tokio::test]
async fn a_house_of_several_that_was_half_taken_in_is_taken_in_to_its_end() {
    let world = World::new().await;
    world.edit(called_haven).await;
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let store = &world.house.shell.store;
    let file = Scratch::new("several");
    copy_of(store, None, world.now(), &file).await.unwrap();

    let other = empty_world().await;
    let there = &other.house.shell.store;
    let kept = Kept::new(there, 1);
    let typist = Typist::who_types("");
    let restore = || PracticesCommand::Restore { file: file.0.clone() };
    carry_out(restore(), &kept, &typist).await.unwrap();
    // Cut off between the two handbooks.
    let haven = PracticeId::parse("haven").unwrap();
    there.remove_handbook(&haven).await.unwrap();
    carry_out(restore(), &kept, &typist).await.unwrap();
    assert_eq!(everything(there).await, everything(store).await);
    assert_eq!(kept.keys(), keys());
    assert!(typist.heard().contains("  clients: "), "{}", typist.heard());

    // Nothing is missing, or somebody has begun to work with what is here.
    let refused = carry_out(restore(), &kept, &typist).await.unwrap_err().to_string();
    assert!(refused.contains("there are practices here already"), "{refused}");
    there.remove_handbook(&haven).await.unwrap();
    there.set_standing(&world.practice, Standing::Open, world.now()).await.unwrap();
    let refused = carry_out(restore(), &kept, &typist).await.unwrap_err().to_string();
    assert!(refused.contains("there are practices here already"), "{refused}");
    let import = PracticesCommand::Import { file: file.0.clone() };
    let refused = carry_out(import, &kept, &typist).await.unwrap_err().to_string();
    assert!(refused.contains("the practice harbour is here already"), "{refused}");
    assert_eq!(Kept::new(there, SECRET).keys(), keys());
}

#[tokio::test]
async fn who_moves_a_practice_waits_until_its_pages_are_closed_everywhere() {
    let world = World::new().await;
    let store = &world.house.shell.store;
    let kept = Kept::new(store, SECRET).running();
    let file = Scratch::new("closing");
    let id = world.practice.to_string();
    let typist = Typist::who_types(&id);
    carry_out(PracticesCommand::Suspend { id: id.clone() }, &kept, &typist).await.unwrap();
    let export = PracticesCommand::Export { id: id.clone(), file: file.0.clone(), at: None };
    for command in [export, PracticesCommand::Remove { id: id.clone() }] {
        let carried_out = carry_out(command, &kept, &typist);
        let waits = tokio::time::timeout(Duration::from_millis(100), carried_out).await;
        assert!(waits.is_err(), "{}", typist.heard());
    }
    assert_eq!(typist.heard().matches("harbour was suspended just now").count(), 2);
    assert!(!file.0.exists());
    assert!(store.handbook(&world.practice).await.unwrap().is_some());

    let long_ago = SystemClock.now() - TimeDelta::seconds(91);
    store.set_standing(&world.practice, Standing::Suspended, long_ago).await.unwrap();
    let export = PracticesCommand::Export { id: id.clone(), file: file.0.clone(), at: None };
    carry_out(export, &kept, &typist).await.unwrap();
    carry_out(PracticesCommand::Remove { id }, &kept, &typist).await.unwrap();
}

#[tokio::test]
async fn a_practice_that_somebody_goes_on_writing_for_is_not_half_removed() {
    let tables = TestTables::new();
    let world = world_over(&tables).await;
    let gate = GatedTables::each(&tables, 0, 4);
    let store = store_by(&tables, &gate);
    let restless = async {
        for number in 0.. {
            gate.reached().await;
            world.visitor(&format!("Visitor {number}")).opts_in().await.expect(200);
            gate.open();
        }
    };
    let refused = tokio::select! {
        refused = store.remove_all_but_handbook(&world.practice) => refused.unwrap_err(),
        () = restless => unreachable!("somebody always comes"),
    };
    let why = refused.source().unwrap().to_string();
    assert!(why.contains("still something of it"), "{why}");
    assert!(store.handbook(&world.practice).await.unwrap().is_some(), "the handbook is kept");
}

#[tokio::test]
async fn a_practice_whose_letters_are_to_wait_is_never_open_before() {
    let world = empty_world().await;
    let shell = &world.house.shell;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../practices/harbour");
    let (sources, handbook) = read_practice(&folder).unwrap();
    load_practice(shell, &sources, &handbook, Standing::Paused).await.unwrap();
    let stands = async || shell.store.handbook(&world.practice).await.unwrap().unwrap().standing;
    assert_eq!(stands().await, Standing::Paused);
    // A newer folder changes nothing of that.
    world.edit(|files| files.replace("practice.toml", "minutes = 50", "minutes = 45")).await;
    assert_eq!(stands().await, Standing::Paused);
}
