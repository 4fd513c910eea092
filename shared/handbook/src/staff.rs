//! `[[staff]]`: who works in the practice.

use domain::{EmailAddress, PersonName, Role, Staff, StaffId};

use crate::{
    calendars::{self, Own},
    practice::{AN_ADDRESS, AN_ID},
    reader::Reader,
};

const STAFF_MAX: usize = 20;

/// The staff, and what each has of a calendar of their own.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<(Vec<Staff>, Vec<Own>)> {
    let mut ids: Vec<StaffId> = Vec::new();
    let mut emails: Vec<String> = Vec::new();
    let read = reader.tables("staff", "staff", 1..=STAFF_MAX, |reader| {
        let id = reader.parsed("id", AN_ID, |text| StaffId::parse(text).ok());
        let name = reader
            .parsed("name", "a name of 1 to 100 characters", |text| PersonName::parse(text).ok());
        let email = reader.parsed("email", AN_ADDRESS, |text| EmailAddress::parse(text).ok());
        let roles = roles(reader);
        let own = calendars::own(reader, roles.as_deref());
        let (id, email) = (id?, email?);
        if ids.contains(&id) {
            reader.mistake("id", format!("two staff have the id \"{id}\"; give each their own"));
        }
        if emails.contains(&email.folded()) {
            reader.mistake("email", "two staff have this address; give each their own");
        }
        ids.push(id.clone());
        emails.push(email.folded());
        Some((Staff { id, name: name?, email, roles: roles? }, own?))
    })?;
    let (staff, own): (Vec<Staff>, Vec<Own>) = read.into_iter().unzip();
    if !staff.iter().any(|staff| staff.roles.contains(&Role::Owner)) {
        reader.mistake("staff", "nobody is the owner; add \"owner\" to the `roles` of one of them");
        return None;
    }
    Some((staff, own))
}

fn roles(reader: &mut Reader<'_>) -> Option<Vec<Role>> {
    let must_be = "\"owner\", \"assistant\" or \"provider\"";
    let entries = reader.list("roles", 1..=3, must_be, |value| match value.as_str() {
        Some("owner") => Some(Role::Owner),
        Some("assistant") => Some(Role::Assistant),
        Some("provider") => Some(Role::Provider),
        Some(_) | None => None,
    })?;
    let mut roles = Vec::new();
    for role in &entries {
        if roles.contains(role.get_ref()) {
            reader.mistake_at(role, "this role is written twice; delete one of the two");
        }
        roles.push(*role.get_ref());
    }
    Some(roles)
}
