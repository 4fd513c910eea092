//! What the house tells the terminal: a line for each thing it answered, and whatever went wrong.
//!
//! They are the lines of the cloud's log, in words. `ANTEROOM_LOG` chooses others, in the form of
//! `tracing_subscriber::EnvFilter`: `warn` for what went wrong alone, `info` for everything.

use std::{fmt, io};

use shell::{ANSWERED, Clock as _, SystemClock, tell_panics_by_their_place};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// What is told where nobody chooses.
const USUAL: &str = "warn,anteroom::answered=info,post=info";

/// From now on the terminal is told.
pub(crate) fn log_to_terminal() {
    let filter = EnvFilter::try_from_env("ANTEROOM_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .event_format(Lines)
        .init();
    tell_panics_by_their_place();
}

struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writeln!(writer, "{} {}", SystemClock.now().format("%H:%M:%S"), line(event))
    }
}

fn line(event: &Event<'_>) -> String {
    let mut said = Said::default();
    event.record(&mut said);
    let metadata = event.metadata();
    let level = match *metadata.level() {
        Level::ERROR => "error: ",
        Level::WARN => "warning: ",
        _ => "",
    };
    let about = if metadata.target() == ANSWERED { said.cost() } else { said.fields() };
    format!("{level}{}{about}", said.message)
}

/// What an event says, and with which fields.
#[derive(Default)]
struct Said {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Said {
    /// What an answer took of the tables, if it asked them.
    fn cost(&self) -> String {
        let field = |name| self.fields.iter().find(|(field, _)| *field == name);
        let of = |name| field(name).map_or("0", |(_, value)| value.as_str());
        if of("calls") == "0" {
            return String::new();
        }
        let (calls, read, written) = (of("calls"), of("read_units"), of("write_units"));
        let plural = if calls == "1" { "" } else { "s" };
        // A letter says by which of them it was caused.
        let request =
            field("request").map_or_else(String::new, |(_, id)| format!(", request {id}"));
        format!(
            ", {calls} call{plural} to the tables, {read} units read and {written} written{request}"
        )
    }

    fn fields(&self) -> String {
        self.fields
            .iter()
            .fold(String::new(), |said, (name, value)| said + ", " + name + ": " + value)
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let value = format!("{value:?}");
        match field.name() {
            "message" => self.message = value,
            name => self.fields.push((name, value)),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), value.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::subscriber::with_default;
    use tracing_subscriber::{Layer, layer::Context, prelude::*};

    use super::*;

    /// Keeps the lines that would be written.
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Heard {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            self.0.lock().unwrap().push(line(event));
        }
    }

    #[test]
    fn an_answer_says_what_it_took_and_a_failure_everything() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        with_default(tracing_subscriber::registry().with(Heard(Arc::clone(&heard))), || {
            let (function, calls, read_units, write_units) = ("opt-in", 2, 2.0, 9.0);
            let request = Some("r-17");
            tracing::info!(
                target: ANSWERED, function, calls, read_units, write_units, request, "opt-in answered"
            );
            tracing::info!(target: ANSWERED, calls = 0, "opt-in answered a style");
            tracing::error!(problem = "no room", "a letter could not leave");
        });
        assert_eq!(
            *heard.lock().unwrap(),
            [
                "opt-in answered, 2 calls to the tables, 2.0 units read and 9.0 written, request r-17",
                "opt-in answered a style",
                "error: a letter could not leave, problem: no room",
            ]
        );
    }
}
