//! Reading: the sparse index, pages, batches and what they cost.

use aws_sdk_dynamodb::{
    Client,
    types::{KeysAndAttributes, PutRequest, ReturnConsumedCapacity, WriteRequest},
};

use super::{Item, Outcome, asks_dynamodb_local, furnished, item, key, put, read, sort_keys, text};

fn due(sk: &str, due_at: &str) -> Item {
    item(sk, [("due_practice", text("practice")), ("due_at", text(due_at))])
}

/// What the index names as due up to and including `until`.
async fn due_until(client: &Client, until: &str) -> Outcome<Vec<Item>> {
    let query = client
        .query()
        .table_name("clients")
        .index_name("due")
        .key_condition_expression("due_practice = :practice AND due_at <= :until")
        .expression_attribute_values(":practice", text("practice"))
        .expression_attribute_values(":until", text(until));
    Ok(query.send().await?.items.unwrap_or_default())
}

#[tokio::test]
async fn the_index_answers_by_range_in_its_own_order() -> Outcome {
    let client = furnished().await?;
    put(&client, "clients", due("a", "2030-03-01")).await?;
    put(&client, "clients", due("b", "2030-01-01")).await?;
    put(&client, "clients", due("c", "2030-02-01")).await?;
    put(&client, "clients", key("never")).await?;
    assert_eq!(sort_keys(&due_until(&client, "2030-02-01").await?), ["b", "c"]);
    assert_eq!(sort_keys(&due_until(&client, "2030-12-31").await?), ["b", "c", "a"]);
    Ok(())
}

#[tokio::test]
async fn an_item_enters_and_leaves_the_sparse_index_with_its_attribute() -> Outcome {
    let client = furnished().await?;
    put(&client, "clients", key("head")).await?;
    assert_eq!(due_until(&client, "2030-12-31").await?, []);

    let update = || client.update_item().table_name("clients").set_key(Some(key("head")));
    let entering = update()
        .update_expression("SET due_practice = :practice, due_at = :due")
        .expression_attribute_values(":practice", text("practice"))
        .expression_attribute_values(":due", text("2030-01-01"));
    entering.send().await?;
    assert_eq!(due_until(&client, "2030-12-31").await?, [due("head", "2030-01-01")]);

    update().update_expression("REMOVE due_at").send().await?;
    assert_eq!(due_until(&client, "2030-12-31").await?, []);
    assert!(read(&client, "clients", "head").await?.is_some(), "only the index forgets it");
    Ok(())
}

#[tokio::test]
async fn a_consistent_read_sees_the_write_before_it() -> Outcome {
    let client = furnished().await?;
    for version in ["1", "2", "3"] {
        let head = item("head", [("version", text(version))]);
        put(&client, "clients", head.clone()).await?;
        assert_eq!(read(&client, "clients", "head").await?, Some(head));
    }
    Ok(())
}

#[tokio::test]
async fn an_index_has_no_consistent_read() -> Outcome {
    let client = furnished().await?;
    let query = client
        .query()
        .table_name("clients")
        .index_name("due")
        .key_condition_expression("due_practice = :practice")
        .expression_attribute_values(":practice", text("practice"))
        .consistent_read(true);
    let error = query.send().await.err().ok_or("it was not refused")?.into_service_error();
    assert_eq!(error.meta().code(), Some("ValidationException"));
    Ok(())
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repeat() -> Outcome {
    let client = furnished().await?;
    let names: Vec<_> = (0..7).map(|line| format!("line-{line}")).collect();
    for name in &names {
        put(&client, "ledger", key(name)).await?;
    }
    put(&client, "ledger", key("other")).await?;

    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    let mut start = None;
    loop {
        let page = client
            .query()
            .table_name("ledger")
            .key_condition_expression("pk = :practice AND begins_with(sk, :line)")
            .expression_attribute_values(":practice", text("practice"))
            .expression_attribute_values(":line", text("line-"))
            .set_exclusive_start_key(start)
            .limit(3)
            .send()
            .await?;
        seen.extend(sort_keys(page.items()).into_iter().map(str::to_owned));
        sizes.push(page.items().len());
        start = page.last_evaluated_key;
        if start.is_none() || names.len() < sizes.len() {
            break;
        }
    }
    assert_eq!(seen, names);
    assert_eq!(sizes, [3, 3, 1]);
    Ok(())
}

#[tokio::test]
async fn a_batch_reads_and_writes_across_two_tables() -> Outcome {
    let client = furnished().await?;
    let write = |sk: &str| -> Outcome<WriteRequest> {
        let put = PutRequest::builder().set_item(Some(key(sk))).build()?;
        Ok(WriteRequest::builder().put_request(put).build())
    };
    let written = client
        .batch_write_item()
        .request_items("clients", vec![write("a")?, write("b")?])
        .request_items("ledger", vec![write("c")?])
        .send()
        .await?;
    assert_eq!(written.unprocessed_items.unwrap_or_default().len(), 0);

    let keys = |names: &[&str]| -> Outcome<KeysAndAttributes> {
        let keys = names.iter().map(|name| key(name)).collect();
        Ok(KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build()?)
    };
    let read = client
        .batch_get_item()
        .request_items("clients", keys(&["a", "b", "missing"])?)
        .request_items("ledger", keys(&["c"])?)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    let responses = read.responses().ok_or("no responses")?;
    let mut clients = sort_keys(&responses["clients"]);
    clients.sort_unstable();
    assert_eq!(clients, ["a", "b"]);
    assert_eq!(sort_keys(&responses["ledger"]), ["c"]);

    let mut units: Vec<_> = read
        .consumed_capacity()
        .iter()
        .map(|consumed| (consumed.table_name().unwrap_or_default(), consumed.capacity_units()))
        .collect();
    units.sort_by_key(|(table, _)| *table);
    // Who looks for what is not there pays for the look.
    let clients = if asks_dynamodb_local() { 2.0 } else { 3.0 };
    assert_eq!(units, [("clients", Some(clients)), ("ledger", Some(1.0))]);
    Ok(())
}

#[tokio::test]
async fn a_query_costs_half_unless_it_is_consistent() -> Outcome {
    let client = furnished().await?;
    let text_of_3_kb = text(&"x".repeat(3000));
    for sk in ["a", "b"] {
        put(&client, "ledger", item(sk, [("text", text_of_3_kb.clone())])).await?;
    }
    let query = || {
        client
            .query()
            .table_name("ledger")
            .key_condition_expression("pk = :practice")
            .expression_attribute_values(":practice", text("practice"))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    };
    // Both items together fill two units of 4 KB.
    let eventual = query().send().await?.consumed_capacity.ok_or("no capacity")?;
    assert_eq!(eventual.capacity_units(), Some(1.0));
    let consistent = query().consistent_read(true).send().await?;
    let consistent = consistent.consumed_capacity.ok_or("no capacity")?;
    assert_eq!(consistent.capacity_units(), Some(2.0));
    Ok(())
}
