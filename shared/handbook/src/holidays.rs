//! `[holidays]`: the public holidays on which the calendar is closed.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use domain::ClosedDays;
use toml::Spanned;

use crate::{
    almanac::{Country, Holiday, Region, years},
    hours::{A_DATE, date},
    mistake::{any_of, quoted},
    prose::Form::Line,
    reader::Reader,
};

/// The public holidays as days off; there are none without this part.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Vec<ClosedDays>> {
    if !reader.has("holidays") {
        return Some(Vec::new());
    }
    reader.table("holidays", |reader| {
        let holidays = holidays_there(reader);
        let except = dates(reader);
        let holidays = holidays?;
        let except = without_slips(reader, except?, &holidays)?;
        let days_off = holidays.iter().filter(|holiday| !except.contains(&holiday.date));
        Some(days_off.map(closed).collect())
    })
}

fn closed(holiday: &Holiday) -> ClosedDays {
    let why = format!("Public holiday: {}", holiday.name);
    ClosedDays { days: holiday.date..=holiday.date, why }
}

/// Every holiday of the country, or of its region if one is named.
fn holidays_there(reader: &mut Reader<'_>) -> Option<Vec<Holiday>> {
    let country = country(reader);
    if !reader.has("region") {
        return Some(country?.holidays(None));
    }
    let code = reader.text("region", Line(64));
    let (country, code) = (country?, code?);
    if !country.regions().any(|region| region.code == code) {
        reader.mistake("region", format!("`region`{}", no_region(country, &code)));
        return None;
    }
    Some(country.holidays(Some(&code)))
}

fn country(reader: &mut Reader<'_>) -> Option<Country> {
    let code = reader.text("country", Line(64))?;
    let country = Country::find(&code);
    if country.is_none() {
        let advice = match Country::meant_by(&code) {
            Some(meant) => format!("did you mean {} ({})?", quoted(meant.code), meant.name()),
            None => "write its two letters in ISO 3166, like \"PT\" for Portugal".into(),
        };
        let words =
            format!("`country` must be the code of a country; {} is none: {advice}", quoted(&code));
        reader.mistake("country", words);
    }
    let country = country?;
    if !country.has_holidays() {
        let words = format!(
            "`country`: no public holidays are known for {}; delete this part, and write your days \
             off as `[[closed]]`",
            country.name()
        );
        reader.mistake("country", words);
        return None;
    }
    Some(country)
}

/// How many regions of a country a sentence can list.
const LISTED_MAX: usize = 20;

/// What is wrong with a code that is none of a region, to stand behind `region`.
fn no_region(country: Country, code: &str) -> String {
    let name = country.name();
    let mut regions: Vec<Region> = country.regions().collect();
    if regions.is_empty() {
        return format!(": no regions are known in {name}; delete this line");
    }
    let meant = country.region_meant_by(code);
    let is_short = regions.len() <= LISTED_MAX;
    let advice = match meant {
        Some(meant) => format!("did you mean {}?", with_name(meant)),
        None if is_short => format!("write {}", any_of(regions.into_iter().map(with_name))),
        None => {
            regions.truncate(3);
            let examples = any_of(regions.into_iter().map(with_name));
            format!("write its code in ISO 3166-2 without the country, like {examples}")
        }
    };
    let country = format!("{} ({name})", quoted(country.code));
    format!(" must be the code of a region of {country}; {} is none: {advice}", quoted(code))
}

fn with_name(region: Region) -> String {
    let code = quoted(region.code);
    region.name.map_or_else(|| code.clone(), |name| format!("{code} ({name})"))
}

const EXCEPT_MAX: usize = 200;

/// The dates that are no days off all the same; they may be left out.
fn dates(reader: &mut Reader<'_>) -> Option<Vec<Spanned<NaiveDate>>> {
    if !reader.has("except") {
        return Some(Vec::new());
    }
    let must_be = A_DATE.replacen("a date", "dates", 1);
    reader.list("except", 0..=EXCEPT_MAX, &must_be, |value| date(value.as_str()?))
}

/// The dates in `except`, each of which must be a holiday and stand there once.
fn without_slips(
    reader: &mut Reader<'_>,
    except: Vec<Spanned<NaiveDate>>,
    holidays: &[Holiday],
) -> Option<BTreeSet<NaiveDate>> {
    let mut dates = BTreeSet::new();
    let mut is_good = true;
    for entry in except {
        let date = *entry.get_ref();
        let slip = if is_holiday_or_past(date, holidays) {
            let is_first = dates.insert(date);
            (!is_first).then(|| format!("{date} is written twice; delete one of the two"))
        } else {
            Some(no_holiday(date, holidays))
        };
        if let Some(words) = slip {
            reader.mistake_at(&entry, format!("`except`: {words}"));
            is_good = false;
        }
    }
    is_good.then_some(dates)
}

/// A handbook stays good when the holidays of the years behind it are no longer kept.
fn is_holiday_or_past(date: NaiveDate, holidays: &[Holiday]) -> bool {
    date.year() < *years().start() || holidays.iter().any(|holiday| holiday.date == date)
}

/// What is wrong with a date that is no holiday.
fn no_holiday(date: NaiveDate, holidays: &[Holiday]) -> String {
    let last = *years().end();
    if last < date.year() {
        return format!("public holidays are known until the end of {last}; delete {date}");
    }
    let distance = |holiday: &&Holiday| (holiday.date - date).abs();
    let nearest = holidays.iter().min_by_key(distance);
    let nearest = nearest.map_or_else(String::new, |holiday| {
        format!("; the nearest is {}, {}", holiday.date, holiday.name)
    });
    format!("{date} is no public holiday there{nearest}")
}
