//! Several kinds of session, several providers, and sessions for a group, through the pages.

use chrono::TimeDelta;
use tests::{Edits, Letter, Visitor, World, moment};

/// The words of an instant in a form.
fn minutes(words: &str) -> String {
    (moment(words).timestamp() / 60).to_string()
}

/// Tomás gives sessions too, on Wednesdays only.
fn tomas_is_a_provider(practice: &mut Edits) {
    practice.replace(
        "practice.toml",
        "roles = [\"assistant\"]",
        "roles = [\"assistant\", \"provider\"]\n[staff.hours]\nwednesday = [\"09:00-12:00\"]",
    );
}

fn given_by(practice: &mut Edits, who: &str) {
    tomas_is_a_provider(practice);
    practice.replace(
        "practice.toml",
        "\nprovider = \"mara\"",
        &format!("\nproviders = [\"mara\", \"tomas\"]\nwho = \"{who}\""),
    );
}

async fn who_may_choose<'w>(world: &'w World, name: &str) -> Visitor<'w> {
    let mut visitor = world.visitor(name);
    visitor.may_choose().await;
    visitor
}

async fn providers(visitor: &Visitor<'_>) -> Vec<String> {
    let request = visitor.file().await.request().expect("an open request").clone();
    request.times[0].providers.iter().map(ToString::to_string).collect()
}

const WEDNESDAY: &str = "2026-11-25 10:00";
const THURSDAY: &str = "2026-11-26 10:00";

#[tokio::test]
async fn whoever_is_free_gives_the_session_and_two_of_them_two() {
    let world = World::with(|practice| given_by(practice, "fair-turn")).await;
    let (wednesday, thursday) = (minutes(WEDNESDAY), minutes(THURSDAY));
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    assert!(ana.times().await.contains(&thursday), "Mara is there on Thursdays");
    ana.proposes(std::slice::from_ref(&wednesday)).await.expect(200);
    let mut ben = who_may_choose(&world, "Ben Okafor").await;
    assert!(ben.times().await.contains(&wednesday), "the other one is free");
    ben.proposes(std::slice::from_ref(&wednesday)).await.expect(200);
    let mut both = [providers(&ana).await, providers(&ben).await].concat();
    both.sort();
    assert_eq!(both, ["mara", "tomas"], "each has one");
    let mut cleo = who_may_choose(&world, "Cleo Dias").await;
    assert!(!cleo.times().await.contains(&wednesday), "nobody is left");

    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let page = tomas.browser.get("/harbour/desk").await.expect(200);
    assert!(page.body.contains("with Tomás Reis"), "the request says who would give it");
    tomas.approves(&ben, &wednesday).await.expect(200);
    let appointment = ben.appointment().await;
    assert_eq!(appointment.providers.len(), 1);
    let page = ben.browser.get(&ben.link("/appointment/")).await.expect(200);
    let name = world.handbook.names(&appointment.providers);
    assert!(page.body.contains(&name), "the client reads who it is");
}

#[tokio::test]
async fn what_two_give_together_is_taken_of_both() {
    let world = World::with(|practice| given_by(practice, "together")).await;
    let wednesday = minutes(WEDNESDAY);
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    let times = ana.times().await;
    assert!(times.contains(&wednesday));
    assert!(!times.contains(&minutes(THURSDAY)), "Tomás is not there on Thursdays");
    ana.proposes(std::slice::from_ref(&wednesday)).await.expect(200);
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    tomas.approves(&ana, &wednesday).await.expect(200);
    for provider in ["mara", "tomas"] {
        let day = format!("/harbour/desk/calendar?day=2026-11-25&provider={provider}");
        let page = tomas.browser.get(&day).await.expect(200);
        assert!(page.body.contains("Booked, 10:00: "), "{provider}");
    }
    ana.cancels("").await.expect(200);
    assert!(ana.times().await.contains(&wednesday), "both are free again");
}

#[tokio::test]
async fn each_provider_reads_of_their_own_calls_and_of_those_that_are_cancelled() {
    let world = World::with(|practice| given_by(practice, "client")).await;
    let wednesday = minutes(WEDNESDAY);
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    let calendar = ana.link("/calendar/");
    let review = format!("{calendar}/review?t={wednesday}&order={wednesday}&with=tomas");
    let page = ana.browser.get(&review).await.expect(200);
    let (key, with) = (page.field("key"), page.field("with"));
    let fields = [("key", key.as_str()), ("with", &with), ("t", &wednesday), ("zone", "UTC")];
    ana.browser.post(&format!("{calendar}/review"), &fields).await.expect(200);
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    tomas.approves(&ana, &wednesday).await.expect(200);
    world.until(moment("2026-11-25 07:30")).await;
    let agendas = |address: &str| {
        let of = |letter: &&Letter| letter.to == address && letter.subject.contains("your day");
        world.letters().iter().filter(of).map(|letter| letter.text.clone()).collect::<Vec<_>>()
    };
    let (of_mara, of_tomas) = (agendas("mara@harbour.example"), agendas("tomas@harbour.example"));
    assert!(of_mara.last().unwrap().contains("with Tomás Reis"), "{of_mara:?}");
    let own = of_tomas.last().expect("his calls");
    assert!(own.contains("Ana Moura") && !own.contains("with Tomás"), "{own}");

    ana.cancels("A cold").await.expect(200);
    let notices = |address: &str| {
        let of = |letter: &&Letter| letter.to == address && letter.subject.contains("cancelled");
        world.letters().iter().filter(of).count()
    };
    let told = [notices("mara@harbour.example"), notices("tomas@harbour.example")];
    assert_eq!(told, [1, 1], "the owner, and who was to give it");
}

#[tokio::test]
async fn staff_book_whoever_is_free() {
    for who in ["client", "fair-turn"] {
        let world = World::with(|practice| given_by(practice, who)).await;
        let mut tomas = world.assistant();
        tomas.signs_in().await;
        let mut booked = Vec::new();
        for name in ["Ana Moura", "Ben Okafor", "Cleo Pires"] {
            let visitor = who_may_choose(&world, name).await;
            let at = [("date", "2026-11-25"), ("time", "10:00"), ("with", ""), ("note", "")];
            let answered = tomas.does(&visitor, "book", &at).await;
            let appointment = visitor.file().await.appointment().cloned();
            booked.push(appointment.map(|it| it.providers[0].to_string()));
            answered.expect(if name == "Cleo Pires" { 409 } else { 200 });
        }
        booked.sort();
        let both = [None, Some("mara".to_owned()), Some("tomas".to_owned())];
        assert_eq!(booked, both, "{who}: one each, and nobody for a third");
    }
}

#[tokio::test]
async fn a_call_moves_from_one_provider_to_the_other() {
    let world = World::with(|practice| given_by(practice, "client")).await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let ana = who_may_choose(&world, "Ana Moura").await;
    for with in ["mara", "tomas", "mara"] {
        let at = [("date", "2026-11-25"), ("time", "10:00"), ("with", with), ("note", "")];
        tomas.does(&ana, "book", &at).await.expect(200);
        let appointment = ana.appointment().await;
        assert_eq!(appointment.providers[0].as_str(), with);
        for (provider, is_taken) in [("mara", with == "mara"), ("tomas", with == "tomas")] {
            let day = format!("/harbour/desk/calendar?day=2026-11-25&provider={provider}");
            let page = tomas.browser.get(&day).await.expect(200);
            assert_eq!(page.body.contains("Booked, 10:00: "), is_taken, "{provider}");
        }
    }
    assert_eq!(ana.appointment().await.sequence, 2, "one call, moved twice");
    world.verify().await;
}

#[tokio::test]
async fn a_provider_without_a_session_has_a_day_too() {
    let world = World::with(|practice| {
        tomas_is_a_provider(practice);
        practice.replace("practice.toml", "# [limits]", "[limits]\nsessions_a_month = 9");
    })
    .await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let day = "/harbour/desk/calendar?day=2026-11-25&provider=tomas";
    let page = tomas.browser.get(day).await.expect(200);
    assert!(page.words().contains("Wednesday 25 November 2026"), "{}", page.words());
}

#[tokio::test]
async fn a_time_that_the_other_cannot_give_is_not_called_open() {
    let world = World::with(|practice| given_by(practice, "together")).await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    let day = |date: &str| format!("/harbour/desk/calendar?day={date}&provider=mara");
    let thursday = tomas.browser.get(&day("2026-11-26")).await.expect(200);
    assert!(thursday.body.contains("not free then: Tomás Reis"), "he is there on Wednesdays");
    assert!(!thursday.body.contains("<strong>Open</strong>"));
    let wednesday = tomas.browser.get(&day("2026-11-25")).await.expect(200);
    assert!(wednesday.body.contains("<strong>Open</strong>"));
}

#[tokio::test]
async fn the_client_chooses_with_whom() {
    let world = World::with(|practice| given_by(practice, "client")).await;
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    let calendar = ana.link("/calendar/");
    let page = ana.browser.get(&calendar).await.expect(200);
    assert!(page.body.contains("With whom?") && page.body.contains("Tomás Reis"));
    let thursday = format!("{calendar}?day=2026-11-26");
    let page = ana.browser.get(&thursday).await.expect(200);
    assert!(page.fields("t").contains(&minutes(THURSDAY)), "Mara is shown first");
    let page = ana.browser.get(&format!("{thursday}&with=tomas")).await.expect(200);
    assert!(!page.fields("t").contains(&minutes(THURSDAY)), "Tomás is not there on Thursdays");

    let wednesday = minutes(WEDNESDAY);
    let review = format!("{calendar}/review?t={wednesday}&order={wednesday}&with=tomas");
    let page = ana.browser.get(&review).await.expect(200);
    let (key, with) = (page.field("key"), page.field("with"));
    let fields = [("key", key.as_str()), ("with", &with), ("t", &wednesday), ("zone", "UTC")];
    ana.browser.post(&format!("{calendar}/review"), &fields).await.expect(200);
    world.settle().await;
    assert_eq!(providers(&ana).await, ["tomas"]);
    let mut ben = who_may_choose(&world, "Ben Okafor").await;
    assert!(ben.times().await.contains(&wednesday), "Mara is free");
}

#[tokio::test]
async fn another_calendar_s_times_are_not_chosen_along() {
    let world = World::with(|practice| given_by(practice, "client")).await;
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    let thursday = minutes(THURSDAY);
    let pressed = format!("{}?with=tomas&with=mara&t={thursday}", ana.link("/calendar/"));
    let page = ana.browser.get(&pressed).await.expect(200);
    assert!(!page.body.contains("Somebody was faster"), "nobody was");
    assert!(!page.body.contains(&format!("value=\"{thursday}\" checked")));
}

#[tokio::test]
async fn a_group_shares_a_time_until_it_is_full() {
    let world =
        World::with(|practice| practice.replace("practice.toml", "\n# places = 6", "\nplaces = 2"))
            .await;
    let wednesday = minutes(WEDNESDAY);
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    for name in ["Ana Moura", "Ben Okafor"] {
        let mut guest = who_may_choose(&world, name).await;
        assert!(guest.times().await.contains(&wednesday), "{name}");
        guest.proposes(std::slice::from_ref(&wednesday)).await.expect(200);
        tomas.approves(&guest, &wednesday).await.expect(200);
    }
    let mut cleo = who_may_choose(&world, "Cleo Dias").await;
    let times = cleo.times().await;
    assert!(!times.contains(&wednesday), "two places, two guests");
    assert!(!times.contains(&minutes("2026-11-25 10:30")), "the hour is theirs");
    let page = tomas.browser.get("/harbour/desk/calendar?day=2026-11-25").await.expect(200);
    assert!(page.body.contains("no place is left"));
    let answered = tomas
        .does(&cleo, "book", &[("date", "2026-11-25"), ("time", "10:00"), ("note", "please")])
        .await;
    answered.expect(409);
}

/// A second kind of session: half an hour, with a question of its own, on Thursdays.
fn with_a_short_talk(practice: &mut Edits) {
    practice.add_session(
        "short-talk",
        &[
            ("name = \"First conversation\"", "name = \"Short talk\""),
            ("minutes = 50", "minutes = 30"),
            ("questionnaire = \"first-conversation\"", "questionnaire = \"short-talk\""),
            ("# [session.hours]", "[session.hours]"),
            ("# tuesday = [\"14:00-17:30\"]", "thursday = [\"09:00-12:30\"]"),
        ],
    );
    let questions = "title = \"Before our short talk\"\nlead = \"One question.\"\n\n\
                     [[section]]\nheading = \"You\"\n\n\
                     [[section.question]]\nid = \"why\"\nask = \"What is it about?\"\n\
                     kind = \"short\"\nrequired = true\n";
    practice.add("questionnaires/short-talk.toml", questions);
}

#[tokio::test]
async fn each_kind_of_session_has_its_own_questions_and_times() {
    let world = World::with(with_a_short_talk).await;
    let mut ana = world.visitor("Ana Moura");
    let page = ana.browser.get("/harbour?session=short-talk").await.expect(200);
    assert!(page.body.contains("value=\"short-talk\" required checked"), "the address preselects");
    ana.opts_in_for("short-talk").await.expect(200);
    let page = ana.browser.get(&ana.link("/questionnaire/")).await.expect(200);
    assert!(page.body.contains("Before our short talk"));
    ana.completes_questionnaire().await.expect(200);
    let times = ana.times().await;
    assert!(times.contains(&minutes("2026-11-26 12:00")), "half an hour before the end");
    assert!(!times.contains(&minutes(WEDNESDAY)), "on Thursdays only");

    let mut ben = who_may_choose(&world, "Ben Okafor").await;
    assert!(ben.times().await.contains(&minutes(WEDNESDAY)));
    ben.proposes(&[minutes(THURSDAY)]).await.expect(200);
    assert!(!ana.times().await.contains(&minutes("2026-11-26 10:30")), "one calendar for both");
}

#[tokio::test]
async fn answers_to_other_questions_stay_with_their_questions() {
    let world = World::with(with_a_short_talk).await;
    let mut ana = who_may_choose(&world, "Ana Moura").await;
    let mut tomas = world.assistant();
    tomas.signs_in().await;
    world.after(TimeDelta::minutes(2)).await;
    tomas.does(&ana, "invite-to", &[("session", "short-talk")]).await.expect(200);
    assert!(ana.last_letter().subject.contains("an invitation"));
    let page = ana.browser.get(&ana.link("/resume/")).await.expect(200);
    assert!(page.body.contains("Before our short talk"), "its own questions come first");
    let page = tomas.browser.get(&tomas.file_of(&ana).await).await.expect(200);
    let words = page.words();
    assert!(words.contains("are not complete yet"), "{words}");
    let questions = &world.handbook.questionnaire(&world.handbook.sessions[0]).title;
    assert!(words.contains(&format!("From “{questions}”")), "{words}");
    assert!(!words.contains("No longer asked"), "{words}");
}

#[tokio::test]
async fn nobody_asks_for_what_is_not_there() {
    let world = World::with(with_a_short_talk).await;
    let mut ana = world.visitor("Ana Moura");
    let answered = ana.opts_in_for("long-talk").await;
    assert!(answered.body.contains("Please choose what you would like to ask for."));
    answered.expect(422);
}

#[tokio::test]
async fn staff_invite_to_another_session_when_one_is_over() {
    let world = World::with(|practice| {
        practice.add_session(
            "follow-up",
            &[
                ("name = \"First conversation\"", "name = \"Follow-up\""),
                ("# by_invitation = true", "by_invitation = true"),
            ],
        );
    })
    .await;
    let mut ana = world.visitor("Ana Moura");
    let page = ana.browser.get("/harbour").await.expect(200);
    assert!(!page.body.contains("Follow-up"), "it is by invitation");
    ana.opts_in_for("follow-up").await.expect(422);

    let mut tomas = world.assistant();
    tomas.books(&mut ana).await;
    let answered = tomas.does(&ana, "invite-to", &[("session", "follow-up")]).await;
    answered.expect(409);
    world.until(ana.appointment().await.slot.end).await;
    tomas.records(&ana, "held").await.expect(200);
    tomas.does(&ana, "invite-to", &[("session", "follow-up")]).await.expect(200);
    let letter = ana.last_letter();
    assert_eq!(letter.subject, "Follow-up: an invitation");
    let page = ana.browser.get(&ana.link("/resume/")).await.expect(200);
    assert!(page.body.contains("Choose your times"), "the same questions are answered");
    assert!(page.words().contains("Follow-up, 50 minutes"), "{}", page.words());
    let times = ana.times().await;
    ana.proposes(&times[..1]).await.expect(200);
    tomas.approves(&ana, &times[0]).await.expect(200);
    assert!(ana.last_letter().subject.contains("Follow-up"), "{}", ana.last_letter().subject);
    world.verify().await;
}
