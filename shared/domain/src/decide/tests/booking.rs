//! Times that staff book or move by hand, rules that they set aside, and until when who may change
//! what.

use chrono::TimeDelta;

use super::story::Story;
use crate::{CutOff, CutOffs, sample};

#[test]
fn staff_book_a_time_that_was_agreed_by_telephone() {
    Story::new().opt_in().one_day().staff_book("2026-11-26 09:00", "").completes().tells(
        "
        Mon 23 Nov 09:00 TimeApproved
          > confirmation for Thu 26 Nov 09:00
        Mon 23 Nov 09:00 QuestionnaireCompleted
        = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00
    ",
    );
}

#[test]
fn staff_move_the_appointment_and_the_request_of_the_client_ends() {
    Story::new()
        .opt_in()
        .completes()
        .proposes(["2026-11-26 09:00", "2026-11-27 09:00"])
        .approves("2026-11-26 09:00")
        .proposes(["2026-11-27 11:00"])
        .one_day()
        .staff_book("2026-11-27 09:00", "")
        .staff_book("2026-11-27 09:00", "")
        .tells(
            "
        Mon 23 Nov 09:00 AppointmentMoved
          > moved for Fri 27 Nov 09:00
        Mon 23 Nov 09:00 nothing
        = Booked Fri 27 Nov 09:00, moved 1x; next Thu 26 Nov 10:00
    ",
        );
}

#[test]
fn a_rule_is_set_aside_by_whoever_says_why() {
    Story::new()
        .opt_in()
        .completes()
        .one_day()
        .staff_book("2026-11-28 19:00", "")
        .staff_book("2026-11-28 19:00", "she flies on Sunday")
        .tells(
            "
        Mon 23 Nov 09:00 refused: it lies outside the hours; to do it all the same, say why
        Mon 23 Nov 09:00 RulesSetAside, TimeApproved
          > confirmation for Sat 28 Nov 19:00
        = Booked Sat 28 Nov 19:00; next Fri 27 Nov 10:00
    ",
        );
}

#[test]
fn what_is_taken_or_past_stays_so() {
    Story::new()
        .opt_in()
        .completes()
        .proposes(["2026-11-26 09:00"])
        .meet("bruno")
        .opt_in()
        .completes()
        .one_day()
        .staff_book("2026-11-26 09:30", "all the same")
        .staff_book("2026-11-26 09:50", "all the same")
        .staff_book("2026-11-23 08:00", "all the same")
        .staff_book("2026-11-26 10:00", "")
        .tells(
            "
        Mon 23 Nov 09:00 refused: this time is no longer free
        Mon 23 Nov 09:00 refused: this time is no longer free
        Mon 23 Nov 09:00 refused: this time is no longer free
        Mon 23 Nov 09:00 TimeApproved
          > confirmation for Thu 26 Nov 10:00
        = Booked Thu 26 Nov 10:00; next Wed 25 Nov 10:00
    ",
        );
}

#[test]
fn the_client_cancels_and_moves_until_the_cut_off() {
    let hours = TimeDelta::hours;
    let handbook = sample::handbook_with(|handbook| {
        handbook.rules.cut_offs = CutOffs {
            client: CutOff { cancel: hours(24), reschedule: hours(48) },
            staff: CutOff { cancel: hours(72), reschedule: hours(72) },
        };
    });
    Story::by(handbook)
        .opt_in()
        .completes()
        .proposes(["2026-11-26 11:00"])
        .approves("2026-11-26 11:00")
        .one_day()
        .at("2026-11-24 11:00")
        .proposes(["2026-11-27 09:00"])
        .at("2026-11-24 11:01")
        .proposes(["2026-11-27 10:00"])
        .at("2026-11-25 11:01")
        .cancels()
        .staff_book("2026-11-27 11:00", "")
        .staff_book("2026-11-27 11:00", "the train is late")
        .practice_cancels()
        .tells(
        "
        Tue 24 Nov 11:00 TimesProposed
          > request to tomas
        Tue 24 Nov 11:01 refused: it can be moved here until 48 hours before it begins
        Wed 25 Nov 11:01 refused: it can be cancelled here until 24 hours before it begins
        Wed 25 Nov 11:01 refused: it is very late to cancel or move it; to do it all the same, say why
        Wed 25 Nov 11:01 RulesSetAside, AppointmentMoved
          > moved for Fri 27 Nov 11:00
        Wed 25 Nov 11:01 AppointmentCancelled
          > cancelled-by-practice for Fri 27 Nov 11:00 \"flu\"
          > cancellation-notice to mara for Fri 27 Nov 11:00 \"flu\"
        = Choosing CancelledByPractice; next Thu 26 Nov 11:01
    ",
    );
}
