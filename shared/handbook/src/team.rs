//! `provider`, `providers` and `who` of a session: who gives it.

use domain::{Choice, Role, Staff, StaffId};
use toml::de::DeValue;

use crate::{
    mistake::{any_of, quoted},
    practice::AN_ID,
    reader::Reader,
};

/// One of each of these, and who says which one.
pub(crate) type Team = (Vec<Vec<StaffId>>, Choice);

const PROVIDERS_MAX: usize = 20;

/// How several providers share a kind of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Client,
    FairTurn,
    Together,
}

/// Reads who gives a session: one provider, or several and how they share it.
pub(crate) fn read(reader: &mut Reader<'_>, staff: Option<&[Staff]>) -> Option<Team> {
    if reader.is_list("provider") {
        let words =
            "`provider` is one; write `providers` for a list, and `who` below it: how they share";
        reader.mistake("provider", words);
        reader.pass_over(&["provider", "providers", "who"]);
        return None;
    }
    if !reader.has("providers") {
        if reader.has("who") {
            let words = "`who` goes with `providers`: a list of several in place of `provider`";
            reader.mistake("who", words);
        }
        let id = reader.parsed("provider", AN_ID, |text| StaffId::parse(text).ok())?;
        if let Some(words) = what_is_wrong(&id, staff) {
            reader.mistake("provider", format!("`provider`{words}"));
            return None;
        }
        return Some((vec![vec![id]], Choice::FairTurn));
    }
    if reader.has("provider") {
        let words = "`provider` and `providers` stand here together; delete one of the two";
        reader.mistake("provider", words);
    }
    if !reader.has("who") {
        let words = "`who` is missing: with \"client\" the client chooses one of them, with \"fair-turn\" \
                     they take turns, with \"together\" all of them come";
        reader.mistake("providers", words);
        return None;
    }
    let (who, named) = (who(reader), named(reader, staff));
    let (who, named) = (who?, named?);
    if who != Who::Together && named.iter().any(|entry| 1 < entry.len()) {
        let words = "`providers`: a list within the list means one of them, and goes with \
                     who = \"together\" only";
        reader.mistake("providers", words);
        return None;
    }
    let one_of_all = || vec![named.concat()];
    Some(match who {
        Who::Client => (one_of_all(), Choice::Client),
        Who::FairTurn => (one_of_all(), Choice::FairTurn),
        Who::Together => (named, Choice::FairTurn),
    })
}

fn who(reader: &mut Reader<'_>) -> Option<Who> {
    let words =
        [("client", Who::Client), ("fair-turn", Who::FairTurn), ("together", Who::Together)];
    reader.word("who", &words)
}

/// The entries of the list, each one provider or several of whom one is meant.
fn named(reader: &mut Reader<'_>, staff: Option<&[Staff]>) -> Option<Vec<Vec<StaffId>>> {
    let must_be = "ids of staff in quotes";
    let id = |value: &DeValue<'_>| StaffId::parse(value.as_str()?).ok();
    let entries = reader.list("providers", 1..=PROVIDERS_MAX, must_be, |value| {
        let Some(several) = value.as_array() else { return Some(vec![id(value)?]) };
        let ids = several.iter().map(|entry| id(entry.get_ref())).collect::<Option<Vec<_>>>();
        ids.filter(|ids| !ids.is_empty())
    })?;
    let mut known: Vec<&StaffId> = Vec::new();
    let mut is_good = true;
    for entry in &entries {
        for id in entry.get_ref() {
            let twice = known.contains(&id).then(|| format!(": \"{id}\" stands here twice"));
            if let Some(words) = twice.or_else(|| what_is_wrong(id, staff)) {
                reader.mistake_at(entry, format!("`providers`{words}"));
                is_good = false;
            }
            known.push(id);
        }
    }
    is_good.then(|| entries.into_iter().map(toml::Spanned::into_inner).collect())
}

/// What is wrong with a provider, as it goes on after the name of the key.
fn what_is_wrong(id: &StaffId, staff: Option<&[Staff]>) -> Option<String> {
    let staff = staff?;
    match staff.iter().find(|somebody| somebody.id == *id) {
        Some(somebody) if somebody.roles.contains(&Role::Provider) => None,
        Some(_) => Some(format!(": add \"provider\" to the `roles` of \"{id}\" above")),
        None => {
            let ids = any_of(staff.iter().map(|staff| quoted(staff.id.as_str())));
            Some(format!(" must be the id of one of the staff above: {ids}; here it is \"{id}\""))
        }
    }
}
