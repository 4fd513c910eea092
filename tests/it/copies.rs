//! A copy of a practice is the practice: every item, every link; and nothing is sent from it unasked.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::PracticeId;
use http::StatusCode;
use operate::{CopySummary, OperateProblem, PracticesCommand, carry_out, read_copy, write_copy};
use shell::{LinkKeys, LinkSecret, Shell, SystemChance};
use store::{CopiedTable, Standing, Store};
use tests::{Browser, Edits, Kept, Typist, World};

use crate::tidy::watch_table;

/// The secret of every world, by its bytes.
pub(crate) const SECRET: u8 = 7;

pub(crate) fn keys() -> LinkKeys {
    LinkKeys::new(LinkSecret::new([SECRET; 32]))
}

/// A file of this test alone.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}-{}-{number}.jsonl", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(std::fs::remove_file(&path));
        Self(path)
    }
}

#[expect(clippy::disallowed_methods, reason = "what is tested is a file")]
impl Scratch {
    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }

    pub(crate) fn put(&self, text: &str) {
        std::fs::write(&self.0, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Writes a copy, and nobody listens.
pub(crate) async fn copy_of(
    store: &Store,
    practice: Option<&PracticeId>,
    now: DateTime<Utc>,
    file: &Scratch,
) -> Result<CopySummary, OperateProblem> {
    write_copy(store, practice, &keys(), now, &file.0, &Typist::who_types("")).await
}

/// Takes a copy in, and nobody listens.
pub(crate) async fn taken_in(kept: &Kept, file: &Scratch) -> Result<CopySummary, OperateProblem> {
    read_copy(kept, &file.0, &Typist::who_types("")).await
}

/// Everything in the tables, but for whether letters wait.
pub(crate) async fn everything(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for table in CopiedTable::ALL {
        let mut reached = None;
        loop {
            let (items, next) = store.copy_out(table, None, reached).await.unwrap();
            for mut item in items {
                item.as_object_mut().unwrap().remove("standing");
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
pub(crate) fn called_haven(practice: &mut Edits) {
    practice.replace("practice.toml", "id = \"harbour\"", "id = \"haven\"");
}

pub(crate) async fn empty_world() -> World {
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
    let copied = copy_of(store, None, world.now(), &file).await.unwrap();
    assert_eq!(copied.practices, [world.practice.clone()].into());
    assert!(20 < copied.items);

    let other = empty_world().await;
    let kept = Kept::new(&other.house.shell.store, 1);
    assert_eq!(taken_in(&kept, &file).await.unwrap(), copied);
    assert_eq!(kept.keys(), keys());
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
    copy_of(store, None, world.now(), &file).await.unwrap();
    let other = empty_world().await;
    let copy = &other.house.shell.store;
    taken_in(&Kept::new(copy, 1), &file).await.unwrap();

    other.until(world.now() + TimeDelta::days(2)).await;
    assert!(other.letters_to(&ana.email).is_empty(), "a nudge was due and waits");
    let mut mara = other.owner();
    mara.signs_in().await;
    let today = mara.looks_at_today().await.expect(200).words();
    assert!(today.contains("No letters leave until"), "{today}");

    assert!(copy.set_standing(&other.practice, Standing::Open, other.now()).await.unwrap());
    other.after(TimeDelta::minutes(15)).await;
    assert_eq!(other.letters_to(&ana.email).len(), 1, "now it leaves, once");
    let today = mara.looks_at_today().await.expect(200).words();
    assert!(!today.contains("No letters leave"), "{today}");
}

#[tokio::test]
async fn one_practice_is_copied_without_a_word_of_the_others() {
    let world = World::new().await;
    world.edit(called_haven).await;
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let (harbour, haven) = (world.practice.clone(), PracticeId::parse("haven").unwrap());
    let store = &world.house.shell.store;
    let file = Scratch::new("one");
    let copied = copy_of(store, Some(&haven), world.now(), &file).await.unwrap();
    assert_eq!(copied.practices, [haven.clone()].into());
    let text = file.text();
    assert!(!text.contains("Moura") && !text.contains("\"S\":\"harbour"), "of harbour nothing");

    // Taken in beside another practice, it leaves that one as it is.
    let other = World::new().await;
    let there = &other.house.shell.store;
    let before = everything(there).await;
    let kept = Kept::new(there, SECRET);
    taken_in(&kept, &file).await.unwrap();
    assert_eq!(kept.keys(), keys(), "the same secret needs no line of its own");
    let after = everything(there).await;
    assert!(before.iter().all(|item| after.contains(item)));
    let ids: Vec<PracticeId> =
        there.practices().await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [harbour, haven.clone()]);
    let again = taken_in(&kept, &file).await.unwrap_err();
    assert_eq!(again.to_string(), "the practice haven is here already; nothing was changed");
    assert_eq!(everything(there).await, after);
    let unknown = PracticeId::parse("nowhere").unwrap();
    let none = copy_of(there, Some(&unknown), world.now(), &file).await.unwrap_err();
    assert!(matches!(none, OperateProblem::NoPractice(id) if id == unknown));
}

#[tokio::test]
async fn what_is_no_whole_copy_is_refused_before_anything_is_written() {
    let world = World::new().await;
    let whole = Scratch::new("damaged");
    let store = &world.house.shell.store;
    copy_of(store, None, world.now(), &whole).await.unwrap();
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
        let refused = taken_in(&Kept::new(there, 1), &whole).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{words}: {refused}");
        assert!(everything(there).await.is_empty(), "{words}");
    }
    whole.put(&text);
    taken_in(&Kept::new(there, 1), &whole).await.unwrap();
}

#[tokio::test]
async fn a_practice_that_moves_in_keeps_the_links_of_its_letters() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    let link = ana.link("/questionnaire/");
    let link = link.rsplit('/').next().unwrap();
    let file = Scratch::new("moves");
    let store = &world.house.shell.store;
    copy_of(store, Some(&world.practice), world.now(), &file).await.unwrap();

    // A house with another secret, and a practice that goes by it.
    let other = empty_world().await;
    other.edit(called_haven).await;
    let there = &other.house.shell.store;
    let kept = Kept::new(there, 9);
    taken_in(&kept, &file).await.unwrap();
    let opens = async |keys: LinkKeys| {
        let clock = other.house.time.clock();
        let shell = Shell::new(there.clone(), keys, "", clock, Arc::new(SystemChance));
        shell.open("harbour", "questionnaire", link).await.is_ok()
    };
    assert!(opens(kept.keys()).await);
    assert!(!opens(kept.keys().without(&world.practice)).await, "with the house's own it is not");
    let haven = PracticeId::parse("haven").unwrap();
    assert_eq!(kept.keys().of(&haven), LinkKeys::new(LinkSecret::new([9; 32])).of(&haven));
    // Who has a copy of one practice can sign for that one alone.
    let text = file.text();
    assert!(text.contains(&keys().of(&world.practice).to_hex()));
    for secret in [LinkSecret::new([SECRET; 32]), keys().of(&haven)] {
        assert!(!text.contains(&secret.to_hex()));
    }

    // Gone again, nothing of it is left, and nothing of the other is touched.
    let id = world.practice.to_string();
    let remove = || PracticesCommand::Remove { id: id.clone() };
    let typist = Typist::who_types(&id);
    let refused = carry_out(remove(), &kept, &typist).await.unwrap_err().to_string();
    assert!(refused.contains("only a suspended practice can be removed"), "{refused}");
    let suspend = PracticesCommand::Suspend { id: id.clone() };
    carry_out(suspend, &kept, &typist).await.unwrap();
    let hesitant = Typist::who_types("yes");
    carry_out(remove(), &kept, &hesitant).await.unwrap_err();
    let before = everything(there).await;
    carry_out(remove(), &kept, &typist).await.unwrap();
    let after = everything(there).await;
    assert!(after.len() < before.len());
    assert!(after.iter().all(|item| !item.contains("\"S\":\"harbour") && before.contains(item)));
    assert_eq!(there.practices().await.unwrap().len(), 1);
    assert_eq!(kept.keys(), LinkKeys::new(LinkSecret::new([9; 32])));
}

#[tokio::test]
async fn what_was_cut_off_is_done_again_and_nobody_elses_items_come_in() {
    let world = World::new().await;
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let file = Scratch::new("again");
    let store = &world.house.shell.store;
    copy_of(store, None, world.now(), &file).await.unwrap();
    let other = empty_world().await;
    let there = &other.house.shell.store;
    // All but the handbook is what an import leaves that was cut off at its end.
    taken_in(&Kept::new(there, 9), &file).await.unwrap();
    there.remove_handbook(&world.practice).await.unwrap();
    assert!(there.practices().await.unwrap().is_empty(), "for nobody it is there");
    let kept = Kept::new(there, 9);
    taken_in(&kept, &file).await.unwrap();
    assert_eq!(everything(there).await, everything(store).await);
    assert_eq!(kept.keys(), keys(), "a house that has signed nothing takes over the secrets");

    let empty = empty_world().await;
    let there = Kept::new(&empty.house.shell.store, 1);
    let text = file.text();
    let refused_with = async |forged: String| {
        let foreign = Scratch::new("foreign");
        foreign.put(&with_its_sum(&forged));
        taken_in(&there, &foreign).await.unwrap_err().to_string()
    };
    let behind = Scratch::new("behind");
    behind.put(&format!("{text}{{\"x\":1}}\n"));
    let refused = taken_in(&there, &behind).await.unwrap_err().to_string();
    assert!(refused.contains("something behind its end"), "{refused}");
    // Whatever its sum says: items of nobody's handbook, and items that say they are another's.
    let stranger = r#"{"table":"clients","item":{"pk":{"S":"haven"},"sk":{"S":"x"}}}"#;
    let (head, items) = text.split_once('\n').unwrap();
    let refused = refused_with(format!("{head}\n{stranger}\n{items}")).await;
    assert!(refused.contains("items of somebody whose handbook it has not"), "{refused}");
    for (own, anothers) in [
        (r#""practice":{"S":"harbour"}"#, r#""practice":{"S":"haven"}"#),
        (r#"id = \\\"harbour\\\""#, r#"id = \\\"haven\\\""#),
    ] {
        assert!(text.contains(own), "{own}");
        let refused = refused_with(text.replace(own, anothers)).await;
        assert!(refused.contains("says it is another's"), "{refused}");
    }
    assert!(everything(&empty.house.shell.store).await.is_empty());
}

/// The copy with a last line that fits its others.
pub(crate) fn with_its_sum(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.pop();
    let (body, items) = (lines.join("\n") + "\n", lines.len() - 1);
    let sum = sha256(&body);
    format!("{body}{{\"items\":{items},\"sha256\":\"{sum}\"}}\n")
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text))
}

#[tokio::test]
async fn a_suspended_practice_is_closed_to_everybody_and_loses_nothing() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    let mut mara = world.owner();
    mara.signs_in().await;
    let kept = Kept::new(&world.house.shell.store, SECRET);
    let (id, typist) = (world.practice.to_string(), Typist::who_types(""));
    carry_out(PracticesCommand::Suspend { id: id.clone() }, &kept, &typist).await.unwrap();
    assert!(typist.heard().contains("anteroom resume harbour --data here"), "{}", typist.heard());
    world.house.shell.forget_handbooks();

    let pause = PracticesCommand::Pause { id: id.clone() };
    let refused = carry_out(pause, &kept, &typist).await.unwrap_err().to_string();
    assert!(refused.contains("would open its pages"), "{refused}");
    let questionnaire = ana.link("/questionnaire/");
    let page = ana.browser.get(&questionnaire).await.expect(403).words();
    assert!(page.contains("These pages are closed for the moment"), "{page}");
    assert!(!page.contains("start page"), "no way leads on: {page}");
    let before = everything(&world.house.shell.store).await;
    every_door_is_closed(&mut mara.browser).await;
    assert_eq!(everything(&world.house.shell.store).await, before, "nothing was written");
    let sent = world.letters().len();
    world.until(world.now() + TimeDelta::hours(26)).await;
    assert_eq!(world.letters().len(), sent, "no letter leaves");

    carry_out(PracticesCommand::Resume { id }, &kept, &typist).await.unwrap();
    world.house.shell.forget_handbooks();
    world.after(TimeDelta::minutes(15)).await;
    ana.browser.get(&questionnaire).await.expect(200);
    assert!(sent < world.letters().len(), "what waited leaves");
    world.verify().await;
}

/// What has nothing of a practice in it but its colours, which the page that says so wears.
const FOR_EVERYBODY: [&str; 4] =
    ["/style.css", "/harbour/style.css", "/harbour/questionnaire.js", "/harbour/calendar.js"];

/// Every address of the router's table, looked at and sent to.
async fn every_door_is_closed(browser: &mut Browser) {
    for path in watch_table().into_keys() {
        let path = path.replace("{practice}", "harbour").replace(['{', '}'], "");
        if FOR_EVERYBODY.contains(&path.as_str()) {
            browser.get(&path).await.expect(200);
            continue;
        }
        let answers = [browser.get(&path).await, browser.post(&path, &[("name", "Ana")]).await];
        for answer in &answers {
            let is_closed = answer.status == StatusCode::FORBIDDEN
                && answer.words().contains("closed for the moment");
            // What is neither read nor written there.
            let is_no_way = answer.status == StatusCode::NOT_FOUND
                && answer.words().contains("There is nothing here");
            assert!(is_closed || is_no_way, "{path}: {} {}", answer.status, answer.words());
        }
        assert!(answers.iter().any(|answer| answer.status == StatusCode::FORBIDDEN), "{path}");
    }
}
