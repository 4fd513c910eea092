//! What was lost is brought back as it was, by AWS's own recovery.

use std::{fs, path::PathBuf};

use crate::machine::{Machine, ONCE, copy_practice, words};

/// Haven is among the tables as they were; answers what their names begin with, and its folder.
fn haven_was_here_once(machine: &Machine) -> (String, PathBuf) {
    let elsewhere = machine.folder.join("practice");
    copy_practice(&elsewhere);
    let once = format!("anteroom-at-{ONCE}");
    machine.mark("once");
    machine.says(&["add", &elsewhere.to_string_lossy(), "--stack", &once], "");
    fs::remove_file(machine.tool("once")).unwrap();
    (once, elsewhere)
}

#[test]
fn a_practice_comes_back_as_it_was() {
    let machine = Machine::new("recovery");
    machine.says(&words(&Machine::deploys()), "y\n");
    // Haven was here once, and is not any more.
    let (once, elsewhere) = haven_was_here_once(&machine);
    let stack = ["--stack", "anteroom"];
    let there = |arguments: &[&str]| machine.says(&[arguments, &stack[..]].concat(), "");
    assert!(!there(&["list"]).contains("haven"));

    let at = ["--at", "2026-09-21T15:13:20+01:00"];
    let said = there(&[&["export", "haven", "haven.jsonl"], &at[..]].concat());
    assert!(said.contains("of haven, as of 2026-09-21 14:13 UTC"), "{said}");
    assert!(!said.contains("have gone on since"), "it is over: {said}");
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

#[test]
fn a_moment_within_somebodys_work_is_refused() {
    let machine = Machine::new("torn");
    machine.says(&words(&Machine::deploys()), "y\n");
    haven_was_here_once(&machine);
    machine.was_at_work_once("haven");
    let at = ["--at", "2026-09-21T14:13:20Z", "--stack", "anteroom"];
    let export = [&["export", "haven", "haven.jsonl"], &at[..]].concat();
    let refused = machine.complains(&export, "");
    assert!(refused.contains("what AWS has brought back is not of one moment"), "{refused}");
    assert!(refused.contains("is of a commit that it has not"), "{refused}");
    assert!(refused.contains("some seconds before or after"), "{refused}");
    assert!(!machine.folder.join("haven.jsonl").exists(), "no copy is left");
    assert_eq!(machine.asked().matches("delete-table").count(), 4, "nor what was brought back");
}

#[test]
fn a_recovery_that_was_cut_off_goes_on_and_leaves_nothing() {
    let machine = Machine::new("cut-off");
    machine.says(&words(&Machine::deploys()), "y\n");
    let (once, _) = haven_was_here_once(&machine);
    let stack = ["--stack", "anteroom"];
    let at = ["--at", "2026-09-21T14:13:20Z"];
    let export = [&["export", "haven", "haven.jsonl"], &at[..], &stack[..]].concat();

    // AWS brings one back, and has enough.
    machine.mark("toomany");
    let refused = machine.complains(&export, "");
    assert!(refused.contains("Too many tables are restored"), "{refused}");
    assert!(refused.contains(&format!("{once}-practices are there already")), "{refused}");
    assert!(!machine.asked().contains("delete-table"), "the same command goes on");
    fs::remove_file(machine.tool("toomany")).unwrap();

    // The world is in the way of the copy: what was brought back stays for the next try.
    fs::create_dir_all(machine.folder.join("haven.jsonl.part/full")).unwrap();
    let stopped = machine.run(&export, "");
    let said = String::from_utf8_lossy(&stopped.stdout).into_owned();
    assert!(!stopped.status.success() && said.contains("stays for the same command"), "{said}");
    assert!(!machine.asked().contains("delete-table"), "{}", machine.asked());
    fs::remove_dir_all(machine.folder.join("haven.jsonl.part")).unwrap();

    // An earlier one is being removed, and half a file lies about.
    fs::rename(
        machine.tool(&format!("table-{once}-outbox")),
        machine.tool(&format!("deleting-{once}-outbox")),
    )
    .unwrap();
    fs::write(machine.folder.join("haven.jsonl.part"), "half").unwrap();
    fs::remove_file(machine.tool("asked")).unwrap();
    machine.says(&export, "");
    let asked = machine.asked();
    let restored = asked.lines().filter(|line| line.contains("restore-table")).count();
    assert_eq!(restored, 1, "only what was not there: {asked}");
    for left in [".part", ".taking"] {
        assert!(!machine.folder.join(format!("haven.jsonl{left}")).exists(), "{left}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(machine.folder.join("haven.jsonl")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is for its owner's eyes");
    }

    // What cannot be removed is named; whoever takes the house down removes it with it.
    machine.mark("stays");
    let again = [&["export", "haven", "again.jsonl"], &at[..], &stack[..]].concat();
    let left = machine.complains(&again, "");
    assert!(
        left.contains("the copy is taken") && left.contains(&format!("{once}-outbox")),
        "{left}"
    );
    assert!(machine.folder.join("again.jsonl").exists());
    fs::remove_file(machine.tool("stays")).unwrap();
    let gone = machine.says(&[&["teardown", "--delete-data"], &stack[..]].concat(), "anteroom\n");
    assert!(gone.contains(&format!("{once}-clients, which AWS had brought back")), "{gone}");
    assert!(!machine.asked().contains("delete-table --table-name anteroom-2"));
    machine.mark("none");
    let nothing = machine.complains(&[&["teardown", "--delete-data"], &stack[..]].concat(), "");
    assert!(nothing.contains("there is nothing of a house anteroom"), "{nothing}");
}
