//! Opting in, the questionnaire, and what opens the calendar.

use super::story::{Story, opt_in};
use crate::{Actor, CalendarAfter, Command, Person, PersonName, sample};

fn read_first() -> Story {
    Story::by(sample::handbook_with(|handbook| {
        handbook.rules.calendar_after = CalendarAfter::Reading;
    }))
}

#[test]
fn a_visitor_is_invited_and_completes_the_questionnaire() {
    Story::new().opt_in().at("2026-11-23 09:20").completes().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:20 QuestionnaireCompleted
          > calendar
        = Choosing First; next Tue 24 Nov 09:20
    ",
    );
}

#[test]
fn a_letter_to_a_busy_source_waits() {
    Story::new().after_others(9).opt_in().one_day().meet("ben").after_others(10).opt_in().tells(
        "
        -- ben
        Mon 23 Nov 09:00 OptedIn
          > welcome, not before Mon 23 Nov 10:00
        = Invited; next Tue 24 Nov 09:00
    ",
    );
}

#[test]
fn answers_may_be_changed_until_the_call_begins() {
    Story::new()
        .opt_in()
        .completes()
        .completes()
        .proposes(["2026-11-25 09:00"])
        .completes()
        .approves("2026-11-25 09:00")
        .at("2026-11-25 08:59")
        .completes()
        .at("2026-11-25 09:00")
        .completes()
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 09:00 QuestionnaireCompleted
              > calendar
            Mon 23 Nov 09:00 AnswersChanged
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 09:00 AnswersChanged
            Mon 23 Nov 09:00 TimeApproved
              > confirmation for Wed 25 Nov 09:00
            Wed 25 Nov 08:59 AnswersChanged
            Wed 25 Nov 09:00 refused: the call has already begun
            = Booked Wed 25 Nov 09:00; next Tue 24 Nov 10:00
        ",
        );
}

#[test]
fn where_staff_read_first_the_calendar_waits_for_them() {
    read_first()
        .opt_in()
        .completes()
        .proposes(["2026-11-25 09:00"])
        .completes()
        .until("2026-12-23 09:00")
        .opens_calendar()
        .opens_calendar()
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 09:00 QuestionnaireCompleted, staff read first
            Mon 23 Nov 09:00 refused: your answers are being read; the calendar opens after that
            Mon 23 Nov 09:00 AnswersChanged
            Wed 23 Dec 09:00 CalendarOpened
              > calendar
            Wed 23 Dec 09:00 nothing
            = Choosing First; next Thu 24 Dec 09:00
        ",
        );
}

#[test]
fn one_address_is_written_to_three_times_a_day() {
    Story::new()
        .opt_in()
        .at("2026-11-23 10:00")
        .opt_in()
        .at("2026-11-23 11:00")
        .opt_in()
        .at("2026-11-24 08:59")
        .opt_in()
        .at("2026-11-24 09:00")
        .opt_in()
        .opt_in()
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 10:00 OptedInAgain
              > welcome-back
            Mon 23 Nov 11:00 OptedInAgain
              > welcome-back
            Tue 24 Nov 08:59 nothing
            Tue 24 Nov 09:00 OptedInAgain
              > welcome-back
            Tue 24 Nov 09:00 nothing
            = Invited; next Wed 25 Nov 09:00
        ",
        );
}

#[test]
fn two_posts_within_one_second_are_one() {
    Story::new().opt_in().opt_in().opt_in().a_second_later().opt_in().opt_in().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 nothing
        Mon 23 Nov 09:00 nothing
        Mon 23 Nov 09:00:01 OptedInAgain
          > welcome-back
        Mon 23 Nov 09:00:01 nothing
        = Invited; next Tue 24 Nov 09:00:01
    ",
    );
}

#[test]
fn who_asks_again_goes_on_where_they_were_and_is_nudged_anew() {
    Story::new().opt_in().until("2026-11-27 12:00").opt_in().until("2026-11-28 12:00").tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Tue 24 Nov 09:00 Nudged
          > questionnaire-nudge-1
        Thu 26 Nov 09:00 Nudged
          > questionnaire-nudge-2
        Fri 27 Nov 12:00 OptedInAgain
          > welcome-back
        Sat 28 Nov 12:00 Nudged
          > questionnaire-nudge-1
        = Invited, nudged 1x; next Mon 30 Nov 12:00
    ",
    );
    Story::new()
        .opt_in()
        .completes()
        .proposes(["2026-11-25 09:00"])
        .at("2026-11-23 10:00")
        .opt_in()
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 09:00 QuestionnaireCompleted
              > calendar
            Mon 23 Nov 09:00 TimesProposed
              > request to tomas
            Mon 23 Nov 10:00 OptedInAgain
              > welcome-back
            = Asked until Tue 24 Nov 09:00; next Mon 23 Nov 21:00
        ",
        );
}

#[test]
fn a_closed_file_opens_again_where_it_makes_sense() {
    Story::new().opt_in().closes().at("2026-11-30 10:00").opt_in().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 FileClosed
        Mon 30 Nov 10:00 OptedInAgain
          > welcome-back
        = Invited; next Tue 1 Dec 10:00
    ",
    );
    Story::new().opt_in().completes().closes().at("2026-11-30 10:00").opt_in().tells(
        "
        Mon 23 Nov 09:00 OptedIn
          > welcome
        Mon 23 Nov 09:00 QuestionnaireCompleted
          > calendar
        Mon 23 Nov 09:00 FileClosed
        Mon 30 Nov 10:00 OptedInAgain
          > welcome-back
        = Reading; task since Mon 30 Nov 10:00: read the answers
    ",
    );
}

#[test]
fn an_opt_in_into_a_closed_file_is_never_lost_but_its_letter_waits_for_the_next_day() {
    Story::new()
        .opt_in()
        .at("2026-11-23 10:00")
        .opt_in()
        .at("2026-11-23 11:00")
        .opt_in()
        .stops_nudges()
        .at("2026-11-23 12:00")
        .opt_in()
        .opt_in()
        .tells(
            "
            Mon 23 Nov 09:00 OptedIn
              > welcome
            Mon 23 Nov 10:00 OptedInAgain
              > welcome-back
            Mon 23 Nov 11:00 OptedInAgain
              > welcome-back
            Mon 23 Nov 11:00 NudgesStopped
            Mon 23 Nov 12:00 OptedInAgain
              > welcome-back, not before Tue 24 Nov 09:00
            Mon 23 Nov 12:00 nothing
            = Invited; next Tue 24 Nov 12:00
        ",
        );
}

#[test]
fn a_misspelt_name_is_mended_by_asking_again_until_the_questionnaire_is_complete() {
    let named = |story: Story, name: &str| {
        let Command::OptIn { client, session, person, consent } = opt_in(&story.client) else {
            unreachable!("it opts in")
        };
        let person = Person { name: PersonName::parse(name).unwrap(), ..person };
        story.wish(&Actor::Client, &Command::OptIn { client, session, person, consent })
    };
    let name_of =
        |story: &Story| story.house.file(&story.client).unwrap().person.name.as_str().to_owned();
    let story = named(Story::new().opt_in().at("2026-11-23 10:00"), "Ana Moura");
    assert_eq!(name_of(&story), "Ana Moura");
    let story = named(story.completes().at("2026-11-23 11:00"), "Somebody else");
    assert_eq!(name_of(&story), "Ana Moura", "from here on she is known");
}
