//! What is on offer: by example, against an outside oracle, and against a slow obvious twin.

mod examples;
mod limited;
mod oracle;
mod properties;
mod roster;
mod twin;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::{Buffers, DaySheet, DaySheets, Slot, Taken, TakenFor, Timetable};
use crate::{AppointmentId, ClientId, Handbook, ProposalId, SessionTypeId, StaffId};

fn client(name: &str) -> ClientId {
    ClientId::parse(name).unwrap()
}

/// The provider of the sample handbook.
fn mara() -> StaffId {
    StaffId::parse("mara").unwrap()
}

/// The session of the sample handbook.
fn session() -> SessionTypeId {
    SessionTypeId::parse("first-conversation").unwrap()
}

/// When the one provider of the sample handbook is there.
fn timetable(handbook: &Handbook) -> Timetable<'_> {
    let session = handbook.first_session();
    Timetable::of(handbook, session, &session.parts[0][0])
}

fn no_buffers() -> Buffers {
    Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() }
}

fn booked(slot: Slot, buffers: Buffers, by: &str) -> Taken {
    let id = AppointmentId::parse("call").unwrap();
    let what = TakenFor::Appointment { client: client(by), session: session(), id };
    Taken { provider: mara(), slot, buffers, what }
}

fn held(slot: Slot, buffers: Buffers, by: &str, until: DateTime<Utc>) -> Taken {
    let proposal = ProposalId::parse("request").unwrap();
    let what = TakenFor::Hold { client: client(by), session: session(), proposal, until };
    Taken { provider: mara(), slot, buffers, what }
}

/// The sheets of these days, with each entry on every sheet it belongs to.
fn sheets(first: NaiveDate, last: NaiveDate, taken: &[Taken]) -> DaySheets {
    let days = || first.iter_days().take_while(move |date| *date <= last);
    let sheet = |date| DaySheet {
        provider: mara(),
        date,
        version: 1,
        taken: taken
            .iter()
            .filter(|taken| taken.slot.days(taken.buffers).any(|day| day == date))
            .cloned()
            .collect(),
    };
    DaySheets::new(days().map(|date| (mara(), date)), days().map(sheet).collect())
}

/// The sheets of the days from `from` to `to`, and of a month more on either side.
fn sheets_around(from: DateTime<Utc>, to: DateTime<Utc>, taken: &[Taken]) -> DaySheets {
    sheets(from.date_naive() - Days::new(34), to.date_naive() + Days::new(34), taken)
}
