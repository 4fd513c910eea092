//! The house from the keyboard: it starts, says where everything is, and says what is wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// A folder of this test alone, gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour")
}

fn anteroom(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anteroom"));
    // From the root of the project, as the README has it.
    command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "it should have refused");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running house; ended when the test is over.
struct Running(Child);

impl Running {
    /// Starts a house with a clock that is moved, and waits until it says that it is open.
    fn start(data: &str, port: u16) -> (Self, Vec<String>) {
        Self::start_with(data, port, "manual")
    }

    fn start_with(data: &str, port: u16, clock: &str) -> (Self, Vec<String>) {
        let port = port.to_string();
        let mut command = anteroom(&["--data", data, "--port", &port, "--clock", clock]);
        let mut house = Self(command.stdout(Stdio::piped()).spawn().unwrap());
        let lines = BufReader::new(house.0.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut said = Vec::new();
        for line in lines {
            let is_last = line.contains("Ctrl-C");
            said.push(line);
            if is_last {
                return (house, said);
            }
        }
        panic!("the house did not open: {said:?}");
    }

    /// Asks it to close, as Ctrl-C does, and waits.
    fn close(mut self) -> bool {
        let asked = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.0.wait().unwrap().success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn it_opens_says_where_everything_is_and_closes_cleanly() {
    let scratch = Scratch::new("opens");
    let data = scratch.path("data");
    let port = free_port();
    let (house, said) = Running::start(&data, port);
    let said = said.join("\n");
    for expected in ["opt-in form", "desk", "mailbox", "clock", "anteroom.db"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(said.lines().count() < 12, "a few readable lines: {said}");
    assert!(said.contains("anteroom.db, begun now"), "a slip in --data shows: {said}");
    let practice = example().to_string_lossy().into_owned();
    let swapped = complaint(&anteroom(&["list", "--data", &practice]).output().unwrap());
    assert!(swapped.contains("there is no house in"), "{swapped}");
    let swapped = complaint(&anteroom(&["add", &practice, "--data", &practice]).output().unwrap());
    assert!(swapped.contains("is the folder of a practice"), "{swapped}");
    assert!(!example().join("link.keys").exists(), "nothing is put into it");
    let port_text = port.to_string();
    let moved = anteroom(&["clock", "1d", "--port", &port_text]).output().unwrap();
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    let told = String::from_utf8_lossy(&moved.stdout).into_owned();
    assert!(told.starts_with("The clock of the house stands at 20"), "{told}");
    let taken =
        anteroom(&["--data", &scratch.path("other"), "--port", &port_text]).output().unwrap();
    let words = complaint(&taken);
    assert!(words.contains("cannot listen on") && words.contains("--port"), "{words}");
    let in_use = anteroom(&["--data", &data, "--port", &free_port().to_string()]).output().unwrap();
    assert!(complaint(&in_use).starts_with("anteroom: "), "another house has this data");
    assert!(house.close(), "Ctrl-C is no error");
    // By the machine's clock in between, it does not lose where the other one stood.
    let stood = fs::read_to_string(format!("{data}/clock")).unwrap();
    let (plain, said) = Running::start_with(&data, port, "system");
    assert!(said.iter().any(|line| line.contains("--clock manual goes on from")), "{said:?}");
    assert!(plain.close());
    assert_eq!(fs::read_to_string(format!("{data}/clock")).unwrap(), stood);
    let (again, said) = Running::start(&data, port);
    assert!(said.iter().any(|line| line.contains("/house/clock")), "{said:?}");
    assert!(again.close(), "started again, it finds its data");
}

#[test]
fn an_option_that_a_command_does_not_go_by_is_refused() {
    for (arguments, option) in [
        (
            &["check", "practices/harbour", "--stack", "anteroom"][..],
            "`check` does not go by --stack",
        ),
        (&["status", "--stack", "anteroom", "--port", "1"], "`status` does not go by --port"),
        (&["--region", "eu-central-1", "slots", "--input", "x"], "`slots` does not go by --region"),
        (&["--profile", "mine"], "the house on this machine does not go by --profile"),
        (&["suspend", "harbour", "--region", "eu-central-1"], "name it with --stack"),
        (&["list", "--profile", "mine"], "--profile is about a house on AWS"),
    ] {
        let words = complaint(&anteroom(arguments).output().unwrap());
        assert!(words.contains(option), "{option}: {words}");
    }
}

#[test]
fn a_house_is_copied_and_taken_in_elsewhere() {
    let scratch = Scratch::new("copied");
    let (data, other) = (scratch.path("data"), scratch.path("other"));
    let file = scratch.path("copy.jsonl");
    let says = |arguments: &[&str]| {
        let output = anteroom(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (house, _) = Running::start(&data, free_port());
    let running = complaint(&anteroom(&["backup", &file, "--data", &data]).output().unwrap());
    assert!(running.contains("is open, or another command is at work"), "{running}");
    assert!(house.close());
    let said = says(&["backup", &file, "--data", &data]);
    assert!(said.contains("\nCopied ") && said.contains("of harbour"), "{said}");
    let twice = complaint(&anteroom(&["backup", &file, "--data", &data]).output().unwrap());
    assert!(twice.contains("cannot write the file"), "a copy is never written over: {twice}");

    let mistyped = complaint(&anteroom(&["list", "--data", &other]).output().unwrap());
    assert!(mistyped.contains("there is no house in"), "{mistyped}");
    assert!(!Path::new(&other).exists(), "a slip makes no folder");
    let missing = anteroom(&["restore", &other, "--data", &other]).output().unwrap();
    assert!(complaint(&missing).contains("cannot read the file"));
    let nowhere = anteroom(&["add", &other, "--data", &other]).output().unwrap();
    assert!(!nowhere.status.success());
    assert!(!Path::new(&other).exists(), "nor does a file or a folder that is not there");
    let said = says(&["restore", &file, "--data", &other]);
    assert!(said.contains("There is no house in") && said.contains("one begins here"), "{said}");
    assert!(said.contains("anteroom resume harbour"), "{said}");
    assert!(
        says(&["list", "--data", &other])
            .contains("harbour: Harbour Coaching, hello@harbour.example, handbook ")
    );
    assert!(says(&["list", "--data", &other]).contains("paused"));
    let full = complaint(&anteroom(&["restore", &file, "--data", &other]).output().unwrap());
    assert!(full.contains("there are practices here already"), "{full}");
    let here = complaint(&anteroom(&["import", &file, "--data", &other]).output().unwrap());
    assert!(here.contains("the practice harbour is here already"), "{here}");
    let (house, said) = Running::start(&other, free_port());
    assert!(said.iter().any(|line| line.contains("paused")), "{said:?}");
    assert!(house.close());
    says(&["resume", "harbour", "--data", &other]);
    assert!(!says(&["list", "--data", &other]).contains("paused"));
    let unknown = anteroom(&["resume", "haven", "--data", &other]).output().unwrap();
    assert!(complaint(&unknown).contains("there is no practice haven here"));
    let part = scratch.path("part.jsonl");
    assert!(says(&["export", "harbour", &part, "--data", &other]).contains("of harbour"));
}

#[test]
fn a_house_that_has_lost_its_secret_says_so() {
    let scratch = Scratch::new("lost");
    let data = scratch.path("data");
    // Made beforehand, as folders are made.
    fs::create_dir_all(&data).unwrap();
    let folder = example().to_string_lossy().into_owned();
    assert!(anteroom(&["add", &folder, "--data", &data]).status().unwrap().success());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700, "clients' answers are for the owner's eyes");
        // A folder of somebody else's keeps its rights, and what we keep in it has its own.
        let theirs = scratch.path("theirs");
        fs::create_dir_all(&theirs).unwrap();
        fs::write(format!("{theirs}/notes.txt"), "notes").unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&theirs, open).unwrap();
        assert!(anteroom(&["add", &folder, "--data", &theirs]).status().unwrap().success());
        assert_eq!(mode(&theirs), 0o755);
        assert_eq!(mode(&format!("{theirs}/anteroom.db")), 0o600);
    }
    let secret = format!("{data}/link.keys");
    let kept = fs::read_to_string(&secret).unwrap();
    fs::remove_file(&secret).unwrap();
    let lost = complaint(&anteroom(&["list", "--data", &data]).output().unwrap());
    assert!(lost.contains("link.keys is gone: the tables beside it are not"), "{lost}");
    assert!(!Path::new(&secret).exists(), "none is drawn in its place");
    fs::write(&secret, "half a secret").unwrap();
    let spoilt = complaint(&anteroom(&["list", "--data", &data]).output().unwrap());
    assert!(spoilt.contains("link.keys is damaged: it should hold 64"), "{spoilt}");
    // That of another house: no link would open, and a copy would carry it on.
    fs::write(&secret, "0f".repeat(32)).unwrap();
    let (file, port) = (scratch.path("copy.jsonl"), free_port().to_string());
    for arguments in [&["backup", &file, "--data", &data], &["--data", &data, "--port", &port]] {
        let foreign = complaint(&anteroom(arguments).output().unwrap());
        assert!(
            foreign.contains("has another secret than the letters of harbour were signed with"),
            "{foreign}"
        );
    }
    assert!(!Path::new(&file).exists());
    // As the first line of a copy spells it.
    fs::write(&secret, kept.replace('\n', "\\n")).unwrap();
    assert!(anteroom(&["list", "--data", &data]).status().unwrap().success());
}

#[test]
fn a_house_opens_with_the_practice_that_is_there() {
    let scratch = Scratch::new("haven");
    let (folder, data) = (scratch.path("practice"), scratch.path("data"));
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../practices/harbour");
    assert!(Command::new("cp").args(["-r", example, &folder]).status().unwrap().success());
    let settings = format!("{folder}/practice.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let text = text.replacen("id = \"harbour\"", "id = \"haven\"", 1);
    fs::write(settings, text.replacen("name = \"Harbour Coaching\"", "name = \"Haven\"", 1))
        .unwrap();
    assert!(anteroom(&["add", &folder, "--data", &data]).status().unwrap().success());
    let (house, said) = Running::start(&data, free_port());
    assert_eq!(said[0], "Haven is open.");
    assert!(house.close());
    let listed = anteroom(&["list", "--data", &data]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.starts_with("haven: ") && !listed.contains("harbour:"), "{listed}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let scratch = Scratch::new("unwritable");
    let file = scratch.path("not-a-folder");
    fs::write(&file, "a file stands in the way").unwrap();
    let output =
        anteroom(&["--data", &format!("{file}/data"), "--port", &free_port().to_string()]).output();
    let words = complaint(&output.unwrap());
    assert!(
        words.contains("cannot write to the data folder") && words.contains("--data"),
        "{words}"
    );
}

#[test]
fn a_broken_handbook_is_named_with_file_and_line() {
    let scratch = Scratch::new("broken");
    copy(&example(), &scratch.0);
    let file = scratch.0.join("practice.toml");
    let text = fs::read_to_string(&file).unwrap().replace("minutes = 50", "minutes = 5000");
    fs::write(&file, text).unwrap();
    let folder = scratch.0.to_string_lossy().into_owned();
    let refused =
        Command::new(env!("CARGO_BIN_EXE_anteroom")).args(["check", &folder]).output().unwrap();
    let words = complaint(&refused);
    assert!(words.contains("practice.toml, line ") && words.contains("minutes"), "{words}");
    let accepted =
        Command::new(env!("CARGO_BIN_EXE_anteroom")).arg("check").arg(example()).output().unwrap();
    assert!(accepted.status.success());
    let missing =
        Command::new(env!("CARGO_BIN_EXE_anteroom")).args(["check", "no-such-folder"]).output();
    assert!(complaint(&missing.unwrap()).contains("cannot read the practice's folder"));
    let another = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let another = Command::new(env!("CARGO_BIN_EXE_anteroom")).args(["check", another]).output();
    let words = complaint(&another.unwrap());
    assert!(words.contains("has no practice.toml") && words.lines().count() == 1, "{words}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What other engines answer to the same input: how many, and the hash of the starts.
const OTHERS_SAY: [(&str, u64, &str); 5] = [
    ("d30_b0", 682, "e15ce17a150a2158"),
    ("d30_b200", 450, "930bab8832076fa5"),
    ("d30_b200_e30", 231, "90153e6df4ee092f"),
    ("d365_b200", 7_858, "71144961fd4db989"),
    ("d365_b2000", 5_910, "50a65744fd6c98b6"),
];

#[test]
fn the_slot_engine_says_what_others_say_and_what_it_costs() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/slots");
    for (name, slots, sha) in OTHERS_SAY {
        let input = data.join(format!("{name}.json"));
        let run = |more: &[&str]| {
            let mut command = anteroom(&["slots", "--input", &input.to_string_lossy()]);
            String::from_utf8(command.args(more).output().unwrap().stdout).unwrap()
        };
        let figures: serde_json::Value = serde_json::from_str(&run(&["--iters", "3"])).unwrap();
        assert_eq!(figures["slots"], slots, "{name}");
        assert_eq!(figures["sha"], sha, "{name}");
        for figure in ["cold_first_call_ms", "ms_min", "ms_p50", "ms_p99", "ops_s"] {
            assert!(
                figures[figure].as_f64().is_some_and(|figure| 0.0 < figure),
                "{name}: {figure}"
            );
        }
        let starts = run(&["--list"]);
        assert_eq!(u64::try_from(starts.lines().count()).unwrap(), slots, "{name}");
    }
}

#[test]
fn an_input_that_cannot_be_used_is_named_in_a_sentence() {
    let scratch = Scratch::new("slots");
    let path = scratch.path("odd.json");
    fs::write(&path, r#"{"timezone": "Nowhere/Land"}"#).unwrap();
    let complaint_of =
        |path: &str| complaint(&anteroom(&["slots", "--input", path]).output().unwrap());
    assert!(complaint_of(&path).contains("missing field"), "{}", complaint_of(&path));
    assert!(complaint_of("no-such-file.json").contains("cannot use no-such-file.json"));
}
