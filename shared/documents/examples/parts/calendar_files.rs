//! Writes what phones read, for calls around clock changes in several zones, and beside each file
//! the instants that an outside reader must find in it (`tests/peers/calendar_files.py`).

use std::{fs, io, path::Path};

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use documents::{PhoneFeed, phone_feed};
use domain::{AppointmentId, Buffers, ClientFile, Slot, StaffId, Taken, TakenFor};

use super::sample;

/// Zones whose clocks change at different times, by other spans than an hour, or never.
const ZONES: [Tz; 8] = [
    Tz::Europe__Lisbon,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Africa__Cairo,
    Tz::Africa__Casablanca,
    Tz::America__Santiago,
    Tz::UTC,
];

/// Writes them all into a folder.
pub(crate) fn write_all(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let files = sample::everybody();
    for zone in ZONES {
        let mut handbook = sample::handbook();
        handbook.practice.zone = zone;
        let taken = calls(&files[0]);
        let named = &files[..1];
        let feed = PhoneFeed { handbook: &handbook, taken: &taken, named, now: sample::now() };
        let name = zone.name().replace('/', "-");
        super::write(&folder.join(format!("{name}.ics")), &phone_feed(&feed))?;
        let instants: Vec<String> = taken.iter().map(|taken| span(taken.slot)).collect();
        super::write(&folder.join(format!("{name}.txt")), &instants.join("\n"))?;
    }
    Ok(())
}

/// A call every seven hours through two years: some of them fall into every kind of change.
fn calls(file: &ClientFile) -> Vec<Taken> {
    let first: DateTime<Utc> = sample::now() - Days::new(60);
    let starts = (0..2_500).map(|number| first + TimeDelta::hours(7 * number));
    let buffers = Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() };
    let call = |(number, start)| {
        let id = AppointmentId::parse(&format!("call-{number}")).ok()?;
        let provider = StaffId::parse("mara").ok()?;
        let what =
            TakenFor::Appointment { client: file.id.clone(), session: file.session.clone(), id };
        Some(Taken { provider, slot: Slot::of(start, TimeDelta::minutes(50)), buffers, what })
    };
    starts.enumerate().filter_map(call).collect()
}

fn span(slot: Slot) -> String {
    let told = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    format!("{} {}", told(slot.start), told(slot.end))
}
