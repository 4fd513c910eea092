//! The questionnaire: saved as it goes, resumed anywhere, complete when it is.

use domain::Stage;
use tests::{Visitor, World};

async fn at_questionnaire(world: &World) -> Visitor<'_> {
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    ana
}

fn text_questions(world: &World) -> Vec<String> {
    let is_text = |question: &&domain::Question| {
        matches!(
            question.kind,
            domain::QuestionKind::Long { .. } | domain::QuestionKind::Short { .. }
        )
    };
    let questions =
        world.handbook.questionnaire(world.handbook.first_session()).questions().filter(is_text);
    questions.map(|question| question.id.to_string()).collect()
}

fn first_text_question(world: &World) -> String {
    text_questions(world).remove(0)
}

#[tokio::test]
async fn answers_saved_on_one_device_are_there_on_another() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let (path, question) = (ana.link("/questionnaire/"), first_text_question(&world));
    let saved = ana
        .browser
        .post(&format!("{path}/save"), &[(&question, "Half a <thought> & more")])
        .await
        .expect(200);
    assert!(saved.path.contains("saved"));
    let page = world.browser().get(&path).await.expect(200);
    assert!(page.body.contains("Half a &lt;thought&gt; &amp; more"));
    assert!(matches!(ana.file().await.stage, Stage::Invited(_)));
}

#[tokio::test]
async fn the_script_saves_single_answers_and_keeps_the_others() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let path = format!("{}/save", ana.link("/questionnaire/"));
    let headers = [("accept", "text/plain"), ("sec-fetch-site", "same-origin")];
    for (at, question) in text_questions(&world).iter().take(2).enumerate() {
        let body = format!("{question}=answer{at}");
        let answered = ana.browser.send(http::Method::POST, &path, &headers, body).await;
        assert_eq!((answered.status.as_u16(), answered.body.as_str()), (200, "saved"));
    }
    let page = world.browser().get(&ana.link("/questionnaire/")).await.expect(200);
    assert!(page.body.contains("answer0") && page.body.contains("answer1"));
}

#[tokio::test]
async fn an_incomplete_questionnaire_comes_back_with_every_mistake_and_every_answer() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let (path, question) = (ana.link("/questionnaire/"), first_text_question(&world));
    let key = ana.browser.get(&path).await.expect(200).field("key");
    let page =
        ana.browser.post(&path, &[("key", &key), (&question, "typed before")]).await.expect(422);
    assert!(page.body.contains("typed before"));
    assert!(page.body.contains("aria-invalid"));
    let again = world.browser().get(&path).await.expect(200);
    assert!(again.body.contains("typed before"), "kept on file too");
    assert_eq!(ana.letters().len(), 1, "nothing was completed");
}

#[tokio::test]
async fn an_answer_to_a_question_of_an_older_form_is_kept() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let path = format!("{}/save", ana.link("/questionnaire/"));
    world.browser().post(&path, &[("a-question-of-last-year", "still here")]).await.expect(200);
    let want = store::Want { answers: true, ..store::Want::default() };
    let client = ana.file().await.id;
    let question = domain::QuestionId::parse("a-question-of-last-year").unwrap();
    for is_complete in [false, true] {
        if is_complete {
            ana.completes_questionnaire().await.expect(200);
        }
        let loaded = world.house.shell.store.load(&world.practice, &client, &want).await.unwrap();
        let answers = loaded.draft.unwrap().answers;
        assert_eq!(answers.of(&question), ["still here"], "complete: {is_complete}");
        assert_eq!(first_answer_is_given(&world, &answers), is_complete);
    }
}

#[tokio::test]
async fn all_answers_together_have_a_limit() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let path = ana.link("/questionnaire/");
    let long = "so much to say ".repeat(3_500);
    let save = format!("{path}/save");
    // What was once answered elsewhere leaves room for this questionnaire, and not for ever more.
    for number in 0..4 {
        let question = format!("a-question-of-last-year-{number}");
        ana.browser.post(&save, &[(&question, &long)]).await.expect(200);
    }
    let key = ana.browser.get(&path).await.expect(200).field("key");
    let fields = [("key", &*key), ("another-one", &*long)];
    let refused = ana.browser.post(&path, &fields).await.expect(413).words();
    assert!(refused.contains("more than this form can take"), "{refused}");
    let many: Vec<String> = (0..300).map(|number| format!("question-{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    ana.browser.post(&save, &many).await.expect(413);
    // What is emptied goes, and takes no room by its name.
    for round in 0..30 {
        let names: Vec<String> =
            (0..200).map(|at| format!("{round}-{at}-{}", "x".repeat(50))).collect();
        let empty: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        ana.browser.post(&save, &empty).await.expect(200);
    }
    // What is not counts with its name.
    let round_of = |at: usize| (0..200).map(move |n| format!("{at}-{n}-{}", "y".repeat(50)));
    let mut is_full = false;
    for round in 0..8 {
        let names: Vec<String> = round_of(round).collect();
        let short: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "a")).collect();
        let status = ana.browser.post(&save, &short).await.status;
        assert!([200, 413].contains(&status.as_u16()), "{status}");
        is_full = is_full || status == 413;
    }
    assert!(is_full);
    ana.completes_questionnaire().await.expect(200);
}

fn first_answer_is_given(world: &World, answers: &domain::Answers) -> bool {
    let questionnaire = world.handbook.questionnaire(world.handbook.first_session());
    let required = questionnaire.questions().find(|question| question.required).unwrap();
    !answers.of(&required.id).is_empty()
}

#[tokio::test]
async fn answers_can_be_changed_until_the_call_and_not_after() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    ana.completes_questionnaire().await.expect(200);
    assert_eq!(ana.file().await.answers.unwrap().revision, 1);
    let appointment = ana.appointment().await;
    world.until(appointment.slot.start).await;
    let path = ana.link("/questionnaire/");
    let late = ana.browser.post(&format!("{path}/save"), &[("x", "too late")]).await.expect(409);
    assert!(late.words().contains("The call has already begun"));
}

#[tokio::test]
async fn staff_may_want_to_read_before_the_calendar_opens() {
    let world = World::with(|practice| {
        practice.replace(
            "practice.toml",
            "calendar_after = \"questionnaire\"",
            "calendar_after = \"reading\"",
        );
    })
    .await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    assert_eq!(ana.letters().len(), 1, "no invitation yet");
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    let today = assistant.looks_at_today().await.expect(200);
    assert!(today.words().contains("Ana"), "a task on the desk: {}", today.words());
    assistant.does(&ana, "open-calendar", &[]).await.expect(200);
    assert!(ana.last_letter().text.contains("/calendar/"));
}

#[tokio::test]
async fn what_is_too_long_to_keep_is_said_and_the_page_still_opens() {
    let world = World::new().await;
    let mut ana = at_questionnaire(&world).await;
    let path = ana.link("/questionnaire/");
    let save = format!("{path}/save");
    let long = "x".repeat(50_000);
    let headers = [("accept", "text/plain")];
    let send = |browser: &tests::Browser, field: &str| {
        let (mut browser, body, save) = (browser.clone(), format!("{field}={long}"), save.clone());
        async move { browser.send(http::Method::POST, &save, &headers, body).await }
    };
    for question in ["what-brings-you", "how-long", "what-else", "since-when"] {
        assert_eq!(send(&ana.browser, question).await.status, 200);
    }
    let refused = send(&ana.browser, "why-now").await;
    assert_eq!(refused.status, 413);
    assert_eq!(refused.body, "Please go back and shorten the longest answers.", "words, no page");
    let page = ana.browser.get(&path).await.expect(200);
    assert!(!page.words().contains("wrong on our side"));
    let mut owner = world.owner();
    owner.signs_in().await;
    owner.browser.get(&owner.file_of(&ana).await).await.expect(200);
}

#[tokio::test]
async fn who_sends_changes_is_told_where_they_stand() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let times = ana.asks_for_times(1).await;
    let asked = ana.completes_questionnaire().await.expect(200);
    assert!(asked.words().contains("We have your changes. The times you asked for"));
    assistant.signs_in().await;
    assistant.approves(&ana, &times[0]).await.expect(200);
    let booked = ana.completes_questionnaire().await.expect(200);
    assert!(booked.words().contains("We have your changes. We read them before we talk."));
    assert!(booked.body.contains("/harbour/appointment/"));
}
