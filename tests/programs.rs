//! The story through the functions as the programs of their own that they are in the cloud, under a
//! stand-in for Lambda's Runtime API, behind the template's routes. They are in the folder
//! `ANTEROOM_PROGRAMS`; `anteroom deploy --dry-run` puts them into `target/<triple>/lambda`. Those of
//! another processor run under the emulator that `ANTEROOM_EMULATOR` names.

use std::path::PathBuf;

use serde_json::json;
use tests::{
    World,
    programs::{Programs, Services},
};

async fn world_of_programs() -> World {
    #[expect(clippy::disallowed_methods, reason = "one of two settings of the tests of programs")]
    let folder = std::env::var("ANTEROOM_PROGRAMS").expect("ANTEROOM_PROGRAMS, where they are");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let (services, world) = Services::open().await;
    let programs = Programs::start(&folder, services).await;
    world.lived_by(programs)
}

#[tokio::test]
async fn a_visitor_becomes_a_client_through_the_functions_as_they_are_deployed() {
    let world = world_of_programs().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    assert_eq!(ana.letters().len(), 1, "the autoresponder");
    ana.completes_questionnaire().await.expect(200);
    assert_eq!(ana.letters().len(), 2, "the invitation to the calendar");
    let chosen: Vec<String> = ana.times().await.into_iter().take(3).collect();
    ana.proposes(&chosen).await.expect(200);

    let mut assistant = world.assistant();
    assert_eq!(assistant.letters().len(), 1, "the request");
    assistant.signs_in().await;
    assert!(assistant.looks_at_today().await.expect(200).words().contains("Ana Moura"));
    assistant.approves(&ana, &chosen[1]).await.expect(200);
    assert!(ana.is_booked().await);
    let confirmation = ana.last_letter();
    assert!(confirmation.invitation.expect("an invitation").contains("METHOD:REQUEST"));
    let pdf = format!("{}/answers.pdf", assistant.file_of(&ana).await);
    let answers = assistant.browser.get(&pdf).await.expect(200);
    assert!(answers.bytes.starts_with(b"%PDF-"), "the answers as a PDF");

    for (function, event) in [("reminders", "minute"), ("reminders", "night"), ("post", "retry")] {
        let answer = world.programs().wake(function, &json!({ "schedule": event })).await;
        assert!(answer.get("errorType").is_none(), "{function} {event}: {answer}");
    }
    ana.cancels("I have a fever.").await.expect(200);
    assert!(ana.last_letter().subject.to_lowercase().contains("cancel"), "{:?}", ana.subjects());
    world.verify().await;
}

#[tokio::test]
async fn an_address_that_leads_nowhere_has_a_kind_page() {
    let world = world_of_programs().await;
    for path in ["/", "/nobody", "/harbour/nothing", "/harbour/calendar/nobodys-link"] {
        let page = world.browser().get(path).await.expect(404).words();
        assert!(
            page.contains("Please check the address") || page.contains("letter"),
            "{path}: {page}"
        );
    }
}
