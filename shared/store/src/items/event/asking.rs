//! Events about asking for a session, and what comes before it.

use chrono::{DateTime, Utc};
use domain::{ClientId, Consent, Event, Person, QuestionnaireId, SessionTypeId};
use serde::{Deserialize, Serialize};

use super::super::{
    Malformed, parsed,
    parts::{StoredPerson, instant_opt, questionnaire, seconds_opt, session},
};

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::items) struct StoredOptIn {
    client: String,
    #[serde(flatten)]
    asked: StoredAsked,
}

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::items) struct StoredOptInAgain {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    questionnaire: Option<String>,
    #[serde(flatten)]
    asked: StoredAsked,
}

/// What every opt-in says.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::items) struct StoredAsked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    person: StoredPerson,
    consent: StoredConsent,
    not_before: Option<i64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct StoredConsent {
    words: String,
    handbook: String,
    page: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::items) struct StoredCompletion {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    questionnaire: Option<String>,
    staff_read_first: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::items) struct StoredInvitedTo {
    session: String,
    questionnaire: String,
}

impl StoredAsked {
    pub(in crate::items) fn of(
        session: &SessionTypeId,
        person: &Person,
        consent: &Consent,
        not_before: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            session: Some(session.to_string()),
            person: person.into(),
            consent: StoredConsent {
                words: consent.words.clone(),
                handbook: consent.handbook.clone(),
                page: consent.page.clone(),
            },
            not_before: seconds_opt(not_before),
        }
    }

    pub(in crate::items) fn by(self, client: &ClientId) -> StoredOptIn {
        StoredOptIn { client: client.to_string(), asked: self }
    }

    pub(in crate::items) fn again(self, questionnaire: &QuestionnaireId) -> StoredOptInAgain {
        StoredOptInAgain { questionnaire: Some(questionnaire.to_string()), asked: self }
    }
}

impl TryFrom<StoredOptIn> for Event {
    type Error = Malformed;

    fn try_from(StoredOptIn { client, asked }: StoredOptIn) -> Result<Self, Malformed> {
        Ok(Self::OptedIn {
            client: parsed("client", ClientId::parse(&client))?,
            session: session(asked.session.as_deref())?,
            person: asked.person.try_into()?,
            consent: asked.consent.into(),
            letters_not_before: instant_opt(asked.not_before)?,
        })
    }
}

impl TryFrom<StoredOptInAgain> for Event {
    type Error = Malformed;

    fn try_from(stored: StoredOptInAgain) -> Result<Self, Malformed> {
        let asked = stored.asked;
        Ok(Self::OptedInAgain {
            session: session(asked.session.as_deref())?,
            questionnaire: questionnaire(stored.questionnaire.as_deref())?,
            person: asked.person.try_into()?,
            consent: asked.consent.into(),
            letters_not_before: instant_opt(asked.not_before)?,
        })
    }
}

impl From<StoredConsent> for Consent {
    fn from(stored: StoredConsent) -> Self {
        Self { words: stored.words, handbook: stored.handbook, page: stored.page }
    }
}

impl StoredCompletion {
    pub(in crate::items) fn of(questionnaire: &QuestionnaireId, staff_read_first: bool) -> Self {
        Self { questionnaire: Some(questionnaire.to_string()), staff_read_first }
    }
}

impl TryFrom<StoredCompletion> for Event {
    type Error = Malformed;

    fn try_from(stored: StoredCompletion) -> Result<Self, Malformed> {
        Ok(Self::QuestionnaireCompleted {
            questionnaire: questionnaire(stored.questionnaire.as_deref())?,
            staff_read_first: stored.staff_read_first,
        })
    }
}

impl StoredInvitedTo {
    pub(in crate::items) fn of(session: &SessionTypeId, questionnaire: &QuestionnaireId) -> Self {
        Self { session: session.to_string(), questionnaire: questionnaire.to_string() }
    }
}

impl TryFrom<StoredInvitedTo> for Event {
    type Error = Malformed;

    fn try_from(stored: StoredInvitedTo) -> Result<Self, Malformed> {
        Ok(Self::InvitedTo {
            session: session(Some(&stored.session))?,
            questionnaire: questionnaire(Some(&stored.questionnaire))?,
        })
    }
}
