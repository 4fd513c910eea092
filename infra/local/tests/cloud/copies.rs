//! Practices move, and nobody takes another's place.

use std::{fs, path::Path};

use domain::PracticeId;
use shell::{LinkKeys, LinkSecret};

use crate::machine::{Machine, copy_practice, words};

#[test]
fn a_practice_moves_to_aws_and_back() {
    let machine = Machine::new("moves");
    machine.says(&words(&Machine::deploys()), "y\n");
    let stack = ["--stack", "anteroom"];
    let there = |arguments: &[&str]| machine.says(&[arguments, &stack[..]].concat(), "harbour\n");
    assert!(there(&["backup", "all.jsonl"]).contains("have gone on since: who moves one"));
    there(&["suspend", "harbour"]);
    machine.is_closed_everywhere("harbour");
    assert!(
        there(&["list"]).contains("harbour: Harbour Coaching")
            && there(&["list"]).contains("suspended")
    );
    let copied = there(&["export", "harbour", "harbour.jsonl"]);
    assert!(copied.contains("of harbour"), "{copied}");
    assert!(copied.contains("  clients: ") && copied.contains("Once more"), "{copied}");
    assert!(!copied.contains("have gone on since"), "it is suspended: {copied}");
    assert!(there(&["remove", "harbour"]).contains("harbour is gone"));

    // Into a data folder of this machine, with its own secret alone, and back.
    let here = ["--data", "house"];
    let home = |arguments: &[&str]| machine.says(&[arguments, &here[..]].concat(), "harbour\n");
    home(&["import", "harbour.jsonl"]);
    let secret = fs::read_to_string(machine.tool("secret")).unwrap();
    let secret = secret.trim().trim_end_matches("\\n").to_owned();
    let keys = LinkKeys::parse(&secret).unwrap();
    let harbour = PracticeId::parse("harbour").unwrap();
    let kept = fs::read_to_string(machine.folder.join("house/link.keys")).unwrap();
    assert!(kept.ends_with(&format!("\nharbour {}\n", keys.of(&harbour).to_hex())));
    assert!(!kept.contains(&secret), "the house's own stays where it is");
    home(&["export", "harbour", "back.jsonl"]);
    assert!(there(&["import", "back.jsonl"]).contains("anteroom resume harbour --stack anteroom"));
    there(&["resume", "harbour"]);
    let kept = fs::read_to_string(machine.tool("secret")).unwrap();
    assert_eq!(kept.trim().trim_end_matches("\\n"), secret, "at home it needs no line");

    // One that was signed with another secret brings it along, and the functions start anew.
    let other = ["--data", "other"];
    let elsewhere = machine.folder.join("practice");
    copy_practice(&elsewhere);
    fs::create_dir_all(machine.folder.join("other")).unwrap();
    fs::write(machine.folder.join("other/link.keys"), "0f".repeat(32)).unwrap();
    let haven = PracticeId::parse("haven").unwrap();
    let own = LinkKeys::new(LinkSecret::new([0x0f; 32])).of(&haven).to_hex();
    let folder = elsewhere.to_string_lossy().into_owned();
    machine.says(&[&["add", &folder], &other[..]].concat(), "");
    machine.says(&[&["export", "haven", "haven.jsonl"], &other[..]].concat(), "");
    machine.mark("busy");
    let import = [&["import", "haven.jsonl"], &stack[..]].concat();
    let busy = machine.complains(&import, "");
    assert!(busy.contains("UPDATE_IN_PROGRESS"), "{busy}");
    assert!(!there(&["list"]).contains("haven"), "nothing is here before all of it is");
    fs::remove_file(machine.tool("busy")).unwrap();
    there(&["import", "haven.jsonl"]);
    let kept = fs::read_to_string(machine.tool("secret")).unwrap();
    assert_eq!(kept.trim(), format!("{secret}\\nhaven {own}\\n"));
    let asked = machine.asked();
    assert!(asked.contains(r#""ParameterKey":"LinkKeysVersion","ParameterValue":"2""#), "{asked}");
    assert!(!asked.contains(&own) && !asked.contains(&secret), "nobody sees a secret");
}

#[test]
fn nobody_takes_anothers_place_or_sends_from_where_this_house_does_not() {
    let machine = Machine::new("place");
    machine.says(&words(&Machine::deploys()), "y\n");
    let elsewhere = machine.folder.join("practice");
    let folder = elsewhere.to_string_lossy().into_owned();
    copy_practice(&elsewhere);
    let settings = elsewhere.join("practice.toml");
    let of_haven = fs::read_to_string(&settings).unwrap();
    let of_haven = of_haven
        .replace("name = \"Harbour Coaching\"", "name = \"Haven\"")
        .replace("hello@harbour.example", "hello@haven.example");
    // Copied from the other's folder, and the id forgotten.
    fs::write(&settings, of_haven.replace("id = \"haven\"", "id = \"harbour\"")).unwrap();
    let stack = ["--stack", "anteroom"];
    let there = |arguments: &[&str]| machine.complains(&[arguments, &stack[..]].concat(), "");
    let refused = there(&["add", &folder]);
    assert!(refused.contains("this house sends for harbour.example only"), "{refused}");
    let here = ["--data", "house"];
    let home = |arguments: &[&str]| machine.run(&[arguments, &here[..]].concat(), "");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour");
    assert!(home(&["add", &example.to_string_lossy()]).status.success());
    let refused = String::from_utf8(home(&["add", &folder]).stderr).unwrap();
    assert!(refused.contains("harbour is Harbour Coaching here"), "{refused}");
    // Brought in as a copy, it could not send either.
    fs::write(&settings, of_haven).unwrap();
    assert!(home(&["add", &folder]).status.success());
    assert!(home(&["export", "haven", "haven.jsonl"]).status.success());
    let refused = there(&["import", "haven.jsonl"]);
    assert!(refused.contains("this house sends for harbour.example only"), "{refused}");
    let both = machine.run(&["list", "--stack", "anteroom", "--data", "house"], "");
    let words = String::from_utf8_lossy(&both.stderr).into_owned();
    assert!(words.contains("cannot be used with"), "{words}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(machine.folder.join("house")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "clients' answers are for the owner's eyes");
    }
}
