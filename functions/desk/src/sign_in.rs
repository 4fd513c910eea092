//! Signing in by letter, and out.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use documents::{
    Addresses,
    pages::desk::{self, SignIn},
};
use domain::{EmailAddress, Handbook, PracticeId};
use shell::{FormText, Page, Problem, Proof, Shell, practice_path};

use crate::session::{AtDesk, cookie, session_cookie, set_cookie};

const ASKED_SECONDS: u32 = 600;
const SESSION_SECONDS: u32 = 14 * 24 * 3_600;

/// Asks for an address.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Page, Problem> {
    let handbook = shell.handbook(&practice_path(&practice)?).await?;
    Ok(sign_in_page(&shell, &handbook, None, ""))
}

/// Writes the letter, if the address belongs to the practice; the answer is the same if not.
pub(crate) async fn ask(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook(&practice).await?;
    let typed = form.text("email");
    let Ok(email) = EmailAddress::parse(typed) else {
        let words = "Please check the address: it should look like name@example.org.";
        let page = sign_in_page(&shell, &handbook, Some(words), typed);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let asked = shell.ask_to_sign_in(&handbook, &email).await?;
    let value = format!("{}.{}", asked.id, asked.browser);
    let cookie = set_cookie(&asked_cookie(&practice), &value, ASKED_SECONDS);
    let page = Page(desk::sign_in_sent(&handbook, &shell.word(), None).into_string());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), page).into_response())
}

/// Lets in the browser that asked, by the code of the letter.
pub(crate) async fn by_code(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook(&practice).await?;
    let asked = asked(&headers, &practice);
    let secret = match &asked {
        Some((id, _)) => shell.sign_in(&practice, id, Proof::Code(form.text("code"))).await?,
        None => None,
    };
    let Some(secret) = secret else {
        let words = "This code does not fit, or its time is over. Please look at the letter again.";
        let page = Page(desk::sign_in_sent(&handbook, &shell.word(), Some(words)).into_string());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    Ok(let_in(&practice, &secret))
}

/// Shows a button; reading the link signs nobody in, so that mail scanners may look.
pub(crate) async fn show_link(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Page, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook(&practice).await?;
    let id = shell.read_sign_in_link(&practice, &link).ok_or(Problem::NotFound)?;
    let has_asked = asked(&headers, &practice).is_some_and(|(asked, _)| asked == id);
    let key = shell.word();
    Ok(Page(desk::sign_in_confirm(&handbook, &link, &key, !has_asked).into_string()))
}

/// Lets in by the link: the browser that asked at once, another one with the code.
pub(crate) async fn by_link(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook(&practice).await?;
    let id = shell.read_sign_in_link(&practice, &link).ok_or(Problem::NotFound)?;
    let asked = asked(&headers, &practice).filter(|(asked, _)| *asked == id);
    let proof = match &asked {
        Some((_, browser)) => Proof::Browser(browser),
        None => Proof::Code(form.text("code")),
    };
    let Some(secret) = shell.sign_in(&practice, &id, proof).await? else {
        let words = "This link was used already, its time is over, or the code does not fit. \
                     Please ask for a new one.";
        let page = sign_in_page(&shell, &handbook, Some(words), "");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    Ok(let_in(&practice, &secret))
}

/// Ends this session.
pub(crate) async fn sign_out(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let practice = &at_desk.0.practice;
    shell.store.end_session(practice, &at_desk.0.session.id).await?;
    let cookie = set_cookie(&session_cookie(practice), "", 0);
    let to = Redirect::to(&Addresses::of(practice).desk_sign_in());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), to).into_response())
}

fn let_in(practice: &PracticeId, secret: &str) -> Response {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, set_cookie(&session_cookie(practice), secret, SESSION_SECONDS)),
        (header::SET_COOKIE, set_cookie(&asked_cookie(practice), "", 0)),
    ]);
    (cookies, Redirect::to(&Addresses::of(practice).desk())).into_response()
}

fn sign_in_page(shell: &Shell, handbook: &Handbook, mistake: Option<&str>, email: &str) -> Page {
    let key = shell.word();
    Page(desk::sign_in(&SignIn { handbook, key: &key, mistake, email }).into_string())
}

fn asked_cookie(practice: &PracticeId) -> String {
    format!("__Host-asked-{practice}")
}

/// The sign-in that this browser asked for, and its secret.
fn asked(headers: &HeaderMap, practice: &PracticeId) -> Option<(String, String)> {
    let value = cookie(headers, &asked_cookie(practice))?;
    let (id, browser) = value.split_once('.')?;
    Some((id.to_owned(), browser.to_owned()))
}
