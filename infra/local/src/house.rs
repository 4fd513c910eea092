//! The house: a shell around embedded tables, its post, its clock.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Handbook, PracticeId};
use handbook::Sources;
use shell::{Chance, Deadline, LinkKeys, ManualClock, PostOffice, Problem, Shell};
use store::{OutgoingKey, Standing, Store, Tables};
use tokio::sync::{Mutex, mpsc};

use crate::{HouseProblem, Time};

/// How many due moments one jump of the clock lives through.
const STEPS_MAX: usize = 10_000;

/// How often one call looks for what is due.
const ROUNDS_MAX: usize = 50;

/// A running house, without its doors.
#[derive(Clone)]
pub struct House {
    /// What every function needs.
    pub shell: Shell,
    /// Which clock it goes by.
    pub time: Time,
    office: Arc<dyn PostOffice>,
    letters: Arc<Mutex<mpsc::UnboundedReceiver<OutgoingKey>>>,
}

impl House {
    /// A house over the tables behind this client, which are created where they are missing.
    pub async fn over(
        client: aws_sdk_dynamodb::Client,
        links: LinkKeys,
        origin: &str,
        time: Time,
        chance: Arc<dyn Chance>,
        office: Arc<dyn PostOffice>,
    ) -> Result<Self, HouseProblem> {
        let names = Tables::with_prefix("anteroom-");
        names.create(&client).await?;
        let (sender, letters) = mpsc::unbounded_channel();
        let store = Store::new(client, names).with_stream(move |letter| {
            // Nobody listens only when the house is closing; the next one finds the letter.
            drop(sender.send(letter));
        });
        let shell = Shell::new(store, links, origin, time.clock(), chance);
        Ok(Self { shell, time, office, letters: Arc::new(Mutex::new(letters)) })
    }

    /// Puts a practice's handbook in force.
    pub async fn load_practice(
        &self,
        sources: &Sources,
        handbook: &Handbook,
    ) -> Result<PracticeId, HouseProblem> {
        Ok(operate::load_practice(&self.shell, sources, handbook, Standing::Open).await?)
    }

    /// Takes up the letters that an earlier house left behind.
    pub async fn take_up_letters(&self) -> Result<(), HouseProblem> {
        for letter in self.shell.store.unfinished_letters().await? {
            self.deliver(&letter).await;
        }
        Ok(())
    }

    /// The next letter that was written, as soon as there is one.
    pub async fn next_letter(&self) -> Option<OutgoingKey> {
        self.letters.lock().await.recv().await
    }

    /// Delivers one letter, or has the clock bring it again; a failure is told, and leaves the letter in
    /// the outbox.
    pub async fn deliver(&self, letter: &OutgoingKey) {
        post::deliver_or_hand_on(&self.shell, &*self.office, letter, Deadline::NONE).await;
    }

    /// Does everything that is due, and delivers every letter that was written, until nothing
    /// is left to do now. What stays due although it was looked at waits for the next call.
    pub async fn settle(&self) -> Result<(), Problem> {
        let mut due_before = usize::MAX;
        for _ in 0..ROUNDS_MAX {
            let due = reminders::run(&self.shell, Deadline::NONE).await?;
            let due = due + reminders::close_nights(&self.shell, Deadline::NONE).await?;
            let retried = post::retry(&self.shell, &*self.office, Deadline::NONE).await?;
            let delivered = self.deliver_written().await;
            let nothing_moves = delivered == 0 && due_before <= due + retried;
            if nothing_moves || due + retried + delivered == 0 {
                break;
            }
            due_before = due + retried;
        }
        Ok(())
    }

    async fn deliver_written(&self) -> usize {
        let mut letters = self.letters.lock().await;
        let mut delivered = 0;
        while let Ok(letter) = letters.try_recv() {
            self.deliver(&letter).await;
            delivered += 1;
        }
        delivered
    }

    /// Lives through everything that becomes due until `target`, each thing at its own time.
    pub async fn live_until(
        &self,
        clock: &ManualClock,
        target: DateTime<Utc>,
    ) -> Result<(), Problem> {
        for _ in 0..STEPS_MAX {
            self.settle().await?;
            let store = &self.shell.store;
            let next = [store.next_due().await?, store.next_night().await?];
            let next = next.into_iter().flatten().min().filter(|next| *next <= target);
            let Some(next) = next else { break };
            // What stays due although it was looked at must not hold the clock for ever.
            let soon = self.shell.now() + chrono::TimeDelta::seconds(1);
            clock.advance_to(next.max(soon).min(target));
            if target <= self.shell.now() {
                break;
            }
        }
        clock.advance_to(target);
        self.settle().await
    }
}
