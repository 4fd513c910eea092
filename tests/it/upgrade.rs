//! Old and new side by side: what any released version wrote is read, what a newer one added stays,
//! and what only a newer one can read is refused instead of misread.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use domain::{ClientFile, Stage};
use operate::{PracticesCommand, carry_out, read_copy};
use serde_json::{Value, json};
use store::CopiedTable;
use tests::{Edits, Kept, Typist, World};

use crate::tidy::{root, text};

/// The copies of practices as released versions wrote them.
fn copies() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/copies");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Every form that this version reads, and every version that was released, left a copy behind.
#[test]
fn no_form_and_no_released_version_is_without_a_copy() {
    let names: Vec<String> = copies()
        .iter()
        .map(|copy| copy.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let changelog = text(&root().join("CHANGELOG.md"));
    let headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    let released = headings.filter(|heading| heading.starts_with(|c: char| c.is_ascii_digit()));
    let released = released.map(|heading| heading.split(' ').next().unwrap_or_default().to_owned());
    let forms = (1..=store::FORM).map(|form| format!("form-{form}"));
    for name in forms.chain(released) {
        assert!(names.contains(&name), "tests/data/copies has no {name}.jsonl");
    }
}

#[test]
fn a_copy_has_something_of_everything_that_is_kept() {
    for copy in copies() {
        let text = String::from_utf8(std::fs::read(&copy).unwrap()).unwrap();
        let items = text.lines().filter_map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let key = line["item"]["sk"]["S"].as_str()?.to_owned();
            Some((line["table"].as_str().unwrap().to_owned(), key))
        });
        let items: Vec<(String, String)> = items.collect();
        for (table, begins) in [
            ("practices", "HANDBOOK"),
            ("practices", "HANDBOOK#"),
            ("practices", "HANDBOOKCHANGE#"),
            ("practices", "DAYBOOK"),
            ("practices", "WAITING"),
            ("practices", "NIGHT"),
            ("practices", "SIGNIN#"),
            ("practices", "SESSION#"),
            ("practices", "FEED#"),
            ("practices", "OTHER#"),
            ("practices", "LIMIT#"),
            ("clients", "J#"),
            ("clients", "ANSWERS"),
            ("calendar", "2026-"),
            ("calendar", "limits"),
            ("calendar", "elsewhere"),
            ("outbox", "agenda."),
            ("outbox", "sign-in."),
            ("outbox", "welcome."),
        ] {
            let is_such = |(of, key): &(String, String)| of == table && key.starts_with(begins);
            assert!(items.iter().any(is_such), "no {begins} of {table} in {}", copy.display());
        }
    }
}

/// A house that a copy was taken into, and whose practice is open again.
async fn house_of(copy: &Path) -> World {
    let world = World::without_practice().await;
    let other = "https://calendar.example.com/private/mara.ics";
    world.feeds.put(other, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nEND:VCALENDAR\r\n");
    let kept = Kept::new(&world.house.shell.store, 1);
    let taken = read_copy(&kept, copy, &Typist::who_types("")).await.unwrap().taken;
    world.asleep_until(taken);
    let resume = PracticesCommand::Resume { id: world.practice.to_string() };
    carry_out(resume, &kept, &Typist::who_types("")).await.unwrap();
    world.house.shell.forget_handbooks();
    world
}

async fn file_of(world: &World, name: &str) -> ClientFile {
    let address = format!("{}@example.org", name.to_lowercase());
    world.file(&address).await.unwrap_or_else(|| panic!("{name} is in the copy"))
}

#[tokio::test]
async fn a_practice_of_any_released_version_goes_on() {
    for copy in copies() {
        let world = house_of(&copy).await;
        world.verify().await;
        for (name, stage) in [
            ("Held", "closed"),
            ("Absent", "choosing"),
            ("Unsaid", "booked"),
            ("Reading", "reading"),
            ("Listed", "listed"),
            ("Cancelled", "choosing"),
            ("Invited", "invited"),
            ("Choosing", "choosing"),
            ("Asking", "asked"),
            ("Booked", "booked"),
            ("Moving", "booked"),
        ] {
            let file = file_of(&world, name).await;
            let found = match file.stage {
                Stage::Invited(_) => "invited",
                Stage::Reading { .. } => "reading",
                Stage::Choosing { .. } => "choosing",
                Stage::Listed(_) => "listed",
                Stage::Asked(_) => "asked",
                Stage::Booked { .. } => "booked",
                Stage::Closed { .. } => "closed",
            };
            assert_eq!(found, stage, "{name} in {}", copy.display());
        }
        // Whoever is on their way goes on: a request is granted, and everybody's time passes.
        let asking = world.visitor("Asking");
        let mut assistant = world.assistant();
        assistant.signs_in().await;
        let today = assistant.looks_at_today().await.expect(200).words();
        assert!(today.contains("Asking") && today.contains("Moving"), "{today}");
        let request = asking.file().await.request().unwrap().clone();
        let first = request.slots().next().unwrap();
        let time = (first.start.timestamp() / 60).to_string();
        assistant.approves(&asking, &time).await.expect(200);
        assert!(asking.last_letter().subject.contains("confirmed"), "{:?}", asking.subjects());
        // Not longer: another calendar is looked for every quarter of an hour.
        world.until(world.now() + TimeDelta::days(2)).await;
        world.verify().await;
        let invited = world.visitor("Invited");
        assert!(!invited.letters().is_empty(), "somebody reminded them");
        assert_eq!(without_form(&world).await, Vec::<String>::new());
    }
}

/// What is kept and says no form, but for counters and guards.
async fn without_form(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for table in CopiedTable::ALL {
        let (items, _) = world.house.shell.store.copy_out(table, None, None).await.unwrap();
        let keys = items.iter().filter(|item| item["form"].is_null());
        found.extend(keys.map(|item| item["sk"]["S"].as_str().unwrap().to_owned()));
    }
    found.retain(|key| !key.starts_with("LIMIT#") && key != "limits");
    found
}

/// Changes the head of a client in the tables, as another version would.
async fn change_head(world: &World, client: &ClientFile, change: impl Fn(&mut Value)) -> Value {
    let store = &world.house.shell.store;
    let (items, _) = store.copy_out(CopiedTable::Clients, None, None).await.unwrap();
    let is_head = |item: &Value| item["sk"]["S"] == client.id.as_str();
    let mut head = items.into_iter().find(is_head).unwrap();
    change(&mut head);
    store.copy_in(CopiedTable::Clients, std::slice::from_ref(&head)).await.unwrap();
    head
}

#[tokio::test]
async fn what_a_newer_version_added_to_a_file_stays() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let file = ana.file().await;
    change_head(&world, &file, |head| {
        head["pronouns"] = json!({ "S": "she" });
        head["file"]["M"]["shoe_size"] = json!({ "L": [{ "N": "38" }] });
        head["file"]["M"]["person"]["M"]["title"] = json!({ "S": "Dr" });
    })
    .await;
    ana.completes_questionnaire().await.expect(200);
    assert!(matches!(ana.file().await.stage, Stage::Choosing { .. }), "the file has moved on");
    let head = change_head(&world, &file, |_| {}).await;
    assert_eq!(head["pronouns"], json!({ "S": "she" }));
    assert_eq!(head["file"]["M"]["shoe_size"], json!({ "L": [{ "N": "38" }] }));
    assert_eq!(head["file"]["M"]["person"]["M"]["title"], json!({ "S": "Dr" }));
    world.verify().await;
}

/// What is written again and again, each by its table and what its sort key is or begins with.
const WRITTEN_AGAIN: [(CopiedTable, &str); 11] = [
    (CopiedTable::Practices, "HANDBOOK"),
    (CopiedTable::Practices, "DAYBOOK"),
    (CopiedTable::Practices, "NIGHT"),
    (CopiedTable::Practices, "WAITING"),
    (CopiedTable::Practices, "OTHER#"),
    (CopiedTable::Clients, "ANSWERS"),
    (CopiedTable::Calendar, "elsewhere"),
    (CopiedTable::Calendar, "2026-"),
    (CopiedTable::Calendar, "limits"),
    (CopiedTable::Practices, "SIGNIN#"),
    (CopiedTable::Outbox, "welcome."),
];

async fn items_of(world: &World, (table, name): (CopiedTable, &str)) -> Vec<Value> {
    let (mut items, _) = world.house.shell.store.copy_out(table, None, None).await.unwrap();
    let is_range = name.ends_with(['#', '-', '.']);
    items.retain(|item| {
        let key = item["sk"]["S"].as_str().unwrap();
        key == name || is_range && key.starts_with(name)
    });
    items
}

#[tokio::test]
async fn what_a_newer_version_added_to_anything_else_stays() {
    let world = Box::pin(house_of(&copies()[0])).await;
    let mut coming = world.visitor("Coming");
    coming.opts_in().await.expect(200);
    let save = format!("{}/save", coming.link("/questionnaire/"));
    coming.browser.post(&save, &[("a-question-of-last-year", "typed")]).await.expect(200);
    // A letter is under way, and so is somebody of the staff.
    let mut late = world.visitor("Late");
    late.opts_in_quietly().await.expect(200);
    let mut owner = world.owner();
    owner.asks_quietly_to_sign_in().await.expect(200);
    let mood = json!({ "S": "calm" });
    let mut before = Vec::new();
    for kind in WRITTEN_AGAIN {
        let mut items = items_of(&world, kind).await;
        for item in &mut items {
            item["mood"] = mood.clone();
        }
        assert!(!items.is_empty(), "{}", kind.1);
        world.house.shell.store.copy_in(kind.0, &items).await.unwrap();
        before.push(items);
    }
    // Letters leave, somebody answers and asks for a time, the owner changes a rule, and a day passes.
    world.settle().await;
    owner.follows_the_letter().await.expect(200);
    coming.completes_questionnaire().await.expect(200);
    let times = coming.times().await;
    coming.proposes(&times[..1]).await.expect(200);
    world.edit(with_a_limit).await;
    world.until(world.now() + TimeDelta::days(1)).await;
    for (kind, before) in WRITTEN_AGAIN.into_iter().zip(before) {
        let after = items_of(&world, kind).await;
        let calm = after.iter().filter(|item| item["mood"] == mood).count();
        assert_eq!(calm, before.len(), "{}", kind.1);
        assert_ne!(after, before, "{} was written again", kind.1);
    }
}

fn with_a_limit(practice: &mut Edits) {
    practice.replace("practice.toml", "# [limits]", "[limits]\nsessions_a_month = 39");
}

#[tokio::test]
async fn what_only_a_newer_version_can_read_is_left_alone() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let file = ana.file().await;
    let newer = change_head(&world, &file, |head| {
        assert_eq!(head["form"], json!({ "N": "1" }), "an item says in which form it is");
        head["form"] = json!({ "N": "2" });
    })
    .await;
    let link = ana.link("/questionnaire/");
    let page = ana.browser.get(&link).await.expect(500).words();
    assert!(page.contains("what you had saved is safe"), "{page}");
    world.asleep_until(world.now() + TimeDelta::days(2));
    world.settle().await;
    assert_eq!(change_head(&world, &file, |_| {}).await, newer, "and the clock changes nothing");
    let problem = world.house.shell.store.all_files(&world.practice).await.unwrap_err();
    let cause = std::error::Error::source(&problem).unwrap().to_string();
    assert!(cause.contains("a newer version of this program wrote"), "{cause}");
    change_head(&world, &file, |head| head["form"] = json!({ "N": "1" })).await;
}
