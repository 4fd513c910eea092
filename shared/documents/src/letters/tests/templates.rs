//! The handbook's templates: good ones, bad ones, and what they may mention.

use super::{
    fixtures::{World, every_kind},
    harbour::letters,
};
use crate::letters::{LetterFacts, check, variables};

#[test]
fn the_example_letters_have_no_mistakes() {
    let letters = letters();
    assert_eq!(letters.len(), 27);
    for (name, source) in letters {
        assert_eq!(check(&name, &source), [], "{name}");
    }
}

#[test]
fn a_letter_from_which_nobody_can_go_on_is_a_mistake() {
    let words = |name: &str, body: &str| {
        let mistakes = check(name, &format!("Subject: x\n\nHello,\n\n{body}\n"));
        mistakes.into_iter().map(|mistake| mistake.words).collect::<Vec<_>>()
    };
    for (name, link) in [
        ("welcome", "links.questionnaire"),
        ("questionnaire-nudge-2", "links.questionnaire"),
        ("calendar", "links.calendar"),
        ("expired", "links.calendar"),
        ("confirmation", "links.appointment"),
    ] {
        let expected =
            format!("whoever reads this letter cannot go on: put `{{{{ {link} }}}}` into it");
        assert_eq!(words(name, "Good-bye."), [expected], "{name}");
        let linked = format!("[Go on]({{{{ {link} }}}})");
        assert!(words(name, &linked).is_empty(), "{name}: {:?}", words(name, &linked));
    }
    let without = words("request", "Good-bye.");
    assert!(without[0].ends_with("put `{{ links.approve }}` or `{{ links.client }}` into it"));
    let without = words("sign-in", "Good-bye.");
    assert!(without[0].ends_with("put `{{ sign_in.link }}` or `{{ sign_in.code }}` into it"));
    assert!(words("sign-in", "Type {{ sign_in.code }}.").is_empty(), "one of them is enough");
    assert!(words("thank-you", "Good-bye.").is_empty(), "it ends here");
}

#[test]
fn mistakes_are_named_with_their_line() {
    #[track_caller]
    fn finds(name: &str, source: &str, expected: &str) {
        let mistakes: Vec<_> = check(name, source)
            .into_iter()
            .map(|mistake| format!("{}: {}", mistake.line, mistake.words))
            .collect();
        assert!(
            mistakes.iter().any(|mistake| mistake.starts_with(expected)),
            "{expected:?} is not among {mistakes:#?}"
        );
    }
    let calendar = |body: &str| format!("Subject: Times\n\nDear client,\n\n{body}\n");
    finds("calender", "Subject: x\n\nx\n", "1: there is no letter called `calender`");
    finds("calendar", "Dear client,\n", "1: a letter must begin with its subject");
    finds("calendar", "Subject:\n\nx\n", "1: the subject must have 1 to 150 characters; it has 0");
    finds("calendar", "Subject: x\nDear client,\n", "2: the line after the subject must be empty");
    finds("calendar", "Subject: x\n\n \n", "2: this letter has a subject and no words");
    finds("calendar", &"x".repeat(16_001), "1: a letter has at most 16000 characters");
    finds("calendar", "Subject: {{ client.name }}\n\nx\n", "1: a subject may use only `practice.n");
    finds(
        "calendar",
        &calendar("{{ links.resume }}"),
        "5: this letter cannot use `links.resume`; i",
    );
    finds(
        "welcome",
        &calendar("{{ client.first_name }}"),
        "5: this letter cannot use `client.first_",
    );
    finds("calendar", &calendar("{{ client }}"), "5: this letter cannot use `client`");
    finds(
        "calendar",
        &calendar("{% if decline.note %}x{% endif %}"),
        "5: this letter cannot use `de",
    );
    finds("calendar", &calendar("{{ range(9) }}"), "5: this letter cannot use `range`");
    finds(
        "calendar",
        &calendar("{{ client.name"),
        "5: cannot be read: unexpected end of input, expected end of variable block. A name is written",
    );
    finds(
        "calendar",
        &calendar("{% include 'x' %}"),
        "5: cannot be read: unknown statement include",
    );
    finds(
        "calendar",
        &calendar("{{ client.name|safe }}"),
        "5: filter safe is unknown: leave it out; a name stands alone, as in",
    );
    finds(
        "calendar",
        &calendar("{{ 'a' * 100000000000 }}"),
        "5: this would take too long to write",
    );
    finds(
        "calendar",
        &calendar("[x](javascript:alert)"),
        "5: the link to `javascript:alert` leads",
    );
    finds("calendar", &calendar("[x](links.calendar)"), "5: the link to `links.calendar` leads");
    finds(
        "agenda",
        &calendar("{% for c in agenda.calls %}{{ c.x }}{% endfor %}"),
        "5: a name in this line",
    );
}

#[test]
fn every_name_that_a_letter_may_use_is_there() {
    let world = World::new();
    for kind in every_kind() {
        let (name, letter) = (kind.name(), world.letter(kind));
        let World { handbook, links, .. } = &world;
        let file = &world.file_for(kind);
        let facts = LetterFacts { handbook, file, letter: &letter, links, open_times: &[] };
        let mut allowed = variables::allowed(&name).unwrap();
        allowed.sort_unstable();
        let given: Vec<_> = variables::of_letter(&name, &facts).unwrap().into_keys().collect();
        assert_eq!(given, allowed, "{name}");
    }
}
