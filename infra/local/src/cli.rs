//! The command line.

use std::{
    error::Error,
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anteroom::{
    DataFolder, House, HouseProblem, KeptHouse, Mailbox, OwnPages, Time, check_practice,
    lambda_environment, mail_peer, move_clock, print_slots, serve, tables::EmbeddedTables, tick,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use documents::Addresses;
use domain::Handbook;
use handbook::Sources;
use operate::{
    OperateProblem, PracticesCommand, Stack, Terminal, carry_out, read_practice,
    remember_fingerprints,
};
use shell::SystemChance;
use store::Standing;
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    cloud_cli::{CloudCommand, CloudOptions, environment, run_cloud},
    terminal_log::log_to_terminal,
};

/// The back office of a small practice, whole, on this machine.
#[derive(Parser)]
#[command(name = "anteroom", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    house: HouseOptions,
    #[command(flatten)]
    cloud: CloudOptions,
}

#[derive(Args)]
#[command(next_help_heading = "A house on this machine")]
struct HouseOptions {
    /// The practice's folder; practices/harbour, unless the house has other practices already.
    #[arg(long, global = true)]
    practice: Option<PathBuf>,
    /// Where the house keeps its data.
    #[arg(long, default_value = "anteroom-data", global = true)]
    data: PathBuf,
    /// The port of the house.
    #[arg(long, default_value_t = 4040, global = true)]
    port: u16,
    /// Which clock the house goes by.
    #[arg(long, value_enum, default_value_t = ClockKind::System, global = true)]
    clock: ClockKind,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockKind {
    /// The machine's clock.
    System,
    /// A clock that can be moved forward: live through a whole week in two minutes.
    Manual,
}

#[derive(Subcommand)]
enum Command {
    /// Checks a practice's folder and names every mistake.
    Check {
        /// The folder.
        folder: PathBuf,
    },
    #[command(flatten)]
    Practices(PracticesCommand),
    #[command(flatten)]
    Cloud(CloudCommand),
    /// Moves the manual clock of a running house forward: 10m, 6h, 3d or until-next.
    Clock {
        /// How far.
        forward: String,
    },
    /// Prints the times on offer for a calendar given as JSON, or what finding them costs.
    Slots {
        /// The file: time zone, weekly hours, lengths, buffers, busy times.
        #[arg(long)]
        input: PathBuf,
        /// How often the question is asked for the figures.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        iters: u32,
        /// Prints the starts instead of the figures.
        #[arg(long)]
        list: bool,
    },
    /// Serves the tables and a mail peer for functions that run on their own, and delivers mail.
    Tables {
        /// The port of the tables; the mail peer has the next one.
        #[arg(long, default_value_t = 8000, value_parser = clap::value_parser!(u16).range(1..65_535))]
        tables_port: u16,
        /// Where the functions are reached.
        #[arg(long, default_value = "http://localhost:9000")]
        origin: String,
    },
}

impl Cli {
    /// Does what was asked for.
    pub(crate) fn run(self) -> Result<(), HouseProblem> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(HouseProblem::Server)?;
        match self.command {
            None => runtime.block_on(run_house(&self.house)),
            Some(Command::Check { folder }) => {
                say(&check_practice(&folder)?);
                Ok(())
            }
            Some(Command::Practices(command)) => {
                runtime.block_on(run_practices(command, &self.house, &self.cloud))
            }
            Some(Command::Cloud(command)) => runtime.block_on(run_cloud(command, &self.cloud)),
            Some(Command::Slots { input, iters, list }) => print_slots(&input, iters, list),
            Some(Command::Clock { forward }) => {
                let stands = move_clock(self.house.port, &forward)?;
                say(&format!("The clock of the house stands at {stands}."));
                Ok(())
            }
            Some(Command::Tables { tables_port, origin }) => {
                runtime.block_on(run_tables(&self.house, tables_port, &origin))
            }
        }
    }
}

async fn run_practices(
    command: PracticesCommand,
    house: &HouseOptions,
    cloud: &CloudOptions,
) -> Result<(), HouseProblem> {
    command.check_sources()?;
    if let Some(name) = &cloud.stack {
        let stack = Stack::open(&cloud.aws(), name, environment)?;
        stack.see_that_it_is_there()?;
        return Ok(carry_out(command, &stack, &Terminal).await?);
    }
    if command.needs_a_house() && !DataFolder::has_a_house(&house.data) {
        let words =
            format!("there is no house in {}: name its folder with --data", house.data.display());
        return Err(OperateProblem::refused(words).into());
    }
    // Where the name is a slip, whoever typed it sees at once why what they look for is not here.
    if !DataFolder::has_a_house(&house.data) {
        say(&format!("There is no house in {} yet: one begins here.", house.data.display()));
    }
    let house = KeptHouse::open(&house.data).await?;
    Ok(carry_out(command, &house, &Terminal).await?)
}

/// Everything of a house but its doors.
struct Furnished {
    house: House,
    mailbox: Arc<Mailbox>,
    data: DataFolder,
    handbook: Handbook,
}

/// The folder of a house that is told of none, and whose it is.
const EXAMPLE: &str = "practices/harbour";
const EXAMPLE_ID: &str = "harbour";

async fn furnish(options: &HouseOptions, origin: &str) -> Result<Furnished, HouseProblem> {
    // A mistake in the folder is told before anything is opened.
    let named = options.practice.as_deref().map(read_practice).transpose()?;
    let data = DataFolder::open(&options.data)?;
    let tables = data.open_tables()?;
    furnish_over(options, origin, &tables, data, named).await
}

/// The practice that a house opens with: that of the folder that was named, or else one that is here
/// already, or else the example. The example is read again where it is the one that is here.
async fn open_with(
    house: &House,
    named: Option<(Sources, Handbook)>,
) -> Result<Handbook, HouseProblem> {
    let here = house.shell.store.practices().await?;
    let (sources, handbook) = match named {
        Some(named) => named,
        None => match here.first() {
            Some((first, _)) if here.iter().all(|(id, _)| id.as_str() != EXAMPLE_ID) => {
                let handbook = house.shell.handbook(first).await;
                return handbook
                    .map(|handbook| Handbook::clone(&handbook))
                    .map_err(|problem| HouseProblem::Start(problem.for_the_log()));
            }
            Some(_) | None => read_practice(Path::new(EXAMPLE))?,
        },
    };
    house.load_practice(&sources, &handbook).await?;
    Ok(handbook)
}

async fn furnish_over(
    options: &HouseOptions,
    origin: &str,
    tables: &EmbeddedTables,
    data: DataFolder,
    named: Option<(Sources, Handbook)>,
) -> Result<Furnished, HouseProblem> {
    let mailbox = Arc::new(Mailbox::open(data.mailbox())?);
    let time = match options.clock {
        ClockKind::System => Time::System,
        ClockKind::Manual => Time::Manual(Arc::new(data.manual_clock()?)),
    };
    let office: Arc<Mailbox> = Arc::clone(&mailbox);
    let house = House::over(
        tables.client(),
        data.link_keys()?,
        origin,
        time,
        Arc::new(SystemChance),
        office,
    )
    .await?;
    let remembered = remember_fingerprints(&house.shell.store, &house.shell.links).await;
    remembered.map_err(|problem| data.about(problem))?;
    let handbook = open_with(&house, named).await?;
    house.take_up_letters().await?;
    Ok(Furnished { house, mailbox, data, handbook })
}

async fn run_house(options: &HouseOptions) -> Result<(), HouseProblem> {
    log_to_terminal();
    let stopped = told_to_stop()?;
    let listener = listen(options.port).await?;
    // Port 0 lets the system choose.
    let port = listener.local_addr().map_err(HouseProblem::Server)?.port();
    let origin = format!("http://localhost:{port}");
    let is_new = !DataFolder::has_a_house(&options.data);
    let Furnished { house, mailbox, data, handbook } = Box::pin(furnish(options, &origin)).await?;
    let addresses = Addresses::of(&handbook.practice.id);
    let in_force = house.shell.store.handbook(&handbook.practice.id).await?;
    let standing = in_force.map(|stored| stored.standing).unwrap_or_default();
    let name = &handbook.practice.name;
    let mut lines = vec![
        match standing {
            Standing::Open => format!("{name} is open."),
            Standing::Paused => format!("{name} is paused: its letters wait."),
            Standing::Suspended => {
                format!("{name} is suspended: its pages are closed, and its letters wait.")
            }
        },
        String::new(),
        format!("  opt-in form   {origin}{}", addresses.opt_in()),
        format!("  desk          {origin}{}", addresses.desk()),
        format!("  mailbox       {origin}/house/mailbox"),
    ];
    match options.clock {
        ClockKind::Manual => lines.push(format!("  clock         {origin}/house/clock")),
        ClockKind::System => {
            // Whether that file can be read is no business of a house that does not go by it.
            let kept = data.kept_clock().ok().flatten();
            if let Some(ahead) = kept.filter(|kept| house.shell.now() < *kept) {
                lines.push(format!(
                    "  clock         the machine's; --clock manual goes on from {}, where it was moved to",
                    ahead.format("%Y-%m-%d %H:%M UTC")
                ));
            }
        }
    }
    let begun = if is_new { ", begun now" } else { "" };
    lines.push(format!("  data          {}{begun}", data.tables().display()));
    for (id, stored) in house.shell.store.practices().await? {
        if id != handbook.practice.id {
            let stands = match stored.standing {
                Standing::Open => "",
                Standing::Paused => " (paused)",
                Standing::Suspended => " (suspended)",
            };
            lines.push(format!("  also here     {origin}{}{stands}", Addresses::of(&id).opt_in()));
        }
    }
    if standing != Standing::Open {
        let (id, data) = (&handbook.practice.id, options.data.display());
        lines.push(String::new());
        lines.push(format!(
            "To open it, close this house first: anteroom resume {id} --data {data}"
        ));
    }
    lines.push(String::new());
    lines.push("Ctrl-C closes it.".to_owned());
    say(&lines.join("\n"));
    let own = OwnPages { practice: handbook.practice.id.clone(), data: Some(data.clone()) };
    serve(house.clone(), mailbox, own, listener, stopped).await?;
    if let Time::Manual(_) = &house.time {
        data.keep_clock(house.shell.now())?;
    }
    say("Closed. Everything is kept.");
    Ok(())
}

async fn run_tables(
    options: &HouseOptions,
    tables_port: u16,
    origin: &str,
) -> Result<(), HouseProblem> {
    log_to_terminal();
    let stopped = told_to_stop()?;
    let tables_listener = listen(tables_port).await?;
    let mail_listener = listen(tables_port + 1).await?;
    let named = options.practice.as_deref().map(read_practice).transpose()?;
    let data = DataFolder::open(&options.data)?;
    let tables = data.open_tables()?;
    let furnished = furnish_over(options, origin, &tables, data, named).await?;
    let at = |listener: &TcpListener| listener.local_addr().map_err(HouseProblem::Server);
    let (tables_at, mail_at) = (at(&tables_listener)?, at(&mail_listener)?);
    let settings = lambda_environment(&furnished.data, tables_at, mail_at, origin)?;
    say(&format!(
        "The tables are open at http://{tables_at}, the mail peer at http://{mail_at}.\n\n  \
         cargo lambda watch --env-file {}\n\nCtrl-C closes them.",
        settings.display()
    ));
    let serving = tokio::spawn(tables.serve(tables_listener));
    let peer = mail_peer(Arc::clone(&furnished.mailbox));
    let closing = [Arc::new(Notify::new()), Arc::new(Notify::new())];
    let looking = tokio::spawn(deliver_what_functions_write(
        furnished.house.clone(),
        Arc::clone(&closing[0]),
    ));
    let ticking = tokio::spawn(tick(furnished.house, Arc::clone(&closing[1])));
    axum::serve(mail_listener, peer)
        .with_graceful_shutdown(stopped)
        .await
        .map_err(HouseProblem::Server)?;
    for one in &closing {
        one.notify_one();
    }
    drop(tokio::join!(looking, ticking));
    serving.abort();
    Ok(())
}

/// Functions in processes of their own write letters that nobody here is told of: what the
/// stream does in the cloud is done here by looking.
async fn deliver_what_functions_write(house: House, closing: Arc<Notify>) {
    loop {
        tokio::select! {
            () = closing.notified() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        if let Err(error) = house.take_up_letters().await {
            tracing::error!(%error, "the outbox could not be looked at");
        }
    }
}

async fn listen(port: u16) -> Result<TcpListener, HouseProblem> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| HouseProblem::Port { address, source })
}

/// What ends with Ctrl-C, or when the system asks for it. From the moment this returns, neither
/// kills the house any more.
fn told_to_stop() -> Result<impl Future<Output = ()> + Send + 'static, HouseProblem> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt()).map_err(HouseProblem::Server)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(HouseProblem::Server)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        drop(tokio::signal::ctrl_c().await);
    })
}

/// Speaks to the person at the keyboard. A closed pipe is not worth a word.
fn say(words: &str) {
    drop(writeln!(io::stdout(), "{words}"));
}

/// One clear sentence, and the chain of causes behind it.
pub(crate) fn complain(problem: &HouseProblem) {
    let mut words = format!("anteroom: {problem}");
    let mut cause = problem.source();
    while let Some(error) = cause {
        words = format!("{words}\n  because: {error}");
        cause = error.source();
    }
    drop(writeln!(io::stderr(), "{words}"));
}
