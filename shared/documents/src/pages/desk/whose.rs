//! Whose calendar, where there are several.

use domain::{SessionType, StaffId};
use maud::{Markup, html};

use super::Desk;

/// Which calendar a form is about.
pub(super) fn whose(desk: &Desk<'_>, chosen: &StaffId) -> Markup {
    let calendars = &desk.handbook.calendars;
    html! {
        @if 1 < calendars.len() {
            label {
                "Whose calendar"
                select name="provider" {
                    @for calendar in calendars {
                        option value=(calendar.provider) selected[calendar.provider == *chosen] {
                            (name(desk, &calendar.provider))
                        }
                    }
                }
            }
        } @else { input type="hidden" name="provider" value=(chosen); }
    }
}

/// With whom a session is to be booked, if more than one could give it.
pub(super) fn with_whom(desk: &Desk<'_>, session: &SessionType, chosen: Option<&str>) -> Markup {
    let several: Vec<&StaffId> =
        session.parts.iter().filter(|part| 1 < part.len()).flatten().collect();
    html! {
        @if !several.is_empty() {
            label {
                "With"
                select name="with" {
                    option value="" { "whoever is free" }
                    @for id in several {
                        option value=(id) selected[Some(id.as_str()) == chosen] { (name(desk, id)) }
                    }
                }
            }
        }
    }
}

/// The name of a member of staff.
pub(super) fn name<'d>(desk: &Desk<'d>, id: &'d StaffId) -> &'d str {
    desk.handbook.staff(id).map_or(id.as_str(), |staff| staff.name.as_str())
}
