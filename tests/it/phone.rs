//! The calendar as phones read it.

use tests::{Answered, StaffMember, World};

const PAGE: &str = "/harbour/desk/calendar/phone";

/// Makes an address, and answers the path of the newest.
async fn makes(staff: &mut StaffMember<'_>, titles: &str) -> String {
    let page = staff.browser.get(PAGE).await.expect(200);
    let before = addresses(&page);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let fields = [("key", &*key), ("guard", &*guard), ("titles", titles)];
    let page = staff.browser.post(PAGE, &fields).await.expect(200);
    let again = staff.browser.post(PAGE, &fields).await.expect(200);
    assert_eq!(addresses(&page), addresses(&again), "the same press twice makes one address");
    addresses(&page).into_iter().find(|address| !before.contains(address)).unwrap()
}

fn addresses(page: &Answered) -> Vec<String> {
    let parts = page.body.split("value=\"http").skip(1);
    let ends = parts.filter_map(|part| part.split('"').next());
    ends.filter_map(|address| Some(format!("/harbour/feed/{}", address.split("/feed/").nth(1)?)))
        .collect()
}

#[tokio::test]
async fn a_phone_reads_what_is_booked_until_its_address_is_ended() {
    let world = World::new().await;
    let (mut ana, mut bruno) = (world.visitor("Ana Moura"), world.visitor("Bruno"));
    let mut assistant = world.assistant();
    bruno.asks_for_times(1).await;
    assistant.signs_in().await;
    assistant.books(&mut ana).await;
    let neutral = makes(&mut assistant, "neutral").await;
    let named = makes(&mut assistant, "names").await;

    let phone = &mut world.browser();
    let ics = phone.get(&neutral).await.expect(200);
    assert_eq!(ics.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(ics.body.matches("BEGIN:VEVENT").count(), 1, "what is only held is left out");
    assert!(ics.body.contains("SUMMARY:First conversation") && !ics.body.contains("Moura"));
    assert!(ics.body.contains("BEGIN:VTIMEZONE"));
    let ics = phone.get(&named).await.expect(200);
    assert!(ics.body.contains("SUMMARY:Ana Moura: First conversation"), "{}", ics.body);

    let page = assistant.browser.get(PAGE).await.expect(200);
    let id = neutral.split(['/', '.']).nth(3).unwrap();
    let (key, guard) = (page.field("key"), page.field("guard"));
    let fields = [("key", &*key), ("guard", &*guard), ("end", id)];
    assistant.browser.post(PAGE, &fields).await.expect(200);
    phone.get(&neutral).await.expect(404);
    phone.get(&named).await.expect(200);
    let forged = named.replace('.', ".a");
    phone.get(&forged).await.expect(404);
    phone.get(&named.replace("/harbour/", "/another/")).await.expect(404);
}
