//! Which room may use which: DESIGN.md, section 2, as one table.

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// A crate, and what of ours it may use (normal and build dependencies).
const ARROWS: [(&str, &[&str]); 26] = [
    ("edge-domain", &[]),
    ("edge-process", &[]),
    ("edge-ledger", &["edge-domain", "cloud-sync-protocol"]),
    ("edge-replica", &["edge-domain", "edge-ledger", "cloud-sync-documents"]),
    (
        "edge-app",
        &[
            "edge-domain",
            "edge-ledger",
            "edge-replica",
            "cloud-sync-protocol",
            "cloud-sync-documents",
        ],
    ),
    ("edge-devices", &["edge-domain", "edge-ledger", "drivers-contract"]),
    (
        "edge-link",
        &[
            "edge-domain",
            "edge-app",
            "edge-ledger",
            "edge-replica",
            "cloud-sync-protocol",
            "cloud-sync-documents",
        ],
    ),
    (
        "edge-web",
        &[
            "edge-domain",
            "edge-process",
            "edge-app",
            "edge-ledger",
            "edge-replica",
            "edge-web-assets",
            "cloud-sync-protocol",
            "cloud-sync-documents",
        ],
    ),
    ("edge-web-assets", &[]),
    (
        "edge-daemon",
        &[
            "edge-domain",
            "edge-app",
            "edge-devices",
            "edge-ledger",
            "edge-link",
            "edge-process",
            "edge-replica",
            "edge-web",
            "drivers-bumpbar",
            "drivers-contract",
            "drivers-display",
            "drivers-plug",
            "drivers-gpio",
            "drivers-printer",
            "drivers-rfid",
            "drivers-scale",
            "drivers-scanner",
            "drivers-terminal",
        ],
    ),
    ("cloud-sync-protocol", &["edge-domain"]),
    ("cloud-sync-documents", &["edge-domain", "cloud-sync-protocol"]),
    ("cloud-sync-store", &["edge-domain", "cloud-sync-protocol", "cloud-sync-documents"]),
    (
        "cloud-sync-server",
        &[
            "edge-domain",
            "edge-process",
            "cloud-sync-protocol",
            "cloud-sync-documents",
            "cloud-sync-store",
            "cloud-sync-server-assets",
        ],
    ),
    ("cloud-sync-server-assets", &[]),
    ("drivers-contract", &[]),
    ("drivers-port", &["drivers-contract"]),
    ("drivers-scanner", &["drivers-contract", "drivers-port"]),
    ("drivers-printer", &["drivers-contract", "drivers-port"]),
    ("drivers-bumpbar", &["drivers-contract", "drivers-port"]),
    ("drivers-display", &["drivers-contract", "drivers-port"]),
    ("drivers-plug", &["drivers-contract", "drivers-port"]),
    ("drivers-gpio", &["drivers-contract"]),
    ("drivers-rfid", &["drivers-contract", "drivers-port"]),
    ("drivers-scale", &["drivers-contract", "drivers-port"]),
    ("drivers-terminal", &["drivers-contract", "drivers-port"]),
];

/// Border crates: they do no I/O.
const BORDER: [&str; 4] =
    ["edge-domain", "cloud-sync-protocol", "cloud-sync-documents", "drivers-contract"];
/// What border crates never see, and the one exception.
const BEYOND: [&str; 4] = ["tokio", "axum", "rusqlite", "automerge"];
const EXCEPTION: (&str, &str) = ("cloud-sync-documents", "automerge");

fn metadata() -> Result<Metadata> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().context("cargo metadata")
}

/// Names of what a crate uses beyond its tests.
fn uses(package: &Package) -> impl Iterator<Item = &str> {
    let normal = |kind| kind != DependencyKind::Development;
    package.dependencies.iter().filter(move |d| normal(d.kind)).map(|d| d.name.as_str())
}

/// What is wrong with one arrow, if anything is.
fn broken(from: &str, to: &str) -> Option<String> {
    if from.starts_with("tests-") {
        return None;
    }
    let Some((_, may)) = ARROWS.iter().find(|(name, _)| *name == from) else {
        return Some(format!("{from} has no row in tests/tidy/tests/arrows.rs: add one"));
    };
    (!may.contains(&to)).then(|| format!("{from} may not use {to}"))
}

#[test]
fn arrows_run_as_they_are_drawn() -> Result<()> {
    let metadata = metadata()?;
    let ours: Vec<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    let arrows = metadata.packages.iter().flat_map(|package| {
        let to = uses(package).filter(|to| ours.contains(to));
        to.filter_map(|to| broken(&package.name, to))
    });
    let unknown = ours.iter().filter(|name| !name.starts_with("tests-")).filter_map(|name| {
        let known = ARROWS.iter().any(|(from, _)| from == name);
        (!known).then(|| format!("{name} has no row in tests/tidy/tests/arrows.rs: add one"))
    });
    let broken: Vec<String> = arrows.chain(unknown).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    Ok(())
}

/// A row of the table cannot allow what the house forbids.
#[test]
fn the_table_keeps_the_streets_apart() {
    for (from, may) in ARROWS {
        for to in may {
            let street = |name: &str| name.split('-').next().map(str::to_owned);
            let driver = from.starts_with("drivers-") && street(to) != street(from);
            assert!(!driver, "{from} may not use {to}: drivers use nothing of the others");
            let centre = ["cloud-sync-store", "cloud-sync-server"].contains(to);
            assert!(!(from.starts_with("edge-") && centre), "{from} may not use {to}");
            let edge = to.starts_with("edge-") && !["edge-domain", "edge-process"].contains(to);
            assert!(!(from.starts_with("cloud-sync-") && edge), "{from} may not use {to}");
            let port = *to == "drivers-port" && !from.starts_with("drivers-");
            assert!(!port, "{from} may not use {to}: drivers only");
        }
    }
}

#[test]
fn a_broken_arrow_says_so() {
    let said = Some("edge-web may not use edge-link".to_owned());
    assert_eq!(broken("edge-web", "edge-link"), said);
    assert!(broken("drivers-port", "edge-domain").is_some());
    assert!(broken("edge-app", "cloud-sync-store").is_some());
    assert!(broken("edge-attic", "edge-domain").is_some_and(|said| said.contains("no row")));
    assert_eq!(broken("edge-web", "edge-app"), None);
}

#[test]
fn border_crates_do_no_io() -> Result<()> {
    let metadata = metadata()?;
    let mut broken = Vec::new();
    for package in metadata.packages.iter().filter(|p| BORDER.contains(&p.name.as_str())) {
        let from = package.name.as_str();
        let far = |to: &&str| BEYOND.contains(to) && (from, *to) != EXCEPTION;
        broken.extend(uses(package).filter(far).map(|to| format!("{from} may not use {to}")));
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    Ok(())
}
