//! Signing in to the desk: who asks gets a letter, who has the letter gets a session.
//!
//! The link of the letter works once, within ten minutes, in the browser that asked; another
//! browser must be told the code from the letter. Known and unknown addresses look alike.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{CommandId, EmailAddress, Handbook, PracticeId, Staff, StaffId};
use store::{Limit, Session, SignIn, Written};

use crate::{Problem, Shell, Source, request_at_work};

/// For how long a sign-in can be used.
const SIGN_IN_LIFE: TimeDelta = TimeDelta::minutes(10);

/// For how long a session lasts.
const SESSION_LIFE: TimeDelta = TimeDelta::days(14);

/// How many sign-in letters one address is sent within an hour, asked for from one place.
const LETTERS_OF_SOURCE: u64 = 5;

/// How many in all: a stranger who asks for letters to somebody leaves room for them to ask too.
const LETTERS_AN_HOUR: u64 = 20;

/// After so many tries, right or wrong, a sign-in is dead.
const TRIES_MAX: u32 = 5;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Where.
    pub practice: PracticeId,
    /// The rules in force.
    pub handbook: Arc<Handbook>,
    /// Who.
    pub staff: Staff,
    /// On which session.
    pub session: Session,
}

/// A sign-in that was asked for.
pub struct Asked {
    /// Its name, for the page that takes the code.
    pub id: String,
    /// The secret that marks the browser that asked.
    pub browser: String,
}

/// What a browser shows to be let in.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// The secret that the asking browser was given.
    Browser(&'a str),
    /// The code from the letter.
    Code(&'a str),
}

impl Shell {
    /// Writes a sign-in letter, if the address belongs to somebody of the practice. The same wish
    /// again is the same sign-in.
    pub async fn ask_to_sign_in(
        &self,
        handbook: &Handbook,
        email: &EmailAddress,
        wish: &CommandId,
        source: Option<&Source>,
    ) -> Result<Asked, Problem> {
        let practice = &handbook.practice.id;
        let now = self.now();
        let is_flood = self.is_flood(practice, email, source).await?;
        let is_theirs = |staff: &&Staff| staff.email.folded() == email.folded() && !is_flood;
        let staff = handbook.staff.iter().find(is_theirs);
        let named = |what: &str| self.links.word(&[what, practice.as_str(), wish.as_str()]);
        let (id, browser) = (named("sign-in id"), named("sign-in browser"));
        let sign_in = SignIn {
            id: id.clone(),
            staff: staff.map(|staff| staff.id.clone()),
            browser: self.links.word(&["browser", &browser]),
            expires_at: now + SIGN_IN_LIFE,
        };
        let request = request_at_work();
        let written = Written { at: now, request: request.as_ref().map(|id| id.0.as_str()) };
        self.store.put_sign_in(practice, &sign_in, written).await?;
        Ok(Asked { id, browser })
    }

    async fn is_flood(
        &self,
        practice: &PracticeId,
        email: &EmailAddress,
        source: Option<&Source>,
    ) -> Result<bool, Problem> {
        let email = email.folded();
        let place = source.map_or("", |source| &source.0);
        let of_source = self.links.word(&["sign-in address", &email, place]);
        let of_address = self.links.word(&["sign-in address", &email]);
        let mut is_flood = false;
        for (source, most) in [(of_source, LETTERS_OF_SOURCE), (of_address, LETTERS_AN_HOUR)] {
            let asked = Limit { deed: "sign-in", source, at: self.now() };
            is_flood |= most < self.store.count(practice, &asked).await?;
        }
        Ok(is_flood)
    }

    /// Lets somebody in with the link of a letter; answers the secret of the new session, or
    /// none if link or proof are not good.
    pub async fn sign_in(
        &self,
        practice: &PracticeId,
        id: &str,
        proof: Proof<'_>,
    ) -> Result<Option<String>, Problem> {
        let now = self.now();
        let Some(sign_in) = self.store.sign_in(practice, id).await? else { return Ok(None) };
        let is_dead = sign_in.expires_at <= now;
        let Some(staff) = sign_in.staff.clone().filter(|_| !is_dead) else { return Ok(None) };
        if !self.store.take_try(practice, id, TRIES_MAX).await? {
            return Ok(None);
        }
        let is_proven = match proof {
            Proof::Browser(secret) => self.links.is_word(&["browser", secret], &sign_in.browser),
            Proof::Code(code) => self.links.is_code(&["sign-in", practice.as_str(), id], code),
        };
        let secret = format!("{}{}", self.word(), self.word());
        let session = self.session_id(&secret);
        if !is_proven || !self.store.use_sign_in(practice, id, &session).await? {
            return Ok(None);
        }
        self.begin_session(practice, staff, session).await?;
        Ok(Some(secret))
    }

    async fn begin_session(
        &self,
        practice: &PracticeId,
        staff: StaffId,
        id: String,
    ) -> Result<(), Problem> {
        let now = self.now();
        let session = Session { id, staff, since: now, expires_at: now + SESSION_LIFE };
        Ok(self.store.put_session(practice, &session).await?)
    }

    /// Who holds this session; nobody if it has ended or they no longer work there.
    pub async fn signed_in(
        &self,
        practice: &PracticeId,
        secret: &str,
    ) -> Result<Option<SignedIn>, Problem> {
        let handbook = self.handbook_at_the_door(practice).await?;
        let session = self.store.session(practice, &self.session_id(secret)).await?;
        let Some(session) = session.filter(|session| self.now() < session.expires_at) else {
            return Ok(None);
        };
        let Some(staff) = handbook.staff(&session.staff).cloned() else { return Ok(None) };
        Ok(Some(SignedIn { practice: practice.clone(), handbook, staff, session }))
    }

    /// The word that every form of a session carries, so that no other site can send one.
    pub fn form_guard(&self, session: &Session) -> String {
        self.links.word(&["guard", &session.id])
    }

    /// Whether a form carries the word of its session.
    pub fn is_form_guard(&self, session: &Session, word: &str) -> bool {
        self.links.is_word(&["guard", &session.id], word)
    }

    /// The link of a sign-in letter.
    pub fn sign_in_link(&self, practice: &PracticeId, id: &str) -> String {
        format!("{id}.{}", self.links.word(&["sign-in", practice.as_str(), id]))
    }

    /// The sign-in that a link names, if it was made here.
    pub fn read_sign_in_link(&self, practice: &PracticeId, link: &str) -> Option<String> {
        let (id, word) = link.split_once('.')?;
        self.links.is_word(&["sign-in", practice.as_str(), id], word).then(|| id.to_owned())
    }

    /// The code of a sign-in letter.
    pub fn sign_in_code(&self, practice: &PracticeId, id: &str) -> String {
        self.links.code(&["sign-in", practice.as_str(), id])
    }

    fn session_id(&self, secret: &str) -> String {
        self.links.word(&["session", secret])
    }
}
