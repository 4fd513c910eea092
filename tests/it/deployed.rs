//! What the template deploys, told in some lines for each thing: whoever changes it looks at them.

use std::fmt::{self, Write as _};

use serde_json::Value;
use tests::template::{Function, Template, texts};

use crate::template::{next_runs, routes};

#[test]
fn what_is_deployed_has_been_looked_at() {
    insta::assert_snapshot!(described(&Template::read()));
}

/// What wakes each thing, what it may do, what bounds it.
fn described(template: &Template) -> String {
    let mut words = String::new();
    describe_doors(template, &mut words)
        .and_then(|()| describe_functions(template, &mut words))
        .and_then(|()| describe_tables(template, &mut words))
        .and_then(|()| describe_clock(template, &mut words))
        .and_then(|()| describe_mail_and_alarms(template, &mut words))
        .expect("a text takes words");
    words
}

fn describe_doors(template: &Template, words: &mut String) -> fmt::Result {
    for (id, api) in template.resources("AWS::Serverless::HttpApi") {
        let settings = ["StageName", "DisableExecuteApiEndpoint", "DefaultRouteSettings"];
        writeln!(words, "{id}: {}", rules(api, &settings))?;
        writeln!(words, "  writes down {}", said(&api["AccessLogSettings"]["Format"]))?;
    }
    for (id, log) in template.resources("AWS::Logs::LogGroup") {
        writeln!(words, "{id}: {}", rules(log, &["LogGroupName", "RetentionInDays"]))?;
    }
    Ok(())
}

fn describe_functions(template: &Template, words: &mut String) -> fmt::Result {
    let globals = template.globals();
    let routes = routes(template);
    for function in template.functions() {
        let properties = &function.properties;
        let setting = |name: &str| {
            let own = &properties[name];
            said(if own.is_null() { &globals[name] } else { own })
        };
        let (memory, timeout) = (setting("MemorySize"), setting("Timeout"));
        let (on, of) = (setting("Architectures"), setting("Runtime"));
        writeln!(words, "{}: {memory} MB, {timeout} s, {of} on {on}", function.name)?;
        writeln!(words, "  {}", rules(properties, &["ReservedConcurrentExecutions"]))?;
        writeln!(words, "  writes to {}", said(&properties["LoggingConfig"]["LogGroup"]))?;
        let count = routes.values().filter(|name| **name == function.name).count();
        if 0 < count {
            writeln!(words, "  woken by {count} routes")?;
        }
        let stream = &properties["Events"]["Written"]["Properties"];
        if !stream.is_null() {
            writeln!(words, "  woken by {}: {}", said(&stream["Stream"]), rules(stream, STREAM))?;
        }
        let invoked = &properties["EventInvokeConfig"];
        if !invoked.is_null() {
            writeln!(words, "  given up: {}", rules(invoked, GIVEN_UP))?;
        }
        describe_rights(template, &function, words)?;
    }
    Ok(())
}

fn describe_rights(template: &Template, function: &Function, words: &mut String) -> fmt::Result {
    let role = said(&function.properties["Role"]);
    writeln!(words, "  as {}", trusted(template.resource(&role)))?;
    for statement in template.statements_of(function) {
        writeln!(words, "  {}", right(&statement))?;
    }
    Ok(())
}

/// Who may act as a role.
fn trusted(role: &Value) -> String {
    let statement = &role["AssumeRolePolicyDocument"]["Statement"][0];
    let who = said(&statement["Principal"]);
    let condition = &statement["Condition"];
    if condition.is_null() { who } else { format!("{who}, if {}", said(condition)) }
}

/// A statement of a policy.
fn right(statement: &Value) -> String {
    let actions = texts(&statement["Action"]).join(", ");
    let (sid, on) = (said(&statement["Sid"]), said(&statement["Resource"]));
    let who = &statement["Principal"];
    let who = if who.is_null() { String::new() } else { format!("{} ", said(who)) };
    let condition = &statement["Condition"];
    let bound =
        if condition.is_null() { String::new() } else { format!(", if {}", said(condition)) };
    format!("{who}may {actions} on {on}{bound} ({sid})")
}

fn describe_tables(template: &Template, words: &mut String) -> fmt::Result {
    for (id, table) in template.resources("AWS::DynamoDB::Table") {
        let kept = [
            "BillingMode",
            "DeletionProtectionEnabled",
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "StreamSpecification",
            "TimeToLiveSpecification",
        ];
        writeln!(words, "{id}: {}", rules(table, &kept))?;
    }
    for (id, queue) in template.resources("AWS::SQS::Queue") {
        let days = queue["MessageRetentionPeriod"].as_u64().expect("seconds") / 86_400;
        writeln!(words, "{id}: kept for {days} days, {}", rules(queue, &["SqsManagedSseEnabled"]))?;
    }
    Ok(())
}

fn describe_clock(template: &Template, words: &mut String) -> fmt::Result {
    for (id, schedule) in template.resources("AWS::Scheduler::Schedule") {
        let (expression, target) = (said(&schedule["ScheduleExpression"]), &schedule["Target"]);
        let (wakes, input) = (said(&target["Arn"]), said(&target["Input"]));
        writeln!(
            words,
            "{id}: {expression} wakes {wakes} with {input}, as {}",
            said(&target["RoleArn"])
        )?;
        writeln!(words, "  given up: {}", rules(target, &["RetryPolicy", "DeadLetterConfig"]))?;
        for run in next_runs(&expression) {
            writeln!(words, "  {}", run.format("%A %H:%M"))?;
        }
    }
    let role = template.resource("ClockRole");
    writeln!(words, "ClockRole: {}", trusted(role))?;
    describe_statements(&role["Policies"][0]["PolicyDocument"], words)
}

fn describe_statements(policy: &Value, words: &mut String) -> fmt::Result {
    let statements = policy["Statement"].as_array().expect("statements");
    statements.iter().try_for_each(|statement| writeln!(words, "  {}", right(statement)))
}

fn describe_mail_and_alarms(template: &Template, words: &mut String) -> fmt::Result {
    for kind in ["EmailIdentity", "ConfigurationSet", "ConfigurationSetEventDestination"] {
        for (id, of_mail) in template.resources(&format!("AWS::SES::{kind}")) {
            writeln!(words, "{id}: {}", said(of_mail))?;
        }
    }
    for (id, subscription) in template.resources("AWS::SNS::Subscription") {
        writeln!(words, "{id}: {}", said(subscription))?;
    }
    for (id, policy) in template.resources("AWS::SNS::TopicPolicy") {
        writeln!(words, "{id}: {}", said(&policy["Topics"]))?;
        describe_statements(&policy["PolicyDocument"], words)?;
    }
    for (id, alarm) in template.resources("AWS::CloudWatch::Alarm") {
        writeln!(words, "{id}: {}", said(&alarm["AlarmDescription"]))?;
        let figure = [&alarm["Namespace"], &alarm["MetricName"], &alarm["Statistic"]].map(said);
        let rings =
            rules(alarm, &["Period", "EvaluationPeriods", "ComparisonOperator", "Threshold"]);
        let (of, silence) = (said(&alarm["Dimensions"]), said(&alarm["TreatMissingData"]));
        writeln!(words, "  {} [{of}]: {rings}; silence is {silence}", figure.join(" "))?;
    }
    Ok(())
}

const STREAM: &[&str] = &[
    "BatchSize",
    "BisectBatchOnFunctionError",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "FilterCriteria",
    "FunctionResponseTypes",
    "StartingPosition",
    "DestinationConfig",
];
const GIVEN_UP: &[&str] =
    &["MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig"];

/// These rules, as far as there are any.
fn rules(of: &Value, names: &[&str]) -> String {
    let rule = |name: &&str| Some(format!("{name} {}", said(of.get(name)?)));
    names.iter().filter_map(rule).collect::<Vec<_>>().join(", ")
}

/// A value of the template in words: what an intrinsic names stands for it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) => all.iter().map(said).collect::<Vec<_>>().join(" and "),
        Value::Object(all) => {
            let one = all.iter().next().filter(|_| all.len() == 1);
            match one.map(|(name, of)| (name.as_str(), of)) {
                Some(("Ref" | "Fn::Sub", of)) => said(of),
                Some(("Fn::GetAtt", of)) if of[1] == "Arn" => said(&of[0]),
                Some(("Fn::GetAtt", of)) => format!("{}.{}", said(&of[0]), said(&of[1])),
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
