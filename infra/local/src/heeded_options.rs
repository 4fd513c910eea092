//! Which of the options that say where a house is a command goes by: its help lists these alone, and
//! another one is refused, because whoever gives it means something by it.

use clap::{
    Arg, Command, CommandFactory as _, FromArgMatches as _, error::ErrorKind, parser::ValueSource,
};

use crate::cli::Cli;

/// The options of a house on this machine, and of one on AWS.
const OPTIONS: [&str; 7] = ["practice", "data", "port", "clock", "stack", "region", "profile"];

/// Those that a command goes by; the house itself, if it is none.
fn heeded(command: Option<&str>) -> &'static [&'static str] {
    match command {
        None => &["practice", "data", "port", "clock"],
        Some("tables") => &["practice", "data", "clock"],
        Some("clock") => &["port"],
        Some("deploy" | "status" | "doctor" | "teardown") => &["stack", "region", "profile"],
        Some("costs") => &["region"],
        Some("check" | "slots") => &[],
        // What is done to practices is done wherever they are.
        Some(_) => &["data", "stack", "region", "profile"],
    }
}

fn unheeded(command: Option<&str>) -> impl Iterator<Item = &'static str> {
    let heeded = heeded(command);
    OPTIONS.into_iter().filter(move |option| !heeded.contains(option))
}

/// Reads the command line; ends the program with a clear word where it cannot be meant.
pub(crate) fn parse() -> Cli {
    let mut commands = with_helps();
    let matches = commands.get_matches_mut();
    let (name, given) = match matches.subcommand() {
        Some((name, given)) => (Some(name), given),
        None => (None, &matches),
    };
    let is_given = |option: &&str| given.value_source(option) == Some(ValueSource::CommandLine);
    if let Some(option) = unheeded(name).find(is_given) {
        let who = name.map_or("the house on this machine".to_owned(), |name| format!("`{name}`"));
        refuse(commands, name, &format!("{who} does not go by --{option}"));
    }
    // Where no stack is named the data folder is meant, and whoever names a region does not mean it.
    let of_aws = ["region", "profile"].into_iter().find(|option| is_given(option));
    if let Some(option) = of_aws
        && heeded(name).contains(&"data")
        && !is_given(&"stack")
    {
        refuse(
            commands,
            name,
            &format!("--{option} is about a house on AWS: name it with --stack"),
        );
    }
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut commands).exit())
}

fn refuse(commands: Command, name: Option<&str>, words: &str) -> ! {
    let own = name.and_then(|name| commands.find_subcommand(name)).cloned();
    own.unwrap_or(commands).error(ErrorKind::ArgumentConflict, words).exit()
}

/// The commands, each with its own options alone in its help.
fn with_helps() -> Command {
    let commands = Cli::command();
    let options: Vec<Arg> = commands.get_arguments().cloned().collect();
    let names: Vec<String> =
        commands.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    names.into_iter().fold(commands, |commands, name| {
        commands.mut_subcommand(&name, |command| {
            // What a command has itself is not handed down to it once more.
            let hidden = unheeded(Some(&name))
                .filter_map(|id| options.iter().find(|one| one.get_id() == id));
            let command =
                hidden.fold(command, |command, option| command.arg(option.clone().hide(true)));
            // Without a stack nothing else is meant here.
            let stack = options.iter().find(|option| option.get_id() == "stack");
            let is_of_aws =
                heeded(Some(&name)).contains(&"stack") && !heeded(Some(&name)).contains(&"data");
            match stack.filter(|_| is_of_aws) {
                Some(stack) => command.arg(stack.clone().help("The stack of a house on AWS")),
                None => command,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(command: &str) -> String {
        let mut commands = with_helps();
        commands.build();
        let command = commands.find_subcommand_mut(command);
        command.map(|command| command.render_long_help().to_string()).unwrap_or_default()
    }

    #[test]
    fn a_command_lists_what_it_goes_by() {
        for (command, listed, not) in [
            ("check", &[][..], &OPTIONS[..]),
            ("clock", &["--port"], &["--data", "--stack", "--practice"]),
            ("status", &["--stack", "--region", "--profile"], &["--data", "--port"]),
            ("list", &["--data", "--stack"], &["--practice", "--port", "--clock"]),
        ] {
            let help = help(command);
            assert!(help.contains("Usage"), "{command}");
            for option in listed {
                assert!(help.contains(option), "{command} {option}: {help}");
            }
            for option in not {
                assert!(!help.contains(&format!("--{}", option.trim_start_matches('-'))), "{help}");
            }
        }
    }

    #[test]
    fn every_option_that_says_where_is_known_here() {
        let commands = Cli::command();
        let of_everything = commands.get_arguments().filter(|option| option.is_global_set());
        let mut names: Vec<&str> = of_everything.map(|option| option.get_id().as_str()).collect();
        let mut known = OPTIONS.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
