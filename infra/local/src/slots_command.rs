//! The slot engine alone: times on offer for an input in the neutral JSON of a comparison, and what
//! they cost.

use std::{fs, io::Write as _, path::Path, time::Duration};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use domain::{
    AppointmentId, BookingWindow, Buffers, ClientId, DaySheet, DaySheets, Limits, MinuteOfDay,
    Opening, SessionTypeId, Slot, StaffId, Taken, TakenFor, TimeSpan, Timetable, offers,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::HouseProblem;

/// The largest input that is read, in bytes.
const INPUT_MAX: u64 = 16 * 1024 * 1024;

/// What is asked: the calendar of one provider, and what is taken of it.
#[derive(Deserialize)]
struct Input {
    timezone: String,
    range: WrittenSpan,
    weekly: Vec<WeeklyHours>,
    slot_minutes: u32,
    every_minutes: u32,
    buffer_before_minutes: u32,
    buffer_after_minutes: u32,
    min_notice_minutes: u32,
    busy: Vec<WrittenSpan>,
}

/// Two instants such as `2027-03-01T14:00:00Z`.
#[derive(Deserialize)]
struct WrittenSpan {
    start: String,
    end: String,
}

#[derive(Deserialize)]
struct WeeklyHours {
    /// 0 is Sunday.
    day: u8,
    start: String,
    end: String,
}

/// The figures of one input, printed as one line of JSON. Times are in milliseconds.
#[derive(Serialize)]
struct Figures {
    /// How many times are on offer.
    slots: usize,
    /// The first 16 hexadecimal digits of the SHA-256 of the starts, one in each line.
    sha: String,
    /// The first call of this process, by the wall clock.
    cold_first_call_ms: f64,
    /// How often the question was asked after that.
    iters: u32,
    /// Processor time of one call, on average; the system counts in steps of a few milliseconds.
    cpu_ms: f64,
    ms_min: f64,
    ms_p50: f64,
    ms_p99: f64,
    ops_s: f64,
}

/// Prints the figures of an input, or the starts themselves.
pub fn print_slots(input: &Path, iters: u32, list: bool) -> Result<(), HouseProblem> {
    let question = Question::read(input)?;
    let (cold, slots) = timed(|| question.answer());
    let starts: Vec<String> =
        slots.iter().map(|slot| slot.start.format("%Y-%m-%dT%H:%M:%SZ").to_string()).collect();
    let mut out = std::io::stdout().lock();
    if list {
        return writeln!(out, "{}", starts.join("\n")).map_err(HouseProblem::Server);
    }
    let figures = measure(&question, iters, cold, &starts);
    let line = serde_json::to_string(&figures)
        .map_err(|error| HouseProblem::Start(format!("cannot write the figures: {error}")))?;
    writeln!(out, "{line}").map_err(HouseProblem::Server)
}

/// An input, made ready to be asked again and again.
struct Question {
    zone: Tz,
    hours: Vec<Opening>,
    length: TimeDelta,
    every: TimeDelta,
    buffers: Buffers,
    notice: TimeDelta,
    window: BookingWindow,
    limits: Limits,
    sheets: DaySheets,
    provider: StaffId,
    session: SessionTypeId,
    asker: ClientId,
    range: Slot,
}

impl Question {
    fn read(path: &Path) -> Result<Self, HouseProblem> {
        let unusable =
            |why: String| HouseProblem::Start(format!("cannot use {}: {why}", path.display()));
        let size = fs::metadata(path).map_err(|error| unusable(error.to_string()))?.len();
        if INPUT_MAX < size {
            return Err(unusable(format!("it has {size} bytes, and at most {INPUT_MAX} are read")));
        }
        let text = fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
        let input: Input =
            serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
        Self::of(&input).map_err(unusable)
    }

    fn of(input: &Input) -> Result<Self, String> {
        let minutes = |count: u32| TimeDelta::minutes(count.into());
        if input.slot_minutes == 0 || input.every_minutes == 0 {
            return Err("`slot_minutes` and `every_minutes` must be at least 1".to_owned());
        }
        let range = input.range.read()?;
        let busy: Vec<Slot> = input.busy.iter().map(WrittenSpan::read).collect::<Result<_, _>>()?;
        let days = (range.end - range.start).num_days() + 2;
        let booking_days =
            u16::try_from(days).map_err(|_| "`range` is longer than 65,000 days".to_owned())?;
        let provider = name("provider", StaffId::parse)?;
        let session = name("session", SessionTypeId::parse)?;
        let buffers = Buffers {
            before: minutes(input.buffer_before_minutes),
            after: minutes(input.buffer_after_minutes),
        };
        Ok(Self {
            zone: input
                .timezone
                .parse()
                .map_err(|_| format!("`timezone`: {:?} is no time zone", input.timezone))?,
            hours: input.weekly.iter().map(opening).collect::<Result<_, _>>()?,
            length: minutes(input.slot_minutes),
            every: minutes(input.every_minutes),
            buffers,
            notice: minutes(input.min_notice_minutes),
            window: BookingWindow::Days(booking_days),
            limits: Limits::default(),
            sheets: sheets(&provider, &session, range, &busy),
            provider,
            session,
            asker: name("visitor", ClientId::parse)?,
            range,
        })
    }

    /// The times on offer, for somebody who looks when the range begins.
    fn answer(&self) -> Vec<Slot> {
        let timetable = Timetable {
            provider: &self.provider,
            session: &self.session,
            places: 1,
            zone: self.zone,
            hours: &self.hours,
            overrides: &[],
            closed: &[],
            length: self.length,
            every: self.every,
            buffers: self.buffers,
            notice: self.notice,
            window: &self.window,
            limits: &self.limits,
            travels: &[],
            session_hours: None,
            offset: TimeDelta::zero(),
        };
        let (now, range) = (self.range.start, self.range.start..self.range.end);
        offers(&timetable, &self.sheets, &self.asker, now, &range)
    }
}

impl WrittenSpan {
    fn read(&self) -> Result<Slot, String> {
        let instant = |text: &str| {
            text.parse::<DateTime<Utc>>().map_err(|_| format!("{text:?} is no instant"))
        };
        let (start, end) = (instant(&self.start)?, instant(&self.end)?);
        if end <= start {
            return Err(format!("{end} must be later than {start}"));
        }
        Ok(Slot { start, end })
    }
}

fn opening(written: &WeeklyHours) -> Result<Opening, String> {
    let minute = |text: &str| {
        MinuteOfDay::parse(text).ok_or_else(|| format!("`weekly`: {text:?} is no time of day"))
    };
    let day = written.day.checked_add(6).map(|day| day % 7).filter(|_| written.day < 7);
    let day = day.and_then(|day| Weekday::try_from(day).ok());
    Ok(Opening {
        day: day.ok_or_else(|| format!("`weekly`: day {} is none of 0 to 6", written.day))?,
        span: TimeSpan { from: minute(&written.start)?, to: minute(&written.end)? },
    })
}

/// The day sheets on which the busy times stand, as they would be loaded.
fn sheets(provider: &StaffId, session: &SessionTypeId, range: Slot, busy: &[Slot]) -> DaySheets {
    let no_buffers = Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() };
    let first = range.start.date_naive() - Days::new(2);
    let last = range.end.date_naive() + Days::new(2);
    let days = || first.iter_days().take_while(move |date| *date <= last);
    let (Ok(client), Ok(call)) = (ClientId::parse("somebody"), AppointmentId::parse("call")) else {
        unreachable!("both are names")
    };
    let empty = |date| DaySheet { provider: provider.clone(), date, version: 1, taken: vec![] };
    let mut found: std::collections::BTreeMap<NaiveDate, DaySheet> =
        days().map(|date| (date, empty(date))).collect();
    for slot in busy {
        let (client, session, id) = (client.clone(), session.clone(), call.clone());
        let what = TakenFor::Appointment { client, session, id };
        let provider = provider.clone();
        let taken = Taken { provider, slot: *slot, buffers: no_buffers, what };
        for day in slot.days(no_buffers) {
            if let Some(sheet) = found.get_mut(&day) {
                sheet.taken.push(taken.clone());
            }
        }
    }
    DaySheets::new(days().map(|date| (provider.clone(), date)), found.into_values().collect())
}

fn name<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, String> {
    parse(text).map_err(|_| format!("{text} is no name"))
}

fn measure(question: &Question, iters: u32, cold: Duration, starts: &[String]) -> Figures {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let before = processor_time();
    let mut walls: Vec<Duration> = (0..iters).map(|_| timed(|| question.answer()).0).collect();
    let total: Duration = walls.iter().sum();
    let used =
        processor_time().zip(before).map_or(total, |(after, before)| after.saturating_sub(before));
    walls.sort_unstable();
    let at = |share: usize| walls[(walls.len() - 1) * share / 100];
    Figures {
        slots: starts.len(),
        sha: hash(starts),
        cold_first_call_ms: milliseconds(cold),
        iters,
        cpu_ms: milliseconds(used) / f64::from(iters),
        ms_min: milliseconds(at(0)),
        ms_p50: milliseconds(at(50)),
        ms_p99: milliseconds(at(99)),
        ops_s: f64::from(iters) / total.as_secs_f64(),
    }
}

fn hash(starts: &[String]) -> String {
    hex::encode(&Sha256::digest(starts.join("\n"))[..8])
}

fn timed<R>(work: impl FnOnce() -> R) -> (Duration, R) {
    #[expect(clippy::disallowed_methods, reason = "what is measured here is time itself")]
    let start = std::time::Instant::now();
    let result = std::hint::black_box(work());
    (start.elapsed(), result)
}

/// What this thread has used of the processor, where the system tells (Linux).
fn processor_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
