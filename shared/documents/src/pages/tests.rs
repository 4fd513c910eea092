//! Every page, as a reader, a screen reader and a strict browser get it.

mod album;
mod calendar;
mod markup;
pub(crate) mod sample;

use std::collections::BTreeSet;

use domain::{Answers, Colour, Handbook, QuestionKind};

use super::*;
use markup::{Tag, tags};
use sample::handbook;

const PAGE_MAX: usize = 20_000;
const SCRIPTS_MAX: usize = 4_096;
const HOSTILE: &str = "</textarea>\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7}}";

/// Looks at every page of that practice.
#[track_caller]
fn check(handbook: &Handbook, look: impl Fn(&str, &[Tag<'_>])) {
    for (name, page) in album::album(handbook) {
        look(name, &tags(page.0.as_str()));
    }
}

#[test]
fn pages_are_light() {
    for (name, page) in album::album(&handbook()) {
        assert!(page.0.len() <= PAGE_MAX, "{name} has {} bytes", page.0.len());
    }
    let embed = embed_script(&handbook(), "https://book.example.org");
    for script in [QUESTIONNAIRE_SCRIPT, CALENDAR_SCRIPT, &embed] {
        assert!(script.len() <= SCRIPTS_MAX, "{} bytes: {script:.60}", script.len());
    }
}

#[test]
fn pages_ask_for_nothing_the_content_policy_forbids() {
    check(&handbook(), |name, tags| {
        for tag in tags {
            assert!(!["style", "img", "iframe", "base", "object"].contains(&tag.name), "{name}");
            assert!(tag.name != "script" || tag.get("src").is_some(), "{name}: {tag:?}");
            for (attribute, value) in &tag.attributes {
                let is_inline = *attribute == "style" || attribute.starts_with("on");
                assert!(!is_inline && !value.starts_with("data:"), "{name}: {tag:?}");
            }
        }
    });
}

#[test]
fn pages_have_one_heading_landmarks_and_a_language() {
    check(&handbook(), |name, tags| {
        for (tag, count) in [("h1", 1), ("main", 1), ("title", 1)] {
            assert_eq!(
                tags.iter().filter(|other| other.name == tag).count(),
                count,
                "{name}: {tag}"
            );
        }
        assert!(
            tags.iter().any(|tag| tag.name == "html" && tag.get("lang") == Some("en")),
            "{name}"
        );
        let is_hidden = tags.iter().any(|tag| tag.get("content") == Some("noindex"));
        assert_eq!(is_hidden, !["opt-in", "opt-in-mistakes"].contains(&name), "{name}: noindex");
    });
}

#[test]
fn every_control_has_a_label_and_every_reference_a_target() {
    check(&handbook(), |name, tags| {
        let ids: Vec<_> = tags.iter().filter_map(|tag| tag.get("id")).collect();
        let known: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{name}: an id stands twice in {ids:?}");
        let labelled: BTreeSet<_> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        for tag in tags {
            let is_control = ["input", "select", "textarea"].contains(&tag.name);
            let has_label = tag.is_inside_label
                || tag.get("id").is_some_and(|id| labelled.contains(id))
                || tag.get("aria-labelledby").is_some();
            let is_hidden = tag.get("type") == Some("hidden");
            assert!(!is_control || is_hidden || has_label, "{name}: {tag:?}");
            for attribute in ["for", "aria-describedby", "aria-labelledby"] {
                for id in tag.get(attribute).into_iter().flat_map(|ids| ids.split(' ')) {
                    assert!(known.contains(id), "{name}: {attribute} names {id}");
                }
            }
            let target = tag.get("href").and_then(|href| href.strip_prefix('#'));
            assert!(target.is_none_or(|id| known.contains(id)), "{name}: {tag:?}");
        }
    });
}

#[test]
fn forms_that_change_something_are_posts_with_a_key() {
    check(&handbook(), |name, tags| {
        // Stopping the reminders needs no key: mail programs press that button too.
        let posts = tags.iter().filter(|tag| tag.get("method") == Some("post"));
        let posts = posts.count() - usize::from(name == "stop");
        let keys = tags.iter().filter(|tag| tag.get("name") == Some("key")).count();
        assert_eq!(posts, keys, "{name}");
        let is_calendar = name.starts_with("calendar");
        let forms = tags.iter().filter(|tag| tag.name == "form").count();
        assert!(is_calendar || name == "stop" || forms == posts, "{name}");
    });
}

#[test]
fn hostile_words_stay_words() {
    let mut hostile = handbook();
    let questionnaire = hostile.questionnaires.values_mut().next().unwrap();
    for text in [
        &mut hostile.practice.name,
        &mut hostile.practice.tagline,
        &mut hostile.practice.address,
        &mut hostile.sessions[0].place,
        &mut questionnaire.title,
        &mut hostile.voice.consent,
        &mut hostile.voice.opt_in_title,
        &mut hostile.voice.calendar_lead,
    ] {
        *text = HOSTILE.into();
    }
    hostile.practice.phone = Some(HOSTILE.into());
    let questionnaire = hostile.questionnaires.values_mut().next().unwrap();
    for question in questionnaire.sections.iter_mut().flat_map(|part| &mut part.questions) {
        question.ask = HOSTILE.into();
        question.help = Some(HOSTILE.into());
        if let QuestionKind::One { choices } | QuestionKind::Several { choices, .. } =
            &mut question.kind
        {
            choices.push(HOSTILE.into());
        }
    }
    check(&hostile, |name, tags| {
        let inline = tags.iter().find(|tag| tag.name == "img" || tag.get("onerror").is_some());
        assert!(inline.is_none(), "{name}: {inline:?}");
        let scripts = tags.iter().filter(|tag| tag.name == "script");
        assert!(scripts.clone().all(|tag| tag.get("src").is_some()), "{name}: {scripts:?}");
    });
    let embed = embed_script(&hostile, "https://book.example.org");
    assert!(!embed.contains("<script>") && embed.contains(r"\u{3c}script\u{3e}"), "{embed}");
}

#[test]
fn hostile_answers_stay_in_their_fields() {
    let handbook = handbook();
    let typed = |question: &domain::Question| (question.id.clone(), HOSTILE.to_owned());
    let asked = handbook.questionnaire(handbook.first_session());
    let answers = Answers::collect(asked.questions().map(typed));
    let mistakes = asked.check(&answers).unwrap_err();
    let status = QuestionnaireStatus::Saved;
    let page = QuestionnairePage {
        link: HOSTILE,
        key: HOSTILE,
        questionnaire: asked,
        answers: &answers,
        mistakes: &mistakes,
        status,
    };
    let html = questionnaire(&handbook, &page).into_string();
    assert!(!html.contains("<script>") && !html.contains("<img"), "{html}");
    let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    assert_eq!(title, Some("Before we speak · Harbour Coaching"));
}

#[test]
fn answers_come_back_as_they_were_typed() {
    let handbook = handbook();
    let page = |answers: &Answers| {
        let status = QuestionnaireStatus::Saved;
        let page = QuestionnairePage {
            link: "l",
            key: "k",
            questionnaire: handbook.questionnaire(handbook.first_session()),
            answers,
            mistakes: &[],
            status,
        };
        questionnaire(&handbook, &page).into_string()
    };
    let html = page(&album::answers());
    for typed in [
        ">I have been offered a role in another city. Everyone says take it.</textarea>",
        "value=\"Something else\" checked",
        "value=\"about five\"",
        "value=\"yes\" id=\"q-deadline\" checked",
        "name=\"own-hands\" value=\"7\" checked",
    ] {
        assert!(html.contains(typed), "{typed}");
    }
    assert_eq!(page(&Answers::default()).matches(" checked").count(), 0);
}

#[test]
fn colours_can_be_read_whatever_the_practice_chooses() {
    for (accent, paper) in [("#1f5560", "#faf6ef"), ("#7a1f4d", "#ffffff"), ("#5a4a00", "#f2efe2")]
    {
        let mut handbook = handbook();
        handbook.colours.accent = Colour::parse(accent).unwrap();
        handbook.colours.paper = Colour::parse(paper).unwrap();
        let sheet = style(&handbook);
        let colour = |name: &str| {
            let at = sheet.find(&format!("--{name}:")).unwrap() + name.len() + 3;
            Colour::parse(&sheet[at..at + 7]).unwrap()
        };
        for ground in ["paper", "surface", "tint"] {
            for (ink, contrast) in [("ink", 7.0), ("muted", 4.5), ("field", 3.0)] {
                let seen = colour(ink).contrast(colour(ground));
                assert!(contrast <= seen, "{ink} on {ground} of {paper}: {seen:.2}");
            }
        }
        assert!(4.5 <= colour("on-accent").contrast(colour("accent")), "{accent}");
        assert!(4.5 <= colour("accent-deep").contrast(colour("tint-deep")), "{accent}");
    }
}
