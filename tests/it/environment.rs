//! What a function is given to read is what it reads, and what it is then allowed to.

use std::collections::BTreeSet;

use operate::StackName;
use serde_json::Value;
use tests::{
    Given,
    roles::statements_of,
    template::{Function, Template},
};

use crate::tidy::{root, text};

/// A stack, and what AWS itself knows.
const GIVEN: Given<'_> = Given(&[
    ("AWS::StackName", "harbour-house"),
    ("AWS::Partition", "aws"),
    ("AWS::Region", "eu-central-1"),
    ("AWS::AccountId", "123456789012"),
    ("MailSet", "harbour-house"),
    ("Domain", "book.example.org"),
]);

/// Nobody reads it: that it is another makes AWS start the functions anew.
const STARTS_ANEW: &str = "ANTEROOM_LINK_KEYS_VERSION";

/// The secret itself is for a developer's machine; in the cloud nobody may see it in an environment.
const FOR_DEVELOPERS: &str = "ANTEROOM_LINK_KEY";

/// What only whoever sends letters is given.
const OF_THE_POST: &str = "ANTEROOM_MAIL_SET";

/// The settings that a function reads, by the words in its source.
fn read_by_functions() -> BTreeSet<String> {
    let source = text(&root().join("shared/shell/src/cloud/settings.rs"));
    let words = source.split('"').filter(|word| word.starts_with("ANTEROOM_"));
    let names: BTreeSet<String> = words.map(str::to_owned).collect();
    assert!(names.len() >= 5, "{names:?}");
    names
}

#[test]
fn a_function_is_given_what_it_reads_and_nothing_else() {
    let template = Template::read();
    for Function { name, .. } in template.functions() {
        let given: BTreeSet<String> = template.environment_of(&name, &GIVEN).into_keys().collect();
        let mut expected = read_by_functions();
        assert!(expected.remove(FOR_DEVELOPERS));
        assert!(expected.remove(OF_THE_POST));
        assert!(expected.insert(STARTS_ANEW.to_owned()), "nobody reads {STARTS_ANEW}");
        if name == "post" {
            expected.insert(OF_THE_POST.to_owned());
        }
        assert_eq!(given, expected, "{name}");
    }
}

#[test]
fn the_values_are_those_of_the_stack() {
    let template = Template::read();
    let post = template.environment_of("post", &GIVEN);
    let expected = [
        ("ANTEROOM_LINK_KEYS_PARAMETER", "/anteroom/harbour-house/link-keys"),
        (STARTS_ANEW, "1"),
        (OF_THE_POST, "harbour-house"),
        ("ANTEROOM_ORIGIN", "https://book.example.org"),
        ("ANTEROOM_TABLES", "harbour-house-"),
    ];
    let post: Vec<(&str, &str)> = post.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(post, expected);
    let nowhere = Given(&[("AWS::StackName", "harbour-house")]);
    let desk = template.environment_of("desk", &nowhere);
    assert_eq!(desk["ANTEROOM_ORIGIN"], "https://origin-not-known-yet.invalid");
    assert_eq!(template.resolved(&template.resource("MailSet")["Name"], &GIVEN), "harbour-house");
}

/// The secret that signs links lies where operators put it, where functions look, and where their
/// roles let them.
#[test]
fn everybody_means_the_same_parameter() {
    let template = Template::read();
    let stack: StackName = "harbour-house".parse().unwrap();
    let path = stack.link_keys_parameter();
    let arn = format!("arn:aws:ssm:eu-central-1:123456789012:parameter{path}");
    for function in template.functions() {
        let environment = template.environment_of(&function.name, &GIVEN);
        assert_eq!(environment["ANTEROOM_LINK_KEYS_PARAMETER"], path, "{}", function.name);
        let statements = statements_of(&template, &function);
        let named = |sid: &str| {
            let found = statements.iter().find(|statement| statement["Sid"] == sid);
            found.unwrap_or_else(|| panic!("{} has no {sid}", function.name))
        };
        let read = &named("LinkKeys")["Resource"];
        assert_eq!(template.resolved(read, &GIVEN), arn, "{}", function.name);
        let of = &named("LinkKeysInClear")["Condition"]["StringEquals"];
        let of = &of["kms:EncryptionContext:PARAMETER_ARN"];
        assert_eq!(template.resolved(of, &GIVEN), arn, "{}", function.name);
    }
    let output: &Value = &template.under("Outputs")["LinkKeysParameter"]["Value"];
    assert_eq!(template.resolved(output, &GIVEN), path);
}
