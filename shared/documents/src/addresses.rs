//! Every address of the house, written in one place: pages and letters ask here.
//!
//! Addresses are paths; a letter puts the house's own origin in front with [`Addresses::absolute`].
//! They carry opaque ids and signed links only, never a person's data.

use domain::{ClientId, PracticeId};

/// The addresses of one practice.
#[derive(Debug, Clone)]
pub struct Addresses {
    practice: PracticeId,
}

impl Addresses {
    /// The addresses of `practice`.
    pub fn of(practice: &PracticeId) -> Self {
        Self { practice: practice.clone() }
    }

    /// An address as a letter shows it; `origin` is such as `https://book.example.org`.
    pub fn absolute(origin: &str, path: &str) -> String {
        format!("{}{path}", origin.trim_end_matches('/'))
    }

    fn at(&self, rest: &str) -> String {
        format!("/{}{rest}", self.practice)
    }

    /// The opt-in page, and where its form is sent.
    pub fn opt_in(&self) -> String {
        self.at("")
    }

    /// The opt-in form alone, for other sites to embed.
    pub fn opt_in_embedded(&self) -> String {
        self.at("/form")
    }

    /// The script that embeds the form.
    pub fn embed_script(&self) -> String {
        self.at("/embed.js")
    }

    /// The page after opting in.
    pub fn thanks(&self) -> String {
        self.at("/thanks")
    }

    /// The stylesheet in the practice's colours.
    pub fn style(&self) -> String {
        self.at("/style.css")
    }

    /// The practice's policy.
    pub fn policy(&self) -> String {
        self.at("/policy")
    }

    /// Where somebody was when they stopped.
    pub fn resume(&self, link: &str) -> String {
        self.at(&format!("/resume/{link}"))
    }

    /// No more nudges.
    pub fn stop(&self, link: &str) -> String {
        self.at(&format!("/stop/{link}"))
    }

    /// The questionnaire, and where it is completed.
    pub fn questionnaire(&self, link: &str) -> String {
        self.at(&format!("/questionnaire/{link}"))
    }

    /// Where answers are saved as they go.
    pub fn questionnaire_save(&self, link: &str) -> String {
        self.at(&format!("/questionnaire/{link}/save"))
    }

    /// The script of the questionnaire.
    pub fn questionnaire_script(&self) -> String {
        self.at("/questionnaire.js")
    }

    /// The calendar: choosing times.
    pub fn calendar(&self, link: &str) -> String {
        self.at(&format!("/calendar/{link}"))
    }

    /// The chosen times in their order, and where they are sent.
    pub fn calendar_review(&self, link: &str) -> String {
        self.at(&format!("/calendar/{link}/review"))
    }

    /// Where wishes for the waiting list are sent.
    pub fn calendar_wishes(&self, link: &str) -> String {
        self.at(&format!("/calendar/{link}/wishes"))
    }

    /// The script of the calendar.
    pub fn calendar_script(&self) -> String {
        self.at("/calendar.js")
    }

    /// The appointment: change or cancel.
    pub fn appointment(&self, link: &str) -> String {
        self.at(&format!("/appointment/{link}"))
    }

    /// Where an appointment is cancelled.
    pub fn appointment_cancel(&self, link: &str) -> String {
        self.at(&format!("/appointment/{link}/cancel"))
    }

    /// Where a phone reads a calendar.
    pub fn phone_feed(&self, link: &str) -> String {
        self.at(&format!("/feed/{link}/calendar.ics"))
    }

    /// The handbook, and where a changed file of it is sent.
    pub fn desk_handbook(&self) -> String {
        self.at("/desk/handbook")
    }

    /// The desk's page of calendars that somebody else keeps.
    pub fn desk_others(&self) -> String {
        self.at("/desk/calendar/others")
    }

    /// The desk's page of the calendar on phones.
    pub fn desk_phone(&self) -> String {
        self.at("/desk/calendar/phone")
    }

    /// The desk's first page: today.
    pub fn desk(&self) -> String {
        self.at("/desk")
    }

    /// Signing in, and where the address is sent.
    pub fn desk_sign_in(&self) -> String {
        self.at("/desk/sign-in")
    }

    /// Where the code of a sign-in letter is sent.
    pub fn desk_sign_in_code(&self) -> String {
        self.at("/desk/sign-in/code")
    }

    /// The link of a sign-in letter.
    pub fn desk_sign_in_link(&self, link: &str) -> String {
        self.at(&format!("/desk/sign-in/{link}"))
    }

    /// Where a session ends.
    pub fn desk_sign_out(&self) -> String {
        self.at("/desk/sign-out")
    }

    /// One's own sessions, and where others are ended.
    pub fn desk_sessions(&self) -> String {
        self.at("/desk/sessions")
    }

    /// One day of the calendar, named by `day`; today without it.
    pub fn desk_calendar(&self) -> String {
        self.at("/desk/calendar")
    }

    /// All client files.
    pub fn desk_clients(&self) -> String {
        self.at("/desk/clients")
    }

    /// One client file.
    pub fn desk_client(&self, client: &ClientId) -> String {
        self.at(&format!("/desk/clients/{client}"))
    }

    /// Where something is done to a client file; `deed` is the last part of the address.
    pub fn desk_client_deed(&self, client: &ClientId, deed: &str) -> String {
        self.at(&format!("/desk/clients/{client}/{deed}"))
    }

    /// The answers as a PDF.
    pub fn desk_answers(&self, client: &ClientId) -> String {
        self.at(&format!("/desk/clients/{client}/answers.pdf"))
    }

    /// A request as the assistant's letter shows it.
    pub fn request(&self, link: &str) -> String {
        self.at(&format!("/request/{link}"))
    }

    /// Where a request is approved from the letter.
    pub fn request_approve(&self, link: &str) -> String {
        self.at(&format!("/request/{link}/approve"))
    }

    /// Where a request is declined from the letter.
    pub fn request_decline(&self, link: &str) -> String {
        self.at(&format!("/request/{link}/decline"))
    }
}
