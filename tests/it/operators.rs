//! What operators look at: the outputs of a stack, its dashboard, and the runbook.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{Given, template::Template};

use crate::tidy::{root, text};

/// Outputs that people read, and no command.
const FOR_PEOPLE: [&str; 7] = [
    "CalendarTableName",
    "ClientsTableName",
    "LinkKeysParameter",
    "MailEventsTopicArn",
    "MailSetName",
    "OutboxTableName",
    "PracticesTableName",
];

#[test]
fn a_stack_tells_what_its_operators_ask() {
    let read: BTreeSet<&str> = operate::OUTPUTS.into_iter().collect();
    let template = Template::read();
    let told: BTreeSet<&str> = template.under("Outputs").keys().map(String::as_str).collect();
    let meant: BTreeSet<&str> = read.iter().copied().chain(FOR_PEOPLE).collect();
    assert_eq!(told, meant);
    assert!(read.is_disjoint(&FOR_PEOPLE.into()), "read by a command after all");
}

/// The graphs of the dashboard, each with its title and what it draws: namespace, figure, and of what.
fn graphs(template: &Template) -> Vec<(String, Vec<[String; 3]>)> {
    let body = &template.resource("Dashboard")["DashboardBody"]["Fn::Sub"];
    let body = body.as_str().expect("a text with names");
    // A name stands for itself, so that a graph says of what it is.
    let names: BTreeSet<&str> =
        body.split("${").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    let given: Vec<(&str, &str)> = names.iter().map(|name| (*name, *name)).collect();
    let body = template.substituted(body, &Given(&given));
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let widgets = body["widgets"].as_array().unwrap().iter();
    let graph = |widget: &Value| {
        let properties = &widget["properties"];
        let title = properties["title"].as_str().unwrap().to_owned();
        (title, drawn(properties["metrics"].as_array().unwrap()))
    };
    widgets.map(graph).collect()
}

/// A metric written out: `.` repeats one part of the metric before, `...` all but the last (AWS,
/// "Dashboard body structure and syntax").
fn drawn(metrics: &[Value]) -> Vec<[String; 3]> {
    let mut drawn = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for metric in metrics {
        let parts = metric.as_array().unwrap().iter().filter_map(Value::as_str);
        let mut whole: Vec<String> = Vec::new();
        for part in parts {
            match part {
                "..." => whole.extend_from_slice(&before[..before.len() - 1]),
                "." => whole.push(before[whole.len()].clone()),
                part => whole.push(part.to_owned()),
            }
        }
        let of = whole.last().filter(|_| 2 < whole.len()).cloned().unwrap_or_default();
        drawn.push([whole[0].clone(), whole[1].clone(), of]);
        before = whole;
    }
    drawn
}

#[test]
fn the_dashboard_shows_every_function_and_every_table() {
    let template = Template::read();
    let graphs = graphs(&template);
    let drawn = |figure: &str| -> BTreeSet<&str> {
        let all = graphs.iter().flat_map(|(_, metrics)| metrics);
        let drawn = all.filter(|[_, name, of]| name == figure && !of.is_empty());
        drawn.map(|[_, _, of]| of.as_str()).collect()
    };
    let functions = template.functions();
    let functions: BTreeSet<&str> = functions.iter().map(|function| &*function.id).collect();
    assert_eq!(drawn("Errors"), functions);
    assert_eq!(drawn("Duration"), functions);
    let ids =
        |kind: &str| template.resources(kind).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let tables: BTreeSet<&str> = ids("AWS::DynamoDB::Table").into_iter().collect();
    assert_eq!(drawn("ConsumedWriteCapacityUnits"), tables);
    let queues: Vec<String> =
        ids("AWS::SQS::Queue").iter().map(|id| format!("{id}.QueueName")).collect();
    let queues: BTreeSet<&str> = queues.iter().map(String::as_str).collect();
    assert_eq!(drawn("ApproximateNumberOfMessagesVisible"), queues);
    // Graphs have different titles, and none draws nothing.
    let titles: BTreeSet<&str> = graphs.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles.len(), graphs.len());
    assert!(graphs.iter().all(|(_, metrics)| !metrics.is_empty()), "{graphs:?}");
}

/// Whoever adds a function finds out here where else it has to be named.
#[test]
fn every_function_is_tried_out_and_measured() {
    let smoke = text(&root().join("infra/operate/src/deploy/smoke.rs"));
    let (lists, _) = smoke.split_once("\nimpl<").unwrap();
    let figures = text(&root().join("infra/aws/figures"));
    let (_, measured) = figures.split_once("\nfunctions=(").unwrap();
    let measured: BTreeSet<&str> = measured.split(')').next().unwrap().split(' ').collect();
    let template = Template::read();
    let functions = template.functions();
    let names: BTreeSet<&str> = functions.iter().map(|function| &*function.name).collect();
    assert_eq!(measured, names, "infra/aws/figures");
    for name in names {
        assert!(lists.contains(&format!("(\"{name}\", ")), "{name} is not tried out");
    }
}

/// Words that say what to do; every heading has one of them.
const DEEDS: [&str; 4] = ["empty", "look", "pause", "see"];

/// Whoever is woken by an alarm finds what it means, and what to do.
#[test]
fn every_alarm_has_something_to_do() {
    let runbook = text(&root().join("infra/README.md"));
    let (_, alarms) = runbook.split_once("\n## What alarms mean\n").unwrap();
    let (alarms, _) = alarms.split_once("\n## ").unwrap();
    let mut headings = BTreeSet::new();
    for alarm in alarms.split("\n#### Alarm: ").skip(1) {
        let (name, body) = alarm.split_once('\n').unwrap();
        let words = body.to_lowercase();
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        assert!(words.any(|word| DEEDS.contains(&word)), "{name}: what is to be done? {body}");
        headings.insert(format!("infra/README.md#alarm-{}", name.replace(' ', "-")));
    }
    let template = Template::read();
    let alarms = template.resources("AWS::CloudWatch::Alarm").into_iter();
    let led_to = alarms.map(|(_, alarm)| {
        let words = alarm["AlarmDescription"].as_str().unwrap();
        words.rsplit(' ').next().unwrap().to_owned()
    });
    assert_eq!(headings, led_to.collect(), "a heading for each alarm, and no other");
}
