//! A right too many has nowhere to hide: whatever might grant one, and is not understood, is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};
use tests::{rights::Policy, template::Template};

/// What is said about the template after this edit.
#[track_caller]
fn refused(edit: impl FnOnce(&mut Value)) -> String {
    let template = Template::edited(edit);
    let read = catch_unwind(AssertUnwindSafe(|| drop(Policy::of(&template))));
    let why = read.expect_err("nobody noticed");
    let words = why.downcast_ref::<String>().cloned();
    words.or_else(|| why.downcast_ref::<&str>().map(|&words| words.to_owned())).unwrap()
}

#[track_caller]
fn check(edit: impl FnOnce(&mut Value), words: &str) {
    let said = refused(edit);
    assert!(said.contains(words), "{said}");
}

fn role(template: &mut Value) -> &mut Value {
    &mut template["Resources"]["OptInRole"]["Properties"]
}

/// The statement that lets the opt-in write files.
fn statement(template: &mut Value) -> &mut Value {
    let statements = &mut role(template)["Policies"][0]["PolicyDocument"]["Statement"];
    let mut statements = statements.as_array_mut().unwrap().iter_mut();
    statements.find(|statement| statement["Sid"] == "Clients").unwrap()
}

fn function(template: &mut Value) -> &mut Value {
    &mut template["Resources"]["OptInFunction"]
}

#[test]
fn an_action_that_is_not_written_out_is_refused() {
    let not_written_out = "which is not one written out";
    check(|it| statement(it)["Action"] = json!("dynamodb:*"), "it is no list: \"dynamodb:*\"");
    check(|it| statement(it)["Action"] = json!("dynamodb:Scan"), "it is no list");
    for action in ["*", "dynamodb:*", "dynamodb:Put*", "dynamodb:?utItem", "DynamoDB:Scan"] {
        check(|it| statement(it)["Action"] = json!([action]), not_written_out);
    }
    check(|it| statement(it)["Action"] = json!([{ "Ref": "Action" }]), "it is no text");
    check(|it| statement(it)["Action"] = json!([]), "has no Action");
    check(|it| statement(it)["NotAction"] = json!(["dynamodb:Scan"]), "has NotAction");
    let mixed = json!(["dynamodb:PutItem", "sqs:SendMessage"]);
    check(|it| statement(it)["Action"] = mixed, "about the tables and something else");
}

#[test]
fn a_resource_that_is_no_table_is_refused() {
    for resource in [
        json!("*"),
        json!("arn:aws:dynamodb:*:*:table/*"),
        json!({ "Fn::Sub": "${ClientsTable.Arn}*" }),
        json!({ "Fn::Sub": "${ClientsTable.Arn}/index/*" }),
        json!({ "Fn::Sub": "${ClientsTable.Arn}/index/nothing" }),
        json!({ "Fn::GetAtt": ["OutboxTable", "StreamArn"] }),
        json!({ "Fn::GetAtt": "ClientsTable.Arn" }),
        json!({ "Fn::If": ["IsTraced", "*", "*"] }),
        json!([{ "Fn::GetAtt": ["ClientsTable", "Arn"] }, "*"]),
    ] {
        check(|it| statement(it)["Resource"] = resource, "which is no table and no index");
    }
    check(|it| statement(it)["NotResource"] = json!("arn:nothing"), "has NotResource");
    check(|it| statement(it)["Resource"] = Value::Null, "has no Resource");
}

#[test]
fn a_statement_says_what_it_allows_and_nothing_else() {
    check(|it| statement(it)["Effect"] = json!("Deny"), "Clients of OptInRole");
    check(|it| statement(it)["Principal"] = json!("*"), "has Principal");
    check(|it| statement(it)["Sid"] = json!("Log"), "two statements called Log");
    let key = |operator: &str, keys: Value| json!({ operator: { "dynamodb:LeadingKeys": keys }, "Null": { "dynamodb:LeadingKeys": "false" } });
    let unknown = [
        key("ForAnyValue:StringLike", json!(["*#*"])),
        key("ForAllValues:StringNotLike", json!(["*#*", "*"])),
        key("ForAllValues:StringNotLike", json!(["*#@desk"])),
        json!({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["*#*"] } }),
        json!({ "Null": { "dynamodb:LeadingKeys": "false" } }),
    ];
    for condition in unknown {
        refused(|it| statement(it)["Condition"] = condition);
    }
    let anybodys = key("ForAllValues:StringLike", json!(["*"]));
    check(|it| statement(it)["Condition"] = anybodys, "nobody knows what lies in *");
}

#[test]
fn a_role_has_its_two_policies_and_nothing_else() {
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    check(|it| role(it)["ManagedPolicyArns"] = json!([arn]), "has ManagedPolicyArns");
    check(|it| role(it)["PermissionsBoundary"] = json!(arn), "has PermissionsBoundary");
    check(
        |it| {
            let policies = role(it)["Policies"].as_array_mut().unwrap();
            policies.push(policies[0].clone());
        },
        "has 3 policies",
    );
    let traces = |it: &mut Value, change: &dyn Fn(&mut Value)| {
        change(&mut role(it)["Policies"][1]["Fn::If"]);
    };
    let at_tables = json!(["dynamodb:Scan"]);
    check(
        |it| {
            traces(it, &|it| {
                it[1]["PolicyDocument"]["Statement"][0]["Action"] = at_tables.clone();
            });
        },
        "the traces of OptInRole",
    );
    check(|it| traces(it, &|it| it[0] = json!("HasDomain")), "OptInRole");
    check(|it| traces(it, &|it| it[2] = it[1].clone()), "without traces");
    check(
        |it| {
            let policies = &mut role(it)["Policies"];
            policies[0] =
                json!({ "Fn::If": ["HasDomain", policies[0], { "Ref": "AWS::NoValue" }] });
        },
        "OptInRole",
    );
}

#[test]
fn nothing_but_the_role_of_a_function_grants() {
    let resource = |kind: &str| json!({ "Type": kind, "Properties": {} });
    for kind in [
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        "AWS::Serverless::Connector",
        "AWS::Lambda::Permission",
    ] {
        check(|it| it["Resources"]["More"] = resource(kind), "what it grants nobody reads");
    }
    check(|it| function(it)["Connectors"] = json!({}), "has Connectors");
    let policies = json!(["AdministratorAccess"]);
    check(|it| function(it)["Properties"]["Policies"] = policies, "OptInFunction has Policies");
    let another = json!({ "Fn::GetAtt": ["DeskRole", "Arn"] });
    check(|it| function(it)["Properties"]["Role"] = another, "a role of its own");
    check(
        |it| {
            let table = &mut it["Resources"]["ClientsTable"]["Properties"];
            table["ResourcePolicy"] = json!({ "PolicyDocument": {} });
        },
        "has a ResourcePolicy",
    );
}
