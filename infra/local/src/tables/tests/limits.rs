//! What DynamoDB refuses is refused here too, and as the same error.

use std::iter;

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem},
};

use super::{Outcome, asks_dynamodb_local, furnished, item, key, number, put, text};

const BYTES_MAX: usize = 400 * 1024;

#[track_caller]
fn check<T, E: ProvideErrorMetadata>(outcome: Result<T, E>, code: &str) {
    let error = outcome.err();
    assert_eq!(error.as_ref().and_then(ProvideErrorMetadata::code), Some(code));
    let message = error.as_ref().and_then(ProvideErrorMetadata::message).unwrap_or_default();
    assert!(!message.contains("VALIDATION"), "the engine's mark got out: {message}");
}

#[tokio::test]
async fn an_item_too_large_is_refused() -> Outcome {
    let client = furnished().await?;
    // The key and the names count too: "pk", "practice", "sk", "x", "text".
    let room = BYTES_MAX - 17;
    put(&client, "ledger", item("x", [("text", text(&"x".repeat(room)))])).await?;
    let too_large = item("x", [("text", text(&"x".repeat(room + 1)))]);
    let put = client.put_item().table_name("ledger").set_item(Some(too_large));
    check(put.send().await, "ValidationException");
    Ok(())
}

#[tokio::test]
async fn an_unusable_value_is_refused() -> Outcome {
    let client = furnished().await?;
    let values = [
        AttributeValue::Ss(Vec::new()),
        AttributeValue::N("twelve".to_owned()),
        AttributeValue::N("1e126".to_owned()),
        AttributeValue::Ns(vec!["1".to_owned(), "1.0".to_owned()]),
    ];
    for value in values {
        let put = client.put_item().table_name("ledger");
        let put = put.set_item(Some(item("x", [("value", value)])));
        check(put.send().await, "ValidationException");
    }
    for sk in [text(""), number(1)] {
        let put = client.put_item().table_name("ledger");
        let put = put.set_item(Some([("pk".to_owned(), text("p")), ("sk".to_owned(), sk)].into()));
        check(put.send().await, "ValidationException");
    }
    Ok(())
}

#[tokio::test]
async fn too_many_at_once_are_refused() -> Outcome {
    let client = furnished().await?;
    let write = |sk: &str| -> Outcome<TransactWriteItem> {
        let put = Put::builder().table_name("ledger").set_item(Some(key(sk))).build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    };
    let names: Vec<_> = (0..101).map(|line| format!("line-{line}")).collect();
    let writes: Vec<_> = names.iter().map(|name| write(name)).collect::<Outcome<_>>()?;
    let transaction = |writes: &[TransactWriteItem]| {
        client.transact_write_items().set_transact_items(Some(writes.to_vec())).send()
    };
    check(transaction(&writes).await, "ValidationException");
    transaction(&writes[..100]).await?;
    check(transaction(&[write("a")?, write("a")?]).await, "ValidationException");

    let keys = names.iter().map(|name| key(name)).collect();
    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build()?;
    let batch = client.batch_get_item().request_items("ledger", keys);
    check(batch.send().await, "ValidationException");
    Ok(())
}

#[tokio::test]
async fn a_page_ends_at_one_megabyte() -> Outcome {
    let client = furnished().await?;
    let text_of_300_kb = text(&"x".repeat(300 * 1024));
    for sk in ["a", "b", "c", "d", "e"] {
        put(&client, "ledger", item(sk, [("text", text_of_300_kb.clone())])).await?;
    }
    let query = client
        .query()
        .table_name("ledger")
        .key_condition_expression("pk = :practice")
        .expression_attribute_values(":practice", text("practice"));
    let page = query.clone().send().await?;
    assert!(page.items().len() < 5);
    let rest = query.set_exclusive_start_key(page.last_evaluated_key.clone()).send().await?;
    assert_eq!(page.items().len() + rest.items().len(), 5);
    assert_eq!(rest.last_evaluated_key, None);
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_named() -> Outcome {
    let client = furnished().await?;
    let get = client.get_item().table_name("nowhere").set_key(Some(key("x")));
    check(get.send().await, "ResourceNotFoundException");
    let twice = super::create_table(&client, "ledger")?;
    check(twice.send().await, "ResourceInUseException");
    let unknown =
        if asks_dynamodb_local() { "InternalFailure" } else { "UnknownOperationException" };
    check(client.describe_limits().send().await, unknown);
    let projection = iter::repeat_n("a", 5000).collect::<String>();
    let get = client.get_item().table_name("ledger").set_key(Some(key("x")));
    check(get.projection_expression(projection).send().await, "ValidationException");
    Ok(())
}
