//! What staff do to a file, each with one press.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{Addresses, pages::desk::SentBack};
use domain::{
    Actor, AppointmentId, ClientId, Command, Handbook, Note, Outcome, ProposalId, StaffId,
};
use shell::{FormText, Problem, Shell, Wish, form_instant, sentence};

use crate::{
    clients::{self, session_named},
    local_start,
    session::{After, AtDesk},
};

/// Carries out the deed that the address names.
pub(crate) async fn carry_out(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    Path((_, client, deed)): Path<(String, String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let client = ClientId::parse(&client).map_err(|_| Problem::NotFound)?;
    let done = match grant(&shell, &at_desk, &client, &deed, &form).await {
        Ok(true) => deed.as_str(),
        Ok(false) => "nothing",
        Err(problem) => {
            let (status, words) = problem.about_form()?;
            let fields = form.into_fields();
            let sent_back = Some(SentBack { form: &deed, fields: &fields, words: &words });
            let after = After { sent_back, notice: None };
            let page = clients::page(&shell, &at_desk, &client, after).await?;
            return Ok((status, page).into_response());
        }
    };
    let addresses = Addresses::of(&at_desk.0.practice);
    let back = match deed.as_str() {
        "approve" | "decline" | "outcome" => addresses.desk(),
        _ => addresses.desk_client(&client),
    };
    Ok(Redirect::to(&format!("{back}?done={done}")).into_response())
}

/// Carries a deed out; answers whether it has changed anything.
async fn grant(
    shell: &Shell,
    at_desk: &AtDesk,
    client: &ClientId,
    deed: &str,
    form: &FormText,
) -> Result<bool, Problem> {
    let wish = Wish {
        practice: at_desk.0.practice.clone(),
        client: client.clone(),
        id: form.key_for(deed)?,
        actor: Actor::Staff(at_desk.0.staff.id.clone()),
        command: command(deed, form, &at_desk.0.handbook)?,
        source: None,
    };
    Ok(!shell.handle(&wish).await?.events.is_empty())
}

/// The command that a deed's form makes; local times are the practice's.
fn command(deed: &str, form: &FormText, handbook: &Handbook) -> Result<Command, Problem> {
    let note = || {
        Note::parse(form.text("note")).map_err(|error| Problem::Form(sentence(&error.to_string())))
    };
    let appointment = || {
        AppointmentId::parse(form.text("appointment"))
            .map_err(|_| unreadable("which call is missing"))
    };
    Ok(match deed {
        "approve" => Command::ApproveTime {
            proposal: proposal(form)?,
            start: form_instant(form.text("start"))
                .ok_or_else(|| unreadable("the time is missing"))?,
        },
        "decline" => Command::DeclineTimes { proposal: proposal(form)?, note: note()? },
        "book" => Command::BookTime {
            start: local_start::read(form, ("date", "time"), handbook.practice.zone)?,
            with: StaffId::parse(form.text("with")).ok(),
            despite: note()?,
        },
        "cancel" => Command::CancelAppointment { appointment: appointment()?, note: note()? },
        "outcome" => {
            Command::RecordOutcome { appointment: appointment()?, outcome: outcome(form)? }
        }
        "open-calendar" => Command::OpenCalendar,
        "invite-again" => Command::InviteAgain,
        "invite-to" => {
            Command::InviteTo { session: session_named(form.text("session"), handbook)? }
        }
        "close" => Command::CloseFile { note: note()? },
        "settle-letters" => Command::SettleLetters,
        _ => return Err(Problem::NotFound),
    })
}

/// What is said once a deed is done.
pub(crate) fn notice(deed: &str) -> Option<&'static str> {
    Some(match deed {
        "approve" | "book" => "The time is booked, and the confirmation is on its way.",
        "decline" => "The client is told.",
        "add" => "The file is open, and the letter with the questionnaire is on its way.",
        "cancel" => "The appointment is cancelled, and the client is told.",
        "outcome" => "Noted. The letter that belongs to it is on its way.",
        "open-calendar" => "The calendar is open, and the invitation is on its way.",
        "invite-again" => "The invitation is on its way once more.",
        "invite-to" => "The client is invited, and the letter is on its way.",
        "close" => "The file is closed.",
        "settle-letters" => "Settled.",
        "handbook" => "The new version is in force.",
        "nothing" => "It was so already; nothing has changed.",
        "added-before" => {
            "They have a file already; a letter leads them on from where they are. To another session you can invite them here."
        }
        "keep-free" => "Kept free.",
        "give-back" => "Given back.",
        _ => return None,
    })
}

fn proposal(form: &FormText) -> Result<ProposalId, Problem> {
    ProposalId::parse(form.text("proposal")).map_err(|_| unreadable("which request is missing"))
}

fn outcome(form: &FormText) -> Result<Outcome, Problem> {
    match form.text("outcome") {
        "held" => Ok(Outcome::Held),
        "no-show" => Ok(Outcome::NoShow),
        _ => Err(unreadable("how the call went is missing")),
    }
}

fn unreadable(what: &str) -> Problem {
    Problem::Form(format!("Please reload the page and try again: {what}."))
}
