//! The calendar on phones: addresses to subscribe to.

use chrono::{DateTime, Utc};
use domain::StaffId;
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    whose::whose,
    words::moment,
};
use crate::Addresses;

/// One address that a phone reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneLine {
    /// Its name, sent as `end`.
    pub id: String,
    /// The whole address.
    pub address: String,
    /// Whose calendar it shows, where there are several.
    pub of: Option<String>,
    /// Whether it names clients.
    pub names: bool,
    /// Who made it.
    pub by: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The addresses, each with a button that ends it, and a form for another one of `chosen`.
pub fn phone(desk: &Desk<'_>, lines: &[PhoneLine], chosen: &StaffId) -> Markup {
    let zone = desk.handbook.practice.zone;
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let action = addresses.desk_phone();
    let main = html! {
        header class="head" {
            h1 { "The calendar on your phone" }
            p class="lead" {
                "Add one of these addresses to your phone as a calendar subscription. It shows what is booked "
                "and kept free, and follows every change."
            }
            p class="hint" { "Whoever knows an address can read it. End it here if it gets into other hands." }
            nav class="links" aria-label="Where from" { a href=(addresses.desk_calendar()) { "Back to the calendar" } }
        }
        section {
            @for line in lines {
                div class="card" {
                    p {
                        strong { @if line.names { "With names" } @else { "Without names" } } " "
                        @if let Some(of) = &line.of { (of) " " }
                        span class="hint" { "made by " (line.by) ", " (moment(line.since, desk.now, zone)) }
                    }
                    label { "Address" input type="url" readonly value=(line.address); }
                    form method="post" action=(action) {
                        (tokens(desk))
                        button class="quiet" name="end" value=(line.id) { "End this address" }
                    }
                }
            }
        }
        section {
            h2 { "A new address" }
            form class="card" method="post" action=(action) {
                (tokens(desk))
                (whose(desk, chosen))
                p { "A phone shows titles on its locked screen." }
                button name="titles" value="neutral" { "Make one without names" }
                " "
                button class="quiet" name="titles" value="names" { "Make one with the clients' names" }
            }
        }
    };
    frame(desk, "Calendar on your phone", Tab::Calendar, &main)
}
