//! The one way through the house: load, decide, commit.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    Actor, Answers, Circumstances, ClientFile, ClientId, Command, CommandId, Event, Handbook,
    Letter, PracticeId, Slot, consequences, decide, evolve, next_due,
};
use store::{Commit, CommitError, JournalEntry, Limit, Loaded, Want};

use crate::{Problem, Shell};

/// How often a command is tried against others that are faster.
const TRIES: u32 = 12;

/// How many opt-ins of one source within an hour are answered by letter at once.
const OPT_INS_AN_HOUR: u64 = 10;

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
    /// The answers to keep with it, as typed.
    pub answers: Option<Answers>,
    /// The source to count it against: an opaque text.
    pub source: Option<String>,
}

/// What became of a wish.
#[derive(Debug, Clone)]
pub struct Outcome {
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
    pub async fn handle(&self, wish: &Wish) -> Result<Outcome, Problem> {
        let handbook = self.handbook(&wish.practice).await?;
        let mut days = days_named_by(&wish.command, &handbook);
        for attempt in 0..TRIES {
            if 0 < attempt {
                tokio::time::sleep(self.pause(attempt)).await;
            }
            let now = self.now();
            let limit = wish.limit(now);
            let want = want(&handbook, &days, limit.clone());
            let loaded = self.store.load(&wish.practice, &wish.client, &want).await?;
            if let Some(done) = already_done(&loaded, wish, &handbook, now) {
                return Ok(done);
            }
            let command = held_back(&wish.command, loaded.count, now);
            let plan = plan(&loaded, &command, wish, &handbook, now)
                .map_err(|refusal| Problem::refused(refusal, &handbook))?;
            let Some(plan) = plan else { return unchanged(loaded, &handbook, now) };
            match self.store.commit(&plan.commit(wish, &handbook, &loaded, limit.as_ref())).await {
                Ok(()) => return Ok(plan.outcome(handbook, now)),
                Err(CommitError::Conflict) => {}
                Err(CommitError::SheetNeeded(day)) => days.push(day),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Problem::Busy(Some(handbook)))
    }

    /// A pause that grows with every try and differs between those who wait.
    fn pause(&self, attempt: u32) -> Duration {
        let spread = self.word().bytes().take(4).map(u64::from).sum::<u64>() % 16;
        Duration::from_millis((1 << attempt.min(6)) + spread)
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
    command: &Command,
    wish: &Wish,
    handbook: &Handbook,
    now: DateTime<Utc>,
) -> Result<Option<Plan>, domain::Refusal> {
    let circumstances =
        Circumstances { handbook, sheets: &loaded.sheets, id: &wish.id, actor: &wish.actor, now };
    let events = decide(loaded.file.as_ref(), command, &circumstances)?;
    let Some(file) = events
        .iter()
        .fold(None, |file, event| Some(evolve(file.or_else(|| loaded.file.clone()), event, now)))
    else {
        return Ok(None);
    };
    let letters =
        events.iter().flat_map(|event| consequences(event, &file, handbook, now)).collect();
    let next_due = next_due(&file, handbook);
    Ok(Some(Plan { file, events, letters, next_due, at: now }))
}

impl Plan {
    fn commit<'a>(
        &'a self,
        wish: &'a Wish,
        handbook: &'a Handbook,
        before: &'a Loaded,
        limit: Option<&'a Limit>,
    ) -> Commit<'a> {
        Commit {
            practice: &wish.practice,
            provider: &handbook.session.provider,
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
            answers: wish.answers.as_ref(),
            limit,
        }
    }

    fn outcome(self, handbook: Arc<Handbook>, now: DateTime<Utc>) -> Outcome {
        Outcome { handbook, file: self.file, events: self.events, now }
    }
}

impl Wish {
    fn limit(&self, at: DateTime<Utc>) -> Option<Limit> {
        let source = self.source.clone()?;
        Some(Limit { deed: "opt-in", source, at })
    }
}

fn want(handbook: &Handbook, days: &[NaiveDate], limit: Option<Limit>) -> Want {
    let sheets = (!days.is_empty()).then(|| (handbook.session.provider.clone(), days.to_vec()));
    Want { sheets, answers: false, limit }
}

fn already_done(
    loaded: &Loaded,
    wish: &Wish,
    handbook: &Arc<Handbook>,
    now: DateTime<Utc>,
) -> Option<Outcome> {
    let file = loaded.file.clone().filter(|_| loaded.seen.contains(&wish.id))?;
    Some(Outcome { handbook: Arc::clone(handbook), file, events: vec![], now })
}

fn unchanged(
    loaded: Loaded,
    handbook: &Arc<Handbook>,
    now: DateTime<Utc>,
) -> Result<Outcome, Problem> {
    let file = loaded.file.ok_or(Problem::NotFound)?;
    Ok(Outcome { handbook: Arc::clone(handbook), file, events: vec![], now })
}

/// An opt-in from a source that asks very often is kept, but its letter waits an hour.
fn held_back(command: &Command, count: u64, now: DateTime<Utc>) -> Command {
    let mut command = command.clone();
    if let Command::OptIn { letters_not_before, .. } = &mut command
        && OPT_INS_AN_HOUR <= count
    {
        *letters_not_before = Some(now + TimeDelta::hours(1));
    }
    command
}

/// The days whose sheets a command needs, as far as the command itself tells. The commit asks
/// for any other.
fn days_named_by(command: &Command, handbook: &Handbook) -> Vec<NaiveDate> {
    let session = &handbook.session;
    match command {
        Command::ProposeTimes { starts, .. } => starts
            .iter()
            .take(session.proposals_max)
            .flat_map(|start| Slot::of(*start, session.length).days(session.buffers))
            .collect(),
        // The proposal may be older than today's lengths and buffers, none of which reaches
        // further than the days beside it.
        Command::ApproveTime { start, .. } => {
            let a_day = TimeDelta::days(1);
            [*start - a_day, *start, *start + a_day].map(|at| at.date_naive()).to_vec()
        }
        Command::OptIn { .. }
        | Command::CompleteQuestionnaire { .. }
        | Command::OpenCalendar
        | Command::DeclineTimes { .. }
        | Command::CancelAppointment { .. }
        | Command::RecordOutcome { .. }
        | Command::InviteAgain
        | Command::StopNudges
        | Command::CloseFile { .. }
        | Command::ReportLetterNotSent { .. }
        | Command::SettleLetters
        | Command::TimePassed => vec![],
    }
}
