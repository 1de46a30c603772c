//! The house's other rules: sizes, names, markers, documentation.

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::MetadataCommand;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most lines of a source file.
const LINES_MAX: usize = 400;
/// Files that may be longer, each with its reason. Keep it empty.
const LONGER: [(&str, &str); 0] = [];
/// Generated from OpenAPI documents, by `make openapi`: nobody reads or edits them.
const GENERATED: [&str; 2] = ["edge/web/ui/src/api/store.ts", "edge/web/ui/src/api/hq.ts"];
/// What may lie at the top, besides dotfiles.
const TOP: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "Makefile",
    "README.md",
    "cloud-sync",
    "drivers",
    "edge",
    "image",
    "migrations",
    "systemd",
    "tests",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file that git knows and that is there.
fn files() -> Result<Vec<String>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output()?;
    ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let text = String::from_utf8(listed.stdout)?;
    let files = text.split('\0').filter(|file| !file.is_empty()).map(str::to_owned);
    Ok(files.filter(|file| root().join(file).is_file()).collect())
}

fn sources() -> Result<Vec<(String, String)>> {
    let source = |file: &String| {
        let ours = [".rs", ".ts", ".tsx", ".js", ".mjs"].iter().any(|end| file.ends_with(end));
        ours && !GENERATED.contains(&file.as_str())
    };
    let read = |file: String| {
        let text = std::fs::read_to_string(root().join(&file));
        Ok((file.clone(), text.with_context(|| file)?))
    };
    files()?.into_iter().filter(source).map(read).collect()
}

/// The folder of every crate, from the root, with its manifest.
fn crates() -> Result<Vec<(String, PathBuf)>> {
    let root = root().canonicalize()?;
    let metadata = MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec();
    let packages = metadata.context("cargo metadata")?.packages;
    let folder = |package: &cargo_metadata::Package| -> Result<(String, PathBuf)> {
        let manifest = package.manifest_path.as_std_path().to_owned();
        let folder = manifest.parent().context("a manifest lies in a folder")?;
        Ok((folder.strip_prefix(&root)?.display().to_string(), manifest))
    };
    packages.iter().map(folder).collect()
}

fn none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_too_long() -> Result<()> {
    let listed = |file: &str| LONGER.iter().any(|(name, _)| *name == file);
    let long = |(file, text): (String, String)| {
        let lines = text.lines().count();
        let long = lines > LINES_MAX && !listed(&file);
        long.then(|| format!("{file} has {lines} lines; {LINES_MAX} are enough: split it"))
    };
    none(&sources()?.into_iter().filter_map(long).collect::<Vec<_>>());
    Ok(())
}

/// Clippy holds the length of functions and the rest, where the lints are inherited.
#[test]
fn every_crate_inherits_the_lints() -> Result<()> {
    let mut broken = Vec::new();
    for (folder, manifest) in crates()? {
        let text = std::fs::read_to_string(manifest)?;
        let lints = text.split("\n[lints]").nth(1).is_some_and(|rest| {
            rest.lines().take_while(|l| !l.starts_with('[')).any(|l| l.trim() == "workspace = true")
        });
        if !lints {
            broken.push(format!("{folder}/Cargo.toml lacks `[lints]` with `workspace = true`"));
        }
    }
    none(&broken);
    Ok(())
}

#[test]
fn the_readme_names_every_crate() -> Result<()> {
    let readme = std::fs::read_to_string(root().join("README.md"));
    let readme = readme.context("README.md is the map, and is not there yet")?;
    let unnamed = |(folder, _): (String, PathBuf)| {
        (!readme.contains(&folder)).then(|| format!("README.md does not name {folder}"))
    };
    none(&crates()?.into_iter().filter_map(unnamed).collect::<Vec<_>>());
    Ok(())
}

/// `NNNN_verb_noun.sql`; gives the number.
fn migration(name: &str) -> Option<usize> {
    let (number, words) = name.strip_suffix(".sql")?.split_once('_')?;
    let word =
        |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let named = words.split('_').count() >= 2 && words.split('_').all(word);
    let numbered = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    (named && numbered).then(|| number.parse().ok()).flatten()
}

#[test]
fn migrations_are_numbered_without_gaps() -> Result<()> {
    assert_eq!(migration("0012_add_right.sql"), Some(12));
    for wrong in ["12_add_right.sql", "0012_add.sql", "0012_Add_right.sql", "0012_add_right.md"] {
        assert_eq!(migration(wrong), None, "{wrong}");
    }
    let mut broken = Vec::new();
    let mut folders = std::collections::BTreeMap::<String, Vec<usize>>::new();
    for file in files()?.iter().filter(|file| file.starts_with("migrations/")) {
        let (folder, name) = file.rsplit_once('/').unwrap_or_default();
        match migration(name) {
            Some(number) => folders.entry(folder.to_owned()).or_default().push(number),
            None if name == "README.md" => {}
            None => broken.push(format!("{file} is not named NNNN_verb_noun.sql")),
        }
    }
    for (folder, numbers) in folders {
        if !numbers.iter().copied().eq(1..=numbers.len()) {
            broken.push(format!("{folder} has gaps or doubles: {numbers:?}"));
        }
    }
    none(&broken);
    Ok(())
}

#[test]
fn nothing_strange_lies_at_the_top() -> Result<()> {
    let mut tops: Vec<String> =
        files()?.iter().filter_map(|file| file.split('/').next().map(str::to_owned)).collect();
    tops.dedup();
    let strange = |top: &String| !top.starts_with('.') && !TOP.contains(&top.as_str());
    none(
        &tops
            .into_iter()
            .filter(strange)
            .map(|top| format!("{top} at the top"))
            .collect::<Vec<_>>(),
    );
    Ok(())
}

/// Built from halves, so that this file does not hold what it looks for.
fn needles() -> Vec<String> {
    let halves = [
        ("to", "do!("),
        ("unimple", "mented!("),
        ("db", "g!("),
        ("#[ign", "ore"),
        (".sk", "ip("),
        (".on", "ly("),
        (".fix", "me("),
    ];
    halves.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

#[test]
fn nothing_is_left_undone_or_left_out() -> Result<()> {
    let mut broken = Vec::new();
    for (file, text) in sources()? {
        let rust = file.ends_with(".rs");
        for (number, line) in (1..).zip(text.lines()) {
            // `Iterator::skip` is Rust's; the marker is the test runners' of the screens.
            let meant =
                |needle: &&String| line.contains(*needle) && !(rust && needle.starts_with('.'));
            broken.extend(needles().iter().find(meant).map(|n| format!("{file}:{number}: {n}")));
        }
    }
    none(&broken);
    Ok(())
}

/// The crate's doc says what it never does, and where to start reading.
#[test]
fn every_crate_says_what_it_never_does() -> Result<()> {
    let mut broken = Vec::new();
    for (folder, manifest) in crates()?.iter().filter(|(folder, _)| !folder.starts_with("tests/")) {
        let src = manifest.with_file_name("src");
        let roots = ["lib.rs", "main.rs"].map(|name| src.join(name));
        let first = roots.iter().find(|path| path.exists()).context("a crate has a root")?;
        let text = std::fs::read_to_string(first)?;
        let doc: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
        for needed in ["never", "Where to start reading"] {
            if !doc.contains(needed) {
                broken.push(format!("{folder}: its doc does not say \"{needed}\""));
            }
        }
    }
    none(&broken);
    Ok(())
}
