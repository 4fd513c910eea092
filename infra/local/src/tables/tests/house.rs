//! The tables as a part of the house: their file, their port and their clock.

use std::{env, fs, path::PathBuf, process, time::Duration};

use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use tokio::{net::TcpListener, time};

use super::{
    EmbeddedTables, Outcome, dialler::Dialler, furnish, furnished, item, number, put, read,
};
use crate::tables::{TablesError, local_config};

/// A folder of its own for one test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Outcome<Self> {
        let path = env::temp_dir().join(format!("anteroom-{name}-{}", process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn file(&self) -> PathBuf {
        self.0.join("tables.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[tokio::test]
async fn a_file_opened_again_still_has_everything() -> Outcome {
    let folder = Folder::new("again")?;
    let head = item("head", [("version", number(1))]);
    {
        let client = EmbeddedTables::open(&folder.file())?.client();
        furnish(&client).await?;
        put(&client, "clients", head.clone()).await?;
    }
    let client = EmbeddedTables::open(&folder.file())?.client();
    assert_eq!(client.list_tables().send().await?.table_names(), ["clients", "ledger"]);
    assert_eq!(read(&client, "clients", "head").await?, Some(head));
    Ok(())
}

#[test]
fn a_file_that_cannot_be_opened_is_explained() -> Outcome {
    let folder = Folder::new("explained")?;
    let file = folder.file();

    let held = EmbeddedTables::open(&file)?;
    let error = EmbeddedTables::open(&file).err().ok_or("opened twice")?;
    assert_eq!(
        error.to_string(),
        format!(
            "the house in {} is open, or another command is at work there: close it (Ctrl-C), and try \
             again; a second house needs a folder of its own (--data)",
            file.parent().ok_or("no folder")?.display()
        )
    );
    drop(held);

    let missing = folder.0.join("missing").join("tables.db");
    let error = EmbeddedTables::open(&missing).err().ok_or("opened")?;
    assert!(matches!(error, TablesError::Folder { .. }), "{error}");

    fs::write(&file, "dear diary")?;
    let error = EmbeddedTables::open(&file).err().ok_or("opened")?;
    assert!(matches!(error, TablesError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&file)?, b"dear diary");

    fs::write(&file, [b"SQLite format 3\0".as_slice(), &[0xFF; 4096]].concat())?;
    let error = EmbeddedTables::open(&file).err().ok_or("opened")?;
    assert!(matches!(error, TablesError::File { .. }), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_tables_answer_over_http_to_a_client_with_an_endpoint() -> Outcome {
    let tables = EmbeddedTables::in_memory()?;
    let inside = tables.client();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(tables.serve(listener));

    let config = local_config().endpoint_url(endpoint).http_client(Dialler);
    let outside = aws_sdk_dynamodb::Client::from_conf(config.build());
    furnish(&outside).await?;
    let head = item("head", [("version", number(1))]);
    put(&outside, "clients", head.clone()).await?;
    assert_eq!(read(&outside, "clients", "head").await?, Some(head.clone()));
    assert_eq!(read(&inside, "clients", "head").await?, Some(head), "one engine, two doors");
    let error = read(&outside, "nowhere", "head").await.err().ok_or("found nowhere")?;
    assert!(format!("{error:?}").contains("ResourceNotFoundException"), "{error:?}");
    server.abort();
    Ok(())
}

#[tokio::test]
async fn the_port_is_not_for_the_network() -> Outcome {
    let listener = TcpListener::bind("0.0.0.0:0").await?;
    let serving = EmbeddedTables::in_memory()?.serve(listener);
    let refused = time::timeout(Duration::from_secs(5), serving).await?;
    let error = refused.err().ok_or("served")?;
    assert!(error.to_string().contains("only a loopback address is safe"), "{error}");
    Ok(())
}

/// Accepted: nothing expires by itself, so the store must never count on it.
#[tokio::test]
async fn an_expired_item_is_still_there() -> Outcome {
    let client = furnished().await?;
    let expiry = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires");
    let update = client.update_time_to_live().table_name("clients");
    update.time_to_live_specification(expiry.build()?).send().await?;
    put(&client, "clients", item("head", [("expires", number(1))])).await?;
    assert!(read(&client, "clients", "head").await?.is_some());
    Ok(())
}
