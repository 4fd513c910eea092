//! Everything a person reads, kept word for word: letters, invitations and pages.
//!
//! Links are shortened to their kind, and only if they are links: their secret part is checked
//! elsewhere. A changed word shows as a changed snapshot; accept it with `cargo insta`.

use chrono::TimeDelta;
use tests::{Letter, World, is_code};

/// Puts `…` in place of a link's secret part.
fn shortened(text: &str) -> String {
    let origin = "http://localhost:4040";
    let mut parts = text.split(origin);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end =
            part.find(|c: char| c.is_whitespace() || c == '>' || c == '\\').unwrap_or(part.len());
        let (path, rest) = part.split_at(end);
        let kind = path.rsplit_once('/').map_or(
            path,
            |(kind, secret)| {
                if 20 < secret.len() { kind } else { path }
            },
        );
        let ellipsis = if kind == path { "" } else { "/…" };
        out.extend(["⟨", kind, ellipsis, "⟩", rest]);
    }
    out
}

fn book(letters: &[Letter]) -> String {
    let pages = letters.iter().map(|letter| {
        let invitation = letter.invitation.as_ref().map_or("", |_| "\n[with an invitation]");
        format!(
            "To: {}\nSubject: {}{invitation}\n\n{}",
            letter.to,
            letter.subject,
            shortened(&letter.text)
        )
    });
    let rule = format!("\n{}\n", "─".repeat(72));
    pages.collect::<Vec<_>>().join(&rule)
}

#[tokio::test]
async fn letters_of_a_call_that_takes_place() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    let mut owner = world.owner();
    ana.opts_in().await.expect(200);
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let times = ana.times().await;
    ana.proposes(&[times[30].clone(), times[12].clone(), times[20].clone()]).await.expect(200);
    assistant.signs_in().await;
    assistant.approves(&ana, &times[30]).await.expect(200);
    ana.proposes(&[times[44].clone()]).await.expect(200);
    assistant.approves(&ana, &times[44]).await.expect(200);
    let appointment = ana.appointment().await;
    world.until(appointment.slot.end).await;
    owner.signs_in().await;
    owner.records(&ana, "held").await.expect(200);
    // The code of a sign-in letter is drawn; everything else is the practice's word.
    insta::assert_snapshot!(without_codes(&book(&world.letters())));
}

#[tokio::test]
async fn letters_of_somebody_who_needs_several_tries() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    ana.opts_in().await.expect(200);
    world.after(TimeDelta::days(8)).await;
    ana.completes_questionnaire().await.expect(200);
    world.after(TimeDelta::days(4)).await;
    let first = ana.times().await;
    ana.proposes(&first[20..21]).await.expect(200);
    world.after(TimeDelta::hours(25)).await;
    let again = ana.times().await;
    ana.proposes(&again[20..21]).await.expect(200);
    assistant.signs_in().await;
    assistant.declines(&ana, "I am at a workshop then.").await.expect(200);
    let third = ana.times().await;
    ana.proposes(&third[20..21]).await.expect(200);
    assistant.approves(&ana, &third[20]).await.expect(200);
    ana.proposes(&third[24..25]).await.expect(200);
    assistant.declines(&ana, "").await.expect(200);
    ana.cancels("I have to travel.").await.expect(200);
    let fourth = ana.times().await;
    ana.proposes(&fourth[20..21]).await.expect(200);
    assistant.approves(&ana, &fourth[20]).await.expect(200);
    let appointment = ana.appointment().await;
    let id = appointment.id.to_string();
    assistant.does(&ana, "cancel", &[("appointment", &id), ("note", "")]).await.expect(200);
    let fifth = ana.times().await;
    ana.proposes(&fifth[2..3]).await.expect(200);
    assistant.approves(&ana, &fifth[2]).await.expect(200);
    let appointment = ana.appointment().await;
    world.until(appointment.slot.end).await;
    assistant.records(&ana, "no-show").await.expect(200);
    insta::assert_snapshot!(without_codes(&book(&world.letters())));
}

fn without_codes(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let words = line.split(' ').map(|word| if is_code(word) { "⟨code⟩" } else { word });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn invitation_and_its_withdrawal() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let invitation = ana.last_letter().invitation.unwrap();
    ana.cancels("").await.expect(200);
    let withdrawal = ana.last_letter().invitation.unwrap();
    let id = uid(&invitation);
    assert_eq!(id, uid(&withdrawal));
    let both = format!("{invitation}\n\n{withdrawal}").replace("\r\n ", "").replace("\r\n", "\n");
    insta::assert_snapshot!(shortened(&both.replace(&id, "⟨uid⟩")));
}

fn uid(ics: &str) -> String {
    ics.lines().find_map(|line| line.strip_prefix("UID:")).unwrap().to_owned()
}

#[tokio::test]
async fn pages_of_a_visitor() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut pages = Vec::new();
    for path in ["/harbour", "/harbour/thanks", "/harbour/policy", "/harbour/form"] {
        pages.push(ana.browser.get(path).await.expect(200));
    }
    ana.opts_in().await.expect(200);
    pages.push(ana.browser.get(&ana.link("/questionnaire/")).await.expect(200));
    pages.push(ana.completes_questionnaire().await.expect(200));
    let calendar = ana.link("/calendar/");
    pages.push(ana.browser.get(&calendar).await.expect(200));
    let times: Vec<String> = ana.times().await.into_iter().step_by(7).take(3).collect();
    let query: Vec<String> = times.iter().map(|time| format!("t={time}")).collect();
    pages
        .push(ana.browser.get(&format!("{calendar}/review?{}", query.join("&"))).await.expect(200));
    pages.push(ana.proposes(&times).await.expect(200));
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    assistant.approves(&ana, &times[0]).await.expect(200);
    pages.push(ana.browser.get(&ana.link("/appointment/")).await.expect(200));
    pages.push(ana.cancels("").await.expect(200));
    pages.push(ana.browser.get("/harbour/nothing/here").await.expect(404));
    insta::assert_snapshot!(words_of(&pages).replace(&world.handbook.version, "⟨version⟩"));
}

#[tokio::test]
async fn pages_of_the_desk() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    let mut pages = vec![assistant.browser.get("/harbour/desk/sign-in").await.expect(200)];
    pages.push(assistant.asks_to_sign_in().await);
    assistant.signs_in().await;
    pages.push(assistant.looks_at_today().await.expect(200));
    let times = ana.asks_for_times(3).await;
    let letter = assistant.letters().pop().unwrap();
    pages.push(assistant.browser.get(&letter.link("/request/")).await.expect(200));
    pages.push(assistant.looks_at_today().await.expect(200));
    pages.push(assistant.approves(&ana, &times[0]).await.expect(200));
    pages.push(assistant.browser.get(&assistant.file_of(&ana).await).await.expect(200));
    pages.push(assistant.browser.get("/harbour/desk/clients").await.expect(200));
    pages.push(assistant.browser.get("/harbour/desk/sessions").await.expect(200));
    insta::assert_snapshot!(words_of(&pages).replace(&world.handbook.version, "⟨version⟩"));
}

fn words_of(pages: &[tests::Answered]) -> String {
    let rule = format!("\n\n{}\n\n", "─".repeat(72));
    let words = pages.iter().map(|page| {
        assert!(page.body.len() <= 20_000, "{} has {} bytes", page.path, page.body.len());
        page.words().replace(". ", ".\n")
    });
    words.collect::<Vec<_>>().join(&rule)
}

#[tokio::test]
async fn the_answers_as_a_pdf() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let path = format!("{}/answers.pdf", assistant.file_of(&ana).await);
    let pdf = assistant.browser.get(&path).await.expect(200);
    // Read by a program of somebody else, as it would be copied from the page.
    let text = pdf_extract::extract_text_from_mem(&pdf.bytes).unwrap();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}
