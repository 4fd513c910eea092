//! A house is put onto AWS, looked after there, and taken off it.

use std::{fs, net::UdpSocket};

use crate::machine::{Machine, copy_practice, words};

#[test]
fn a_house_is_put_onto_aws_and_taken_off_it() {
    let machine = Machine::new("cloud");
    let deploy = Machine::deploys();
    for (command, what) in
        [("status", "stack"), ("doctor", "stack"), ("teardown", "stack"), ("list", "house")]
    {
        let missing = machine.complains(&[command, "--stack", "anteroom"], "");
        assert!(
            missing.contains(&format!("there is no {what} anteroom in this region")),
            "{missing}"
        );
    }
    let said = machine.says(&words(&deploy), "y\n");
    for expected in [
        "account 111122223333, region eu-central-1",
        "+ OptInFunction (AWS::Lambda::Function)",
        "Make all this? [y/N]",
        "Harbour Coaching is here: /harbour",
        "so it is paused: its letters wait",
        "anteroom resume harbour --stack anteroom --region eu-central-1",
        "/harbour answers.",
        "/nobody-is-here/desk/sign-in answers.",
        "/nobody-is-here/calendar/nobody answers.",
        "anteroom-post does its work.",
        "abc._domainkey.harbour.example CNAME abc.dkim.amazonses.com",
        "SES sends to addresses it has verified only (sandbox), as with every new account",
    ] {
        assert!(said.contains(expected), "{expected:?} in {said}");
    }
    let asked = machine.asked();
    let count = |what: &str| asked.lines().filter(|line| line.starts_with(what)).count();
    assert_eq!(count("cloudformation execute-change-set"), 2, "the second time with its address");
    assert!(asked.contains(r#""ParameterKey":"Domain","ParameterValue":"127.0.0.1""#), "{asked}");
    let secret = fs::read_to_string(machine.tool("secret")).unwrap();
    let secret = secret.trim().trim_end_matches("\\n");
    assert_eq!(secret.len(), 64);
    assert!(!asked.contains(secret) && !said.contains(secret), "nobody sees the secret");
    let built = fs::read_to_string(machine.tool("built")).unwrap();
    let command = "cargo lambda build --profile lambda --arm64 --skip-target-check -o zip --locked";
    assert!(built.contains(command), "{built}");
    let zip = fs::read(machine.folder.join("target/lambda/opt-in/bootstrap.zip")).unwrap();
    assert_eq!(zip[10..14], [0, 0, 0x21, 0], "no program says when it was built");

    let again = machine.says(&words(&deploy), "");
    assert!(again.contains("Nothing: it is so already."), "{again}");
    // A newer version without a folder: a practice that is here is looked at.
    let plain = machine.says(&["deploy", "--stack", "anteroom"], "");
    assert!(plain.contains("/harbour answers.") && plain.contains("Done."), "{plain}");
    assert!(again.contains("has this handbook already"), "{again}");

    looked_over(&machine);
    taken_down(&machine);
}

fn looked_over(machine: &Machine) {
    let stack = ["--stack", "anteroom"];
    let status = machine.says(&[&["status"], &stack[..]].concat(), "");
    for expected in
        ["UPDATE_COMPLETE", "harbour: Harbour Coaching, hello@", "anteroom-bounces", "the post: 2"]
    {
        assert!(status.contains(expected), "{expected:?} in {status}");
    }
    assert!(!status.contains("anteroom-2"), "another house's alarm: {status}");
    let dns = machine.dns.to_string();
    let doctor = machine.run(&[&["doctor", "--dns", &dns], &stack[..]].concat(), "");
    let found = String::from_utf8_lossy(&doctor.stdout).into_owned();
    for expected in [
        "ok     the clock of this machine is right",
        "ok     links of letters that have left still open",
        "ok     DKIM: abc is published",
        "ok     SPF: bounce.harbour.example names SES",
        "ok     bounces: bounce.harbour.example leads to SES",
        "wrong  DMARC: there is no record",
        "wrong  2 dead letters of the post",
        "wrong  nobody hears of alarms yet",
        "look   harbour is paused: its letters wait",
    ] {
        assert!(found.contains(expected), "{expected:?} in {found}");
    }
    assert!(!doctor.status.success());
    let misspelt = ["doctor", "--dns", &dns, "--mail-domain", "harbor.example"];
    let misspelt = machine.run_wherever(&misspelt, "");
    let found = String::from_utf8_lossy(&misspelt.stdout).into_owned();
    assert!(found.contains("wrong  the DNS has nothing under the name harbor.example"), "{found}");
    assert!(!found.contains("SPF"), "one cause is said once: {found}");
    // A port where nobody answers.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap().to_string();
    let nobody = ["doctor", "--dns", &silent, "--mail-domain", "harbour.example"];
    let nobody = machine.run_wherever(&nobody, "");
    let found = String::from_utf8_lossy(&nobody.stdout).into_owned();
    assert!(found.contains("wrong  the DNS does not answer"), "{found}");
    assert_eq!(found.lines().count(), 2, "one cause is said once: {found}");
}

fn taken_down(machine: &Machine) {
    let stack = ["--stack", "anteroom"];
    let kept = machine.complains(&[&["teardown"], &stack[..]].concat(), "yes\n");
    assert!(kept.contains("that was not anteroom; nothing was changed"), "{kept}");
    let kept = machine.complains(&[&["teardown"], &stack[..]].concat(), "");
    assert!(kept.contains("you did not agree"), "{kept}");
    let down = machine.says(&[&["teardown"], &stack[..]].concat(), "anteroom\n");
    assert!(down.contains("are still here, with everything in them"), "{down}");
    assert!(!machine.asked().contains("delete-table"));
    machine.mark("tables");
    let gone = machine.says(&[&["teardown", "--delete-data"], &stack[..]].concat(), "anteroom\n");
    assert!(gone.contains("anteroom-clients is removed"), "{gone}");
}

#[test]
fn nothing_is_changed_that_was_not_agreed_to_or_would_lose_what_is_kept() {
    let machine = Machine::new("careful");
    let deploy = Machine::deploys();
    let refused = machine.run(&words(&deploy), "no\n");
    let (said, complained) = (&refused.stdout, &refused.stderr);
    assert!(String::from_utf8_lossy(complained).contains("you did not agree"));
    assert!(String::from_utf8_lossy(said).contains("/anteroom/anteroom/link-keys"), "what is left");
    assert!(machine.asked().contains("delete-change-set"), "nothing is left behind");
    machine.mark("loses");
    let refused = machine.complains(&words(&deploy), "y\n");
    assert!(refused.contains("would take away the table ClientsTable"), "{refused}");
    assert!(!machine.asked().contains("execute-change-set"), "{}", machine.asked());
    machine.mark("known");
    machine.complains(&words(&deploy), "y\n");
    let kept = r#""ParameterKey":"CreateMailIdentity","ParameterValue":"no""#;
    assert!(machine.asked().contains(kept), "an identity that SES has is left alone");
    let mut other = deploy.clone();
    "elsewhere.example".clone_into(&mut other[4]);
    let refused = machine.complains(&words(&other), "");
    assert!(refused.contains("this house sends for elsewhere.example only"), "{refused}");
    machine.mark("tables");
    let refused = machine.complains(&words(&deploy), "y\n");
    assert!(refused.contains("the table anteroom-practices of an earlier stack"), "{refused}");
    let refused = machine.complains(&["deploy", "--stack", "Anteroom!"], "");
    assert!(refused.contains("a stack's name has small letters"), "{refused}");
    let refused = machine.complains(&["deploy"], "");
    assert!(refused.contains("name the house: --stack NAME"), "{refused}");
}

#[test]
fn a_slip_of_the_pen_is_said_before_anything_is_asked_or_built() {
    let machine = Machine::new("slips");
    let deploy = Machine::deploys();
    for (more, expected) in [
        (&["--domain", "https://book.harbour.example"][..], "must be a host in lower case"),
        (&["--certificate", "my-certificate"], "must be the ARN of a certificate"),
        (&["--set", "LogDays=91"], "it is one of 1, 3, 5"),
        (&["--set", "LogDay=90"], "there is no such parameter; there are AlarmAddress"),
        (&["--bucket", "s3://programs"], "a bucket's name has small letters"),
    ] {
        let refused = machine.complains(&[&words(&deploy)[..], more].concat(), "");
        assert!(refused.contains(expected), "{expected:?} in {refused}");
    }
    assert_eq!(machine.asked(), "", "AWS was not asked");
    assert!(!machine.tool("built").exists(), "nothing was built");
    let certificate = "arn:aws:acm:eu-central-1:111122223333:certificate/1a-2b";
    let alone = [&words(&deploy)[..], &["--certificate", certificate]].concat();
    let refused = machine.complains(&[&alone[..], &["--dry-run"]].concat(), "");
    assert!(refused.contains("a certificate is for a domain"), "{refused}");
    assert!(!machine.tool("built").exists(), "no tool was looked at");
    let refused = machine.complains(&alone, "");
    assert!(refused.contains("a certificate is for a domain: --domain names it"), "{refused}");
    let built = fs::read_to_string(machine.tool("built")).unwrap();
    assert!(!built.contains("lambda build"), "{built}");
}

#[test]
fn what_does_not_answer_is_told_and_hides_nothing_else() {
    let machine = Machine::new("tried-out");
    machine.mark("function-fails");
    let deployed = machine.run(&words(&Machine::deploys()), "y\n");
    assert!(!deployed.status.success());
    let said = String::from_utf8_lossy(&deployed.stdout).into_owned();
    let refused = String::from_utf8_lossy(&deployed.stderr).into_owned();
    for function in ["reminders", "post"] {
        let expected = format!("the function {function} fails (Unhandled): see its log");
        assert!(refused.contains(&expected), "{expected:?} in {refused}");
    }
    assert!(said.contains("/harbour answers.") && said.contains("(see the end)"), "{said}");
    assert!(said.contains("CNAME abc.dkim.amazonses.com"), "what is to be published: {said}");
}

#[test]
fn a_house_that_gets_a_domain_goes_on_answering_where_its_links_lead() {
    let machine = Machine::new("domain");
    let deploy = Machine::deploys();
    machine.says(&words(&deploy), "y\n");
    let certificate = "arn:aws:acm:eu-central-1:111122223333:certificate/1a-2b";
    let domain = ["--domain", "book.harbour.example", "--certificate", certificate];
    let said = machine.says(&[&words(&deploy)[..], &domain].concat(), "y\n");
    assert!(said.contains("so that goes on answering"), "{said}");
    let kept = r#""ParameterKey":"ApiHostAnswers","ParameterValue":"yes""#;
    assert!(machine.asked().contains(kept), "{}", machine.asked());

    // And when it gives the domain back, no letter leaves with an address that is not known.
    fs::remove_file(machine.tool("asked")).unwrap();
    let none = ["--domain", "", "--certificate", "", "--zone", ""];
    let said = machine.says(&[&words(&deploy)[..], &none].concat(), "y\n");
    assert!(!said.contains("which was not known before"), "{said}");
    let asked = machine.asked();
    let made: Vec<&str> = asked.lines().filter(|line| line.contains("create-change-set")).collect();
    let host = r#""ParameterKey":"Domain","ParameterValue":"127.0.0.1""#;
    assert!(made.len() == 1 && made[0].contains(host), "{made:?}");
}

#[test]
fn a_house_that_is_to_send_for_another_domain_cuts_nobody_off() {
    let machine = Machine::new("mail-domain");
    let deploy = Machine::deploys();
    machine.says(&words(&deploy), "y\n");
    fs::remove_file(machine.tool("built")).unwrap();
    let stack = ["--stack", "anteroom"];
    let other = ["deploy", "--mail-domain", "elsewhere.example"];
    let refused = machine.complains(&[&other[..], &stack].concat(), "");
    assert!(refused.contains("harbour has the address hello@harbour.example"), "{refused}");
    let built = fs::read_to_string(machine.tool("built")).unwrap();
    assert!(!built.contains("lambda build"), "{built}");
    // Nobody is in the way who moves along, and SES is told of a domain that it does not know.
    let elsewhere = machine.folder.join("practice");
    copy_practice(&elsewhere);
    let settings = elsewhere.join("practice.toml");
    let text = fs::read_to_string(&settings).unwrap().replace("id = \"haven\"", "id = \"harbour\"");
    fs::write(&settings, text.replace("@harbour.example", "@elsewhere.example")).unwrap();
    let folder = elsewhere.to_string_lossy().into_owned();
    machine.says(&[&other[..], &stack, &["--with", &folder]].concat(), "y\n");
    let told = r#""ParameterKey":"CreateMailIdentity","ParameterValue":"yes""#;
    assert!(machine.asked().contains(told), "{}", machine.asked());
}

#[test]
fn what_is_in_the_way_is_said_before_anything_is_built() {
    let machine = Machine::new("in-the-way");
    let deploy = Machine::deploys();
    machine.mark("no-zig");
    let python = machine.tool("python3");
    fs::copy(machine.tool("zig"), &python).unwrap();
    let refused = machine.complains(&words(&deploy), "");
    assert!(refused.contains("cannot run `zig`"), "{refused}");
    fs::remove_file(machine.tool("no-zig")).unwrap();
    let said = machine.says(&words(&deploy), "y\n");
    let (account, end) = said.split_once("The programs").unwrap();
    assert!(account.contains("verified only (sandbox), as with every new account"), "{account}");
    assert!(!end.contains("as with every new account"), "once is enough: {end}");
    fs::remove_file(machine.tool("built")).unwrap();
    for (status, words_of_it) in [
        ("UPDATE_IN_PROGRESS", "AWS is at work on anteroom"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "anteroom status --stack anteroom --region"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback"),
    ] {
        fs::write(machine.tool("status"), status).unwrap();
        let refused = machine.complains(&words(&deploy), "");
        assert!(refused.contains(words_of_it), "{refused}");
    }
    let built = fs::read_to_string(machine.tool("built")).unwrap();
    assert!(!built.contains("lambda build"), "{built}");
    fs::remove_file(machine.tool("status")).unwrap();
    machine.mark("elsewhere");
    let refused = machine.complains(&[&words(&deploy)[..], &["--bucket", "abc"]].concat(), "");
    assert!(refused.contains("the bucket abc is in us-east-1"), "{refused}");
}

#[test]
fn who_signs_in_by_a_profile_names_neither_keys_nor_region() {
    let machine = Machine::new("profile");
    fs::write(machine.tool("version"), "aws-cli/2.9.19 Python/3.11").unwrap();
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(refused.contains("is aws-cli/2.9.19 Python/3.11; install version 2.13"), "{refused}");
    fs::write(machine.tool("version"), "aws-cli/2.13.0 Python/3.11").unwrap();
    machine.says(&words(&Machine::deploys()), "y\n");
    let list = machine.run_wherever(&["list", "--stack", "anteroom", "--profile", "olive"], "");
    let listed = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(listed.contains("harbour: Harbour Coaching"), "{listed}");
    let asked = machine.asked();
    for expected in [
        "configure get region --profile olive",
        "configure export-credentials --format process --profile olive",
        "dynamodb describe-table --table-name anteroom-practices --profile olive",
    ] {
        assert!(asked.contains(expected), "{expected:?} in {asked}");
    }
}

#[test]
fn changes_that_are_refused_say_why() {
    let machine = Machine::new("mistaken");
    machine.mark("mistaken");
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(refused.contains("does not take it: The change set has errors."), "{refused}");
    assert!(refused.contains("DeskLog: a log group of this name exists"), "{refused}");
}

#[test]
fn a_stack_that_fails_says_why() {
    let machine = Machine::new("fails");
    machine.mark("fails");
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(refused.contains("MailIdentity: harbour.example already exists"), "{refused}");
    assert!(!refused.contains("cancelled"), "what was ended for it is no cause: {refused}");
    assert!(!refused.contains("long ago"), "nor what failed before: {refused}");
    assert!(refused.contains("nobody was let in yet"), "{refused}");
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(
        refused.contains("teardown --stack anteroom --region eu-central-1 --delete-data"),
        "{refused}"
    );
}

#[test]
fn a_rehearsal_asks_nobody() {
    let machine = Machine::new("rehearsal");
    let deploy = Machine::deploys();
    let said = machine.says(&[&words(&deploy)[..], &["--dry-run"]].concat(), "");
    assert_eq!(machine.asked(), "", "AWS was not asked");
    for expected in [
        "Harbour Coaching (harbour) is complete.",
        "opt-in",
        "would run: aws sts get-caller-identity --region eu-central-1",
        "would run: aws ssm put-parameter",
        "would run: aws cloudformation create-change-set --stack-name anteroom",
        "would put handbook",
        "Nothing was changed.",
    ] {
        assert!(said.contains(expected), "{expected:?} in {said}");
    }
    let costs = machine.says(&["costs", "--bookings", "1000"], "");
    assert!(costs.contains("to be paid"), "{costs}");
}

#[test]
fn a_certificate_of_another_region_is_refused_before_anything_is_built() {
    let machine = Machine::new("certificate");
    let arn = "arn:aws:acm:us-east-1:111122223333:certificate/1a-2b";
    let domain = ["--domain", "book.harbour.example", "--certificate", arn].map(str::to_owned);
    let deploy = [Machine::deploys(), domain.to_vec()].concat();
    let refused = machine.complains(&words(&deploy), "y\n");
    assert!(refused.contains("the certificate is of us-east-1"), "{refused}");
    let cargo = fs::read_to_string(machine.tool("built")).unwrap();
    assert!(!cargo.contains("lambda build"), "{cargo}");
}
