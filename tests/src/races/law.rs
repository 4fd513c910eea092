//! The law of every calendar and every file, read from sheets and journals behind the backs of
//! those who raced.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{ClientFile, ClientId, Slot, Taken};
use shell::Wish;
use store::Want;

use crate::World;

impl World {
    /// What is against the law on the sheets of these days: live times that meet although they are
    /// not of one client, and sheets that say otherwise than the files of these clients.
    pub async fn breaches(
        &self,
        days: RangeInclusive<NaiveDate>,
        clients: &BTreeSet<ClientId>,
    ) -> Vec<String> {
        let now = self.now();
        let listed = self.live_times(days.clone(), now).await;
        let mut breaches: Vec<String> = Vec::new();
        for (at, one) in listed.iter().enumerate() {
            let rivals = listed[at + 1..]
                .iter()
                .filter(|other| other.client() != one.client() && other.provider == one.provider);
            for other in rivals {
                let is_one_group = one.slot == other.slot && self.places_of(one) > 1;
                if !is_one_group && one.slot.meets(one.buffers, &other.slot, other.buffers) {
                    breaches.push(format!("{} meets {}", times(one.slot), times(other.slot)));
                }
            }
        }
        for one in &listed {
            let is_same = |other: &&Taken| other.slot == one.slot && other.provider == one.provider;
            let guests = listed.iter().filter(is_same).count();
            if self.places_of(one) < guests {
                breaches.push(format!("{guests} guests at {}", times(one.slot)));
            }
        }
        for client in clients {
            let mut of_sheets: Vec<Slot> =
                listed.iter().filter(|it| it.client() == Some(client)).map(|it| it.slot).collect();
            let taken = self.file_of(client).await.map(|file| file.taken()).unwrap_or_default();
            let is_here =
                |it: &&Taken| it.is_live(now) && days.contains(&it.slot.start.date_naive());
            let mut of_file: Vec<Slot> = taken.iter().filter(is_here).map(|it| it.slot).collect();
            of_sheets.sort_unstable();
            of_file.sort_unstable();
            if of_sheets != of_file {
                breaches.push(format!("sheets say {of_sheets:?}, a file says {of_file:?}"));
            }
        }
        breaches
    }

    /// What is against the law in the journal that a granted wish stands in: that it does not
    /// stand there once, since what was granted is never written over; and that the journal is
    /// not whole, or says otherwise than the file.
    pub async fn breaches_of_journal(&self, granted: &Wish) -> Vec<String> {
        let store = &self.house.shell.store;
        let journal = store.journal(&self.practice, &granted.client).await.expect("a journal");
        let times = journal.iter().filter(|entry| entry.command == granted.id).count();
        let mut breaches = Vec::new();
        if times != 1 {
            breaches.push(format!("what was granted stands {times} times in the journal"));
        }
        let verdict = store.verify(&self.practice, &granted.client).await.expect("a journal");
        if let Err(problem) = verdict {
            breaches.push(format!("a journal is broken: {problem:?}"));
        }
        breaches
    }

    /// Every time that is taken at `now`, once, however many sheets list it.
    async fn live_times(&self, days: RangeInclusive<NaiveDate>, now: DateTime<Utc>) -> Vec<Taken> {
        let store = &self.house.shell.store;
        let mut times: Vec<Taken> = Vec::new();
        for calendar in &self.handbook.calendars {
            let sheets = store.sheets_now(&self.practice, &calendar.provider, days.clone()).await;
            for taken in sheets.expect("sheets").iter().flat_map(|sheet| &sheet.taken) {
                if taken.is_live(now) && !times.contains(taken) {
                    times.push(taken.clone());
                }
            }
        }
        times
    }

    /// How many clients can have this very time.
    fn places_of(&self, taken: &Taken) -> usize {
        taken.session().map_or(1, |session| self.handbook.session(session).places)
    }

    async fn file_of(&self, client: &ClientId) -> Option<ClientFile> {
        let store = &self.house.shell.store;
        let loaded = store.load(&self.practice, client, &Want::default()).await;
        loaded.expect("a file that can be read").file
    }
}

fn times(slot: Slot) -> String {
    format!("{} to {}", slot.start.format("%Y-%m-%d %H:%M"), slot.end.format("%H:%M"))
}
