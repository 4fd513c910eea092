//! The calendar: weeks at a glance, the times of one day, what was chosen and what is gone.

use super::{
    album::{album, slots},
    markup::{Tag, tags},
    sample::handbook,
};

fn page(name: &str) -> String {
    let pages = album(&handbook());
    pages.into_iter().find(|(other, _)| *other == name).map(|(_, page)| page.0).unwrap()
}

/// The buttons of the grid, and of nothing else.
fn days<'a>(tags: &'a [Tag<'_>]) -> Vec<&'a Tag<'a>> {
    tags.iter().filter(|tag| tag.get("data-room").is_some()).collect()
}

fn chips(html: &str) -> usize {
    tags(html).iter().filter(|tag| tag.get("name") == Some("t")).count()
}

#[test]
fn six_busy_weeks_stay_light_because_one_day_is_unfolded() {
    assert_eq!(slots(42, 20).len(), 840);
    let html = page("calendar-full");
    assert_eq!(days(&tags(&html)).len(), 42);
    assert_eq!(chips(&html), 20 + 2 + 2, "one day, two nearest, two chosen elsewhere");
    assert!(html.len() < 16_000, "{} bytes", html.len());
}

#[test]
fn a_day_says_what_it_has_and_a_day_without_is_a_plain_number() {
    let html = page("calendar");
    let tags = tags(&html);
    let days = days(&tags);
    assert_eq!(days.len(), 9);
    assert_eq!(days[0].get("aria-label"), Some("Monday 19 October, 4 open times"));
    assert_eq!((days[0].get("name"), days[0].get("value")), (Some("day"), Some("2026-10-19")));
    let current: Vec<_> =
        days.iter().filter(|day| day.get("aria-current") == Some("true")).collect();
    assert!(current.len() == 1 && current[0].get("value") == Some("2026-10-19"), "{current:?}");
    assert!(html.contains("<td><span>28</span></td>") && html.contains("<small>Nov</small>"));
    assert!(html.contains("<caption>October – November 2026</caption>"), "{html}");
    assert_eq!(tags.iter().filter(|tag| tag.get("scope") == Some("col")).count(), 7);
    assert!(html.contains("4 open times, 50 minutes each"));
}

#[test]
fn what_is_chosen_stays_in_sight_in_its_order() {
    let html = page("calendar-chosen");
    assert_eq!(html.matches(" checked").count(), 2);
    let here = html.split("class=\"times\"").nth(1).unwrap();
    assert!(here.contains("<label data-rank=\"2\"><input type=\"checkbox\""), "{here}");
    let elsewhere = html.split("class=\"times kept\"").nth(1).unwrap();
    assert!(elsewhere.contains("<label data-rank=\"1\">"), "{elsewhere}");
    assert!(elsewhere.contains("checked>Tue 20 Oct, 10:00</label>"), "{elsewhere}");
}

#[test]
fn in_place_of_a_lost_time_the_nearest_are_offered_at_once() {
    let html = page("calendar-full");
    let told = html.split("role=\"alert\"").nth(1).unwrap();
    assert!(told.contains("Somebody was faster"), "{told}");
    assert!(
        told.contains("Instead of <s>Monday 19 October 2026, 04:30</s>, the nearest"),
        "{told}"
    );
    assert!(told.contains("value=\"29873280\">Mon 19 Oct, 04:00</label>"), "{told}");
    assert!(told.contains("<p><s>Tuesday 1 December 2026, 03:30</s></p>"), "{told}");
    assert!(told.contains("Your other choices are kept."));
}

#[test]
fn zones_are_named_as_people_name_them() {
    let html = page("calendar-full");
    assert!(html.contains("<option value=\"America/New_York\" selected>New York (UTC−4)</option>"));
    assert!(html.contains("<option value=\"America/St_Johns\">St Johns (UTC−2:30)</option>"));
    let [west, here, east] =
        ["\"America/Sitka\"", "\"Europe/Lisbon\"", "\"Asia/Anadyr\""].map(|zone| html.find(zone));
    assert!(west < here && here < east, "from west to east");
    assert!(page("calendar").contains("<strong>Lisbon time</strong>, where we are."));
}

#[test]
fn only_a_zone_that_nobody_named_is_guessed() {
    assert!(page("calendar").contains(" data-guess"));
    assert!(!page("calendar-full").contains(" data-guess"));
}

#[test]
fn clocks_that_change_are_said_where_they_change() {
    let full = page("calendar-full");
    assert!(full.contains("<strong>New York time</strong>, 4 hours behind Lisbon time"), "{full}");
    let words = "The clocks change before this day: 4 hours behind Lisbon time.";
    assert!(full.contains(words), "on the day before it was five: {full}");
    assert!(!page("calendar").contains("clocks change"));
    assert!(page("review").contains("10:00 Lisbon time"));
}

#[test]
fn where_nothing_is_open_there_is_a_way_on() {
    let html = page("calendar-empty");
    assert!(days(&tags(&html)).is_empty() && chips(&html) == 0);
    assert!(html.contains("Nothing is open in these weeks"), "{html}");
    assert!(html.contains("Later weeks may have room.") && html.contains("value=\"2026-11-16\""));
}
