//! A small house for tests: several clients, one calendar, one clock that only goes forward.
//!
//! It does what the shell does with a wish (decide, evolve, write the letters, keep the day
//! sheets) and then checks, after every single wish, the laws that no test should forget.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};

use crate::{
    Actor, BlockId, Buffers, Calendar, Circumstances, ClientFile, ClientId, Command, CommandId,
    DaySheet, DaySheets, Event, Handbook, Letter, LetterKind, Note, Refusal, Roster, SheetDay,
    Slot, Stage, Taken, TakenFor, consequences, decide, evolve, fold, next_due,
};

/// How often time is asked in a row before something must be wrong.
const TICKS_MAX: usize = 50;

#[derive(Debug, Clone)]
pub(super) struct House {
    pub(super) handbook: Handbook,
    pub(super) now: DateTime<Utc>,
    lives: BTreeMap<ClientId, Life>,
    wishes: u32,
    pub(super) opt_ins_of_source: u64,
    /// A stretch that staff keep free of sessions, in every calendar.
    pub(super) kept_free: Option<Slot>,
}

/// One client, from the first opt-in on.
#[derive(Debug, Clone)]
pub(super) struct Life {
    pub(super) file: ClientFile,
    pub(super) journal: Vec<(DateTime<Utc>, Event)>,
    letter_keys: BTreeSet<String>,
}

/// What a wish has led to.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) events: Vec<Event>,
    pub(super) letters: Vec<Letter>,
}

impl House {
    pub(super) fn new(handbook: Handbook, now: DateTime<Utc>) -> Self {
        let lives = BTreeMap::new();
        Self { handbook, now, lives, wishes: 0, opt_ins_of_source: 0, kept_free: None }
    }

    pub(super) fn life(&self, client: &ClientId) -> Option<&Life> {
        self.lives.get(client)
    }

    pub(super) fn file(&self, client: &ClientId) -> Option<&ClientFile> {
        self.life(client).map(|life| &life.file)
    }

    pub(super) fn next_due(&self, client: &ClientId) -> Option<DateTime<Utc>> {
        next_due(self.file(client)?, &self.handbook)
    }

    /// Carries a wish out as the shell does, or says why not.
    pub(super) fn wish(
        &mut self,
        client: &ClientId,
        actor: &Actor,
        command: &Command,
    ) -> Result<Done, Refusal> {
        self.wishes += 1;
        let id = CommandId::parse(&format!("wish-{}", self.wishes)).unwrap();
        let (handbook, sheets, now) = (&self.handbook, &self.sheets(), self.now);
        let opt_ins_of_source = self.opt_ins_of_source;
        let circumstances =
            Circumstances { handbook, sheets, id: &id, actor, opt_ins_of_source, now };
        let events = decide(self.file(client), command, &circumstances)?;
        if events.is_empty() {
            return Ok(Done::default());
        }
        let before = self.file(client).cloned();
        let file = events
            .iter()
            .fold(before, |file, event| Some(evolve(file, event, now)))
            .expect("events make a file");
        let letters: Vec<Letter> =
            events.iter().flat_map(|event| consequences(event, &file, handbook, now)).collect();
        self.keep(client, file, &events, &letters);
        self.check_laws();
        Ok(Done { events, letters })
    }

    fn keep(&mut self, client: &ClientId, file: ClientFile, events: &[Event], letters: &[Letter]) {
        let empty = || Life { file: file.clone(), journal: vec![], letter_keys: BTreeSet::new() };
        let life = self.lives.entry(client.clone()).or_insert_with(empty);
        life.journal.extend(events.iter().map(|event| (self.now, event.clone())));
        life.file = file;
        for letter in letters {
            let key = letter.key();
            assert!(life.letter_keys.insert(key.clone()), "two letters under one key: {key}");
            assert_eq!(letter.written_at, self.now);
            // After an outage a reminder is too late, and the post will stop it.
            let is_reminder = matches!(
                letter.kind,
                LetterKind::ReminderDay | LetterKind::ReminderHour | LetterKind::RequestReminder
            );
            let is_wanted = letter.still_wanted(&life.file, self.now).is_ok();
            assert!(is_wanted || is_reminder, "written in vain: {key}");
        }
    }

    /// Lets time pass at this moment until nothing more is due; answers what it has led to.
    pub(super) fn tick(&mut self, client: &ClientId) -> Vec<Done> {
        let mut all = Vec::new();
        for _ in 0..TICKS_MAX {
            let done = self.wish(client, &Actor::Clock, &Command::TimePassed).unwrap();
            if done.events.is_empty() {
                let due = self.next_due(client);
                assert!(due.is_none_or(|due| self.now < due), "overdue and nothing done: {due:?}");
                return all;
            }
            all.push(done);
        }
        panic!("time does not come to rest: {all:?}")
    }

    /// Every client's entries, on the sheets of all days that anybody can ask for.
    pub(super) fn sheets(&self) -> DaySheets {
        let open = self.handbook.first_session().window.days(self.now.date_naive());
        let (first, last) = (*open.start() - Days::new(35), *open.end() + Days::new(35));
        let mut found: BTreeMap<SheetDay, DaySheet> = BTreeMap::new();
        let files = self.lives.values().flat_map(|life| life.file.taken());
        for taken in files.chain(self.blocks()) {
            let days = taken.slot.days(taken.buffers);
            for date in days.filter(|date| (first..=last).contains(date)) {
                let provider = taken.provider.clone();
                let day = (provider.clone(), date);
                let untouched = || DaySheet { provider, date, version: 1, taken: vec![] };
                found.entry(day).or_insert_with(untouched).taken.push(taken.clone());
            }
        }
        let days = || first.iter_days().take_while(|date| *date <= last);
        let calendars = self.handbook.calendars.iter().map(|calendar| &calendar.provider);
        let days = calendars.flat_map(|provider| days().map(|date| (provider.clone(), date)));
        DaySheets::new(days, found.into_values().collect())
    }

    /// Staff keep the next months free.
    pub(super) fn close_for_months(&mut self) {
        let end = self.now + Days::new(100);
        self.kept_free = Some(Slot { start: self.now, end });
    }

    fn blocks(&self) -> impl Iterator<Item = Taken> {
        let what =
            || TakenFor::Block { id: BlockId::parse("block").unwrap(), why: Note::default() };
        let calendars = self.handbook.calendars.iter();
        let block = move |slot| {
            let provider = |calendar: &Calendar| calendar.provider.clone();
            calendars.clone().map(provider).map(move |provider| Taken {
                provider,
                slot,
                buffers: Buffers::NONE,
                what: what(),
            })
        };
        self.kept_free.into_iter().flat_map(block)
    }

    /// Every time on offer to this client.
    pub(super) fn offers(&self, client: &ClientId) -> Vec<Slot> {
        let whole = DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC;
        let file = self.file(client);
        let session = file.map_or_else(
            || self.handbook.first_session(),
            |file| self.handbook.session(&file.session),
        );
        let roster = Roster::of(&self.handbook, session, None);
        let offers = roster.offers(&self.sheets(), client, self.now, &whole);
        offers.into_iter().map(|offer| offer.slot).collect()
    }

    fn check_laws(&self) {
        for life in self.lives.values() {
            let journal = life.journal.iter().map(|(at, event)| (*at, event));
            assert_eq!(fold(journal).as_ref(), Some(&life.file), "the journal folds to the file");
            let is_closed = matches!(life.file.stage, Stage::Closed { .. });
            let is_due = next_due(&life.file, &self.handbook).is_some();
            let is_task = !life.file.tasks().is_empty();
            assert!(is_closed || is_due || is_task, "waits without a next step: {:?}", life.file);
        }
        self.check_calendar();
    }

    fn check_calendar(&self) {
        let entries: Vec<Taken> = self.lives.values().flat_map(|life| life.file.taken()).collect();
        let live: Vec<&Taken> = entries.iter().filter(|taken| taken.is_live(self.now)).collect();
        for (index, one) in live.iter().enumerate() {
            let same_calendar = |other: &&&Taken| other.provider == one.provider;
            for other in live.iter().skip(index + 1).filter(same_calendar) {
                let is_apart = if one.client() == other.client() {
                    one.slot != other.slot
                } else {
                    self.share_a_group(one, other)
                        || !one.slot.meets(one.buffers, &other.slot, other.buffers)
                };
                assert!(is_apart, "one calendar, one time, taken twice: {one:?} and {other:?}");
            }
            self.check_group(one, &live);
        }
    }

    fn share_a_group(&self, one: &Taken, other: &Taken) -> bool {
        let places = one.session().map_or(1, |session| self.handbook.session(session).places);
        1 < places && one.session() == other.session() && one.slot == other.slot
    }

    /// No session has more guests than places.
    fn check_group(&self, one: &Taken, live: &[&Taken]) {
        let same = |other: &&&Taken| {
            other.provider == one.provider && other.slot == one.slot && other.client().is_some()
        };
        let guests = live.iter().filter(same).count();
        let places = one.session().map_or(1, |session| self.handbook.session(session).places);
        assert!(guests <= places, "{guests} guests have {places} places: {one:?}");
    }
}
