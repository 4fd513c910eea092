//! The first page: somebody asks for a session.

use domain::{Approval, CalendarAfter, Handbook, SessionType, SessionTypeId};
use maud::{Markup, html};

use super::{
    layout::{Room, Sheet, plain, sheet},
    words::{span, times},
};
use crate::Addresses;

/// The opt-in form and what was typed into it so far.
pub struct OptInForm<'a> {
    /// Names this wish, so that sending it twice does one thing.
    pub key: &'a str,
    /// The signed time at which the form was shown.
    pub stamp: &'a str,
    /// The kind of session that is chosen, if one is.
    pub session: Option<&'a SessionTypeId>,
    /// The name as typed.
    pub name: &'a str,
    /// The address as typed.
    pub email: &'a str,
    /// Whether the consent is ticked.
    pub consent: bool,
    /// What is wrong with it.
    pub mistakes: &'a [FieldMistake],
    /// Whether it stands in a frame on another site.
    pub embedded: bool,
}

/// What is wrong with one field, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMistake {
    /// The name of its input: `session`, `name`, `email` or `consent`; `form` where it is the whole.
    pub field: &'static str,
    /// What, and what to do.
    pub words: String,
}

impl OptInForm<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        self.mistakes.iter().find(|mistake| mistake.field == field).map(|mistake| &*mistake.words)
    }
}

/// The opt-in page.
pub fn opt_in(handbook: &Handbook, form: &OptInForm<'_>) -> Markup {
    let voice = &handbook.voice;
    let (room, script) = if form.embedded {
        (Room::Framed, Some(Addresses::of(&handbook.practice.id).embed_script()))
    } else {
        (Room::Wide, None)
    };
    let main = html! {
        div.ask {
            div.intro {
                h1 { (voice.opt_in_title) }
                p.lead { (voice.opt_in_lead) }
            }
            (form_of(handbook, form))
            @if !form.embedded {
                div.next {
                    h2 { "What happens next" }
                    (steps(handbook, handbook.first_session()))
                }
            }
        }
    };
    let is_public = !form.embedded;
    sheet(handbook, Sheet { title: &voice.opt_in_title, room, script, is_public }, &main)
}

fn form_of(handbook: &Handbook, form: &OptInForm<'_>) -> Markup {
    let voice = &handbook.voice;
    let addresses = Addresses::of(&handbook.practice.id);
    let target = form.embedded.then_some("_top");
    html! {
        form.panel method="post" action=(addresses.opt_in()) target=[target] {
            (summary(form.mistakes))
            (which_session(handbook, form))
            (field(form, "name", "Your name", "name", "text", form.name))
            (field(form, "email", "Your email address", "email", "email", form.email))
            div.trap aria-hidden="true" {
                label for="website" { "Leave this empty" }
                input #website name="website" tabindex="-1" autocomplete="off";
            }
            div.consent {
                p #consent-words { (voice.consent) }
                @let mistake = form.mistake("consent");
                @let described = describedby(Some("consent-words"), "consent", mistake);
                (mistake_of("consent", mistake))
                label.tick {
                    input #consent type="checkbox" name="consent" value="yes" required checked[form.consent]
                        aria-describedby=[described] aria-invalid=[mistake.map(|_| "true")];
                    span { "Yes, I agree to this" }
                }
            }
            input type="hidden" name="key" value=(form.key);
            input type="hidden" name="stamp" value=(form.stamp);
            button { (voice.opt_in_button) }
            @let policy = addresses.policy();
            p.hint { "You need no account. " a href=(policy) target=[target] { "Our policy" } }
        }
    }
}

/// Which kind of session is asked for, where there are several.
fn which_session(handbook: &Handbook, form: &OptInForm<'_>) -> Markup {
    let first = &handbook.first_session().id;
    let chosen = form.session.unwrap_or(first);
    html! {
        @if 1 < handbook.public_sessions().count() {
            fieldset.sessions #session {
                legend { "What would you like to ask for?" }
                (mistake_of("session", form.mistake("session")))
                @for session in handbook.public_sessions() {
                    label.tick {
                        input type="radio" name="session" value=(session.id) required
                            checked[session.id == *chosen];
                        span { (session.name) " " small { (span(session.length)) } }
                    }
                }
            }
        } @else {
            input type="hidden" name="session" value=(first);
        }
    }
}

fn field(
    form: &OptInForm<'_>,
    name: &str,
    label: &str,
    autocomplete: &str,
    kind: &str,
    value: &str,
) -> Markup {
    let mistake = form.mistake(name);
    html! {
        div.field {
            label for=(name) { (label) }
            (mistake_of(name, mistake))
            input id=(name) name=(name) type=(kind) value=(value) required
                autocomplete=(autocomplete) maxlength=[(kind == "email").then_some("254")]
                aria-describedby=[describedby(None, name, mistake)]
                aria-invalid=[mistake.map(|_| "true")];
        }
    }
}

fn mistake_of(name: &str, mistake: Option<&str>) -> Markup {
    html! {
        @if let Some(words) = mistake { p.mistake id={ (name) "-mistake" } { (words) } }
    }
}

fn describedby(help: Option<&str>, name: &str, mistake: Option<&str>) -> Option<String> {
    let mistake = mistake.map(|_| format!("{name}-mistake"));
    match (help, mistake) {
        (Some(help), Some(mistake)) => Some(format!("{mistake} {help}")),
        (Some(help), None) => Some(help.to_owned()),
        (None, mistake) => mistake,
    }
}

fn summary(mistakes: &[FieldMistake]) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            div.summary role="alert" tabindex="-1" autofocus {
                p { strong { "Not sent yet. Please look at this again:" } }
                ul {
                    @for mistake in mistakes {
                        li {
                            @if mistake.field == "form" { (mistake.words) }
                            @else { a href={ "#" (mistake.field) } { (mistake.words) } }
                        }
                    }
                }
            }
        }
    }
}

/// What happens next, as the rules of this handbook have it.
fn steps(handbook: &Handbook, session: &SessionType) -> Markup {
    let choose = times(session.proposals_max);
    let calendar = match handbook.rules.calendar_after {
        CalendarAfter::Questionnaire => "Then the calendar opens to you.",
        CalendarAfter::Reading => "We read what you wrote; then the calendar opens to you.",
    };
    let confirmed = match handbook.rules.approval {
        Approval::Staff => format!(
            "We hold what you chose for {} and write to you within that time.",
            span(session.hold)
        ),
        Approval::Automatic => "The first of them that is still free is yours at once.".into(),
    };
    html! {
        ol.steps {
            li {
                strong { "A letter" }
                " It comes within minutes, with a link that is yours alone."
            }
            li {
                strong { "A few questions" }
                " Answer them in your own time, on any device. " (calendar)
            }
            li {
                strong { "Your times" }
                " You choose " @if 1 < session.proposals_max { "up to " } (choose) " that would suit you."
            }
            li { strong { "Confirmed" } " " (confirmed) }
        }
    }
}

/// The page after opting in; the same for everybody.
pub fn thanks(handbook: &Handbook) -> Markup {
    let main = html! {
        h1 { "Please look in your inbox" }
        p.lead { (handbook.voice.thanks) }
        section.next {
            h2 { "What happens next" }
            (steps(handbook, handbook.first_session()))
        }
    };
    plain(handbook, "Thank you", &main)
}

/// The policy in force.
pub fn policy(handbook: &Handbook, html_of_policy: &Markup) -> Markup {
    let main = html! {
        h1 { "Our policy" }
        div.prose { (html_of_policy) }
        p.hint { "Version " (handbook.version) }
    };
    plain(handbook, "Our policy", &main)
}

/// The script with which another site embeds the form in one line.
///
/// The embedded page runs it too: there it tells the other site how tall it is.
pub fn embed_script(handbook: &Handbook, origin: &str) -> String {
    let path = Addresses::of(&handbook.practice.id).opt_in_embedded();
    let title = format!("{}: {}", handbook.practice.name, handbook.voice.opt_in_title);
    include_str!("script/embed.js")
        .replace("ORIGIN", &in_quotes(origin.trim_end_matches('/')))
        .replace("PATH", &in_quotes(&path))
        .replace("TITLE", &in_quotes(&title))
}

/// A text as it may stand between the quotes of a script.
fn in_quotes(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || " -_./:".contains(c) {
            quoted.push(c);
        } else {
            quoted.extend(c.escape_unicode());
        }
    }
    quoted
}
