//! The person at the keyboard.

use std::io::{self, BufRead as _, Write as _};

use crate::OperateProblem;

/// Somebody who is told what happens, and asked before what cannot be undone.
pub trait Operator {
    /// Tells a line.
    fn hear(&self, line: &str);

    /// Asks for a word; answers what was typed, without the spaces around it.
    fn answer(&self, question: &str) -> String;
}

/// Has a name typed before what cannot be undone.
pub(crate) fn have_typed(
    operator: &impl Operator,
    question: &str,
    name: &str,
) -> Result<(), OperateProblem> {
    match operator.answer(question).as_str() {
        typed if typed == name => Ok(()),
        "" => Err(OperateProblem::NotAgreed),
        _ => Err(OperateProblem::refused(format!("that was not {name}; nothing was changed"))),
    }
}

/// Whoever sits at the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terminal;

impl Operator for Terminal {
    fn hear(&self, line: &str) {
        // A closed pipe is not worth a word.
        drop(writeln!(io::stdout(), "{line}"));
    }

    fn answer(&self, question: &str) -> String {
        drop(write!(io::stdout(), "{question} ").and_then(|()| io::stdout().flush()));
        let mut typed = String::new();
        // Nobody there to answer is nobody who says yes.
        drop(io::stdin().lock().read_line(&mut typed));
        typed.trim().to_owned()
    }
}
