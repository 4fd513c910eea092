mod edits;
mod hostile;

use std::{collections::BTreeMap, path::Path};

use domain::{QuestionKind, Role};

use super::*;

/// The files of practices/harbour.
#[expect(clippy::disallowed_methods, reason = "the example practice is what these tests are about")]
fn harbour() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour");
    let mut files = BTreeMap::new();
    for within in ["", "letters/", "questionnaires/"] {
        for entry in folder.join(within).read_dir().unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                let name = format!("{within}{}", entry.file_name().to_str().unwrap());
                files.insert(name, std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    files
}

/// Every mistake in these files, one a line.
fn mistakes(files: BTreeMap<String, String>) -> String {
    let found = match Sources::new(files) {
        Ok(sources) => read(&sources).err().unwrap_or_default(),
        Err(mistakes) => mistakes,
    };
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_has_no_mistake() {
    let handbook = read(&Sources::new(harbour()).unwrap()).unwrap();
    assert_eq!(handbook.practice.name, "Harbour Coaching");
    assert_eq!(handbook.practice.zone, chrono_tz::Europe::Lisbon);
    assert_eq!(handbook.in_role(Role::Assistant).id.as_str(), "tomas");
    let [calendar] = &*handbook.calendars else { panic!("one provider") };
    assert_eq!(calendar.hours.len(), 9);
    let own_days_off = calendar.closed.iter().take_while(|closed| !closed.why.contains("holiday"));
    assert_eq!(own_days_off.count(), 2);
    assert_eq!(handbook.first_session().length.num_minutes(), 50);
    assert_eq!(handbook.rules.questionnaire_nudges.nudges_after.len(), 3);
    assert_eq!(handbook.letters.len(), 27);
    assert!(handbook.policy.text.starts_with("**Changing or cancelling.**"));

    let questions: Vec<_> = handbook.questionnaire(handbook.first_session()).questions().collect();
    assert_eq!(questions.len(), 27);
    assert_eq!(questions.iter().filter(|question| question.show_if.is_some()).count(), 6);
    assert_eq!(questions[0].kind, QuestionKind::Long { length_max: 3_000 });
}

#[test]
fn public_holidays_are_days_off_but_for_the_exceptions() {
    let handbook = read(&Sources::new(harbour()).unwrap()).unwrap();
    let why = |date: &str| {
        let date = date.parse().unwrap();
        let closed =
            handbook.calendars[0].closed.iter().filter(|closed| closed.days.contains(&date));
        closed.map(|closed| closed.why.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(why("2026-12-08"), ["Public holiday: Immaculate Conception"]);
    assert_eq!(why("2026-12-09"), [""; 0]);
    assert_eq!(why("2026-12-25"), ["Winter break", "Public holiday: Christmas Day"]);
    assert_eq!(why("2027-06-10"), [""; 0]);
    assert_eq!(why("2028-06-10").len(), 1);
    assert_eq!(why("2031-12-25"), ["Public holiday: Christmas Day"]);
}

#[test]
fn holidays_do_not_count_as_days_off_of_the_practices_own() {
    let days_off = |count: usize| {
        let mut files = harbour();
        let block = "[[closed]]\nfrom = \"2028-02-01\"\nto = \"2028-02-01\"\nwhy = \"x\"\n";
        files.get_mut("practice.toml").unwrap().push_str(&block.repeat(count));
        mistakes(files)
    };
    assert_eq!(days_off(198), "");
    assert!(days_off(199).ends_with("there may be at most 200 `[[closed]]`; delete some"));
}

#[test]
fn every_byte_counts_for_the_version() {
    let example = Sources::new(harbour()).unwrap();
    let handbook = read(&example).unwrap();
    assert_eq!(handbook.version, version(&example));
    assert_eq!(handbook.version.len(), 16);
    assert!(handbook.version.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let few = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        version(&Sources::new(files).unwrap())
    };
    let stable = few(&[("policy.md", "ab"), ("letters/a.md", "c")]);
    assert_eq!(stable, "c792e44149ed48b7");
    assert_eq!(stable, few(&[("letters/a.md", "c"), ("policy.md", "ab")]));
    assert_eq!(stable, few(&[("letters/a.md", "c"), ("policy.md", "ab"), ("README.md", "x")]));
    assert_eq!(stable, few(&[("letters/a.md", "\u{FEFF}c"), ("policy.md", "ab")]));
    for other in [
        [("policy.md", "aB"), ("letters/a.md", "c")],
        [("policy.md", "ab\n"), ("letters/a.md", "c")],
        [("policy.md", "a"), ("letters/a.md", "bc")],
        [("policy.md", "ab"), ("letters/b.md", "c")],
    ] {
        assert_ne!(stable, few(&other), "{other:?}");
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    let windows = harbour().into_iter().map(|(path, text)| (path, text.replace('\n', "\r\n")));
    assert_eq!(Sources::new(windows).unwrap(), Sources::new(harbour()).unwrap());
}

#[test]
fn stored_files_come_back_as_they_were() {
    let example = Sources::new(harbour()).unwrap();
    let stored = example.to_json();
    assert_eq!(Sources::from_json(&stored).unwrap(), example);
    assert!(matches!(Sources::from_json("[]"), Err(InvalidSources::Form(_))));
    let rule = Sources::from_json(r#"{"letters/../x":""}"#).unwrap_err();
    assert!(matches!(rule, InvalidSources::Rule(_)));
}

/// Each kind of session: who gives it, and how many may come.
fn sessions(files: BTreeMap<String, String>) -> Vec<String> {
    let handbook = read(&Sources::new(files).unwrap()).unwrap();
    let told = |session: &SessionType| {
        let parts = session
            .parts
            .iter()
            .map(|part| part.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"));
        let parts = parts.collect::<Vec<_>>().join("+");
        format!("{} by {parts} ({:?}), {}", session.id, session.choice, session.places)
    };
    handbook.sessions.iter().map(told).collect()
}

#[test]
fn a_practice_may_have_several_kinds_of_session_and_several_providers() {
    let mut files = harbour();
    let practice = files.get_mut("practice.toml").unwrap();
    let from = practice.find("\n[session]\n").unwrap();
    let to = practice[from..].find("[rules]").unwrap() + from;
    let first = practice[from..to].to_owned();
    let another = |id: &str, provider: &str| {
        first
            .replacen("[session]", "[[session]]", 1)
            .replacen("id = \"first-conversation\"", &format!("id = \"{id}\""), 1)
            .replacen("provider = \"mara\"", provider, 1)
    };
    let all = [
        another("first-conversation", "provider = \"mara\""),
        another("group", "providers = [\"mara\", \"tomas\"]\nwho = \"client\"\nplaces = 6"),
        another("turn", "providers = [\"mara\", \"tomas\"]\nwho = \"fair-turn\""),
        another("both", "providers = [\"mara\", [\"tomas\"]]\nwho = \"together\""),
    ];
    practice.replace_range(from..to, &all.concat());
    *practice = practice.replace(
        "roles = [\"assistant\"]",
        "roles = [\"assistant\", \"provider\"]\n[staff.hours]\nmonday = [\"10:00-16:00\"]",
    );
    let told = sessions(files.clone());
    assert_eq!(
        told,
        [
            "first-conversation by mara (FairTurn), 1",
            "group by mara|tomas (Client), 6",
            "turn by mara|tomas (FairTurn), 1",
            "both by mara+tomas (FairTurn), 1",
        ]
    );
    let handbook = read(&Sources::new(files).unwrap()).unwrap();
    let hours = handbook.calendars.iter().map(|calendar| calendar.hours.len());
    assert_eq!(hours.collect::<Vec<_>>(), [9, 1]);
    let closed = handbook.calendars.iter().map(|calendar| calendar.closed.len());
    let closed: Vec<usize> = closed.collect();
    assert_eq!(closed[0], closed[1], "days off are the whole practice's");
}

#[test]
fn no_more_is_held_at_once_than_one_transaction_writes() {
    let mut files = harbour();
    let practice = files.get_mut("practice.toml").unwrap();
    let block = |id: &str| {
        format!(
            "[[staff]]\nid = \"{id}\"\nname = \"{id}\"\nemail = \"{id}@harbour.example\"\n\
             roles = [\"provider\"]\n\n"
        )
    };
    let staff = [block("b"), block("c")].concat();
    *practice = practice
        .replace("# When sessions may take place, day by day.", &format!("{staff}#"))
        .replace("\nproposals_max = 3", "\nproposals_max = 7")
        .replace(
            "\nprovider = \"mara\"",
            "\nproviders = [\"mara\", \"b\", \"c\"]\nwho = \"together\"",
        );
    let found = mistakes(files);
    assert!(
        found.ends_with(
            "`proposals_max`: 7 times in the calendars of 3 providers are too many to hold at \
             once; write at most 6"
        ),
        "{found}"
    );
}

#[test]
fn who_come_together_are_there_together() {
    let found = |hours: &str, saturday: &str| {
        let mut files = harbour();
        let practice = files.get_mut("practice.toml").unwrap();
        *practice = practice
            .replace("open = [\"10:00-13:00\"]", &format!("open = [{saturday}]"))
            .replace(
                "roles = [\"assistant\"]",
                &format!("roles = [\"assistant\", \"provider\"]\n[staff.hours]\n{hours}"),
            )
            .replace(
                "\nprovider = \"mara\"",
                "\nproviders = [\"mara\", \"tomas\"]\nwho = \"together\"",
            );
        mistakes(files)
    };
    assert_eq!(found("monday = [\"11:40-15:00\"]", ""), "", "from 11:40 to 12:30");
    assert_eq!(found("sunday = [\"11:00-15:00\"]", "\"10:00-10:50\""), "", "on one Saturday");
    let own = "sunday = [\"20:00-21:00\"]\n[[staff.override]]\ndate = \"2026-11-25\"\nopen = [\"12:00-13:00\"]\nwhy = \"x\"";
    assert!(found(own, "").contains("no hours"), "half an hour of Mara's Wednesday");
    let own = own.replace("12:00", "11:30");
    assert_eq!(found(&own, ""), "", "her Wednesday, and a date of his own");
    for hours in ["monday = [\"11:41-14:49\"]", "sunday = [\"11:00-15:00\"]"] {
        let found = found(hours, "\"10:00-10:49\"");
        let words = "there are no hours in which all of them are there for a session";
        assert!(found.contains(words), "{hours}: {found}");
    }
}
