//! Where somebody is signed in.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    words::moment,
};
use crate::Addresses;

/// One browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Its name, sent as `session`; not the secret of it.
    pub id: String,
    /// When it was signed in.
    pub since: DateTime<Utc>,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// Whether it is the one that reads this page.
    pub is_this: bool,
}

/// One's own sessions, with a button to end each of the others. The button for all of them
/// sends `others` as `session`.
pub fn sessions(desk: &Desk<'_>, sessions: &[SessionLine]) -> Markup {
    let zone = desk.handbook.practice.zone;
    let others = sessions.iter().filter(|session| !session.is_this).count();
    let main = html! {
        header class="head" {
            h1 { "Where you are signed in" }
            p class="hint" { bdi { (desk.staff.name.as_str()) } ", " (desk.staff.email.as_str()) }
        }
        form method="post" action=(Addresses::of(&desk.handbook.practice.id).desk_sessions()) {
            (tokens(desk))
            ul class="files sessions" role="list" {
                @for session in sessions {
                    @let since = moment(session.since, desk.now, zone);
                    li {
                        span { "Signed in " (since) }
                        span class="hint" { "until " (moment(session.until, desk.now, zone)) }
                        @if session.is_this {
                            span class="mark theirs" { "This browser" }
                        } @else {
                            button class="quiet" name="session" value=(session.id) {
                                "End" span class="sr" { " the session of " (since) }
                            }
                        }
                    }
                }
            }
            @if 1 < others {
                p { button class="quiet" name="session" value="others" { "End all the others" } }
            }
        }
        @if others == 0 { p class="empty" { "You are signed in nowhere else." } }
    };
    frame(desk, "Sessions", Tab::Elsewhere, &main)
}
