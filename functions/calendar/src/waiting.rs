//! The waiting list: coming onto it, leaving it, letting an offer pass.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc, Weekday};
use documents::{Addresses, pages::TypedWishes};
use domain::{Command, Listed, MinuteOfDay, ProposalId, Refusal, StaffId, TimeSpan, Wishes};
use shell::{FormText, Opened, Problem, Shell, sentence};

use crate::{
    choose::{self, PURPOSE, Wrong},
    view::{Look, View, want},
};

/// How many times are named that are open already.
const OPEN_MAX: usize = 6;

/// Does what one of the forms of the waiting list says.
pub(crate) async fn change(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (done, command) = if !form.text("pass").is_empty() {
        let proposal = ProposalId::parse(form.text("pass")).map_err(|_| Problem::NotFound)?;
        ("passed", Command::PassOffer { proposal })
    } else if !form.text("withdraw").is_empty() {
        ("withdrawn", Command::WithdrawWishes)
    } else {
        return leave_wishes(&shell, &opened, &link, &form).await;
    };
    shell.handle_for(&opened, form.key()?, command).await?;
    Ok(back(&opened, &link, done))
}

/// What the calendar says after one of these forms.
pub(crate) fn notice(done: &str) -> Option<&'static str> {
    match done {
        "listed" => Some("You are on the waiting list, further down on this page."),
        "passed" => Some("That time goes on to the next on the list. You stay on it."),
        "withdrawn" => Some("You are off the waiting list."),
        _ => None,
    }
}

fn back(opened: &Opened, link: &str, done: &str) -> Response {
    let here = Addresses::of(&opened.practice).calendar(link);
    Redirect::to(&format!("{here}?done={done}")).into_response()
}

/// Puts the client on the list; or shows the calendar again, with what they typed and why not.
async fn leave_wishes(
    shell: &Shell,
    opened: &Opened,
    link: &str,
    form: &FormText,
) -> Result<Response, Problem> {
    let problem = match wishes(form) {
        Ok(wishes) => {
            let command = Command::LeaveWishes { wishes: wishes.clone() };
            match shell.handle_for(opened, form.key()?, command).await {
                Ok(_) => return Ok(back(opened, link, "listed")),
                Err(Problem::Refused(Refusal::OpenAlready { start }, _)) => {
                    return open_already(shell, opened, link, (form, &wishes, start)).await;
                }
                Err(
                    problem @ Problem::Refused(Refusal::NoWishes { .. } | Refusal::NeverOpen, _),
                ) => problem,
                Err(problem) => return Err(problem),
            }
        }
        Err(problem) => problem,
    };
    let behind = shell.load(opened, &want(opened)).await?;
    let view = View::read(form, &behind.0, opened);
    let (status, words) = problem.about_form()?;
    let wrong = Wrong::Wishes(typed(form, &view, Some(words)));
    let page = choose::page(shell, opened, &behind, link, &view, wrong).await?;
    Ok((status, page).into_response())
}

/// The calendar, with the times named that the client need not wait for.
async fn open_already(
    shell: &Shell,
    opened: &Opened,
    link: &str,
    (form, wishes, start): (&FormText, &Wishes, DateTime<Utc>),
) -> Result<Response, Problem> {
    let behind = shell.load(opened, &want(opened)).await?;
    let mut view = View::read(form, &behind.0, opened);
    view.turn_to(start);
    let slots = Look::of(shell, opened, &behind, &view).slots(&view.range()).await?;
    let listed = Listed::new(wishes.clone(), opened.now);
    let passed = behind.0.listed().map(|listed| listed.passed.clone()).unwrap_or_default();
    let listed = Listed { passed, ..listed };
    let suits = slots.iter().filter(|slot| listed.suits(**slot)).map(|slot| slot.start);
    let suits: Vec<_> = suits.take(OPEN_MAX).collect();
    let wrong = if suits.is_empty() {
        let words =
            "A time that suits was open a moment ago, and is taken now. Please send it again.";
        Wrong::Wishes(typed(form, &view, Some(words.to_owned())))
    } else {
        Wrong::OpenAlready(suits, typed(form, &view, None))
    };
    let page = choose::page(shell, opened, &behind, link, &view, wrong).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// What was typed, to be shown again.
fn typed(form: &FormText, view: &View, wrong: Option<String>) -> TypedWishes {
    TypedWishes {
        days: form.all("weekday").filter_map(|day| day.parse().ok()).collect(),
        from: form.text("from").to_owned(),
        to: form.text("to").to_owned(),
        until: form.text("until").to_owned(),
        zone: view.zone,
        wrong,
    }
}

fn wishes(form: &FormText) -> Result<Wishes, Problem> {
    let unusable = |what: &str| Problem::Form(sentence(what));
    let named = form.all("weekday").map(str::parse::<Weekday>).collect::<Result<Vec<_>, _>>();
    let named = named.map_err(|_| unusable("please choose days of the week"))?;
    let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
    let time = |field: &str| {
        MinuteOfDay::parse(form.text(field))
            .ok_or_else(|| unusable("please write both hours on a 24-hour clock, like 09:00"))
    };
    Ok(Wishes {
        days: week.filter(|day| named.contains(day)).collect(),
        hours: TimeSpan { from: time("from")?, to: time("to")? },
        zone: form.text("zone").parse().map_err(|_| unusable("please name a time zone"))?,
        until: form
            .text("until")
            .parse()
            .map_err(|_| unusable("please say until which date you would like to wait"))?,
        with: StaffId::parse(form.text("with")).ok(),
    })
}
