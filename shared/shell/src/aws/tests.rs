//! Where AWS is asked, and what is trusted there.

use super::{Connection, Endpoints, Identity};

#[test]
fn services_are_asked_in_their_region() {
    let mut aws = Endpoints { region: "eu-central-1".to_owned(), ..Endpoints::default() };
    assert_eq!(aws.of_service("email", None), "https://email.eu-central-1.amazonaws.com");
    aws.region = "cn-north-1".to_owned();
    assert_eq!(aws.of_service("ssm", None), "https://ssm.cn-north-1.amazonaws.com.cn");
}

#[test]
fn roots_that_cannot_be_read_are_found_at_once() {
    // The connector reads the roots when it is made: five of Amazon's, whose names are in the file.
    let roots = include_str!("amazon_roots.pem");
    assert_eq!(roots.matches("BEGIN CERTIFICATE").count(), 5);
    Connection::new(None).unwrap();
}

#[test]
fn credentials_come_whole_and_say_nothing_of_their_secret() {
    let of = |names: &'static [&'static str]| {
        Identity::from_environment(|name| names.contains(&name).then(|| name.to_lowercase()))
    };
    assert!(of(&["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"]).is_none());
    let whole = of(&["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]).unwrap();
    assert_eq!(whole.token, None);
    assert_eq!(format!("{whole:?}"), "Identity(aws_access_key_id)");
}
