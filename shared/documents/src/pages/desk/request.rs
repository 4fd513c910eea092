//! A request, as the link in the assistant's letter opens it.

use chrono::{DateTime, Utc};
use domain::{ClientFile, Handbook, Proposal, Staff, Stage};
use maud::{Markup, html};

use super::{
    Typed,
    deeds::{Answering, answer},
    frame::outside,
    words::moment,
};
use crate::{Addresses, place_of_zone};

/// A request, as the link in the assistant's letter opens it.
#[derive(Debug, Clone, Copy)]
pub struct RequestPage<'a> {
    /// The rules, and who the practice is.
    pub handbook: &'a Handbook,
    /// To whom the letter was written.
    pub staff: &'a Staff,
    /// Whose request it is.
    pub file: &'a ClientFile,
    /// The request.
    pub proposal: &'a Proposal,
    /// The signed part of the letter's link.
    pub link: &'a str,
    /// Names the wish that a form of this page makes, sent as `key`.
    pub key: &'a str,
    /// The moment at which the page is read.
    pub now: DateTime<Utc>,
}

/// The client's name and times, to approve or to decline; nothing else of the file.
pub fn request(page: &RequestPage<'_>) -> Markup {
    let RequestPage { handbook, file, proposal, now, .. } = *page;
    let zone = handbook.practice.zone;
    let addresses = Addresses::of(&handbook.practice.id);
    let main = html! {
        header class="head" {
            p class="hint" { "For " bdi { (page.staff.name.as_str()) } }
            h1 {
                bdi { (file.person.name.as_str()) }
                @if let Stage::Booked { .. } = &file.stage { " asks for another time" }
                @else { " asks for a time" }
            }
            @if 1 < handbook.sessions.len() { p class="hint" { (handbook.session(&proposal.session).name) } }
            p class="lead" {
                @if let Some(appointment) = file.appointment() {
                    "The call of " strong { (moment(appointment.slot.start, now, zone)) }
                    " stands until you approve another time. "
                }
                "Held until " strong { (moment(proposal.expires_at, now, zone)) } "."
            }
        }
        div class="card" {
            (answer(&Answering {
                handbook,
                file,
                proposal,
                zone,
                now,
                approve: addresses.request_approve(page.link),
                decline: addresses.request_decline(page.link),
                declined: Typed(None),
                hidden: html! { input type="hidden" name="key" value=(page.key); },
            }))
        }
        p class="hint" {
            "Times are " (place_of_zone(zone)) ", the first choice first. The answers are in "
            a href=(addresses.desk_client(&file.id)) { "the client file" } "."
        }
    };
    outside(handbook, "A request", &main)
}

/// What has become of a request, in one sentence.
pub fn request_answered(handbook: &Handbook, words: &str) -> Markup {
    let desk = Addresses::of(&handbook.practice.id).desk();
    let main = html! {
        header class="head" { h1 { "Request" } p class="lead" role="status" { (words) } }
        p { a href=(desk) { "Go to the desk" } }
    };
    outside(handbook, "A request", &main)
}
