//! What was lost is brought back as it was, by AWS's own recovery.

use std::fs;

use crate::machine::{Machine, ONCE, copy_practice, words};

#[test]
fn a_practice_comes_back_as_it_was() {
    let machine = Machine::new("recovery");
    machine.says(&words(&Machine::deploys()), "y\n");
    // Haven was here once, and is not any more.
    let elsewhere = machine.folder.join("practice");
    copy_practice(&elsewhere);
    let once = format!("anteroom-at-{ONCE}");
    machine.says(&["add", &elsewhere.to_string_lossy(), "--stack", &once], "");
    let stack = ["--stack", "anteroom"];
    let there = |arguments: &[&str]| machine.says(&[arguments, &stack[..]].concat(), "");
    assert!(!there(&["list"]).contains("haven"));

    let at = ["--at", "2026-09-21T15:13:20+01:00"];
    let said = there(&[&["export", "haven", "haven.jsonl"], &at[..]].concat());
    assert!(said.contains("of haven, as of 2026-09-21 14:13 UTC"), "{said}");
    assert!(!said.contains("The house went on meanwhile"), "it is one moment: {said}");
    let asked = machine.asked();
    for table in ["practices", "clients", "calendar", "outbox"] {
        let restore = format!(
            "dynamodb restore-table-to-point-in-time --source-table-name anteroom-{table} \
             --target-table-name {once}-{table} --restore-date-time 2026-09-21T14:13:20Z"
        );
        assert!(asked.contains(&restore), "{restore:?} in {asked}");
        assert!(asked.contains(&format!("delete-table --table-name {once}-{table}")), "{asked}");
        assert!(!asked.contains(&format!("delete-table --table-name anteroom-{table}")), "{asked}");
    }
    there(&["import", "haven.jsonl"]);
    assert!(there(&["list"]).contains("haven: Harbour Coaching, hello@harbour.example"));

    // Somebody who is not in it leaves no file, and nothing stays behind.
    fs::remove_file(machine.tool("asked")).unwrap();
    let nobody = [&["export", "harbour", "harbour.jsonl"], &at[..], &stack[..]].concat();
    let refused = machine.complains(&nobody, "");
    assert!(refused.contains("there is no practice harbour"), "{refused}");
    assert_eq!(machine.asked().matches("delete-table").count(), 4);
    assert!(!machine.folder.join("harbour.jsonl").exists());

    fs::remove_file(machine.tool("asked")).unwrap();
    let later = ["export", "haven", "later.jsonl", "--at", "2999-01-01T00:00:00Z"];
    let refused = machine.complains(&[&later[..], &stack[..]].concat(), "");
    assert!(refused.contains("--at 2999-01-01T00:00:00Z is still to come"), "{refused}");
    let twice = [&["export", "haven", "haven.jsonl"], &at[..], &stack[..]].concat();
    let refused = machine.complains(&twice, "");
    assert!(refused.contains("cannot write the file haven.jsonl"), "{refused}");
    assert!(!machine.asked().contains("restore-table"), "AWS does not work for nothing");

    machine.says(&["add", &elsewhere.to_string_lossy(), "--data", "house"], "");
    let refused = machine
        .complains(&["backup", "all.jsonl", "--data", "house", "--at", "2026-09-21T14:13:20Z"], "");
    assert!(refused.contains("only AWS remembers how a house was"), "{refused}");
    let refused =
        machine.complains(&["backup", "all.jsonl", "--data", "house", "--at", "9 am"], "");
    assert!(refused.contains("it has the form 2026-11-22T10:00:00Z"), "{refused}");
}
