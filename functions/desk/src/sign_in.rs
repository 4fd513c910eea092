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
use shell::{FormText, MaybeSource, Page, Problem, Proof, QueryText, Shell, practice_path};

use crate::session::{AtDesk, cookie, session_cookie, set_cookie};

const ASKED_SECONDS: u32 = 600;
const SESSION_SECONDS: u32 = 14 * 24 * 3_600;

/// Asks for an address.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(sign_in_page(&shell, &handbook, None, "", fields.text("to")))
}

/// Writes the letter, if the address belongs to the practice; the answer is the same if not.
pub(crate) async fn ask(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    MaybeSource(source): MaybeSource,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let (typed, to) = (form.text("email"), form.text("to"));
    let Ok(email) = EmailAddress::parse(typed) else {
        let words = "Please check the address: it should look like name@example.org.";
        let page = sign_in_page(&shell, &handbook, Some(words), typed, to);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let wish = form.key()?;
    let asked = shell.ask_to_sign_in(&handbook, &email, &wish, source.as_ref()).await?;
    let asked = Asked { id: asked.id, browser: asked.browser, to: to.to_owned() };
    let cookie = set_cookie(&asked_cookie(&practice), &asked.to_cookie(), ASKED_SECONDS);
    let sent = Redirect::to(&Addresses::of(&practice).desk_sign_in_code());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), sent).into_response())
}

/// The page after asking: look in the mailbox.
pub(crate) async fn sent(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(Page(desk::sign_in_sent(&handbook, None).into_string()))
}

/// Lets in the browser that asked, by the code of the letter.
pub(crate) async fn by_code(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let asked = Asked::of(&headers, &practice);
    let secret = match &asked {
        Some(Asked { id, .. }) => {
            shell.sign_in(&practice, id, Proof::Code(form.text("code"))).await?
        }
        None => None,
    };
    let Some(secret) = secret else {
        let words = "This code does not fit, or its time is over. Please look at the letter again.";
        let page = Page(desk::sign_in_sent(&handbook, Some(words)).into_string());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    Ok(let_in(&practice, &secret, asked.as_ref()))
}

/// Shows a button; reading the link signs nobody in, so that mail scanners may look.
pub(crate) async fn show_link(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Page, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let id = shell.read_sign_in_link(&practice, &link).ok_or(Problem::NotFound)?;
    let has_asked = Asked::of(&headers, &practice).is_some_and(|asked| asked.id == id);
    Ok(Page(desk::sign_in_confirm(&handbook, &link, !has_asked).into_string()))
}

/// Lets in by the link: the browser that asked at once, another one with the code.
pub(crate) async fn by_link(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let id = shell.read_sign_in_link(&practice, &link).ok_or(Problem::NotFound)?;
    let asked = Asked::of(&headers, &practice).filter(|asked| asked.id == id);
    let proof = match &asked {
        Some(asked) => Proof::Browser(&asked.browser),
        None => Proof::Code(form.text("code")),
    };
    let Some(secret) = shell.sign_in(&practice, &id, proof).await? else {
        let words = "This link was used already, its time is over, or the code does not fit. \
                     Please ask for a new one.";
        let page = sign_in_page(&shell, &handbook, Some(words), "", "");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    Ok(let_in(&practice, &secret, asked.as_ref()))
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

/// Lets in, and leads to where somebody wanted to go in the first place.
fn let_in(practice: &PracticeId, secret: &str, asked: Option<&Asked>) -> Response {
    let desk = Addresses::of(practice).desk();
    let to = asked.map_or("", |asked| &asked.to);
    let to = if is_page_of(&desk, to) { to } else { &desk };
    let cookies = AppendHeaders([
        (header::SET_COOKIE, set_cookie(&session_cookie(practice), secret, SESSION_SECONDS)),
        (header::SET_COOKIE, set_cookie(&asked_cookie(practice), "", 0)),
    ]);
    (cookies, Redirect::to(to)).into_response()
}

/// Whether a path leads to a page of this desk and nowhere else.
fn is_page_of(desk: &str, path: &str) -> bool {
    let rest = path.strip_prefix(desk);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && path.len() <= PATH_MAX
        && path.chars().all(is_plain)
        && !path.contains("..")
}

const PATH_MAX: usize = 200;

fn sign_in_page(
    shell: &Shell,
    handbook: &Handbook,
    mistake: Option<&str>,
    email: &str,
    to: &str,
) -> Page {
    let key = shell.word();
    Page(desk::sign_in(&SignIn { handbook, key: &key, mistake, email, to }).into_string())
}

fn asked_cookie(practice: &PracticeId) -> String {
    format!("__Host-asked-{practice}")
}

/// The sign-in that this browser asked for.
struct Asked {
    id: String,
    /// What proves that it was this browser.
    browser: String,
    /// The path that somebody wanted to see.
    to: String,
}

impl Asked {
    fn of(headers: &HeaderMap, practice: &PracticeId) -> Option<Self> {
        let value = cookie(headers, &asked_cookie(practice))?;
        let mut parts = value.splitn(3, '.').map(str::to_owned);
        let (id, browser) = (parts.next()?, parts.next()?);
        // The id becomes part of a key.
        let is_ours = id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric());
        is_ours.then(|| Self { id, browser, to: parts.next().unwrap_or_default() })
    }

    fn to_cookie(&self) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let to: String = self.to.chars().filter(|c| is_plain(*c)).take(PATH_MAX).collect();
        format!("{}.{}.{to}", self.id, self.browser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_pages_of_its_own_desk_only() {
        for good in ["/harbour/desk", "/harbour/desk/clients/abc/answers.pdf"] {
            assert!(is_page_of("/harbour/desk", good), "{good}");
        }
        for bad in [
            "",
            "/harbour",
            "/lantern/desk",
            "/harbour/desktop",
            "//evil.example/harbour/desk",
            "/harbour/desk/../../lantern/desk",
            "/harbour/desk?x=y",
            "https://evil.example",
        ] {
            assert!(!is_page_of("/harbour/desk", bad), "{bad}");
        }
    }
}
