//! Changing some attributes of an item, so that whatever else it has stays: what another version of
//! this program has added is not known here, and is not to be lost.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, builders::UpdateBuilder},
};

use crate::{
    form::{FORM, FORM_ATTRIBUTE, FORM_IF_NEW},
    keys::number,
};

/// What an update sets and takes away. Attributes go by placeholders, because any name may be a word
/// that the language of expressions keeps for itself.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    sets: Vec<String>,
    removes: Vec<String>,
    adds: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Changes {
    /// Of an item that is read and then written as a whole: it is of this form from now on.
    pub(crate) fn of_whole<N: AsRef<str>>(
        attributes: impl IntoIterator<Item = (N, AttributeValue)>,
    ) -> Self {
        let mut changes = Self::default();
        changes.set(&[FORM_ATTRIBUTE], number(FORM));
        for (name, value) in attributes {
            changes.set(&[name.as_ref()], value);
        }
        changes
    }

    /// Of an item of which a part is written without a look at it: a new one is of this form, and one
    /// that is there stays of its own.
    pub(crate) fn of_part() -> Self {
        let mut changes = Self::default();
        changes.sets.push(FORM_IF_NEW.to_owned());
        changes.values.insert(":form".to_owned(), number(FORM));
        changes
    }

    /// Sets the attribute at a path: its own name, behind those of the maps that it lies in.
    pub(crate) fn set(&mut self, path: &[&str], value: AttributeValue) {
        let path = self.path(path);
        let at = format!(":v{}", self.values.len());
        self.sets.push(format!("{path}={at}"));
        self.values.insert(at, value);
    }

    /// Takes the attribute at a path away.
    pub(crate) fn remove(&mut self, path: &[&str]) {
        let path = self.path(path);
        self.removes.push(path);
    }

    /// Counts one more in an attribute.
    pub(crate) fn count(&mut self, name: &str) {
        let path = self.path(&[name]);
        self.adds.push(format!("{path} :one"));
        self.values.insert(":one".to_owned(), number(1));
    }

    fn path(&mut self, path: &[&str]) -> String {
        let steps = path.iter().map(|name| {
            let step = format!("#n{}", self.names.len());
            self.names.insert(step.clone(), (*name).to_owned());
            step
        });
        steps.collect::<Vec<_>>().join(".")
    }

    fn expression(&self) -> String {
        let clauses = [("SET", &self.sets), ("REMOVE", &self.removes), ("ADD", &self.adds)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        let clauses = clauses.map(|(clause, parts)| format!("{clause} {}", parts.join(",")));
        clauses.collect::<Vec<_>>().join(" ")
    }

    /// The update as part of a transaction.
    pub(crate) fn update(self) -> UpdateBuilder {
        UpdateBuilder::default()
            .update_expression(self.expression())
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(some_of(self.values))
    }

    /// The update on its own.
    pub(crate) fn fill(self, update: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        update
            .update_expression(self.expression())
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(some_of(self.values))
    }
}

/// No values are none: DynamoDB refuses an empty list of them.
fn some_of(values: HashMap<String, AttributeValue>) -> Option<HashMap<String, AttributeValue>> {
    (!values.is_empty()).then_some(values)
}
