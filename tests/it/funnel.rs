//! The nine steps, from the opt-in to the morning of the call.

use chrono::TimeDelta;
use domain::Stage;
use tests::World;

#[tokio::test]
async fn a_visitor_becomes_a_client_and_the_call_takes_place() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    let mut owner = world.owner();

    let thanks = ana.opts_in().await.expect(200);
    assert_eq!(thanks.path, "/harbour/thanks");
    assert_eq!(ana.letters().len(), 1, "the autoresponder");

    ana.completes_questionnaire().await.expect(200);
    assert_eq!(ana.letters().len(), 2, "the invitation to the calendar");

    let times = ana.times().await;
    let chosen = [times[30].clone(), times[12].clone(), times[20].clone()];
    ana.proposes(&chosen).await.expect(200);
    let Stage::Asked(proposal) = ana.file().await.stage else { panic!("asked") };
    let ranked: Vec<String> =
        proposal.slots().map(|slot| (slot.start.timestamp() / 60).to_string()).collect();
    assert_eq!(ranked, chosen, "the order of choice is kept");
    assert_eq!(assistant.letters().len(), 1, "the request");

    assistant.signs_in().await;
    let today = assistant.looks_at_today().await.expect(200);
    assert!(today.words().contains("Ana Moura"));
    assistant.approves(&ana, &chosen[0]).await.expect(200);
    assert!(ana.is_booked().await);
    let confirmation = ana.last_letter();
    assert!(confirmation.invitation.expect("an invitation").contains("METHOD:REQUEST"));

    owner.signs_in().await;
    let pdf = format!("{}/answers.pdf", owner.file_of(&ana).await);
    let answers = owner.browser.get(&pdf).await.expect(200);
    assert!(answers.bytes.starts_with(b"%PDF-"), "the answers as a PDF");

    let appointment = ana.appointment().await;
    world.until(appointment.slot.end + TimeDelta::minutes(1)).await;
    let subjects = ana.subjects();
    assert_eq!(subjects.len(), 5, "welcome, calendar, confirmation, two reminders: {subjects:?}");
    assert!(owner.last_letter().text.contains("Ana Moura"), "the agenda of the day");

    owner.records(&ana, "held").await.expect(200);
    assert!(matches!(ana.file().await.stage, Stage::Closed { .. }));
    assert_eq!(ana.letters().len(), 6, "thank you");
    world.verify().await;
}
