//! What is taken, as an entry of a day sheet: a key, and one line of text.
//!
//! The key says who has taken it, and for a client from when to when. The line says the rest:
//!
//! ```text
//! a BEFORE AFTER APPOINTMENT for:SESSION       booked
//! h BEFORE AFTER UNTIL PROPOSAL for:SESSION    held until that second
//! b BEFORE AFTER START END                     kept free; behind a line break follows why
//! ```
//!
//! Buffers are minutes, instants whole seconds since the Unix epoch. What is added later stands
//! behind the fields of its letter, before any line break, as a word `name:value`, and has a
//! default: a reader passes over words that it does not know. Whoever does may take a time for more
//! taken than it is, never for less. What a word cannot say so gets a letter of its own: a letter
//! that is not known is an error, because what is not understood is never free.

use std::str::Split;

use domain::{
    AppointmentId, BlockId, Buffers, ClientId, ProposalId, Slot, StaffId, Taken, TakenFor,
};

use super::{
    Malformed, parsed,
    parts::{StoredBuffers, instant, note, session},
};

/// What the word begins with that names the kind of session.
const FOR: &str = "for:";

/// What the keys of blocks begin with.
const BLOCK: &str = "block.";

/// Under which name a sheet lists what a client has taken. A booked hour and a wish for fifty
/// minutes from the same start on are two things: giving one back leaves the other.
pub(crate) fn entry_key(taken: &Taken) -> String {
    let Slot { start, end } = taken.slot;
    match &taken.what {
        TakenFor::Hold { client, .. } | TakenFor::Appointment { client, .. } => {
            format!("{client}.{}.{}", start.timestamp(), end.timestamp())
        }
        TakenFor::Block { id, .. } => format!("{BLOCK}{id}"),
    }
}

/// What a sheet says of a taken time besides its key.
pub(crate) fn entry_line(taken: &Taken) -> String {
    let StoredBuffers(before, after) = taken.buffers.into();
    match &taken.what {
        TakenFor::Appointment { id, session, .. } => {
            format!("a {before} {after} {id} {FOR}{session}")
        }
        TakenFor::Hold { proposal, until, session, .. } => {
            format!("h {before} {after} {} {proposal} {FOR}{session}", until.timestamp())
        }
        TakenFor::Block { why, .. } => {
            let (start, end) = (taken.slot.start.timestamp(), taken.slot.end.timestamp());
            format!("b {before} {after} {start} {end}\n{}", why.as_str())
        }
    }
}

/// Reads an entry.
pub(super) fn read_entry(key: &str, line: &str, provider: &StaffId) -> Result<Taken, Malformed> {
    let (fields, why) = line.split_once('\n').unwrap_or((line, ""));
    let mut fields = Fields(fields.split(' '));
    let letter = fields.text("letter")?;
    let buffers = fields.buffers()?;
    let (slot, what) = match letter {
        "a" => {
            let (client, slot) = client_and_slot(key)?;
            let id = parsed("appointment", AppointmentId::parse(fields.text("appointment")?))?;
            let session = session(fields.word(FOR))?;
            (slot, TakenFor::Appointment { client, session, id })
        }
        "h" => {
            let (client, slot) = client_and_slot(key)?;
            let until = instant(fields.number("until")?)?;
            let proposal = parsed("proposal", ProposalId::parse(fields.text("proposal")?))?;
            let session = session(fields.word(FOR))?;
            (slot, TakenFor::Hold { client, session, proposal, until })
        }
        "b" => {
            let id = key.strip_prefix(BLOCK).ok_or(Malformed { what: "entry key" })?;
            let id = parsed("block", BlockId::parse(id))?;
            (fields.slot()?, TakenFor::Block { id, why: note(why)? })
        }
        _ => return Err(Malformed { what: "letter" }),
    };
    Ok(Taken { provider: provider.clone(), slot, buffers, what })
}

/// What the key of a client's entry says.
fn client_and_slot(key: &str) -> Result<(ClientId, Slot), Malformed> {
    let mut parts = Fields(key.split('.'));
    let client = parsed("client", ClientId::parse(parts.text("client")?))?;
    Ok((client, parts.slot()?))
}

/// The fields of a line, or the parts of a key, one after another.
struct Fields<'a>(Split<'a, char>);

impl<'a> Fields<'a> {
    fn text(&mut self, what: &'static str) -> Result<&'a str, Malformed> {
        self.0.next().ok_or(Malformed { what })
    }

    /// The word of this name among those that are left.
    fn word(&self, name: &str) -> Option<&'a str> {
        self.0.clone().find_map(|word| word.strip_prefix(name))
    }

    fn number(&mut self, what: &'static str) -> Result<i64, Malformed> {
        parsed(what, self.text(what)?.parse())
    }

    fn slot(&mut self) -> Result<Slot, Malformed> {
        let start = instant(self.number("start")?)?;
        Ok(Slot { start, end: instant(self.number("end")?)? })
    }

    fn buffers(&mut self) -> Result<Buffers, Malformed> {
        Ok(StoredBuffers(self.number("before")?, self.number("after")?).into())
    }
}
