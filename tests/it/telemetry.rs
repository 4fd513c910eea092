//! What the operator reads: a line for each thing that was answered, and never a person's data.

use std::{
    cell::RefCell,
    io,
    panic::{catch_unwind, set_hook, take_hook},
    sync::{Arc, Once},
};

use axum::{Router, body::Body, http::Request, routing::get};
use chrono::TimeDelta;
use shell::Deadline;
use store::Standing;
use tests::{World, moment};
use tower::ServiceExt as _;

use crate::{
    deadlines::{in_a_hurry, many_stand_before, stopped_after},
    night::{NIGHT, becomes_unreadable, takes_away},
    rights::Closed,
};

thread_local! {
    /// What is said on this thread, while somebody listens.
    static SAID: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to whoever listens on this thread.
struct Listener;

impl io::Write for Listener {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        SAID.with_borrow_mut(|said| said.iter_mut().for_each(|said| said.extend(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log of this thread, listened to from here on.
struct Log;

impl Log {
    fn listen() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::INFO)
                .with_ansi(false)
                .without_time()
                .with_writer(|| Listener)
                .init();
        });
        SAID.set(Some(Vec::new()));
        Self
    }

    /// What was said since it was last asked.
    #[expect(clippy::unused_self, reason = "who has none has not begun to listen")]
    fn take(&self) -> String {
        let said = SAID.replace(Some(Vec::new())).expect("somebody listens");
        String::from_utf8(said).unwrap()
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
    let log = Log::listen();
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
    // How many units they are worth to, the tables say, and not all of them alike.
    assert!(line.contains("calls=2") && !line.contains("write_units=0.0"), "{line}");

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
    let log = Log::listen();
    let request = shell::RequestId("r-17".to_owned());
    shell::of_request(request, ana.opts_in()).await.expect(200);
    let line = log.line("a letter has left");
    assert!(line.contains("/welcome.") && line.contains("caused_by=\"r-17\""), "{line}");

    let mut owner = world.owner();
    let request = shell::RequestId("r-18".to_owned());
    shell::of_request(request, owner.asks_to_sign_in()).await.expect(200);
    let line = log.line("a letter has left");
    assert!(line.contains("/sign-in.") && line.contains("caused_by=\"r-18\""), "{line}");

    // The agenda belongs to the run of the clock that turned the day book.
    let mut ben = world.visitor("Ben Okafor");
    world.assistant().books(&mut ben).await;
    let start = ben.appointment().await.slot.start;
    world.until(start - TimeDelta::days(1)).await;
    log.take();
    world.asleep_until(start - TimeDelta::hours(1));
    let request = shell::RequestId("r-19".to_owned());
    shell::of_request(request, world.settle()).await;
    let line = log.line("/agenda.");
    assert!(line.contains("caused_by=\"r-19\""), "{line}");
}

#[tokio::test]
async fn the_clock_is_told_of_only_where_something_was_due() {
    let world = World::new().await;
    let log = Log::listen();
    world.settle().await;
    let text = log.take();
    assert!(!text.contains("answered"), "{text}");
    world.visitor("Ana Moura").opts_in().await.expect(200);
    log.take();
    world.after(TimeDelta::days(3)).await;
    let text = log.take();
    let told = "reminders answered the minute for harbour: done";
    assert!(text.lines().any(|line| line.contains(told)), "{text}");
    assert!(text.contains("figure=\"LetterAgeSeconds\""), "{text}");
}

/// What was told of a figure, in turn.
fn told(text: &str, figure: &str) -> Vec<u64> {
    let figure = format!("figure=\"{figure}\"");
    let lines = text.lines().filter(|line| line.contains(&figure));
    let value = |line: &str| line.split("value=").nth(1)?.split_whitespace().next()?.parse().ok();
    lines.map(|line| value(line).unwrap_or_else(|| panic!("no value: {line}"))).collect()
}

#[tokio::test]
async fn a_letter_that_was_held_back_on_purpose_is_not_late() {
    let world = World::new().await;
    let store = &world.house.shell.store;
    store.set_standing(&world.practice, Standing::Paused, world.now()).await.unwrap();
    // What is known of a practice is known for a minute.
    world.after(TimeDelta::minutes(2)).await;
    let mut ana = world.visitor("Ana Moura");
    let log = Log::listen();
    ana.opts_in().await.expect(200);
    world.after(TimeDelta::hours(5)).await;
    assert!(ana.letters().is_empty(), "it is held back");
    store.set_standing(&world.practice, Standing::Open, world.now()).await.unwrap();
    world.after(TimeDelta::minutes(12)).await;
    assert_eq!(ana.letters().len(), 1, "it has left");
    let ages = told(&log.take(), "LetterAgeSeconds");
    assert!(!ages.is_empty() && ages.iter().all(|age| *age < 900), "no alarm rings: {ages:?}");
}

#[tokio::test]
async fn what_could_not_be_worked_on_is_told() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    becomes_unreadable(&world, &ana).await;
    let log = Log::listen();
    reminders::run(&world.house.shell, Deadline::NONE).await.unwrap();
    assert_eq!(told(&log.take(), "WorkUndone"), [0_u64; 0], "nothing of hers is due yet");
    world.asleep_until(world.now() + TimeDelta::days(4));
    reminders::run(&world.house.shell, Deadline::NONE).await.unwrap();
    let text = log.take();
    assert_eq!(told(&text, "WorkUndone"), [1], "the minute: {text}");
    assert!(text.contains("ERROR"), "with its causes: {text}");
    reminders::close_nights(&world.house.shell, Deadline::NONE).await.unwrap();
    let text = log.take();
    assert_eq!(told(&text, "WorkUndone"), [1], "the night: {text}");
}

#[tokio::test]
async fn what_the_night_has_found_is_told() {
    let world = World::new().await;
    let (mut ana, mut ben) = (world.visitor("Ana Moura"), world.visitor("Ben Okafor"));
    ana.opts_in().await.expect(200);
    takes_away(&world, &ana, "due_at, due_shard").await;
    ben.opts_in_quietly().await.expect(200);
    world.house.next_letter().await.expect("an announcement that gets lost");
    world.asleep_until(moment(NIGHT));
    let log = Log::listen();
    reminders::close_nights(&world.house.shell, Deadline::NONE).await.unwrap();
    let text = log.take();
    for figure in ["NightsClosed", "LettersStranded", "FilesForgotten"] {
        assert_eq!(told(&text, figure), [1], "{figure}: {text}");
    }
    assert_eq!(told(&text, "WorkUndone"), [0_u64; 0], "{text}");
}

#[tokio::test]
async fn a_night_that_has_no_time_or_does_not_end_is_told() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    many_stand_before(&world, &ana, 650).await;
    world.asleep_until(moment(NIGHT));
    let log = Log::listen();
    let undone = async |seconds: i64| {
        log.take();
        let deadline = stopped_after(&world, TimeDelta::seconds(seconds));
        reminders::close_nights(&in_a_hurry(&world, 1), deadline).await.unwrap();
        told(&log.take(), "WorkUndone")
    };
    assert_eq!(undone(60).await, [1], "nothing was begun");
    // A page of 200 files takes more than three of these five minutes.
    assert_eq!(undone(300).await, [0_u64; 0], "it goes on in an hour");
    world.asleep_until(moment(NIGHT) + TimeDelta::hours(6));
    assert_eq!(undone(300).await, [1], "it is morning");
}

#[tokio::test]
async fn a_letter_that_is_given_up_is_told() {
    let world = World::with_office(Arc::new(Closed::default())).await;
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let log = Log::listen();
    world.after(TimeDelta::minutes(2)).await;
    let text = log.take();
    assert_eq!(told(&text, "LettersGivenUp"), [1], "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_breaks_or_takes_too_long_is_told_in_one_line_as_well() {
    let breaks = async || -> &'static str { panic!("about Ana Moura") };
    let hangs = async || std::future::pending::<&'static str>().await;
    let router = Router::new().route("/breaks", get(breaks)).route("/hangs", get(hangs));
    let router = shell::guarded("opt-in", router);
    let log = Log::listen();
    for (path, why) in [("/breaks", "broke off in a panic"), ("/hangs", "longer than 20 seconds")] {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(shell::RequestId("r-20".to_owned()));
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 500);
        let text = log.take();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("answered GET")).collect();
        assert_eq!(lines.len(), 1, "{path}: {text}");
        assert!(lines[0].contains(": failed in"), "{text}");
        assert!(lines[0].contains("request=\"r-20\""), "{text}");
        assert!(text.contains("ERROR") && text.contains(why), "{path}: {text}");
        assert!(!text.contains("Ana"), "a panic's words may quote what somebody typed: {text}");
    }
}

/// The house and the functions begin with it.
#[test]
fn a_panic_is_told_by_its_place_and_never_by_its_words() {
    let log = Log::listen();
    let usual = take_hook();
    shell::tell_panics_by_their_place();
    let broken = catch_unwind(|| panic!("about Ana Moura"));
    set_hook(usual);
    assert!(broken.is_err());
    let text = log.take();
    assert!(text.contains("ERROR") && text.contains("telemetry.rs:"), "{text}");
    assert!(!text.contains("Ana"), "{text}");
}

#[tokio::test]
async fn a_letter_that_nobody_tries_again_is_told_by_the_reminders() {
    let world = World::with_office(Arc::new(Closed::default())).await;
    let log = Log::listen();
    world.visitor("Ana Moura").opts_in().await.expect(200);
    let late = async |minutes: i64| {
        log.take();
        world.asleep_until(world.now() + TimeDelta::minutes(minutes));
        reminders::run(&world.house.shell, Deadline::NONE).await.unwrap();
        told(&log.take(), "LetterAgeSeconds")
    };
    assert_eq!(
        late(2).await,
        [0_u64; 0],
        "it was to be tried a minute ago: the post is on its way"
    );
    assert_eq!(late(18).await, [19 * 60], "nobody comes");
    assert!(15 * 60 < late(20).await[0], "and it is told each minute, so that the alarm rings");
}

#[tokio::test]
async fn nobodys_data_is_in_the_log() {
    let world = World::new().await;
    let log = Log::listen();
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
    world.until(appointment.slot.end + TimeDelta::minutes(1)).await;
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
