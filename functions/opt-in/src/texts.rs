//! What does not depend on anybody: thanks, policy, style, script.

use axum::extract::{Path, State};
use documents::{letters, pages};
use shell::{Kept, Page, Problem, Shell, practice_path};

/// What a visitor reads after opting in.
pub(crate) async fn thanks(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(Page(pages::thanks(&handbook).into_string()))
}

/// The practice's policy.
pub(crate) async fn policy(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Page, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    let text = letters::prose(&handbook.policy.text);
    Ok(Page(pages::policy(&handbook, &text).into_string()))
}

/// The stylesheet in the practice's colours.
pub(crate) async fn style(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Kept, Problem> {
    // The page that says that all others are closed has the practice's colours, too.
    let handbook = shell.handbook(&practice_path(&practice)?).await?;
    Ok(Kept::style(pages::style(&handbook)))
}

/// The stylesheet of pages that belong to no practice.
pub(crate) async fn neutral_style() -> Kept {
    Kept::style(pages::neutral_style())
}

/// The script that puts the form onto another site.
pub(crate) async fn embed_script(
    State(shell): State<Shell>,
    Path(practice): Path<String>,
) -> Result<Kept, Problem> {
    let handbook = shell.handbook_at_the_door(&practice_path(&practice)?).await?;
    Ok(Kept::script(pages::embed_script(&handbook, &shell.origin)))
}
