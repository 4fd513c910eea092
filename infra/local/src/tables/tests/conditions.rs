//! Single writes: conditions, and what an update expression does.

use aws_sdk_dynamodb::{
    Error,
    types::{
        AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
    },
};
use tokio::task::JoinSet;

use super::{Item, Outcome, furnished, item, key, number, put, read, text};

/// The item that a failed condition gave back, if it was asked to.
fn in_the_way<T, E: Into<Error>>(outcome: Result<T, E>) -> Outcome<Option<Item>> {
    let error = outcome.err().ok_or("it was not refused")?.into();
    let Error::ConditionalCheckFailedException(failed) = error else {
        return Err(error.into());
    };
    Ok(failed.item)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conditional_put_has_one_winner() -> Outcome {
    let client = furnished().await?;
    let mut tasks = JoinSet::new();
    for writer in 0..50 {
        let put = client
            .put_item()
            .table_name("clients")
            .set_item(Some(item("head", [("writer", number(writer))])))
            .condition_expression("attribute_not_exists(pk)");
        tasks.spawn(async move { (writer, put.send().await) });
    }
    let mut winners = Vec::new();
    for (writer, outcome) in tasks.join_all().await {
        match outcome {
            Ok(_) => winners.push(writer),
            Err(error) => {
                assert!(error.into_service_error().is_conditional_check_failed_exception());
            }
        }
    }
    assert_eq!(winners.len(), 1);
    let head = read(&client, "clients", "head").await?.ok_or("the head is gone")?;
    assert_eq!(head["writer"], number(winners[0]));
    Ok(())
}

#[tokio::test]
async fn a_failed_condition_shows_the_item_that_stood_in_the_way() -> Outcome {
    let client = furnished().await?;
    let standing = item("head", [("command", text("c1"))]);
    put(&client, "clients", standing.clone()).await?;

    let refused = client
        .put_item()
        .table_name("clients")
        .set_item(Some(item("head", [("command", text("c2"))])))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    assert_eq!(in_the_way(refused.send().await)?, Some(standing.clone()));

    let refused = client
        .update_item()
        .table_name("clients")
        .set_key(Some(key("head")))
        .update_expression("SET command = :new")
        .condition_expression("command = :old")
        .expression_attribute_values(":new", text("c3"))
        .expression_attribute_values(":old", text("c0"))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    assert_eq!(in_the_way(refused.send().await)?, Some(standing.clone()));

    let refused = client
        .delete_item()
        .table_name("clients")
        .set_key(Some(key("head")))
        .condition_expression("command = :old")
        .expression_attribute_values(":old", text("c0"));
    assert_eq!(in_the_way(refused.send().await)?, None, "nobody asked for it");
    assert_eq!(read(&client, "clients", "head").await?, Some(standing));
    Ok(())
}

#[tokio::test]
async fn an_update_sets_a_nested_key_removes_and_adds() -> Outcome {
    let client = furnished().await?;
    let places = AttributeValue::M([("monday".to_owned(), text("free"))].into());
    let before = item("sheet", [("places", places), ("note", text("x")), ("version", number(1))]);
    put(&client, "clients", before).await?;

    let updated = client
        .update_item()
        .table_name("clients")
        .set_key(Some(key("sheet")))
        .update_expression("SET places.#day = :taken REMOVE note ADD version :one")
        .condition_expression("version = :one AND attribute_not_exists(places.#day)")
        .expression_attribute_names("#day", "tuesday")
        .expression_attribute_values(":taken", text("taken"))
        .expression_attribute_values(":one", number(1))
        .return_values(ReturnValue::AllNew)
        .send()
        .await?;

    let places = [("monday", "free"), ("tuesday", "taken")];
    let places = places.map(|(day, state)| (day.to_owned(), text(state))).into();
    let after = item("sheet", [("places", AttributeValue::M(places)), ("version", number(2))]);
    assert_eq!(updated.attributes, Some(after.clone()));
    assert_eq!(read(&client, "clients", "sheet").await?, Some(after));
    Ok(())
}

#[tokio::test]
async fn an_update_under_a_missing_map_is_refused() -> Outcome {
    let client = furnished().await?;
    put(&client, "clients", key("sheet")).await?;
    let update = client
        .update_item()
        .table_name("clients")
        .set_key(Some(key("sheet")))
        .update_expression("SET places.monday = :taken")
        .expression_attribute_values(":taken", text("taken"));
    let error = update.send().await.err().ok_or("it was not refused")?.into_service_error();
    assert_eq!(error.meta().code(), Some("ValidationException"));
    Ok(())
}

#[tokio::test]
async fn single_writes_report_their_capacity_with_the_indexes() -> Outcome {
    let client = furnished().await?;
    let due = item("head", [("due_practice", text("practice")), ("due_at", text("2030-01-01"))]);
    let put = client
        .put_item()
        .table_name("clients")
        .set_item(Some(due))
        .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
    let consumed = put.send().await?.consumed_capacity.ok_or("no capacity")?;
    assert_eq!(consumed.table_name(), Some("clients"));
    assert_eq!(consumed.capacity_units(), Some(2.0));
    let table = consumed.table().ok_or("no table")?;
    assert_eq!(table.capacity_units(), Some(1.0));
    let indexes = consumed.global_secondary_indexes().ok_or("no indexes")?;
    assert_eq!(indexes["due"].capacity_units(), Some(1.0));

    // A moved index key is one delete and one put in the index.
    let update = client
        .update_item()
        .table_name("clients")
        .set_key(Some(key("head")))
        .update_expression("SET due_at = :later")
        .expression_attribute_values(":later", text("2030-01-02"))
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let consumed = update.send().await?.consumed_capacity.ok_or("no capacity")?;
    assert_eq!(consumed.capacity_units(), Some(3.0));

    let large = client
        .put_item()
        .table_name("ledger")
        .set_item(Some(item("entry", [("text", text(&"x".repeat(3000)))])))
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let consumed = large.send().await?.consumed_capacity.ok_or("no capacity")?;
    assert_eq!(consumed.capacity_units(), Some(3.0));
    Ok(())
}
