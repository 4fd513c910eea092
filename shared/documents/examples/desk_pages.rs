//! Prints the pages of the desk and of the local house, and what phones read of the calendar, into a
//! folder, to look at them: `cargo run -p documents --example desk_pages -- /tmp/deskpages`.

#[path = "../src/pages/desk/sample.rs"]
mod sample;
#[path = "../src/pages/desk/sample_lines.rs"]
mod sample_lines;
#[path = "parts/calendar_files.rs"]
mod calendar_files;

use std::{env, fs, io, path::Path};

use documents::pages::{
    desk::{
        self, CalendarDay, ClientPage, DayStart, Desk, HandbookChangeLine, HandbookPage,
        LetterLine, OtherLine, PhoneLine, RequestPage, SessionLine, SignIn, TimelineEntry, Today,
    },
    house::{self, HousePage, MailLine, MailPage},
    style,
};
use domain::{ClientFile, Consent, Event, Handbook, LetterKind, Note, Stage, Taken};
use maud::Markup;
use sample::{GUARD, KEY, at, now};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "desk-pages".into());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    calendar_files::write_all(folder)?;
    let handbook = sample::handbook();
    write(&folder.join("style.css"), &style(&handbook))?;
    let mut pages = desk_pages(&handbook);
    pages.extend(pages_outside(&handbook));
    pages.extend(house_pages(&handbook));
    for (name, page) in pages {
        let html = page.into_string().replace("/harbour/style.css", "style.css");
        write(&folder.join(format!("{name}.html")), &html)?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "printing files is all that this example does")]
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// A Wednesday of the only calendar.
fn day_of<'a>(
    handbook: &'a Handbook,
    starts: &'a [DayStart<'a>],
    files: &'a [ClientFile],
    kept_free: &'a [Taken],
) -> CalendarDay<'a> {
    let (calendar, session) = (&handbook.calendars[0], handbook.first_session());
    let date = at("25T09:00").date_naive();
    CalendarDay { date, calendar, session, starts, files, kept_free }
}

fn desk_pages(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let files = sample::everybody();
    let all: Vec<&ClientFile> = files.iter().collect();
    let tasks: Vec<_> =
        all.iter().flat_map(|file| file.tasks().into_iter().map(|task| (*file, task))).collect();
    let plain = Desk {
        handbook,
        staff: &handbook.staff[1],
        key: KEY,
        guard: GUARD,
        now: now(),
        notice: None,
        sent_back: None,
    };
    let told = Desk { notice: Some("Booked. The confirmation is on its way to Ines."), ..plain };
    let silent = ["My own calendar".to_owned()];
    let on_the_list: Vec<&ClientFile> =
        all.iter().copied().filter(|file| file.listed().is_some()).collect();
    let day = Today {
        requests: &[all[0], all[1], all[4]],
        calls: &[all[2], all[3], all[4]],
        tasks: &tasks,
        next_calls: &[all[1]],
        waiting: &on_the_list,
        silent: &silent,
        is_sending_paused: false,
    };
    let quiet = Today::default();
    let page = |file| ClientPage { file, answers: None, timeline: &[], letters: &[] };
    let (answers, timeline, letters) = (sample::answers(), timeline(handbook), letters());
    let full = ClientPage {
        answers: Some(&answers),
        timeline: &timeline,
        letters: &letters,
        ..page(all[1])
    };
    let session =
        |id: &str, since, is_this| SessionLine { id: id.into(), since, until: now(), is_this };
    let sessions = [
        session("s1", at("24T08:55"), true),
        session("s2", at("20T19:30"), false),
        session("s3", at("02T09:00"), false),
    ];
    let taken = sample::taken(&files);
    let start = |(at, against)| DayStart { at, against, missing: vec![] };
    let starts: Vec<DayStart<'_>> = sample::starts(&taken).into_iter().map(start).collect();
    let kept_free = [sample::kept_free()];
    let provider = &handbook.calendars[0].provider;
    let calendar = day_of(handbook, &starts, &files, &kept_free);
    let closed = CalendarDay { starts: &[], ..calendar };
    vec![
        ("calendar-day", desk::calendar_day(&plain, &calendar)),
        ("calendar-day-closed", desk::calendar_day(&plain, &closed)),
        ("today", desk::today(&told, &day)),
        ("today-quiet", desk::today(&plain, &quiet)),
        ("clients", desk::clients(&plain, &all, Some(100))),
        ("clients-none", desk::clients(&plain, &[], None)),
        ("client", desk::client(&plain, &full)),
        ("client-asked", desk::client(&plain, &page(all[0]))),
        ("client-call", desk::client(&plain, &page(all[2]))),
        ("client-letters", desk::client(&plain, &page(all[9]))),
        ("client-closed", desk::client(&plain, &page(all[11]))),
        ("sessions", desk::sessions(&plain, &sessions)),
        ("phone", desk::phone(&plain, &sample_lines::phones(), provider)),
        ("others", desk::others(&plain, &sample_lines::other_calendars(), provider)),
        ("others-none", desk::others(&plain, &[], provider)),
        ("handbook", handbook_page(&told)),
    ]
}

/// A file of the handbook with a slip in it, as its owner sees it.
fn handbook_page(desk: &Desk<'_>) -> Markup {
    let files = ["letters/welcome.md", "policy.md", "practice.toml"].map(str::to_owned);
    let mistakes =
        ["practice.toml, line 3: `monday`: two spans overlap; make one of them".to_owned()];
    let page = HandbookPage {
        files: &files,
        file: "practice.toml",
        text: "[hours]\n\nmonday = [\"09:00-12:30\", \"12:00-17:30\"]\n",
        version: "3f2a9c41d07b6e58",
        may_change: true,
        mistakes: &mistakes,
        changes: &sample_lines::changes(),
        origin: "https://book.example.org",
    };
    desk::handbook(desk, &page)
}

fn timeline(handbook: &Handbook) -> Vec<TimelineEntry> {
    let consent = Consent {
        words: "By sending this form you agree that Harbour Coaching keeps what you enter here."
            .into(),
        handbook: handbook.version.clone(),
        page: "https://harbour.example/ask".into(),
    };
    let Stage::Booked { appointment, change: Some(proposal) } = sample::everybody().remove(1).stage
    else {
        return vec![];
    };
    let declined = Event::TimesDeclined {
        proposal: proposal.id.clone(),
        note: Note::parse("Mara is away that week. Would the mornings after it suit you?")
            .unwrap_or_default(),
    };
    let person = sample::everybody().remove(1).person;
    let client = sample::everybody().remove(1).id;
    let zone = chrono_tz::Tz::America__New_York;
    let session = handbook.first_session().id.clone();
    let questionnaire = handbook.first_session().questionnaire.clone();
    let completed = Event::QuestionnaireCompleted { questionnaire, staff_read_first: false };
    let events = [
        (
            "19T18:02",
            "Jonas Weidenbach",
            Event::OptedIn { client, session, person, consent, letters_not_before: None },
        ),
        ("20T18:03", "The house", Event::Nudged),
        ("20T20:15", "Jonas Weidenbach", completed),
        ("20T20:19", "Jonas Weidenbach", Event::TimesProposed { proposal: proposal.clone(), zone }),
        ("21T09:02", "Tomás Reis", declined),
        (
            "21T17:40",
            "Jonas Weidenbach",
            Event::TimesProposed { proposal: sample::proposal(9, &["25T15:00"]), zone },
        ),
        ("22T10:00", "Tomás Reis", Event::TimeApproved { appointment }),
        ("22T10:00", "The house", Event::LetterNotSent { letter: LetterKind::Confirmation }),
        ("22T11:30", "Tomás Reis", Event::LettersSettled),
        ("23T18:40", "Jonas Weidenbach", Event::TimesProposed { proposal, zone }),
        ("24T09:00", "Jonas Weidenbach", Event::AnswersChanged),
    ];
    events
        .into_iter()
        .map(|(when, actor, event)| {
            let (words, detail) = desk::describe(&event, handbook);
            TimelineEntry { at: at(when), actor: actor.into(), words, detail }
        })
        .collect()
}

fn letters() -> Vec<LetterLine> {
    let line = |when, kind, state: &str| LetterLine {
        at: at(when),
        name: desk::letter_name(kind),
        state: state.into(),
    };
    vec![
        line("19T18:02", LetterKind::Welcome, "delivered"),
        line("20T18:03", LetterKind::QuestionnaireNudge(1), "delivered"),
        line("20T20:15", LetterKind::Calendar, "delivered"),
        line("21T09:02", LetterKind::Declined, "delivered"),
        line("22T10:00", LetterKind::Confirmation, "could not be sent"),
    ]
}

fn pages_outside(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let form = SignIn { handbook, key: KEY, mistake: None, email: "", to: "" };
    let wrong = SignIn {
        mistake: Some("Please check the email address: it should look like name@example.org."),
        email: "tomas@harbour",
        ..form
    };
    let files = sample::everybody();
    let page = |file| {
        let proposal = ClientFile::request(file)?;
        Some(RequestPage {
            handbook,
            staff: &handbook.staff[1],
            file,
            proposal,
            link: "a.b.c",
            key: KEY,
            now: now(),
        })
    };
    let mut pages = vec![
        ("sign-in", desk::sign_in(&form)),
        ("sign-in-mistake", desk::sign_in(&wrong)),
        ("sign-in-sent", desk::sign_in_sent(handbook, None)),
        (
            "sign-in-sent-mistake",
            desk::sign_in_sent(handbook, Some("This code is not right, or no longer valid.")),
        ),
        ("sign-in-confirm", desk::sign_in_confirm(handbook, "link", false)),
        ("sign-in-confirm-code", desk::sign_in_confirm(handbook, "link", true)),
        (
            "request-answered",
            desk::request_answered(
                handbook,
                "Booked for Thursday 26 November 2026, 09:00. The confirmation is on its way.",
            ),
        ),
    ];
    pages.extend(page(&files[0]).map(|page| ("request", desk::request(&page))));
    pages.extend(page(&files[1]).map(|page| ("request-change", desk::request(&page))));
    pages
}

fn house_pages(handbook: &Handbook) -> Vec<(&'static str, Markup)> {
    let home = HousePage {
        handbook,
        others: &[],
        opt_in: "/harbour",
        desk: "/harbour/desk",
        mailbox: "/house/mailbox",
        clock: Some(now()),
    };
    let line = |id: &str, to: &str, subject: &str| MailLine {
        id: id.into(),
        at: now(),
        to: to.into(),
        subject: subject.into(),
    };
    let mails = [
        line("3", "client1@post.example", "First conversation: Thursday 26 November 2026, 09:00"),
        line("2", "tomas@harbour.example", "First conversation: times to approve"),
        line("1", "client1@post.example", "Your first conversation: a few questions before it"),
    ];
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mail = MailPage {
        id: "2".into(),
        headers: vec![
            header("From", "Harbour Coaching <hello@harbour.example>"),
            header("To", "tomas@harbour.example"),
            header("Subject", "First conversation: times to approve"),
            header("Date", "Tue, 24 Nov 2026 09:10:00 +0000"),
        ],
        text: "Hello Tomás,\n\nInes would like one of these times.\n\nSee the request and answer it:\nhttp://localhost:8080/harbour/request/a.b.c\n".into(),
        has_html: true,
        attachments: vec![("invitation.ics".into(), "/house/mailbox/2/attachment/0".into(), 1_240)],
        eml: "/house/mailbox/2/message.eml".into(),
    };
    vec![
        ("house", house::home(&home)),
        ("house-mailbox", house::mailbox(&mails, handbook)),
        ("house-mailbox-empty", house::mailbox(&[], handbook)),
        ("house-mail", house::mail(&mail, handbook)),
        ("house-clock", house::clock(handbook, now(), true)),
        ("house-clock-fixed", house::clock(handbook, now(), false)),
    ]
}
