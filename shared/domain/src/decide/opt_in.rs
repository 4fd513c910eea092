//! Opting in: somebody new gets a file, somebody known goes on where they were.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{ClientFile, Command, Event, Stage};

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
    if was_just_written_to(file, now) {
        return vec![];
    }
    match (writes_again_at(file, now), &file.stage) {
        (None, _) => vec![Event::OptedInAgain { consent, letters_not_before }],
        // Who was let go and comes back is let in at once; only the letter waits.
        (Some(again_at), Stage::Closed { .. }) => {
            let letters_not_before = letters_not_before.max(Some(again_at));
            vec![Event::OptedInAgain { consent, letters_not_before }]
        }
        (Some(_), _) => vec![],
    }
}

/// Whether the same letter was written within this very second: two posts at once are one.
fn was_just_written_to(file: &ClientFile, now: DateTime<Utc>) -> bool {
    let asked_now = file.asked_at.iter().filter(|asked_at| **asked_at == now).count();
    let welcomed_now = usize::from(file.opted_in_at == now);
    welcomed_now < asked_now
}

/// When the address may be written to again, if it has had all its welcomes of one day.
fn writes_again_at(file: &ClientFile, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let days = file.asked_at.iter().map(|asked_at| *asked_at + TimeDelta::days(1));
    let running: Vec<_> = days.filter(|day_after| now < *day_after).collect();
    if running.len() < WELCOMES_A_DAY { None } else { running.into_iter().min() }
}
