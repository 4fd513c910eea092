//! What a whole funnel asks of the tables, step by step.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, Command};
use shell::Wish;
use store::UsageSoFar;

use crate::{Answered, Visitor, World};

/// What the shortest way from the opt-in to the reminders took, with three times on three days.
pub struct MeasuredFunnel {
    /// Each step of the funnel, by its name.
    pub steps: Vec<(&'static str, UsageSoFar)>,
    /// One answer saved as it is typed; how many there are is up to who types.
    pub answer_saved: UsageSoFar,
    /// A look of the clock where nothing is due; it is shared by all clients.
    pub look: UsageSoFar,
    /// How many letters left.
    pub letters: usize,
    /// The pages that were seen, by their names.
    pub pages: Vec<(&'static str, Answered)>,
}

impl MeasuredFunnel {
    /// Lives through it.
    pub async fn live_through(world: &World) -> Self {
        let mut measured = Measuring { world, before: UsageSoFar::default(), steps: Vec::new() };
        let mut ana = world.visitor("Ana Moura");
        let mut pages = Vec::new();
        measured.asks(&mut ana, &mut pages).await;
        let answer_saved = measured.answers(&mut ana, &mut pages).await;
        measured.proposes(&mut ana, &mut pages).await;
        measured.is_reminded(&ana).await;
        let before = world.house.shell.store.usage();
        world.house.shell.store.due(world.now()).await.expect("a look");
        let look = world.house.shell.store.usage() - before;
        Self { steps: measured.steps, answer_saved, look, letters: world.letters().len(), pages }
    }

    /// All steps together.
    pub fn whole(&self) -> UsageSoFar {
        self.steps.iter().fold(UsageSoFar::default(), |sum, (_, step)| sum + *step)
    }
}

/// Reads the counters around each step: what is used in between is this one's own looking around.
struct Measuring<'w> {
    world: &'w World,
    before: UsageSoFar,
    steps: Vec<(&'static str, UsageSoFar)>,
}

impl Measuring<'_> {
    fn begin(&mut self) {
        self.before = self.world.house.shell.store.usage();
    }

    fn used(&self) -> UsageSoFar {
        self.world.house.shell.store.usage() - self.before
    }

    fn end(&mut self, name: &'static str) {
        self.steps.push((name, self.used()));
    }

    async fn asks(&mut self, ana: &mut Visitor<'_>, pages: &mut Vec<(&'static str, Answered)>) {
        let form = ana.browser.get("/harbour").await.expect(200);
        self.world.seconds_pass(5);
        let (key, stamp) = (form.field("key"), form.field("stamp"));
        let fields = [
            ("name", "Ana Moura"),
            ("email", "ana.moura@example.org"),
            ("consent", "yes"),
            ("key", key.as_str()),
            ("stamp", stamp.as_str()),
        ];
        self.begin();
        ana.browser.post("/harbour", &fields).await.expect(200);
        self.end("opt-in");
        pages.push(("opt-in page", form));
        self.letter("  letter: welcome").await;
    }

    /// Answers what is required; what saving one answer took is not among the steps.
    async fn answers(
        &mut self,
        ana: &mut Visitor<'_>,
        pages: &mut Vec<(&'static str, Answered)>,
    ) -> UsageSoFar {
        self.begin();
        let path = ana.link("/questionnaire/");
        let page = ana.browser.get(&path).await.expect(200);
        pages.push(("questionnaire", page));
        self.end("questionnaire page");
        self.begin();
        let headers = [("accept", "text/plain"), ("sec-fetch-site", "same-origin")];
        let body = "a-question=typed".to_owned();
        let save = format!("{path}/save");
        let answered = ana.browser.send(http::Method::POST, &save, &headers, body).await;
        assert_eq!(answered.body, "saved");
        let saved = self.used();
        self.begin();
        ana.completes_questionnaire_quietly().await.expect(200);
        self.end("questionnaire, sent and thanked");
        self.letter("  letter: calendar").await;
        saved
    }

    async fn proposes(&mut self, ana: &mut Visitor<'_>, pages: &mut Vec<(&'static str, Answered)>) {
        let path = ana.link("/calendar/");
        self.begin();
        pages.push(("calendar", ana.browser.get(&path).await.expect(200)));
        self.end("calendar page");
        let times = ana.times().await;
        let chosen = [times[12].clone(), times[24].clone(), times[30].clone()];
        self.begin();
        let asked = ana.sends_proposal_quietly(&path, &chosen, "one-key").await.expect(200);
        pages.push(("asked", asked));
        self.end("three times proposed and thanked");
        self.letter("  letter: request").await;
        let approval = self.approval(ana, &chosen[0]).await;
        self.command(ana, approval, "one time approved").await;
        self.letter("  letter: confirmation").await;
    }

    async fn is_reminded(&mut self, ana: &Visitor<'_>) {
        let start = ana.appointment().await.slot.start;
        for (name, letter, at) in [
            ("reminder, day before", "  letter: day before", day_before(start)),
            ("reminder, hour before", "  letter: hour before", start - TimeDelta::hours(1)),
        ] {
            self.world.asleep_until(at);
            self.command(ana, (Actor::Clock, Command::TimePassed), name).await;
            self.letter(letter).await;
        }
    }

    async fn approval(&self, ana: &Visitor<'_>, time: &str) -> (Actor, Command) {
        let file = ana.file().await;
        let request = file.request().expect("an open request");
        let minutes: i64 = time.parse().expect("minutes");
        let command = Command::ApproveTime {
            proposal: request.id.clone(),
            start: DateTime::from_timestamp(minutes * 60, 0).expect("an instant"),
        };
        let assistant = self.world.handbook.in_role(domain::Role::Assistant);
        (Actor::Staff(assistant.id.clone()), command)
    }

    async fn letter(&mut self, name: &'static str) {
        self.begin();
        let letter = self.world.house.next_letter().await.expect("a letter");
        self.world.house.deliver(&letter).await;
        self.end(name);
    }

    async fn command(
        &mut self,
        visitor: &Visitor<'_>,
        (actor, command): (Actor, Command),
        name: &'static str,
    ) {
        let client = visitor.file().await.id;
        self.begin();
        let shell = &self.world.house.shell;
        let wish = Wish {
            practice: self.world.practice.clone(),
            client,
            id: shell.command_id(),
            actor,
            command,
            source: None,
        };
        let outcome = shell.handle(&wish).await.expect("granted");
        assert!(!outcome.events.is_empty(), "{name} did nothing");
        self.end(name);
    }
}

/// The reminder of the day before leaves in the morning; noon is certainly after it.
fn day_before(start: DateTime<Utc>) -> DateTime<Utc> {
    (start - TimeDelta::days(1)).date_naive().and_hms_opt(12, 0, 0).expect("noon").and_utc()
}
