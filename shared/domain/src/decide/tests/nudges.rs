//! Whoever stops half-way is nudged on the written cadence, and at its end a person looks.

use super::story::Story;
use crate::sample;

#[test]
fn the_questionnaire_is_awaited_with_three_nudges() {
    Story::new().opt_in().until("2027-01-01 09:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Tue 24 Nov 09:00 Nudged
          > questionnaire-nudge-1
        Thu 26 Nov 09:00 Nudged
          > questionnaire-nudge-2
        Mon 30 Nov 09:00 Nudged
          > questionnaire-nudge-3
        Thu 3 Dec 09:00 NudgesEnded
        = Invited, nudged 3x; task since Thu 3 Dec 09:00: stopped half-way
    ",
    );
}

#[test]
fn the_times_are_awaited_with_two_nudges() {
    Story::new().opt_in().at("2026-11-23 12:34").completes().until("2027-01-01 09:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 12:34 QuestionnaireCompleted
          > calendar
        Tue 24 Nov 12:34 Nudged
          > times-nudge-1
        Thu 26 Nov 12:34 Nudged
          > times-nudge-2
        Sun 29 Nov 12:34 NudgesEnded
        = Choosing First, nudged 2x; task since Sun 29 Nov 12:34: stopped half-way
    ",
    );
}

#[test]
fn nudges_leave_only_between_nine_and_six() {
    Story::new().at("2026-11-23 23:30").opt_in().until("2026-11-26 12:00").tells(
        "
        Mon 23 Nov 23:30 OptedIn
          > welcome
        Wed 25 Nov 09:00 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Fri 27 Nov 09:00
    ",
    );
    Story::new().at("2026-11-24 08:59").opt_in().until("2026-11-25 12:00").tells(
        "
        Tue 24 Nov 08:59 OptedIn
          > welcome
        Wed 25 Nov 09:00 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Fri 27 Nov 09:00
    ",
    );
    Story::new().at("2026-11-23 18:00").opt_in().until("2026-11-25 12:00").tells(
        "
        Mon 23 Nov 18:00 OptedIn
          > welcome
        Wed 25 Nov 09:00 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Fri 27 Nov 09:00
    ",
    );
    Story::new().at("2026-11-23 17:59").opt_in().until("2026-11-24 18:00").tells(
        "
        Mon 23 Nov 17:59 OptedIn
          > welcome
        Tue 24 Nov 17:59 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Thu 26 Nov 17:59
    ",
    );
}

#[test]
fn the_hours_of_nudges_follow_the_wall_clock() {
    let mut story = Story::new();
    story.house.now = sample::utc("2027-03-27 08:30");
    story.opt_in().until("2027-03-28 12:00").tells(
        "
        Sat 27 Mar 08:30 OptedIn
          > welcome
        Sun 28 Mar 09:30 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Tue 30 Mar 09:30
    ",
    );
}

#[test]
fn after_an_outage_the_nudges_come_a_day_apart() {
    Story::new().opt_in().at("2026-11-27 11:00").tick().until("2026-12-06 09:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Fri 27 Nov 11:00 Nudged
          > questionnaire-nudge-1
        Sat 28 Nov 11:00 Nudged
          > questionnaire-nudge-2
        Mon 30 Nov 09:00 Nudged
          > questionnaire-nudge-3
        Thu 3 Dec 09:00 NudgesEnded
        = Invited, nudged 3x; task since Thu 3 Dec 09:00: stopped half-way
    ",
    );
}

#[test]
fn after_an_outage_that_ends_at_night_the_nudge_waits_for_the_morning() {
    Story::new().opt_in().at("2026-11-27 03:00").tick().until("2026-11-28 12:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Fri 27 Nov 03:00 Nudged
          > questionnaire-nudge-1, not before Fri 27 Nov 09:00
        Sat 28 Nov 09:00 Nudged
          > questionnaire-nudge-2
        = Invited, nudged 2x; next Mon 30 Nov 09:00
    ",
    );
}

#[test]
fn who_answers_is_nudged_no_more() {
    Story::new().opt_in().until("2026-11-24 09:00").completes().until("2026-11-25 09:00").tells(
        "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Tue 24 Nov 09:00 Nudged
              > questionnaire-nudge-1
            Tue 24 Nov 09:00 QuestionnaireCompleted
              > calendar
            Wed 25 Nov 09:00 Nudged
              > times-nudge-1
            = Choosing First, nudged 1x; next Fri 27 Nov 09:00
        ",
    );
}

#[test]
fn who_wants_no_more_nudges_is_left_in_peace() {
    Story::new().opt_in().until("2026-11-24 09:00").stops_nudges().stops_nudges().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Tue 24 Nov 09:00 Nudged
          > questionnaire-nudge-1
        Tue 24 Nov 09:00 NudgesStopped
        Tue 24 Nov 09:00 nothing
        = Closed ClientStopped
    ",
    );
    Story::new().opt_in().completes().stops_nudges().completes().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 NudgesStopped
        Mon 23 Nov 09:00 refused: this is closed; ask for a session again whenever you like
        = Closed ClientStopped
    ",
    );
}

#[test]
fn an_open_request_is_answered_also_to_who_wants_no_nudges() {
    Story::new()
        .opt_in()
        .completes()
        .proposes(["2026-11-25 09:00"])
        .stops_nudges()
        .stops_nudges()
        .at("2026-11-23 15:00")
        .declines()
        .until("2026-12-23 09:00")
        .tells(
            r#"
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 09:00 QuestionnaireCompleted
              > calendar
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 09:00 NudgesStopped
            Mon 23 Nov 09:00 nothing
            Mon 23 Nov 15:00 TimesDeclined
              > declined "sorry"
            Thu 26 Nov 15:00 NudgesEnded
            = Choosing Declined; task since Thu 26 Nov 15:00: stopped half-way
        "#,
        );
}

#[test]
fn staff_write_once_more_or_close_the_file() {
    let stopped = || Story::new().opt_in().until("2026-12-03 09:00").one_day();
    stopped().invites_again().invites_again().until("2026-12-05 09:00").tells(
        "
        Thu 3 Dec 09:00 InvitedAgain
          > welcome
        Thu 3 Dec 09:00 nothing
        Fri 4 Dec 09:00 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Sun 6 Dec 09:00
    ",
    );
    stopped().closes().closes().invites_again().opens_calendar().completes().tells(
        "
        Thu 3 Dec 09:00 FileClosed
        Thu 3 Dec 09:00 refused: this is closed; ask for a session again whenever you like
        Thu 3 Dec 09:00 refused: this is closed; ask for a session again whenever you like
        Thu 3 Dec 09:00 refused: this is closed; ask for a session again whenever you like
        Thu 3 Dec 09:00 refused: this is closed; ask for a session again whenever you like
        = Closed ByStaff(Note(10 bytes))
    ",
    );
    Story::new()
        .opt_in()
        .completes()
        .until("2026-11-29 09:00")
        .invites_again()
        .until("2026-11-30 09:00")
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 09:00 QuestionnaireCompleted
              > calendar
            Tue 24 Nov 09:00 Nudged
              > times-nudge-1
            Thu 26 Nov 09:00 Nudged
              > times-nudge-2
            Sun 29 Nov 09:00 NudgesEnded
            Sun 29 Nov 09:00 InvitedAgain
              > calendar
            Mon 30 Nov 09:00 Nudged
              > times-nudge-1
            = Choosing First, nudged 1x; next Wed 2 Dec 09:00
        ",
        );
}
