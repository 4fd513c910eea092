//! Rights besides those at the tables. No test can see them used, but each has a reason in the template
//! itself: what is granted is compared with those, both ways.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::{Value, json};
use tests::{
    roles::statements_of,
    template::{Function, Template},
};

/// A statement: its actions, each of its resources, and its condition.
type Granted = (BTreeSet<String>, BTreeSet<String>, String);

fn one(actions: &[&str], resources: &[Value], condition: &Value) -> Granted {
    let actions = actions.iter().map(|&action| action.to_owned()).collect();
    (actions, resources.iter().map(Value::to_string).collect(), condition.to_string())
}

fn read(statement: &Value) -> Granted {
    let all = |value: &Value| value.as_array().map_or(vec![value.clone()], Vec::clone);
    let actions = all(&statement["Action"]);
    let actions: Vec<&str> = actions.iter().filter_map(Value::as_str).collect();
    one(&actions, &all(&statement["Resource"]), &statement["Condition"])
}

fn arn(id: &str) -> Value {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

fn of_account(service: &str, what: &str) -> Value {
    let account = "${AWS::Region}:${AWS::AccountId}";
    json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:{service}:{account}:{what}") })
}

/// The queues for what a part of the template could not do.
fn dead_letters(part: &Value, found: &mut BTreeMap<String, Value>) {
    match part {
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "OnFailure" => {
                        assert_eq!(value["Type"], "SQS", "{value}");
                        let queue = &value["Destination"];
                        found.insert(queue.to_string(), queue.clone());
                    }
                    "DeadLetterConfig" => {
                        found.insert(value["Arn"].to_string(), value["Arn"].clone());
                    }
                    _ => dead_letters(value, found),
                }
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| dead_letters(part, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn dead_letters_of(part: &Value) -> Vec<Value> {
    let mut found = BTreeMap::new();
    dead_letters(part, &mut found);
    found.into_values().collect()
}

/// What a function needs besides the tables, as the rest of the template has it.
fn needed_by(function: &Function) -> BTreeSet<Granted> {
    let none = Value::Null;
    let secret = of_account("ssm", "parameter/anteroom/${AWS::StackName}/link-keys");
    let for_the_secret = json!({
        "StringEquals": {
            "kms:ViaService": { "Fn::Sub": "ssm.${AWS::Region}.amazonaws.com" },
            "kms:EncryptionContext:PARAMETER_ARN": secret,
        },
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aws/ssm" },
    });
    let properties = &function.properties;
    let log = properties["LoggingConfig"]["LogGroup"]["Ref"].as_str().expect("a log of its own");
    let mut needed = BTreeSet::from([
        one(&["logs:CreateLogStream", "logs:PutLogEvents"], &[arn(log)], &none),
        one(&["ssm:GetParameter"], &[secret], &none),
        one(&["kms:Decrypt"], &[of_account("kms", "key/*")], &for_the_secret),
    ]);
    if !properties["Environment"]["Variables"]["ANTEROOM_MAIL_SET"].is_null() {
        let identities = ["${MailDomain}", "*@${MailDomain}", "*.${MailDomain}"];
        let identities = identities.iter().map(|name| format!("identity/{name}"));
        let senders = identities.chain(["configuration-set/${MailSet}".to_owned()]);
        let senders: Vec<Value> = senders.map(|name| of_account("ses", &name)).collect();
        needed.insert(one(&["ses:SendRawEmail"], &senders, &none));
    }
    let events = properties["Events"].as_object().into_iter().flatten();
    for (_, event) in events.filter(|(_, event)| event["Type"] == "DynamoDB") {
        let stream = event["Properties"]["Stream"].clone();
        let table = stream["Fn::GetAtt"][0].as_str().expect("the stream of a table").to_owned();
        let deeds = ["DescribeStream", "GetRecords", "GetShardIterator"];
        let deeds = deeds.map(|deed| format!("dynamodb:{deed}"));
        needed.insert(one(&deeds.each_ref().map(String::as_str), &[stream], &none));
        let all = json!({ "Fn::Sub": format!("${{{table}.Arn}}/stream/*") });
        needed.insert(one(&["dynamodb:ListStreams"], &[all], &none));
    }
    let queues = dead_letters_of(properties);
    if !queues.is_empty() {
        needed.insert(one(&["sqs:SendMessage"], &queues, &none));
    }
    needed
}

/// What a function is granted besides the tables themselves.
fn granted_to(template: &Template, function: &Function) -> BTreeSet<Granted> {
    let statements = statements_of(template, function);
    let is_at_tables = |statement: &&Value| {
        let resource = statement["Resource"].clone();
        let resources = resource.as_array().map_or(vec![resource.clone()], Vec::clone);
        resources.iter().any(|resource| template.table_of(resource).is_some())
    };
    statements.iter().filter(|statement| !is_at_tables(statement)).map(read).collect()
}

/// What wakes the functions, and where it leaves what it could not hand over.
fn needed_by_the_clock(template: &Template) -> BTreeSet<Granted> {
    let schedules = template.resources("AWS::Scheduler::Schedule");
    let clock = json!({ "Fn::GetAtt": ["ClockRole", "Arn"] });
    for (id, schedule) in &schedules {
        assert_eq!(schedule["Target"]["RoleArn"], clock, "{id} is handed over by the clock");
    }
    let woken = schedules.iter().map(|(_, schedule)| schedule["Target"]["Arn"].clone());
    let queues = schedules.iter().flat_map(|(_, schedule)| dead_letters_of(schedule));
    let (woken, queues): (Vec<Value>, Vec<Value>) = (woken.collect(), queues.collect());
    let none = Value::Null;
    [one(&["lambda:InvokeFunction"], &woken, &none), one(&["sqs:SendMessage"], &queues, &none)]
        .into()
}

fn compare(template: &Template) {
    let functions = template.functions();
    for function in &functions {
        let (granted, needed) = (granted_to(template, function), needed_by(function));
        assert_eq!(granted, needed, "{} is granted (left) and needs (right)", function.name);
    }
    let clock = template.resource("ClockRole");
    let [rights] = &clock["Policies"].as_array().expect("policies")[..] else {
        panic!("the clock has one policy: {clock}")
    };
    let granted = rights["PolicyDocument"]["Statement"].as_array().expect("statements");
    assert!(granted.iter().all(|statement| statement["Effect"] == "Allow"), "{rights}");
    let granted: BTreeSet<Granted> = granted.iter().map(read).collect();
    assert_eq!(granted, needed_by_the_clock(template), "the clock is granted, and needs");
    let roles = template.resources("AWS::IAM::Role").into_iter().map(|(id, _)| id.to_owned());
    let of_functions = functions.iter().map(|function| function.id.replace("Function", "Role"));
    let known: BTreeSet<String> = of_functions.chain(["ClockRole".to_owned()]).collect();
    assert_eq!(roles.collect::<BTreeSet<_>>(), known, "nobody reads what another role grants");
}

#[test]
fn every_right_besides_the_tables_has_its_reason_and_every_reason_its_right() {
    compare(&Template::read());
}

/// A slip in the template, by its name.
type Slip = (&'static str, fn(&mut Value));

#[test]
fn one_right_more_or_less_is_noticed() {
    fn statements<'t>(template: &'t mut Value, role: &str) -> &'t mut Vec<Value> {
        let policies = &mut template["Resources"][role]["Properties"]["Policies"];
        policies[0]["PolicyDocument"]["Statement"].as_array_mut().expect("statements")
    }
    fn without(template: &mut Value, role: &str, sid: &str) {
        let statements = statements(template, role);
        let before = statements.len();
        statements.retain(|statement| statement["Sid"] != sid);
        assert_eq!(statements.len() + 1, before, "{role} has no {sid}");
    }
    fn more(template: &mut Value, role: &str, action: &str, resource: &Value) {
        let more =
            json!({ "Sid": "More", "Effect": "Allow", "Action": [action], "Resource": resource });
        statements(template, role).push(more);
    }
    let slips: [Slip; 10] = [
        ("tells topics", |it| more(it, "OptInRole", "sns:Publish", &json!("*"))),
        ("sends mail", |it| more(it, "DeskRole", "ses:SendRawEmail", &json!("*"))),
        ("cannot send", |it| without(it, "PostRole", "Mail")),
        ("cannot read the stream", |it| without(it, "PostRole", "OutboxStream")),
        ("loses what failed", |it| without(it, "RemindersRole", "DeadLetters")),
        ("has no log", |it| without(it, "CalendarRole", "Log")),
        ("cannot read the secret", |it| without(it, "CalendarRole", "LinkKeysInClear")),
        ("the clock writes", |it| more(it, "ClockRole", "dynamodb:PutItem", &json!("*"))),
        ("the clock wakes nobody", |it| without(it, "ClockRole", "Functions")),
        ("a role for somebody else", |it| {
            it["Resources"]["MoreRole"] = it["Resources"]["ClockRole"].clone();
        }),
    ];
    for (name, slip) in slips {
        let template = Template::edited(slip);
        let panic = catch_unwind(AssertUnwindSafe(|| compare(&template)));
        let panic = panic.expect_err(&format!("nobody notices: {name}"));
        let words = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        let is_said =
            ["is granted (left) and needs", "the clock is granted", "another role grants"];
        assert!(is_said.iter().any(|said| words.contains(said)), "{name}: {words}");
    }
}
