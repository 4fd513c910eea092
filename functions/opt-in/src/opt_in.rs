//! Showing the form and taking it.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::{self, FieldMistake, OptInForm},
};
use domain::{Actor, Handbook, SessionTypeId};
use shell::{FormText, MaybeSource, Page, Problem, QueryText, Shell, Wish, practice_path};

use crate::form;

/// Shows the form on a page of its own.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(page(&shell, &handbook, &Typed::Address(&fields), &[], false))
}

/// Shows the form alone, for a frame on another site.
pub(crate) async fn show_embedded(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(page(&shell, &handbook, &Typed::Address(&fields), &[], true))
}

/// Takes the form: the visitor is on the list, and a letter leaves.
pub(crate) async fn send(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    MaybeSource(source): MaybeSource,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let asked = form::read(&shell, &handbook, &form, &page_of(&shell, &headers, &handbook));
    let (client, command) = match asked {
        Ok(asked) => asked,
        Err(mistakes) => {
            let page = page(&shell, &handbook, &Typed::Form(&form), &mistakes, false);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    // A form on another site has no key: each sending is a wish of its own.
    let id = form.key().unwrap_or_else(|_| shell.command_id());
    let source = source.map(|source| shell.links.word(&["source", &source.0]));
    let wish = Wish { practice, client, id, actor: Actor::Client, command, source };
    shell.handle(&wish).await?;
    Ok(Redirect::to(&Addresses::of(&wish.practice).thanks()).into_response())
}

/// What is in the form already.
enum Typed<'a> {
    /// What the address names: the kind of session and nothing else, so that no link fills in a
    /// person.
    Address(&'a FormText),
    /// Everything that was sent.
    Form(&'a FormText),
}

fn page(
    shell: &Shell,
    handbook: &Handbook,
    typed: &Typed<'_>,
    mistakes: &[FieldMistake],
    embedded: bool,
) -> Page {
    let fresh_key = shell.word();
    let fresh_stamp = form::stamp(shell, &handbook.practice.id);
    let (Typed::Address(fields) | Typed::Form(fields)) = *typed;
    let text = |field: &str| match typed {
        Typed::Address(_) => "",
        Typed::Form(form) => form.text(field),
    };
    // A form that comes back keeps its key and its first stamp.
    let or_fresh =
        |field: &str, fresh| if text(field).is_empty() { fresh } else { text(field).to_owned() };
    let (key, stamp) = (or_fresh("key", fresh_key), or_fresh("stamp", fresh_stamp));
    let session = SessionTypeId::parse(fields.text("session")).ok();
    let form = OptInForm {
        key: &key,
        stamp: &stamp,
        session: session.as_ref(),
        name: text("name"),
        email: text("email"),
        consent: text("consent") == "yes",
        mistakes,
        embedded,
    };
    Page(pages::opt_in(handbook, &form).into_string())
}

/// The site on which the form stood: our own page, or another origin.
fn page_of(shell: &Shell, headers: &HeaderMap, handbook: &Handbook) -> String {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_ours = origin == Some(&shell.origin);
    match origin {
        Some(origin) if !is_ours && origin != "null" && origin.len() <= 200 => origin.to_owned(),
        _ => Addresses::of(&handbook.practice.id).opt_in(),
    }
}
