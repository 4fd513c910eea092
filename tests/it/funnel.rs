//! The nine steps, from the opt-in to the morning of the call.

use std::sync::Arc;

use anteroom::{Mailbox, tables::EmbeddedTables};
use chrono::TimeDelta;
use domain::Stage;
use tests::{MeasuredFunnel, TestTables, World};

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

/// So many answers of a funnel are saved as they are typed (`infra/aws/measured.toml`).
const ANSWERS_SAVED: f64 = 10.0;

#[tokio::test]
async fn a_month_is_reckoned_with_what_a_funnel_takes() {
    let measured = include_str!("../../infra/aws/measured.toml");
    let measured: toml::Table = toml::from_str(measured).unwrap();
    let said = |name: &str| -> f64 { measured["booking"][name].to_string().parse().unwrap() };
    // The engine's own: DynamoDB Local counts otherwise (decision 0024).
    let tables = TestTables::embedded(&EmbeddedTables::in_memory().unwrap());
    let mailbox = Arc::new(Mailbox::in_memory());
    let office: Arc<Mailbox> = Arc::clone(&mailbox);
    let client = tables.client_by(tables.connector());
    let world = World::over(client, office, mailbox, |_| {}).await;
    let funnel = MeasuredFunnel::live_through(&world).await;
    let (whole, saved) = (funnel.whole(), funnel.answer_saved);
    assert_eq!(said("letters").to_string(), funnel.letters.to_string());
    for (name, counted) in [
        ("read_units", whole.read_units + ANSWERS_SAVED * saved.read_units),
        ("write_units", whole.write_units + ANSWERS_SAVED * saved.write_units),
    ] {
        let said = said(name);
        assert!((said - counted).abs() <= 1.0, "{name}: {counted} is measured, and {said} is said");
    }
}
