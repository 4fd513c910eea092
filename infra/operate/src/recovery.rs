//! A house as it was at a moment: AWS brings its tables back beside those of now, under names of
//! their own, and they are removed when they have been copied.
//!
//! AWS's own recovery reaches back 35 days (DynamoDB developer guide, "Point-in-time backups"), and
//! makes new tables: without stream, recovery and protection of their own, so nothing lives on them.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use crate::{
    Aws, AwsProblem, OperateProblem, Operator, StackName,
    stack::{TABLES, until_done},
};

/// The tables that recoveries have left: those that were cut off.
pub(crate) fn recovered_tables(aws: &Aws, house: &StackName) -> Result<Vec<String>, AwsProblem> {
    let answer = aws.run(&["dynamodb", "list-tables"])?;
    let names = answer["TableNames"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_recovered = |name: &&str| {
        let rest = name.strip_prefix(&format!("{house}-at-")).and_then(|rest| rest.split_once('-'));
        rest.is_some_and(|(at, table)| at.parse::<i64>().is_ok() && TABLES.contains(&table))
    };
    Ok(names.filter(is_recovered).map(str::to_owned).collect())
}

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
        let mut there = Vec::new();
        let brought = self.bring_all(&at, &mut there, operator).await;
        brought.map_err(|problem| match there[..] {
            [] => problem,
            [..] => OperateProblem::refused(format!(
                "{problem}\n{} are there already, and cost a little: the same command goes on with them, \
                 and removes them at its end",
                there.join(", ")
            )),
        })
    }

    /// Asks for all of them at once, and waits; `there` are those that AWS has begun with.
    async fn bring_all(
        &self,
        at: &str,
        there: &mut Vec<String>,
        operator: &impl Operator,
    ) -> Result<(), OperateProblem> {
        for table in TABLES {
            let (from, to) = (format!("{}-{table}", self.house), self.named(table));
            if !self.is_there(&to).await? {
                let restore = ["dynamodb", "restore-table-to-point-in-time", "--source-table-name"];
                let then = ["--target-table-name", &to, "--restore-date-time", at];
                // Nobody looks anything up in them.
                let bare = ["--global-secondary-index-override", "[]"];
                self.aws.run(&[&restore[..], &[&from], &then, &bare].concat())?;
            }
            there.push(to);
        }
        for to in &*there {
            let there = until_done(self.patience, || {
                Ok((self.status(to)?.as_deref() == Some("ACTIVE")).then_some(()))
            });
            there.await?;
            operator.hear(&format!("  {to} is there."));
        }
        Ok(())
    }

    /// Whether an earlier recovery has left this table; one that is being removed is waited for.
    async fn is_there(&self, table: &str) -> Result<bool, OperateProblem> {
        let settled = until_done(self.patience, || {
            Ok(match self.status(table)?.as_deref() {
                None => Some(false),
                Some("DELETING") => None,
                Some(_) => Some(true),
            })
        });
        settled.await
    }

    fn status(&self, table: &str) -> Result<Option<String>, OperateProblem> {
        match self.aws.run(&["dynamodb", "describe-table", "--table-name", table]) {
            Err(problem) if problem.is("ResourceNotFoundException") => Ok(None),
            answered => Ok(answered?["Table"]["TableStatus"].as_str().map(str::to_owned)),
        }
    }

    /// Removes them. Nothing else can be meant: the tables of a stack are protected from it.
    pub(crate) fn forget(&self, operator: &impl Operator) -> Result<(), OperateProblem> {
        let mut left = Vec::new();
        for table in TABLES {
            let table = self.named(table);
            match self.aws.run(&["dynamodb", "delete-table", "--table-name", &table]) {
                Err(problem) if problem.is("ResourceNotFoundException") => {}
                Err(problem) => left.push(format!("{table} ({problem})")),
                Ok(_) => operator.hear(&format!("  {table} is removed again.")),
            }
        }
        if left.is_empty() {
            return Ok(());
        }
        Err(OperateProblem::refused(format!(
            "the copy is taken, but what AWS brought back for it is there still, and costs a little: \
             {}; remove it in the console of DynamoDB",
            left.join(", ")
        )))
    }

    fn named(&self, table: &str) -> String {
        format!("{}{table}", self.prefix())
    }
}
