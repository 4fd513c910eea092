//! The commands for a house on AWS, against a stand-in for its command line, real tables and a real
//! house on loopback.
//!
//! The stand-in (`data/stand-in/aws`) answers in the documented form; no account can be asked here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use anteroom::{House, Mailbox, Time, router, tables::EmbeddedTables};
use domain::PracticeId;
use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{CNAME, MX, TXT},
    },
};
use shell::{LinkKeys, LinkSecret, SystemChance};
use tokio::{
    net::{TcpListener, UdpSocket},
    runtime::Runtime,
};

/// An operator's machine: tools that are stand-ins, a checkout with the template, and AWS's tables.
struct Machine {
    folder: PathBuf,
    tables: SocketAddr,
    dns: SocketAddr,
    _runtime: Runtime,
}

impl Machine {
    fn new(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(folder.join("tools")).unwrap();
        fs::create_dir_all(folder.join("infra/aws")).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for tool in ["aws", "cargo", "rustc"] {
            let from = here.join("tests/data/stand-in").join(tool);
            fs::copy(from, folder.join("tools").join(tool)).unwrap();
        }
        let template = here.join("../aws/template.yaml");
        fs::copy(template, folder.join("infra/aws/template.yaml")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (tables, address, dns) = runtime.block_on(serve());
        fs::write(folder.join("tools/address"), format!("http://{address}")).unwrap();
        Self { folder, tables, dns, _runtime: runtime }
    }

    fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("tools").join(name)
    }

    fn mark(&self, name: &str) {
        fs::write(self.tool(name), "").unwrap();
    }

    /// What the stand-in was asked.
    fn asked(&self) -> String {
        fs::read_to_string(self.tool("asked")).unwrap_or_default()
    }

    fn run(&self, arguments: &[&str], typed: &str) -> Output {
        let path = std::env::var("PATH").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_anteroom"))
            .args(arguments)
            .args(["--region", "eu-central-1"])
            .current_dir(&self.folder)
            .env("PATH", format!("{}:{path}", self.folder.join("tools").display()))
            .env("AWS_ACCESS_KEY_ID", "key")
            .env("AWS_SECRET_ACCESS_KEY", "a secret")
            .env("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{}", self.tables))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdin.take().unwrap().write_all(typed.as_bytes()));
        child.wait_with_output().unwrap()
    }

    fn says(&self, arguments: &[&str], typed: &str) -> String {
        let output = self.run(arguments, typed);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn complains(&self, arguments: &[&str], typed: &str) -> String {
        let output = self.run(arguments, typed);
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn deploys() -> Vec<String> {
        let practice = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour");
        let practice = practice.to_string_lossy().into_owned();
        let words = [
            "deploy",
            "--stack",
            "anteroom",
            "--mail-domain",
            "harbour.example",
            "--alarm-address",
            "olive@harbour.example",
            "--with",
            &practice,
        ];
        words.map(str::to_owned).to_vec()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn words(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// Serves AWS's tables, a house over them, and the DNS of its mail domain.
async fn serve() -> (SocketAddr, SocketAddr, SocketAddr) {
    let tables = EmbeddedTables::in_memory().unwrap();
    let time = Time::System;
    let keys = LinkKeys::new(LinkSecret::new([7; 32]));
    let office = Arc::new(Mailbox::in_memory());
    let chance = Arc::new(SystemChance);
    let origin = "http://localhost";
    let house = House::over(tables.client(), keys, origin, time, chance, office).await.unwrap();
    let listen = || TcpListener::bind("127.0.0.1:0");
    let (tables_listener, pages_listener) = (listen().await.unwrap(), listen().await.unwrap());
    let at = (tables_listener.local_addr().unwrap(), pages_listener.local_addr().unwrap());
    tokio::spawn(tables.serve(tables_listener));
    tokio::spawn(async move { axum::serve(pages_listener, router(&house)).await });
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let dns = socket.local_addr().unwrap();
    tokio::spawn(answer_names(socket));
    (at.0, at.1, dns)
}

/// A DNS server that knows one domain, whose DMARC record is missing.
async fn answer_names(socket: UdpSocket) {
    let mut bytes = [0; 1500];
    while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
        let question = Message::from_vec(&bytes[..length]).unwrap();
        let query = question.queries.first().unwrap().clone();
        let name = query.name().to_ascii().to_ascii_lowercase();
        let target = |name: &str| Name::from_ascii(name).unwrap();
        let data = match (name.as_str(), query.query_type()) {
            ("abc._domainkey.harbour.example.", RecordType::CNAME) => {
                Some(RData::CNAME(CNAME(target("abc.dkim.amazonses.com."))))
            }
            ("bounce.harbour.example.", RecordType::TXT) => {
                let text = vec!["v=spf1 include:amazon".to_owned(), "ses.com ~all".to_owned()];
                Some(RData::TXT(TXT::new(text)))
            }
            ("bounce.harbour.example.", RecordType::MX) => {
                let server = target("feedback-smtp.eu-central-1.amazonses.com.");
                Some(RData::MX(MX::new(10, server)))
            }
            _ => None,
        };
        let mut answer = Message::response(question.id, question.op_code);
        answer.add_query(query.clone());
        match data {
            Some(data) => {
                answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
            }
            None => answer.metadata.response_code = ResponseCode::NXDomain,
        }
        socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
    }
}

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
        "anteroom-post does its work.",
        "abc._domainkey.harbour.example CNAME abc.dkim.amazonses.com",
        "SES sends to addresses it has verified only",
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
    assert!(built.contains("cargo lambda build --profile lambda --arm64 -o zip --locked"));
    let zip = fs::read(machine.folder.join("target/lambda/opt-in/bootstrap.zip")).unwrap();
    assert_eq!(zip[10..14], [0, 0, 0x21, 0], "no program says when it was built");

    let again = machine.says(&words(&deploy), "");
    assert!(again.contains("Nothing: it is so already."), "{again}");
    assert!(again.contains("has this handbook already"), "{again}");

    let stack = ["--stack", "anteroom"];
    let status = machine.says(&[&["status"], &stack[..]].concat(), "");
    for expected in ["UPDATE_COMPLETE", "harbour: handbook", "anteroom-bounces", "the post: 2"] {
        assert!(status.contains(expected), "{expected:?} in {status}");
    }
    assert!(!status.contains("anteroom-2"), "another house's alarm: {status}");
    let dns = machine.dns.to_string();
    let doctor = machine.run(&[&["doctor", "--dns", &dns], &stack[..]].concat(), "");
    let found = String::from_utf8_lossy(&doctor.stdout).into_owned();
    for expected in [
        "ok     the clock of this machine is right",
        "ok     DKIM: abc is published",
        "ok     SPF: bounce.harbour.example names SES",
        "ok     bounces: bounce.harbour.example leads to SES",
        "wrong  DMARC: there is no record",
        "wrong  2 dead letters of the post",
    ] {
        assert!(found.contains(expected), "{expected:?} in {found}");
    }
    assert!(!doctor.status.success());

    let kept = machine.complains(&[&["teardown"], &stack[..]].concat(), "yes\n");
    assert!(kept.contains("you did not agree"), "{kept}");
    let down = machine.says(&[&["teardown"], &stack[..]].concat(), "anteroom\n");
    assert!(down.contains("are still here, with everything in them"), "{down}");
    assert!(!machine.asked().contains("delete-table"));
    machine.mark("tables");
    let gone = machine.says(&[&["teardown", "--delete-data"], &stack[..]].concat(), "anteroom\n");
    assert!(gone.contains("anteroom-clients is removed"), "{gone}");
}

#[test]
fn a_practice_moves_to_aws_and_back() {
    let machine = Machine::new("moves");
    machine.says(&words(&Machine::deploys()), "y\n");
    let stack = ["--stack", "anteroom"];
    let there = |arguments: &[&str]| machine.says(&[arguments, &stack[..]].concat(), "harbour\n");
    there(&["suspend", "harbour"]);
    assert!(
        there(&["list"]).contains("harbour: handbook") && there(&["list"]).contains("suspended")
    );
    let copied = there(&["export", "harbour", "harbour.jsonl"]);
    assert!(copied.contains("of harbour"), "{copied}");
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

/// The example under another name.
fn copy_practice(to: &Path) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour");
    for part in ["", "letters", "questionnaires"] {
        fs::create_dir_all(to.join(part)).unwrap();
        for file in fs::read_dir(example.join(part)).unwrap().map(Result::unwrap) {
            if file.file_type().unwrap().is_file() {
                fs::copy(file.path(), to.join(part).join(file.file_name())).unwrap();
            }
        }
    }
    let settings = to.join("practice.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(settings, text.replace("id = \"harbour\"", "id = \"haven\"")).unwrap();
}

#[test]
fn nothing_is_changed_that_was_not_agreed_to_or_would_lose_what_is_kept() {
    let machine = Machine::new("careful");
    let deploy = Machine::deploys();
    let refused = machine.complains(&words(&deploy), "no\n");
    assert!(refused.contains("you did not agree"), "{refused}");
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
fn a_stack_that_fails_says_why() {
    let machine = Machine::new("fails");
    machine.mark("fails");
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(refused.contains("MailIdentity: harbour.example already exists"), "{refused}");
    assert!(!refused.contains("cancelled"), "what was ended for it is no cause: {refused}");
    assert!(!refused.contains("long ago"), "nor what failed before: {refused}");
    let refused = machine.complains(&words(&Machine::deploys()), "y\n");
    assert!(refused.contains("anteroom teardown --stack anteroom --delete-data"), "{refused}");
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
