//! What the operator reads: a line for each thing that was answered, and never a person's data.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tests::World;
use tracing::subscriber::DefaultGuard;

/// The log as it is written while this is kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Begins to listen, to everything that is said on this thread.
    fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// What was written since it was last asked.
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }

    /// The one line that has these words.
    #[track_caller]
    fn line(&self, words: &str) -> String {
        let text = self.take();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(words)).collect();
        let [line] = &lines[..] else { panic!("{words:?} stands once in\n{text}") };
        (*line).to_owned()
    }
}

#[tokio::test]
async fn a_request_is_told_in_one_line_with_what_it_cost() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let (log, _listening) = Log::listen();
    ana.browser.get("/harbour").await.expect(200);
    let line = log.line("opt-in answered");
    for part in [
        "opt-in answered GET /{practice} for harbour: done in",
        "function=\"opt-in\"",
        "practice=\"harbour\"",
        "outcome=\"done\"",
        "status=200",
        "calls=0",
    ] {
        assert!(line.contains(part), "{part:?} in {line}");
    }
    ana.opts_in().await.expect(200);
    let line = log.line("opt-in answered POST");
    assert!(line.contains("calls=2 read_units=1.0 write_units=7.0"), "{line}");

    ana.browser.get("/harbour/resume/ana.moura@example.org").await.expect(404);
    let line = log.line("opt-in answered");
    assert!(line.contains("GET /{practice}/resume/{link} for harbour: refused"), "{line}");
    ana.browser.get("/ana-moura").await.expect(404);
    let line = log.line("opt-in answered");
    assert!(line.contains("GET /{practice} for nobody in particular: refused"), "{line}");
}

#[tokio::test]
async fn a_letter_says_which_request_caused_it() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let (log, _listening) = Log::listen();
    let request = shell::RequestId("r-17".to_owned());
    shell::of_request(request, ana.opts_in()).await.expect(200);
    let line = log.line("a letter has left");
    assert!(line.contains("/welcome.") && line.contains("caused_by=\"r-17\""), "{line}");
}

#[tokio::test]
async fn the_clock_is_told_of_only_where_something_was_due() {
    let world = World::new().await;
    let (log, _listening) = Log::listen();
    world.settle().await;
    let text = log.take();
    assert!(!text.contains("answered"), "{text}");
    world.visitor("Ana Moura").opts_in().await.expect(200);
    log.take();
    world.after(chrono::TimeDelta::days(3)).await;
    let text = log.take();
    let told = "reminders answered the minute for harbour: done";
    assert!(text.lines().any(|line| line.contains(told)), "{text}");
    assert!(text.contains("figure=\"LetterAgeSeconds\""), "{text}");
}

#[tokio::test]
async fn nobodys_data_is_in_the_log() {
    let world = World::new().await;
    let (log, _listening) = Log::listen();
    let mut canary = world.visitor("Canary Quince");
    canary.opts_in().await.expect(200);
    canary.completes_questionnaire().await.expect(200);
    let times = canary.times().await;
    canary.proposes(&times[..2]).await.expect(200);
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    assistant.approves(&canary, &times[0]).await.expect(200);
    canary.browser.get("/harbour/stop/canary.quince@example.org?name=Quince").await.expect(404);
    let appointment = canary.appointment().await;
    world.until(appointment.slot.end + chrono::TimeDelta::minutes(1)).await;
    let text = log.take();
    assert!(20 < text.lines().count(), "only this was told:\n{text}");
    let links = canary.letters().iter().flat_map(tests::Letter::links).collect::<Vec<_>>();
    assert!(5 < links.len());
    let secrets = links.iter().filter_map(|link| link.rsplit('/').next());
    for word in ["anary", "uince", "example.org"].into_iter().chain(secrets) {
        let told = text.lines().find(|line| line.contains(word));
        assert_eq!(told, None, "{word:?} is in the log");
    }
}
