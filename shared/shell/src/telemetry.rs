//! What the functions tell their operator: one line for each thing they answered, with what it
//! cost; and a few figures that alarms look at.
//!
//! Nothing here names a person. The practice is told once its handbook was found, so that no word
//! a stranger typed gets into the log; a route is told by its pattern, because what stands in its
//! place opens somebody's page.
//!
//! Lines are events of `tracing`. What becomes of them is for whoever serves the function to say:
//! JSON for the log of the cloud (`cloud`), words in the terminal of the local house.

use std::sync::{Arc, Mutex, PoisonError};

use domain::PracticeId;
use store::metered;

use crate::{Problem, clock::Stopwatch};

/// The target of the lines about what was answered.
pub const ANSWERED: &str = "anteroom::answered";

/// The target of the figures.
pub const FIGURE: &str = "anteroom::figure";

tokio::task_local! {
    static TASK: Arc<Task>;
    static REQUEST: RequestId;
}

/// What a request or event is called by whoever brought it: an opaque word, without a person's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// One thing that a function answers.
struct Task {
    function: &'static str,
    request: Option<RequestId>,
    practices: Mutex<Practices>,
}

/// Whose thing it is. The clock's may be that of many.
#[derive(Default)]
enum Practices {
    #[default]
    None,
    One(PracticeId),
    Several,
}

/// How something ended, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Done,
    /// The one who asked has to do something else.
    Refused,
    /// Our fault, or too many at once.
    Failed,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    fn of<T>(result: &Result<T, Problem>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(Problem::Broken(_) | Problem::Busy(_)) => Self::Failed,
            Err(
                Problem::Refused(..)
                | Problem::Link(..)
                | Problem::NotFound
                | Problem::Form(_)
                | Problem::TooLarge
                | Problem::OtherSite
                | Problem::SignIn(..)
                | Problem::OldForm
                | Problem::Suspended(_),
            ) => Self::Refused,
        }
    }
}

/// A figure that an alarm looks at. There are few: the cloud takes as much a month for one of them as
/// for a million requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// For how long a letter had been waiting when it was tried, in seconds.
    LetterAge,
    /// Letters that were given up.
    LettersGivenUp,
    /// Letters that nobody had brought, found by the night.
    LettersStranded,
    /// Files that the clock or the desk would not have looked at again.
    FilesForgotten,
    /// What the clock was to do and could not; it stays due.
    WorkUndone,
    /// Practices whose night was closed.
    NightsClosed,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LetterAge,
        Self::LettersGivenUp,
        Self::LettersStranded,
        Self::FilesForgotten,
        Self::WorkUndone,
        Self::NightsClosed,
    ];

    /// Its name, with its unit at the end.
    pub fn name(self) -> &'static str {
        match self {
            Self::LetterAge => "LetterAgeSeconds",
            Self::LettersGivenUp => "LettersGivenUp",
            Self::LettersStranded => "LettersStranded",
            Self::FilesForgotten => "FilesForgotten",
            Self::WorkUndone => "WorkUndone",
            Self::NightsClosed => "NightsClosed",
        }
    }

    /// Its unit, as the cloud's metrics call it.
    pub fn unit(self) -> &'static str {
        match self {
            Self::LetterAge => "Seconds",
            Self::LettersGivenUp
            | Self::LettersStranded
            | Self::FilesForgotten
            | Self::WorkUndone
            | Self::NightsClosed => "Count",
        }
    }

    /// Tells how much it is.
    pub fn tell(self, value: u64) {
        let (figure, unit) = (self.name(), self.unit());
        tracing::info!(target: FIGURE, figure, unit, value, "{figure} {value}");
    }
}

/// Which function is at work here, if any is.
pub fn function_at_work() -> Option<&'static str> {
    TASK.try_with(|task| task.function).ok()
}

/// What the request at work is called, if it is called anything.
pub fn request_at_work() -> Option<RequestId> {
    let of_task = TASK.try_with(|task| task.request.clone()).ok().flatten();
    of_task.or_else(|| REQUEST.try_with(Clone::clone).ok())
}

/// Everything in `work` belongs to the request of this name.
pub async fn of_request<T>(request: RequestId, work: impl Future<Output = T>) -> T {
    REQUEST.scope(request, Box::pin(work)).await
}

/// The work of a function that no visitor asked for; what it did is told in one line, unless there
/// was nothing to do. Work within work is part of it.
pub async fn at_work<T>(
    function: &'static str,
    what: &str,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    // In a box, because whoever hands the work on would move all that it will ever hold.
    let work = Box::pin(work);
    if function_at_work().is_some() {
        return work.await;
    }
    answering(function, what, request_at_work(), work, |result| (Outcome::of(result), None)).await
}

/// Answers one thing, and tells in one line which, for whom, how it ended and what it cost.
pub(crate) async fn answering<T>(
    function: &'static str,
    what: &str,
    request: Option<RequestId>,
    work: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> (Outcome, Option<u16>),
) -> T {
    let task = Arc::new(Task { function, request, practices: Mutex::default() });
    let watch = Stopwatch::start();
    let (answer, used) = TASK.scope(Arc::clone(&task), metered(work)).await;
    let (outcome, status) = outcome(&answer);
    let practice = task.practice();
    let milliseconds = watch.milliseconds();
    // The clock looks in every minute; that nothing was due is no news.
    let is_news = outcome != Outcome::Done || status.is_some() || 0.0 < used.write_units;
    if is_news {
        tracing::info!(
            target: ANSWERED,
            function,
            what,
            practice,
            outcome = outcome.name(),
            status,
            milliseconds,
            calls = used.calls,
            read_units = used.read_units,
            write_units = used.write_units,
            request = task.request.as_ref().map(|request| request.0.as_str()),
            "{function} answered {what} for {}: {} in {milliseconds} ms",
            practice.as_deref().unwrap_or("nobody in particular"),
            outcome.name(),
        );
    }
    answer
}

/// What is answered now belongs to this practice, which is one of ours.
pub(crate) fn belongs_to(practice: &PracticeId) {
    // Outside of every task there is nobody to tell.
    TASK.try_with(|task| {
        let mut practices = task.practices.lock().unwrap_or_else(PoisonError::into_inner);
        match &*practices {
            Practices::None => *practices = Practices::One(practice.clone()),
            Practices::One(one) if one == practice => {}
            Practices::One(_) | Practices::Several => *practices = Practices::Several,
        }
    })
    .unwrap_or_default();
}

impl Task {
    fn practice(&self) -> Option<String> {
        match &*self.practices.lock().unwrap_or_else(PoisonError::into_inner) {
            Practices::None => None,
            Practices::One(practice) => Some(practice.to_string()),
            Practices::Several => Some("several".to_owned()),
        }
    }
}
