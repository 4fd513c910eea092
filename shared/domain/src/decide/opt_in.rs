//! Opting in: somebody new gets a file, somebody known goes on where they were.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{ClientFile, Command, Event};

/// How often in 24 hours one address is written to because somebody typed it into a form.
const WELCOMES_A_DAY: usize = ClientFile::ASKED_KEPT;

pub(super) fn opt_in(
    file: Option<&ClientFile>,
    command: &Command,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let Command::OptIn { client, person, consent, letters_not_before } = command else {
        unreachable!("only an opt-in opts in")
    };
    let (consent, letters_not_before) = (consent.clone(), *letters_not_before);
    let Some(file) = file else {
        let (client, person) = (client.clone(), person.clone());
        return vec![Event::OptedIn { client, person, consent, letters_not_before }];
    };
    let a_day_ago = now - TimeDelta::days(1);
    let welcomes = file.asked_at.iter().filter(|asked_at| a_day_ago < **asked_at).count();
    if WELCOMES_A_DAY <= welcomes {
        return vec![];
    }
    vec![Event::OptedInAgain { consent, letters_not_before }]
}
