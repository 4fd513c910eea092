//! Letters as their readers see them.

use anteroom::StoredMail;
use mail_parser::{MessageParser, MimeHeaders as _};

/// A letter that has left.
#[derive(Debug, Clone)]
pub struct Letter {
    /// To whom.
    pub to: String,
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
            to: mail.to.clone(),
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
        let marker = "http://localhost:4040";
        let paths = self.text.split(marker).skip(1).map(|rest| {
            rest.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default()
        });
        let found = paths.into_iter().find(|path| path.contains(part));
        found
            .unwrap_or_else(|| panic!("no link with {part} in {}: {}", self.subject, self.text))
            .to_owned()
    }
}
