//! The roles of the template, read strictly: what is not known here might grant something, so it ends
//! the test by its name.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::template::{Function, Template};

/// Sees that nothing but the roles' own policies grants anything.
///
/// # Panics
/// If something does, or might.
pub fn see_that_only_roles_grant(template: &Template) {
    for (id, resource) in template.under("Resources") {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let grants = kind.starts_with("AWS::IAM::") && kind != "AWS::IAM::Role";
        let grants =
            grants || ["AWS::Serverless::Connector", "AWS::Lambda::Permission"].contains(&kind);
        assert!(!grants, "{id} is a {kind}: what it grants nobody reads");
        assert!(resource["Connectors"].is_null(), "{id} has Connectors, which grant");
        let of_table = kind == "AWS::DynamoDB::Table" || kind == "AWS::DynamoDB::GlobalTable";
        let has_policy = resource.to_string().contains("\"ResourcePolicy\"");
        assert!(!(of_table && has_policy), "{id} has a ResourcePolicy, which grants");
    }
    let functions = template.functions();
    let all = functions.iter().map(|function| (function.id.as_str(), &function.properties));
    for (id, properties) in all.chain([("Globals", template.globals())]) {
        for name in ["Policies", "PermissionsBoundary", "AssumeRolePolicyDocument"] {
            assert!(
                properties[name].is_null(),
                "{id} has {name}: its role is the one place for it"
            );
        }
    }
}

/// The statements of a function's role that always hold; those under a condition are the traces.
///
/// # Panics
/// If the role is not the function's own, or has anything that is not understood.
pub fn statements_of(template: &Template, function: &Function) -> Vec<Value> {
    let id = function.id.replace("Function", "Role");
    let role = &function.properties["Role"];
    assert_eq!(
        *role,
        json!({ "Fn::GetAtt": [id, "Arn"] }),
        "{} has a role of its own",
        function.id
    );
    let properties = template.resource(&id);
    only(properties, &["AssumeRolePolicyDocument", "Policies"], &id);
    let policies = properties["Policies"].as_array().map_or(&[][..], Vec::as_slice);
    let [rights, traces] = policies else { panic!("{id} has {} policies", policies.len()) };
    see_that_it_is_the_traces(traces, &id);
    assert_eq!(rights["PolicyName"], "rights", "{id}: {rights}");
    let statements = statements(rights, &id);
    let mut names = BTreeSet::new();
    for statement in &statements {
        let sid = statement["Sid"].as_str().unwrap_or_else(|| panic!("{id}: no Sid: {statement}"));
        assert!(names.insert(sid), "{id} has two statements called {sid}");
        see_that_it_is_understood(statement, &format!("{sid} of {id}"));
    }
    statements
}

/// The one policy that comes and goes with a parameter.
fn see_that_it_is_the_traces(policy: &Value, id: &str) {
    only(policy, &["Fn::If"], &format!("the second policy of {id}"));
    let [condition, policy, otherwise] = policy["Fn::If"].as_array().map_or(&[][..], Vec::as_slice)
    else {
        panic!("{id}: a condition has three parts: {policy}")
    };
    assert_eq!(condition, "IsTraced", "{id}");
    assert_eq!(*otherwise, json!({ "Ref": "AWS::NoValue" }), "{id} without traces");
    assert_eq!(policy["PolicyName"], "traces", "{id}: {policy}");
    let traces = json!([{
        "Sid": "Traces",
        "Effect": "Allow",
        "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        "Resource": "*",
    }]);
    assert_eq!(Value::Array(statements(policy, id)), traces, "the traces of {id}");
}

fn statements(policy: &Value, id: &str) -> Vec<Value> {
    only(policy, &["PolicyName", "PolicyDocument"], &format!("a policy of {id}"));
    let document = &policy["PolicyDocument"];
    only(document, &["Version", "Statement"], &format!("a policy of {id}"));
    let statements = document["Statement"].as_array();
    statements.unwrap_or_else(|| panic!("{id}: no statements: {policy}")).clone()
}

fn see_that_it_is_understood(statement: &Value, name: &str) {
    only(statement, &["Sid", "Effect", "Action", "Resource", "Condition"], name);
    assert_eq!(statement["Effect"], "Allow", "{name}");
    assert!(!statement["Resource"].is_null(), "{name} has no Resource");
    let actions = all_texts(&statement["Action"]);
    assert!(!actions.is_empty(), "{name} has no Action");
    for action in actions {
        let (service, deed) = action.split_once(':').unwrap_or_default();
        let is_whole = !service.is_empty()
            && service.bytes().all(|byte| byte.is_ascii_lowercase())
            && deed.starts_with(|first: char| first.is_ascii_uppercase())
            && deed.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(is_whole, "{name} has the Action {action}, which is not one written out");
    }
}

/// The texts of a list that has nothing else.
///
/// # Panics
/// If it is no list, or has something else.
pub fn all_texts(list: &Value) -> Vec<String> {
    let all = list.as_array().unwrap_or_else(|| panic!("it is no list: {list}"));
    let text = |text: &Value| text.as_str().map(str::to_owned);
    all.iter().map(|one| text(one).unwrap_or_else(|| panic!("it is no text: {one}"))).collect()
}

/// Sees that nothing has other names than these.
fn only(value: &Value, names: &[&str], what: &str) {
    let all = value.as_object().unwrap_or_else(|| panic!("{what} cannot be read: {value}"));
    for name in all.keys() {
        assert!(names.contains(&name.as_str()), "{what} has {name}, which nobody reads");
    }
}
