//! The links under which phones read a calendar.

use domain::PracticeId;

use crate::Shell;

impl Shell {
    /// The link of a feed.
    pub fn phone_feed_link(&self, practice: &PracticeId, id: &str) -> String {
        format!("{id}.{}", self.links.word_of(practice, &["phone feed", id]))
    }

    /// The feed that a link names, if it was made here.
    pub fn read_phone_feed_link(&self, practice: &PracticeId, link: &str) -> Option<String> {
        let (id, word) = link.split_once('.')?;
        self.links.is_word_of(practice, &["phone feed", id], word).then(|| id.to_owned())
    }
}
