//! Opening a personal link: from the words of an address to the file behind it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Actor, ClientFile, ClientId, Command, CommandId, Handbook, PracticeId};
use store::{Loaded, Want};

use crate::{BadLink, Done, Problem, Purpose, Shell, Wish, practice_path};

/// A personal link that opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Whose client.
    pub practice: PracticeId,
    /// The rules in force.
    pub handbook: Arc<Handbook>,
    /// Whose file.
    pub client: ClientId,
    /// What the link is good for.
    pub purpose: Purpose,
    /// The moment of opening.
    pub now: DateTime<Utc>,
}

impl Shell {
    /// Opens a link that stands in an address of `practice` and should be for this purpose.
    pub async fn open(
        &self,
        practice: &str,
        purpose: &'static str,
        link: &str,
    ) -> Result<Opened, Problem> {
        let practice = practice_path(practice)?;
        let handbook = self.handbook_at_the_door(&practice).await?;
        let now = self.now();
        let link = self
            .links
            .read(&practice, purpose, link, now)
            .map_err(|bad| Problem::Link(bad, Arc::clone(&handbook)))?;
        Ok(Opened { practice, handbook, client: link.client, purpose: link.purpose, now })
    }

    /// The file behind an opened link, and what else is wanted.
    pub async fn load(
        &self,
        opened: &Opened,
        want: &Want,
    ) -> Result<(ClientFile, Loaded), Problem> {
        let loaded = self.store.load(&opened.practice, &opened.client, want).await?;
        let unknown = || Problem::Link(BadLink::Unknown, Arc::clone(&opened.handbook));
        let file = loaded.file.clone().ok_or_else(unknown)?;
        Ok((file, loaded))
    }

    /// Carries out a wish of the client who holds an opened link.
    pub async fn handle_for(
        &self,
        opened: &Opened,
        id: CommandId,
        command: Command,
    ) -> Result<Done, Problem> {
        self.handle(&Wish {
            practice: opened.practice.clone(),
            client: opened.client.clone(),
            id,
            actor: Actor::Client,
            command,
            source: None,
        })
        .await
    }

    /// A link of the same client for another purpose, good as long as any.
    pub fn sibling(&self, opened: &Opened, purpose: &Purpose) -> String {
        self.client_link(&opened.practice, &opened.client, purpose, opened.now)
    }

    /// A link for a client, good for two months from `now`.
    pub fn client_link(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        purpose: &Purpose,
        now: DateTime<Utc>,
    ) -> String {
        self.links.link(practice, client, purpose, now + Purpose::LIFE)
    }
}
