//! Every visitor's page once, with as much on it as a real one carries.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{America::New_York, Europe::Lisbon, Tz};
#[cfg(not(test))]
use documents::pages;
use domain::{
    Answers, Appointment, AppointmentId, Buffers, CommandId, Handbook, Invitation, Listed,
    MinuteOfDay, Offer, Proposal, ProposalId, QuestionId, SessionTypeId, Slot, StaffId, TimeSpan,
    Wishes,
};
use maud::{Markup, PreEscaped};

use super::sample::at;
#[cfg(test)]
use crate::pages;
use pages::{
    AfterAnswers, AppointmentPage, AskedPage, CalendarPage, CalendarPurpose, FieldMistake, Lost,
    OptInForm, ProblemPage, QuestionnaireDone, QuestionnairePage, QuestionnaireStatus, ReviewPage,
    Trouble, WaitingPart, ZoneBy,
};

/// As long as a signed link is.
pub(crate) const LINK: &str =
    "q7f3k2m9x1c8v5b4n6a0s2d3f7g8h1j4k5l6-1790000000-AbCdEfGhIjKlMnOpQrStUvWxYz012345";
/// As long as a key is.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// As many zones as the switcher offers.
fn zones() -> Vec<Tz> {
    chrono_tz::TZ_VARIANTS.iter().copied().skip(200).take(44).chain([Lisbon, New_York]).collect()
}

/// `days` days of `a_day` open times each.
pub(crate) fn slots(days: u64, a_day: i32) -> Vec<Slot> {
    let first = at("2026-10-19T08:00:00Z");
    (0..days)
        .flat_map(|day| (0..a_day).map(move |step| (first + Days::new(day), step)))
        .map(|(day, step)| day + TimeDelta::minutes(30) * step)
        .map(slot)
        .collect()
}

fn slot(start: DateTime<Utc>) -> Slot {
    Slot::of(start, TimeDelta::minutes(50))
}

fn day(text: &str) -> NaiveDate {
    at(&format!("{text}T00:00:00Z")).date_naive()
}

fn mara() -> StaffId {
    StaffId::parse("mara").expect("an id")
}

fn session() -> SessionTypeId {
    SessionTypeId::parse("first-conversation").expect("an id")
}

fn proposal() -> Proposal {
    let times = ["2026-10-20T09:00:00Z", "2026-10-22T13:30:00Z", "2026-10-27T10:00:00Z"];
    let wish = CommandId::parse("wish").expect("an id");
    Proposal {
        session: session(),
        id: ProposalId::of(&wish),
        times: times.map(|time| Offer { slot: slot(at(time)), providers: vec![mara()] }).to_vec(),
        buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) },
        asked_at: at("2026-10-15T09:12:00Z"),
        expires_at: at("2026-10-16T09:12:00Z"),
        reminded_at: None,
    }
}

fn booked() -> Appointment {
    let wish = CommandId::parse("wish").expect("an id");
    Appointment {
        session: session(),
        providers: vec![mara()],
        id: AppointmentId::of(&wish),
        sequence: 0,
        slot: slot(at("2026-10-20T14:00:00Z")),
        buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) },
        booked_at: at("2026-10-15T10:00:00Z"),
        reminded: None,
        outcome_awaited_since: None,
    }
}

/// Somebody who waits for a Monday or a Friday morning.
fn listed() -> Listed {
    let minute = |text: &str| MinuteOfDay::parse(text).expect("a time of day");
    let wishes = Wishes {
        days: vec![Weekday::Mon, Weekday::Fri],
        hours: TimeSpan { from: minute("09:00"), to: minute("12:00") },
        zone: Lisbon,
        until: day("2026-12-18"),
        with: None,
    };
    Listed::new(wishes, at("2026-10-15T09:12:00Z"))
}

/// Some answers, good and bad.
pub(crate) fn answers() -> Answers {
    let typed = [
        ("what-brings-you", "I have been offered a role in another city. Everyone says take it."),
        ("areas", "A decision I have to make"),
        ("areas", "Something else"),
        ("areas-else", "Where home is"),
        ("months", "about five"),
        ("deadline", "yes"),
        ("how-close", "4"),
        ("own-hands", "7"),
        ("who-knows", "One or two people close to me"),
        ("consent", "yes"),
    ];
    let typed = typed.map(|(id, value)| (QuestionId::parse(id).expect("an id"), value.to_owned()));
    Answers::collect(typed)
}

/// Every page under the name of its file.
pub(crate) fn album(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let mut album = asking(handbook);
    album.extend(answering(handbook));
    album.extend(choosing(handbook));
    album.extend(waiting(handbook));
    album.extend(ordering(handbook));
    album.extend(keeping(handbook));
    album
}

fn asking(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let mistakes = [
        FieldMistake {
            field: "email",
            words: "Please check the email address: it should look like name@example.org.".into(),
        },
        FieldMistake { field: "consent", words: "Please tick the box to go on.".into() },
    ];
    let form = |mistakes, embedded| OptInForm {
        key: KEY,
        stamp: "1790000000.aGVsbG8gd29ybGQ",
        session: None,
        name: "",
        email: "",
        consent: false,
        mistakes,
        embedded,
    };
    let wrong = OptInForm { name: "Ada Okafor", email: "ada@example", ..form(&mistakes, false) };
    let next = vec![("Ask for a conversation".to_owned(), "/harbour".to_owned())];
    let lost = ProblemPage {
        title: "This link is not known here",
        words: "It may be cut off: please open it from the letter once more, or ask anew.",
        next,
    };
    let text = "<p><strong>Changing or cancelling.</strong> Use the link in your confirmation; \
        you need not give a reason. Up to 24 hours before the call it costs nothing.</p>\
        <p><strong>Being late.</strong> A call ends when it was meant to end.</p>";
    vec![
        ("opt-in", pages::opt_in(handbook, &form(&[], false))),
        ("opt-in-mistakes", pages::opt_in(handbook, &wrong)),
        ("opt-in-framed", pages::opt_in(handbook, &form(&[], true))),
        ("thanks", pages::thanks(handbook)),
        ("policy", pages::policy(handbook, &PreEscaped(text.to_owned()))),
        ("problem", pages::problem(Some(handbook), &lost)),
        ("problem-neutral", pages::problem(None, &lost)),
    ]
}

fn answering(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let (none, some) = (Answers::default(), answers());
    let questionnaire = handbook.questionnaire(handbook.first_session());
    let mistakes = questionnaire.check(&some).expect_err("some are wrong");
    let page = |answers, mistakes, status| QuestionnairePage {
        link: LINK,
        key: KEY,
        questionnaire,
        answers,
        mistakes,
        status,
    };
    let show = |answers, mistakes, status| {
        pages::questionnaire(handbook, &page(answers, mistakes, status))
    };
    let done = |next, is_first| {
        pages::questionnaire_done(
            handbook,
            &QuestionnaireDone { next, is_first, questionnaire_link: LINK },
        )
    };
    vec![
        ("questionnaire", show(&none, &[], QuestionnaireStatus::New)),
        ("questionnaire-mistakes", show(&some, &mistakes, QuestionnaireStatus::Saved)),
        ("questionnaire-saved", show(&some, &[], QuestionnaireStatus::JustSaved)),
        ("questionnaire-complete", show(&some, &[], QuestionnaireStatus::Complete)),
        ("questionnaire-changed", done(AfterAnswers::Booked(LINK.into()), false)),
        ("questionnaire-done", done(AfterAnswers::Choose(LINK.into()), true)),
        ("questionnaire-done-later", done(AfterAnswers::Wait, true)),
    ]
}

/// The usual page of these open times.
fn calendar_page<'a>(
    handbook: &'a Handbook,
    slots: &'a [Slot],
    zones: &'a [Tz],
) -> CalendarPage<'a> {
    let session = handbook.first_session();
    CalendarPage {
        link: LINK,
        zone: Lisbon,
        session,
        with: None,
        zone_by: ZoneBy::Nobody,
        zones,
        slots,
        from: day("2026-10-19"),
        to: day("2026-11-15"),
        day: Some(day("2026-10-19")),
        today: day("2026-10-20"),
        earlier: None,
        later: None,
        chosen: &[],
        most: session.proposals_max,
        purpose: CalendarPurpose::First,
        waiting: Some(WaitingPart { key: KEY, listed: None, typed: None }),
        notice: None,
        trouble: None,
    }
}

fn choosing(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let (busy, few) = (slots(42, 20), slots(9, 4));
    let (proposal, booked, zones) = (proposal(), booked(), zones());
    let chosen = [at("2026-10-20T09:00:00Z"), at("2026-10-19T08:30:00Z")];
    let elsewhere = [chosen[0], at("2026-11-06T09:00:00Z")];
    let page = calendar_page(handbook, &few, &zones);
    let nearest = [at("2026-10-19T08:00:00Z"), at("2026-10-19T09:00:00Z")];
    let lost = Trouble::Lost(vec![
        Lost { start: chosen[1], nearest: nearest.into() },
        Lost { start: at("2026-12-01T08:30:00Z"), nearest: vec![] },
    ]);
    let full = CalendarPage {
        zone: New_York,
        zone_by: ZoneBy::Reader,
        slots: &busy,
        to: day("2026-11-29"),
        day: Some(day("2026-10-27")),
        earlier: Some(day("2026-10-05")),
        later: Some(day("2026-11-30")),
        chosen: &elsewhere,
        purpose: CalendarPurpose::Move(&booked),
        trouble: Some(&lost),
        ..page
    };
    let chosen = CalendarPage { chosen: &chosen, ..page };
    let empty = CalendarPage {
        slots: &[],
        day: None,
        later: Some(day("2026-11-16")),
        purpose: CalendarPurpose::Again(Invitation::Expired),
        ..page
    };
    let replace = CalendarPage { purpose: CalendarPurpose::Replace(&proposal), ..page };
    [
        ("calendar-full", full),
        ("calendar-chosen", chosen),
        ("calendar-empty", empty),
        ("calendar-replace", replace),
        ("calendar", page),
    ]
    .map(|(name, page)| (name, pages::calendar(handbook, &page)))
    .into()
}

fn waiting(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let (few, zones, listed) = (slots(9, 4), zones(), listed());
    let page = calendar_page(handbook, &few, &zones);
    let mut one_time = proposal();
    one_time.times.truncate(1);
    let on_the_list = Listed { offered: Some(one_time), ..listed.clone() };
    let waiting = CalendarPage {
        waiting: Some(WaitingPart { key: KEY, listed: Some(&listed), typed: None }),
        purpose: CalendarPurpose::Again(Invitation::Unlisted),
        ..page
    };
    let offered = CalendarPage {
        waiting: Some(WaitingPart { key: KEY, listed: Some(&on_the_list), typed: None }),
        ..waiting
    };
    vec![
        ("calendar-listed", pages::calendar(handbook, &waiting)),
        ("calendar-offered", pages::calendar(handbook, &offered)),
    ]
}

fn ordering(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let (proposal, booked) = (proposal(), booked());
    let times: Vec<Slot> = proposal.slots().collect();
    let session = handbook.first_session();
    let page = |times, purpose| ReviewPage {
        link: LINK,
        key: KEY,
        zone: New_York,
        session,
        with: None,
        times,
        purpose,
    };
    let three = page(&times, CalendarPurpose::First);
    let one = page(&times[..1], CalendarPurpose::Move(&booked));
    let asked = |zone, purpose| {
        pages::asked(handbook, &AskedPage { link: LINK, zone, proposal: &proposal, purpose })
    };
    vec![
        ("review", pages::review(handbook, &three)),
        ("review-one", pages::review(handbook, &one)),
        ("asked", asked(Lisbon, CalendarPurpose::First)),
        ("asked-move", asked(New_York, CalendarPurpose::Move(&booked))),
    ]
}

fn keeping(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let (proposal, booked) = (proposal(), booked());
    let page = AppointmentPage {
        link: LINK,
        calendar_link: LINK,
        questionnaire_link: LINK,
        key: KEY,
        zone: Lisbon,
        appointment: &booked,
        change: None,
        has_begun: false,
        may_cancel: true,
        may_move: true,
    };
    let moving = AppointmentPage { zone: New_York, change: Some(&proposal), ..page };
    let late = AppointmentPage { may_cancel: false, may_move: false, ..page };
    let begun = AppointmentPage { has_begun: true, ..page };
    vec![
        ("appointment", pages::appointment(handbook, &page)),
        ("appointment-moving", pages::appointment(handbook, &moving)),
        ("appointment-late", pages::appointment(handbook, &late)),
        ("appointment-begun", pages::appointment(handbook, &begun)),
        ("cancelled", pages::cancelled(handbook, LINK)),
        ("stop", pages::stop(handbook, LINK)),
        ("stopped", pages::stopped(handbook)),
    ]
}
