//! A visitor, later a client: what they do, in their words.

use domain::{Appointment, ClientFile, Stage};

use crate::{Answered, Browser, Letter, World};

/// Two working weeks: as far as anybody in these stories looks.
const DAYS_LOOKED_AT: usize = 10;

/// Somebody who asks for a session.
pub struct Visitor<'w> {
    world: &'w World,
    /// Their browser.
    pub browser: Browser,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

impl<'w> Visitor<'w> {
    pub(crate) fn new(world: &'w World, name: &str) -> Self {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        Self { world, browser: world.browser(), name: name.to_owned(), email }
    }

    /// The file as stored.
    pub async fn file(&self) -> ClientFile {
        self.world.file(&self.email).await.expect("a known client")
    }

    /// The booked appointment.
    ///
    /// # Panics
    /// If there is none.
    pub async fn appointment(&self) -> Appointment {
        self.file().await.appointment().expect("a booked appointment").clone()
    }

    /// The letters of this practice received so far.
    pub fn letters(&self) -> Vec<Letter> {
        let letters = self.world.letters_to(&self.email);
        let sender = self.world.handbook.practice.email.as_str();
        letters.into_iter().filter(|letter| letter.from == sender).collect()
    }

    /// The last letter received.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn last_letter(&self) -> Letter {
        self.letters().pop().expect("a letter")
    }

    /// The subjects of the letters received so far.
    pub fn subjects(&self) -> Vec<String> {
        self.letters().into_iter().map(|letter| letter.subject).collect()
    }

    /// The last link of this kind received.
    ///
    /// # Panics
    /// If no letter has one.
    #[track_caller]
    pub fn link(&self, part: &str) -> String {
        let letters = self.letters();
        let has_link = |letter: &&Letter| letter.text.contains(part);
        letters.iter().rev().find(has_link).expect("a letter with that link").link(part)
    }

    /// Fills in the form and sends it.
    pub async fn opts_in(&mut self) -> Answered {
        self.opts_in_for("").await
    }

    /// The same, for a kind of session; for the one that the form has, if none is named.
    pub async fn opts_in_for(&mut self, session: &str) -> Answered {
        let answered = self.sends_the_form(session).await;
        self.world.settle().await;
        answered
    }

    /// Fills in the form and sends it, without waiting for what follows.
    pub async fn opts_in_quietly(&mut self) -> Answered {
        self.sends_the_form("").await
    }

    async fn sends_the_form(&mut self, session: &str) -> Answered {
        let form = format!("/{}", self.world.practice);
        let page = self.browser.get(&form).await.expect(200);
        self.world.takes_time().await;
        let fields = [
            ("session", session.to_owned()),
            ("name", self.name.clone()),
            ("email", self.email.clone()),
            ("consent", "yes".to_owned()),
            ("website", String::new()),
            ("key", page.field("key")),
            ("stamp", page.field("stamp")),
        ];
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.browser.post(&form, &fields).await
    }

    /// Answers every required question and sends the questionnaire.
    pub async fn completes_questionnaire(&mut self) -> Answered {
        let answered = self.completes_questionnaire_quietly().await;
        self.world.settle().await;
        answered
    }

    /// The same, by a form with this key.
    pub async fn completes_questionnaire_with(&mut self, key: &str) -> Answered {
        let answered = self.sends_answers(key).await;
        self.world.settle().await;
        answered
    }

    /// The same, without waiting for what follows from it.
    pub async fn completes_questionnaire_quietly(&mut self) -> Answered {
        let path = self.link("/questionnaire/");
        let page = self.browser.get(&path).await.expect(200);
        self.sends_answers(&page.field("key")).await
    }

    async fn sends_answers(&mut self, key: &str) -> Answered {
        let path = self.link("/questionnaire/");
        let mut fields = answers_to_required(self.world, &self.file().await);
        fields.push(("key".to_owned(), key.to_owned()));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.browser.post(&path, &fields).await
    }

    /// Opts in and answers, so that the calendar is open.
    pub async fn may_choose(&mut self) {
        self.opts_in().await.expect(200);
        self.completes_questionnaire().await.expect(200);
    }

    /// The times on offer on the next [`DAYS_LOOKED_AT`] open days, as the fields of the calendar
    /// page give them.
    pub async fn times(&mut self) -> Vec<String> {
        let path = format!("{}?change=yes", self.link("/calendar/"));
        let mut days = self.browser.get(&path).await.expect(200).fields("day");
        days.sort();
        days.dedup();
        let mut times = Vec::new();
        for day in days.iter().take(DAYS_LOOKED_AT) {
            let page = self.browser.get(&format!("{path}&day={day}")).await.expect(200);
            for time in page.fields("t") {
                // What is offered from the waiting list stands on the page a second time.
                if !times.contains(&time) {
                    times.push(time);
                }
            }
        }
        times
    }

    /// Looks the times over and asks for them, the first choice first.
    pub async fn proposes(&mut self, times: &[String]) -> Answered {
        let path = self.link("/calendar/");
        self.proposes_at(&path, times).await
    }

    /// The same, by a calendar link that is already known.
    pub async fn proposes_at(&mut self, path: &str, times: &[String]) -> Answered {
        let chosen: Vec<String> = times.iter().map(|time| format!("t={time}")).collect();
        let query = format!(
            "{path}/review?{}&order={}&zone=Europe/Lisbon",
            chosen.join("&"),
            times.join(",")
        );
        let review = self.browser.get(&query).await;
        // Where a time is gone, the calendar answers in place of the review.
        if !review.body.contains("name=\"rank-") {
            return review;
        }
        let key = review.field("key");
        self.sends_proposal(path, times, &key).await
    }

    /// Sends the form of the review page with this key.
    pub async fn sends_proposal(&mut self, path: &str, times: &[String], key: &str) -> Answered {
        let answered = self.sends_proposal_quietly(path, times, key).await;
        self.world.settle().await;
        answered
    }

    /// The same, without waiting for what follows from it.
    pub async fn sends_proposal_quietly(
        &mut self,
        path: &str,
        times: &[String],
        key: &str,
    ) -> Answered {
        let mut fields = vec![("key", key), ("zone", "Europe/Lisbon")];
        fields.extend(times.iter().map(|time| ("t", time.as_str())));
        let ranks: Vec<(String, String)> = times
            .iter()
            .enumerate()
            .map(|(at, time)| (format!("rank-{time}"), (at + 1).to_string()))
            .collect();
        fields.extend(ranks.iter().map(|(name, rank)| (name.as_str(), rank.as_str())));
        self.browser.post(&format!("{path}/review"), &fields).await
    }

    /// Opts in, answers, and asks for the first `count` times on offer.
    pub async fn asks_for_times(&mut self, count: usize) -> Vec<String> {
        self.may_choose().await;
        let times: Vec<String> = self.times().await.into_iter().take(count).collect();
        self.proposes(&times).await.expect(200);
        times
    }

    /// Cancels the appointment.
    pub async fn cancels(&mut self, note: &str) -> Answered {
        let path = self.link("/appointment/");
        let page = self.browser.get(&path).await.expect(200);
        let (key, appointment) = (page.field("key"), page.field("appointment"));
        let fields = [("key", key.as_str()), ("appointment", appointment.as_str()), ("note", note)];
        let answered = self.browser.post(&format!("{path}/cancel"), &fields).await;
        self.world.settle().await;
        answered
    }

    /// Whether a time is booked.
    pub async fn is_booked(&self) -> bool {
        matches!(self.file().await.stage, Stage::Booked { .. })
    }
}

/// An answer to every question that must be answered.
fn answers_to_required(world: &World, file: &ClientFile) -> Vec<(String, String)> {
    use domain::QuestionKind as Kind;

    let questionnaire = world.handbook.questionnaire(world.handbook.session(&file.session));
    let required = questionnaire.questions().filter(|question| question.required);
    required
        .map(|question| {
            let answer = match &question.kind {
                Kind::Short { .. } => "Ana".to_owned(),
                Kind::Long { .. } => {
                    "I would like to think about my work.\nAnd about time.".to_owned()
                }
                Kind::One { choices } | Kind::Several { choices, .. } => choices[0].clone(),
                Kind::Scale { from, .. } => from.to_string(),
                Kind::Number { min, .. } => min.unwrap_or(1.0).to_string(),
                Kind::Date => "2027-01-15".to_owned(),
                Kind::YesNo | Kind::Consent => "yes".to_owned(),
            };
            (question.id.to_string(), answer)
        })
        .collect()
}
