//! What keeps strangers, scanners and other sites out.

use std::collections::BTreeSet;

use http::Method;
use tests::{Letter, StaffMember, Visitor, World, template::Template};

use crate::template::{ELSEWHERE, routes};

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

/// Every address of the template, with each link of each letter where one belongs.
async fn addresses(world: &World, visitor: &Visitor<'_>) -> BTreeSet<String> {
    let letters: Vec<String> = world.letters().iter().flat_map(Letter::links).collect();
    let links: BTreeSet<&str> =
        letters.iter().filter_map(|path| path.split('/').find(|part| part.contains('.'))).collect();
    assert!(links.len() >= 4, "{letters:?}");
    let client = visitor.file().await.id.to_string();
    let mut all: BTreeSet<String> = letters.iter().cloned().collect();
    for route in routes(&Template::read()).into_keys().filter(|route| route != ELSEWHERE) {
        let route = route.replace("{practice}", "harbour").replace("{client}", &client);
        let route = route.replace("{deed}", "approve");
        if route.contains("{link}") {
            all.extend(links.iter().map(|link| route.replace("{link}", link)));
        } else {
            all.insert(route);
        }
    }
    all
}

/// Somebody with a call, and staff who are signed in.
async fn a_call(world: &World) -> (Visitor<'_>, StaffMember<'_>) {
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    (ana, assistant)
}

#[tokio::test]
async fn reading_everything_by_machine_changes_nothing() {
    let world = World::new().await;
    let (ana, assistant) = a_call(&world).await;
    let before = ana.file().await;
    let addresses = addresses(&world, &ana).await;
    assert!(addresses.contains("/harbour/desk/sessions"), "{addresses:?}");
    world.take_used_rights();
    for mut reader in [world.browser(), assistant.browser] {
        for path in &addresses {
            for method in [Method::HEAD, Method::GET] {
                let page = reader.send(method, path, &[], String::new()).await;
                assert!(page.status.as_u16() < 500, "{path}");
            }
        }
    }
    let used = world.take_used_rights();
    let pages: Vec<_> = used.iter().filter(|right| right.function == "desk").collect();
    assert!(pages.iter().any(|right| right.resource == "clients/desk"), "staff were signed in");
    for right in &used {
        assert!(["GetItem", "BatchGetItem", "Query"].contains(&&*right.action), "{right}");
    }
    world.settle().await;
    assert_eq!(ana.file().await, before);
}

/// Only the form may stand in somebody else's frame, and no script of another site may read anything.
#[tokio::test]
async fn no_answer_opens_the_house_wider_than_meant() {
    let world = World::new().await;
    let (ana, assistant) = a_call(&world).await;
    let mut reader = assistant.browser;
    for path in addresses(&world, &ana).await {
        let ancestors = if path == "/harbour/form" { "*" } else { "'none'" };
        let meant = format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; \
             frame-ancestors {ancestors}"
        );
        let elsewhere =
            [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
        for method in [Method::OPTIONS, Method::GET] {
            let page = reader.send(method, &path, &elsewhere, String::new()).await;
            let policies: Vec<_> = page.headers.get_all("content-security-policy").iter().collect();
            assert_eq!(policies, [meant.as_str()], "{path}");
            let mut names = page.headers.keys().map(http::HeaderName::as_str);
            assert_eq!(names.find(|name| name.starts_with("access-control")), None, "{path}");
        }
    }
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
        for link in letter.text.split("://localhost:4040").skip(1) {
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
