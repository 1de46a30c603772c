//! What an installer does from a shell: play a device, find it, try it, capture it, play it again.

use anyhow::Context;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn outpost(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(Command::new(tests_support::binary("outpost")?).args(arguments).output()?)
}

fn said(output: &Output) -> String {
    [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat()
}

/// A running twin, with the first line that it printed.
struct Sim {
    child: Child,
    hands: ChildStdin,
    uri: String,
}

impl Sim {
    fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new(tests_support::binary("outpost")?)
            .args(["device", "sim"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (hands, eyes) = (child.stdin.take(), child.stdout.take());
        let (hands, eyes) = (hands.context("a pipe")?, eyes.context("a pipe")?);
        let mut uri = String::new();
        BufReader::new(eyes).read_line(&mut uri)?;
        Ok(Self { child, hands, uri: uri.trim().to_owned() })
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.hands, "{line}")?)
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks until the answer holds these words: a hand takes a moment to be felt.
fn until_said(arguments: &[&str], words: &str) -> anyhow::Result<String> {
    let begun = Instant::now();
    loop {
        let heard = said(&outpost(arguments)?);
        if heard.contains(words) {
            return Ok(heard);
        }
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(20), "{words} is not in:\n{heard}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn configuration(folder: &Path, devices: &[(&str, &str)]) -> anyhow::Result<String> {
    let data = folder.join("data");
    let mut text = format!(
        "[store]\nid = 'demo'\nname = 'Corner shop'\n[http]\nlisten = '127.0.0.1:1'\n\
         [data]\ndir = '{}'\n",
        data.display()
    );
    for (id, uri) in devices {
        text.push_str(&format!("[[device]]\nid = '{id}'\nuri = '{uri}'\nstation = 'T1'\n"));
    }
    let path = folder.join("edge.toml");
    std::fs::write(&path, text)?;
    Ok(path.display().to_string())
}

#[test]
fn a_scale_is_played_tried_and_complained_about() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let link = folder.path().join("scale").display().to_string();
    let capture = folder.path().join("capture");
    let captured =
        format!("scale+serial://{link}?protocol=toledo8217&capture={}", capture.display());
    let missing = "serial:///dev/ttyUSB97";
    let config = configuration(folder.path(), &[("scale-1", &captured), ("gone", missing)])?;
    let mut scale = Sim::start(&["scale", "--link", &link])?;
    assert!(scale.uri.starts_with("scale+serial://"), "{}", scale.uri);
    scale.hand("1234")?;
    until_said(&["device", "test", "--config", &config, "scale-1"], "The scale shows 1234 g.")?;
    scale.hand("moving")?;
    until_said(&["device", "test", "--config", &config, "scale-1"], "unstable")?;
    assert!(std::fs::read_to_string(&capture)?.contains("in 0230313233340d"));

    let listed = said(&outpost(&["device", "list", "--network", "0", "--config", &config])?);
    assert!(listed.contains("scale-1 at T1: scale+serial://"), "{listed}");
    let doctor = outpost(&["doctor", "--config", &config])?;
    let heard = said(&doctor);
    assert!(
        !doctor.status.success() && heard.contains("gone: /dev/ttyUSB97 is not there"),
        "{heard}"
    );
    assert!(!heard.contains("! scale-1"), "{heard}");
    let wrong = outpost(&["device", "test", "--config", &config, "scale-9"])?;
    assert!(said(&wrong).contains("there are scale-1, gone"), "{}", said(&wrong));
    Ok(())
}

#[test]
fn a_capture_is_played_to_whoever_identifies_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("capture");
    std::fs::write(&file, "0 in 5d4530\n900 in 393633383530\n1500 in 37340d\n")?;
    let link = folder.path().join("line").display().to_string();
    let mut replay = Command::new(tests_support::binary("outpost")?)
        .args(["device", "replay", &file.display().to_string(), "--link", &link])
        .stdout(Stdio::null())
        .spawn()?;
    let begun = Instant::now();
    while !Path::new(&link).exists() {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(20), "the line does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
    let uri = format!("serial://{link}");
    let heard = outpost(&["device", "identify", &uri, "--seconds", "1"]).map(|out| said(&out));
    let _ = replay.kill();
    let _ = replay.wait();
    let heard = heard?;
    assert!(heard.contains("code: ]E096385074 (Ean13)"), "{heard}");
    Ok(())
}
