//! Every way in which a feed can come, or be kept out.

mod peer;
mod server;

use std::{
    error::Error,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use domain::FeedAddress;
use tokio::time::Instant;

use super::*;
use server::{Authority, Script, Village};

const HOST: &str = "calendar.example.org";
const SECRET: &str = "private-5e77";
const PUBLIC: [IpAddr; 2] = [
    IpAddr::V4(std::net::Ipv4Addr::new(142, 250, 185, 78)),
    IpAddr::V6(std::net::Ipv6Addr::new(0x2a00, 0x1450, 0x4001, 0, 0, 0, 0, 0x200e)),
];
const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

/// A visit: the feed is fetched once, and then one can look at who was asked what.
struct Visit {
    outcome: Result<Fetched, FetchError>,
    village: Arc<Village>,
    took: Duration,
}

fn address() -> FeedAddress {
    FeedAddress::parse(&format!("webcal://{HOST}/ical/{SECRET}/basic.ics?key={SECRET}")).unwrap()
}

/// A village whose one server proves to be who it is, and does this.
fn village(authority: &Authority, script: Script) -> Village {
    Village {
        addresses: PUBLIC.to_vec(),
        awake: PUBLIC.to_vec(),
        tls: authority.server(HOST, 4000),
        script,
        look_ups: Mutex::default(),
        connections: Mutex::default(),
        requests: Arc::default(),
        taken: Arc::default(),
    }
}

async fn visit(authority: &Authority, village: Village, known: Option<&ETag>) -> Visit {
    let village = Arc::new(village);
    let network: Arc<dyn Network> = village.clone();
    let fetcher = FeedFetcher::on(network, {
        let roots = authority.roots();
        move || roots
    });
    let begin = Instant::now();
    let outcome = fetcher.fetch(&address(), known).await;
    if let Err(error) = &outcome {
        keeps_the_secret(error);
    }
    Visit { outcome, village, took: begin.elapsed() }
}

async fn after(script: Script) -> Visit {
    let authority = Authority::new();
    visit(&authority, village(&authority, script), None).await
}

/// Whatever an error says, on any level, the private part of the address is not in it.
fn keeps_the_secret(error: &FetchError) {
    let said = format!("{error} {error:?} {}", crate::problem::chain(error));
    assert!(said.contains(HOST), "{said}");
    assert!(!said.contains(SECRET) && !error.to_string().contains("142.250"), "{said}");
}

fn answer(head: &str, body: &str) -> Script {
    Script::Answer(format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes())
}

/// Whether what came, or why nothing came, reads like this.
#[track_caller]
fn check(visit: &Visit, expected: &str) {
    let said = match &visit.outcome {
        Ok(fetched) => format!("{fetched:?}"),
        Err(error) => error.to_string(),
    };
    assert_eq!(said, expected);
}

#[tokio::test(start_paused = true)]
async fn a_feed_comes_with_its_tag() {
    let visit = after(answer(
        "200 OK\r\nContent-Type: Text/Calendar; charset=utf-8\r\nContent-Length: 45\r\nETag: \"v7\"",
        CALENDAR,
    ))
    .await;
    let expected = Fetched::New { body: CALENDAR.into(), etag: ETag::parse("\"v7\"") };
    assert!(visit.outcome.is_ok_and(|fetched| fetched == expected));
    let requests = visit.village.requests.lock().unwrap();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    assert!(
        request.starts_with(&format!("GET /ical/{SECRET}/basic.ics?key={SECRET} HTTP/1.1\r\n"))
    );
    for header in [
        "host: calendar.example.org",
        "accept: text/calendar",
        "accept-encoding: identity",
        "connection: close",
    ] {
        assert!(request.contains(&format!("\r\n{header}\r\n")), "{request}");
    }
    assert!(!request.contains("if-none-match"), "{request}");
}

#[tokio::test(start_paused = true)]
async fn a_feed_comes_in_pieces_or_until_the_end() {
    let head = "200 OK\r\nContent-Type: text/calendar\r\nContent-Encoding: identity";
    let chunked = format!("{head}\r\nTransfer-Encoding: chunked");
    check(&after(answer(&chunked, "3\r\nBEG\r\n2;x=y\r\nIN\r\n0\r\n\r\n")).await, "New(5 bytes)");
    check(&after(answer(head, "BEGIN")).await, "New(5 bytes)");
}

#[tokio::test(start_paused = true)]
async fn an_unchanged_feed_does_not_come_again() {
    let authority = Authority::new();
    let tag = ETag::parse("W/\"v7\"").unwrap();
    let village = village(&authority, answer("304 Not Modified\r\nETag: W/\"v7\"", ""));
    let visit = visit(&authority, village, Some(&tag)).await;
    check(&visit, "Unchanged");
    assert!(visit.village.requests.lock().unwrap()[0].contains("\r\nif-none-match: W/\"v7\"\r\n"));
    // Who has nothing cannot be told that it is unchanged.
    check(&after(answer("304 Not Modified", "")).await, MOVED);
}

const MOVED: &str = "the calendar at calendar.example.org has moved, and nobody is followed to \
     another address: please copy its new address from where you keep it";

#[tokio::test(start_paused = true)]
async fn nobody_is_followed() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let head = format!("{status}\r\nLocation: https://169.254.169.254/{SECRET}");
        let visit = after(answer(&head, "")).await;
        check(&visit, MOVED);
        assert_eq!(visit.village.connections.lock().unwrap().len(), 1);
        assert_eq!(visit.village.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_whole_answer_counts() {
    let head = "Content-Type: text/calendar\r\nContent-Length: 5";
    for (status, expected) in [
        ("204 No Content", "is not handed out (204 No Content)"),
        ("206 Partial Content", "is not handed out (206 Partial Content)"),
        ("401 Unauthorized", "is not handed out (401 Unauthorized)"),
        ("404 Not Found", "is not handed out (404 Not Found)"),
        ("429 Slow down", "cannot be had at the moment (429 Too Many Requests)"),
        ("503 Down", "cannot be had at the moment (503 Service Unavailable)"),
    ] {
        let visit = after(answer(&format!("{status}\r\n{head}"), "BEGIN")).await;
        let error = visit.outcome.unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("the calendar at {HOST} {expected}: please")),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_calendar_counts() {
    for kind in ["text/html", "text/plain", "application/octet-stream", "text/calendars", "", "x"] {
        let visit = after(answer(&format!("200 OK\r\nContent-Type: {kind}"), CALENDAR)).await;
        assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::NotCalendar), "{kind}");
    }
    let visit = after(answer("200 OK\r\nContent-Length: 45", CALENDAR)).await;
    assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::NotCalendar));
}

#[tokio::test(start_paused = true)]
async fn nothing_compressed_is_taken() {
    for coding in [
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "Content-Encoding: identity\r\nContent-Encoding: deflate",
        "Transfer-Encoding: gzip, chunked",
    ] {
        let head = format!("200 OK\r\nContent-Type: text/calendar\r\n{coding}");
        let visit = after(answer(&head, "0\r\n\r\n")).await;
        assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::Compressed), "{coding}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_megabyte_and_not_a_byte_more() {
    let whole = "x".repeat(BODY_MAX);
    let head = "200 OK\r\nContent-Type: text/calendar";
    check(&after(answer(head, &whole)).await, "New(1048576 bytes)");
    for announced in ["", "\r\nContent-Length: 1048577", "\r\nContent-Length: 99999999999"] {
        let visit = after(answer(&format!("{head}{announced}"), &format!("{whole}x"))).await;
        assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::TooLarge), "{announced}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_endless_feed_is_not_read_to_its_end() {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("2000\r\n{}\r\n", "x".repeat(0x2000));
    let millisecond = Duration::from_millis(1);
    let visit = after(Script::Endless(head.into(), millisecond, chunk.into())).await;
    assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::TooLarge));
    let taken = visit.village.taken.load(Ordering::SeqCst);
    assert!(taken < BODY_MAX + 256 * 1024, "{taken} bytes were taken");
}

#[tokio::test(start_paused = true)]
async fn an_endless_head_is_not_read_to_its_end() {
    let millisecond = Duration::from_millis(1);
    let header = b"X: ".iter().chain(&[b'x'; 4096]).chain(b"\r\n").copied().collect();
    let visit = after(Script::Endless(b"HTTP/1.1 200 OK\r\n".into(), millisecond, header)).await;
    assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::Broken(_)));
    let taken = visit.village.taken.load(Ordering::SeqCst);
    assert!(taken < 128 * 1024, "{taken} bytes were taken");
}

#[tokio::test(start_paused = true)]
async fn two_seconds_are_for_everything_together() {
    let tenth = Duration::from_millis(100);
    let body = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\n".to_vec();
    for script in [
        Script::Endless(body, tenth, b"x".into()),
        Script::Endless(b"HTTP/1.1 200 OK\r\nX-Slow: ".into(), tenth, b"x".into()),
        Script::Endless(vec![], tenth, b"HTTP/1.1 100 Continue\r\n\r\n".into()),
        Script::Silence,
    ] {
        let visit = after(script).await;
        assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::Slow));
        let late = visit.took.checked_sub(PATIENCE).unwrap();
        assert!(late <= Duration::from_millis(1), "{late:?} late, by the paused clock");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_http_is_said_to_be_broken() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n";
    for answer in [
        String::new(),
        "BEGIN:VCALENDAR\r\n\r\n".to_owned(),
        "HTTP/1.1 2000 OK\r\n\r\n".to_owned(),
        head.to_owned(),
        format!("{head}Content-Length: 45\r\n\r\nBEGIN"),
        format!("{head}Content-Length: -1\r\n\r\nBEGIN"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nBEGIN"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\nBEGIN\r\n"),
    ] {
        let visit = after(Script::Answer(answer.clone().into_bytes())).await;
        let why = visit.outcome.unwrap_err().why;
        assert!(matches!(why, WhyNot::Broken(_)), "{answer}: {why:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_cannot_prove_who_they_are_is_told_nothing() {
    let (ours, others) = (Authority::new(), Authority::new());
    for tls in [
        others.server(HOST, 4000),
        ours.server("calendar.example.com", 4000),
        ours.server(HOST, 2001),
    ] {
        let village = Village { tls, ..village(&ours, answer("200 OK", "")) };
        let visit = visit(&ours, village, None).await;
        assert_eq!(*visit.village.requests.lock().unwrap(), Vec::<String>::new());
        let error = visit.outcome.unwrap_err();
        assert!(matches!(error.why, WhyNot::Insecure(_)), "{error:?}");
        assert!(crate::problem::chain(&error).contains("certificate"), "{error:?}");
    }
    // Whose line is cut has shown nothing false.
    let cut = after(Script::HangUp).await;
    assert!(matches!(cut.outcome.unwrap_err().why, WhyNot::Unreachable(_)));
}

#[tokio::test(start_paused = true)]
async fn one_private_address_closes_the_whole_name() {
    let authority = Authority::new();
    for private in ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.5", "fd00::1"]
    {
        let private: IpAddr = private.parse().unwrap();
        for addresses in [vec![PUBLIC[0], private], vec![private, PUBLIC[0]], vec![private]] {
            let awake = addresses.clone();
            let village = Village { addresses, awake, ..village(&authority, Script::HangUp) };
            let visit = visit(&authority, village, None).await;
            assert_eq!(*visit.village.connections.lock().unwrap(), []);
            let error = visit.outcome.unwrap_err();
            assert!(matches!(error.why, WhyNot::NotPublic(_)), "{error:?}");
            // Operators are told what its owner is not.
            assert!(!error.to_string().contains(&private.to_string()));
            assert!(crate::problem::chain(&error).contains(&private.to_string()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_checked_address_is_the_one_that_is_asked() {
    let authority = Authority::new();
    let at = |address| SocketAddr::new(address, 443);
    let script = answer("200 OK\r\nContent-Type: text/calendar", CALENDAR);
    for (awake, asked) in [(0, vec![at(PUBLIC[0])]), (1, PUBLIC.map(at).to_vec())] {
        let awake = vec![PUBLIC[awake]];
        let village = Village { awake, ..village(&authority, script.clone()) };
        let visit = visit(&authority, village, None).await;
        check(&visit, "New(45 bytes)");
        assert_eq!(*visit.village.look_ups.lock().unwrap(), [HOST]);
        assert_eq!(*visit.village.connections.lock().unwrap(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_nowhere() {
    let authority = Authority::new();
    let unknown = Village { addresses: vec![], ..village(&authority, Script::HangUp) };
    let visit_of_nobody = visit(&authority, unknown, None).await;
    check(
        &visit_of_nobody,
        "the calendar at calendar.example.org cannot be found: please check its address, and try \
         again later if it is right",
    );
    let addresses = vec![PUBLIC[0]; 9];
    let asleep = Village { addresses, awake: vec![], ..village(&authority, Script::HangUp) };
    let visit = visit(&authority, asleep, None).await;
    assert_eq!(visit.village.connections.lock().unwrap().len(), ATTEMPTS_MAX);
    assert!(matches!(visit.outcome.unwrap_err().why, WhyNot::Unreachable(_)));
}

#[tokio::test]
async fn on_the_real_network_a_connection_goes_where_it_is_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = listener.local_addr().unwrap();
    let (connected, accepted) = tokio::join!(Internet.connect(there), listener.accept());
    assert!(connected.is_ok() && accepted.is_ok());
}

#[test]
fn every_feed_address_can_be_asked_for() {
    // Every letter that an address may have, in the path and behind the question mark.
    let letters = "-._~:/?[]@!$&'()*+,;=%09azAZ";
    let host = format!("{}.{}.xn--p1ai", "1", "a-b".repeat(21));
    let text = format!("https://{host}/{letters}?{letters}");
    let address = FeedAddress::parse(&text).unwrap();
    assert!(ServerName::try_from(address.host().to_owned()).is_ok());
    assert!(http::Request::get(address.path()).body(()).is_ok());
}

#[test]
fn the_roots_of_the_web_are_trusted() {
    // Without a root nobody could prove who they are, and no feed would ever come.
    assert!(100 < webpki_roots::TLS_SERVER_ROOTS.len());
    let fetcher = FeedFetcher::new();
    assert_eq!(fetcher.tls.config().alpn_protocols, [b"http/1.1"]);
}

#[test]
fn no_error_says_more_than_a_sentence() {
    for why in [
        WhyNot::Nowhere,
        WhyNot::Slow,
        WhyNot::Moved,
        WhyNot::NotCalendar,
        WhyNot::Compressed,
        WhyNot::TooLarge,
    ] {
        let error = FetchError { host: HOST.to_owned(), why };
        assert!(error.source().is_none());
        let words = crate::sentence(&error.to_string());
        assert!(words.starts_with(&format!("The calendar at {HOST} ")) && words.contains("please"));
    }
}
