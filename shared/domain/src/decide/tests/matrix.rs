//! Every command at every stage: what it makes, or why not.

use super::story::{Story, answer, check_lines, complete, note, opt_in, tomas, wishes};
use crate::{Actor, CalendarAfter, Command, LetterKind, Outcome, Stage, sample};

/// The command that the table shows after this one. A new variant needs its row to compile.
fn following(command: &Command, story: &Story) -> Option<Command> {
    let (proposal, appointment) = (story.request(), story.call());
    let starts = vec![sample::utc("2026-11-26 09:00")];
    let start = starts[0];
    Some(match command {
        Command::OptIn { .. } => complete(),
        Command::CompleteQuestionnaire { .. } => Command::OpenCalendar,
        Command::OpenCalendar => {
            Command::ProposeTimes { starts, with: None, zone: chrono_tz::Europe::Lisbon }
        }
        Command::ProposeTimes { .. } => Command::ApproveTime { proposal, start },
        Command::ApproveTime { .. } => Command::DeclineTimes { proposal, note: note("") },
        Command::DeclineTimes { .. } => Command::BookTime { start, with: None, despite: note("") },
        Command::BookTime { .. } => Command::CancelAppointment { appointment, note: note("") },
        Command::CancelAppointment { .. } => {
            Command::RecordOutcome { appointment, outcome: Outcome::Held }
        }
        Command::RecordOutcome { outcome: Outcome::Held, .. } => {
            Command::RecordOutcome { appointment, outcome: Outcome::NoShow }
        }
        Command::RecordOutcome { outcome: Outcome::NoShow, .. } => Command::InviteAgain,
        Command::InviteAgain => {
            Command::InviteTo { session: sample::handbook().sessions[0].id.clone() }
        }
        Command::InviteTo { .. } => {
            Command::LeaveWishes { wishes: wishes("Tue", "09:00-10:00", "2026-11-24") }
        }
        Command::LeaveWishes { .. } => Command::WithdrawWishes,
        Command::WithdrawWishes => Command::PassOffer { proposal: story.offer() },
        Command::PassOffer { .. } => Command::OfferTime,
        Command::OfferTime => Command::StopNudges,
        Command::StopNudges => Command::CloseFile { note: note("") },
        Command::CloseFile { .. } => Command::ReportLetterNotSent { letter: LetterKind::Welcome },
        Command::ReportLetterNotSent { .. } => Command::SettleLetters,
        Command::SettleLetters => Command::TimePassed,
        Command::TimePassed => return None,
    })
}

fn every_command(story: &Story) -> Vec<Command> {
    let first = opt_in(&story.client);
    std::iter::successors(Some(first), |command| following(command, story)).collect()
}

fn command_name(command: &Command) -> String {
    let debug = format!("{command:?}");
    let name = debug.split([' ', '{']).next().unwrap_or_default();
    if let Command::RecordOutcome { outcome, .. } = command {
        return format!("{name} {outcome:?}");
    }
    name.to_owned()
}

/// The stories of the stage after this one. A new variant needs its stories to compile.
fn at_next_stage(stage: Option<&Stage>) -> Vec<(&'static str, Story)> {
    match stage {
        None => vec![("Invited", Story::new().opt_in())],
        Some(Stage::Invited(_)) => {
            let read_first = sample::handbook_with(|handbook| {
                handbook.rules.calendar_after = CalendarAfter::Reading;
            });
            vec![("Reading", Story::by(read_first).opt_in().completes())]
        }
        Some(Stage::Reading { .. }) => vec![("Choosing", Story::new().opt_in().completes())],
        Some(Stage::Choosing { .. }) => {
            vec![("Listed", listed()), ("Listed, a time offered", listed().gets_a_look())]
        }
        Some(Stage::Listed(_)) => {
            vec![("Asked", asked()), ("Asked, run out unnoticed", asked().at("2026-11-24 09:00"))]
        }
        Some(Stage::Asked(_)) => vec![
            ("Booked", booked()),
            ("Booked, change asked", booked().proposes(["2026-11-26 09:00"])),
            ("Booked, call begun", booked().until("2026-11-25 09:00")),
            ("Booked, call over", booked().until("2026-11-25 10:00")),
        ],
        Some(Stage::Booked { .. }) => vec![("Closed", Story::new().opt_in().closes())],
        Some(Stage::Closed { .. }) => vec![],
    }
}

fn listed() -> Story {
    let story = Story::new().opt_in().completes().nothing_is_open();
    story.waits("Tue", "09:00-12:00", "2026-12-18").all_is_open()
}

fn asked() -> Story {
    Story::new().opt_in().completes().proposes(["2026-11-25 09:00", "2026-11-26 09:00"])
}

fn booked() -> Story {
    asked().approves("2026-11-25 09:00")
}

/// What becomes of every command when this actor gives it a second after the story.
fn table_of(name: &str, story: Story, actor: &Actor) -> Vec<String> {
    let story = story.a_second_later();
    let rows = every_command(&story).into_iter().map(|command| {
        let mut house = story.house.clone();
        let answer = answer(house.wish(&story.client, actor, &command));
        format!("{:<22}{answer}", command_name(&command))
    });
    std::iter::once(format!("# {name}")).chain(rows).collect()
}

#[track_caller]
fn check(actor: &Actor, expected: &str) {
    let mut stories = vec![("No file", Story::new())];
    let mut lines = Vec::new();
    let mut seen = Vec::new();
    while !stories.is_empty() {
        let stage = stories[0].1.house.file(&stories[0].1.client).map(|file| file.stage.clone());
        let kind = stage.as_ref().map(std::mem::discriminant);
        assert!(!seen.contains(&kind), "{}: the story ends elsewhere", stories[0].0);
        seen.push(kind);
        for (name, story) in stories {
            lines.extend(table_of(name, story, actor));
        }
        stories = at_next_stage(stage.as_ref());
    }
    check_lines(&lines, expected);
}

#[test]
fn what_staff_may_wish_at_every_stage() {
    check(&tomas(), BY_STAFF);
}

#[test]
fn only_the_practice_may_do_what_is_the_practice_s() {
    check_lines(
        &table_of("Asked, by the client", asked(), &Actor::Client),
        "
        # Asked, by the client
        OptIn                 OptedInAgain
        CompleteQuestionnaire AnswersChanged
        OpenCalendar          refused: only the practice can do this
        ProposeTimes          TimesProposed
        ApproveTime           refused: only the practice can do this
        DeclineTimes          refused: only the practice can do this
        BookTime              refused: only the practice can do this
        CancelAppointment     refused: this appointment is no longer booked
        RecordOutcome Held    refused: only the practice can do this
        RecordOutcome NoShow  refused: only the practice can do this
        InviteAgain           refused: only the practice can do this
        InviteTo              refused: only the practice can do this
        LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
        WithdrawWishes        nothing
        PassOffer             refused: this request is no longer open
        OfferTime             nothing
        StopNudges            NudgesStopped
        CloseFile             refused: only the practice can do this
        ReportLetterNotSent   LetterNotSent
        SettleLetters         refused: only the practice can do this
        TimePassed            nothing
    ",
    );
}

/// A second after the stage was reached.
const BY_STAFF: &str = "
    # No file
    OptIn                 OptedIn
    CompleteQuestionnaire refused: this link belongs to nobody we know
    OpenCalendar          refused: this link belongs to nobody we know
    ProposeTimes          refused: this link belongs to nobody we know
    ApproveTime           refused: this link belongs to nobody we know
    DeclineTimes          refused: this link belongs to nobody we know
    BookTime              refused: this link belongs to nobody we know
    CancelAppointment     refused: this link belongs to nobody we know
    RecordOutcome Held    refused: this link belongs to nobody we know
    RecordOutcome NoShow  refused: this link belongs to nobody we know
    InviteAgain           refused: this link belongs to nobody we know
    InviteTo              refused: this link belongs to nobody we know
    LeaveWishes           refused: this link belongs to nobody we know
    WithdrawWishes        refused: this link belongs to nobody we know
    PassOffer             refused: this link belongs to nobody we know
    OfferTime             refused: this link belongs to nobody we know
    StopNudges            refused: this link belongs to nobody we know
    CloseFile             refused: this link belongs to nobody we know
    ReportLetterNotSent   refused: this link belongs to nobody we know
    SettleLetters         refused: this link belongs to nobody we know
    TimePassed            refused: this link belongs to nobody we know
    # Invited
    OptIn                 OptedInAgain
    CompleteQuestionnaire QuestionnaireCompleted
    OpenCalendar          refused: the questionnaire comes before the calendar
    ProposeTimes          refused: the questionnaire comes before the calendar
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           InvitedAgain
    InviteTo              InvitedTo
    LeaveWishes           refused: the questionnaire comes before the calendar
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             FileClosed
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Reading
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          CalendarOpened
    ProposeTimes          refused: your answers are being read; the calendar opens after that
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              InvitedTo
    LeaveWishes           refused: your answers are being read; the calendar opens after that
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             FileClosed
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Choosing
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           InvitedAgain
    InviteTo              InvitedTo
    LeaveWishes           WishesLeft
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             FileClosed
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Listed
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              InvitedTo
    LeaveWishes           WishesLeft
    WithdrawWishes        WishesWithdrawn
    PassOffer             refused: this request is no longer open
    OfferTime             TimeOffered
    StopNudges            NudgesStopped
    CloseFile             FileClosed
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Listed, a time offered
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              InvitedTo
    LeaveWishes           WishesLeft
    WithdrawWishes        WishesWithdrawn
    PassOffer             OfferPassed
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             FileClosed
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Asked
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           TimeApproved
    DeclineTimes          TimesDeclined
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Asked, run out unnoticed
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            StaffReminded
    # Booked
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              AppointmentMoved
    CancelAppointment     AppointmentCancelled
    RecordOutcome Held    refused: the call has not begun yet
    RecordOutcome NoShow  refused: the call has not begun yet
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Booked, change asked
    OptIn                 OptedInAgain
    CompleteQuestionnaire AnswersChanged
    OpenCalendar          nothing
    ProposeTimes          TimesProposed
    ApproveTime           AppointmentMoved
    DeclineTimes          TimesDeclined
    BookTime              AppointmentMoved
    CancelAppointment     AppointmentCancelled
    RecordOutcome Held    refused: the call has not begun yet
    RecordOutcome NoShow  refused: the call has not begun yet
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Booked, call begun
    OptIn                 OptedInAgain
    CompleteQuestionnaire refused: the call has already begun
    OpenCalendar          nothing
    ProposeTimes          refused: the call has already begun
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              refused: the call has already begun
    CancelAppointment     refused: the call has already begun
    RecordOutcome Held    OutcomeRecorded
    RecordOutcome NoShow  OutcomeRecorded
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Booked, call over
    OptIn                 OptedInAgain
    CompleteQuestionnaire refused: the call has already begun
    OpenCalendar          nothing
    ProposeTimes          refused: the call has already begun
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              refused: the call has already begun
    CancelAppointment     refused: the call has already begun
    RecordOutcome Held    OutcomeRecorded
    RecordOutcome NoShow  OutcomeRecorded
    InviteAgain           refused: there is nothing to invite this client to now
    InviteTo              refused: answer the request or cancel the appointment first
    LeaveWishes           refused: a time is asked for or booked already; choose another one in the calendar, or cancel it
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: answer the request or cancel the appointment first
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
    # Closed
    OptIn                 OptedInAgain
    CompleteQuestionnaire refused: this is closed; ask for a session again whenever you like
    OpenCalendar          refused: this is closed; ask for a session again whenever you like
    ProposeTimes          refused: this is closed; ask for a session again whenever you like
    ApproveTime           refused: this request is no longer open
    DeclineTimes          refused: this request is no longer open
    BookTime              TimeApproved
    CancelAppointment     refused: this appointment is no longer booked
    RecordOutcome Held    refused: this appointment is no longer booked
    RecordOutcome NoShow  refused: this appointment is no longer booked
    InviteAgain           refused: this is closed; ask for a session again whenever you like
    InviteTo              InvitedTo
    LeaveWishes           refused: this is closed; ask for a session again whenever you like
    WithdrawWishes        nothing
    PassOffer             refused: this request is no longer open
    OfferTime             nothing
    StopNudges            NudgesStopped
    CloseFile             refused: this is closed; ask for a session again whenever you like
    ReportLetterNotSent   LetterNotSent
    SettleLetters         nothing
    TimePassed            nothing
";
