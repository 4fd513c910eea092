use domain::{Actor, ClientFile, Event, LetterKind, Note, Proposal, Stage};

use super::{
    checks::{check_page, check_shape},
    sample::{
        GUARD, KEY, answers, at, booked, everybody, file, handbook, kept_free, now, proposal,
        starts, taken,
    },
    sample_lines::{changes, other_calendars, phones},
    *,
};

fn desk(handbook: &Handbook) -> Desk<'_> {
    let staff = &handbook.staff[1];
    Desk {
        handbook,
        staff,
        key: KEY,
        guard: GUARD,
        now: now(),
        notice: Some("Done."),
        sent_back: None,
    }
}

/// Today, if these are the files: sorted into the lists that they belong to.
fn today_of(files: &[ClientFile]) -> String {
    let requests: Vec<_> = files.iter().filter(|file| file.request().is_some()).collect();
    let is_today = |file: &&ClientFile| {
        matches!(&file.stage, Stage::Booked { appointment, .. }
            if appointment.slot.start.date_naive() == now().date_naive())
    };
    let calls: Vec<_> = files.iter().filter(is_today).collect();
    let tasks: Vec<_> = files
        .iter()
        .flat_map(|file| file.tasks().into_iter().map(move |task| (file, task)))
        .collect();
    let waiting: Vec<&ClientFile> = files.iter().filter(|file| file.listed().is_some()).collect();
    let lists = Today {
        requests: &requests,
        calls: &calls,
        tasks: &tasks,
        next_calls: &calls,
        waiting: &waiting,
        silent: &[],
        is_sending_paused: false,
    };
    let handbook = handbook();
    let html = today(&desk(&handbook), &lists).into_string();
    check_shape("today", &html);
    html
}

fn client_page(file: &ClientFile) -> String {
    let answers = answers();
    let entry = |words: &str| TimelineEntry {
        at: at("20T10:00"),
        actor: "<b>".into(),
        words: words.into(),
        detail: Some("<i>".into()),
    };
    let letter = LetterLine { at: now(), name: "<u>".into(), state: "<s>".into() };
    let page = ClientPage {
        file,
        answers: file.answers.is_some().then_some(&answers),
        timeline: &[entry("it came earlier"), entry("it came later")],
        letters: &[letter],
    };
    let handbook = handbook();
    let html = client(&desk(&handbook), &page).into_string();
    check_page("client", &html);
    html
}

#[test]
fn a_client_in_every_stage() {
    for file in everybody() {
        let html = client_page(&file);
        assert!(html.contains("&lt;i&gt;") && html.contains("&lt;u&gt;"));
        assert!(html.find("it came later") < html.find("it came earlier"), "the newest first");
    }
}

#[test]
fn what_can_be_done_follows_the_stage() {
    #[track_caller]
    fn check(file: &ClientFile, deeds: &[&str]) {
        let html = client_page(file);
        let all = [
            "approve",
            "decline",
            "outcome",
            "cancel",
            "invite-again",
            "close",
            "open-calendar",
            "settle-letters",
        ];
        for deed in all {
            let is_offered = html.contains(&format!("{}/{deed}\"", file.id));
            assert_eq!(is_offered, deeds.contains(&deed), "{deed}");
        }
    }
    let files = everybody();
    check(&files[0], &["approve", "decline"]);
    check(&files[1], &["approve", "decline", "cancel"]);
    check(&files[2], &["outcome"]);
    check(&files[3], &["cancel"]);
    check(&files[5], &["outcome"]);
    check(&files[6], &["invite-again", "close"]);
    check(&files[8], &["open-calendar", "close"]);
    check(&files[9], &["invite-again", "close", "settle-letters"]);
    check(&files[11], &[]);
}

#[test]
fn the_list_of_the_morning() {
    let html = today_of(&everybody());
    let start = at("26T09:00").timestamp() / 60;
    assert!(html.contains(&format!("name=\"start\" value=\"{start}\"")));
    assert!(html.contains("Wants to move the call of <strong>tomorrow, 15:00</strong>"));
    assert!(html.contains("11:00 New York time"), "the client's clock, where it differs");
    let letters =
        html.matches("settle-letters").count() + html.matches("could not be sent").count();
    assert_eq!(letters, 1, "one task for all letters of a client");
    assert_eq!(html.matches("value=\"no-show\"").count(), 2, "a call of today is no task as well");
    let forms = html.matches("<form").count();
    for token in [KEY, GUARD] {
        assert_eq!(html.matches(&format!("value=\"{token}\"")).count(), forms);
    }
}

#[test]
fn a_quiet_morning() {
    assert!(today_of(&[]).contains("Nothing waits for you today."));
}

#[test]
fn a_busy_morning_is_still_light() {
    #[track_caller]
    fn check(requests: usize, calls: usize, tasks: usize, size_max: usize) {
        let name = "Maximiliane von Hohenberg-Sternhagen";
        let times = ["26T09:00", "26T14:30", "27T11:00"];
        let mut files: Vec<ClientFile> = (0..requests)
            .map(|number| file(number, name, Stage::Asked(proposal(number, &times))))
            .collect();
        let numbers = 20..20 + calls;
        files.extend(numbers.map(|number| file(number, name, booked("24T15:00", None))));
        let stopped = everybody().remove(6).stage;
        files.extend((40..40 + tasks).map(|number| file(number, name, stopped.clone())));
        let size = today_of(&files).len();
        assert!(size <= size_max, "{size} bytes");
    }
    check(6, 8, 4, 20_000); // with names, links and tokens as long as they get
    check(12, 8, 10, 20_000);
}

#[test]
fn a_request_that_has_run_out_has_no_buttons() {
    let late = Proposal { expires_at: now(), ..proposal(1, &["26T09:00"]) };
    let html = today_of(&[file(1, "Ana", Stage::Asked(late))]);
    assert!(html.contains("Nobody answered in time") && !html.contains("/approve"));
    let begun = proposal(1, &["24T09:00", "26T09:00"]);
    let html = today_of(&[file(1, "Ana", Stage::Asked(begun))]);
    assert_eq!(
        html.matches("name=\"start\"").count(),
        1,
        "a time that has begun cannot be granted"
    );
}

#[test]
fn all_clients() {
    let (handbook, files) = (handbook(), everybody());
    let all: Vec<&ClientFile> = files.iter().collect();
    let html = clients(&desk(&handbook), &all, Some(100)).into_string();
    check_page("clients", &html);
    assert!(html.contains("&lt;script&gt;alert"));
    assert!(html.contains("/harbour/desk/clients?from=100"));
    for words in
        ["Your answer by today, 18:40", "Call today, 15:00", "Read the answers", "Nothing more"]
    {
        assert!(html.contains(words), "{words}");
    }
    check_page("no clients", &clients(&desk(&handbook), &[], None).into_string());
}

#[test]
fn a_day_of_the_calendar_says_why() {
    let (handbook, files) = (handbook(), everybody());
    let taken = taken(&files);
    let absent = vec![handbook.staff[0].id.clone()];
    let together = DayStart { at: at("25T17:50"), against: vec![], missing: absent };
    let start = |(at, against)| DayStart { at, against, missing: vec![] };
    let starts: Vec<_> = starts(&taken).into_iter().map(start).chain([together]).collect();
    let date = at("25T09:00").date_naive();
    let kept = [kept_free()];
    let day = CalendarDay {
        date,
        calendar: &handbook.calendars[0],
        session: handbook.first_session(),
        starts: &starts,
        files: &files,
        kept_free: &kept,
    };
    let html = calendar_day(&desk(&handbook), &day).into_string();
    check_page("calendar", &html);
    assert!(html.contains(&format!("not free then: {}", handbook.staff[0].name.as_str())));
    for words in [
        "One time is open to clients.",
        "<strong>Open</strong>",
        "over",
        "asked for too late: the notice is",
        "Asked for, ",
        "Booked, 15:00: ",
        "too close to ",
        "not shown yet: clients see",
        "this date has other hours",
        "a day off",
        "outside the hours",
        "not a start of the grid",
        "not within the hours for First conversation",
        "The dentist &lt;b&gt;again",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let empty = CalendarDay { starts: &[], files: &[], ..day };
    check_page("no hours", &calendar_day(&desk(&handbook), &empty).into_string());
}

#[test]
fn a_file_of_the_handbook_stands_in_its_field_as_it_is() {
    let handbook = handbook();
    let page = HandbookPage {
        files: &["policy.md".to_owned()],
        file: "policy.md",
        text: "</textarea><script>alert('x')</script>",
        version: "3f2a9c41d07b6e58",
        may_change: true,
        mistakes: &["policy.md: <b>".to_owned()],
        changes: &changes(),
        origin: "https://book.example.org",
    };
    let html = super::handbook(&desk(&handbook), &page).into_string();
    check_page("handbook", &html);
    assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
    let read_only = HandbookPage { may_change: false, mistakes: &[], ..page };
    let html = super::handbook(&desk(&handbook), &read_only).into_string();
    assert!(html.contains("readonly") && !html.contains("Check it and put it in force"));
}

#[test]
fn calendars_on_phones_and_elsewhere_are_listed() {
    let handbook = handbook();
    let provider = &handbook.calendars[0].provider;
    check_page("phone", &phone(&desk(&handbook), &phones(), provider).into_string());
    let html = others(&desk(&handbook), &other_calendars(), provider).into_string();
    check_page("others", &html);
    assert!(html.contains("It has not answered for 24 hours, so nothing is offered."));
    assert!(html.contains("&lt;b&gt;Family"));
    check_page("no others", &others(&desk(&handbook), &[], provider).into_string());
}

#[test]
fn a_request_from_a_letter_tells_only_name_and_times() {
    let (handbook, files) = (handbook(), everybody());
    for file in &files[..2] {
        let page = RequestPage {
            handbook: &handbook,
            staff: &handbook.staff[1],
            file,
            proposal: file.request().unwrap(),
            link: "a.b.c",
            key: KEY,
            now: now(),
        };
        let html = request(&page).into_string();
        check_page("request", &html);
        assert!(html.contains("/harbour/request/a.b.c/approve"));
        assert!(html.contains("/harbour/request/a.b.c/decline"));
        assert!(!html.contains(file.person.email.as_str()) && !html.contains("guard"));
    }
    check_page("answered", &request_answered(&handbook, "<b>Booked.").into_string());
}

#[test]
fn signing_in_and_sessions() {
    let handbook = handbook();
    let form = SignIn {
        handbook: &handbook,
        key: KEY,
        mistake: Some("No."),
        email: "\"><b>",
        to: "\"><b>",
    };
    let html = sign_in(&form).into_string();
    assert!(html.contains("value=\"&quot;&gt;&lt;b&gt;\""), "what was typed stands there again");
    check_page("sign in", &html);
    for mistake in [None, Some("No.")] {
        check_page("sent", &sign_in_sent(&handbook, mistake).into_string());
    }
    for needs_code in [true, false] {
        let html = sign_in_confirm(&handbook, "link", needs_code).into_string();
        assert_eq!(html.contains("name=\"code\""), needs_code);
        check_page("confirm", &html);
    }
    let session =
        |id: &str, is_this| SessionLine { id: id.into(), since: now(), until: now(), is_this };
    let html = |lines: &[SessionLine]| sessions(&desk(&handbook), lines).into_string();
    let three = html(&[session("a", true), session("b", false), session("c", false)]);
    check_page("sessions", &three);
    assert!(!three.contains("value=\"a\""), "this one ends by signing out");
    assert!(three.contains("value=\"b\"") && three.contains("value=\"others\""));
}

#[test]
fn events_in_words() {
    let handbook = handbook();
    let check = |event: &Event, words: &str, detail: Option<&str>| {
        assert_eq!(describe(event, &handbook), (words.to_owned(), detail.map(str::to_owned)));
    };
    let zone = chrono_tz::Tz::America__New_York;
    check(
        &Event::TimesProposed { proposal: proposal(1, &["26T09:00", "27T11:00"]), zone },
        "Asked for two times",
        Some(
            "Thursday 26 November 2026, 09:00\nFriday 27 November 2026, 11:00\nThe client reads New York time.",
        ),
    );
    let Stage::Booked { appointment, .. } = booked("26T09:00", None) else { panic!("booked") };
    let note = Note::parse("I am ill.").unwrap();
    check(
        &Event::AppointmentCancelled { appointment, by: Actor::Client, note },
        "Cancelled the appointment of Thursday 26 November 2026, 09:00",
        Some("Told the practice: “I am ill.”"),
    );
    let letter = LetterKind::Confirmation;
    check(&Event::LetterNotSent { letter }, "Could not send the letter “Confirmation”", None);
    check(&Event::FileClosed { note: Note::default() }, "Closed the file", None);
}

#[test]
fn links_in_plain_text() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(crate::pages::words::linked(text).into_string(), expected);
    }
    check("By phone <b>", "By phone &lt;b&gt;");
    check(
        "See http://a.example/x?y=1&z.",
        "See <a href=\"http://a.example/x?y=1&amp;z\">http://a.example/x?y=1&amp;z</a>.",
    );
    check("javascript:alert(1)", "javascript:alert(1)");
}

#[test]
fn short_moments() {
    use chrono_tz::{Asia::Kolkata, Europe::Lisbon};
    assert_eq!(words::moment(at("23T18:40"), now(), Lisbon), "yesterday, 18:40");
    assert_eq!(words::moment(at("30T18:40"), now(), Lisbon), "Mon 30 Nov, 18:40");
    assert_eq!(words::theirs(at("24T09:00"), Lisbon, Some(chrono_tz::Europe::London)), None);
    let there = words::theirs(at("24T20:00"), Lisbon, Some(Kolkata));
    assert_eq!(there.as_deref(), Some("Wed 25 Nov, 01:30 Kolkata time"));
}
