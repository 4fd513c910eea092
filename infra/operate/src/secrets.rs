//! The secrets that links are signed with, in the parameter store.

use shell::LinkKeys;

use crate::{Aws, AwsProblem, OperateProblem, StackName};

/// The secrets in the parameter store, and which version they are; nothing if there are none.
pub(crate) fn kept_link_keys(
    aws: &Aws,
    name: &StackName,
) -> Result<Option<(LinkKeys, u64)>, OperateProblem> {
    let parameter = name.link_keys_parameter();
    let asked = aws.run(&["ssm", "get-parameter", "--name", &parameter, "--with-decryption"]);
    let answer = match asked {
        Ok(answer) => answer,
        Err(problem) if problem.is("ParameterNotFound") => return Ok(None),
        Err(problem) => return Err(problem.into()),
    };
    let Some(text) = answer["Parameter"]["Value"].as_str() else { return Ok(None) };
    let keys = LinkKeys::parse(text).map_err(|bad| {
        OperateProblem::house(format!("the parameter {parameter} is damaged: {bad}"))
    })?;
    Ok(Some((keys, answer["Parameter"]["Version"].as_u64().unwrap_or(1))))
}

/// What to do about a house whose secrets are gone.
pub(crate) fn link_keys_are_missing(name: &StackName) -> OperateProblem {
    OperateProblem::refused(format!(
        "the house is there, and the parameter {} is not: without it no link in a letter opens. The \
         first line of a backup has it (`link_keys`): put it there again, as a SecureString",
        name.link_keys_parameter()
    ))
}

/// The command that keeps secrets; they come on its standard input.
pub(crate) fn put_link_keys_command(name: &StackName, overwrite: bool) -> [String; 11] {
    [
        "ssm",
        "put-parameter",
        "--name",
        &name.link_keys_parameter(),
        "--type",
        "SecureString",
        // Past 4 kB, some forty practices with secrets of their own, it becomes the kind that costs.
        "--tier",
        "Intelligent-Tiering",
        if overwrite { "--overwrite" } else { "--no-overwrite" },
        "--value",
        "file:///dev/stdin",
    ]
    .map(str::to_owned)
}

/// Keeps these secrets in the parameter store; answers which version they are.
pub(crate) fn put_link_keys(
    aws: &Aws,
    name: &StackName,
    keys: &LinkKeys,
    overwrite: bool,
) -> Result<u64, AwsProblem> {
    let answer = aws.run_with(
        &put_link_keys_command(name, overwrite).each_ref().map(AsRef::as_ref),
        Some(&keys.to_text()),
    )?;
    Ok(answer["Version"].as_u64().unwrap_or(1))
}
