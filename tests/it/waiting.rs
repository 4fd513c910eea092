//! The waiting list, through the pages: who finds no time is offered what comes free, in turn.

use chrono::{TimeDelta, Weekday};
use domain::{Actor, ClientId, Command, MinuteOfDay, TimeSpan, Wishes};
use store::WAITING_LISTED;
use tests::{Answered, Edits, StaffMember, Visitor, World, moment};

/// The only session of the week is on Wednesday, from ten to eleven.
fn on_wednesdays(practice: &mut Edits) {
    for day in ["monday", "tuesday", "thursday"] {
        let hours = format!("{day} = [\"09:00-12:30\", \"14:00-17:30\"]");
        practice.replace("practice.toml", &hours, "");
    }
    let mut set = |from, to| practice.replace("practice.toml", from, to);
    set("wednesday = [\"09:00-12:30\", \"14:00-17:30\"]", "wednesday = [\"10:00-11:00\"]");
    set("friday = [\"09:00-12:30\"]", "");
    set("# saturday = [\"10:00-16:00\"]", "");
    set("open = [\"10:00-13:00\"]", "open = []");
    set("booking_days = 30", "booking_days = 7");
}

async fn one_time_a_week() -> World {
    World::with(on_wednesdays).await
}

fn wednesday() -> String {
    (moment("2026-11-25 10:00").timestamp() / 60).to_string()
}

/// Leaves wishes for these days, in the form of the calendar.
async fn waits(visitor: &mut Visitor<'_>, days: &[&str]) -> Answered {
    let calendar = visitor.link("/calendar/");
    let page = visitor.browser.get(&calendar).await.expect(200);
    let key = page.field("key");
    let mut fields = vec![
        ("key", key.as_str()),
        ("from", "09:00"),
        ("to", "12:00"),
        ("until", "2026-12-18"),
        ("zone", "Europe/Lisbon"),
    ];
    fields.extend(days.iter().map(|day| ("weekday", *day)));
    visitor.browser.post(&format!("{calendar}/wishes"), &fields).await
}

/// Somebody has the one time, and these wait for it, one after another.
async fn booked_and_waiting<'w>(
    world: &'w World,
    names: &[&str],
) -> (StaffMember<'w>, Visitor<'w>, Vec<Visitor<'w>>) {
    let mut first = world.visitor("First Comer");
    first.may_choose().await;
    first.proposes(&[wednesday()]).await.expect(200);
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    tomas.approves(&first, &wednesday()).await.expect(200);
    let mut waiting = Vec::new();
    for name in names {
        let mut visitor = world.visitor(name);
        visitor.may_choose().await;
        assert!(visitor.times().await.is_empty(), "nothing is left for {name}");
        let page = waits(&mut visitor, &["wed"]).await.expect(200);
        assert!(page.body.contains("You are on the waiting list"), "{name}");
        world.after(TimeDelta::minutes(2)).await;
        waiting.push(visitor);
    }
    (tomas, first, waiting)
}

#[tokio::test]
async fn what_comes_free_is_offered_to_whoever_has_waited_longest() {
    let world = one_time_a_week().await;
    let (mut tomas, mut first, mut waiting) =
        booked_and_waiting(&world, &["Ana Moura", "Ben Okafor"]).await;
    first.cancels("").await.expect(200);
    world.after(TimeDelta::minutes(2)).await;
    let [ana, ben] = &mut waiting[..] else { panic!("two wait") };
    let letter = ana.last_letter();
    assert!(letter.subject.contains("a time has come free"), "{}", letter.subject);
    assert!(letter.text.contains("Wednesday 25 November 2026, 10:00"), "{}", letter.text);
    assert!(!ben.last_letter().subject.contains("come free"), "it is Ana's turn");
    assert!(ben.times().await.is_empty() && first.times().await.is_empty(), "it is held for her");

    // She lets it pass, and it goes on to Ben, who asks for it.
    let calendar = ana.link("/calendar/");
    let page = ana.browser.get(&calendar).await.expect(200);
    assert!(page.body.contains("A time has come free, and we hold it for you."));
    let (key, pass) = (page.field("key"), page.field("pass"));
    let fields = [("key", key.as_str()), ("pass", &pass)];
    let page = ana.browser.post(&format!("{calendar}/wishes"), &fields).await.expect(200);
    assert!(page.words().contains("That time goes on to the next"), "{}", page.words());
    world.after(TimeDelta::minutes(2)).await;
    assert!(ben.last_letter().subject.contains("a time has come free"));
    assert_eq!(ben.times().await, [wednesday()], "what is held for him he may ask for");
    // He asks for it with one press, where it is offered.
    let calendar = ben.link("/calendar/");
    let page = ben.browser.get(&calendar).await.expect(200);
    let offer = page.body.split("id=\"offer\"").nth(1).expect("an offer");
    assert!(offer.contains("Ask for this time"));
    let (key, zone, start) = (page.field("key"), page.field("zone"), wednesday());
    let fields = [("key", key.as_str()), ("t", &start), ("zone", &zone)];
    let page = ben.browser.post(&format!("{calendar}/review"), &fields).await.expect(200);
    assert!(page.words().contains("We have your time"), "{}", page.words());
    tomas.approves(ben, &wednesday()).await.expect(200);
    assert!(ben.is_booked().await);
    world.verify().await;
}

#[tokio::test]
async fn who_leaves_the_list_lets_go_of_what_is_held_for_them() {
    let world = one_time_a_week().await;
    let (_tomas, mut first, mut waiting) =
        booked_and_waiting(&world, &["Ana Moura", "Ben Okafor"]).await;
    first.cancels("").await.expect(200);
    world.after(TimeDelta::minutes(2)).await;
    let [ana, ben] = &mut waiting[..] else { panic!("two wait") };
    assert!(ana.file().await.offered().is_some() && ben.file().await.offered().is_none());
    let calendar = ana.link("/calendar/");
    let key = ana.browser.get(&calendar).await.expect(200).field("key");
    let fields = [("key", key.as_str()), ("withdraw", "yes")];
    let page = ana.browser.post(&format!("{calendar}/wishes"), &fields).await.expect(200);
    assert!(page.words().contains("You are off the waiting list"), "{}", page.words());
    world.after(TimeDelta::minutes(2)).await;
    assert!(ben.file().await.offered().is_some(), "it goes to the next");
    assert!(ana.times().await.is_empty(), "and is held for him alone");
    world.verify().await;
}

#[tokio::test]
async fn an_offer_without_an_answer_goes_on_to_the_next() {
    let world = one_time_a_week().await;
    let (_tomas, mut first, waiting) =
        booked_and_waiting(&world, &["Ana Moura", "Ben Okafor"]).await;
    first.cancels("").await.expect(200);
    world.until(moment("2026-11-24 10:00")).await;
    let [ana, ben] = &waiting[..] else { panic!("two wait") };
    let offers = |visitor: &Visitor<'_>| {
        visitor.subjects().iter().filter(|subject| subject.contains("come free")).count()
    };
    assert_eq!((offers(ana), offers(ben)), (1, 1), "each in turn, and nobody twice");
    let held = ben.file().await.offered().expect("an offer").clone();
    let nine = moment("2026-11-24 09:00");
    assert!(held.asked_at < nine, "it is held for him at once, in the night");
    assert_eq!(held.expires_at, nine + TimeDelta::hours(12), "and he has the day to answer");
    let letter = ben.last_letter();
    assert!(letter.subject.contains("come free"), "letters of the list leave between nine and six");
}

#[tokio::test]
async fn the_list_tells_who_is_on_it_and_lets_them_go() {
    let world = one_time_a_week().await;
    let (mut tomas, _first, mut waiting) = booked_and_waiting(&world, &["Ana Moura"]).await;
    let ana = &mut waiting[0];
    let today = tomas.looks_at_today().await.expect(200);
    assert!(today.body.contains("Waiting list") && today.body.contains("Ana Moura"));
    let page = tomas.browser.get(&tomas.file_of(ana).await).await.expect(200);
    assert!(page.body.contains("Wednesdays from 09:00 to 12:00"), "what she waits for");

    let calendar = ana.link("/calendar/");
    let key = ana.browser.get(&calendar).await.expect(200).field("key");
    let fields = [("key", key.as_str()), ("withdraw", "yes")];
    let page = ana.browser.post(&format!("{calendar}/wishes"), &fields).await.expect(200);
    assert!(page.body.contains("Nothing that suits you?"));
    let today = tomas.looks_at_today().await.expect(200);
    assert!(!today.body.contains("Waiting list"));
}

#[tokio::test]
async fn wishes_that_nothing_can_suit_are_refused_in_words() {
    let world = one_time_a_week().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let answered = waits(&mut ana, &[]).await;
    assert!(answered.body.contains("at least one day of the week"), "{}", answered.body);
    answered.expect(409);
}

#[tokio::test]
async fn nobody_waits_for_what_is_open() {
    let world = one_time_a_week().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let answered = waits(&mut ana, &["wed", "fri"]).await.expect(409);
    assert!(answered.words().contains("You need not wait"), "{}", answered.words());
    assert_eq!(answered.fields("t"), vec![wednesday(); 2], "among the times and above them");
    assert!(answered.body.contains("value=\"fri\" checked"), "what she ticked is still ticked");
    let answered = waits(&mut ana, &["fri"]).await.expect(409);
    assert!(answered.words().contains("There are no sessions at these hours"), "nor for Fridays");
    assert!(ana.file().await.listed().is_none());
}

#[tokio::test]
async fn without_a_list_nobody_is_asked_for_wishes() {
    let world = World::with(|practice| {
        practice.replace("practice.toml", "[waiting_list]\nhold_hours = 12\n", "");
    })
    .await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let page = ana.browser.get(&ana.link("/calendar/")).await.expect(200);
    assert!(!page.body.contains("Nothing that suits you?"));
    waits_without_a_form(&mut ana).await.expect(409);
}

async fn waits_without_a_form(visitor: &mut Visitor<'_>) -> Answered {
    let fields = [
        ("key", "0123456789abcdef0123456789abcdef"),
        ("weekday", "wed"),
        ("from", "09:00"),
        ("to", "12:00"),
        ("until", "2026-12-18"),
        ("zone", "UTC"),
    ];
    let path = format!("{}/wishes", visitor.link("/calendar/"));
    visitor.browser.post(&path, &fields).await
}

/// Somebody on the list who wishes for this day of the week.
async fn on_the_list(world: &World, number: u32, day: Weekday) -> ClientId {
    let client = world.racer(number).await;
    let minute = |text| MinuteOfDay::parse(text).unwrap();
    let wishes = Wishes {
        days: vec![day],
        hours: TimeSpan { from: minute("09:00"), to: minute("12:00") },
        zone: chrono_tz::Europe::Lisbon,
        until: "2026-12-18".parse().unwrap(),
        with: None,
    };
    let waits = world.wish(&client, Actor::Client, Command::LeaveWishes { wishes });
    world.grants(&waits).await;
    client
}

#[tokio::test]
async fn a_long_list_is_looked_through_to_its_end() {
    let world = World::with(|practice| {
        on_wednesdays(practice);
        let wednesday = "wednesday = [\"10:00-11:00\"]";
        let and_monday = format!("{wednesday}\nmonday = [\"10:00-11:00\"]");
        practice.replace("practice.toml", wednesday, &and_monday);
    })
    .await;
    let mut first = world.visitor("First Comer");
    first.may_choose().await;
    let monday = (moment("2026-11-30 10:00").timestamp() / 60).to_string();
    first.proposes(&[wednesday(), monday]).await.expect(200);
    for number in 0..=u32::try_from(WAITING_LISTED).unwrap() {
        on_the_list(&world, number, Weekday::Mon).await;
    }
    world.after(TimeDelta::minutes(1)).await;
    let last = on_the_list(&world, 1_000, Weekday::Wed).await;
    let store = &world.house.shell.store;
    let practice = &world.practice;
    let waiting = store.clients_waiting(practice, None).await.unwrap();
    assert_eq!(waiting.len(), WAITING_LISTED);
    let behind = store.clients_waiting(practice, Some(&waiting[WAITING_LISTED - 1].0)).await;
    let behind: Vec<ClientId> = behind.unwrap().into_iter().map(|(_, client)| client).collect();
    assert_eq!((behind.len(), behind.last()), (2, Some(&last)), "nobody twice, nobody left out");

    let mut tomas = world.assistant();
    tomas.signs_in().await;
    tomas.declines(&first, "").await.expect(200);
    world.after(TimeDelta::minutes(2)).await;
    let file = store.load(practice, &last, &store::Want::default()).await.unwrap().file.unwrap();
    assert!(file.offered().is_some(), "the last on the list is reached: {:?}", file.stage);
}

#[tokio::test]
async fn a_look_that_is_overtaken_leaves_the_book_as_it_is() {
    let world = one_time_a_week().await;
    let store = &world.house.shell.store;
    let now = world.house.shell.now();
    store.wake_waiting_list(&world.practice, now, true).await.unwrap();
    let client = {
        let mut first = world.visitor("First Comer");
        first.may_choose().await;
        first.proposes(&[wednesday()]).await.expect(200);
        on_the_list(&world, 1, Weekday::Wed).await
    };
    store.wake_waiting_list(&world.practice, now, false).await.unwrap();
    let seen = store.waiting_book(&world.practice).await.unwrap().expect("an open book");
    let (place, listed) = store.clients_waiting(&world.practice, None).await.unwrap().remove(0);
    assert_eq!(listed, client);
    assert!(store.mark_waiting_book(&world.practice, &seen, &place).await.unwrap());
    let marked = store.waiting_book(&world.practice).await.unwrap().unwrap();
    assert_eq!((marked.version, marked.reached.as_ref()), (seen.version, Some(&place)));

    store.wake_waiting_list(&world.practice, now, false).await.unwrap();
    assert!(!store.mark_waiting_book(&world.practice, &seen, &place).await.unwrap());
    store.turn_waiting_book(&world.practice, &seen, None).await.unwrap();
    let woken = store.waiting_book(&world.practice).await.unwrap().expect("still open");
    assert_eq!((woken.reached, woken.due), (None, now), "from the front, and at once");
}
