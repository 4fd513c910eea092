//! The one place where something that did not work out becomes a page.
//!
//! | what | status | what the reader should do |
//! |---|---|---|
//! | refused by the rules | 409 | choose differently |
//! | form of an earlier session | 403 | reload the page |
//! | link not known | 404 | open it again from the letter, whole |
//! | link expired | 410 | ask for a new one |
//! | form not readable | 422 | mend it |
//! | form too large | 413 | shorten it |
//! | sent from another site | 403 | send it from our page |
//! | not signed in | 303 | sign in |
//! | the practice is suspended | 403 | come back later |
//! | many at once | 503 | try again in a moment |
//! | our fault | 500 | try again later; nothing typed is lost |

use std::{error::Error, sync::Arc};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use documents::{
    Addresses,
    pages::{self, ProblemPage},
};
use domain::{Handbook, PracticeId, Refusal};
use store::StoreError;

use crate::BadLink;

/// A page that was made.
#[derive(Debug)]
pub struct Page(pub String);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        Html(self.0).into_response()
    }
}

/// Something that did not work out.
#[derive(Debug)]
pub enum Problem {
    /// The rules say no.
    Refused(Refusal, Arc<Handbook>),
    /// A link that does not open.
    Link(BadLink, Arc<Handbook>),
    /// There is nothing here.
    NotFound,
    /// The form cannot be read.
    Form(String),
    /// The form is larger than any of ours.
    TooLarge,
    /// The form was sent from somewhere else.
    OtherSite,
    /// Only for somebody signed in, who is led back to this path of the desk afterwards.
    SignIn(PracticeId, String),
    /// A form of an earlier session.
    OldForm,
    /// The practice's pages are closed for the moment.
    Suspended(Arc<Handbook>),
    /// Others were faster too often.
    Busy(Option<Arc<Handbook>>),
    /// Our fault; the chain of causes is for the log.
    Broken(Box<dyn Error + Send + Sync>),
}

impl Problem {
    /// The rules say no.
    pub fn refused(refusal: Refusal, handbook: &Arc<Handbook>) -> Self {
        Self::Refused(refusal, Arc::clone(handbook))
    }

    /// What whoever sent a form is told, where it is the form that is wrong: the page of the form
    /// says it, with everything still in it. Anything else is a problem as before.
    pub fn about_form(self) -> Result<(StatusCode, String), Self> {
        match self {
            Self::Refused(refusal, _) => Ok((StatusCode::CONFLICT, sentence(&refusal.to_string()))),
            Self::Form(words) => Ok((StatusCode::UNPROCESSABLE_ENTITY, words)),
            other @ (Self::Link(..)
            | Self::NotFound
            | Self::TooLarge
            | Self::OtherSite
            | Self::SignIn(..)
            | Self::OldForm
            | Self::Suspended(_)
            | Self::Busy(_)
            | Self::Broken(_)) => Err(other),
        }
    }

    /// Our fault.
    pub fn broken(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Broken(Box::new(error))
    }

    /// What happened, for the log: with every cause, and without the handbook that the page
    /// would need, which names people.
    pub fn for_the_log(&self) -> String {
        match self {
            Self::Refused(refusal, _) => format!("refused by the rules: {refusal}"),
            Self::Link(bad, _) => bad.to_string(),
            Self::NotFound => "there is nothing here".to_owned(),
            Self::Form(_) => "the form cannot be read".to_owned(),
            Self::TooLarge => "the form is too large".to_owned(),
            Self::OtherSite => "sent from another site".to_owned(),
            Self::SignIn(..) => "nobody is signed in".to_owned(),
            Self::OldForm => "a form of an earlier session".to_owned(),
            Self::Suspended(_) => "the practice is suspended".to_owned(),
            Self::Busy(_) => "others were faster too often".to_owned(),
            Self::Broken(error) => chain(&**error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::broken(error)
    }
}

/// What the reader is told.
struct Told {
    status: StatusCode,
    title: &'static str,
    words: String,
    handbook: Option<Arc<Handbook>>,
    /// Whether the practice's start page is a way on.
    leads_on: bool,
}

impl Told {
    fn new(status: StatusCode, title: &'static str, words: impl Into<String>) -> Self {
        Self { status, title, words: words.into(), handbook: None, leads_on: true }
    }

    fn by(self, handbook: Arc<Handbook>) -> Self {
        Self { handbook: Some(handbook), ..self }
    }
}

impl Problem {
    /// The answer to a script: the words alone, without a page around them.
    pub fn into_text(self) -> Response {
        let told = self.told();
        (told.status, told.words).into_response()
    }

    fn told(self) -> Told {
        match self {
            Self::SignIn(..) => {
                Told::new(StatusCode::UNAUTHORIZED, "Please sign in", "Please sign in again.")
            }
            Self::OldForm => Told::new(
                StatusCode::FORBIDDEN,
                "You have signed in anew since",
                "Please go back, copy what you wrote, reload the page and send it again.",
            ),
            Self::Broken(error) => {
                tracing::error!(error = chain(&*error), "a request failed: {}", chain(&*error));
                Told::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Something went wrong on our side",
                    "This is not your fault, and we have been told. Please try again in a few minutes; \
                     what you had saved is safe.",
                )
            }
            Self::Refused(refusal, handbook) => Told::new(
                StatusCode::CONFLICT,
                "This did not work out",
                sentence(&refusal.to_string()),
            )
            .by(handbook),
            Self::Link(bad, handbook) => link_told(bad).by(handbook),
            Self::NotFound => Told::new(
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "Please check the address.",
            ),
            Self::Form(words) => {
                Told::new(StatusCode::UNPROCESSABLE_ENTITY, "The form could not be read", words)
            }
            Self::TooLarge => Told::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "That is more than this form can take",
                "Please go back and shorten the longest answers.",
            ),
            Self::OtherSite => Told::new(
                StatusCode::FORBIDDEN,
                "This form was sent from another site",
                "Please open our page and send it from there.",
            ),
            Self::Suspended(handbook) => {
                // Not a failure of ours, which would wake somebody.
                let told = Told::new(
                    StatusCode::FORBIDDEN,
                    "These pages are closed for the moment",
                    "What was saved is safe, and your links go on where you were as soon as the pages \
                     are open again; a form that you sent just now has to be sent again then. What is \
                     booked stays booked.",
                );
                Told { leads_on: false, ..told.by(handbook) }
            }
            Self::Busy(handbook) => {
                let told = Told::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Many people at once",
                    "Please go back and send it again in a moment; nothing has been changed.",
                );
                Told { handbook, ..told }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::SignIn(practice, back_to) = &self {
            let sign_in = Addresses::of(practice).desk_sign_in();
            return Redirect::to(&format!("{sign_in}?to={back_to}")).into_response();
        }
        self.told().into_response()
    }
}

fn link_told(bad: BadLink) -> Told {
    match bad {
        BadLink::Unknown => Told::new(
            StatusCode::NOT_FOUND,
            "This link does not open anything",
            "Please open it again from the letter; it may have been cut off on the way.",
        ),
        BadLink::Expired => Told::new(
            StatusCode::GONE,
            "This link has expired",
            "Ask once more with the same address: we send you a new link to where you were.",
        ),
    }
}

/// A clause as a sentence: with a capital and a full stop.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let for_visitors = self.handbook.iter().filter(|_| self.leads_on).map(|handbook| {
            let words = format!("{} – start page", handbook.practice.name);
            (words, Addresses::of(&handbook.practice.id).opt_in())
        });
        let next = for_visitors.collect();
        let page = ProblemPage { title: self.title, words: &self.words, next };
        let html = pages::problem(self.handbook.as_deref(), &page).into_string();
        let mut response = (self.status, Html(html)).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// An error and all its causes, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
