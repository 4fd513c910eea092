//! Prints when somebody is busy by a calendar file, in the words of the texts in `tests/data`:
//! `cargo run -p feeds --example busy -- FILE Europe/Lisbon 2026-11-01T00:00Z 2026-12-01T00:00Z`.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write as _},
};

use chrono::{DateTime, NaiveDateTime, Utc};

const FORMAT: &str = "%Y-%m-%dT%H:%MZ";

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [file, zone, from, to] = &words[..] else {
        return Err("a file, the owner's zone, and two instants are wanted".into());
    };
    let window = instant(from)?..instant(to)?;
    let mut out = io::stdout().lock();
    match feeds::read(&fs::read(file)?, zone.parse()?, window) {
        Err(reason) => writeln!(out, "unreadable {reason}")?,
        Ok(busy) => {
            for warning in busy.warnings {
                writeln!(out, "warns {warning}")?;
            }
            for span in busy.spans {
                let (start, end) = (span.start.format(FORMAT), span.end.format(FORMAT));
                writeln!(out, "busy {start} {end}")?;
            }
        }
    }
    Ok(())
}

fn instant(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    Ok(NaiveDateTime::parse_from_str(text, FORMAT)?.and_utc())
}
