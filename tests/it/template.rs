//! What the template of the cloud deploys is what the code knows, and what somebody has looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::catch_unwind,
};

use anteroom::tables::EmbeddedTables;
use chrono::{DateTime, TimeDelta, Utc};
use croner::Cron;
use serde_json::{Value, json};
use shell::Figure;
use tests::{
    moment,
    template::{Template, texts},
};

use crate::tidy::{root, text, watch_table};

/// The one route of the template that is no address: whatever no other takes.
pub(crate) const ELSEWHERE: &str = "$default";

/// Which function answers each route of the template.
pub(crate) fn routes(template: &Template) -> BTreeMap<String, String> {
    let mut routes = BTreeMap::new();
    for function in template.functions() {
        let events = function.properties["Events"].as_object().cloned().unwrap_or_default();
        for event in events.values().filter(|event| event["Type"] == "HttpApi") {
            let properties = &event["Properties"];
            let usual = ["ApiId", "Method", "Path", "PayloadFormatVersion"];
            for setting in properties.as_object().expect("settings").keys() {
                assert!(usual.contains(&setting.as_str()), "a route with {setting}");
            }
            assert_eq!(properties["ApiId"], json!({ "Ref": "Api" }));
            assert_eq!(properties["PayloadFormatVersion"], "2.0");
            let path = match properties["Path"].as_str() {
                // The functions themselves say which methods they know.
                Some(path) if properties["Method"] == "ANY" => path,
                Some(path) => panic!("{path} leaves out some methods"),
                None => ELSEWHERE,
            };
            let before = routes.insert(path.to_owned(), function.name.clone());
            assert_eq!(before, None, "{path} leads to two functions");
        }
    }
    routes
}

#[test]
fn every_route_leads_to_its_function() {
    let mut routes = routes(&Template::read());
    assert_eq!(routes.remove(ELSEWHERE).as_deref(), Some("opt-in"), "where the kind page is");
    assert_eq!(routes, watch_table());
}

/// An HTTP API tells routes apart by what is written out; two names for one place are a conflict.
#[test]
fn a_place_in_a_path_has_one_name() {
    let mut names: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for path in routes(&Template::read()).keys() {
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.starts_with('{')) {
            let before = parts[..at].iter().map(|part| part.replace(|c| c != '{', ""));
            let place = before.chain([at.to_string()]).chain(parts[..at].iter().cloned());
            names.entry(place.collect()).or_default().insert(part.clone());
        }
    }
    assert!(names.len() >= 5);
    for (place, names) in names {
        assert_eq!(names.len(), 1, "{place:?} is called {names:?}");
    }
}

#[test]
fn every_function_is_deployed_and_nothing_else() {
    let manifest: toml::Table = text(&root().join("Cargo.toml")).parse().unwrap();
    let built =
        manifest["workspace"]["metadata"]["lambda"]["build"]["packages"].as_array().unwrap();
    let built: BTreeSet<String> =
        built.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let functions = Template::read().functions();
    let deployed: BTreeSet<String> =
        functions.iter().map(|function| function.name.clone()).collect();
    assert_eq!(deployed, built);
    for function in functions {
        let program = format!("../../target/lambda/{}/bootstrap.zip", function.name);
        assert_eq!(function.properties["CodeUri"], program);
    }
}

#[tokio::test]
async fn the_tables_are_those_of_the_store() {
    let client = EmbeddedTables::in_memory().unwrap().client();
    store::Tables::with_prefix("").create(&client).await.unwrap();
    let template = Template::read();
    let deployed = template.resources("AWS::DynamoDB::Table");
    let names = client.list_tables().send().await.unwrap().table_names.unwrap_or_default();
    assert_eq!(deployed.len(), names.len());
    for (id, table) in deployed {
        let name = template.table(id).expect("a table named after the stack");
        let created =
            client.describe_table().table_name(&name).send().await.unwrap().table.unwrap();
        let keys = |keys: &[aws_sdk_dynamodb::types::KeySchemaElement]| -> Vec<String> {
            keys.iter().map(|key| format!("{} {}", key.attribute_name(), key.key_type())).collect()
        };
        assert_eq!(key_schema(table), keys(created.key_schema()), "{name}");
        let attributes: BTreeSet<String> = created
            .attribute_definitions()
            .iter()
            .map(|it| format!("{} {}", it.attribute_name(), it.attribute_type()))
            .collect();
        assert_eq!(attribute_types(table), attributes, "{name}");
        let mut indexes: Vec<_> = created
            .global_secondary_indexes()
            .iter()
            .map(|index| (index.index_name().unwrap().to_owned(), keys(index.key_schema())))
            .collect();
        indexes.sort();
        let listed = table["GlobalSecondaryIndexes"].as_array().cloned().unwrap_or_default();
        let mut in_template: Vec<_> = listed
            .iter()
            .inspect(|index| assert_eq!(index["Projection"]["ProjectionType"], "KEYS_ONLY"))
            .map(|index| (index["IndexName"].as_str().unwrap().to_owned(), key_schema(index)))
            .collect();
        in_template.sort();
        assert_eq!(in_template, indexes, "{name}");
        assert_eq!(table["DeletionProtectionEnabled"], true, "{name}");
        let is_outbox = name == "outbox";
        assert_eq!(
            !table["StreamSpecification"].is_null(),
            is_outbox,
            "a stream on the outbox only"
        );
    }
}

fn key_schema(table: &Value) -> Vec<String> {
    let keys = table["KeySchema"].as_array().unwrap().iter();
    let words = |name: &Value| name.as_str().unwrap().to_owned();
    keys.map(|key| format!("{} {}", words(&key["AttributeName"]), words(&key["KeyType"]))).collect()
}

fn attribute_types(table: &Value) -> BTreeSet<String> {
    let all = table["AttributeDefinitions"].as_array().unwrap().iter();
    let words = |name: &Value| name.as_str().unwrap().to_owned();
    all.map(|it| format!("{} {}", words(&it["AttributeName"]), words(&it["AttributeType"])))
        .collect()
}

#[test]
fn what_the_clock_and_the_stream_say_is_understood() {
    let template = Template::read();
    let schedules = template.resources("AWS::Scheduler::Schedule");
    assert_eq!(schedules.len(), 3);
    for (id, schedule) in schedules {
        let input = schedule["Target"]["Input"].as_str().unwrap();
        match schedule["Target"]["Arn"]["Fn::GetAtt"][0].as_str() {
            Some("PostFunction") => drop(serde_json::from_str::<post::Event>(input).unwrap()),
            Some("RemindersFunction") => {
                serde_json::from_str::<reminders::Event>(input).unwrap();
            }
            other => panic!("{id} wakes {other:?}"),
        }
        assert!(!next_runs(schedule).is_empty());
    }
    let functions = template.functions();
    let post = functions.iter().find(|function| function.name == "post").unwrap();
    let stream = &post.properties["Events"]["Written"]["Properties"];
    assert_eq!(texts(&stream["FunctionResponseTypes"]), ["ReportBatchItemFailures"]);
    let pattern = stream["FilterCriteria"]["Filters"][0]["Pattern"].as_str().unwrap();
    let pattern: Value = serde_json::from_str(pattern).unwrap();
    let example: Value =
        serde_json::from_str(&text(&root().join("functions/post/events/stream.json"))).unwrap();
    let names = example["Records"].as_array().unwrap().iter().map(|record| &record["eventName"]);
    let passed = names.filter(|name| pattern["eventName"].as_array().unwrap().contains(name));
    assert_eq!(passed.count(), 2, "of the example, two are letters that were written");
}

#[test]
fn alarms_look_at_figures_that_are_told_and_lead_to_their_line_in_the_runbook() {
    let template = Template::read();
    let told: BTreeSet<&str> = Figure::ALL.iter().map(|figure| figure.name()).collect();
    let runbook = text(&root().join("infra/README.md"));
    let alarms = template.resources("AWS::CloudWatch::Alarm");
    let mut looked_at = BTreeSet::new();
    for (id, alarm) in &alarms {
        let words = alarm["AlarmDescription"].as_str().expect("words");
        let anchor = words.split("infra/README.md#").nth(1).unwrap_or_else(|| panic!("{id}"));
        let heading =
            format!("#### {}\n", anchor.replacen("alarm-", "Alarm: ", 1).replace('-', " "));
        assert!(runbook.contains(&heading), "{id}: the runbook has no {heading:?}");
        assert!(alarm["AlarmActions"].is_array(), "{id} tells nobody");
        if alarm["Namespace"] == "Anteroom" {
            looked_at.insert(alarm["MetricName"].as_str().unwrap());
        }
    }
    assert_eq!(looked_at, told, "a figure is there for its alarm");
}

#[test]
fn each_function_and_each_figure_has_its_alarm() {
    let template = Template::read();
    let alarms = template.resources("AWS::CloudWatch::Alarm");
    let looks_at = |alarm: &Value, figure: (&str, &str), of: Value| {
        alarm["Namespace"] == figure.0
            && alarm["MetricName"] == figure.1
            && alarm["Dimensions"] == Value::Array(vec![of])
    };
    let rings = |figure: (&str, &str), of: Value| {
        let count = alarms.iter().filter(|(_, alarm)| looks_at(alarm, figure, of.clone())).count();
        assert_eq!(count, 1, "alarms for {figure:?} of {of}");
    };
    for function in template.functions() {
        for metric in ["Errors", "Throttles"] {
            let of = json!({ "Name": "FunctionName", "Value": { "Ref": function.id } });
            rings(("AWS/Lambda", metric), of);
        }
    }
    let clock = json!({ "Name": "FunctionName", "Value": { "Ref": "RemindersFunction" } });
    rings(("AWS/Lambda", "Invocations"), clock);
    for (id, _) in template.resources("AWS::SQS::Queue") {
        let of = json!({ "Name": "QueueName", "Value": { "Fn::GetAtt": [id, "QueueName"] } });
        rings(("AWS/SQS", "ApproximateNumberOfMessagesVisible"), of);
    }
    // Under this dimension the functions tell them (shell::cloud).
    for figure in Figure::ALL {
        let of = json!({ "Name": "Stack", "Value": { "Ref": "AWS::StackName" } });
        rings(("Anteroom", figure.name()), of);
    }
}

/// The next three runs of a schedule after noon of a day.
///
/// # Panics
/// If it does not run, or runs by rules that are not known here.
pub(crate) fn next_runs(schedule: &Value) -> Vec<DateTime<Utc>> {
    for (setting, usual) in [("State", "ENABLED"), ("ScheduleExpressionTimezone", "UTC")] {
        let value = &schedule[setting];
        assert!(value.is_null() || value == usual, "a schedule with {setting} {value}");
    }
    for end in ["StartDate", "EndDate"] {
        assert!(schedule[end].is_null(), "a schedule with {end} does not always run");
    }
    let expression = schedule["ScheduleExpression"].as_str().expect("when it runs");
    let noon = moment("2026-11-23 12:00");
    let inside = |name: &str| expression.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        assert_eq!(rate, "1 minute", "another rate wants another line here");
        return (1..=3).map(|minutes| noon + TimeDelta::minutes(minutes)).collect();
    }
    // EventBridge's cron has six fields (AWS, "Schedule types", EventBridge Scheduler): a year at the
    // end, and `?` for whichever of the two kinds of day is not used.
    let fields: Vec<&str> = inside("cron").expect("rate or cron").split(' ').collect();
    let [minute, hour, day, month, weekday, "*"] = fields[..] else { panic!("{expression}") };
    assert_ne!(day == "?", weekday == "?", "one of the two kinds of day is `?`: {expression}");
    // There Sunday is 1, and everywhere else 0: so days have names.
    let is_numbered = weekday.contains(|c: char| c.is_ascii_digit());
    assert!(!is_numbered, "a day of the week is written as its name: {expression}");
    let any = |field: &str| field.replace('?', "*");
    let pattern = format!("{minute} {hour} {} {month} {}", any(day), any(weekday));
    let cron: Cron = pattern.parse().unwrap_or_else(|error| panic!("{expression}: {error}"));
    cron.iter_after(noon).take(3).collect()
}

#[test]
fn a_schedule_that_would_not_run_as_it_reads_is_refused() {
    let schedule = |expression: &str| json!({ "ScheduleExpression": expression });
    let sundays: Vec<String> = next_runs(&schedule("cron(0 9 ? * SUN *)"))
        .iter()
        .map(|run| run.format("%a %H:%M").to_string())
        .collect();
    assert_eq!(sundays, ["Sun 09:00"; 3]);
    let refused = |schedule: Value| {
        catch_unwind(|| next_runs(&schedule)).expect_err(&format!("nobody noticed {schedule}"));
    };
    for expression in
        ["rate(2 minutes)", "cron(0 9 ? * 1 *)", "cron(0 9 * * * *)", "at(2026-12-01)"]
    {
        refused(schedule(expression));
    }
    for (setting, value) in [
        ("State", "DISABLED"),
        ("ScheduleExpressionTimezone", "Europe/Lisbon"),
        ("StartDate", "2027-01-01T00:00:00Z"),
        ("EndDate", "2026-12-01T00:00:00Z"),
    ] {
        let mut schedule = schedule("rate(1 minute)");
        schedule[setting] = json!(value);
        refused(schedule);
    }
}

/// A form that is posted needs no CORS, and no script of another site has business here.
#[test]
fn no_other_site_may_read() {
    let template = Template::read();
    let globals = template.under("Globals").keys();
    assert_eq!(globals.collect::<Vec<_>>(), ["Function"], "what holds for all functions, no more");
    let all: Value = template.headings().clone().into();
    assert!(!all.to_string().contains("\"Cors"), "there is a CORS configuration");
    let apis = template.resources("AWS::Serverless::HttpApi");
    let [(_, api)] = apis[..] else { panic!("{} HTTP APIs", apis.len()) };
    for setting in ["CorsConfiguration", "Auth", "DefinitionBody", "DefinitionUri"] {
        assert!(api[setting].is_null(), "the API has {setting}");
    }
}
