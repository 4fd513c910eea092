//! When a session could start, whatever is taken.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::limits::Period;
use crate::{
    BookingWindow, Buffers, ClosedDays, DateOverride, Handbook, Limits, Opening, SessionHours,
    SessionType, SessionTypeId, Slot, StaffId, Travel, instant_of, local_date,
};

/// All that decides which times a calendar offers, besides what is taken.
#[derive(Debug, Clone, Copy)]
pub struct Timetable<'a> {
    /// Whose calendar it is.
    pub provider: &'a StaffId,
    /// What kind of session is sought.
    pub session: &'a SessionTypeId,
    /// How many clients can come to the same one.
    pub places: usize,
    /// The zone of the hours.
    pub zone: Tz,
    /// Days whose hours are those of another zone.
    pub travels: &'a [Travel],
    /// When the calendar is open, week by week.
    pub hours: &'a [Opening],
    /// Dates with hours of their own.
    pub overrides: &'a [DateOverride],
    /// Days on which it is not.
    pub closed: &'a [ClosedDays],
    /// The only hours for this kind of session, if it has its own.
    pub session_hours: Option<&'a SessionHours>,
    /// How much the calendar takes at most.
    pub limits: &'a Limits,
    /// How long a session lasts.
    pub length: TimeDelta,
    /// The step of the grid of starts.
    pub every: TimeDelta,
    /// How long after the round minute the grid begins.
    pub offset: TimeDelta,
    /// What is kept free around a session.
    pub buffers: Buffers,
    /// How long before it starts it can still be asked for.
    pub notice: TimeDelta,
    /// Which days can be booked.
    pub window: &'a BookingWindow,
}

impl<'a> Timetable<'a> {
    /// The timetable of a kind of session in one provider's calendar.
    pub fn of(handbook: &'a Handbook, session: &'a SessionType, provider: &'a StaffId) -> Self {
        let calendar = handbook.calendar(provider);
        Self {
            provider,
            session: &session.id,
            places: session.places,
            zone: handbook.practice.zone,
            travels: &calendar.travels,
            hours: &calendar.hours,
            overrides: &calendar.overrides,
            closed: &calendar.closed,
            session_hours: session.hours.as_ref(),
            limits: &calendar.limits,
            length: session.length,
            every: session.every,
            offset: session.offset,
            buffers: session.buffers,
            notice: session.notice,
            window: &session.window,
        }
    }

    /// The first and the last day that can be booked at `now`.
    pub fn open_days(&self, now: DateTime<Utc>) -> RangeInclusive<NaiveDate> {
        self.window.days(local_date(self.zone, now))
    }

    /// Every start on the grid within `range` that can be asked for at `now`, in seconds since the
    /// Unix epoch, in order.
    pub(super) fn starts(&self, now: DateTime<Utc>, range: &Range<DateTime<Utc>>) -> Vec<i64> {
        let open = self.open_days(now);
        // No end of a range is too far away: nothing is on offer two days past the last open one.
        let horizon = (*open.end() + Days::new(2)).and_time(NaiveTime::MIN);
        let end = range.end.min(instant_of(self.zone, horizon));
        let earliest = range.start.max(now + self.notice);
        if end <= earliest {
            return vec![];
        }
        // Days more on either side: a local day begins and ends on another UTC date than its own,
        // and on a journey, on another date than at home.
        let margin = Days::new(if self.travels.is_empty() { 1 } else { 2 });
        let first_day = (local_date(self.zone, earliest) - margin).max(*open.start());
        let last_day = (local_date(self.zone, end) + margin).min(*open.end());
        let within = next_second(earliest)..next_second(end);
        let mut starts = Vec::new();
        self.each_day(first_day..=last_day, |day| {
            for span in self.open_spans(&day) {
                starts.extend(self.grid(span).filter(|start| within.contains(start)));
            }
        });
        // Hours may be written in any order, and where clocks jump they may meet.
        if !starts.is_sorted() {
            starts.sort_unstable();
        }
        starts.dedup();
        starts
    }

    /// The UTC days whose sheets decide about sessions that start within `starts`.
    pub fn sheet_days(&self, starts: &RangeInclusive<DateTime<Utc>>) -> RangeInclusive<NaiveDate> {
        let first = Slot::of(*starts.start(), self.length).first_day(self.buffers);
        let last = Slot::of(*starts.end(), self.length).last_day(self.buffers);
        let Some(period) = self.limits.longest_period() else { return first..=last };
        // What counts against a limit is what starts on the local dates of its period.
        let counted = self.days_of(period, starts);
        first.min(*counted.start())..=last.max(*counted.end())
    }

    /// The UTC days on which something may lie that starts on the local dates of the periods around
    /// these starts.
    pub(super) fn days_of(
        &self,
        period: Period,
        starts: &RangeInclusive<DateTime<Utc>>,
    ) -> RangeInclusive<NaiveDate> {
        let first = *period.around(self.date_of(*starts.start())).start();
        let last = *period.around(self.date_of(*starts.end())).end();
        first.pred_opt().unwrap_or(first)..=last.succ_opt().unwrap_or(last)
    }
}

/// The first whole second at or after an instant.
fn next_second(at: DateTime<Utc>) -> i64 {
    at.timestamp() + i64::from(0 < at.timestamp_subsec_nanos())
}
