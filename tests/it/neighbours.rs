//! Several practices in one house: nothing crosses.

use operate::{PracticesCommand, carry_out};
use tests::{Edits, Kept, Letter, StaffMember, Typist, Visitor, World};

use crate::copies::{SECRET, Scratch, copy_of};

/// The example under another name, with addresses of its own.
fn lantern(practice: &mut Edits) {
    practice.replace("practice.toml", "harbour", "lantern");
    practice.replace("practice.toml", "Harbour", "Lantern");
}

/// Somebody in the middle of everything: asked for, confirmed, reminded, seen.
async fn is_seen(world: &World, ana: &mut Visitor<'_>, owner: &mut StaffMember<'_>, time: &str) {
    ana.proposes(&[time.to_owned()]).await.expect(200);
    owner.signs_in().await;
    owner.approves(ana, time).await.expect(200);
    assert!(ana.is_booked().await, "{}", world.practice);
}

/// Everything that is kept of a practice, item by item.
async fn kept_of(world: &World) -> String {
    let file = Scratch::new(&format!("neighbour-{}", world.practice));
    let store = &world.house.shell.store;
    copy_of(store, Some(&world.practice), world.now(), &file).await.unwrap();
    let text = file.text();
    // Without its first line and its last, which say when it was taken.
    let items: Vec<&str> = text.lines().filter(|line| line.starts_with("{\"table\"")).collect();
    assert!(10 < items.len(), "{}", world.practice);
    items.join("\n")
}

fn letters_of<'a>(letters: &'a [Letter], world: &World) -> Vec<&'a Letter> {
    let sender = world.handbook.practice.email.as_str();
    letters.iter().filter(|letter| letter.from == sender).collect()
}

#[tokio::test]
async fn two_practices_live_beside_each_other_and_nothing_crosses() {
    let harbour = World::new().await;
    let lantern = harbour.neighbour(lantern).await;
    // The same person, by the same address, at the same time.
    let (mut here, mut there) = (harbour.visitor("Ana Moura"), lantern.visitor("Ana Moura"));
    let (mut mara, mut other) = (harbour.owner(), lantern.owner());
    here.may_choose().await;
    there.may_choose().await;
    let time = here.times().await.remove(7);
    assert!(there.times().await.contains(&time));
    is_seen(&harbour, &mut here, &mut mara, &time).await;
    assert!(there.times().await.contains(&time), "taken in one practice, free in the other");
    is_seen(&lantern, &mut there, &mut other, &time).await;
    assert_ne!(here.file().await.id, there.file().await.id, "nobody can tell that they are one");
    // What opens in one does not in the other, nor does a session.
    for part in ["/questionnaire/", "/calendar/", "/appointment/"] {
        let link = here.link(part);
        here.browser.get(&link).await.expect(200);
        let moved = link.replace("/harbour/", "/lantern/");
        assert_eq!(here.browser.get(&moved).await.status, 404, "{part}");
    }
    let client = here.file().await.id;
    for path in [format!("/lantern/desk/clients/{client}"), "/lantern/desk".to_owned()] {
        let page = mara.browser.get(&path).await.expect(200);
        assert!(page.path.starts_with("/lantern/desk/sign-in"), "{path}: {}", page.path);
    }
    let end = here.appointment().await.slot.end;
    harbour.until(end + chrono::TimeDelta::minutes(1)).await;
    assert_eq!(here.subjects(), there.subjects());

    let letters = harbour.letters();
    for (world, stranger) in [(&harbour, "lantern"), (&lantern, "harbour")] {
        let own = letters_of(&letters, world);
        assert!(6 < own.len(), "clients' and staff's: {}", own.len());
        for letter in own {
            let words = letter.message.to_lowercase();
            assert!(!words.contains(stranger), "{}: {}", world.practice, letter.message);
        }
        // The texts of its own folder may say what they like.
        let kept = kept_of(world).await.to_lowercase();
        let strange = kept.lines().filter(|item| !item.contains("{\"s\":\"handbook"));
        let strange: Vec<&str> = strange.filter(|item| item.contains(stranger)).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }

    harbour.verify().await;
    lantern.verify().await;
}

#[tokio::test]
async fn what_is_done_to_one_practice_leaves_the_other_as_it_is() {
    let harbour = World::new().await;
    let lantern = harbour.neighbour(lantern).await;
    let (mut here, mut there) = (harbour.visitor("Ana Moura"), lantern.visitor("Ana Moura"));
    here.may_choose().await;
    there.may_choose().await;
    let before = kept_of(&harbour).await;
    let house = Kept::new(&harbour.house.shell.store, SECRET);
    let typist = Typist::who_types("lantern");
    let does = async |command| carry_out(command, &house, &typist).await.unwrap();
    does(PracticesCommand::Suspend { id: "lantern".to_owned() }).await;
    harbour.house.shell.forget_handbooks();
    assert_eq!(there.browser.get("/lantern").await.status, 403);
    here.browser.get("/harbour").await.expect(200);
    does(PracticesCommand::Remove { id: "lantern".to_owned() }).await;
    harbour.house.shell.forget_handbooks();
    assert_eq!(there.browser.get("/lantern").await.status, 404);
    assert_eq!(kept_of(&harbour).await, before);
    let time = here.times().await.remove(0);
    here.proposes(&[time]).await.expect(200);
}
