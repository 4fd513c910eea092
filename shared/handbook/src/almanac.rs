//! The public holidays of countries and their regions, from a file that is part of the program.
//!
//! The file is `holidays/holidays.txt`: its first lines tell its form, and `generate.py` beside it
//! says where it comes from. A country is its block of that file; nothing else of it is read.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::NaiveDate;

use crate::mistake::nearest;

const FILE: &str = include_str!("../holidays/holidays.txt");

/// A country, by its block of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Country {
    /// Two letters of ISO 3166.
    pub(crate) code: &'static str,
    names: &'static str,
    regions: &'static str,
    holidays: &'static str,
}

/// A part of a country with holidays of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    /// Most often what ISO 3166-2 has after the hyphen.
    pub(crate) code: &'static str,
    /// In a language of the country; none for the few that the file knows by their code alone.
    pub(crate) name: Option<&'static str>,
}

/// A day that is a public holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holiday {
    pub(crate) date: NaiveDate,
    /// In English wherever the file has it so; several holidays may fall on one date.
    pub(crate) name: String,
}

/// The years that the file knows.
pub(crate) fn years() -> RangeInclusive<i32> {
    let years = FILE.split_once(':').and_then(|(years, _)| years.split_once('-'));
    let years = years.and_then(|(first, last)| Some(first.parse().ok()?..=last.parse().ok()?));
    years.expect("the file begins with its years")
}

impl Country {
    /// The country with this code.
    pub(crate) fn find(code: &str) -> Option<Self> {
        Self::all().find(|country| country.code == code)
    }

    /// The country that was probably meant by a word that is not a code.
    pub(crate) fn meant_by(word: &str) -> Option<Self> {
        let words =
            || Self::all().flat_map(|country| country.words().map(move |word| (word, country)));
        meant(word, words)
    }

    /// Every country, by code.
    fn all() -> impl Iterator<Item = Self> {
        FILE.split("\n\n").skip(1).map(|block| {
            let (heading, rest) = block.split_once('\n').unwrap_or((block, ""));
            let (code, names) = heading.split_once(' ').expect("a code and names");
            let regions = rest.strip_prefix("regions ").and_then(|rest| rest.split_once('\n'));
            let (regions, holidays) = regions.unwrap_or(("", rest));
            Self { code, names, regions, holidays }
        })
    }

    /// What it is called in English.
    pub(crate) fn name(self) -> &'static str {
        self.names.split("; ").next().unwrap_or(self.names)
    }

    fn words(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.code).chain(self.names.split("; "))
    }

    /// Its regions, if there are differences between them.
    pub(crate) fn regions(self) -> impl Iterator<Item = Region> {
        let regions = self.regions.split("; ").filter(|region| !region.is_empty());
        regions.map(|region| match region.split_once('=') {
            Some((code, name)) => Region { code, name: Some(name) },
            None => Region { code: region, name: None },
        })
    }

    /// The region that was probably meant by a word that is not a code.
    pub(crate) fn region_meant_by(self, word: &str) -> Option<Region> {
        let word =
            word.strip_prefix(self.code).and_then(|rest| rest.strip_prefix('-')).unwrap_or(word);
        meant(word, || {
            let words = |region: Region| [Some(region.code), region.name].into_iter().flatten();
            self.regions().flat_map(move |region| words(region).map(move |word| (word, region)))
        })
    }

    /// Whether the file knows any holiday of the country: of a few it knows none.
    pub(crate) fn has_holidays(self) -> bool {
        !self.holidays.is_empty()
    }

    /// The public holidays in the region with this code, or in the country as a whole, by date.
    pub(crate) fn holidays(self, region: Option<&str>) -> Vec<Holiday> {
        let mut names: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
        for line in self.holidays.lines().map(Line::parse).filter(|line| line.is_for(region)) {
            for date in line.dates() {
                names.entry(date).or_default().push(line.name);
            }
        }
        names.into_iter().map(|(date, names)| Holiday { date, name: names.join("; ") }).collect()
    }
}

/// The longest word that is a code only: with a letter changed, it is the code of somewhere else.
const CODE_MAX: usize = 3;

/// What one of `words` stands for: the one that was written, or the name that comes nearest.
fn meant<T, W>(word: &str, words: impl Fn() -> W) -> Option<T>
where
    W: Iterator<Item = (&'static str, T)>,
{
    let is_name = |known: &&str| CODE_MAX < known.chars().count();
    let same = words().find(|(known, _)| known.to_lowercase() == word.to_lowercase());
    let near = || {
        let near = nearest(word, words().map(|(known, _)| known).filter(is_name))?;
        words().find(|(known, _)| *known == near)
    };
    same.or_else(near).map(|(_, meant)| meant)
}

/// A holiday of a country: a line of the file.
struct Line {
    name: &'static str,
    /// One for every year, or one entry for each of [`years`].
    dates: &'static str,
    place: Place,
}

/// Where a line holds; regions by their codes, with commas between them.
enum Place {
    Everywhere,
    In(&'static str),
    NotIn(&'static str),
}

impl Line {
    fn parse(line: &'static str) -> Self {
        let (name, rest) = line.rsplit_once(": ").expect("a holiday and its dates");
        let not_in =
            rest.split_once(" not in ").map(|(dates, not_in)| (dates, Place::NotIn(not_in)));
        let only_in =
            || rest.split_once(" in ").map(|(dates, only_in)| (dates, Place::In(only_in)));
        let (dates, place) = not_in.or_else(only_in).unwrap_or((rest, Place::Everywhere));
        Self { name, dates, place }
    }

    fn is_for(&self, region: Option<&str>) -> bool {
        let names = |codes: &str| codes.split(", ").any(|code| Some(code) == region);
        match self.place {
            Place::Everywhere => true,
            Place::In(codes) => names(codes),
            Place::NotIn(codes) => !names(codes),
        }
    }

    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        let entries = years().zip(self.dates.split(' ').cycle());
        let entries = entries.filter(|(_, entry)| *entry != "-");
        entries.flat_map(|(year, entry)| entry.split(',').map(move |day| date(year, day)))
    }
}

fn date(year: i32, day: &str) -> NaiveDate {
    let day = day.split_once('-').and_then(|(month, day)| {
        NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
    });
    day.expect("a month and a day")
}

#[cfg(test)]
mod tests;
