//! Letters as their readers see them.

use anteroom::StoredMail;
use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders as _};

/// A letter that has left.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whose letter it is: the address that an answer goes to.
    pub from: String,
    /// To whom.
    pub to: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
    /// Its invitation, if it carries one.
    pub invitation: Option<String>,
    /// The whole message.
    pub message: String,
}

impl Letter {
    pub(crate) fn read(mail: &StoredMail) -> Self {
        let message =
            MessageParser::default().parse(&mail.message).expect("a message that can be read");
        let invitation = message
            .attachments()
            .find(|part| part.attachment_name().is_some_and(|name| name == "invitation.ics"))
            .map(|part| String::from_utf8_lossy(part.contents()).into_owned());
        Self {
            from: message
                .from()
                .and_then(|from| from.first()?.address())
                .unwrap_or_default()
                .to_owned(),
            to: mail.to.clone(),
            at: message
                .date()
                .and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0))
                .expect("a date"),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            invitation,
            message: String::from_utf8_lossy(&mail.message).into_owned(),
        }
    }

    /// The path of the first link whose address has this part.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn link(&self, part: &str) -> String {
        let found = self.links().into_iter().find(|path| path.contains(part));
        found.unwrap_or_else(|| panic!("no link with {part} in {}: {}", self.subject, self.text))
    }

    /// The paths of all links into the house.
    pub fn links(&self) -> Vec<String> {
        // The scheme differs: a function that is deployed is reached by https alone.
        let behind = self.text.split("://localhost:4040").skip(1);
        let path = |rest: &str| {
            rest.split(|c: char| c.is_whitespace() || c == '>').next().map(str::to_owned)
        };
        behind.filter_map(path).collect()
    }
}

impl Letter {
    /// The code of a sign-in letter.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn code(&self) -> String {
        self.text.split_whitespace().find(|word| is_code(word)).expect("a code").to_owned()
    }
}

/// Whether a word is a sign-in code: twice four letters or digits.
pub fn is_code(word: &str) -> bool {
    let is_part =
        |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    word.split_once('-').is_some_and(|(first, second)| is_part(first) && is_part(second))
        && word.bytes().any(|byte| byte.is_ascii_digit())
}
