//! The tables: their names, keys and indexes.
//!
//! | table | partition | sort | what |
//! |---|---|---|---|
//! | practices | practice | `HANDBOOK`, `HANDBOOK#version`, `HANDBOOKCHANGE#second` | the handbook, and what it was |
//! | practices | practice | `DAYBOOK`, `NIGHT` | when the clock looks at the practice |
//! | practices | practice#waiting | `WAITING` | when the waiting list is looked through |
//! | practices | practice#limits | `LIMIT#…` | counters |
//! | practices | practice#desk | `SIGNIN#…`, `SESSION#…` | who asks to sign in, and who did |
//! | practices | practice#others | `OTHER#…` | calendars that somebody else keeps |
//! | practices | practice#feeds | `FEED#…` | calendars that phones read |
//! | clients | practice | client | heads: the folded files |
//! | clients | practice#client | `J#number`, `ANSWERS` | journals and answers |
//! | calendar | practice#provider | UTC date, `limits`, `elsewhere` | day sheets, the guard of limits, what other calendars say |
//! | outbox | practice#client | letter key | letters |
//!
//! Indexes are sparse: `due` (shard, instant) on practices and clients, `desk` (practice, what
//! and since) on clients, `retry` (shard, instant) on the outbox.

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::create_table::{CreateTableError, builders::CreateTableFluentBuilder},
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
        Projection, ProjectionType, ScalarAttributeType,
    },
};

use crate::StoreError;

/// The names of the tables of one deployment.
#[derive(Debug, Clone)]
pub struct Tables {
    pub(crate) practices: String,
    pub(crate) clients: String,
    pub(crate) calendar: String,
    pub(crate) outbox: String,
}

/// How many partitions the time indexes are spread over.
pub(crate) const SHARDS: u8 = 4;

pub(crate) const DUE_INDEX: &str = "due";
pub(crate) const DESK_INDEX: &str = "desk";
pub(crate) const RETRY_INDEX: &str = "retry";

struct Index {
    name: &'static str,
    partition: &'static str,
    sort: &'static str,
    sort_type: ScalarAttributeType,
}

impl Tables {
    /// Tables whose names begin with `prefix`, such as `anteroom-`.
    pub fn with_prefix(prefix: &str) -> Self {
        let name = |table: &str| format!("{prefix}{table}");
        Self {
            practices: name("practices"),
            clients: name("clients"),
            calendar: name("calendar"),
            outbox: name("outbox"),
        }
    }

    /// The name of the outbox, whose stream wakes the post.
    pub fn outbox(&self) -> &str {
        &self.outbox
    }

    /// Creates the tables that are missing. In the cloud the template does this.
    pub async fn create(&self, client: &Client) -> Result<(), StoreError> {
        let due = || Index {
            name: DUE_INDEX,
            partition: "due_shard",
            sort: "due_at",
            sort_type: ScalarAttributeType::N,
        };
        let desk = Index {
            name: DESK_INDEX,
            partition: "desk",
            sort: "desk_since",
            sort_type: ScalarAttributeType::S,
        };
        let retry = Index {
            name: RETRY_INDEX,
            partition: "retry_shard",
            sort: "retry_at",
            sort_type: ScalarAttributeType::N,
        };
        create(client, &self.practices, vec![due()]).await?;
        create(client, &self.clients, vec![due(), desk]).await?;
        create(client, &self.calendar, vec![]).await?;
        create(client, &self.outbox, vec![retry]).await
    }
}

async fn create(client: &Client, name: &str, indexes: Vec<Index>) -> Result<(), StoreError> {
    let attempt = "create a table";
    let mut request =
        client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for (attribute, key_type) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        request = request
            .attribute_definitions(definition(attribute, ScalarAttributeType::S)?)
            .key_schema(key(attribute, key_type)?);
    }
    for index in indexes {
        request = with_index(request, index)?;
    }
    match request.send().await.map_err(SdkError::into_service_error) {
        Ok(_) | Err(CreateTableError::ResourceInUseException(_)) => Ok(()),
        Err(other) => Err(StoreError::request(attempt)(other)),
    }
}

fn with_index(
    request: CreateTableFluentBuilder,
    index: Index,
) -> Result<CreateTableFluentBuilder, StoreError> {
    let built = GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .key_schema(key(index.partition, KeyType::Hash)?)
        .key_schema(key(index.sort, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
        .build()
        .map_err(StoreError::request("describe an index"))?;
    Ok(request
        .attribute_definitions(definition(index.partition, ScalarAttributeType::S)?)
        .attribute_definitions(definition(index.sort, index.sort_type)?)
        .global_secondary_indexes(built))
}

fn definition(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(kind)
        .build()
        .map_err(StoreError::request("describe an attribute"))
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .map_err(StoreError::request("describe a key"))
}
