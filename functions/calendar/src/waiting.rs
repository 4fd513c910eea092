//! The waiting list: coming onto it, leaving it, letting an offer pass.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::Weekday;
use documents::Addresses;
use domain::{Command, MinuteOfDay, ProposalId, StaffId, TimeSpan, Wishes};
use shell::{FormText, Problem, Shell};

use crate::choose::PURPOSE;

/// Does what one of the forms of the waiting list says.
pub(crate) async fn change(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let command = if !form.text("pass").is_empty() {
        let proposal = ProposalId::parse(form.text("pass")).map_err(|_| Problem::NotFound)?;
        Command::PassOffer { proposal }
    } else if !form.text("withdraw").is_empty() {
        Command::WithdrawWishes
    } else {
        Command::LeaveWishes { wishes: wishes(&form)? }
    };
    shell.handle_for(&opened, form.key()?, command).await?;
    let here = Addresses::of(&opened.practice).calendar(&link);
    Ok(Redirect::to(&format!("{here}#waiting")).into_response())
}

fn wishes(form: &FormText) -> Result<Wishes, Problem> {
    let unusable = |what: &str| Problem::Form(format!("Please go back: {what}."));
    let named = form.all("weekday").map(str::parse::<Weekday>).collect::<Result<Vec<_>, _>>();
    let named = named.map_err(|_| unusable("choose days of the week"))?;
    let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
    let time = |field: &str| {
        MinuteOfDay::parse(form.text(field))
            .ok_or_else(|| unusable("write both hours on a 24-hour clock, like 09:00"))
    };
    Ok(Wishes {
        days: week.filter(|day| named.contains(day)).collect(),
        hours: TimeSpan { from: time("from")?, to: time("to")? },
        zone: form.text("zone").parse().map_err(|_| unusable("name a time zone"))?,
        until: form
            .text("until")
            .parse()
            .map_err(|_| unusable("say until which date you would like to wait"))?,
        with: StaffId::parse(form.text("with")).ok(),
    })
}
