//! Peers in Python: each in an environment of its own, made once.

use anyhow::{Context, ensure};
use std::process::Command;

/// Runs a script with a package of PyPI on some input, and reads the figure that it prints last.
pub(crate) fn ask(package: &str, script: &str, input: &str) -> anyhow::Result<f64> {
    let name: String = package.chars().filter(char::is_ascii_alphanumeric).collect();
    let venv = std::env::temp_dir().join(format!("outpost-bench-{name}"));
    let python = venv.join("bin/python");
    let made = venv.join("made");
    if !made.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(&python).args(["-m", "pip", "install", "-q", package]))?;
        std::fs::write(&made, package)?;
    }
    let folder = tempfile::tempdir()?;
    let (program, file) = (folder.path().join("peer.py"), folder.path().join("input"));
    std::fs::write(&program, script)?;
    std::fs::write(&file, input)?;
    let output = Command::new(&python).arg(&program).arg(&file).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let figure = said.lines().last().unwrap_or_default();
    figure.trim().parse().with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
