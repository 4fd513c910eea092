//! The log of a deployed function: one line of JSON for each event, on standard output.
//!
//! A figure is written in `CloudWatch`'s embedded metric format, so that the line is the metric: no
//! request is made for it. See AWS, "Specification: Embedded metric format", `CloudWatch` user guide.

use std::fmt;

use serde_json::{Map, Value, json};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use crate::{Clock as _, FIGURE, SystemClock, request_at_work};

/// The namespace of the figures, and what tells the deployments of one account apart.
const NAMESPACE: &str = "Anteroom";
const DIMENSION: &str = "Stack";

/// One line of JSON for each event. Nothing below `info`: further down, the libraries tell what
/// is in a request.
pub(super) fn log_to_stdout(stack: String) {
    tracing_subscriber::fmt().with_max_level(Level::INFO).event_format(Lines { stack }).init();
}

struct Lines {
    stack: String,
}

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
        writeln!(writer, "{}", self.line(event))
    }
}

impl Lines {
    fn line(&self, event: &Event<'_>) -> Value {
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        let mut line = fields.0;
        line.insert("level".to_owned(), json!(event.metadata().level().as_str()));
        if let Some(request) = request_at_work() {
            line.entry("request").or_insert(json!(request.0));
        }
        if event.metadata().target() == FIGURE {
            self.make_metric(&mut line);
        }
        Value::Object(line)
    }

    /// Puts the figure under its own name, beside what `CloudWatch` has to know to find it there.
    fn make_metric(&self, line: &mut Map<String, Value>) {
        let (Some(Value::String(figure)), Some(unit), Some(value)) =
            (line.remove("figure"), line.remove("unit"), line.remove("value"))
        else {
            return;
        };
        let directive = json!({
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{ "Name": figure, "Unit": unit }],
        });
        let about = json!({
            "Timestamp": SystemClock.now().timestamp_millis(),
            "CloudWatchMetrics": [directive],
        });
        line.insert("_aws".to_owned(), about);
        line.insert(DIMENSION.to_owned(), json!(self.stack));
        line.insert(figure, value);
    }
}

/// The fields of an event, as JSON.
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, json!(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, json!(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, json!(value));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use crate::{Figure, RequestId, of_request};

    use super::*;

    /// What is written, kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The lines that `work` leaves in the log.
    fn lines(work: impl FnOnce()) -> Vec<Value> {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::INFO)
            .event_format(Lines { stack: "anteroom".to_owned() })
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_figure_is_a_metric_of_its_deployment() {
        let lines = lines(|| Figure::LetterAge.tell(17));
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(line["LetterAgeSeconds"], 17);
        assert_eq!(line["Stack"], "anteroom");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Anteroom");
        assert_eq!(directive["Dimensions"], json!([["Stack"]]));
        assert_eq!(
            directive["Metrics"],
            json!([{ "Name": "LetterAgeSeconds", "Unit": "Seconds" }])
        );
        assert!(1_700_000_000_000 < line["_aws"]["Timestamp"].as_i64().unwrap());
    }

    #[test]
    fn every_line_names_the_request_it_belongs_to() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let lines = lines(|| {
            let work = async { tracing::warn!(letter = "harbour#c/welcome.1", "not now") };
            runtime.block_on(of_request(RequestId("r-1".to_owned()), work));
            tracing::debug!("what the libraries tell");
        });
        let expected = json!({
            "level": "WARN", "message": "not now", "letter": "harbour#c/welcome.1", "request": "r-1",
        });
        assert_eq!(lines, [expected]);
    }
}
