//! The program as an administrator meets it.

#![allow(clippy::unwrap_used, reason = "tests: the helpers too")]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outpost-hq"));
    command.env_clear();
    command
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

fn config(dir: &Path) -> String {
    let path = dir.join("hq.toml");
    let data = dir.join("data");
    let text = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[sync]\nlisten = \"127.0.0.1:0\"\n[data]\ndir = {:?}\n",
        data.to_str().unwrap()
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_bad_configuration_is_told_at_once_with_64() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hq.toml");
    std::fs::write(&path, "[http]\nlisten = \"0.0.0.0:80\"\nlissten = 1\n").unwrap();
    let bad = run(&["check-config", "--config", path.to_str().unwrap()]);
    assert_eq!(bad.status.code(), Some(64));
    let told = String::from_utf8(bad.stderr).unwrap();
    assert!(told.contains("loopback") && told.contains("did you mean http.listen?"), "{told}");
    assert_eq!(run(&["check-config", "--config", &config(dir.path())]).status.code(), Some(0));
    assert_eq!(run(&["serve", "--config", "/no/such/file"]).status.code(), Some(64));
    assert_eq!(run(&["--version"]).status.code(), Some(0));
    assert_eq!(run(&["sing"]).status.code(), Some(1));
}

#[test]
fn a_store_is_added_listed_revoked_and_its_key_is_secret() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let (out, id) = (dir.path().join("shop"), "01900000-0000-7000-8000-000000000001");
    let add = |id: &str| {
        let out = out.to_str().unwrap();
        run(&["store", "add", "--config", &config, "--name", "Shop", "--id", id, "--out", out])
    };
    let added = add(id);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    for secret in [out.join("store.key"), dir.path().join("data/tls/ca.key")] {
        let mode = std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", secret.display());
    }
    let snippet = std::fs::read_to_string(out.join("edge-hq.toml")).unwrap();
    assert!(snippet.contains(id), "{snippet}");
    assert!(out.join("ca.crt").exists() && out.join("store.crt").exists());
    let again = add(id);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8(again.stderr).unwrap().contains("there is a store"));
    let other = add("01900000-0000-7000-8000-000000000002");
    assert_eq!(other.status.code(), Some(1), "a key is never written over");

    let list = |word: &str| {
        let listed = run(&["store", "list", "--config", &config]);
        let listed = String::from_utf8(listed.stdout).unwrap();
        assert!(listed.contains(id) && listed.contains(word), "{listed}");
        assert_eq!(listed.lines().count(), 1);
    };
    list("good");
    assert!(run(&["store", "revoke", "--config", &config, "--id", id]).status.success());
    list("revoked");
    let nobody = "01900000-0000-7000-8000-00000000000f";
    let unknown = run(&["store", "release", "--config", &config, "--id", nobody]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn it_serves_logs_in_json_and_stops_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let mut serving = program();
    serving.args(["serve", "--config", &config]).stdout(Stdio::piped());
    let mut serving = serving.spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let ready = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("\"open\"")));
    let ready: serde_json::Value = serde_json::from_str(&ready.unwrap().unwrap()).unwrap();
    assert_eq!((&ready["service"], &ready["level"]), (&"outpost-hq".into(), &"INFO".into()));
    assert!(ready["context"]["address"].as_str().unwrap().starts_with("127.0.0.1:"), "{ready}");
    let id = i32::try_from(serving.id()).unwrap();
    kill(Pid::from_raw(id), Signal::SIGTERM).unwrap();
    assert_eq!(serving.wait().unwrap().code(), Some(0));
}
