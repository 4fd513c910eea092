//! What the author of a practice is told about slips: one at a time from `edits.txt`, and those
//! that no such edit can show.

use super::{harbour, mistakes};

const PRACTICE: &str = "practice.toml";
const QUESTIONS: &str = "questionnaires/first-conversation.toml";

/// One entry of `edits.txt`.
struct Edit {
    file: String,
    text: String,
    by: String,
    mistakes: String,
}

impl Edit {
    fn parse(entry: &str) -> Self {
        let lines_after = |mark: char| {
            let lines = entry.lines().filter_map(|line| line.strip_prefix(mark));
            lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
        };
        Self {
            file: entry.lines().next().unwrap().to_owned(),
            text: lines_after('-'),
            by: lines_after('+'),
            mistakes: lines_after('!'),
        }
    }
}

#[test]
fn one_slip_at_a_time() {
    let example = harbour();
    let entries = include_str!("edits.txt").split("\n\n");
    let edits: Vec<_> = entries.filter(|entry| !entry.starts_with('#')).map(Edit::parse).collect();
    assert!(80 < edits.len(), "only {} edits were found", edits.len());
    for Edit { file, text, by, mistakes: expected } in edits {
        let before = &example[&file];
        assert!(before.contains(&text), "`{text}` is no longer in {file}");
        let mut files = example.clone();
        files.insert(file.clone(), before.replacen(&text, &by, 1));
        let found = mistakes(files).replace(&format!("{file}, line"), "line");
        assert_eq!(found, expected, "{file}: `{by}` in place of `{text}`");
    }
}

/// What is new to ask of an author is no reason to close the pages of a practice.
#[test]
fn what_was_in_force_before_a_rule_is_read_again() {
    let mut files = harbour();
    let policy = files["policy.md"].clone() + "\nDear {{ client.name }}\n";
    files.insert("policy.md".to_owned(), policy.clone());
    let settings = files["practice.toml"].replacen("id = \"harbour\"", "id = \"-harbour\"", 1);
    files.insert("practice.toml".to_owned(), settings);
    let lines = policy.lines().count();
    let found = mistakes(files.clone());
    assert!(
        found.contains(&format!("policy.md, line {lines}: nothing is filled in here")),
        "{found}"
    );
    let sources = crate::Sources::new(files).unwrap();
    assert_eq!(crate::read_again(&sources).unwrap().practice.id.as_str(), "-harbour");
}

#[test]
fn characters_that_nobody_sees() {
    let mut files = harbour();
    files.insert("policy.md".to_owned(), "a\n\nb\u{202e}c\u{202e}\n".to_owned());
    let thanks = files["letters/thank-you.md"].replace("Nothing", "No\0thing");
    files.insert("letters/thank-you.md".to_owned(), thanks);
    assert_eq!(
        mistakes(files),
        "letters/thank-you.md, line 9: this line has a character that nobody sees (U+0000); \
         delete it\n\
         policy.md, line 3: this line has a character that nobody sees (U+202E); delete it"
    );
}

#[test]
fn more_than_can_be_kept() {
    let question = "\n[[section.question]]\nid = \"ID\"\nask = \"x\"\nkind = ";
    let check = |kind: &str, count: usize, expected: &str| {
        let one_more = |n: usize| question.replace("ID", &format!("x{n}")) + kind;
        let mut files = harbour();
        let more: String = (0..count).map(one_more).collect();
        files.get_mut(QUESTIONS).unwrap().push_str(&more);
        assert_eq!(mistakes(files).replace(&format!("{QUESTIONS}, line 15: "), ""), expected);
    };
    check("\"long\"", 8, "");
    check(
        "\"long\"",
        9,
        "the longest answers would have 64581 characters together, and at most 60000 can be kept; \
         lower some `max_length` (5000 where a long question has none)",
    );
    check("\"several\"\nchoices = [\"a\", \"b\", \"c\"]", 57, "");
    check(
        "\"several\"\nchoices = [\"a\", \"b\", \"c\"]",
        58,
        "one client could give 203 answers, each choice counted, and at most 200 can be kept; ask \
         less, or lower some `max_choices`",
    );
}

#[test]
fn templates() {
    let mut files = harbour();
    let welcome = files["letters/welcome.md"].replace("Hello,", "Hello {{ client.name }},");
    files.insert("letters/welcome.md".to_owned(), welcome);
    let found = mistakes(files);
    assert!(found.starts_with("letters/welcome.md, line 3: "), "{found}");
}

#[test]
fn files() {
    let renamed = |from: &str, to: &str| {
        let mut files = harbour();
        let text = files.remove(from).unwrap();
        files.insert(to.to_owned(), text);
        mistakes(files)
    };
    assert_eq!(
        renamed("letters/thank-you.md", "letters/thankyou.md"),
        "letters/thank-you.md: this letter is missing; write it, or begin with the one \
         of practices/harbour\n\
         letters/thankyou.md: no letter of this name is ever sent; did you mean \
         thank-you.md?"
    );
    assert_eq!(
        renamed("letters/sign-in.md", "letters/newsletter.md"),
        "letters/newsletter.md: no letter of this name is ever sent; delete it, or move \
         it elsewhere\n\
         letters/sign-in.md: this letter is missing; write it, or begin with the one of \
         practices/harbour"
    );
    assert_eq!(
        renamed("letters/times-nudge-2.md", "letters/times-nudge-02.md"),
        "letters/times-nudge-02.md: no letter of this name is ever sent; each number of \
         `times_nudge_days` in practice.toml sends one, beginning with -1; delete this, \
         or add a number\n\
         letters/times-nudge-2.md: this letter is missing; write it, or begin with the \
         one of practices/harbour"
    );
    let missing = renamed("policy.md", "letters/policy.md");
    assert!(missing.contains("policy.md: this file is missing"), "{missing}");
    let missing = renamed(PRACTICE, "questionnaires/practice.toml");
    assert!(missing.starts_with("practice.toml: this file is missing"), "{missing}");
    assert_eq!(
        renamed(QUESTIONS, "questionnaires/second.toml"),
        "practice.toml, line 238: `questionnaire`: there is no file \
         questionnaires/first-conversation.toml; write it, or name another one"
    );
}

#[test]
fn a_session_may_have_letters_of_its_own() {
    let with = |path: &str| {
        let mut files = harbour();
        files.insert(path.to_owned(), files["letters/welcome.md"].clone());
        mistakes(files)
    };
    assert_eq!(with("letters/first-conversation/welcome.md"), "");
    assert_eq!(
        with("letters/first-conversatin/welcome.md"),
        "letters/first-conversatin/welcome.md: there is no session with the id \
         \"first-conversatin\"; did you mean \"first-conversation\"?"
    );
    assert_eq!(
        with("letters/first-conversation/agenda.md"),
        "letters/first-conversation/agenda.md: agenda.md is about no session; it belongs into \
         letters/"
    );
    assert_eq!(
        with("letters/first-conversation/welcom.md"),
        "letters/first-conversation/welcom.md: no letter of this name is ever sent; delete it, or \
         move it elsewhere"
    );
    assert!(with("letters/a/b/welcome.md").contains("not a file of a handbook"));
}

#[test]
fn all_of_them_at_once() {
    let mut files = harbour();
    let practice = files[PRACTICE]
        .replace("#faf6ef", "cream")
        .replace("minutes = 50", "minutes = 500")
        .replace("name = \"Tomás Reis\"", "nome = \"Tomás Reis\"");
    files.insert(PRACTICE.to_owned(), practice);
    files.remove("letters/moved.md");
    files.insert("policy.md".to_owned(), String::new());
    assert_eq!(
        mistakes(files),
        "letters/moved.md: this letter is missing; write it, or begin with the one of \
         practices/harbour\n\
         policy.md: this file is empty; write its words\n\
         practice.toml, line 39: `paper` must be a colour like \"#1f5560\"; here it is \
         \"cream\"\n\
         practice.toml, line 87: \"nome\" is not known in `[[staff]]`; did you mean \
         `name`?\n\
         practice.toml, line 203: `minutes` must be a whole number from 5 to 480; here \
         it is 500"
    );
}
