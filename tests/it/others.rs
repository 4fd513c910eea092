//! Calendars that somebody else keeps: when the provider is busy there, nothing is offered here.

use chrono::TimeDelta;
use tests::{Answered, StaffMember, World};

const PAGE: &str = "/harbour/desk/calendar/others";
const ADDRESS: &str = "https://calendar.example.com/private/mara.ics";

/// A calendar that is busy on the morning of 25 November, Lisbon time.
const BUSY: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\n\
    DTSTAMP:20261101T000000Z\r\nDTSTART:20261125T090000Z\r\nDTEND:20261125T120000Z\r\n\
    SUMMARY:Doctor Moura\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const FREE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nEND:VCALENDAR\r\n";

async fn reads(staff: &mut StaffMember<'_>, address: &str, grace: &str) -> Answered {
    let page = staff.browser.get(PAGE).await.expect(200);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let fields = [
        ("key", &*key),
        ("guard", &*guard),
        ("name", "My own"),
        ("address", address),
        ("grace", grace),
    ];
    staff.browser.post(PAGE, &fields).await
}

fn minutes(words: &str) -> String {
    (tests::moment(words).timestamp() / 60).to_string()
}

#[tokio::test]
async fn busy_elsewhere_is_not_on_offer() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    assistant.signs_in().await;
    let (ten, two) = (minutes("2026-11-25 10:00"), minutes("2026-11-25 14:00"));
    assert!(ana.times().await.contains(&ten));

    world.feeds.put(ADDRESS, BUSY);
    let page = reads(&mut assistant, ADDRESS, "24").await.expect(200);
    assert!(page.words().contains("calendar.example.com"), "{}", page.words());
    assert!(!page.body.contains("/private/"), "the address is a secret");
    let times = ana.times().await;
    assert!(!times.contains(&ten) && times.contains(&two));
    ana.proposes(std::slice::from_ref(&ten)).await.expect(200);
    assert!(ana.file().await.request().is_none(), "what is not offered is not granted");
    let day = assistant.browser.get("/harbour/desk/calendar?day=2026-11-25").await.expect(200);
    assert!(day.words().contains("10:00 another calendar says busy"), "{}", day.words());
    assert!(!day.words().contains("Moura"), "what it is about stays there");
    let morning = [("date", "2026-11-25"), ("time", "10:00"), ("note", "")];
    let told = assistant.does(&ana, "book", &morning).await.expect(409);
    assert!(told.words().contains("Another calendar says busy"), "{}", told.words());

    world.feeds.put(ADDRESS, FREE);
    world.after(TimeDelta::minutes(16)).await;
    assert!(ana.times().await.contains(&ten), "it is read every quarter of an hour");
}

#[tokio::test]
async fn a_calendar_that_falls_silent_closes_ours_after_its_grace() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    assistant.signs_in().await;
    world.feeds.put(ADDRESS, BUSY);
    reads(&mut assistant, ADDRESS, "2").await.expect(200);
    world.feeds.silence(ADDRESS);
    world.after(TimeDelta::minutes(119)).await;
    assert!(!ana.times().await.is_empty(), "what was read counts for two hours");
    world.after(TimeDelta::minutes(2)).await;
    assert!(ana.times().await.is_empty(), "what is not known is never free");
    let page = assistant.browser.get(PAGE).await.expect(200).words();
    assert!(page.contains("has not answered for 2 hours"), "{page}");
    assert!(page.contains("took longer than two seconds"), "{page}");
    let today = assistant.looks_at_today().await.expect(200).words();
    assert!(today.contains("Nothing is offered to clients: My own"), "{today}");

    world.feeds.put(ADDRESS, BUSY);
    world.after(TimeDelta::minutes(6)).await;
    assert!(!ana.times().await.is_empty(), "it is asked again soon");
    world.feeds.silence(ADDRESS);
    let page = assistant.browser.get(PAGE).await.expect(200);
    let (key, guard, id) = (page.field("key"), page.field("guard"), ended(&page));
    let fields = [("key", &*key), ("guard", &*guard), ("end", &*id)];
    assistant.browser.post(PAGE, &fields).await.expect(200);
    world.after(TimeDelta::hours(5)).await;
    assert!(ana.times().await.contains(&minutes("2026-11-25 10:00")), "nobody asks it any more");
}

fn ended(page: &Answered) -> String {
    let (_, rest) = page.body.split_once("name=\"end\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_cannot_be_read_is_not_taken_up() {
    let world = World::new().await;
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    world.feeds.put(ADDRESS, "<html>Please sign in</html>");
    for (address, grace, words) in [
        (ADDRESS, "24", "not a calendar"),
        ("https://nowhere.example.com/x.ics", "24", "took longer than two seconds"),
        ("http://calendar.example.com/x.ics", "24", "begins with https://"),
        ("https://127.0.0.1/x.ics", "24", "not with a number"),
        (ADDRESS, "0", "from 1 to 168"),
    ] {
        let page = reads(&mut assistant, address, grace).await.expect(422);
        assert!(page.words().contains(words), "{address}: {}", page.words());
        let typed = format!("value=\"{address}\"");
        assert!(page.body.contains(&typed), "what was typed is still there");
    }
    let page = assistant.browser.get(PAGE).await.expect(200);
    assert!(page.words().contains("No other calendar is read"), "{}", page.words());
}

#[tokio::test]
async fn what_is_ended_while_it_is_read_stays_ended() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    assistant.signs_in().await;
    world.feeds.put(ADDRESS, BUSY);
    reads(&mut assistant, ADDRESS, "1").await.expect(200);
    let store = &world.house.shell.store;
    let source = store.sources(&world.practice).await.unwrap().remove(0);
    store.end_source(&world.practice, &source).await.unwrap();
    // A run that had loaded the source before comes to its end only now.
    for news in [store::News::Silence, store::News::Unchanged, store::News::Busy(vec![])] {
        store.renew_source(&world.practice, &source, &news, world.now()).await.unwrap();
    }
    assert!(store.sources(&world.practice).await.unwrap().is_empty());
    world.after(TimeDelta::hours(2)).await;
    assert!(ana.times().await.contains(&minutes("2026-11-25 10:00")), "nothing is left behind");
}

#[tokio::test]
async fn what_became_busy_meanwhile_is_not_approved_but_may_be_booked_with_a_reason() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    let ten = minutes("2026-11-25 10:00");
    ana.proposes(std::slice::from_ref(&ten)).await.expect(200);
    assistant.signs_in().await;
    world.feeds.put(ADDRESS, BUSY);
    reads(&mut assistant, ADDRESS, "24").await.expect(200);
    let told = assistant.approves(&ana, &ten).await.expect(409).words();
    assert!(told.contains("Another calendar says busy; to book it all the same"), "{told}");
    let morning = [("date", "2026-11-25"), ("time", "10:00"), ("note", "the doctor can wait")];
    assistant.does(&ana, "book", &morning).await.expect(200);
    assert!(ana.is_booked().await);
    world.verify().await;
}
