//! The laws of the house that no linter knows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "this test reads the project's own sources")]
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder with this ending, by its path from the root.
fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" && name != "target" {
                folders.push(path);
            } else if name.ends_with(ending) {
                let short = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.insert(short, text(&path));
            }
        }
    }
    found
}

fn sources() -> BTreeMap<String, String> {
    ["shared", "functions", "infra", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder, ".rs"))
        .collect()
}

/// Which rooms each room may lean on. A new arrow is the rarest kind of change.
const ARROWS: [(&str, &[&str]); 7] = [
    ("shared/domain", &[]),
    ("shared/documents", &["domain"]),
    ("shared/handbook", &["domain", "documents"]),
    ("shared/feeds", &["domain"]),
    ("shared/store", &["domain"]),
    ("shared/shell", &["domain", "documents", "handbook", "feeds", "store"]),
    ("functions/*", &["domain", "documents", "store", "shell"]),
];

const ROOMS: [&str; 15] = [
    "domain",
    "documents",
    "handbook",
    "feeds",
    "store",
    "shell",
    "opt-in",
    "questionnaire",
    "calendar",
    "desk",
    "post",
    "reminders",
    "operate",
    "anteroom",
    "tests",
];

#[test]
fn arrows_between_the_rooms_point_one_way() {
    let manifests =
        files("shared", "Cargo.toml").into_iter().chain(files("functions", "Cargo.toml"));
    let mut seen = 0;
    for (path, manifest) in manifests {
        let folder = path.trim_end_matches("/Cargo.toml").to_owned();
        let room = if folder.starts_with("functions/") { "functions/*" } else { &folder };
        let (_, allowed) = ARROWS.iter().find(|(from, _)| *from == room).expect("a known room");
        let manifest: toml::Table = manifest.parse().unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        for name in dependencies.keys().filter(|name| ROOMS.contains(&name.as_str())) {
            assert!(allowed.contains(&name.as_str()), "{folder} must not lean on {name}");
        }
        seen += 1;
    }
    assert!(11 <= seen, "only {seen} rooms were looked at");
}

#[test]
fn the_domain_knows_nothing_of_the_world() {
    let manifest: toml::Table = text(&root().join("shared/domain/Cargo.toml")).parse().unwrap();
    let dependencies: Vec<_> =
        manifest["dependencies"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(dependencies, ["chrono", "chrono-tz", "email_address", "thiserror"]);
    for (path, source) in files("shared/domain/src", ".rs") {
        for word in ["async ", ".await", "serde", "std::fs", "std::env", "println!"] {
            assert!(!source.contains(word), "{path} says {word:?}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_has_one_subject() {
    for (path, source) in sources() {
        let is_test = path.contains("tests") || path.contains("examples/");
        let has_words = source.starts_with("//! ");
        assert!(has_words || is_test, "{path} does not begin with what it is for");
        let lines = source.lines().count();
        let most = if is_test { 700 } else { 450 };
        assert!(lines <= most, "{path} has {lines} lines; more than {most} are two subjects");
    }
}

#[test]
fn nothing_is_left_for_later_or_silenced() {
    let banned = [
        "todo!(",
        "unimplemented!(",
        "dbg!(",
        "#[ignore",
        "#[allow(",
        "#![allow(",
        "FIXME",
        "utils",
    ];
    for (path, source) in sources() {
        if path.ends_with("tidy.rs") {
            continue;
        }
        for word in banned {
            assert!(!source.contains(word), "{path} says {word:?}");
        }
    }
}

#[test]
fn every_table_request_names_its_practice_first() {
    // Keys are made in one file; nobody else writes a `pk` by hand.
    for (path, source) in files("shared/store/src", ".rs") {
        let makes_keys = path.ends_with("keys.rs") || path.ends_with("outbox.rs");
        assert!(
            makes_keys || !source.replace("OutgoingKey", "").contains("Key { pk"),
            "{path} makes a key of its own"
        );
    }
}

/// The routes that a function's router has.
fn routes_of(function: &str) -> BTreeSet<String> {
    let source = text(&root().join(format!("functions/{function}/src/lib.rs")));
    source.split(".route(").skip(1).map(|rest| rest.split('"').nth(1).unwrap().to_owned()).collect()
}

/// Which function answers each address, as the root manifest says it.
pub(crate) fn watch_table() -> BTreeMap<String, String> {
    let manifest: toml::Table = text(&root().join("Cargo.toml")).parse().unwrap();
    let lambda = &manifest["workspace"]["metadata"]["lambda"];
    let table = lambda["watch"]["router"].as_array().expect("the table of routes");
    let word = |route: &toml::Value, name: &str| route[name].as_str().unwrap().to_owned();
    table.iter().map(|route| (word(route, "path"), word(route, "function"))).collect()
}

#[test]
fn every_route_is_in_the_workspace_and_leads_to_its_function() {
    let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, function) in watch_table() {
        listed.entry(function).or_default().insert(path);
    }
    for function in ["opt-in", "questionnaire", "calendar", "desk"] {
        let routes = routes_of(function);
        assert!(!routes.is_empty());
        assert_eq!(listed.remove(function).unwrap_or_default(), routes, "routes of {function}");
    }
    assert!(listed.is_empty(), "routes of functions that do not exist: {listed:?}");
}

/// What may not come in, not by way of something else either: another TLS stack, and what looks for
/// credentials and regions where Lambda has none (decisions 0023, 0026).
const KEPT_OUT: [&str; 6] =
    ["aws-config", "aws-lc-rs", "aws-lc-sys", "native-tls", "openssl", "openssl-sys"];

#[test]
fn there_is_one_tls_stack_and_no_chain_of_providers() {
    let lock: toml::Table = text(&root().join("Cargo.lock")).parse().unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    let names: BTreeSet<&str> = packages.filter_map(|package| package["name"].as_str()).collect();
    assert!(names.contains("rustls") && names.contains("ring"), "the stack that there is");
    for name in KEPT_OUT {
        assert!(!names.contains(name), "{name} came in: `cargo tree -i {name}` says by whom");
    }
}

#[test]
fn no_path_of_a_machine_and_no_registry_is_named() {
    let documents = ["md", "toml", "yml", "json", "mjs", "js", "css"];
    let mut all = sources();
    for ending in documents {
        for folder in ["docs", "shared", "functions", "infra", "tests", "practices"] {
            all.extend(files(folder, &format!(".{ending}")));
        }
    }
    let home = ["/ro", "ot/"].concat();
    let registries = [
        ["crates", ".io"].concat(),
        ["registry.npm", "js.org"].concat(),
        ["py", "pi.org"].concat(),
    ];
    for (path, source) in all {
        assert!(!source.contains(&home), "{path} names a folder of one machine");
        for registry in &registries {
            assert!(!source.contains(registry.as_str()), "{path} names {registry}");
        }
    }
}
