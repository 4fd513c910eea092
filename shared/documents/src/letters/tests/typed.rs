//! What a person typed comes out as that very text, and leads nowhere.

use domain::{LetterKind, Note};

use super::fixtures::World;
use crate::letters::Rendered;

#[test]
fn typed_words_come_out_as_those_very_words() {
    let hostile = "Zoë [click](https://evil) <b>x</b> **b** `c` {{ links }} &amp; ![i](//x) \\ _u_";
    let mut world = World::named(&format!("{hostile} https://evil.org"));
    world.note = Note::parse(&format!(
        "# {hostile}\n\n- {hostile}\n1. one\n    four\n---\n[a]: https://evil.example\n> q\n```\n<hr>"
    ))
    .unwrap();
    let notes = [LetterKind::Declined, LetterKind::ChangeDeclined, LetterKind::CancelledByPractice];
    for kind in notes {
        shows(&world.write(kind), world.note.as_str());
    }
    for kind in [LetterKind::Request, LetterKind::CancellationNotice] {
        shows(&world.write(kind), world.file.person.name.as_str());
    }
    shows(&world.write(LetterKind::CancellationNotice), world.note.as_str());
}

/// Where a name may stand in a template, and ways to ask for it unescaped.
const PLACES: [&str; 11] = [
    "{{ $ }}",
    "- {{ $ }}",
    "1. {{ $ }}",
    "> {{ $ }}",
    "# {{ $ }}",
    "**{{ $ }}**",
    "[{{ $ }}](https://x.org)",
    "{{ $|e }}",
    "{{ [$]|join(', ') }}",
    "{% autoescape false %}{{ $ ~ '' }}{% endautoescape %}",
    "{% set x %}{{ $ }}{% endset %}{{ x }}",
];

#[test]
fn every_pair_of_punctuation_is_only_text() {
    let marks: Vec<char> = (' '..='~').filter(char::is_ascii_punctuation).collect();
    let pairs = |first: char| marks.iter().map(move |second| format!("a{first}{second}b {second}"));
    for first in &marks {
        let name: String = pairs(*first).collect::<Vec<_>>().concat().chars().take(98).collect();
        let mut world = World::named(&format!("{first}{name}"));
        for place in PLACES {
            let body = place.replace('$', "client.name");
            let source = format!("Subject: x\n\n{body}\n");
            world.handbook.letters.insert("thank-you".into(), source);
            shows(&world.write(LetterKind::ThankYou), world.file.person.name.as_str());
        }
    }
}

/// Both parts show `words`, and no link leads anywhere but where the letter's own links lead.
#[track_caller]
fn shows(rendered: &Rendered, words: &str) {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = folded(words);
    let text = folded(&rendered.text);
    let unquoted = folded(&rendered.text.replace("\n> ", "\n"));
    assert!([text, unquoted].iter().any(|text| text.contains(&words)), "{}", rendered.text);
    let html = visible(&rendered.html);
    assert!(folded(&html).contains(&words), "{words}\nis not in\n{html}");
    for (_, address) in
        rendered.html.match_indices("href=\"").map(|(at, _)| rendered.html.split_at(at + 6))
    {
        let is_own = ["https://book.harbour.example/", "https://meet.harbour.example/mara_l\""]
            .iter()
            .chain(&["mailto:hello@harbour.example\"", "https://x.org\""])
            .any(|own| address.starts_with(own));
        assert!(is_own, "a link leads to {address:.60}");
    }
}

/// What somebody sees of a page.
fn visible(html: &str) -> String {
    let mut text = String::new();
    for part in html.replace("<br>", " ").split('<').skip(1) {
        text.push_str(part.split_once('>').expect("a tag ends").1);
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.into_iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}
