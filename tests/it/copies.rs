//! A copy of a practice is the practice: every item, every link; and nothing is sent from it unasked.

use std::path::PathBuf;

use anteroom::{CopyProblem, read_copy, write_copy};
use chrono::TimeDelta;
use domain::PracticeId;
use store::{CopiedTable, Store};
use tests::{Edits, World};

/// The secret of every world.
const SECRET: [u8; 32] = [7; 32];

/// A file of this test alone.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("{name}-{}.jsonl", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(std::fs::remove_file(&path));
        Self(path)
    }
}

#[expect(clippy::disallowed_methods, reason = "what is tested is a file")]
impl Scratch {
    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }

    fn put(&self, text: &str) {
        std::fs::write(&self.0, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Everything in the tables, but for whether letters wait.
async fn everything(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for table in CopiedTable::ALL {
        let mut reached = None;
        loop {
            let (items, next) = store.copy_out(table, None, reached).await.unwrap();
            for mut item in items {
                item.as_object_mut().unwrap().remove("is_sending_paused");
                lines.push(format!("{} {item}", table.name()));
            }
            reached = next;
            if reached.is_none() {
                break;
            }
        }
    }
    lines.sort();
    lines
}

/// The same practice under another name.
fn called_haven(practice: &mut Edits) {
    practice.replace("practice.toml", "id = \"harbour\"", "id = \"haven\"");
}

async fn empty_world() -> World {
    World::without_practice().await
}

#[tokio::test]
async fn a_copy_is_the_house_it_was_taken_from() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    world.visitor("Ben Okafor").opts_in().await.expect(200);
    let file = Scratch::new("whole");
    let store = &world.house.shell.store;
    let copied = write_copy(store, None, &SECRET, world.now(), &file.0).await.unwrap();
    assert_eq!(copied.practices, [world.practice.clone()].into());
    assert!(20 < copied.items);

    let other = empty_world().await;
    let (taken_in, secret) = read_copy(&other.house.shell.store, None, &file.0).await.unwrap();
    assert_eq!((taken_in, secret.as_slice()), (copied, &SECRET[..]));
    assert_eq!(everything(&other.house.shell.store).await, everything(store).await);
    other.verify().await;

    // A link of a letter that left the old house opens in the new one.
    let link = ana.link("/appointment/");
    let page = other.browser().get(&link).await.expect(200);
    assert!(page.body.contains("First conversation"));
}

#[tokio::test]
async fn letters_of_a_copy_wait_until_somebody_lets_them_go() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    let file = Scratch::new("waits");
    let store = &world.house.shell.store;
    write_copy(store, None, &SECRET, world.now(), &file.0).await.unwrap();
    let other = empty_world().await;
    let copy = &other.house.shell.store;
    read_copy(copy, None, &file.0).await.unwrap();

    other.until(world.now() + TimeDelta::days(2)).await;
    assert!(other.letters_to(&ana.email).is_empty(), "a nudge was due and waits");
    let mut mara = other.owner();
    mara.signs_in().await;
    let today = mara.looks_at_today().await.expect(200).words();
    assert!(today.contains("No letters leave: this is a copy"), "{today}");

    assert!(copy.pause_sending(&other.practice, false).await.unwrap());
    other.after(TimeDelta::minutes(15)).await;
    assert_eq!(other.letters_to(&ana.email).len(), 1, "now it leaves, once");
    let today = mara.looks_at_today().await.expect(200).words();
    assert!(!today.contains("this is a copy"), "{today}");
}

#[tokio::test]
async fn one_practice_is_copied_without_a_word_of_the_others() {
    let world = World::new().await;
    world.edit(called_haven).await;
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let (harbour, haven) = (world.practice.clone(), PracticeId::parse("haven").unwrap());
    let store = &world.house.shell.store;
    let file = Scratch::new("one");
    let copied = write_copy(store, Some(&haven), &SECRET, world.now(), &file.0).await.unwrap();
    assert_eq!(copied.practices, [haven.clone()].into());
    let text = file.text();
    assert!(!text.contains("Moura") && !text.contains("\"S\":\"harbour"), "of harbour nothing");

    // Taken in beside another practice, it leaves that one as it is.
    let other = World::new().await;
    let there = &other.house.shell.store;
    let before = everything(there).await;
    read_copy(there, Some(&SECRET), &file.0).await.unwrap();
    let after = everything(there).await;
    assert!(before.iter().all(|item| after.contains(item)));
    let ids: Vec<PracticeId> =
        there.practices().await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [harbour, haven.clone()]);
    let again = read_copy(there, Some(&SECRET), &file.0).await.unwrap_err();
    assert_eq!(again.to_string(), "the practice haven is here already; nothing was changed");
    assert_eq!(everything(there).await, after);
    let unknown = PracticeId::parse("nowhere").unwrap();
    let none = write_copy(there, Some(&unknown), &SECRET, world.now(), &file.0).await.unwrap_err();
    assert!(matches!(none, CopyProblem::NoPractice(id) if id == unknown));
}

#[tokio::test]
async fn what_is_no_whole_copy_is_refused_before_anything_is_written() {
    let world = World::new().await;
    let whole = Scratch::new("damaged");
    let store = &world.house.shell.store;
    write_copy(store, None, &SECRET, world.now(), &whole.0).await.unwrap();
    let text = whole.text();
    let other = empty_world().await;
    let there = &other.house.shell.store;
    let lines: Vec<&str> = text.lines().collect();
    let without_second = [&lines[..1], &lines[2..]].concat().join("\n") + "\n";
    for (damaged, words) in [
        (String::new(), "it is cut off"),
        (text[..text.len() / 2].to_owned(), "it is cut off"),
        (lines[..lines.len() - 1].join("\n") + "\n", "it is cut off"),
        (text.replacen("harbour", "harbor", 1), "it was changed since it was taken"),
        (without_second, "it was changed since it was taken"),
        (text.replacen("\"format\":1", "\"format\":2", 1), "it has form 2"),
        ("hello\n".to_owned(), "it does not begin as one"),
        (text.replacen("\"table\":\"practices\"", "\"table\":\"spoons\"", 1), "a table spoons"),
    ] {
        whole.put(&damaged);
        let refused = read_copy(there, None, &whole.0).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{words}: {refused}");
        assert!(everything(there).await.is_empty(), "{words}");
    }
    whole.put(&text);
    let refused = read_copy(there, Some(&[8; 32]), &whole.0).await.unwrap_err();
    assert!(matches!(refused, CopyProblem::OtherLinkKey));
    read_copy(there, Some(&SECRET), &whole.0).await.unwrap();
}
