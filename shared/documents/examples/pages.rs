//! Prints every visitor's page into a folder, to be looked at:
//! `cargo run -p documents --example pages -- /tmp/pages`.

#[path = "../src/pages/tests/sample.rs"]
mod sample;
#[path = "../src/pages/tests/album.rs"]
mod album;

use std::{env, fs, io, path::Path};

#[expect(clippy::disallowed_methods, reason = "an example writes where it is told to")]
fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "/tmp/pages".into());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let handbook = sample::handbook();
    fs::write(folder.join("style.css"), documents::pages::style(&handbook))?;
    fs::write(folder.join("questionnaire.js"), documents::pages::QUESTIONNAIRE_SCRIPT)?;
    fs::write(folder.join("calendar.js"), documents::pages::CALENDAR_SCRIPT)?;
    let embed = documents::pages::embed_script(&handbook, "https://book.example.org");
    fs::write(folder.join("embed.js"), embed)?;
    for (name, page) in album::album(&handbook) {
        // Addresses of the house become files of the folder.
        let html = page.into_string().replace("\"/harbour/style.css", "\"style.css");
        let html = html.replace("\"/style.css", "\"style.css").replace("src=\"/harbour/", "src=\"");
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(())
}
