//! From a letter in the outbox to a message, by the facts of this moment.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use documents::{
    Addresses,
    letters::{
        self, AgendaCall, AgendaFacts, Envelope, LetterError, LetterFacts, Links, Rendered,
        SignInFacts,
    },
};
use domain::{
    ClientFile, ClientId, DaySheets, EmailAddress, Handbook, Letter, Matter, PersonName,
    PracticeId, Recipient, Role, SessionTypeId, Staff, StaffId, StopReason, TakenFor, local_date,
};
use shell::{Mail, Problem, Purpose, Shell};
use store::{Outgoing, OutgoingBody, StoreError};

use crate::open_times;

/// For how long staff can answer a request from its letter. The request itself ends earlier.
const REQUEST_LINK_LIFE: TimeDelta = TimeDelta::days(7);

/// For how long after a call the links of its letters are good.
const AFTER_THE_CALL: TimeDelta = TimeDelta::days(7);

/// What is to be done with a letter.
pub(crate) enum Composed {
    /// Send it.
    Mail(Box<Mail>),
    /// Do not send it, for this reason.
    Stop(StopReason),
}

/// Why a letter could not be composed.
#[derive(Debug)]
pub(crate) enum ComposeError {
    /// Its words are broken; trying again would not help.
    Words(LetterError),
    /// The world is; trying again may help.
    World(Problem),
}

impl From<LetterError> for ComposeError {
    fn from(error: LetterError) -> Self {
        Self::Words(error)
    }
}

impl From<Problem> for ComposeError {
    fn from(problem: Problem) -> Self {
        Self::World(problem)
    }
}

impl From<StoreError> for ComposeError {
    fn from(error: StoreError) -> Self {
        Self::World(error.into())
    }
}

/// Composes a claimed letter.
pub(crate) async fn compose(
    shell: &Shell,
    letter: &Outgoing,
    now: DateTime<Utc>,
) -> Result<Composed, ComposeError> {
    let handbook = shell.handbook(&letter.practice).await?;
    let composer = Composer { shell, handbook, letter, now };
    match &letter.body {
        OutgoingBody::Client(client, facts) => composer.about_client(client, facts).await,
        OutgoingBody::Agenda { staff, date } => composer.agenda(staff, *date).await,
        OutgoingBody::SignIn { staff, id, not_after } => composer.sign_in(staff, id, *not_after),
    }
}

/// Composes one letter.
struct Composer<'a> {
    shell: &'a Shell,
    handbook: Arc<Handbook>,
    letter: &'a Outgoing,
    now: DateTime<Utc>,
}

impl Composer<'_> {
    async fn about_client(
        &self,
        client: &ClientId,
        letter: &Letter,
    ) -> Result<Composed, ComposeError> {
        let practice = &self.letter.practice;
        let want = open_times::want(&self.handbook, letter);
        let mut loaded = self.shell.store.load(practice, client, &want).await?;
        let Some(file) = loaded.file.take() else {
            return Ok(Composed::Stop(StopReason::NobodyThere));
        };
        if let Err(reason) = letter.still_wanted(&file, self.now) {
            return Ok(Composed::Stop(reason));
        }
        // Who has left the practice since is written to no more.
        if let Recipient::Staff(staff) = &letter.to
            && self.handbook.staff(staff).is_none()
        {
            return Ok(Composed::Stop(StopReason::NobodyThere));
        }
        let links = self.links(client, letter);
        let (handbook, now) = (&*self.handbook, self.now);
        let open_times =
            &open_times::next(self.shell, handbook, &file, letter, loaded, now).await?;
        let facts = LetterFacts { handbook, file: &file, letter, links: &links, open_times };
        let rendered = letters::letter(&facts)?;
        match &letter.to {
            Recipient::Client => {
                // Before the questionnaire is complete, nobody has proven that the address and
                // the name belong together: the name stays out of the letter.
                let name = file.answers.map(|_| &file.person.name);
                self.mail(&rendered, &file.person.email, name)
            }
            Recipient::Staff(staff) => self.to_staff(&rendered, staff),
        }
    }

    /// Every link a letter may mention. They depend on the letter alone, so that a letter that
    /// is sent again is the same letter.
    fn links(&self, client: &ClientId, letter: &Letter) -> Links {
        let (shell, practice) = (self.shell, &self.letter.practice);
        let addresses = Addresses::of(practice);
        let absolute = |path: String| Addresses::absolute(&shell.origin, &path);
        let expires = links_expire_at(letter);
        let link = |purpose| shell.links.link(practice, client, &purpose, expires);
        Links {
            questionnaire: absolute(addresses.questionnaire(&link(Purpose::Questionnaire))),
            calendar: absolute(addresses.calendar(&link(Purpose::Calendar))),
            appointment: absolute(addresses.appointment(&link(Purpose::Appointment))),
            resume: absolute(addresses.resume(&link(Purpose::Resume))),
            stop: absolute(addresses.stop(&link(Purpose::Stop))),
            client: absolute(addresses.desk_client(client)),
            approve: self
                .request_link(practice, client, letter)
                .map_or_else(String::new, |link| absolute(addresses.request(&link))),
            desk: absolute(addresses.desk()),
        }
    }

    fn request_link(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        letter: &Letter,
    ) -> Option<String> {
        let (Matter::Request { proposal, .. }, Recipient::Staff(staff)) =
            (&letter.matter, &letter.to)
        else {
            return None;
        };
        let purpose = Purpose::Request(proposal.clone(), staff.clone());
        let expires = letter.written_at + REQUEST_LINK_LIFE;
        Some(self.shell.links.link(practice, client, &purpose, expires))
    }

    async fn agenda(&self, staff: &StaffId, date: NaiveDate) -> Result<Composed, ComposeError> {
        let zone = self.handbook.practice.zone;
        if date < local_date(zone, self.now) {
            return Ok(Composed::Stop(StopReason::TooLate));
        }
        let Some(reader) = self.handbook.staff(staff) else {
            return Ok(Composed::Stop(StopReason::NobodyThere));
        };
        let is_owner = reader.roles.contains(&Role::Owner);
        let mut calls = self.calls_on(date).await?;
        // The owner sees the whole day, everybody else their own.
        calls.retain(|call| is_owner || call.providers.contains(staff));
        let waiting = if is_owner {
            self.shell.store.files_for_desk(&self.letter.practice).await?
        } else {
            vec![]
        };
        let requests = waiting.iter().filter(|file| file.request().is_some()).count();
        let tasks = waiting.iter().map(|file| file.tasks().len()).sum();
        if calls.is_empty() && requests == 0 && tasks == 0 {
            return Ok(Composed::Stop(StopReason::ReasonGone));
        }
        let desk =
            Addresses::absolute(&self.shell.origin, &Addresses::of(&self.letter.practice).desk());
        let facts = AgendaFacts {
            handbook: &self.handbook,
            staff: reader,
            date,
            calls,
            requests,
            tasks,
            desk,
        };
        let rendered = letters::agenda(&facts)?;
        self.to_staff(&rendered, staff)
    }

    /// The calls of a local day, in order.
    async fn calls_on(&self, date: NaiveDate) -> Result<Vec<AgendaCall>, ComposeError> {
        let zone = self.handbook.practice.zone;
        let practice = &self.letter.practice;
        let days = date - Days::new(1)..=date + Days::new(1);
        let sheets = self.shell.calendars(practice, &self.handbook, days).await?;
        let booked = booked_on(date, zone, &sheets);
        let clients: Vec<ClientId> = booked.keys().map(|(_, client)| client.clone()).collect();
        let files = self.shell.store.files(practice, &clients).await?;
        let name_of = |client: &ClientId| files.iter().find(|file| file.id == *client).map(name);
        let addresses = Addresses::of(practice);
        let link = |client: &ClientId| {
            Addresses::absolute(&self.shell.origin, &addresses.desk_answers(client))
        };
        Ok(booked
            .into_iter()
            .filter_map(|((time, id), (session, providers))| {
                let (client, link) = (name_of(&id)?, link(&id));
                Some(AgendaCall { time, client, session, providers, link })
            })
            .collect())
    }

    fn sign_in(
        &self,
        staff: &StaffId,
        id: &str,
        not_after: DateTime<Utc>,
    ) -> Result<Composed, ComposeError> {
        if not_after <= self.now {
            return Ok(Composed::Stop(StopReason::TooLate));
        }
        let Some(reader) = self.handbook.staff(staff) else {
            return Ok(Composed::Stop(StopReason::NobodyThere));
        };
        let practice = &self.letter.practice;
        let link = self.shell.sign_in_link(practice, id);
        let link = Addresses::absolute(
            &self.shell.origin,
            &Addresses::of(practice).desk_sign_in_link(&link),
        );
        let code = self.shell.sign_in_code(practice, id);
        let rendered =
            letters::sign_in(&SignInFacts { handbook: &self.handbook, staff: reader, link, code })?;
        self.to_staff(&rendered, staff)
    }

    /// The date on the letter: when it was written, or the first moment in which it could leave. It
    /// depends on the letter alone, so that a letter that is sent again is the same letter.
    fn leaves_from(&self) -> DateTime<Utc> {
        let written_at = self.letter.written_at;
        match &self.letter.body {
            OutgoingBody::Client(_, letter) => {
                letter.not_before.unwrap_or(written_at).max(written_at)
            }
            OutgoingBody::Agenda { .. } | OutgoingBody::SignIn { .. } => written_at,
        }
    }

    fn to_staff(&self, rendered: &Rendered, staff: &StaffId) -> Result<Composed, ComposeError> {
        let Some(Staff { email, name, .. }) = self.handbook.staff(staff) else {
            return Ok(Composed::Stop(StopReason::NobodyThere));
        };
        self.mail(rendered, email, Some(name))
    }

    fn mail(
        &self,
        rendered: &Rendered,
        to: &EmailAddress,
        to_name: Option<&PersonName>,
    ) -> Result<Composed, ComposeError> {
        let practice = &self.handbook.practice;
        let key = self.letter.key.as_text();
        let domain = practice.email.as_str().rsplit('@').next().unwrap_or("localhost").to_owned();
        let message_id = format!("{}@{domain}", self.shell.links.word(&["message", &key]));
        let envelope = Envelope {
            from_name: &practice.name,
            from: &practice.email,
            to_name,
            to,
            message_id,
            date: self.leaves_from(),
            key: &key,
        };
        let message = letters::message(rendered, &envelope)?;
        let mail = Mail { from: practice.email.clone(), to: to.clone(), message, tag: key };
        Ok(Composed::Mail(Box::new(mail)))
    }
}

/// The links of a letter about a call are good until well after it, however far ahead it is.
fn links_expire_at(letter: &Letter) -> DateTime<Utc> {
    let usual = letter.written_at + Purpose::LIFE;
    match &letter.matter {
        Matter::Appointment { slot, .. } => usual.max(slot.end + AFTER_THE_CALL),
        Matter::File { .. } | Matter::Request { .. } => usual,
    }
}

/// What is booked on a local day, in order: when and by whom, of which kind and with whom.
fn booked_on(date: NaiveDate, zone: Tz, sheets: &[DaySheets]) -> Booked {
    let mut booked = Booked::new();
    for taken in sheets.iter().flat_map(DaySheets::iter).flat_map(|sheet| &sheet.taken) {
        let TakenFor::Appointment { client, session, .. } = &taken.what else { continue };
        if local_date(zone, taken.slot.start) != date {
            continue;
        }
        let call = booked.entry((taken.slot.start, client.clone()));
        let (_, providers) = call.or_insert_with(|| (session.clone(), vec![]));
        // A call over midnight stands on two sheets.
        if !providers.contains(&taken.provider) {
            providers.push(taken.provider.clone());
        }
    }
    booked
}

type Booked = BTreeMap<(DateTime<Utc>, ClientId), (SessionTypeId, Vec<StaffId>)>;

fn name(file: &ClientFile) -> PersonName {
    file.person.name.clone()
}
