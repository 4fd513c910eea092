//! A house that is closed: what an operator's commands find in a data folder.

use std::path::Path;

use operate::{OperateProblem, Operator, Premises, see_that_links_open};
use shell::LinkKeys;
use store::{Store, Tables};

use crate::{DataFolder, HouseProblem};

/// A house that is closed: its data folder and its tables.
pub struct KeptHouse {
    data: DataFolder,
    address: String,
    store: Store,
}

impl KeptHouse {
    /// Opens the tables of a data folder. A running house keeps them to itself.
    pub async fn open(folder: &Path) -> Result<Self, HouseProblem> {
        let data = DataFolder::open(folder)?;
        // Said by whatever is done first, and not by the one command that needs them.
        let keys = data.link_keys()?;
        let client = data.open_tables()?.client();
        let names = Tables::with_prefix("anteroom-");
        names.create(&client).await?;
        let address = format!("--data {}", folder.display());
        let store = Store::new(client, names);
        see_that_links_open(&store, &keys).await.map_err(|problem| data.about(problem))?;
        Ok(Self { data, address, store })
    }
}

impl Premises for KeptHouse {
    fn store(&self) -> &Store {
        &self.store
    }

    fn address(&self) -> String {
        self.address.clone()
    }

    async fn link_keys(&self) -> Result<LinkKeys, OperateProblem> {
        self.data.link_keys().map_err(|problem| OperateProblem::House(problem.into()))
    }

    async fn keep_link_keys(
        &self,
        keys: &LinkKeys,
        _: &impl Operator,
    ) -> Result<(), OperateProblem> {
        self.data.keep_link_keys(keys).map_err(|problem| OperateProblem::House(problem.into()))
    }
}
