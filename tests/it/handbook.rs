//! The handbook on the desk: read by all of the staff, changed by the owner, checked before it counts.

use chrono::TimeDelta;
use tests::{Answered, StaffMember, World, moment};

/// Sends a file of the handbook, changed.
async fn changes(
    staff: &mut StaffMember<'_>,
    file: &str,
    change: impl FnOnce(String) -> String,
) -> Answered {
    let page = staff.browser.get(&format!("/harbour/desk/handbook?file={file}")).await.expect(200);
    let (key, guard, version) = (page.field("key"), page.field("guard"), page.field("version"));
    let text = change(page.textarea("text"));
    let fields = [
        ("key", key.as_str()),
        ("guard", &guard),
        ("version", &version),
        ("file", file),
        ("text", &text),
    ];
    staff.browser.post("/harbour/desk/handbook", &fields).await
}

#[tokio::test]
async fn the_owner_changes_the_hours_and_the_calendar_follows() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let saturday = (moment("2026-11-28 10:00").timestamp() / 60).to_string();
    assert!(!ana.times().await.contains(&saturday));
    let mut mara = world.owner();
    mara.signs_in().await;
    let friday = "friday = [\"09:00-12:30\"]";
    let page = changes(&mut mara, "practice.toml", |text| {
        text.replace(friday, &format!("{friday}\nsaturday = [\"10:00-12:00\"]"))
    })
    .await
    .expect(200);
    assert!(page.body.contains("The new version is in force."));
    assert!(page.body.contains("Mara Lindqvist, version "), "it says who changed it");
    assert!(ana.times().await.contains(&saturday), "it counts at once");
}

#[tokio::test]
async fn a_slip_is_named_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut mara = world.owner();
    mara.signs_in().await;
    let page = changes(&mut mara, "practice.toml", |text| {
        text.replace("notice_hours = 24", "notice_hour = 24")
    })
    .await;
    assert!(page.words().contains("did you mean `notice_hours`?"), "{}", page.words());
    assert!(page.body.contains("notice_hour = 24"), "what was typed is still there");
    page.expect(422);
    let page = changes(&mut mara, "practice.toml", |text| {
        text.replace("id = \"harbour\"", "id = \"haven\"")
    })
    .await;
    assert!(page.words().contains("the `id` of a practice stays"), "{}", page.words());
    assert_eq!(
        world.house.shell.handbook(&world.practice).await.unwrap().version,
        world.handbook.version
    );
}

#[tokio::test]
async fn of_two_changes_at_once_one_counts() {
    let world = World::new().await;
    let (mut mara, mut again) = (world.owner(), world.owner());
    mara.signs_in().await;
    world.after(TimeDelta::minutes(1)).await;
    again.signs_in().await;
    let old = mara.browser.get("/harbour/desk/handbook?file=policy.md").await.expect(200);
    changes(&mut again, "policy.md", |text| format!("{text}\nOne more line.\n")).await.expect(200);
    let (key, guard, version) = (old.field("key"), old.field("guard"), old.field("version"));
    let text = "Another text altogether.";
    let fields = [
        ("key", key.as_str()),
        ("guard", &guard),
        ("version", &version),
        ("file", "policy.md"),
        ("text", text),
    ];
    let page = mara.browser.post("/harbour/desk/handbook", &fields).await;
    assert!(page.words().contains("Somebody else changed the handbook meanwhile"));
    assert!(page.body.contains(text), "what was typed is still there");
    page.expect(422);
}

#[tokio::test]
async fn the_assistant_reads_it_and_leaves_it_as_it_is() {
    let world = World::new().await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let page = tomas.browser.get("/harbour/desk/handbook").await.expect(200);
    assert!(page.body.contains("The owner can change it.") && page.body.contains("readonly"));
    changes(&mut tomas, "policy.md", |text| format!("{text}!")).await.expect(409);
    tomas.browser.get("/harbour/desk/handbook?file=secrets.toml").await.expect(404);
}

#[tokio::test]
async fn what_is_changed_at_the_desk_stays_until_the_folder_changes() {
    let world = World::new().await;
    let mut mara = world.owner();
    mara.signs_in().await;
    changes(&mut mara, "policy.md", |text| format!("{text}\nOne more line.\n")).await.expect(200);
    let policy = async || {
        let handbook = world.house.shell.handbook(&world.practice).await.unwrap();
        handbook.policy.text.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(policy().await, "One more line.");
    world.edit(|_| {}).await;
    assert_eq!(policy().await, "One more line.", "the folder is as it was");
    world.edit(|practice| practice.replace("policy.md", "**Changing or", "**Changing, or")).await;
    assert_ne!(policy().await, "One more line.", "the folder has changed");
}
