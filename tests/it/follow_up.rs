//! Nobody slips away: nudges on their cadence, and a person at its end.

use chrono::TimeDelta;
use domain::{Stage, TaskKind};
use tests::World;

#[tokio::test]
async fn without_questionnaire_there_are_three_nudges_and_then_a_task() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let mut left = Vec::new();
    for day in 1..=14 {
        world.after(TimeDelta::days(1)).await;
        if left.len() + 1 < ana.letters().len() {
            left.push(day);
        }
    }
    assert_eq!(left, [1, 3, 7]);
    let tasks = ana.file().await.tasks();
    assert_eq!(tasks[0].kind, TaskKind::StoppedHalfWay);
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    assert!(assistant.looks_at_today().await.words().contains("Ana"));
    assistant.does(&ana, "invite-again", &[]).await.expect(200);
    assert_eq!(ana.letters().len(), 5);
    assert!(ana.file().await.tasks().is_empty());
}

#[tokio::test]
async fn nudges_stop_by_themselves_when_their_reason_is_gone() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    world.after(TimeDelta::days(2)).await;
    ana.completes_questionnaire().await.expect(200);
    world.after(TimeDelta::days(10)).await;
    let questionnaire_letters =
        ana.letters().iter().filter(|letter| !letter.text.contains("/calendar/")).count();
    assert_eq!(questionnaire_letters, 2, "welcome and one nudge: {:?}", ana.subjects());
    assert_eq!(ana.letters().len(), 5, "calendar and its two nudges: {:?}", ana.subjects());
    assert_eq!(ana.file().await.tasks()[0].kind, TaskKind::StoppedHalfWay);
}

#[tokio::test]
async fn one_press_ends_the_nudges_also_for_mail_programs() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    world.after(TimeDelta::days(1)).await;
    let nudge = ana.last_letter();
    assert!(
        nudge.message.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{}",
        nudge.message
    );
    let stop = nudge.link("/stop/");
    let mut program = world.browser();
    program.get(&stop).await.expect(200);
    assert!(matches!(ana.file().await.stage, Stage::Invited(_)), "looking changes nothing");
    let headers = [("sec-fetch-site", "cross-site")];
    let body = "List-Unsubscribe=One-Click".to_owned();
    let answered = program.send(http::Method::POST, &stop, &headers, body).await;
    assert_eq!(answered.status, 200);
    assert!(matches!(ana.file().await.stage, Stage::Closed { .. }));
    world.after(TimeDelta::days(20)).await;
    assert_eq!(ana.letters().len(), 2, "nothing more");
}

#[tokio::test]
async fn a_house_that_was_off_for_three_days_catches_up_without_a_flood() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    world.asleep_until(world.now() + TimeDelta::days(5));
    world.settle().await;
    assert_eq!(ana.letters().len(), 2, "one nudge, though two were due");
    world.after(TimeDelta::days(1)).await;
    assert_eq!(ana.letters().len(), 3);
}

#[tokio::test]
async fn a_no_show_gets_a_way_back_and_does_not_slip_away() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let appointment = ana.appointment().await;
    world.until(appointment.slot.end).await;
    assert_eq!(ana.file().await.tasks()[0].kind, TaskKind::RecordOutcome(appointment.id));
    assistant.records(&ana, "no-show").await.expect(200);
    assert!(ana.last_letter().text.contains("/calendar/"));
    let before = ana.letters().len();
    world.after(TimeDelta::days(10)).await;
    assert_eq!(ana.letters().len(), before + 2, "two nudges");
    assert_eq!(ana.file().await.tasks()[0].kind, TaskKind::StoppedHalfWay);
}

#[tokio::test]
async fn reminders_of_a_cancelled_call_never_leave() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    let times = ana.times().await;
    let later = times.iter().find(|time| moment_in(time) > world.now() + TimeDelta::days(2));
    let later = later.expect("a time after tomorrow").clone();
    ana.proposes(std::slice::from_ref(&later)).await.expect(200);
    assistant.signs_in().await;
    assistant.approves(&ana, &later).await.expect(200);
    ana.cancels("").await.expect(200);
    world.until(moment_in(&later)).await;
    let is_reminder = |subject: &String| subject.contains("reminder") || subject.contains("hour");
    assert!(!ana.subjects().iter().any(is_reminder), "{:?}", ana.subjects());
}

/// An instant as the calendar's forms carry it.
fn moment_in(minutes: &str) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(minutes.parse::<i64>().unwrap() * 60, 0).unwrap()
}

#[tokio::test]
async fn the_agenda_comes_at_its_hour_also_after_the_hour_was_changed_and_after_a_night_away() {
    let read_first = |practice: &mut tests::Edits| {
        practice.replace(
            "practice.toml",
            "calendar_after = \"questionnaire\"",
            "calendar_after = \"reading\"",
        );
    };
    let world = World::with(read_first).await;
    // Answers that wait to be read: something to say on each of the days.
    world.visitor("Ana").may_choose().await;
    world
        .edit(|practice| {
            read_first(practice);
            practice.replace("practice.toml", "agenda_at = \"07:00\"", "agenda_at = \"09:00\"");
        })
        .await;
    world.until(tests::moment("2026-11-25 12:00")).await;
    // Away over the third night, back before the hour.
    world.asleep_until(tests::moment("2026-11-26 02:00"));
    world.until(tests::moment("2026-11-27 12:00")).await;
    let letters = world.owner().letters();
    let agendas = letters.iter().filter(|letter| letter.subject.contains("your day"));
    let hours: Vec<String> =
        agendas.map(|letter| letter.at.format("%d %H:%M").to_string()).collect();
    assert_eq!(hours, ["24 09:00", "25 09:00", "26 09:00", "27 09:00"]);
}
