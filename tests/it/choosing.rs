//! The calendar page: from day to day, with the choice kept and in order, in the reader's zone.

use domain::Stage;
use tests::{Answered, Visitor, World};

/// The days that the page shows as open, in order.
fn days(page: &Answered) -> Vec<String> {
    let mut days = page.fields("day");
    days.sort();
    days.dedup();
    days
}

/// Chooses these times and looks at a day.
async fn looks_at(visitor: &mut Visitor<'_>, day: &str, chosen: &[String]) -> Answered {
    let ticked: Vec<String> = chosen.iter().map(|time| format!("&t={time}")).collect();
    let query = format!("zone=Europe/Lisbon&day={day}&order={}", chosen.join(","));
    let path = visitor.link("/calendar/");
    visitor.browser.get(&format!("{path}?{query}{}", ticked.concat())).await.expect(200)
}

/// The chosen times of a page, in its order.
fn chosen(page: &Answered) -> String {
    page.field("order")
}

#[tokio::test]
async fn the_first_open_day_is_shown_and_a_press_shows_another_with_the_choice_kept() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.may_choose().await;
    let first = ana.browser.get(&ana.link("/calendar/")).await.expect(200);
    let days = days(&first);
    assert!(18 < days.len(), "a month at a glance: {days:?}");
    assert!(first.words().contains("Tuesday 24 November 9 open times, 50 minutes each"));
    let held = first.fields("t");
    assert_eq!(held.len(), 9, "the times of one day");
    let two = [held[4].clone(), held[1].clone()];
    let other = looks_at(&mut ana, &days[6], &two).await;
    assert_eq!(chosen(&other), two.join(","), "in the order of the choice");
    assert!(other.words().contains("Chosen on other days Tue 24 Nov, 14:30 Tue 24 Nov, 11:00"));
    assert!(other.fields("t").len() > 2 && !other.words().contains("Somebody was faster"));
    let back = looks_at(&mut ana, &days[0], &two).await;
    assert_eq!(back.body.matches(" checked").count(), 2);
    assert!(!back.words().contains("Chosen on other days"));
}

#[tokio::test]
async fn a_day_without_times_leads_to_the_next_one() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.may_choose().await;
    let sunday = looks_at(&mut ana, "2026-11-29", &[]).await;
    assert!(sunday.words().contains("Monday 30 November"), "{}", sunday.words());
    let over = looks_at(&mut ana, "2020-01-01", &[]).await;
    assert!(over.words().contains("Tuesday 24 November"), "{}", over.words());
    let never = looks_at(&mut ana, "2999-12-31", &[]).await;
    assert!(never.fields("t").len() > 1, "the last day of all: {}", never.words());
}

#[tokio::test]
async fn a_time_that_is_lost_between_two_pages_is_said_at_once_with_the_nearest_others() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut ben = world.visitor("Ben");
    ana.may_choose().await;
    ben.may_choose().await;
    let first = ana.browser.get(&ana.link("/calendar/")).await.expect(200);
    let (day, times) = (days(&first)[3].clone(), first.fields("t"));
    let wanted = [times[1].clone(), times[7].clone()];
    ben.proposes(&times[1..2]).await.expect(200);
    let told = looks_at(&mut ana, &day, &wanted).await;
    assert!(told.words().contains("Somebody was faster"), "{}", told.words());
    assert!(told.words().contains("the nearest that are still open"), "{}", told.words());
    assert_eq!(chosen(&told), wanted[1], "the other one is kept");
    let (_, alert) = told.body.split_once("role=\"alert\"").unwrap();
    let nearest: Vec<_> = alert.split("name=\"t\" value=\"").skip(1).take(3).collect();
    // At 11:00 Ben's call takes until 12:00, and the hour before it has no room for another.
    for (found, time) in nearest.iter().zip(["14:00", "14:30", "15:00"]) {
        assert!(
            found.contains(&format!(">Tue 24 Nov, {time}</label>")),
            "{found:.60} is not {time}"
        );
    }
    let again = looks_at(&mut ana, &day, &wanted[1..]).await;
    assert!(!again.words().contains("Somebody was faster"), "said once");
}

#[tokio::test]
async fn a_year_of_booking_is_three_reads_a_page_and_other_weeks_are_a_press_away() {
    let world = World::with(|practice| {
        practice.replace("practice.toml", "booking_days = 30", "booking_days = 365");
    })
    .await;
    let mut ana = world.visitor("Ana");
    let mut ben = world.visitor("Ben");
    ana.may_choose().await;
    ben.may_choose().await;
    let far = looks_at(&mut ana, "2027-06-01", &[]).await;
    assert!(far.words().contains("Earlier weeks Later weeks"), "{}", far.words());
    let (chosen, lost) = (far.fields("t")[3].clone(), far.fields("t")[0].clone());
    ben.proposes(std::slice::from_ref(&lost)).await.expect(200);
    let before = world.house.shell.store.usage();
    let near = looks_at(&mut ana, "2026-11-24", &[chosen, lost.clone()]).await;
    let calls = (world.house.shell.store.usage() - before).calls;
    assert_eq!(calls, 3, "the file, these weeks, and the days of what was chosen");
    let words = near.words();
    assert!(words.contains("Somebody was faster") && words.contains("Jun"), "{words}");
    let before = world.house.shell.store.usage();
    let path = ana.link("/calendar/");
    let review = ana.browser.get(&format!("{path}/review?t={lost}")).await.expect(200);
    let calls = (world.house.shell.store.usage() - before).calls;
    assert_eq!(calls, 3, "the file, what was chosen, and the weeks around what is lost");
    assert!(review.words().contains("the nearest that are still open"), "{}", review.words());
}

#[tokio::test]
async fn under_limits_times_far_apart_are_judged_by_the_weeks_around_each() {
    let world = World::with(|practice| {
        practice.replace("practice.toml", "booking_days = 30", "booking_days = 365");
        practice.replace("practice.toml", "# [limits]", "[limits]\nsessions_a_week = 1");
    })
    .await;
    let mut ana = world.visitor("Ana");
    let mut ben = world.visitor("Ben");
    ana.may_choose().await;
    ben.may_choose().await;
    let mut wanted = Vec::new();
    for day in ["2027-03-01", "2027-03-08", "2027-06-01", "2027-10-18"] {
        wanted.push(looks_at(&mut ana, day, &[]).await.field("t"));
    }
    let same_week = looks_at(&mut ben, "2027-06-03", &[]).await.field("t");
    ben.proposes(&[same_week]).await.expect(200);
    let before = world.house.shell.store.usage();
    let near = looks_at(&mut ana, "2026-11-24", &wanted).await;
    let calls = (world.house.shell.store.usage() - before).calls;
    assert_eq!(calls, 5, "the file, these weeks, March, June and October");
    assert!(near.words().contains("Somebody was faster"), "{}", near.words());
    let kept = [&*wanted[0], &*wanted[1], &*wanted[3]].join(",");
    assert_eq!(chosen(&near), kept, "the week of the third is full");
}

#[tokio::test]
async fn a_zone_that_was_chosen_is_not_forgotten() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    let path = ana.link("/calendar/");
    let first = ana.browser.get(&path).await.expect(200);
    assert!(first.body.contains(" data-guess"), "nobody has named a zone yet");
    let time = first.field("t");
    let query = format!("{path}/review?t={time}&zone=America/New_York");
    let key = ana.browser.get(&query).await.expect(200).field("key");
    let fields = [("t", time.as_str()), ("key", &key), ("zone", "America/New_York")];
    let asked = ana.browser.post(&format!("{path}/review"), &fields).await.expect(200);
    assert!(asked.words().contains("New York time"), "{}", asked.words());
    world.settle().await;
    assistant.signs_in().await;
    assistant.approves(&ana, &time).await.expect(200);
    let appointment = ana.browser.get(&ana.link("/appointment/")).await.expect(200);
    let (_, change) = appointment.body.split_once("class=\"button quiet\" href=\"").unwrap();
    let change = change.split('"').next().unwrap().to_owned();
    let page = ana.browser.get(&change).await.expect(200);
    let words = page.words();
    assert!(
        words.contains("in New York time , 5 hours behind Lisbon time, where we are"),
        "{words}"
    );
    assert!(!page.body.contains(" data-guess"), "no browser overrides what its reader chose");
}

#[tokio::test]
async fn places_that_were_given_twice_are_read_as_they_were_meant() {
    // What the selects say for the times in their order, and the order that follows.
    for (ranks, expected) in [
        (["1", "1", "3"], [1, 0, 2]),
        (["3", "2", "3"], [1, 2, 0]),
        (["1", "1", "1"], [1, 2, 0]),
        (["2", "1", "3"], [1, 0, 2]),
        (["", "300", "x"], [0, 1, 2]),
    ] {
        let world = World::new().await;
        let mut ana = world.visitor("Ana");
        ana.may_choose().await;
        let times: Vec<String> = ana.times().await.into_iter().take(3).collect();
        let names: Vec<String> = times.iter().map(|time| format!("rank-{time}")).collect();
        let mut fields = vec![("key", "one-key-of-a-form"), ("zone", "Europe/Lisbon")];
        fields.extend(times.iter().map(|time| ("t", time.as_str())));
        fields.extend(names.iter().map(String::as_str).zip(ranks));
        let path = ana.link("/calendar/");
        ana.browser.post(&format!("{path}/review"), &fields).await.expect(200);
        let Stage::Asked(proposal) = ana.file().await.stage else { panic!("asked") };
        let asked: Vec<String> =
            proposal.slots().map(|slot| (slot.start.timestamp() / 60).to_string()).collect();
        let meant = expected.map(|at: usize| times[at].clone());
        assert_eq!(asked, meant, "by {ranks:?}");
    }
}
