//! The one way through the house: load, decide, commit.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    Actor, Answers, Circumstances, ClientFile, ClientId, Command, CommandId, Event, Handbook,
    Letter, PracticeId, consequences, decide, evolve, next_due,
};
use store::{Commit, CommitError, Indexed, JournalEntry, Limit, Loaded, Want};

use crate::{Problem, RequestId, Shell, needed_sheets::Needed, request_at_work};

/// How often a command is tried against others that are faster.
pub(crate) const TRIES: u32 = 12;

/// What somebody wishes.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Of which practice.
    pub practice: PracticeId,
    /// About which file.
    pub client: ClientId,
    /// Names the wish: the same wish again carries the same id and has no second effect.
    pub id: CommandId,
    /// Who wishes.
    pub actor: Actor,
    /// What.
    pub command: Command,
    /// The source to count it against: an opaque text.
    pub source: Option<String>,
}

/// What became of a wish.
#[derive(Debug, Clone)]
pub struct Done {
    /// The rules it was decided by.
    pub handbook: Arc<Handbook>,
    /// The file after it.
    pub file: ClientFile,
    /// What happened; nothing if it had been carried out before, or there was nothing to do.
    pub events: Vec<Event>,
    /// When it was decided.
    pub now: DateTime<Utc>,
}

impl Shell {
    /// Carries a wish out, or says why not.
    pub async fn handle(&self, wish: &Wish) -> Result<Done, Problem> {
        let handbook = self.handbook(&wish.practice).await?;
        let mut needed = Needed::by(&wish.command, None, &handbook, self.now());
        let mut conflicts = 0;
        for _ in 0..TRIES {
            if 0 < conflicts {
                tokio::time::sleep(self.pause(conflicts)).await;
            }
            let now = self.now();
            let loaded = self.look(wish, &needed, now).await?;
            if let Some(done) = already_done(&loaded, wish, &handbook, now) {
                return Ok(done);
            }
            let by_now = Needed::by(&wish.command, loaded.file.as_ref(), &handbook, now);
            if !by_now.is_seen_by(&loaded, &needed) {
                needed = by_now;
                continue;
            }
            let plan = plan(&loaded, wish, &handbook, now)
                .map_err(|refusal| Problem::refused(refusal, &handbook))?;
            let Some(plan) = plan else {
                self.keep_in_sight(wish, &loaded, &handbook).await?;
                return unchanged(loaded, &handbook, now);
            };
            let limit = wish.limit(now);
            let request = request_at_work();
            let commit = plan.commit(wish, &loaded, limit.as_ref(), request.as_ref());
            match self.store.commit(&commit).await {
                Ok(()) => {
                    let (before, after) = (loaded.file.as_ref(), &plan.file);
                    self.wake_waiting_list(&handbook, before, after, now).await;
                    return Ok(plan.done(handbook, now));
                }
                Err(CommitError::Conflict) => conflicts += 1,
                Err(CommitError::SheetNeeded(day)) => needed.sheets.push(day),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Problem::Busy(Some(handbook)))
    }

    /// Loads the file, and what of the calendars is needed.
    async fn look(
        &self,
        wish: &Wish,
        needed: &Needed,
        now: DateTime<Utc>,
    ) -> Result<Loaded, Problem> {
        let want = Want { limit: wish.limit(now), ..needed.want() };
        let mut loaded = self.store.load(&wish.practice, &wish.client, &want).await?;
        for (provider, days) in &needed.counted {
            let sheets = self.store.sheets_now(&wish.practice, provider, days.clone()).await?;
            loaded.sheets = loaded.sheets.join(sheets);
        }
        Ok(loaded)
    }

    /// Where nothing was to be done although the index said so, the handbook has moved the moment
    /// since, or an entry was wrong: the file is put where it belongs.
    async fn keep_in_sight(
        &self,
        wish: &Wish,
        loaded: &Loaded,
        handbook: &Handbook,
    ) -> Result<(), Problem> {
        let Some(file) = loaded.file.as_ref().filter(|_| wish.command == Command::TimePassed)
        else {
            return Ok(());
        };
        let indexed = Indexed::of(file, next_due(file, handbook));
        if indexed != loaded.indexed {
            self.store.put_indexed(&wish.practice, &wish.client, loaded, &indexed).await?;
        }
        Ok(())
    }

    /// A pause drawn from a span that doubles with every try, so that those who wait fall out of
    /// step ("full jitter").
    pub(crate) fn pause(&self, attempt: u32) -> Duration {
        let drawn = self.chance.number();
        Duration::from_millis(1 + drawn % (4 << attempt.min(6)))
    }
}

/// What a command will change, so completely that carrying it out leaves no choice.
struct Plan {
    file: ClientFile,
    events: Vec<Event>,
    letters: Vec<Letter>,
    next_due: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
}

fn plan(
    loaded: &Loaded,
    wish: &Wish,
    handbook: &Handbook,
    now: DateTime<Utc>,
) -> Result<Option<Plan>, domain::Refusal> {
    let circumstances = Circumstances {
        handbook,
        sheets: &loaded.sheets,
        id: &wish.id,
        actor: &wish.actor,
        opt_ins_of_source: loaded.count,
        now,
    };
    let events = decide(loaded.file.as_ref(), &wish.command, &circumstances)?;
    let before = loaded.file.clone().filter(|_| !events.is_empty());
    let after = events.iter().fold(before, |file, event| Some(evolve(file, event, now)));
    let Some(file) = after else { return Ok(None) };
    let letters =
        events.iter().flat_map(|event| consequences(event, &file, handbook, now)).collect();
    let next_due = next_due(&file, handbook);
    Ok(Some(Plan { file, events, letters, next_due, at: now }))
}

impl Plan {
    fn commit<'a>(
        &'a self,
        wish: &'a Wish,
        before: &'a Loaded,
        limit: Option<&'a Limit>,
        request: Option<&'a RequestId>,
    ) -> Commit<'a> {
        Commit {
            practice: &wish.practice,
            before,
            after: &self.file,
            next_due: self.next_due,
            entry: JournalEntry {
                number: before.version + 1,
                command: wish.id.clone(),
                actor: wish.actor.clone(),
                at: self.at,
                events: self.events.clone(),
            },
            remember: wish.actor != Actor::Clock,
            letters: &self.letters,
            answers: answers_in(&wish.command),
            limit,
            request: request.map(|request| request.0.as_str()),
        }
    }

    fn done(self, handbook: Arc<Handbook>, now: DateTime<Utc>) -> Done {
        Done { handbook, file: self.file, events: self.events, now }
    }
}

impl Wish {
    fn limit(&self, at: DateTime<Utc>) -> Option<Limit> {
        let source = self.source.clone()?;
        Some(Limit { deed: "opt-in", source, at })
    }
}

fn already_done(
    loaded: &Loaded,
    wish: &Wish,
    handbook: &Arc<Handbook>,
    now: DateTime<Utc>,
) -> Option<Done> {
    let file = loaded.file.clone().filter(|_| loaded.seen.contains(&wish.id))?;
    Some(Done { handbook: Arc::clone(handbook), file, events: vec![], now })
}

fn unchanged(
    loaded: Loaded,
    handbook: &Arc<Handbook>,
    now: DateTime<Utc>,
) -> Result<Done, Problem> {
    let file = loaded.file.ok_or(Problem::NotFound)?;
    Ok(Done { handbook: Arc::clone(handbook), file, events: vec![], now })
}

/// The answers that a command brings, to be kept as they were typed.
fn answers_in(command: &Command) -> Option<&Answers> {
    if let Command::CompleteQuestionnaire { answers } = command {
        Some(answers.typed())
    } else {
        None
    }
}
