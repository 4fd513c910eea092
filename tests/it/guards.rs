//! What keeps strangers, scanners and other sites out.

use http::Method;
use tests::World;

/// Words that must never appear in an address or a subject.
const CANARY: &str = "Canary Zwanzig";

#[tokio::test]
async fn pages_carry_the_headers_that_keep_them_private() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    for path in [
        "/harbour".to_owned(),
        ana.link("/questionnaire/"),
        "/harbour/desk/sign-in".to_owned(),
        "/nowhere/at/all".to_owned(),
    ] {
        let page = ana.browser.get(&path).await;
        let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.asks_for_times(1).await;
    let link = world.assistant().last_letter().link("/request/");
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
    ] {
        let path = format!("{link}/approve");
        let answered =
            ana.browser.send(Method::POST, &path, &headers, "key=a&start=1".to_owned()).await;
        assert_eq!(answered.status, 403, "{headers:?}");
    }
    assert!(!ana.is_booked().await);
}

#[tokio::test]
async fn a_link_opens_its_own_door_only() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.asks_for_times(1).await;
    let link = ana.link("/calendar/").rsplit('/').next().unwrap().to_owned();
    for door in ["questionnaire", "appointment", "stop", "resume", "request"] {
        let page = ana.browser.get(&format!("/harbour/{door}/{link}")).await;
        assert_eq!(page.status, 404, "{door}");
    }
    let page = ana.browser.get(&format!("/harbour/calendar/{}", &link[..link.len() - 1])).await;
    assert_eq!(page.status, 404, "a link that was cut off");
    assert!(page.words().contains("open it again from the letter"), "{}", page.words());
    let other = ana.browser.get(&format!("/another/calendar/{link}")).await;
    assert_eq!(other.status, 404, "another practice");
}

#[tokio::test]
async fn an_expired_link_says_how_to_get_a_new_one() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let link = ana.link("/questionnaire/");
    world.asleep_until(world.now() + chrono::TimeDelta::days(61));
    let page = ana.browser.get(&link).await.expect(410);
    assert!(page.words().contains("Ask once more with the same address"), "{}", page.words());
}

#[tokio::test]
async fn reading_everything_by_machine_changes_nothing() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let before = ana.file().await;
    let mut scanner = world.browser();
    for letter in world.letters() {
        for link in letter.text.split("http://localhost:4040").skip(1) {
            let path = link.split(|c: char| c.is_whitespace() || c == '>').next().unwrap();
            for method in [Method::HEAD, Method::GET] {
                let page = scanner.send(method, path, &[], String::new()).await;
                assert!(page.status.as_u16() < 500, "{path}");
            }
        }
    }
    world.settle().await;
    assert_eq!(ana.file().await, before);
}

#[tokio::test]
async fn no_subject_address_or_title_carries_a_persons_data() {
    let world = World::new().await;
    let mut visitor = world.visitor(CANARY);
    let mut assistant = world.assistant();
    let times = visitor.asks_for_times(1).await;
    assistant.signs_in().await;
    assistant.approves(&visitor, &times[0]).await.expect(200);
    world.after(chrono::TimeDelta::days(12)).await;
    for letter in world.letters() {
        assert!(!letter.subject.contains("Canary"), "{}", letter.subject);
        for link in letter.text.split("http://localhost:4040").skip(1) {
            let path = link.split_whitespace().next().unwrap_or_default().to_lowercase();
            assert!(!path.contains("canary"), "{path}");
        }
    }
    let page = assistant.browser.get(&assistant.file_of(&visitor).await).await.expect(200);
    let title = page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(!title.contains("Canary"), "{title}");
}

#[tokio::test]
async fn too_large_and_unreadable_forms_are_answered_in_words() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let path = ana.link("/questionnaire/");
    let long = "x".repeat(600_000);
    let page = ana.browser.post(&path, &[("key", "abc"), ("a", &long)]).await.expect(413);
    assert!(page.words().contains("shorten"), "{}", page.words());
    let page = ana.browser.post(&path, &[("a", "no key")]).await.expect(422);
    assert!(page.words().contains("reload the page and send it again"), "{}", page.words());
}

#[tokio::test]
async fn practices_do_not_see_each_other() {
    let world = World::new().await;
    let (sources, handbook) = {
        let mut files: Vec<(String, String)> = operate::read_practice(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../practices/harbour"),
        )
        .unwrap()
        .0
        .files()
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
        for (_, text) in files.iter_mut().filter(|(name, _)| name == "practice.toml") {
            *text = text.replace("id = \"harbour\"", "id = \"lantern\"");
        }
        let sources = handbook::Sources::new(files).unwrap();
        let handbook = handbook::read(&sources).unwrap();
        (sources, handbook)
    };
    world.house.load_practice(&sources, &handbook).await.unwrap();
    let mut ana = world.visitor("Ana");
    let mut owner = world.owner();
    ana.opts_in().await.expect(200);
    owner.signs_in().await;
    let client = ana.file().await.id;
    for path in [format!("/lantern/desk/clients/{client}"), "/lantern/desk".to_owned()] {
        let page = owner.browser.get(&path).await.expect(200);
        assert!(
            page.path.starts_with("/lantern/desk/sign-in"),
            "a session opens no other practice"
        );
    }
    let link = ana.link("/questionnaire/").replace("/harbour/", "/lantern/");
    assert_eq!(ana.browser.get(&link).await.status, 404);
}
