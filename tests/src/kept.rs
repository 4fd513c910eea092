//! A house without doors, as an operator's commands find it: tables and the secrets of links.

use std::sync::{Mutex, PoisonError};

use operate::{OperateProblem, Operator, Premises};
use shell::{LinkKeys, LinkSecret};
use store::Store;

/// Tables with their secrets.
pub struct Kept {
    store: Store,
    keys: Mutex<LinkKeys>,
    is_running: bool,
}

impl Kept {
    /// These tables, in a house whose secret is of this byte alone.
    pub fn new(store: &Store, secret: u8) -> Self {
        let keys = LinkKeys::new(LinkSecret::new([secret; 32]));
        Self { store: store.clone(), keys: Mutex::new(keys), is_running: false }
    }

    /// The same, of a house that goes on while a command is at work.
    #[must_use]
    pub fn running(self) -> Self {
        Self { is_running: true, ..self }
    }

    /// The secrets that are kept now.
    pub fn keys(&self) -> LinkKeys {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Premises for Kept {
    fn store(&self) -> &Store {
        &self.store
    }

    fn address(&self) -> String {
        "--data here".to_owned()
    }

    fn is_running(&self) -> bool {
        self.is_running
    }

    async fn link_keys(&self) -> Result<LinkKeys, OperateProblem> {
        Ok(self.keys())
    }

    async fn keep_link_keys(
        &self,
        keys: &LinkKeys,
        _: &impl Operator,
    ) -> Result<(), OperateProblem> {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys.clone();
        Ok(())
    }
}

/// Somebody at a keyboard who always types the same, and whose screen is read afterwards.
pub struct Typist {
    types: String,
    heard: Mutex<String>,
}

impl Typist {
    /// Somebody who answers every question with this.
    pub fn who_types(answer: &str) -> Self {
        Self { types: answer.to_owned(), heard: Mutex::default() }
    }

    /// Everything that was on the screen.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, line: &str) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push_str(line);
        heard.push('\n');
    }
}

impl Operator for Typist {
    fn hear(&self, line: &str) {
        self.note(line);
    }

    fn answer(&self, question: &str) -> String {
        self.note(question);
        self.types.clone()
    }
}
