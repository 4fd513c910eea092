//! A browser without a window: follows redirects, keeps cookies, sends forms.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use shell::Source;
use tower::ServiceExt as _;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    doors: Router,
    cookies: BTreeMap<String, String>,
    /// Where its requests come from, if the server in front of the house tells it.
    pub source: Option<String>,
}

/// What the house answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The last address.
    pub path: String,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body, as text.
    pub body: String,
    /// The body, as bytes.
    pub bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(doors: Router) -> Self {
        Self { doors, cookies: BTreeMap::new(), source: None }
    }

    /// Opens an address and follows where it leads.
    pub async fn get(&mut self, path: &str) -> Answered {
        self.follow(Method::GET, path, String::new()).await
    }

    /// Sends a form and follows where it leads.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.follow(Method::POST, path, encoded(fields)).await
    }

    /// Sends one request with these headers, and follows nothing.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answered {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header("host", "localhost:4040");
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(source) = &self.source {
            request = request.extension(Source(source.clone()));
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.doors.clone().oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie in ASCII"));
        }
        let bytes = body.collect().await.expect("a whole body").to_bytes().to_vec();
        Answered {
            status: parts.status,
            path: path.to_owned(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    async fn follow(&mut self, method: Method, path: &str, body: String) -> Answered {
        let own = [("sec-fetch-site", "same-origin")];
        let mut answered = self.send(method, path, &own, body).await;
        for _ in 0..5 {
            let Some(next) = answered.headers.get(header::LOCATION) else { return answered };
            let next = next.to_str().expect("an address in ASCII").to_owned();
            answered = self.send(Method::GET, &next, &own, String::new()).await;
        }
        panic!("{path} leads in circles");
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie has a value");
        assert!(name.starts_with("__Host-") && attributes.contains("HttpOnly"), "{cookie}");
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answered {
    /// Asserts the status, showing the page where it is another.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the status is all one wants")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, self.words());
        self
    }

    /// The value of the first field of that name.
    ///
    /// # Panics
    /// If the page has no such field.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let found = self.body.split_once(&marker).map(|(_, rest)| rest);
        let rest =
            found.unwrap_or_else(|| panic!("no field {name} on {}: {}", self.path, self.words()));
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// The values of every field of that name.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let marker = format!("name=\"{name}\" value=\"");
        let rests = self.body.split(&marker).skip(1);
        rests.filter_map(|rest| rest.split('"').next()).map(ToOwned::to_owned).collect()
    }

    /// What stands in the text area of that name, as a browser reads it: the first line break behind
    /// the tag is none of its words.
    ///
    /// # Panics
    /// If the page has no such text area.
    #[track_caller]
    pub fn textarea(&self, name: &str) -> String {
        let marker = format!("<textarea name=\"{name}\"");
        let (_, rest) = self.body.split_once(&marker).expect("a text area");
        let (_, rest) = rest.split_once('>').expect("the end of its tag");
        let (text, _) = rest.split_once("</textarea>").expect("its end");
        let text = text.strip_prefix('\n').unwrap_or(text);
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
        entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
    }

    /// The words of the page without its markup.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut is_tag = false;
        for c in self.body.chars() {
            match c {
                '<' => is_tag = true,
                '>' => {
                    is_tag = false;
                    words.push(' ');
                }
                _ if !is_tag => words.push(c),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Fields as a form sends them.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
        .collect();
    pairs.join("&")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
