//! Every feed of `tests/data`, with what is expected of it in the text beside it.
//!
//! The busy times in the texts were worked out by `oracle.py`, but for those with a line `# ours:`.

use std::{fs, ops::Range, path::Path};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use feeds::read;

const FORMAT: &str = "%Y-%m-%dT%H:%MZ";

/// What the text beside a feed says.
struct Expected {
    zone: Tz,
    window: Range<DateTime<Utc>>,
    lines: Vec<String>,
}

impl Expected {
    fn parse(text: &str) -> Self {
        let (mut zone, mut window, mut lines) = (None, None, Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(' ').expect("a word and what it is about") {
                ("zone", name) => zone = Some(name.parse().expect("a zone")),
                ("window", span) => {
                    let (from, to) = span.split_once(' ').expect("two instants");
                    window = Some(instant(from)..instant(to));
                }
                _ => lines.push(line.to_owned()),
            }
        }
        Self { zone: zone.expect("a zone"), window: window.expect("a window"), lines }
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, FORMAT).expect("an instant").and_utc()
}

/// What is read from a feed, in the words of the texts.
fn answer(feed: &[u8], expected: &Expected) -> Vec<String> {
    match read(feed, expected.zone, expected.window.clone()) {
        Err(reason) => vec![format!("unreadable {reason}")],
        Ok(busy) => {
            let warnings = busy.warnings.iter().map(|warning| format!("warns {warning}"));
            let spans = busy.spans.iter().map(|span| {
                format!("busy {} {}", span.start.format(FORMAT), span.end.format(FORMAT))
            });
            warnings.chain(spans).collect()
        }
    }
}

#[test]
fn every_feed_says_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "ics") {
            continue;
        }
        let text = fs::read(path.with_extension("txt")).unwrap();
        let expected = Expected::parse(&String::from_utf8(text).unwrap());
        let answer = answer(&fs::read(&path).unwrap(), &expected);
        if answer != expected.lines {
            let missing = expected.lines.iter().filter(|line| !answer.contains(line));
            let surplus = answer.iter().filter(|line| !expected.lines.contains(line));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            wrong.push(format!(
                "{name} lacks {:#?}, and has {:#?}",
                missing.collect::<Vec<_>>(),
                surplus.collect::<Vec<_>>()
            ));
        }
        seen += 1;
    }
    assert!(40 <= seen, "only {seen} feeds were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
