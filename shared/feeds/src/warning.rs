//! What the owner of a practice should know about a feed that was read.

use std::fmt;

/// Something about a feed that is not as it should be. The words name no event: whoever reads
/// them may not be meant to know what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Warning {
    /// Lines that are none, outside or inside of events.
    #[error("{}", lines(*.0))]
    BrokenLines(usize),
    /// Nobody knows this zone, and the feed does not describe it.
    #[error("the zone {0} is unknown; the practice's zone was used")]
    UnknownZone(ZoneName),
    /// There is nothing to count busy.
    #[error("an event does not say in a readable way when it begins and is left out")]
    StartUnreadable,
    /// The end of the day is the safe guess.
    #[error("the end of an event cannot be read; it counts as busy until its day is over")]
    EndUnreadable,
    /// It takes no time.
    #[error("an event ends before it begins and is left out")]
    EndsBeforeStart,
    /// Hours, minutes or seconds.
    #[error("an event repeats more often than daily; its days count as busy from end to end")]
    OftenerThanDaily,
    /// Too often is safe.
    #[error(
        "how an event repeats cannot be read; it counts as busy too often rather than too rarely"
    )]
    RuleUnreadable,
    /// One of the dates that a rule is extended or cut by, or a busy period.
    #[error("one of the dates of an event cannot be read and is passed over")]
    DateUnreadable,
}

fn lines(count: usize) -> String {
    match count {
        1 => "a line cannot be read and is passed over".to_owned(),
        _ => format!("{count} lines cannot be read and are passed over"),
    }
}

const ZONE_NAME_MAX: usize = 40;

/// The name of a zone as a feed has it, short and visible enough to stand in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneName(String);

impl ZoneName {
    pub(crate) fn of(name: &str) -> Self {
        let mut short: String =
            name.chars().filter(|letter| !hides(*letter)).take(ZONE_NAME_MAX).collect();
        if short.chars().count() == ZONE_NAME_MAX && ZONE_NAME_MAX < name.chars().count() {
            short.push('…');
        }
        Self(short)
    }
}

/// Whether a letter is a control, or changes how its neighbours look.
fn hides(letter: char) -> bool {
    letter.is_control() || letter == '"' || domain::is_disguise(letter)
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}
