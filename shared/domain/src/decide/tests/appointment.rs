//! The booked call: reminders, changes, cancellations, and what is said afterwards.

use chrono::TimeDelta;

use super::story::Story;
use crate::sample;

fn booked() -> Story {
    Story::new()
        .opt_in()
        .completes()
        .proposes(["2026-11-26 09:00", "2026-11-27 09:00"])
        .approves("2026-11-26 09:00")
        .one_day()
}

#[test]
fn a_call_from_the_reminders_to_the_thanks() {
    booked().until("2026-11-26 09:49").came().came().until("2027-11-26 09:00").tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        Thu 26 Nov 09:49 OutcomeRecorded
          > thank-you for Thu 26 Nov 09:00
        Thu 26 Nov 09:49 refused: this appointment is no longer booked
        = Closed Held
    ",
    );
}

#[test]
fn a_call_that_is_over_becomes_a_task() {
    booked().until("2026-11-26 09:49").tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        = Booked Thu 26 Nov 09:00; next Thu 26 Nov 09:50
    ",
    );
    booked().until("2026-11-26 09:50").tick().did_not_come().tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        Thu 26 Nov 09:50 OutcomeAwaited
        Thu 26 Nov 09:50 OutcomeRecorded
          > missed-you for Thu 26 Nov 09:00
        = Choosing Missed; next Fri 27 Nov 09:50
    ",
    );
}

#[test]
fn how_it_went_can_be_said_from_the_beginning_of_the_call() {
    booked().at("2026-11-26 08:59").came().did_not_come().at("2026-11-26 09:00").came().tells(
        "
        Thu 26 Nov 08:59 refused: the call has not begun yet
        Thu 26 Nov 08:59 refused: the call has not begun yet
        Thu 26 Nov 09:00 OutcomeRecorded
          > thank-you for Thu 26 Nov 09:00
        = Closed Held
    ",
    );
}

#[test]
fn who_did_not_come_finds_a_way_back() {
    booked()
        .until("2026-11-26 09:30")
        .did_not_come()
        .until("2026-12-03 09:00")
        .proposes(["2026-12-07 09:00"])
        .approves("2026-12-07 09:00")
        .tells(
            "
            Wed 25 Nov 10:00 ClientReminded
              > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
            Thu 26 Nov 08:00 ClientReminded
              > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
            Thu 26 Nov 09:30 OutcomeRecorded
              > missed-you for Thu 26 Nov 09:00
            Fri 27 Nov 09:30 Nudged
              > times-nudge-1
            Sun 29 Nov 09:30 Nudged
              > times-nudge-2
            Wed 2 Dec 09:30 NudgesEnded
            Thu 3 Dec 09:00 TimesProposed
              > request to tomas
            Thu 3 Dec 09:00 TimeApproved
              > confirmation for Mon 7 Dec 09:00
            = Booked Mon 7 Dec 09:00; next Sun 6 Dec 10:00
        ",
        );
}

#[test]
fn a_client_cancels() {
    booked().at("2026-11-26 08:59").cancels().cancels().tells(
        r#"
        Thu 26 Nov 08:59 AppointmentCancelled
          > cancelled-by-client for Thu 26 Nov 09:00
          > cancellation-notice to mara for Thu 26 Nov 09:00 "ill"
        Thu 26 Nov 08:59 refused: this appointment is no longer booked
        = Choosing CancelledByClient; next Wed 2 Dec 08:59
    "#,
    );
    booked().at("2026-11-26 09:00").cancels().tells(
        "
        Thu 26 Nov 09:00 refused: the call has already begun
        = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00
    ",
    );
}

#[test]
fn the_practice_cancels() {
    booked().at("2026-11-24 12:00").practice_cancels().practice_cancels().tells(
        r#"
        Tue 24 Nov 12:00 AppointmentCancelled
          > cancelled-by-practice for Thu 26 Nov 09:00 "flu"
          > cancellation-notice to mara for Thu 26 Nov 09:00 "flu"
        Tue 24 Nov 12:00 refused: this appointment is no longer booked
        = Choosing CancelledByPractice; next Wed 25 Nov 12:00
    "#,
    );
}

#[test]
fn a_cancelled_time_is_free_at_once() {
    booked().cancels().meet("bruno").opt_in().completes().proposes(["2026-11-26 09:00"]).tells(
        r#"
        Mon 23 Nov 09:00 AppointmentCancelled
          > cancelled-by-client for Thu 26 Nov 09:00
          > cancellation-notice to mara for Thu 26 Nov 09:00 "ill"
        -- bruno
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 TimesProposed
          > request to tomas
        = Asked until Tue 24 Nov 09:00; next Mon 23 Nov 21:00
    "#,
    );
}

#[test]
fn the_old_time_stands_until_a_new_one_is_approved() {
    booked()
        .at("2026-11-24 10:00")
        .proposes(["2026-11-30 09:00", "2026-11-30 09:30"])
        .meet("bruno")
        .opt_in()
        .completes()
        .proposes(["2026-11-26 09:00"])
        .proposes(["2026-11-30 10:00"])
        .meet("ana")
        .approves("2026-11-30 09:00")
        .meet("bruno")
        .proposes(["2026-11-26 09:00"])
        .meet("ana")
        .until("2026-11-30 09:50")
        .tells(
            "
            Tue 24 Nov 10:00 TimesProposed
              > request to tomas
            -- bruno
            Tue 24 Nov 10:00 OptedIn
              > welcome
            Tue 24 Nov 10:00 QuestionnaireCompleted
              > calendar
            Tue 24 Nov 10:00 refused: this time is no longer free
            Tue 24 Nov 10:00 refused: this time is no longer free
            -- ana
            Tue 24 Nov 10:00 AppointmentMoved
              > moved for Mon 30 Nov 09:00
            -- bruno
            Tue 24 Nov 10:00 TimesProposed
              > request to tomas
            -- ana
            Sun 29 Nov 10:00 ClientReminded
              > reminder-day for Mon 30 Nov 09:00, not after Mon 30 Nov 07:00
            Mon 30 Nov 08:00 ClientReminded
              > reminder-hour for Mon 30 Nov 09:00, not after Mon 30 Nov 09:00
            Mon 30 Nov 09:50 OutcomeAwaited
            = Booked Mon 30 Nov 09:00, moved 1x; task since Mon 30 Nov 09:50: say how it went
        ",
        );
}

#[test]
fn a_change_may_overlap_the_time_it_replaces() {
    booked().proposes(["2026-11-26 09:30", "2026-11-26 09:00"]).approves("2026-11-26 09:30").tells(
        "
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 09:00 AppointmentMoved
              > moved for Thu 26 Nov 09:30
            = Booked Thu 26 Nov 09:30, moved 1x; next Wed 25 Nov 10:00
        ",
    );
}

#[test]
fn every_declined_change_is_told() {
    booked()
        .at("2026-11-24 10:00")
        .proposes(["2026-11-30 09:00"])
        .at("2026-11-24 11:00")
        .declines()
        .at("2026-11-24 12:00")
        .proposes(["2026-11-30 10:00"])
        .at("2026-11-24 13:00")
        .declines()
        .tells(
            r#"
            Tue 24 Nov 10:00 TimesProposed
              > request to tomas
            Tue 24 Nov 11:00 TimesDeclined
              > change-declined for Thu 26 Nov 09:00 "sorry"
            Tue 24 Nov 12:00 TimesProposed
              > request to tomas
            Tue 24 Nov 13:00 TimesDeclined
              > change-declined for Thu 26 Nov 09:00 "sorry"
            = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00
        "#,
        );
}

#[test]
fn a_change_that_nobody_answers_expires_and_the_time_stands() {
    booked().at("2026-11-24 10:00").proposes(["2026-11-30 09:00"]).until("2026-11-25 10:00").tells(
        "
            Tue 24 Nov 10:00 TimesProposed
              > request to tomas
            Tue 24 Nov 22:00 StaffReminded
              > request-reminder to tomas
            Wed 25 Nov 10:00 ClientReminded
              > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
            Wed 25 Nov 10:00 ProposalExpired
              > change-declined for Thu 26 Nov 09:00
            = Booked Thu 26 Nov 09:00; next Thu 26 Nov 08:00
        ",
    );
}

#[test]
fn a_change_can_be_granted_until_the_call_begins_and_then_ends_with_a_letter() {
    let asked = || booked().until("2026-11-26 08:30").proposes(["2026-11-30 09:00"]);
    asked().until("2026-11-26 08:59").approves("2026-11-30 09:00").tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        Thu 26 Nov 08:30 TimesProposed
          > request to tomas
        Thu 26 Nov 08:59 AppointmentMoved
          > moved for Mon 30 Nov 09:00
        = Booked Mon 30 Nov 09:00, moved 1x; next Sun 29 Nov 10:00
    ",
    );
    asked().until("2026-11-26 09:00").approves("2026-11-30 09:00").tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        Thu 26 Nov 08:30 TimesProposed
          > request to tomas
        Thu 26 Nov 09:00 ProposalExpired
          > change-declined for Thu 26 Nov 09:00
        Thu 26 Nov 09:00 refused: this request is no longer open
        = Booked Thu 26 Nov 09:00; next Thu 26 Nov 09:50
    ",
    );
    asked().until("2026-11-26 09:50").approves("2026-11-30 09:00").tells(
        "
        Wed 25 Nov 10:00 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:00 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        Thu 26 Nov 08:30 TimesProposed
          > request to tomas
        Thu 26 Nov 09:00 ProposalExpired
          > change-declined for Thu 26 Nov 09:00
        Thu 26 Nov 09:50 OutcomeAwaited
        Thu 26 Nov 09:50 refused: this request is no longer open
        = Booked Thu 26 Nov 09:00; task since Thu 26 Nov 09:50: say how it went
    ",
    );
}

#[test]
fn a_call_booked_late_is_not_reminded_of_what_was_just_said() {
    let short_notice = || {
        Story::by(sample::handbook_with(|handbook| handbook.sessions[0].notice = TimeDelta::zero()))
            .opt_in()
            .completes()
            .one_day()
    };
    // After ten on the day before: no reminder of that day, the confirmation has just left.
    short_notice()
        .at("2026-11-23 10:00")
        .proposes(["2026-11-24 09:00"])
        .approves("2026-11-24 09:00")
        .until("2026-11-24 09:50")
        .tells(
            "
            Mon 23 Nov 10:00 TimesProposed
              > request to tomas
            Mon 23 Nov 10:00 TimeApproved
              > confirmation for Tue 24 Nov 09:00
            Tue 24 Nov 08:00 ClientReminded
              > reminder-hour for Tue 24 Nov 09:00, not after Tue 24 Nov 09:00
            Tue 24 Nov 09:50 OutcomeAwaited
            = Booked Tue 24 Nov 09:00; task since Tue 24 Nov 09:50: say how it went
        ",
        );
    // Less than an hour before: none at all.
    short_notice()
        .at("2026-11-23 09:10")
        .proposes(["2026-11-23 10:00"])
        .approves("2026-11-23 10:00")
        .until("2026-11-23 10:50")
        .tells(
            "
            Mon 23 Nov 09:10 TimesProposed
              > request to tomas
            Mon 23 Nov 09:10 TimeApproved
              > confirmation for Mon 23 Nov 10:00
            Mon 23 Nov 10:50 OutcomeAwaited
            = Booked Mon 23 Nov 10:00; task since Mon 23 Nov 10:50: say how it went
        ",
        );
}

#[test]
fn reminders_after_an_outage_say_until_when_they_are_of_use() {
    booked().at("2026-11-26 08:30").tick().tells(
        "
        Thu 26 Nov 08:30 ClientReminded
          > reminder-day for Thu 26 Nov 09:00, not after Thu 26 Nov 07:00
        Thu 26 Nov 08:30 ClientReminded
          > reminder-hour for Thu 26 Nov 09:00, not after Thu 26 Nov 09:00
        = Booked Thu 26 Nov 09:00; next Thu 26 Nov 09:50
    ",
    );
}

#[test]
fn the_day_before_is_a_civil_day_across_clock_changes() {
    let begun = |start: &str| {
        let mut story = Story::new();
        story.house.now = sample::utc(start);
        story.opt_in().completes().one_day()
    };
    let spring = begun("2027-03-26 12:00");
    spring
        .proposes(["2027-03-29 09:00"])
        .approves("2027-03-29 09:00")
        .until("2027-03-29 09:50")
        .tells(
            "
            Fri 26 Mar 12:00 TimesProposed
              > request to tomas
            Fri 26 Mar 12:00 TimeApproved
              > confirmation for Mon 29 Mar 09:00
            Sun 28 Mar 10:00 ClientReminded
              > reminder-day for Mon 29 Mar 09:00, not after Mon 29 Mar 07:00
            Mon 29 Mar 08:00 ClientReminded
              > reminder-hour for Mon 29 Mar 09:00, not after Mon 29 Mar 09:00
            Mon 29 Mar 09:50 OutcomeAwaited
            = Booked Mon 29 Mar 09:00; task since Mon 29 Mar 09:50: say how it went
        ",
        );
    let autumn = begun("2026-10-23 12:00");
    autumn
        .proposes(["2026-10-26 09:00"])
        .approves("2026-10-26 09:00")
        .until("2026-10-26 09:50")
        .tells(
            "
            Fri 23 Oct 13:00 TimesProposed
              > request to tomas
            Fri 23 Oct 13:00 TimeApproved
              > confirmation for Mon 26 Oct 09:00
            Sun 25 Oct 10:00 ClientReminded
              > reminder-day for Mon 26 Oct 09:00, not after Mon 26 Oct 07:00
            Mon 26 Oct 08:00 ClientReminded
              > reminder-hour for Mon 26 Oct 09:00, not after Mon 26 Oct 09:00
            Mon 26 Oct 09:50 OutcomeAwaited
            = Booked Mon 26 Oct 09:00; task since Mon 26 Oct 09:50: say how it went
        ",
        );
}

#[test]
fn who_has_cancelled_is_not_nudged_and_becomes_a_task() {
    booked().until("2026-11-25 09:00").cancels().one_day().until("2026-12-05 12:00").tells(
        "
        Tue 1 Dec 09:00 NudgesEnded
        = Choosing CancelledByClient; task since Tue 1 Dec 09:00: stopped half-way
    ",
    );
}
