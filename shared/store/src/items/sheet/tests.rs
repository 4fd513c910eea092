//! What was written is read, in the shape of today and in the one before.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Buffers, Note, PracticeId, SessionTypeId, Slot};
use proptest::{collection::vec, prelude::*};
use serde_json::json;

use super::*;
use crate::{
    items::{entry_key, entry_line},
    keys::{number, text},
};

fn provider() -> StaffId {
    StaffId::parse("noor").unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn client(id: &str) -> ClientId {
    ClientId::parse(id).unwrap()
}

fn taken(from: i64, to: i64, (before, after): (i64, i64), what: TakenFor) -> Taken {
    let buffers = Buffers { before: TimeDelta::minutes(before), after: TimeDelta::minutes(after) };
    Taken { provider: provider(), slot: Slot { start: at(from), end: at(to) }, buffers, what }
}

/// What a session is called of which the name was not kept.
fn unnamed() -> SessionTypeId {
    session(None).unwrap()
}

fn appointment(who: &str, id: &str) -> TakenFor {
    let id = AppointmentId::parse(id).unwrap();
    TakenFor::Appointment { client: client(who), session: unnamed(), id }
}

fn hold(who: &str, id: &str, until: i64) -> TakenFor {
    let proposal = ProposalId::parse(id).unwrap();
    TakenFor::Hold { client: client(who), session: unnamed(), proposal, until: at(until) }
}

fn block(id: &str, why: &str) -> TakenFor {
    TakenFor::Block { id: BlockId::parse(id).unwrap(), why: Note::parse(why).unwrap() }
}

/// A sheet with these entries.
fn sheet(entries: impl IntoIterator<Item = (String, AttributeValue)>) -> Item {
    let day = (provider(), NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
    let mut item = Key::sheet(&PracticeId::parse("harbour").unwrap(), &day).item();
    item.insert("version".to_owned(), number(7));
    item.insert("taken".to_owned(), AttributeValue::M(entries.into_iter().collect()));
    item
}

fn line(key: &str, line: &str) -> (String, AttributeValue) {
    (key.to_owned(), text(line))
}

/// Entries as they were written before they were lines.
fn maps() -> impl Iterator<Item = (String, AttributeValue)> {
    let stored = json!({
        "ana.1795510800.1795513800": {
            "slot": [1_795_510_800, 1_795_513_800],
            "buffers": [10, 15],
            "client": "ana",
            "what": { "hold": { "proposal": "wish-1", "until": 1_795_597_200 } },
        },
        "ben.1795514400.1795517400": {
            "slot": [1_795_514_400, 1_795_517_400],
            "buffers": [0, 15],
            "client": "ben",
            "what": { "appointment": "call-1" },
        },
        "block.dentist": {
            "slot": [1_795_521_600, 1_795_525_200],
            "buffers": [0, 0],
            "what": { "block": { "id": "dentist", "why": "Teeth,\nboth sides" } },
        },
    });
    let stored: Item = serde_dynamo::to_item(stored).unwrap();
    stored.into_iter()
}

/// What they say.
fn said_by_maps() -> [Taken; 3] {
    [
        taken(1_795_510_800, 1_795_513_800, (10, 15), hold("ana", "wish-1", 1_795_597_200)),
        taken(1_795_514_400, 1_795_517_400, (0, 15), appointment("ben", "call-1")),
        taken(1_795_521_600, 1_795_525_200, (0, 0), block("dentist", "Teeth,\nboth sides")),
    ]
}

#[test]
fn every_kind_has_a_line_of_its_own() {
    let [held, booked, kept] = said_by_maps();
    for (taken, key, line) in [
        (held, "ana.1795510800.1795513800", "h 10 15 1795597200 wish-1 for:unnamed"),
        (booked, "ben.1795514400.1795517400", "a 0 15 call-1 for:unnamed"),
        (kept, "block.dentist", "b 0 0 1795521600 1795525200\nTeeth,\nboth sides"),
    ] {
        assert_eq!((entry_key(&taken).as_str(), entry_line(&taken).as_str()), (key, line));
    }
}

#[test]
fn a_sheet_of_before_is_read() {
    let read = read_sheet(sheet(maps())).unwrap();
    assert_eq!(read.taken, said_by_maps());
    assert_eq!((read.provider, read.version), (provider(), 7));
    assert_eq!(read.date.to_string(), "2026-11-24");
}

#[test]
fn a_sheet_may_have_entries_of_both_shapes() {
    let key = "ana.1795529100.1795532100";
    let read = read_sheet(sheet(maps().chain([line(key, "a 5 0 call-2")]))).unwrap();
    let [held, booked, kept] = said_by_maps();
    let new = taken(1_795_529_100, 1_795_532_100, (5, 0), appointment("ana", "call-2"));
    assert_eq!(read.taken, [held, new, booked, kept]);
}

#[test]
fn words_of_later_versions_are_passed_over() {
    let later = [
        line("ana.60.120", "a 5 0 call-2 t:group"),
        line("ben.60.120", "h 5 0 180 wish-1 t:group n:4"),
        line("block.rest", "b 0 0 60 120 c:blue\na t:hird word"),
    ];
    let expected = [
        taken(60, 120, (5, 0), appointment("ana", "call-2")),
        taken(60, 120, (5, 0), hold("ben", "wish-1", 180)),
        taken(60, 120, (0, 0), block("rest", "a t:hird word")),
    ];
    assert_eq!(read_sheet(sheet(later)).unwrap().taken, expected);
}

#[test]
fn what_is_not_understood_is_never_free() {
    for (key, text) in [
        ("ana.60.120", "x 5 0 call-2"),
        ("ana.60.120", "a 5 0"),
        ("ana.60.120", "a 5 zero call-2"),
        ("ana.60.120", "a 5 0 "),
        ("ana.60.120", "h 5 0 wish-1"),
        ("ana.60.120", ""),
        ("ana.60", "a 5 0 call-2"),
        ("Ana.60.120", "a 5 0 call-2"),
        ("ana.60.120", "b 0 0 60 120\nwhy"),
        ("block.rest", "b 0 0 60\nwhy"),
        ("block.rest", "a 0 0 call-2"),
    ] {
        let unreadable = read_sheet(sheet([line(key, text)]));
        assert!(matches!(unreadable, Err(StoreError::Unreadable { .. })), "{key}: {text}");
    }
}

#[test]
fn a_sheet_without_its_attributes_is_an_error() {
    for name in ["pk", "sk", "version", "taken"] {
        let mut item = sheet([]);
        item.remove(name);
        assert!(read_sheet(item).is_err(), "{name}");
    }
}

/// Texts of every kind, and more line breaks and blanks than most have.
fn notes() -> impl Strategy<Value = Note> {
    let characters = prop_oneof![any::<char>(), prop::sample::select(vec![' ', '\n', 'b', ':'])];
    vec(characters, 0..80).prop_map(|text| Note::parse(&String::from_iter(text)).unwrap())
}

fn ids() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(vec!['a', 'h', 'b', '-', '0', '9']);
    vec(letters, 1..=64).prop_map(String::from_iter)
}

fn whats() -> impl Strategy<Value = TakenFor> {
    prop_oneof![
        (ids(), ids()).prop_map(|(who, id)| appointment(&who, &id)),
        (ids(), ids(), instants()).prop_map(|(who, id, until)| hold(&who, &id, until)),
        (ids(), notes()).prop_map(|(id, why)| block(&id, why.as_str())),
    ]
}

fn instants() -> impl Strategy<Value = i64> {
    prop_oneof![-5_000_000_000..5_000_000_000_i64, 1_790_000_000..1_800_000_000_i64]
}

fn takens() -> impl Strategy<Value = Taken> {
    let buffers = (0..=240_i64, 0..=240_i64);
    (instants(), 0..200_000_i64, buffers, whats())
        .prop_map(|(start, length, buffers, what)| taken(start, start + length, buffers, what))
}

proptest! {
    #[test]
    fn what_is_written_is_read(written in vec(takens(), 0..8)) {
        let written: BTreeMap<String, Taken> =
            written.into_iter().map(|taken| (entry_key(&taken), taken)).collect();
        let entries = written.iter().map(|(key, taken)| (key.clone(), text(&entry_line(taken))));
        let read = read_sheet(sheet(entries)).unwrap();
        prop_assert_eq!(read.taken, written.into_values().collect::<Vec<_>>());
    }
}
