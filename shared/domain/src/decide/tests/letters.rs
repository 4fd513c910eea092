//! Letters that could not be sent.

use super::story::Story;
use crate::LetterKind;

fn booked() -> Story {
    let asked = Story::new().opt_in().completes().proposes(["2026-11-26 09:00"]);
    asked.approves("2026-11-26 09:00").one_day()
}

#[test]
fn a_letter_that_was_not_sent_is_a_task_until_it_is_settled() {
    booked()
        .at("2026-11-24 10:00")
        .settles_letters()
        .letter_fails(LetterKind::Confirmation)
        .at("2026-11-24 11:00")
        .letter_fails(LetterKind::Confirmation)
        .letter_fails(LetterKind::Calendar)
        .tells("
            Tue 24 Nov 10:00 nothing
            Tue 24 Nov 10:00 LetterNotSent
            Tue 24 Nov 11:00 nothing
            Tue 24 Nov 11:00 LetterNotSent
            = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00; task since Tue 24 Nov 10:00: confirmation not sent; task since Tue 24 Nov 11:00: calendar not sent
        ");
    booked().letter_fails(LetterKind::Confirmation).settles_letters().settles_letters().tells(
        "
        Mon 23 Nov 09:00 LetterNotSent
        Mon 23 Nov 09:00 LettersSettled
        Mon 23 Nov 09:00 nothing
        = Booked Thu 26 Nov 09:00; next Wed 25 Nov 10:00
    ",
    );
}

#[test]
fn an_open_task_of_a_closed_file_stays() {
    Story::new().opt_in().letter_fails(LetterKind::Welcome).closes().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 LetterNotSent
        Mon 23 Nov 09:00 FileClosed
        = Closed ByStaff(Note(10 bytes)); task since Mon 23 Nov 09:00: welcome not sent
    ",
    );
}
