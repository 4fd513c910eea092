//! What the form says: read into a wish, or every mistake in words.

use chrono::{DateTime, TimeDelta, Utc};
use documents::pages::FieldMistake;
use domain::{ClientId, Command, Consent, EmailAddress, Handbook, Person, PersonName, PracticeId};
use shell::{FormText, Shell, sentence};

/// Nobody types a name and an address faster than this.
const FILL_TIME_MIN: TimeDelta = TimeDelta::seconds(2);

/// The words of a hidden field: when the form was shown, signed.
pub(crate) fn stamp(shell: &Shell, practice: &PracticeId) -> String {
    let shown = shell.now().timestamp().to_string();
    let seal = shell.links.word(&["form", practice.as_str(), &shown]);
    format!("{shown}.{seal}")
}

/// Whether a form came back faster than a person can fill it in. A form that stands on another
/// site carries no stamp; the limits on mail are enough for it.
fn is_too_fast(shell: &Shell, practice: &PracticeId, stamp: &str) -> bool {
    let Some((shown, seal)) = stamp.split_once('.') else { return false };
    if !shell.links.is_word(&["form", practice.as_str(), shown], seal) {
        return true;
    }
    let shown_at =
        shown.parse().ok().and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
    shown_at.is_none_or(|shown_at| shell.now() - shown_at < FILL_TIME_MIN)
}

/// Whether the field that no person sees was filled in: by a machine, or by a browser that
/// completes forms. It comes back empty, so that a person has only to press again.
fn is_trapped(form: &FormText) -> bool {
    !form.text("website").is_empty()
}

/// The wish that the form makes, or every mistake in it.
pub(crate) fn read(
    shell: &Shell,
    handbook: &Handbook,
    form: &FormText,
    page: &str,
) -> Result<(ClientId, Command), Vec<FieldMistake>> {
    let practice = &handbook.practice.id;
    let mut mistakes = Vec::new();
    let mut wrong = |field, words: String| mistakes.push(FieldMistake { field, words });
    let name = PersonName::parse(form.text("name"))
        .map_err(|mistake| wrong("name", sentence(&mistake.to_string())))
        .ok();
    let email = EmailAddress::parse(form.text("email"))
        .map_err(|mistake| wrong("email", sentence(&mistake.to_string())))
        .ok();
    let session = match form.text("session") {
        "" => Some(&handbook.first_session().id),
        named => handbook.public_sessions().map(|one| &one.id).find(|id| id.as_str() == named),
    };
    if session.is_none() {
        wrong("session", "Please choose what you would like to ask for.".to_owned());
    }
    if form.text("consent") != "yes" {
        wrong("consent", "Please tick the box: without it we may not write to you.".to_owned());
    }
    if is_trapped(form) {
        let words = "Please press the button once more: a field that stays empty was filled in, \
                     perhaps by your browser.";
        wrong("form", words.to_owned());
    } else if is_too_fast(shell, practice, form.text("stamp")) {
        wrong("form", "That was very fast. Please press the button once more.".to_owned());
    }
    let (Some(name), Some(email), Some(session), true) =
        (name, email, session.cloned(), mistakes.is_empty())
    else {
        return Err(mistakes);
    };
    let client = shell.links.client(practice, &email);
    let consent = Consent {
        words: handbook.voice.consent.clone(),
        handbook: handbook.version.clone(),
        page: page.to_owned(),
    };
    let person = Person { name, email };
    Ok((client.clone(), Command::OptIn { client, session, person, consent }))
}
