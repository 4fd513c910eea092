//! What the address of the calendar says: which zone, from which day, which times.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use documents::pages::CalendarPurpose;
use domain::{
    ClientFile, DaySheets, Handbook, Slot, Stage, Timetable, instant_of, local_date, offers,
};
use shell::{FormText, Opened, Problem, Shell, form_instant};

/// How many days one page shows.
pub(crate) const DAYS: u64 = 14;

/// How many chosen times are read from an address; more than any practice holds.
const CHOSEN_MAX: usize = 12;

/// What somebody looks at.
pub(crate) struct View {
    pub(crate) zone: Tz,
    pub(crate) from: NaiveDate,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// In order of preference.
    pub(crate) chosen: Vec<DateTime<Utc>>,
}

impl View {
    /// Reads the fields of an address or a form. What cannot be read falls back to what is usual.
    pub(crate) fn read(fields: &FormText, file: &ClientFile, opened: &Opened) -> Self {
        let handbook = &opened.handbook;
        let named = fields.text("zone").parse().ok();
        let zone = named.or(file.zone).unwrap_or(handbook.practice.zone);
        let open_days = Timetable::of(handbook).open_days(opened.now);
        let first = local_date(zone, opened.now + handbook.session.notice).max(*open_days.start());
        // Somewhere on earth the last day has begun already, and somewhere it ends later.
        let last = *open_days.end() + Days::new(1);
        let from = fields.text("from").parse().unwrap_or(first).clamp(first, last.max(first));
        Self { zone, from, first, last, chosen: chosen(fields) }
    }

    /// The instants that this page shows.
    pub(crate) fn range(&self) -> Range<DateTime<Utc>> {
        let midnight = |date: NaiveDate| instant_of(self.zone, date.and_time(NaiveTime::MIN));
        midnight(self.from)..midnight(self.from + Days::new(DAYS))
    }

    pub(crate) fn earlier(&self) -> Option<NaiveDate> {
        (self.first < self.from).then(|| (self.from - Days::new(DAYS)).max(self.first))
    }

    pub(crate) fn later(&self) -> Option<NaiveDate> {
        let next = self.from + Days::new(DAYS);
        (next <= self.last).then_some(next)
    }
}

/// The ticked times: those with an order in it, the others after them.
fn chosen(fields: &FormText) -> Vec<DateTime<Utc>> {
    let ticked: Vec<_> = fields.all("t").take(CHOSEN_MAX).filter_map(form_instant).collect();
    let ordered = fields.text("order").split(',').take(CHOSEN_MAX).filter_map(form_instant);
    let mut chosen: Vec<DateTime<Utc>> = Vec::new();
    for start in ordered.filter(|start| ticked.contains(start)).chain(ticked.iter().copied()) {
        if !chosen.contains(&start) {
            chosen.push(start);
        }
    }
    chosen
}

/// Why the client is at the calendar.
pub(crate) fn purpose(file: &ClientFile) -> CalendarPurpose<'_> {
    match &file.stage {
        Stage::Asked(proposal) => CalendarPurpose::Replace(proposal),
        Stage::Booked { appointment, .. } => CalendarPurpose::Move(appointment),
        Stage::Choosing { invitation: domain::Invitation::First, .. }
        | Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Closed { .. } => CalendarPurpose::First,
        Stage::Choosing { invitation, .. } => CalendarPurpose::Again(*invitation),
    }
}

/// The times on offer within a range, and the sheets they were read from.
pub(crate) async fn slots(
    shell: &Shell,
    opened: &Opened,
    range: &Range<DateTime<Utc>>,
) -> Result<Vec<Slot>, Problem> {
    let handbook: &Handbook = &opened.handbook;
    let timetable = Timetable::of(handbook);
    let days = timetable.sheet_days(&(range.start..=range.end));
    let sheets: DaySheets = shell.store.sheets(&opened.practice, timetable.provider, days).await?;
    Ok(offers(&timetable, &sheets, &opened.client, opened.now, range))
}
