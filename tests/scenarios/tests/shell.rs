//! What an installer does from a shell: play a device, find it, try it, capture it, play it again.

use anyhow::Context;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
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
    seen: BufReader<ChildStdout>,
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
        let (mut uri, mut seen) = (String::new(), BufReader::new(eyes));
        seen.read_line(&mut uri)?;
        Ok(Self { child, hands, seen, uri: uri.trim().to_owned() })
    }

    /// Reads on until a line holds these words.
    fn sees(&mut self, words: &str) -> anyhow::Result<String> {
        let mut all = String::new();
        while !all.lines().last().is_some_and(|line| line.contains(words)) {
            anyhow::ensure!(self.seen.read_line(&mut all)? > 0, "{words} is not in:\n{all}");
        }
        Ok(all)
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

/// What a reader reads is listed, by hands that lay tags before it.
#[test]
fn a_reader_is_identified_by_the_tags_that_it_reads() -> anyhow::Result<()> {
    let tag = "3034F487B4209C4000000001";
    let mut gate = Sim::start(&["rfid"])?;
    assert!(gate.uri.starts_with("llrp://127.0.0.1:"), "{}", gate.uri);
    gate.hand(&format!("shelf {tag}"))?;
    gate.hand("exit 123")?;
    gate.sees("error: an EPC has 24 hexadecimal digits")?;
    let heard = said(&outpost(&["device", "identify", &gate.uri, "--seconds", "2"])?);
    assert!(!heard.contains("Scan something"), "{heard}");
    let line = heard.lines().find(|line| line.starts_with(tag)).context(heard.clone())?;
    assert!(line.contains("urn:epc:id:sgtin:4006381.033393.1: antenna "), "{heard}");
    assert!(line.contains(" dBm (") && heard.ends_with("1 tags\n"), "{heard}");
    gate.hand(&format!("away {tag}"))?;
    gate.sees("ok")?;
    let heard = said(&outpost(&["device", "identify", &gate.uri, "--seconds", "1"])?);
    assert!(heard.contains("No tag was seen"), "{heard}");
    Ok(())
}

/// What has no place in a shell, or no address, is refused with what to write instead.
#[test]
fn a_twin_that_cannot_be_is_refused() -> anyhow::Result<()> {
    for (arguments, reason) in [
        (vec!["lamp"], "write sim://lamp in the settings"),
        (vec!["scale"], "say --link PATH"),
        (vec!["rfid-mqtt"], "say --broker HOST:PORT/TOPIC"),
        (vec!["printer", "--options", "baud=9600"], "option \"baud\" is not known"),
        (vec!["rfid", "--hands", "10.0.0.1:7000"], "a loopback address"),
        (vec!["toaster"], "invalid value 'toaster'"),
    ] {
        let refused = outpost(&[vec!["device", "sim"], arguments.clone()].concat())?;
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(said(&refused).contains(reason), "{arguments:?}: {}", said(&refused));
    }
    Ok(())
}

/// A second pair of hands reaches the same device by its socket.
#[test]
fn hands_reach_a_twin_by_its_socket() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (link, hands) = (at("scale"), at("hands"));
    let scale = Sim::start(&["scale", "--link", &link, "--hands", &hands])?;
    let begun = Instant::now();
    while !Path::new(&hands).exists() {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(20), "the socket does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut shell = Command::new(tests_support::binary("outpost")?)
        .args(["device", "hands", &hands])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    shell.stdin.take().context("a pipe")?.write_all(b"1250\n")?;
    let heard = said(&shell.wait_with_output()?);
    assert!(heard.starts_with(&scale.uri) && heard.ends_with("ok\n"), "{heard}");
    let heard = said(&outpost(&["device", "identify", &scale.uri])?);
    assert!(heard.contains("Stable { grams: 1250 }"), "{heard}");
    let nobody = said(&outpost(&["device", "hands", &at("nobody")])?);
    assert!(nobody.contains("is the store running?"), "{nobody}");
    Ok(())
}

/// What the settings say is played is played for a shell too, while no store runs.
#[test]
fn what_a_store_would_play_is_tried_without_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = configuration(
        folder.path(),
        &[("scale-1", "sim://scale?protocol=dialog06"), ("lost", "replay:///nowhere?as=serial")],
    )?;
    let tried = |id: &str| outpost(&["device", "test", "--config", &config, id]);
    let heard = said(&tried("scale-1")?);
    assert!(heard.contains("The scale says: zero."), "{heard}");
    let heard = said(&tried("lost")?);
    assert!(heard.contains("it cannot be played: no_hardware: read /nowhere"), "{heard}");
    let listed = said(&outpost(&["device", "list", "--network", "0", "--config", &config])?);
    assert!(listed.contains("scale-1 at T1: sim://scale?protocol=dialog06"), "{listed}");

    let file = folder.path().join("capture");
    std::fs::write(&file, "0 in 5d4530\n900 in 393633383530\n1500 in 37340d\n")?;
    let uri = format!("replay://{}?as=serial", file.display());
    let identified = outpost(&["device", "identify", &uri, "--seconds", "10"])?;
    let heard = said(&identified);
    assert!(identified.status.success() && heard.contains("code: ]E096385074 (Ean13)"), "{heard}");
    assert!(heard.contains("was played to its end, 12 bytes"), "{heard}");
    Ok(())
}
