//! Wishes and places on the waiting list.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use domain::{Listed, MinuteOfDay, StaffId, TimeSpan, Wishes};
use serde::{Deserialize, Serialize};

use super::{
    Malformed, parsed,
    parts::{StoredProposal, instant, instants, seconds_all},
};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredWishes {
    /// Days of the week, as `Mon`.
    days: Vec<String>,
    /// From and to, in minutes of the day.
    hours: (u16, u16),
    zone: String,
    until: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    with: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredListed {
    wishes: StoredWishes,
    since: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offered: Option<StoredProposal>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passed: Vec<i64>,
    #[serde(default)]
    unanswered: u8,
}

impl From<&Wishes> for StoredWishes {
    fn from(wishes: &Wishes) -> Self {
        Self {
            days: wishes.days.iter().map(ToString::to_string).collect(),
            hours: (wishes.hours.from.get(), wishes.hours.to.get()),
            zone: wishes.zone.name().to_owned(),
            until: wishes.until.to_string(),
            with: wishes.with.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<StoredWishes> for Wishes {
    type Error = Malformed;

    fn try_from(stored: StoredWishes) -> Result<Self, Malformed> {
        let minute = |minutes: u16| {
            let text = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            MinuteOfDay::parse(&text).ok_or(Malformed { what: "hours" })
        };
        let days = stored.days.iter().map(|day| parsed("day", day.parse::<Weekday>()));
        let with = stored.with.map(|with| parsed("provider", StaffId::parse(&with)));
        Ok(Self {
            days: days.collect::<Result<_, _>>()?,
            hours: TimeSpan { from: minute(stored.hours.0)?, to: minute(stored.hours.1)? },
            zone: parsed("zone", stored.zone.parse::<Tz>())?,
            until: parsed("date", stored.until.parse::<NaiveDate>())?,
            with: with.transpose()?,
        })
    }
}

impl From<&Listed> for StoredListed {
    fn from(listed: &Listed) -> Self {
        Self {
            wishes: (&listed.wishes).into(),
            since: listed.since.timestamp(),
            offered: listed.offered.as_ref().map(StoredProposal::from),
            passed: seconds_all(&listed.passed),
            unanswered: listed.unanswered,
        }
    }
}

impl TryFrom<StoredListed> for Listed {
    type Error = Malformed;

    fn try_from(stored: StoredListed) -> Result<Self, Malformed> {
        let passed: Vec<DateTime<Utc>> = instants(stored.passed)?;
        Ok(Self {
            wishes: stored.wishes.try_into()?,
            since: instant(stored.since)?,
            offered: stored.offered.map(TryInto::try_into).transpose()?,
            passed,
            unanswered: stored.unanswered,
        })
    }
}
