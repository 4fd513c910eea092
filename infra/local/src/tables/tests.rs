//! What the store relies on, asked of the embedded tables through the ordinary client.
//!
//! The engine is young: these checks decide whether a new version of it may come in. The figures
//! of consumed capacity are those DynamoDB documents. Two tables stand ready: `clients`, with a
//! sparse index `due`, and `ledger`.
//!
//! With `ANTEROOM_TEST_TABLES=http://127.0.0.1:8000` the same is asked of the DynamoDB there: what
//! both answer alike is what the embedded tables may be trusted with.

use std::{
    collections::HashMap,
    env, error, process,
    sync::atomic::{AtomicU64, Ordering},
};

use aws_sdk_dynamodb::{
    Client,
    config::Credentials,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
        KeyType, Projection, ProjectionType, ScalarAttributeType,
    },
};

use dialler::Dialler;

use super::{EmbeddedTables, local_config};

mod conditions;
mod dialler;
mod house;
mod limits;
mod reading;
mod transactions;

type Item = HashMap<String, AttributeValue>;
type Outcome<T = ()> = Result<T, Box<dyn error::Error + Send + Sync>>;

/// Names the DynamoDB that is asked in place of the embedded tables.
const ENDPOINT: &str = "ANTEROOM_TEST_TABLES";

/// How many tests had tables so far.
static FURNISHED: AtomicU64 = AtomicU64::new(0);

/// A client of fresh tables: in memory, or at the endpoint that the environment names.
async fn furnished() -> Outcome<Client> {
    let client = match env::var(ENDPOINT) {
        Ok(endpoint) => client_at(endpoint),
        Err(_) => EmbeddedTables::in_memory()?.client(),
    };
    furnish(&client).await?;
    Ok(client)
}

/// Whether DynamoDB Local is asked, which answers a few things otherwise than the cloud and the
/// embedded tables do (decision 0024).
fn asks_dynamodb_local() -> bool {
    env::var(ENDPOINT).is_ok()
}

/// DynamoDB Local keeps the tables of different access keys apart, so each test has one of its own.
fn client_at(endpoint: String) -> Client {
    let (process, test) = (process::id(), FURNISHED.fetch_add(1, Ordering::Relaxed));
    let key = format!("p{process}t{test}");
    let credentials = Credentials::new(key, "local", None, None, "tests");
    let config = local_config().endpoint_url(endpoint).http_client(Dialler);
    Client::from_conf(config.credentials_provider(credentials).build())
}

async fn furnish(client: &Client) -> Outcome {
    let due = GlobalSecondaryIndex::builder()
        .index_name("due")
        .key_schema(key_element("due_practice", KeyType::Hash)?)
        .key_schema(key_element("due_at", KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()?;
    let clients = create_table(client, "clients")?
        .attribute_definitions(attribute("due_practice")?)
        .attribute_definitions(attribute("due_at")?)
        .global_secondary_indexes(due);
    clients.send().await?;
    create_table(client, "ledger")?.send().await?;
    Ok(())
}

fn create_table(
    client: &Client,
    name: &str,
) -> Outcome<aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder> {
    Ok(client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk")?)
        .attribute_definitions(attribute("sk")?)
        .key_schema(key_element("pk", KeyType::Hash)?)
        .key_schema(key_element("sk", KeyType::Range)?))
}

fn attribute(name: &str) -> Outcome<AttributeDefinition> {
    let text = ScalarAttributeType::S;
    Ok(AttributeDefinition::builder().attribute_name(name).attribute_type(text).build()?)
}

fn key_element(name: &str, kind: KeyType) -> Outcome<KeySchemaElement> {
    Ok(KeySchemaElement::builder().attribute_name(name).key_type(kind).build()?)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: u32) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The key of a client of the one practice in these tests.
fn key(sk: &str) -> Item {
    item(sk, [])
}

/// An item with that key and these further attributes.
fn item<const N: usize>(sk: &str, attributes: [(&str, AttributeValue); N]) -> Item {
    let key = [("pk", text("practice")), ("sk", text(sk))];
    key.into_iter().chain(attributes).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The item as it stands now.
async fn read(client: &Client, table: &str, sk: &str) -> Outcome<Option<Item>> {
    let get = client.get_item().table_name(table).set_key(Some(key(sk))).consistent_read(true);
    Ok(get.send().await?.item)
}

async fn put(client: &Client, table: &str, item: Item) -> Outcome {
    client.put_item().table_name(table).set_item(Some(item)).send().await?;
    Ok(())
}

/// The sort keys of some items, in their order.
fn sort_keys(items: &[Item]) -> Vec<&str> {
    items.iter().filter_map(|item| item.get("sk")?.as_s().ok()).map(String::as_str).collect()
}
