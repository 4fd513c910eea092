//! A house as it was at a moment: AWS brings its tables back beside those of now, under names of
//! their own, and they are removed when they have been copied.
//!
//! AWS's own recovery reaches back 35 days (DynamoDB developer guide, "Point-in-time backups"), and
//! makes new tables: without stream, recovery and protection of their own, so nothing lives on them.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    Aws, OperateProblem, Operator, StackName,
    stack::{TABLES, until_done},
};

/// The tables of a house as they were at a moment.
pub(crate) struct Recovery<'a> {
    pub(crate) aws: &'a Aws,
    pub(crate) house: &'a StackName,
    pub(crate) at: DateTime<Utc>,
    /// How long to wait between two looks at what AWS is doing.
    pub(crate) patience: Duration,
}

impl Recovery<'_> {
    /// What the names of these tables begin with. The same moment has the same names: a recovery that
    /// was cut off goes on where it was.
    pub(crate) fn prefix(&self) -> String {
        format!("{}-at-{}-", self.house, self.at.timestamp())
    }

    /// Has AWS bring the tables back, and waits until they are there.
    pub(crate) async fn bring_back(&self, operator: &impl Operator) -> Result<(), OperateProblem> {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        operator.hear(&format!(
            "AWS brings the tables back as they were at {at}, under names that begin with {}. That \
             takes some minutes, and more for a large house. If it is cut off, the same command goes \
             on where it was, and removes them at its end.",
            self.prefix()
        ));
        for table in TABLES {
            let (from, to) = (format!("{}-{table}", self.house), self.named(table));
            let restore = ["dynamodb", "restore-table-to-point-in-time", "--source-table-name"];
            let then = ["--target-table-name", &to, "--restore-date-time", &at];
            // Nobody looks anything up in them.
            let bare = ["--global-secondary-index-override", "[]"];
            match self.aws.run(&[&restore[..], &[&from], &then, &bare].concat()) {
                Err(problem) if problem.is("TableAlreadyExistsException") => {}
                asked => drop(asked?),
            }
        }
        for table in TABLES {
            let to = self.named(table);
            let there = until_done(self.patience, || {
                let answer = self.aws.run(&["dynamodb", "describe-table", "--table-name", &to])?;
                Ok((answer["Table"]["TableStatus"] == "ACTIVE").then_some(()))
            });
            there.await?;
            operator.hear(&format!("  {to} is there."));
        }
        Ok(())
    }

    /// Removes them. Nothing else can be meant: the tables of a stack are protected from it.
    pub(crate) fn forget(&self, operator: &impl Operator) -> Result<(), OperateProblem> {
        for table in TABLES {
            let table = self.named(table);
            match self.aws.run(&["dynamodb", "delete-table", "--table-name", &table]) {
                Err(problem) if problem.is("ResourceNotFoundException") => continue,
                asked => drop(asked?),
            }
            operator.hear(&format!("  {table} is removed again."));
        }
        Ok(())
    }

    fn named(&self, table: &str) -> String {
        format!("{}{table}", self.prefix())
    }
}
