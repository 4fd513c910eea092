use super::*;

fn question(id: &str, kind: QuestionKind) -> Question {
    let id = QuestionId::parse(id).unwrap();
    Question { id, ask: "?".into(), help: None, required: true, kind, show_if: None }
}

fn questionnaire(questions: Vec<Question>) -> Questionnaire {
    Questionnaire {
        id: QuestionnaireId::parse("q").unwrap(),
        title: "Q".into(),
        lead: String::new(),
        sections: vec![Section { heading: "S".into(), help: None, questions }],
    }
}

fn answers(typed: &[(&str, &str)]) -> Answers {
    let typed =
        typed.iter().map(|(id, value)| (QuestionId::parse(id).unwrap(), (*value).to_owned()));
    Answers::collect(typed)
}

#[track_caller]
fn check(kind: QuestionKind, values: &[&str], expected: &str) {
    let questionnaire = questionnaire(vec![question("a", kind)]);
    let typed: Vec<_> = values.iter().map(|value| ("a", *value)).collect();
    let words = match questionnaire.check(&answers(&typed)) {
        Ok(_) => "fine".to_owned(),
        Err(mistakes) => mistakes[0].words.clone(),
    };
    assert_eq!(words, expected, "{values:?}");
}

#[test]
fn every_kind_explains_what_it_wants() {
    let choices = || vec!["red".to_owned(), "blue".to_owned()];
    check(QuestionKind::Short { length_max: 3 }, &[], "Please answer this question.");
    check(QuestionKind::Short { length_max: 3 }, &["  "], "Please answer this question.");
    check(QuestionKind::Short { length_max: 3 }, &["abc"], "fine");
    check(
        QuestionKind::Long { length_max: 3 },
        &["абвг"],
        "Please use at most 3 characters; these are 4.",
    );
    check(QuestionKind::One { choices: choices() }, &["red"], "fine");
    check(QuestionKind::One { choices: choices() }, &["green"], "Please choose from the list.");
    check(
        QuestionKind::One { choices: choices() },
        &["red", "blue"],
        "Please give one answer only.",
    );
    let several = || QuestionKind::Several { choices: choices(), choices_max: 1 };
    check(several(), &[], "Please choose at least one.");
    check(several(), &["red", "blue"], "Please choose at most 1; 2 are chosen.");
    check(several(), &["pink"], "Please choose from the list.");
    let no_label = String::new;
    let scale =
        || QuestionKind::Scale { from: 1, to: 5, from_label: no_label(), to_label: no_label() };
    check(scale(), &["5"], "fine");
    check(scale(), &["6"], "Please choose a step from 1 to 5.");
    check(scale(), &["1e0"], "Please choose a step from 1 to 5.");
    let number = || QuestionKind::Number { min: Some(0.0), max: Some(100.0), unit: None };
    check(number(), &["7,5"], "fine");
    check(number(), &["-1"], "Please give a number of at least 0.");
    check(number(), &["101"], "Please give a number of at most 100.");
    for hostile in ["1e309", "inf", "NaN", "0x10", "१२", "1,000,000", "--1", "1.", ".5"] {
        check(number(), &[hostile], "Please give a number in digits, for example 12 or 7.5.");
    }
    check(QuestionKind::Date, &["2028-02-29"], "fine");
    for hostile in ["2027-02-29", "31.3.2027", "0-1-1", "2027-3-31", "tomorrow"] {
        let words = "Please give a date as year-month-day, for example 2027-03-31.";
        check(QuestionKind::Date, &[hostile], words);
    }
    check(QuestionKind::YesNo, &["maybe"], "Please choose yes or no.");
    check(QuestionKind::Consent, &[], "Please tick the box to go on.");
    check(QuestionKind::Consent, &["yes"], "fine");
}

#[test]
fn a_hidden_question_asks_nothing_and_what_was_typed_there_is_kept() {
    let mut which = question("which", QuestionKind::Short { length_max: 9 });
    which.show_if =
        Some(Condition { question: QuestionId::parse("before").unwrap(), is: "yes".into() });
    let mut why = question("why", QuestionKind::Short { length_max: 9 });
    why.show_if = Some(Condition { question: which.id.clone(), is: "x".into() });
    let questionnaire = questionnaire(vec![question("before", QuestionKind::YesNo), which, why]);

    let complete = questionnaire.check(&answers(&[("before", "no"), ("which", "x")])).unwrap();
    assert_eq!(complete.typed().of(&QuestionId::parse("which").unwrap()), ["x"]);

    let mistakes = questionnaire.check(&answers(&[("before", "yes"), ("which", "x")])).unwrap_err();
    assert_eq!(mistakes.len(), 1, "only `why` is missing: {mistakes:?}");
}

#[test]
fn answers_have_limits_and_lose_disguises() {
    let id = || QuestionId::parse("a").unwrap();
    let check = |typed: Vec<(QuestionId, String)>| Answers::collect(typed).check_size();
    assert_eq!(check(vec![(id(), "x".repeat(60_000))]), Ok(()));
    assert_eq!(check(vec![(id(), "x".repeat(60_001))]), Err(AnswersTooLarge));
    let many = |value: &str, count| vec![(id(), value.to_owned()); count];
    assert_eq!(check(many("x", 200)), Ok(()));
    assert_eq!(check(many("x", 201)), Err(AnswersTooLarge));
    assert_eq!(check(many("", 1_000)), Ok(()), "what is empty takes no room");
    assert_eq!(answers(&[("a", " x\r\ny\u{202E}\0 ")]).of(&id()), ["x\ny"]);
}
