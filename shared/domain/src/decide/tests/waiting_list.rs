//! The waiting list: who finds no time is offered what comes free, in turn.

use super::story::{Story, tomas, wishes};
use crate::{Actor, Command, Refusal, SessionTypeId, Stage, sample};

/// Ana found nothing and waits for a Tuesday morning; then all of them came free.
fn ana_waits() -> Story {
    let story = Story::new().opt_in().completes().nothing_is_open();
    story.waits("Tue", "09:00-10:00", "2026-12-18").all_is_open()
}

#[test]
fn nobody_waits_for_what_is_open() {
    // Tomorrow at nine is open, and within the notice by now.
    let story = Story::new().opt_in().completes().at("2026-11-23 10:00");
    let start = sample::utc("2026-12-01 09:00");
    for (until, expected) in
        [("2026-12-18", Err(Refusal::OpenAlready { start })), ("2026-11-24", Ok(()))]
    {
        let command = Command::LeaveWishes { wishes: wishes("Tue", "09:00-10:00", until) };
        let mut house = story.house.clone();
        let answer = house.wish(&story.client, &Actor::Client, &command).map(|_| ());
        assert_eq!(answer, expected, "{until}");
    }
    let let_pass = ana_waits().gets_a_look().at("2026-11-23 10:00").lets_pass();
    let mut house = let_pass.house.clone();
    let command = Command::LeaveWishes { wishes: wishes("Tue", "09:00-10:00", "2026-11-30") };
    house.wish(&let_pass.client, &Actor::Client, &command).expect("what was let pass is no reason");
}

#[test]
fn a_time_that_suits_is_held_and_told() {
    ana_waits().gets_a_look().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        = Listed since Mon 23 Nov 09:00, offered Tue 24 Nov 09:00 until Mon 23 Nov 21:00; next Mon 23 Nov 21:00
    ",
    );
}

#[test]
fn whoever_waits_is_not_nudged_and_is_told_when_the_wait_is_over() {
    ana_waits().until("2027-01-01 09:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Sat 19 Dec 09:00 WishesEnded
          > wait-ended
        Sun 20 Dec 09:00 Nudged
          > times-nudge-1
        Tue 22 Dec 09:00 Nudged
          > times-nudge-2
        Fri 25 Dec 09:00 NudgesEnded
        = Choosing Unlisted, nudged 2x; task since Fri 25 Dec 09:00: stopped half-way
    ",
    );
}

#[test]
fn what_is_let_pass_is_not_offered_again() {
    ana_waits().gets_a_look().at("2026-11-23 10:00").lets_pass().gets_a_look().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        Mon 23 Nov 10:00 OfferPassed
        Mon 23 Nov 10:00 TimeOffered
          > time-offered
        = Listed since Mon 23 Nov 10:00, offered Tue 1 Dec 09:00 until Mon 23 Nov 22:00; next Mon 23 Nov 22:00
    ",
    );
}

#[test]
fn an_offer_that_is_not_answered_runs_out_and_the_turn_is_over() {
    ana_waits().gets_a_look().until("2026-11-23 22:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        Mon 23 Nov 21:00 OfferExpired
        = Listed since Mon 23 Nov 21:00; next Sat 19 Dec 09:00
    ",
    );
}

#[test]
fn the_offered_time_is_asked_for_like_any_other() {
    ana_waits().gets_a_look().proposes(["2026-11-24 09:00"]).approves("2026-11-24 09:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        Mon 23 Nov 09:00 TimesProposed
          > request to tomas
        Mon 23 Nov 09:00 TimeApproved
          > confirmation for Tue 24 Nov 09:00
        = Booked Tue 24 Nov 09:00; next Mon 23 Nov 10:00
    ",
    );
}

#[test]
fn nobody_waits_for_what_can_never_be() {
    let story = Story::new().opt_in().completes();
    for (days, hours, until) in [
        ("Tue", "09:00-09:30", "2026-12-18"),
        ("Tue", "12:00-09:00", "2026-12-18"),
        ("Tue", "09:00-12:00", "2026-11-22"),
        ("Tue", "09:00-12:00", "2027-11-24"),
    ] {
        let mut house = story.house.clone();
        let command = Command::LeaveWishes { wishes: wishes(days, hours, until) };
        let refused = house.wish(&story.client, &Actor::Client, &command).unwrap_err();
        assert_eq!(refused, Refusal::NoWishes { minutes: 50 }, "{days} {hours} {until}");
    }
    for (days, hours, until) in [
        ("Sun", "00:00-24:00", "2026-12-18"),
        ("Tue", "20:00-23:00", "2026-12-18"),
        ("Fri", "09:00-12:00", "2026-11-26"),
    ] {
        let mut house = story.house.clone();
        let command = Command::LeaveWishes { wishes: wishes(days, hours, until) };
        let refused = house.wish(&story.client, &Actor::Client, &command).unwrap_err();
        assert_eq!(refused, Refusal::NeverOpen, "{days} {hours} {until}");
    }
    let no_list = sample::handbook_with(|handbook| handbook.waiting_list = None);
    let mut house = Story::by(no_list).opt_in().completes().house;
    let command = Command::LeaveWishes { wishes: wishes("Tue", "09:00-12:00", "2026-12-18") };
    let refused = house.wish(&story.client, &Actor::Client, &command).unwrap_err();
    assert_eq!(refused, Refusal::NoWaitingList);
}

#[test]
fn who_leaves_the_list_chooses_on() {
    ana_waits().gets_a_look().withdraws().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        Mon 23 Nov 09:00 WishesWithdrawn
        = Choosing Unlisted; next Tue 24 Nov 09:00
    ",
    );
}

#[test]
fn what_is_held_can_be_asked_for_until_it_runs_out_whatever_the_notice_is_by_then() {
    let late = ana_waits().gets_a_look().at("2026-11-23 20:00");
    late.proposes(["2026-11-24 09:00"]).tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 WishesLeft
        Mon 23 Nov 09:00 TimeOffered
          > time-offered
        Mon 23 Nov 20:00 TimesProposed
          > request to tomas
        = Asked until Tue 24 Nov 09:00; next Tue 24 Nov 08:00
    ",
    );
}

#[test]
fn after_three_offers_without_an_answer_the_wait_is_over() {
    let mut story = ana_waits();
    for day in ["2026-11-23 12:00", "2026-11-25 12:00", "2026-11-27 12:00"] {
        story = story.until(day).gets_a_look();
    }
    let story = story.until("2026-11-28 09:00");
    let file = story.house.file(&story.client).unwrap();
    assert!(file.listed().is_none(), "{:?}", file.stage);
}

#[test]
fn who_changes_their_wishes_lets_the_offered_time_pass() {
    let story = ana_waits().gets_a_look().at("2026-11-23 10:00");
    let story = story.nothing_is_open().waits("Wed", "09:00-10:00", "2026-12-17");
    let story = story.all_is_open().gets_a_look();
    let file = story.house.file(&story.client).unwrap();
    let listed = file.listed().unwrap();
    assert_eq!(listed.since, sample::utc("2026-11-23 10:00"), "behind all others");
    let offered = listed.offered.as_ref().unwrap();
    assert_eq!(offered.times[0].slot.start, sample::utc("2026-11-25 09:00"), "another time");
}

#[test]
fn what_staff_invited_to_is_not_undone_by_the_form_on_the_website() {
    let by_invitation = sample::handbook_with(|handbook| {
        let mut follow_up = handbook.sessions[0].clone();
        follow_up.id = SessionTypeId::parse("follow-up").unwrap();
        follow_up.questionnaire = sample::no_questions("follow-up").0;
        follow_up.by_invitation = true;
        handbook.sessions.push(follow_up);
        handbook.questionnaires.extend([sample::no_questions("follow-up")]);
    });
    let mut story = Story::by(by_invitation).opt_in().completes().at("2026-11-23 10:00");
    let follow_up = SessionTypeId::parse("follow-up").unwrap();
    let command = Command::InviteTo { session: follow_up.clone() };
    story.house.wish(&story.client, &tomas(), &command).unwrap();
    let story = story.at("2026-11-23 11:00").opt_in();
    let file = story.house.file(&story.client).unwrap();
    assert_eq!(file.session, follow_up);
    assert!(matches!(file.stage, Stage::Invited(_)), "its own questions come first");
}
