//! An operator's machine, and what answers on it in AWS's place.

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use anteroom::{House, Mailbox, Time, router, tables::EmbeddedTables};
use chrono::TimeDelta;
use domain::PracticeId;
use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{CNAME, MX, TXT},
    },
};
use serde_json::json;
use shell::{Clock as _, LinkKeys, LinkSecret, SystemChance, SystemClock};
use store::{CopiedTable, Standing, Store};
use tokio::{
    net::{TcpListener, UdpSocket},
    runtime::Runtime,
};

/// An operator's machine: tools that are stand-ins, a checkout with the template, and AWS's tables.
pub(crate) struct Machine {
    pub(crate) folder: PathBuf,
    tables: SocketAddr,
    pub(crate) dns: SocketAddr,
    store: Store,
    once: Store,
    runtime: Runtime,
}

impl Machine {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(folder.join("tools")).unwrap();
        fs::create_dir_all(folder.join("infra/aws")).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for tool in ["aws", "cargo", "rustc", "zig"] {
            let from = here.join("tests/data/stand-in").join(tool);
            fs::copy(from, folder.join("tools").join(tool)).unwrap();
        }
        let template = here.join("../aws/template.yaml");
        fs::copy(template, folder.join("infra/aws/template.yaml")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let Aws { store, once, tables, pages, dns } = runtime.block_on(serve());
        fs::write(folder.join("tools/address"), format!("http://{pages}")).unwrap();
        Self { folder, tables, dns, store, once, runtime }
    }

    /// The practice has been suspended for so long that its pages are closed everywhere.
    pub(crate) fn is_closed_everywhere(&self, practice: &str) {
        let practice = PracticeId::parse(practice).unwrap();
        let then = SystemClock.now() - TimeDelta::minutes(2);
        let stands = self.store.set_standing(&practice, Standing::Suspended, then);
        assert!(self.runtime.block_on(stands).unwrap());
    }

    /// The house as it was once has half of what somebody did: a letter, and not what caused it.
    pub(crate) fn was_at_work_once(&self, practice: &str) {
        let letter = json!({
            "pk": { "S": format!("{practice}#7pd7vxywb4j8w4nf175b09sptz") },
            "sk": { "S": "welcome.1" },
            "written": { "N": ONCE.to_string() },
        });
        let put = self.once.copy_in(CopiedTable::Outbox, std::slice::from_ref(&letter));
        self.runtime.block_on(put).unwrap();
    }

    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("tools").join(name)
    }

    pub(crate) fn mark(&self, name: &str) {
        fs::write(self.tool(name), "").unwrap();
    }

    /// What the stand-in was asked.
    pub(crate) fn asked(&self) -> String {
        fs::read_to_string(self.tool("asked")).unwrap_or_default()
    }

    pub(crate) fn run(&self, arguments: &[&str], typed: &str) -> Output {
        let is_here = arguments.contains(&"--data") && !arguments.contains(&"--stack");
        let region = if is_here { &[][..] } else { &["--region", "eu-central-1"] };
        self.run_wherever(&[arguments, region].concat(), typed)
    }

    /// The same where nobody names a region.
    pub(crate) fn run_wherever(&self, arguments: &[&str], typed: &str) -> Output {
        let path = std::env::var("PATH").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_anteroom"))
            .args(arguments)
            .current_dir(&self.folder)
            .env_remove("AWS_REGION")
            .env_remove("AWS_DEFAULT_REGION")
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

    pub(crate) fn says(&self, arguments: &[&str], typed: &str) -> String {
        let output = self.run(arguments, typed);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    pub(crate) fn complains(&self, arguments: &[&str], typed: &str) -> String {
        let output = self.run(arguments, typed);
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    pub(crate) fn deploys() -> Vec<String> {
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

pub(crate) fn words(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// A moment of the past, in seconds since 1970.
pub(crate) const ONCE: i64 = 1_790_000_000;

/// What answers in AWS's place.
struct Aws {
    /// The tables of the house now, and as they were once.
    store: Store,
    once: Store,
    /// Where the tables, the pages and the DNS are.
    tables: SocketAddr,
    pages: SocketAddr,
    dns: SocketAddr,
}

/// Serves AWS's tables, a house over them, and the DNS of its mail domain.
async fn serve() -> Aws {
    let tables = EmbeddedTables::in_memory().unwrap();
    let time = Time::System;
    let keys = LinkKeys::new(LinkSecret::new([7; 32]));
    let office = Arc::new(Mailbox::in_memory());
    let chance = Arc::new(SystemChance);
    let origin = "http://localhost";
    let house = House::over(tables.client(), keys, origin, time, chance, office).await.unwrap();
    let listen = || TcpListener::bind("127.0.0.1:0");
    // A house as it was once, brought back beside the one of now.
    let once = store::Tables::with_prefix(&format!("anteroom-at-{ONCE}-"));
    once.create(&tables.client()).await.unwrap();
    let once = Store::new(tables.client(), once);
    let store = house.shell.store.clone();
    let (tables_listener, pages_listener) = (listen().await.unwrap(), listen().await.unwrap());
    let at = (tables_listener.local_addr().unwrap(), pages_listener.local_addr().unwrap());
    tokio::spawn(tables.serve(tables_listener));
    tokio::spawn(async move { axum::serve(pages_listener, router(&house)).await });
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let dns = socket.local_addr().unwrap();
    tokio::spawn(answer_names(socket));
    Aws { store, once, tables: at.0, pages: at.1, dns }
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
            // Of the domain itself there is nothing that is asked for, but it is there.
            None if name == "harbour.example." => {}
            None => answer.metadata.response_code = ResponseCode::NXDomain,
        }
        socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
    }
}

/// The example under another name.
pub(crate) fn copy_practice(to: &Path) {
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
