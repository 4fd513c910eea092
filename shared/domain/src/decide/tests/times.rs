//! Proposing times, holding them, approving one, declining them all.

use chrono::{DateTime, TimeDelta, Utc};

use super::story::{Story, tomas};
use crate::{Actor, Approval, Command, Note, Refusal, sample};

fn choosing() -> Story {
    Story::new().opt_in().completes().one_day()
}

fn automatic() -> Story {
    Story::by(sample::handbook_with(|handbook| handbook.rules.approval = Approval::Automatic))
        .opt_in()
        .completes()
        .one_day()
}

#[test]
fn times_are_held_until_staff_approve_one() {
    choosing()
        .at("2026-11-23 10:00")
        .proposes(["2026-11-25 09:00", "2026-11-26 14:00", "2026-11-27 11:00"])
        .at("2026-11-23 11:00")
        .approves("2026-11-26 14:00")
        .approves("2026-11-26 14:00")
        .approves("2026-11-25 09:00")
        .declines()
        .tells(
            "
            Mon 23 Nov 10:00 TimesProposed
              > request to tomas
            Mon 23 Nov 11:00 TimeApproved
              > confirmation for Thu 26 Nov 14:00
            Mon 23 Nov 11:00 refused: this request is no longer open
            Mon 23 Nov 11:00 refused: this request is no longer open
            Mon 23 Nov 11:00 refused: this request is no longer open
            = Booked Thu 26 Nov 14:00; next Wed 25 Nov 10:00
        ",
        );
}

#[test]
fn what_cannot_be_proposed() {
    choosing()
        .proposes([])
        .proposes(["2026-11-25 09:00", "2026-11-25 09:30", "2026-11-25 10:00", "2026-11-25 10:30"])
        .proposes(["2026-11-25 09:00", "2026-11-25 09:00"])
        .proposes(["2026-11-25 09:15"])
        .proposes(["2026-11-25 12:00"])
        .proposes(["2026-11-28 10:00"])
        .proposes(["2026-11-20 10:00"])
        .proposes(["2026-11-24 09:00"])
        .a_second_later()
        .proposes(["2026-11-24 09:00"])
        .tells(
            "
            Mon 23 Nov 09:00 refused: please choose at least one time
            Mon 23 Nov 09:00 refused: please choose at most 3 times
            Mon 23 Nov 09:00 refused: each time can be chosen only once
            Mon 23 Nov 09:00 refused: this time is no longer free
            Mon 23 Nov 09:00 refused: this time is no longer free
            Mon 23 Nov 09:00 refused: this time is no longer free
            Mon 23 Nov 09:00 refused: this time is no longer free
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 09:00:01 refused: this time is no longer free
            = Asked until Tue 24 Nov 09:00; next Mon 23 Nov 21:00
        ",
        );
    Story::new().proposes(["2026-11-25 09:00"]).tells(
        "
        Mon 23 Nov 09:00 refused: this link belongs to nobody we know
        = no file
    ",
    );
    Story::new().opt_in().proposes(["2026-11-25 09:00"]).tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 refused: the questionnaire comes before the calendar
        = Invited; next Tue 24 Nov 09:00
    ",
    );
    Story::new().opt_in().closes().proposes(["2026-11-25 09:00"]).tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 FileClosed
        Mon 23 Nov 09:00 refused: this is closed; ask for a session again whenever you like
        = Closed ByStaff(Note(10 bytes))
    ",
    );
}

#[test]
fn times_beyond_every_calendar_are_refused_in_words() {
    for start in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for zone in [chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Honolulu] {
            let handbook = sample::handbook_with(|handbook| handbook.practice.zone = zone);
            let command = Command::ProposeTimes { starts: vec![start], with: None, zone };
            let mut story = Story::by(handbook).opt_in().completes();
            let refusal = story.house.wish(&story.client, &Actor::Client, &command).unwrap_err();
            assert_eq!(refusal, Refusal::TimeNotOffered { start });
        }
    }
}

#[test]
fn a_new_request_replaces_the_old_one() {
    let story = choosing().proposes(["2026-11-25 09:00"]);
    let replaced = story.request();
    let decline = Command::DeclineTimes { proposal: replaced, note: Note::default() };
    story
        .at("2026-11-23 10:00")
        .proposes(["2026-11-26 09:00"])
        .wish(&tomas(), &decline)
        .meet("bruno")
        .opt_in()
        .completes()
        .proposes(["2026-11-25 09:00"])
        .tells(
            "
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 10:00 TimesProposed
              > request to tomas
            Mon 23 Nov 10:00 refused: this request is no longer open
            -- bruno
            Mon 23 Nov 10:00 OptedIn
              > welcome
            Mon 23 Nov 10:00 QuestionnaireCompleted
              > calendar
            Mon 23 Nov 10:00 TimesProposed
              > request to tomas
            = Asked until Tue 24 Nov 10:00; next Mon 23 Nov 22:00
        ",
        );
}

#[test]
fn somebody_was_faster() {
    choosing()
        .proposes(["2026-11-25 09:00"])
        .meet("bruno")
        .opt_in()
        .completes()
        .one_day()
        .proposes(["2026-11-25 09:30"])
        .proposes(["2026-11-25 10:00"])
        .approves("2026-11-25 10:00")
        .meet("carla")
        .opt_in()
        .completes()
        .one_day()
        .proposes(["2026-11-25 10:30"])
        .tells(
            "
            Mon 23 Nov 09:00 refused: this time is no longer free
            = Choosing First; next Tue 24 Nov 09:00
        ",
        );
}

#[test]
fn a_hold_ends_at_its_instant_whoever_has_cleaned_up() {
    choosing()
        .proposes(["2026-11-25 09:00"])
        .meet("bruno")
        .opt_in()
        .completes()
        .one_day()
        .at("2026-11-24 08:59")
        .proposes(["2026-11-25 09:00"])
        .at("2026-11-24 09:00")
        .proposes(["2026-11-25 09:00"])
        .approves("2026-11-25 09:00")
        .meet("ana")
        .approves("2026-11-25 09:00")
        .tick()
        .tells(
            "
            Tue 24 Nov 08:59 refused: this time is no longer free
            Tue 24 Nov 09:00 TimesProposed
              > request to tomas
            Tue 24 Nov 09:00 TimeApproved
              > confirmation for Wed 25 Nov 09:00
            -- ana
            Tue 24 Nov 09:00 refused: this request is no longer open
            Tue 24 Nov 09:00 StaffReminded
              > request-reminder to tomas
            Tue 24 Nov 09:00 ProposalExpired
              > expired
            = Choosing Expired; next Wed 25 Nov 09:00
        ",
        );
}

#[test]
fn staff_are_reminded_once_and_the_request_expires_with_an_apology() {
    choosing().proposes(["2026-11-26 09:00"]).until("2026-11-24 09:00").tells(
        "
        Mon 23 Nov 09:00 TimesProposed
          > request to tomas
        Mon 23 Nov 21:00 StaffReminded
          > request-reminder to tomas
        Tue 24 Nov 09:00 ProposalExpired
          > expired
        = Choosing Expired; next Wed 25 Nov 09:00
    ",
    );
}

#[test]
fn at_the_instant_of_expiry_it_is_too_late() {
    let asked = || choosing().proposes(["2026-11-26 09:00"]);
    asked().at("2026-11-24 08:59").approves("2026-11-26 09:00").tells(
        "
        Mon 23 Nov 09:00 TimesProposed
          > request to tomas
        Tue 24 Nov 08:59 TimeApproved
          > confirmation for Thu 26 Nov 09:00
        = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00
    ",
    );
    asked().at("2026-11-24 09:00").approves("2026-11-26 09:00").declines().tells(
        "
        Mon 23 Nov 09:00 TimesProposed
          > request to tomas
        Tue 24 Nov 09:00 refused: this request is no longer open
        Tue 24 Nov 09:00 refused: this request is no longer open
        = Asked until Tue 24 Nov 09:00; next Mon 23 Nov 21:00
    ",
    );
}

#[test]
fn a_request_never_outlives_its_last_time() {
    let short_notice = sample::handbook_with(|handbook| {
        handbook.sessions[0].notice = TimeDelta::zero();
    });
    Story::by(short_notice)
        .opt_in()
        .completes()
        .one_day()
        .proposes(["2026-11-23 09:30", "2026-11-23 10:30"])
        .at("2026-11-23 09:30")
        .approves("2026-11-23 09:30")
        .until("2026-11-23 12:00")
        .tells(
            "
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 09:30 refused: this time is no longer free
            Mon 23 Nov 10:30 ProposalExpired
              > expired
            = Choosing Expired; next Tue 24 Nov 10:30
        ",
        );
}

#[test]
fn declining_tells_the_client_and_opens_the_calendar_again() {
    choosing().proposes(["2026-11-25 09:00"]).at("2026-11-23 15:00").declines().declines().tells(
        r#"
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 15:00 TimesDeclined
              > declined "sorry"
            Mon 23 Nov 15:00 refused: this request is no longer open
            = Choosing Declined; next Tue 24 Nov 15:00
        "#,
    );
}

#[test]
fn where_nobody_approves_the_first_choice_is_booked_at_once() {
    automatic()
        .proposes(["2026-11-26 09:00", "2026-11-25 09:00"])
        .at("2026-11-23 10:00")
        .proposes(["2026-11-25 14:00"])
        .tells(
            "
            Mon 23 Nov 09:00 TimesProposed, TimeApproved
              > confirmation for Thu 26 Nov 09:00
            Mon 23 Nov 10:00 TimesProposed, AppointmentMoved
              > moved for Wed 25 Nov 14:00
            = Booked Wed 25 Nov 14:00, moved 1x; next Tue 24 Nov 10:00
        ",
        );
}

#[test]
fn what_is_offered_is_granted_slot_by_slot() {
    let story = choosing()
        .proposes(["2026-11-25 09:00", "2026-11-26 14:00"])
        .approves("2026-11-25 09:00")
        .proposes(["2026-12-01 10:00", "2026-12-03 16:30"])
        .meet("bruno")
        .opt_in()
        .completes();
    let offered = story.house.offers(&story.client);
    assert_eq!(offered.len(), 229, "a month of slots but for what Ana takes");
    for slot in offered {
        let mut house = story.house.clone();
        let starts = vec![slot.start];
        let propose = Command::ProposeTimes { starts, with: None, zone: chrono_tz::Europe::Lisbon };
        house.wish(&story.client, &Actor::Client, &propose).unwrap();
        let proposal = house.file(&story.client).unwrap().request().unwrap().id.clone();
        let approve = Command::ApproveTime { proposal, start: slot.start };
        house.wish(&story.client, &tomas(), &approve).unwrap();
    }
}

#[test]
fn times_can_be_proposed_six_times_an_hour() {
    let mut story = Story::new().opt_in().completes();
    for _ in 0..6 {
        story = story.proposes(["2026-11-25 09:00"]);
    }
    story
        .one_day()
        .proposes(["2026-11-25 10:00"])
        .at("2026-11-23 10:00")
        .proposes(["2026-11-25 10:00"])
        .tells(
            "
            Mon 23 Nov 09:00 refused: you have proposed times very often just now; please wait an hour
            Mon 23 Nov 10:00 TimesProposed
              > request to tomas
            = Asked until Tue 24 Nov 10:00; next Mon 23 Nov 22:00
        ",
        );
}
