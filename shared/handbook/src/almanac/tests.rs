use std::collections::BTreeSet;

use chrono::{Datelike as _, TimeDelta, Weekday};

use super::*;

fn date_of(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Every holiday of a place such as `PT` or `DE BY`.
fn holidays_in(place: &str) -> Vec<Holiday> {
    let (code, region) = place.split_once(' ').map_or((place, None), |(c, r)| (c, Some(r)));
    let country = Country::find(code).unwrap();
    let is_known = region.is_none_or(|code| country.regions().any(|region| region.code == code));
    assert!(is_known, "{place}");
    country.holidays(region)
}

/// What is celebrated in a place on a date; nothing on an ordinary day.
fn name_of(place: &str, date: NaiveDate) -> String {
    let holiday = holidays_in(place).into_iter().find(|holiday| holiday.date == date);
    holiday.map_or_else(String::new, |holiday| holiday.name)
}

#[test]
fn days_that_everybody_knows() {
    let check = |place: &str, date: &str, name: &str| {
        assert_eq!(name_of(place, date_of(date)), name, "{place} {date}");
    };
    check("PT", "2026-06-04", "Corpus Christi");
    check("PT", "2026-10-05", "Republic Day");
    check("PT", "2026-06-13", "");
    check("PT 11", "2026-06-13", "Saint Anthony's Day");
    check("DE", "2027-05-27", "");
    check("DE BY", "2027-05-27", "Corpus Christi");
    check("DE BE", "2027-05-27", "");
    check("DE BE", "2027-03-08", "Women's Day");
    check("DE SN", "2028-11-22", "Repentance and Prayer Day");
    check("AT", "2031-10-26", "National Day");
    check("FR", "2026-07-14", "National Day");
    check("FR", "2026-12-26", "");
    check("FR 57", "2026-12-26", "Saint Stephen's Day");
    check("ES MD", "2028-05-02", "Madrid Day");
    check("IT MI", "2026-12-07", "Saint Ambrose's Day");
    check("NL", "2026-04-27", "King's Day");
    check("SE", "2026-06-20", "Midsummer Day");
    check("IE", "2026-02-02", "Saint Brigid's Day");
    check("GR", "2026-04-13", "Easter Monday");
    check("GB SCT", "2026-01-02", "New Year Holiday");
    check("GB ENG", "2026-01-02", "");
    check("GB ENG", "2026-04-06", "Easter Monday");
    check("GB SCT", "2026-04-06", "");
    check("GB NIR", "2028-03-17", "Saint Patrick's Day");
    check("US", "2026-07-03", "Independence Day (observed)");
    check("CA QC", "2026-06-24", "Saint John the Baptist Day");
    check("JP", "2026-05-06", "Substitute Holiday");
    check("JP", "2026-09-22", "National Holiday");
    check("CN", "2026-02-17", "Chinese New Year (Spring Festival)");
    check("NZ", "2026-07-10", "Matariki");
    check("AU", "2027-04-25", "ANZAC Day");
    check("ZA", "2026-08-10", "National Women's Day (observed)");
    check("BR", "2026-04-21", "Tiradentes' Day");
    check("CA", "2026-07-01", "Canada Day");
}

/// Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i32) -> NaiveDate {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let shift = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + shift + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let weeks_back = (golden + 11 * moon + 22 * sunday) / 451;
    let month_and_day = moon + sunday - 7 * weeks_back + 114;
    let of = |number: i32| u32::try_from(number).unwrap();
    NaiveDate::from_ymd_opt(year, of(month_and_day / 31), of(month_and_day % 31 + 1)).unwrap()
}

#[test]
fn feasts_that_move_with_easter_move_with_it() {
    let feasts = [
        ("Good Friday", -2, ["PT", "DE", "GB", "US CT", "AU", "BR"]),
        ("Easter Monday", 1, ["DE", "FR", "GB ENG", "PL", "AU", "IT"]),
        ("Ascension Day", 39, ["DE", "FR", "AT", "CH BE", "NO", "PT 02"]),
        ("Corpus Christi", 60, ["PT", "DE BY", "AT", "PL", "HR", "CH LU"]),
    ];
    for year in years() {
        for (name, days, places) in feasts {
            let date = easter(year) + TimeDelta::days(days);
            for place in places {
                assert!(name_of(place, date).contains(name), "{place} {date} {name}");
            }
        }
    }
}

#[test]
fn mondays_and_thursdays_of_the_law_are_those() {
    for year in years() {
        let check = |place: &str, month: u32, day: Weekday, nth: u8, name: &str| {
            let date = NaiveDate::from_weekday_of_month_opt(year, month, day, nth).unwrap();
            assert_eq!(name_of(place, date), name, "{place} {date}");
        };
        check("US", 11, Weekday::Thu, 4, "Thanksgiving Day");
        check("US", 9, Weekday::Mon, 1, "Labor Day");
        check("CA", 9, Weekday::Mon, 1, "Labor Day");
        check("CA ON", 10, Weekday::Mon, 2, "Thanksgiving Day");
        check("GB", 5, Weekday::Mon, 1, "May Day");
        check("JP", 1, Weekday::Mon, 2, "Coming of Age Day");
        check("IE", 8, Weekday::Mon, 1, "August Bank Holiday");
        let eve = NaiveDate::from_ymd_opt(year, 5, 24).unwrap();
        let monday = eve - TimeDelta::days(eve.weekday().num_days_from_monday().into());
        assert_eq!(name_of("CA ON", monday), "Victoria Day", "the last Monday before 25 May");
    }
}

#[test]
fn every_line_of_the_file_can_be_read() {
    assert_eq!(years(), 2026..=2031);
    let mut lines = 0;
    for country in Country::all() {
        lines += country.holidays.lines().count();
        assert!(country.code.len() == 2 && country.name() != country.code, "{country:?}");
        let regions: Vec<_> = country.regions().map(|region| region.code).collect();
        let is_a_set = |codes: &[&str]| codes.iter().collect::<BTreeSet<_>>().len() == codes.len();
        assert!(is_a_set(&regions), "{country:?}");
        for text in country.holidays.lines() {
            let line = Line::parse(text);
            let entries = line.dates.split(' ').count();
            assert!(entries == 1 || entries == years().count(), "{}: {text}", country.code);
            assert!(line.dates().next().is_some(), "{}: {text}", country.code);
            assert!(line.name.chars().count() <= 150 && line.name.trim() == line.name, "{text}");
            let (Place::In(codes) | Place::NotIn(codes)) = line.place else { continue };
            let codes: Vec<_> = codes.split(", ").collect();
            let are_known = codes.iter().all(|code| regions.contains(code));
            assert!(are_known && is_a_set(&codes), "{}: {text}", country.code);
        }
    }
    assert!(4_000 < lines, "only {lines} lines were found");
}

/// Countries without a public holiday in some year: nobody lives there, or the law knows none in
/// time of war, or each year's holidays are published in the year before.
const SOME_YEARS_EMPTY: [(&str, RangeInclusive<i32>); 5] = [
    ("BV", 2026..=2031),
    ("HM", 2026..=2031),
    ("IO", 2026..=2031),
    ("LK", 2027..=2031),
    ("UA", 2026..=2031),
];

#[test]
fn every_country_and_region_has_holidays_in_every_year() {
    let (mut countries, mut regions) = (0, 0);
    for country in Country::all() {
        let empty = SOME_YEARS_EMPTY.iter().find(|(code, _)| *code == country.code);
        let own = country.regions().map(|region| Some(region.code));
        for region in own.chain([None]) {
            let holidays = country.holidays(region);
            assert!(holidays.is_sorted_by(|a, b| a.date < b.date), "{country:?} {region:?}");
            let has = |year| holidays.iter().any(|holiday| holiday.date.year() == year);
            for year in years() {
                let is_empty = empty.is_some_and(|(_, years)| years.contains(&year));
                assert_eq!(has(year), !is_empty, "{} {region:?} {year}", country.code);
            }
            regions += usize::from(region.is_some());
        }
        assert_eq!(country.has_holidays(), !country.holidays(None).is_empty());
        countries += 1;
    }
    assert_eq!((countries, regions), (250, 651));
}

#[test]
fn every_word_for_a_country_or_a_region_leads_to_it() {
    for country in Country::all() {
        assert_eq!(Country::find(country.code), Some(country));
        for word in country.words() {
            assert_eq!(Country::meant_by(&word.to_lowercase()), Some(country), "{word}");
        }
        for region in country.regions() {
            for word in [Some(region.code), region.name].into_iter().flatten() {
                let meant = country.region_meant_by(word).unwrap();
                assert_eq!(meant, region, "{word} in {}", country.name());
            }
        }
    }
}

#[test]
fn a_slip_in_a_name_leads_to_it_and_a_slip_in_a_code_nowhere() {
    let check = |word: &str, expected: Option<&str>| {
        assert_eq!(Country::meant_by(word).map(|country| country.code), expected, "{word}");
    };
    check("Portugal", Some("PT"));
    check("Potugal", Some("PT"));
    check("pt", Some("PT"));
    check("UK", Some("GB"));
    check("DEU", Some("DE"));
    check("USA", Some("US"));
    check("XX", None);
    check("Atlantis-on-Sea", None);

    let germany = Country::find("DE").unwrap();
    let code = |word: &str| germany.region_meant_by(word).map(|region| region.code);
    assert_eq!(code("DE-BY"), Some("BY"));
    assert_eq!(code("Bayern"), Some("BY"));
    assert_eq!(code("Baden-Wuerttemberg"), Some("BW"));
    assert_eq!(code("Bavaria"), None);
}

#[test]
fn the_script_is_of_the_version_that_wrote_the_file() {
    let script = include_str!("../../holidays/generate.py");
    let version = script.split_once("PACKAGE_VERSION = \"").unwrap().1.split('"').next().unwrap();
    assert!(FILE.lines().next().unwrap().contains(&format!("package holidays {version} (MIT")));
    assert!(script.contains(&format!("holidays=={version}")));
}
