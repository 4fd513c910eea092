//! The practice of `practices/harbour`: its letters and policy as they are there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use domain::{Handbook, Policy};

use crate::pages::tests::sample;

/// Harbour's letters by name.
pub(super) fn letters() -> BTreeMap<String, String> {
    let folder = harbour().join("letters");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.file_stem().unwrap().display().to_string(), read(&path))).collect()
}

fn harbour() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour")
}

#[expect(clippy::disallowed_methods, reason = "tests read the example practice from its folder")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The practice of the pages' tests with the letters and the policy of the example, and a place whose
/// address has an underscore, which is markup elsewhere.
pub(super) fn handbook() -> Handbook {
    let mut handbook = sample::handbook();
    handbook.sessions[0].place =
        "By video, in any browser: https://meet.harbour.example/mara_l".into();
    let policy = Policy { text: read(&harbour().join("policy.md")) };
    Handbook { letters: letters(), policy, ..handbook }
}
