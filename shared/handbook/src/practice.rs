//! `practice.toml`: its parts, and who the practice is.

use chrono::TimeDelta;
use domain::{
    Calendar, ClosedDays, Colour, Colours, EmailAddress, Practice, PracticeId, Rules, SessionType,
    Staff, Voice, WaitingList,
};

use crate::{
    Look, Mistake, Sources,
    calendars::{self, Common},
    document, holidays, hours, limits,
    prose::Form::{Line, Passage},
    reader::Reader,
    rules,
    session::{self, Around},
    staff, zone,
};

/// What `practice.toml` says. A part with a mistake in it is none.
#[derive(Debug, Default)]
pub(crate) struct Chapters {
    pub(crate) practice: Option<Practice>,
    pub(crate) colours: Option<Colours>,
    pub(crate) voice: Option<Voice>,
    pub(crate) staff: Option<Vec<Staff>>,
    pub(crate) calendars: Option<Vec<Calendar>>,
    pub(crate) sessions: Option<Vec<SessionType>>,
    pub(crate) rules: Option<Rules>,
    pub(crate) waiting_list: Option<WaitingList>,
}

const FILE: &str = "practice.toml";

pub(crate) fn read(sources: &Sources, look: Look, mistakes: &mut Vec<Mistake>) -> Chapters {
    let Some(text) = sources.text(FILE) else {
        let words = "this file is missing: everything else hangs on it";
        mistakes.push(Mistake::in_file(FILE, words));
        return Chapters::default();
    };
    let chapters = document::read(FILE, text, mistakes, |reader| {
        let practice = reader.table("practice", |reader| practice(reader, look));
        let colours = reader.table("colours", colours);
        let voice = reader.table("voice", voice);
        let (staff, own) = staff::read(reader).unzip();
        let common = common_hours(reader);
        let calendars =
            || Some(calendars::of(staff.as_deref()?, own.as_deref()?, common.as_ref()?));
        let calendars = calendars();
        let around = Around { staff: staff.as_deref(), calendars: calendars.as_deref(), sources };
        let sessions = session::read_all(reader, &around);
        let holds = sessions.iter().flatten().map(|session| session.hold);
        let rules = reader.table("rules", |reader| rules::read(reader, holds.min()));
        let waiting_list = reader.table_if_any("waiting_list", |reader| {
            let hours = reader.whole("hold_hours", 1..=168)?;
            Some(Some(WaitingList { hold: TimeDelta::hours(hours) }))
        });
        let waiting_list = waiting_list.flatten();
        Chapters { practice, colours, voice, staff, calendars, sessions, rules, waiting_list }
    });
    chapters.unwrap_or_default()
}

/// What is written about hours for everybody.
fn common_hours(reader: &mut Reader<'_>) -> Option<Common> {
    let hours = reader.table("hours", hours::openings);
    let overrides = hours::overrides(reader, "override");
    let closed = days_off(reader);
    let travels = hours::travels(reader, "travel");
    let limits = reader.table_if_any("limits", |reader| Some(limits::read(reader)));
    Some(Common {
        hours: hours?,
        overrides: overrides?,
        closed: closed?,
        travels: travels?,
        limits: limits?,
    })
}

/// The practice's own days off, whose words are found first, and the public holidays.
fn days_off(reader: &mut Reader<'_>) -> Option<Vec<ClosedDays>> {
    let own = hours::closed(reader, "closed");
    let holidays = holidays::read(reader);
    Some([own?, holidays?].concat())
}

/// What an id looks like, for a sentence.
pub(crate) const AN_ID: &str = "1 to 64 lower-case letters, digits or hyphens in quotes";

/// Ids that would hide a practice behind a page of the house's own.
const TAKEN_IDS: [&str; 1] = ["house"];

/// What the id of a practice looks like, for a sentence.
const A_PRACTICE_ID: &str = "1 to 64 lower-case letters, digits or hyphens in quotes, no hyphen first, other than \"house\"";

/// What an email address looks like, for a sentence.
pub(crate) const AN_ADDRESS: &str = "an email address like \"name@example.org\"";

fn practice(reader: &mut Reader<'_>, look: Look) -> Option<Practice> {
    let id = reader.parsed("id", A_PRACTICE_ID, |text| {
        // On a command line a hyphen at its beginning would make an option of it.
        let is_new_and_bad = look == Look::Closely && text.starts_with('-');
        let is_free = |id: &PracticeId| !is_new_and_bad && !TAKEN_IDS.contains(&id.as_str());
        PracticeId::parse(text).ok().filter(is_free)
    });
    let name = reader.text("name", Line(80));
    let tagline = reader.text("tagline", Line(150));
    let zone = zone::read(reader);
    let email = reader.parsed("email", AN_ADDRESS, |text| EmailAddress::parse(text).ok());
    let phone = reader.text_if_any("phone", Line(40));
    let address = reader.text("address", Line(300));
    Some(Practice {
        id: id?,
        name: name?,
        tagline: tagline?,
        zone: zone?,
        email: email?,
        phone,
        address: address?,
    })
}

/// What WCAG 2.2 asks of text at level AA.
const CONTRAST_MIN: f64 = 4.5;

/// What leaves the text on the pages, which is nearly black, easy to read.
const PAPER_CONTRAST_MIN: f64 = 12.0;

fn colours(reader: &mut Reader<'_>) -> Option<Colours> {
    let a_colour = "a colour like \"#1f5560\"";
    let accent = reader.parsed("accent", a_colour, Colour::parse);
    let paper = reader.parsed("paper", a_colour, Colour::parse);
    if let Some(paper) = paper
        && paper.contrast(Colour([0; 3])) < PAPER_CONTRAST_MIN
    {
        reader.mistake("paper", "`paper` is too dark to read on; choose a lighter colour");
        return None;
    }
    let accent = accent?;
    let backgrounds = [("white", Some(Colour([255; 3]))), ("`paper`", paper)];
    for (name, background) in backgrounds {
        let contrast = background.map(|background| accent.contrast(background));
        if let Some(contrast) = contrast.filter(|contrast| *contrast < CONTRAST_MIN) {
            let words = format!(
                "`accent` is too pale to read on {name}: its contrast is {:.1} to 1 and must be \
                 at least 4.5 to 1; choose a darker colour",
                (contrast * 10.0).floor() / 10.0
            );
            reader.mistake("accent", words);
            return None;
        }
    }
    Some(Colours { accent, paper: paper? })
}

fn voice(reader: &mut Reader<'_>) -> Option<Voice> {
    let opt_in_title = reader.text("opt_in_title", Line(120));
    let opt_in_lead = reader.text("opt_in_lead", Passage(1_000));
    let opt_in_button = reader.text("opt_in_button", Line(40));
    let consent = reader.text("consent", Passage(2_000));
    let thanks = reader.text("thanks", Passage(1_000));
    let calendar_lead = reader.text("calendar_lead", Passage(1_000));
    Some(Voice {
        opt_in_title: opt_in_title?,
        opt_in_lead: opt_in_lead?,
        opt_in_button: opt_in_button?,
        consent: consent?,
        thanks: thanks?,
        calendar_lead: calendar_lead?,
    })
}
