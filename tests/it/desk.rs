//! The desk: who gets in, and what they see.

use chrono::TimeDelta;
use tests::World;

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
        assert_eq!(stranger.get(path).await.expect(200).path, "/harbour/desk/sign-in", "{path}");
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
    thief.post(&link, &[("code", "000000")]).await.expect(422);

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
    let text = owner.last_letter().text;
    let code = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .unwrap()
        .to_owned();
    let path = "/harbour/desk/sign-in/code";
    let mut guesser = owner.browser.clone();
    owner.browser.post(path, &[("code", "000000")]).await.expect(422);
    assert_eq!(
        owner.browser.post(path, &[("code", &code)]).await.expect(200).path,
        "/harbour/desk"
    );
    guesser.post(path, &[("code", &code)]).await.expect(422);

    owner.asks_to_sign_in().await.expect(200);
    for _ in 0..5 {
        owner.browser.post(path, &[("code", "000000")]).await.expect(422);
    }
    let text = owner.last_letter().text;
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap();
    owner.browser.post(path, &[("code", code)]).await.expect(422);
}

#[tokio::test]
async fn a_stranger_and_the_owner_read_the_same_answer() {
    let world = World::new().await;
    let mut browser = world.browser();
    let known = browser
        .post("/harbour/desk/sign-in", &[("email", "mara@harbour.example")])
        .await
        .expect(200);
    let unknown = browser
        .post("/harbour/desk/sign-in", &[("email", "nobody@harbour.example")])
        .await
        .expect(200);
    let without_keys = |page: &tests::Answered| page.body.replace(&page.field("key"), "KEY");
    assert_eq!(without_keys(&known), without_keys(&unknown));
    world.settle().await;
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn nobody_can_flood_the_owner_with_sign_in_letters() {
    let world = World::new().await;
    let mut stranger = world.browser();
    for _ in 0..8 {
        stranger
            .post("/harbour/desk/sign-in", &[("email", "mara@harbour.example")])
            .await
            .expect(200);
    }
    world.settle().await;
    assert_eq!(world.letters().len(), 5);
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
    assert_eq!(phone.looks_at_today().await.path, "/harbour/desk/sign-in");
    laptop.browser.post("/harbour/desk/sign-out", &[("guard", &guard)]).await.expect(200);
    assert_eq!(laptop.looks_at_today().await.path, "/harbour/desk/sign-in");
    laptop.signs_in().await;
    world.after(TimeDelta::days(15)).await;
    assert_eq!(laptop.looks_at_today().await.path, "/harbour/desk/sign-in");
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
    ana.asks_for_times(2).await;
    owner.signs_in().await;
    let page = owner.browser.get(&owner.file_of(&ana).await).await.expect(200);
    let words = page.words();
    for expected in ["Ana Moura", "ana.moura@example.org", "I would like to think about my work."] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
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
