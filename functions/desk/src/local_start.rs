//! A date and a time of day that staff have written.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{MinuteOfDay, instant_of};
use shell::{FormText, Problem};

/// The instant that two fields, a date and a time of day in `zone`, name.
pub(crate) fn read(
    form: &FormText,
    (date, time): (&str, &str),
    zone: Tz,
) -> Result<DateTime<Utc>, Problem> {
    let wanted = || {
        let words = "Please write a date like 2027-03-31, and a time like 09:30.";
        Problem::Form(words.to_owned())
    };
    let date: Option<NaiveDate> = form.text(date).parse().ok();
    let time = MinuteOfDay::parse(form.text(time));
    let (date, time) = date.zip(time).ok_or_else(wanted)?;
    // Other years are slips of the hand.
    if !(2_000..3_000).contains(&date.year()) {
        return Err(wanted());
    }
    Ok(instant_of(zone, time.on(date)))
}
