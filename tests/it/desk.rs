//! The desk: who gets in, and what they see.

use chrono::TimeDelta;
use tests::{World, moment};

#[tokio::test]
async fn nobody_gets_in_without_a_letter() {
    let world = World::new().await;
    let mut stranger = world.browser();
    for path in [
        "/harbour/desk",
        "/harbour/desk/clients",
        "/harbour/desk/clients/abc",
        "/harbour/desk/clients/abc/answers.pdf",
    ] {
        let led_to = stranger.get(path).await.expect(200).path;
        assert_eq!(led_to, format!("/harbour/desk/sign-in?to={path}"));
    }
}

#[tokio::test]
async fn a_link_works_once_within_ten_minutes_in_the_browser_that_asked() {
    let world = World::new().await;
    let mut owner = world.owner();
    owner.asks_to_sign_in().await.expect(200);
    let letter = owner.last_letter();
    let link = letter.link("/desk/sign-in/");

    let mut thief = world.browser();
    let page = thief.get(&link).await.expect(200);
    assert!(page.body.contains("name=\"code\""), "another browser must know the code");
    thief.post(&link, &[("code", "0000-0000")]).await.expect(422);

    owner.browser.get(&link).await.expect(200);
    let today = owner.browser.post(&link, &[]).await.expect(200);
    assert_eq!(today.path, "/harbour/desk");
    owner.browser.post(&link, &[]).await.expect(422);

    owner.asks_to_sign_in().await.expect(200);
    let link = owner.last_letter().link("/desk/sign-in/");
    world.after(TimeDelta::minutes(10)).await;
    owner.browser.post(&link, &[]).await.expect(422);
}

#[tokio::test]
async fn the_code_lets_the_asking_browser_in_and_five_wrong_ones_end_it() {
    let world = World::new().await;
    let mut owner = world.owner();
    owner.asks_to_sign_in().await.expect(200);
    let code = owner.last_letter().code();
    let path = "/harbour/desk/sign-in/code";
    let mut guesser = owner.browser.clone();
    owner.browser.post(path, &[("code", "0000-0000")]).await.expect(422);
    assert_eq!(
        owner.browser.post(path, &[("code", &code)]).await.expect(200).path,
        "/harbour/desk"
    );
    guesser.post(path, &[("code", &code)]).await.expect(422);

    owner.asks_to_sign_in().await.expect(200);
    for _ in 0..5 {
        owner.browser.post(path, &[("code", "0000-0000")]).await.expect(422);
    }
    let code = owner.last_letter().code();
    owner.browser.post(path, &[("code", &code)]).await.expect(422);
}

#[tokio::test]
async fn a_stranger_and_the_owner_read_the_same_answer() {
    let world = World::new().await;
    let mut browser = world.browser();
    let known = browser
        .post("/harbour/desk/sign-in", &[("key", "one"), ("email", "mara@harbour.example")])
        .await
        .expect(200);
    let unknown = browser
        .post("/harbour/desk/sign-in", &[("key", "two"), ("email", "nobody@harbour.example")])
        .await
        .expect(200);
    assert_eq!(known.bytes, unknown.bytes);
    world.settle().await;
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn nobody_can_flood_the_owner_with_sign_in_letters() {
    let world = World::new().await;
    let mut stranger = world.browser();
    for number in 0..8 {
        let key = format!("key-{number}");
        let fields = [("key", key.as_str()), ("email", "mara@harbour.example")];
        stranger.post("/harbour/desk/sign-in", &fields).await.expect(200);
        stranger.post("/harbour/desk/sign-in", &fields).await.expect(200);
    }
    world.settle().await;
    assert!((1..=5).contains(&world.letters().len()), "{}", world.letters().len());
    world.after(TimeDelta::hours(1)).await;
    let mut owner = world.owner();
    owner.signs_in().await;
}

#[tokio::test]
async fn sessions_end_by_sign_out_from_afar_and_by_themselves() {
    let world = World::new().await;
    let mut laptop = world.owner();
    let mut phone = world.owner();
    laptop.signs_in().await;
    phone.signs_in().await;
    let page = laptop.browser.get("/harbour/desk/sessions").await.expect(200);
    let guard = page.field("guard");
    laptop
        .browser
        .post("/harbour/desk/sessions", &[("guard", &guard), ("session", "others")])
        .await
        .expect(200);
    assert!(phone.looks_at_today().await.path.starts_with("/harbour/desk/sign-in"));
    laptop.browser.post("/harbour/desk/sign-out", &[("guard", &guard)]).await.expect(200);
    assert!(laptop.looks_at_today().await.path.starts_with("/harbour/desk/sign-in"));
    laptop.signs_in().await;
    world.after(TimeDelta::days(15)).await;
    assert!(laptop.looks_at_today().await.path.starts_with("/harbour/desk/sign-in"));
}

#[tokio::test]
async fn a_form_without_the_sessions_word_is_refused() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let times = ana.asks_for_times(1).await;
    assistant.signs_in().await;
    let path = format!("{}/approve", assistant.file_of(&ana).await);
    let proposal = ana.file().await.request().unwrap().id.to_string();
    let fields = [("key", "abc"), ("proposal", proposal.as_str()), ("start", times[0].as_str())];
    assistant.browser.post(&path, &fields).await.expect(403);
    assert!(!ana.is_booked().await);
}

#[tokio::test]
async fn the_file_shows_answers_timeline_and_letters() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut owner = world.owner();
    ana.opts_in().await.expect(200);
    world.seconds_pass(60);
    ana.completes_questionnaire().await.expect(200);
    let times = ana.times().await;
    ana.proposes(&times[..2]).await.expect(200);
    owner.signs_in().await;
    let page = owner.browser.get(&owner.file_of(&ana).await).await.expect(200);
    let words = page.words();
    for expected in ["Ana Moura", "ana.moura@example.org", "I would like to think about my work."] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let place = |part: &str| words.find(part).unwrap_or_else(|| panic!("no {part}: {words}"));
    let history = ["Asked for two times", "Completed the questionnaire", "Asked for a session"];
    assert!(history.map(place).is_sorted(), "the newest first: {words}");
    let letters = ["Invitation to the calendar", "Welcome, with the questionnaire"];
    assert!(letters.map(place).is_sorted(), "the newest first: {words}");
    let clients = owner.browser.get("/harbour/desk/clients").await.expect(200);
    assert!(clients.words().contains("Ana Moura"));
}

#[tokio::test]
async fn an_altered_journal_is_noticed_and_located() {
    use aws_sdk_dynamodb::types::AttributeValue;

    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.asks_for_times(1).await;
    world.verify().await;
    let store = &world.house.shell.store;
    let client = ana.file().await.id;
    let key = |sk: &str| AttributeValue::S(sk.to_owned());
    world
        .tables
        .update_item()
        .table_name("anteroom-clients")
        .key("pk", key(&format!("harbour#{client}")))
        .key("sk", key("J#00000002"))
        .update_expression("SET entry = :entry")
        .expression_attribute_values(":entry", key("{}"))
        .send()
        .await
        .unwrap();
    let verdict = store.verify(&world.practice, &client).await.unwrap();
    assert_eq!(verdict, Err(store::JournalProblem::Altered(2)));
}

#[tokio::test]
async fn who_signs_in_comes_to_where_they_wanted_to_go() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.asks_for_times(1).await;
    let mut owner = world.owner();
    let wanted = format!("{}/answers.pdf", owner.file_of(&ana).await);
    owner.asks_to_sign_in_at(&wanted).await.expect(200);
    let link = owner.last_letter().link("/desk/sign-in/");
    assert_eq!(owner.browser.post(&link, &[]).await.expect(200).path, wanted);
}

#[tokio::test]
async fn staff_who_come_too_late_are_led_to_the_file() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let times = ana.asks_for_times(1).await;
    assistant.signs_in().await;
    let proposal = ana.file().await.request().unwrap().id.to_string();
    assistant.approves(&ana, &times[0]).await.expect(200);
    let fields = [("proposal", proposal.as_str()), ("start", times[0].as_str())];
    let page = assistant.does(&ana, "approve", &fields).await.expect(409);
    assert!(page.words().contains("no longer open"), "{}", page.words());
    assert!(page.body.contains(&assistant.file_of(&ana).await));
    assert!(!page.words().contains("a person will"), "the practice need not write to itself");
}

#[tokio::test]
async fn every_time_of_a_day_is_open_or_says_why_not() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    let times = ana.times().await;
    let on = |time: &str| moment_of(&times, time);
    let (booked, asked) = (on("2026-11-25 10:00"), on("2026-11-25 15:00"));
    ana.proposes(std::slice::from_ref(&booked)).await.expect(200);
    assistant.signs_in().await;
    assistant.approves(&ana, &booked).await.expect(200);
    ana.proposes(std::slice::from_ref(&asked)).await.expect(200);
    let page = assistant.browser.get("/harbour/desk/calendar?day=2026-11-25").await.expect(200);
    let words = page.words();
    for expected in [
        "Wednesday 25 November 2026",
        "09:00 Open",
        "09:30 Booked, 10:00: Ana Moura",
        "10:00 Booked, 10:00: Ana Moura",
        "11:00 Open",
        "15:00 Asked for, 15:00: Ana Moura , held until tomorrow, 10:00",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let today = assistant.browser.get("/harbour/desk/calendar").await.expect(200).words();
    assert!(today.contains("09:00 over") && today.contains("the notice is 24 hours"), "{today}");
    for (day, why) in [
        ("2026-12-08", "a day off: Public holiday: Immaculate Conception"),
        ("2026-12-25", "a day off: Winter break"),
        ("2026-12-28", "a day off: Winter break"),
    ] {
        let page = assistant.browser.get(&format!("/harbour/desk/calendar?day={day}")).await;
        let words = page.expect(200).words();
        assert!(words.contains(why), "{why}: {words}");
    }
    for odd in ["?day=tomorrow", "?day=9999-01-01"] {
        assistant.browser.get(&format!("/harbour/desk/calendar{odd}")).await.expect(404);
    }
}

/// That time, as the calendar's forms carry it, out of those on offer.
fn moment_of(times: &[String], words: &str) -> String {
    let minutes = (moment(words).timestamp() / 60).to_string();
    assert!(times.contains(&minutes), "{words} is not on offer");
    minutes
}

#[tokio::test]
async fn who_has_called_is_put_on_the_list_and_booked_by_hand() {
    let world = World::new().await;
    let mut bruno = world.visitor("Bruno");
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    let list = assistant.browser.get("/harbour/desk/clients").await.expect(200);
    let (key, guard) = (list.field("key"), list.field("guard"));
    let fields = [("key", &*key), ("guard", &*guard), ("name", "Bruno"), ("email", &bruno.email)];
    let page = assistant.browser.post("/harbour/desk/clients", &fields).await.expect(200);
    assert!(page.words().contains("Asked Tomás in person"), "{}", page.words());
    let again = assistant.browser.post("/harbour/desk/clients", &fields).await.expect(200);
    assert_eq!(again.path, page.path, "sent twice, it is one file");

    let evening = [("date", "2026-11-26"), ("time", "19:00"), ("note", "")];
    let page = assistant.does(&bruno, "book", &evening).await.expect(409);
    assert!(page.words().contains("outside the hours"), "{}", page.words());
    let evening = [("date", "2026-11-26"), ("time", "19:00"), ("note", "he works by day")];
    let page = assistant.does(&bruno, "book", &evening).await.expect(200);
    assert!(page.words().contains("Although it lies outside the hours: “he works by day”"));
    assert_eq!(bruno.appointment().await.slot.start, moment("2026-11-26 19:00"));

    let earlier = [("date", "2026-11-26"), ("time", "15:00"), ("note", "")];
    assistant.does(&bruno, "book", &earlier).await.expect(200);
    world.settle().await;
    let sequences: Vec<_> = bruno.letters().into_iter().filter_map(|one| one.invitation).collect();
    assert_eq!(sequences.len(), 2, "a confirmation and a move");
    assert_eq!(bruno.appointment().await.sequence, 1);
    bruno.completes_questionnaire().await.expect(200);
    assert!(bruno.is_booked().await, "the answers leave the call as it is");
    for (name, wrong) in [("date", "26.11.2026"), ("date", "0001-01-01"), ("time", "7 pm")] {
        let mut fields = earlier;
        fields.iter_mut().filter(|field| field.0 == name).for_each(|field| field.1 = wrong);
        assistant.does(&bruno, "book", &fields).await.expect(422);
    }
    world.verify().await;
}

#[tokio::test]
async fn time_that_staff_keep_free_is_not_on_offer_until_they_give_it_back() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.may_choose().await;
    assistant.signs_in().await;
    let day = "/harbour/desk/calendar?day=2026-11-25";
    let page = assistant.browser.get(day).await.expect(200);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let form = |to: &'static str| {
        vec![
            ("key", key.clone()),
            ("guard", guard.clone()),
            ("date", "2026-11-25".to_owned()),
            ("from", "09:00".to_owned()),
            ("last", "2026-11-25".to_owned()),
            ("to", to.to_owned()),
            ("note", "the dentist".to_owned()),
        ]
    };
    let nine = (moment("2026-11-25 09:00").timestamp() / 60).to_string();
    let ten = (moment("2026-11-25 10:00").timestamp() / 60).to_string();
    for wrong in ["08:00", "9 am", ""] {
        let status = send(&mut assistant, &form(wrong)).await.status;
        assert!([409, 422].contains(&status.as_u16()), "{wrong}: {status}");
    }
    let page = send(&mut assistant, &form("10:00")).await.expect(200);
    assert!(page.words().contains("10:00: the dentist"), "{}", page.words());
    assert!(page.words().contains("09:00 kept free from 09:00"), "{}", page.words());
    let twice = send(&mut assistant, &form("10:00")).await.expect(200);
    assert_eq!(twice.fields("block").len(), 1, "sent twice, it is kept free once");
    let times = ana.times().await;
    assert!(!times.contains(&nine) && times.contains(&ten));

    ana.proposes(std::slice::from_ref(&ten)).await.expect(200);
    let mut all_morning = form("12:00");
    all_morning[0].1 = "another-key".to_owned();
    let page = send(&mut assistant, &all_morning).await.expect(409);
    assert!(page.words().contains("is booked, asked for or kept free"), "{}", page.words());

    let page = assistant.browser.get(day).await.expect(200);
    let back: Vec<_> = ["key", "guard", "block", "start", "end"]
        .map(|name| (name, page.fields(name).pop().unwrap_or_default()))
        .to_vec();
    send(&mut assistant, &back).await.expect(200);
    assert!(ana.times().await.contains(&nine));
    world.verify().await;
}

async fn send(staff: &mut tests::StaffMember<'_>, fields: &[(&str, String)]) -> tests::Answered {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    staff.browser.post("/harbour/desk/calendar", &fields).await
}

#[tokio::test]
async fn a_form_that_is_not_granted_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let sunday = [("date", "2026-11-29"), ("time", "20:00"), ("note", "")];
    let page = tomas.does(&ana, "book", &sunday).await.expect(409);
    assert!(page.words().contains("say why"), "{}", page.words());
    for typed in ["value=\"2026-11-29\"", "value=\"20:00\"", "Book a time yourself"] {
        assert!(page.body.contains(typed), "{typed}");
    }
    let why = [("date", "2026-11-29"), ("time", "20:00"), ("note", "She works all week.")];
    tomas.does(&ana, "book", &why).await.expect(200);

    // Who goes back, changes the date and sends the same form again has another wish.
    let path = tomas.file_of(&ana).await;
    let page = tomas.browser.get(&path).await.expect(200);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let note = "Agreed by telephone.";
    for date in ["2026-12-01", "2026-12-02", "2026-12-02"] {
        let form = [
            ("key", key.as_str()),
            ("guard", &guard),
            ("date", date),
            ("time", "10:00"),
            ("note", note),
        ];
        tomas.browser.post(&format!("{path}/book"), &form).await.expect(200);
    }
    let appointment = ana.appointment().await;
    assert_eq!(appointment.slot.start, moment("2026-12-02 10:00"));
    assert_eq!(appointment.sequence, 2, "moved twice, not three times");

    let calendar = "/harbour/desk/calendar";
    let page = tomas.browser.get(&format!("{calendar}?day=2026-12-02")).await.expect(200);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let form = [
        ("key", key.as_str()),
        ("guard", &guard),
        ("date", "2026-12-02"),
        ("provider", "mara"),
        ("from", "09:30"),
        ("to", "11:00"),
        ("last", "2026-12-02"),
        ("note", "Dentist"),
    ];
    let page = tomas.browser.post(calendar, &form).await.expect(409);
    assert!(page.words().contains("Something is booked"), "{}", page.words());
    for typed in ["value=\"09:30\"", "value=\"11:00\"", ">Dentist</textarea>"] {
        assert!(page.body.contains(typed), "{typed}");
    }
}
