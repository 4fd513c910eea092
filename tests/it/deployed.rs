//! What the template deploys, written out to the last setting: whoever changes it looks at it.

use std::fmt::{self, Write as _};

use serde_json::Value;
use tests::template::Template;

use crate::template::next_runs;

#[test]
fn what_is_deployed_has_been_looked_at() {
    let mut words = String::new();
    describe(&Template::read(), &mut words).expect("a text takes words");
    insta::assert_snapshot!(words);
}

/// The settings of resources that are told in words of their own, or are compared with the code: routes
/// with the functions', the graphs with the functions and tables.
const OTHERWISE: [(&str, &str); 5] = [
    ("AWS::CloudWatch::Dashboard", "DashboardBody"),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
    ("AWS::IAM::Role", "Policies"),
    ("AWS::SNS::TopicPolicy", "PolicyDocument"),
    ("AWS::Serverless::Function", "Events"),
];

/// What people read about parameters and outputs, and nobody acts on.
const FOR_PEOPLE: [&str; 2] = ["ConstraintDescription", "Description"];

fn describe(template: &Template, words: &mut String) -> fmt::Result {
    for (heading, all) in template.headings() {
        let Some(all) = all.as_object() else {
            writeln!(words, "{heading}: {}", said(all))?;
            continue;
        };
        writeln!(words, "\n{heading}")?;
        for (name, one) in all {
            match (heading.as_str(), one.as_object()) {
                ("Resources", Some(_)) => describe_resource(name, one, words)?,
                ("Parameters" | "Outputs", Some(settings)) => {
                    let settings = settings.iter();
                    let acted_on =
                        settings.filter(|(name, _)| !FOR_PEOPLE.contains(&name.as_str()));
                    writeln!(words, "{name}: {}", listed(acted_on, ", "))?;
                }
                (_, Some(settings)) => writeln!(words, "{name}: {}", listed(settings, ", "))?,
                (_, None) => writeln!(words, "{name}: {}", said(one))?,
            }
        }
    }
    Ok(())
}

fn describe_resource(id: &str, resource: &Value, words: &mut String) -> fmt::Result {
    let kind = resource["Type"].as_str().expect("a type");
    let attributes = resource.as_object().into_iter().flatten();
    let attributes =
        attributes.filter(|(name, _)| !["Type", "Properties"].contains(&name.as_str()));
    let attributes = listed(attributes, ", ");
    let between = if attributes.is_empty() { "" } else { ", " };
    writeln!(words, "{id}: {kind}{between}{attributes}")?;
    let properties = &resource["Properties"];
    let settings = properties.as_object().into_iter().flatten();
    let settings = settings.filter(|(name, _)| !OTHERWISE.contains(&(kind, name.as_str())));
    let is_one_of_many = kind == "AWS::CloudWatch::Alarm";
    let settings = listed(settings, if is_one_of_many { ", " } else { "\n  " });
    if !settings.is_empty() {
        writeln!(words, "  {settings}")?;
    }
    match kind {
        "AWS::Serverless::Function" => describe_events(&properties["Events"], words),
        "AWS::IAM::Role" => describe_role(properties, words),
        "AWS::SNS::TopicPolicy" => describe_policy(&properties["PolicyDocument"], words),
        "AWS::Scheduler::Schedule" => {
            let mut runs = next_runs(properties).into_iter();
            runs.try_for_each(|run| writeln!(words, "  {}", run.format("%A %H:%M")))
        }
        _ => Ok(()),
    }
}

/// What wakes a function.
fn describe_events(events: &Value, words: &mut String) -> fmt::Result {
    let events = events.as_object().into_iter().flatten();
    let (routes, others): (Vec<_>, Vec<_>) =
        events.partition(|(_, event)| event["Type"] == "HttpApi");
    if !routes.is_empty() {
        writeln!(words, "  woken by {} routes", routes.len())?;
    }
    others
        .iter()
        .try_for_each(|(name, event)| writeln!(words, "  woken by {name}: {}", said(event)))
}

/// Who may act as a role, and what it may do.
fn describe_role(role: &Value, words: &mut String) -> fmt::Result {
    writeln!(words, "  is taken on")?;
    describe_policy(&role["AssumeRolePolicyDocument"], words)?;
    for policy in role["Policies"].as_array().into_iter().flatten() {
        let conditional = &policy["Fn::If"];
        let policy = if conditional.is_null() { policy } else { &conditional[1] };
        let name = said(&policy["PolicyName"]);
        if conditional.is_null() {
            writeln!(words, "  {name}")?;
        } else {
            let (when, else_what) = (said(&conditional[0]), said(&conditional[2]));
            writeln!(words, "  {name} if {when}, else {else_what}")?;
        }
        describe_policy(&policy["PolicyDocument"], words)?;
    }
    Ok(())
}

fn describe_policy(policy: &Value, words: &mut String) -> fmt::Result {
    let statements = policy["Statement"].as_array().expect("statements");
    statements.iter().try_for_each(|statement| writeln!(words, "    {}", right(statement)))
}

/// A statement of a policy; what it has besides the usual stands behind it.
fn right(statement: &Value) -> String {
    let (effect, actions) = (said(&statement["Effect"]), said(&statement["Action"]));
    let on = statement.get("Resource").map(|on| format!(" on {}", said(on))).unwrap_or_default();
    let rest = statement.as_object().into_iter().flatten();
    let rest = rest.filter(|(name, _)| !["Effect", "Action", "Resource"].contains(&name.as_str()));
    format!("{effect} {actions}{on}; {}", listed(rest, ", "))
}

/// Settings, each with its name.
fn listed<'v>(
    settings: impl IntoIterator<Item = (&'v String, &'v Value)>,
    between: &str,
) -> String {
    let setting = |(name, of): (&String, &Value)| format!("{name} {}", said(of));
    settings.into_iter().map(setting).collect::<Vec<_>>().join(between)
}

/// A value of the template in words; what stands for something else looks as in a text, `${Name}`.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) => all.iter().map(said).collect::<Vec<_>>().join(" and "),
        Value::Object(all) => {
            let one = all.iter().next().filter(|_| all.len() == 1);
            match one.map(|(name, of)| (name.as_str(), of)) {
                Some(("Fn::Sub", of)) => said(of),
                Some(("Ref", of)) => format!("${{{}}}", said(of)),
                Some(("Fn::GetAtt", of)) => format!("${{{}.{}}}", said(&of[0]), said(&of[1])),
                Some(("Fn::If", of)) => {
                    format!("{} if {}, else {}", said(&of[1]), said(&of[0]), said(&of[2]))
                }
                _ => {
                    let part = |(name, of): (&String, &Value)| format!("{name}: {}", said(of));
                    format!("{{{}}}", all.iter().map(part).collect::<Vec<_>>().join(", "))
                }
            }
        }
        Value::Null => "all".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
