//! Files that nobody would write by accident: answered in words, and without a pause.

use std::fmt::Write as _;

use super::{harbour, mistakes};

/// A file with this text must lead to this mistake, and to no flood of others.
#[track_caller]
fn check(file: &str, text: String, expected: &str) {
    let mut files = harbour();
    files.insert(file.to_owned(), text);
    let found = mistakes(files);
    assert!(found.lines().any(|line| line == expected), "{found}");
    let is_fit_for_a_terminal = found.chars().all(|c| c == '\n' || !c.is_control());
    assert!(is_fit_for_a_terminal && found.len() < 20_000, "{} bytes", found.len());
}

const PRACTICE: &str = "practice.toml";
const QUESTIONS: &str = "questionnaires/first-conversation.toml";

#[test]
fn too_large() {
    check(
        "policy.md",
        "x".repeat(1024 * 1024),
        "policy.md: this file is too large: a file may have at most 64 KB",
    );
    check(
        "policy.md",
        "x".repeat(64 * 1024 + 1),
        "policy.md: this file is too large: a file may have at most 64 KB",
    );
    check(
        "policy.md",
        "x".repeat(64 * 1024),
        "policy.md: the policy must have at most 20000 characters; it has 65536",
    );
    let mut many = harbour();
    many.extend((0..100).map(|n| (format!("letters/{n}.md"), "x".into())));
    assert_eq!(
        mistakes(many),
        ".: this folder is too large for a handbook: it may have at most 100 files and \
         300 KB in all"
    );
}

#[test]
fn foreign_files() {
    check(
        "letters/../../etc/passwd",
        String::new(),
        "letters/../../etc/passwd: not a file of a handbook: it has practice.toml, \
         policy.md, questionnaires/….toml, letters/….md and letters/SESSION/….md, named in \
         lower-case letters, digits and hyphens; move this elsewhere",
    );
    check(
        "letters/Welcome.md",
        String::new(),
        "letters/Welcome.md: not a file of a handbook: it has practice.toml, policy.md, \
         questionnaires/….toml, letters/….md and letters/SESSION/….md, named in lower-case \
         letters, digits and hyphens; move this elsewhere",
    );
    check(
        "a\u{1b}[31m\n.md",
        String::new(),
        "a\\u{1b}[31m\\n.md: not a file of a handbook: it has practice.toml, policy.md, \
         questionnaires/….toml, letters/….md and letters/SESSION/….md, named in lower-case \
         letters, digits and hyphens; move this elsewhere",
    );
    check(
        "questionnaires/.toml",
        String::new(),
        "questionnaires/.toml: not a file of a handbook: it has practice.toml, \
         policy.md, questionnaires/….toml, letters/….md and letters/SESSION/….md, named in \
         lower-case letters, digits and hyphens; move this elsewhere",
    );
}

#[test]
fn unreadable_texts() {
    check(
        PRACTICE,
        "\0".repeat(60_000),
        "practice.toml, line 1: a line must have the form `key = value`",
    );
    check(
        "letters/welcome.md",
        format!("Subject: x\n\n{}", "\0".repeat(60_000)),
        "letters/welcome.md, line 1: a letter has at most 16000 characters; this one has \
         60012",
    );
    check(
        "policy.md",
        "a\u{202E}b".into(),
        "policy.md, line 1: this line has a character that nobody sees (U+202E); delete \
         it",
    );
    check(
        "letters/welcome.md",
        "\n".repeat(60_000),
        "letters/welcome.md: this file is empty; write its words",
    );
}

#[test]
fn deep_nesting() {
    check(
        PRACTICE,
        format!("practice = {}", "[".repeat(60_000)),
        "practice.toml, line 1: nested too deeply for a handbook",
    );
    check(
        PRACTICE,
        format!("practice = {}", "{a=".repeat(20_000)),
        "practice.toml, line 1: nested too deeply for a handbook",
    );
    check(
        PRACTICE,
        format!("a{} = 1", ".a".repeat(30_000)),
        "practice.toml: nested too deeply for a handbook",
    );
    check(
        PRACTICE,
        "[".repeat(60_000),
        "practice.toml, line 1: cannot be read: unquoted keys cannot be empty, expected \
         letters, numbers, `-`, `_`",
    );
}

#[test]
fn thousands_of_everything() {
    let keys = (0..9_000).fold(String::new(), |mut text, n| {
        writeln!(text, "{n}=1").unwrap();
        text
    });
    check(
        PRACTICE,
        keys,
        "practice.toml, line 1016: this file has 8980 more keys that are not known",
    );
    check(
        PRACTICE,
        "[[staff]]\n".repeat(6_000),
        "practice.toml, line 21: there may be at most 20 `[[staff]]`; delete some",
    );
    check(
        QUESTIONS,
        "[[section]]\n".repeat(5_000),
        "questionnaires/first-conversation.toml, line 1: there is no \
         `[[section.question]]`; write at least one",
    );
    check(
        PRACTICE,
        format!("[hours]\nmonday = [{}]", "1,".repeat(30_000)),
        "practice.toml, line 2: `monday` must have 0 to 12 entries; it has 30000",
    );
    check(
        PRACTICE,
        format!("[practice]\nzone = \"{}\"", "Europe/".repeat(9_000)),
        "practice.toml, line 2: `zone` must have at most 64 characters; it has 63000",
    );
    check(
        PRACTICE,
        format!("[practice]\n\"{}\" = 1", "name".repeat(15_000)),
        "practice.toml, line 2: \
         \"namenamenamenamenamenamenamenamenamenamenamenamenamenamename…\" is not known \
         in `[practice]`; delete it, or put # in front of it",
    );
    check(
        PRACTICE,
        "x\n".repeat(30_000),
        "practice.toml, line 1: a line must have the form `key = value`",
    );
}
