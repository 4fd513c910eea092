//! What each function may do, and what it was seen to do.
//!
//! The rights stand in the template (`infra/aws/template.yaml`). The tables of every test keep to
//! them: a function that asks for more is refused, as it would be in the cloud, and its test
//! fails. What was asked for is kept, so that a right which nobody needs is found as well.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Value, json};

use crate::{
    roles::{all_texts, see_that_only_roles_grant, statements_of},
    template::{Function, Template},
};

/// One thing that a function may do, or did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// The function, such as `opt-in`.
    pub function: String,
    /// The action, such as `GetItem`.
    pub action: String,
    /// The table, or the table and its index: `clients`, `clients/due`.
    pub resource: String,
    /// Which of its items.
    pub items: Items,
}

/// Which items of a table, told apart by their partition keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Items {
    /// Nothing is told apart.
    All,
    /// The heads of client files: what is to be done, but neither answers nor history.
    Heads,
    /// Journals and answers.
    Histories,
    /// Letters about clients.
    ClientLetters,
    /// Letters to the desk: agendas and links to sign in.
    DeskLetters,
    /// Handbooks, and when the clock looks at a practice.
    Handbooks,
    /// Counters.
    Limits,
    /// Sign-ins and sessions.
    SignIns,
    /// Calendars that somebody else keeps, with their secret addresses.
    OtherCalendars,
    /// Calendars that phones read.
    PhoneFeeds,
    /// When waiting lists are looked through.
    WaitingLists,
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} on {}", self.function, self.action, self.resource)?;
        match self.items {
            Items::All => Ok(()),
            Items::Heads => f.write_str(", heads"),
            Items::Histories => f.write_str(", journals and answers"),
            Items::ClientLetters => f.write_str(", letters about clients"),
            Items::DeskLetters => f.write_str(", letters to the desk"),
            Items::Handbooks => f.write_str(", handbooks"),
            Items::Limits => f.write_str(", counters"),
            Items::SignIns => f.write_str(", sign-ins and sessions"),
            Items::OtherCalendars => f.write_str(", other calendars"),
            Items::PhoneFeeds => f.write_str(", calendars of phones"),
            Items::WaitingLists => f.write_str(", waiting lists"),
        }
    }
}

/// What is told apart in a table.
struct Kinds {
    /// The items of partitions that are like a pattern.
    like: &'static [(&'static str, Items)],
    /// All others, and the pattern that their partitions are not like.
    others: (&'static str, Items),
}

impl Kinds {
    fn in_table(resource: &str) -> Option<Self> {
        let (like, others): (&[_], _) = match resource {
            "clients" => (&[("*#*", Items::Histories)], ("*#*", Items::Heads)),
            "outbox" => (&[("*#@desk", Items::DeskLetters)], ("*#@desk", Items::ClientLetters)),
            "practices" => (
                &[
                    ("*#limits", Items::Limits),
                    ("*#desk", Items::SignIns),
                    ("*#others", Items::OtherCalendars),
                    ("*#feeds", Items::PhoneFeeds),
                    ("*#waiting", Items::WaitingLists),
                ],
                ("*#*", Items::Handbooks),
            ),
            _ => return None,
        };
        Some(Self { like, others })
    }

    /// Which items those in this partition are.
    fn of(&self, partition: &str) -> Items {
        if let Some((_, items)) = self.like.iter().find(|(pattern, _)| is_like(partition, pattern))
        {
            return *items;
        }
        let (pattern, items) = self.others;
        assert!(!is_like(partition, pattern), "nobody knows what lies in {partition}");
        items
    }

    /// Which items a statement with this condition is about.
    fn allowed(&self, condition: &Value) -> BTreeSet<Items> {
        let all = || self.like.iter().map(|(_, items)| *items).chain([self.others.1]).collect();
        let Some(operators) = condition.as_object() else { return all() };
        // "For all values" holds where there is no value at all, so that is ruled out besides.
        assert_eq!(condition["Null"], json!({ "dynamodb:LeadingKeys": "false" }), "{condition}");
        assert_eq!(operators.len(), 2, "{condition}");
        let patterns = |operator: &str| {
            let keys = condition[operator].as_object().filter(|keys| keys.len() == 1)?;
            Some(all_texts(&keys["dynamodb:LeadingKeys"]))
        };
        if let Some(patterns) = patterns("ForAllValues:StringLike") {
            let items = patterns.iter().map(|pattern| {
                let known = self.like.iter().find(|(known, _)| known == pattern);
                known.unwrap_or_else(|| panic!("nobody knows what lies in {pattern}")).1
            });
            return items.collect();
        }
        let (pattern, items) = self.others;
        assert_eq!(patterns("ForAllValues:StringNotLike"), Some(vec![pattern.to_owned()]));
        [items].into()
    }
}

/// Whether a partition is like a pattern: `*end`, or `*part*`.
fn is_like(partition: &str, pattern: &str) -> bool {
    let mark = pattern.trim_matches('*');
    if pattern.ends_with('*') { partition.contains(mark) } else { partition.ends_with(mark) }
}

impl Items {
    fn of(resource: &str, partition: &str) -> Self {
        Kinds::in_table(resource).map_or(Self::All, |kinds| kinds.of(partition))
    }

    /// Which items of a table, or of an index, a statement with this condition is about.
    fn allowed(resource: &str, condition: &Value) -> BTreeSet<Self> {
        let Some(kinds) = Kinds::in_table(resource) else {
            assert!(condition.is_null(), "nothing is told apart in {resource}: {condition}");
            return [Self::All].into();
        };
        kinds.allowed(condition)
    }
}

/// What one statement of a role grants.
struct Statement {
    actions: BTreeSet<String>,
    resource: String,
    items: BTreeSet<Items>,
}

impl Statement {
    /// What a statement of a function's role grants at the tables, one by one.
    fn read(template: &Template, function: &Function, statement: &Value) -> Vec<Self> {
        let all = all_texts(&statement["Action"]);
        let of_tables = all.iter().filter_map(|action| action.strip_prefix("dynamodb:"));
        let actions: BTreeSet<String> = of_tables.map(str::to_owned).collect();
        if actions.is_empty() {
            return vec![];
        }
        let (sid, of) = (&statement["Sid"], &function.name);
        assert_eq!(actions.len(), all.len(), "{of}: {sid} is about the tables and something else");
        let resource = &statement["Resource"];
        let resources = resource.as_array().map_or(std::slice::from_ref(resource), Vec::as_slice);
        let granted = resources.iter().filter_map(|arn| {
            let Some(resource) = template.table_of(arn) else {
                let is_known = of == "post" && is_stream(arn, &actions);
                assert!(is_known, "{of}: {sid} is about {arn}, which is no table and no index");
                return None;
            };
            let items = Items::allowed(&resource, &statement["Condition"]);
            Some(Self { actions: actions.clone(), resource, items })
        });
        granted.collect()
    }
}

/// Whether it is the outbox's stream, which wakes the post. Lambda reads it with the post's rights, so
/// that no test sees them used.
fn is_stream(arn: &Value, actions: &BTreeSet<String>) -> bool {
    let is_about = |known: &[&str]| actions.iter().all(|action| known.contains(&action.as_str()));
    let (one, all) = (
        json!({ "Fn::GetAtt": ["OutboxTable", "StreamArn"] }),
        json!({ "Fn::Sub": "${OutboxTable.Arn}/stream/*" }),
    );
    (*arn == one && is_about(&["DescribeStream", "GetRecords", "GetShardIterator"]))
        || (*arn == all && is_about(&["ListStreams"]))
}

/// The rights of all functions at the tables.
pub struct Policy(BTreeMap<String, Vec<Statement>>);

impl Policy {
    /// The rights as the template grants them.
    ///
    /// # Panics
    /// If anything there might grant more than is understood here.
    pub fn of(template: &Template) -> Self {
        see_that_only_roles_grant(template);
        let functions = template.functions().into_iter().map(|function| {
            let statements = statements_of(template, &function).into_iter();
            let statements = statements.flat_map(|it| Statement::read(template, &function, &it));
            (function.name.clone(), statements.collect())
        });
        Self(functions.collect())
    }

    /// Everything that is granted.
    pub fn granted(&self) -> BTreeSet<Right> {
        let mut granted = BTreeSet::new();
        for (function, statements) in &self.0 {
            for statement in statements {
                for (action, items) in statement
                    .actions
                    .iter()
                    .flat_map(|action| statement.items.iter().map(move |items| (action, *items)))
                {
                    granted.insert(Right {
                        function: function.clone(),
                        action: action.clone(),
                        resource: statement.resource.clone(),
                        items,
                    });
                }
            }
        }
        granted
    }

    /// Whether a function may do one thing to all these items at once: one statement has to allow
    /// the whole of it.
    pub fn allows(&self, asked: &Asked) -> bool {
        let statements = self.0.get(&asked.function).map_or(&[][..], Vec::as_slice);
        statements.iter().any(|statement| {
            statement.actions.contains(&asked.action)
                && statement.resource == asked.resource
                && asked.items.is_subset(&statement.items)
        })
    }
}

/// One thing that a function asks of one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    function: String,
    action: String,
    resource: String,
    items: BTreeSet<Items>,
}

impl Asked {
    /// What a request asks for: the operation and the body that DynamoDB would get, at tables whose
    /// names begin with `prefix`.
    pub fn of(function: &str, operation: &str, body: &Value, prefix: &str) -> Vec<Self> {
        let asked = |action: &str, table: &Value, index: &Value, partitions: &[&Value]| {
            let table = table.as_str().and_then(|name| name.strip_prefix(prefix)).expect("a table");
            let resource = match index.as_str() {
                Some(index) => format!("{table}/{index}"),
                None => table.to_owned(),
            };
            let partition =
                |value: &&Value| Items::of(&resource, value["S"].as_str().expect("a key"));
            let items = partitions.iter().map(partition).collect();
            let (function, action) = (function.to_owned(), action.to_owned());
            Self { function, action, resource, items }
        };
        let none = &Value::Null;
        match operation {
            "BatchGetItem" => {
                let tables = body["RequestItems"].as_object().expect("tables");
                let of_table = |(table, keys): (&String, &Value)| {
                    let keys = keys["Keys"].as_array().expect("keys");
                    let partitions: Vec<&Value> = keys.iter().map(|key| &key["pk"]).collect();
                    asked(operation, &Value::from(table.as_str()), none, &partitions)
                };
                tables.iter().map(of_table).collect()
            }
            "TransactWriteItems" => {
                let writes = body["TransactItems"].as_array().expect("writes");
                let write = |write: &Value| {
                    let (kind, write) = write.as_object().and_then(|it| it.iter().next())?;
                    let action = if kind == "ConditionCheck" {
                        "ConditionCheckItem".to_owned()
                    } else {
                        format!("{kind}Item")
                    };
                    Some(asked(&action, &write["TableName"], none, &[partition(write)]))
                };
                writes.iter().filter_map(write).collect()
            }
            "Query" => {
                let partition = queried(body);
                vec![asked(operation, &body["TableName"], &body["IndexName"], &[partition])]
            }
            "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => {
                vec![asked(operation, &body["TableName"], none, &[partition(body)])]
            }
            other => panic!("{function} asks for {other}, which nobody thought of here"),
        }
    }

    /// The rights that were used.
    pub fn rights(&self) -> impl Iterator<Item = Right> + '_ {
        self.items.iter().map(|items| Right {
            function: self.function.clone(),
            action: self.action.clone(),
            resource: self.resource.clone(),
            items: *items,
        })
    }
}

/// The partition of the item that a write or a read is about.
fn partition(request: &Value) -> &Value {
    let key = if request["Key"].is_null() { &request["Item"] } else { &request["Key"] };
    &key["pk"]
}

/// The partition that a query looks into: the value that its condition compares first.
fn queried(body: &Value) -> &Value {
    let condition = body["KeyConditionExpression"].as_str().expect("a condition");
    let value = condition.split_whitespace().nth(2).expect("a value");
    &body["ExpressionAttributeValues"][value]
}
