//! Headquarters' configuration.

pub mod reader;

use reader::Reader;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What headquarters is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `[http] listen`: the dashboard and the API.
    pub http_listen: SocketAddr,
    /// `[sync] listen`: the stores' end, mutual TLS.
    pub sync_listen: SocketAddr,
    /// `[sync] names`: the names and addresses in the server's certificate.
    pub sync_names: Vec<String>,
    /// `[data] dir`: the database and the keys.
    pub data_dir: PathBuf,
    /// `[log] level`: `info`, or directives as in `info,tower=debug`.
    pub log_level: String,
}

impl Config {
    /// Reads a file and the environment.
    ///
    /// # Errors
    /// Everything that is wrong, a line each.
    pub fn load(path: &Path) -> Result<Self, Vec<String>> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| vec![format!("{}: {error}", path.display())])?;
        Self::parse(&text, std::env::vars())
    }

    /// Reads a text and an environment.
    ///
    /// # Errors
    /// Everything that is wrong, a line each.
    pub fn parse(
        text: &str,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<String>> {
        let mut reader = Reader::new(text, env)?;
        let address = "an address with a port, as in 127.0.0.1:8090";
        let http_listen = reader.parsed("http.listen", "127.0.0.1:8090", address);
        let sync_listen = reader.parsed("sync.listen", "127.0.0.1:8443", address);
        let sync_names = reader.list("sync.names", &["localhost", "127.0.0.1"]);
        let data_dir = reader.text("data.dir", Some("hq-data"));
        let mode = reader.text("auth.mode", Some("none"));
        let log_level = reader.text("log.level", Some("info"));
        if mode.as_deref().is_some_and(|mode| mode != "none") {
            reader.wrong::<()>("auth.mode: only \"none\" is known to this release");
        } else if http_listen.is_some_and(|at: SocketAddr| !at.ip().is_loopback()) {
            reader.wrong::<()>(
                "http.listen: auth.mode \"none\" lets everybody in, so that it is accepted only \
                 on a loopback address, as in 127.0.0.1:8090",
            );
        }
        if sync_names.as_ref().is_some_and(Vec::is_empty) {
            reader.wrong::<()>("sync.names: stores need at least one name to check");
        }
        reader.finish()?;
        let read = (http_listen, sync_listen, sync_names, data_dir, log_level);
        let (Some(http_listen), Some(sync_listen), Some(sync_names), Some(dir), Some(log_level)) =
            read
        else {
            return Err(vec!["the configuration is incomplete".into()]);
        };
        Ok(Self { http_listen, sync_listen, sync_names, data_dir: dir.into(), log_level })
    }

    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("hq.db")
    }

    /// Where the keys are.
    #[must_use]
    pub fn tls_dir(&self) -> PathBuf {
        self.data_dir.join("tls")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_enough() {
        let config = Config::parse("", []).unwrap();
        assert_eq!(config.http_listen.to_string(), "127.0.0.1:8090");
        assert_eq!(config.sync_names, ["localhost", "127.0.0.1"]);
    }

    #[test]
    fn the_environment_wins() {
        let env = [("OUTPOST_SYNC__NAMES".to_owned(), "hq.example, 10.0.0.1".to_owned())];
        let config = Config::parse("[sync]\nnames = [\"a\"]", env).unwrap();
        assert_eq!(config.sync_names, ["hq.example", "10.0.0.1"]);
    }

    #[test]
    fn all_errors_come_at_once() {
        let text = "[http]\nlisten = \"0.0.0.0:80\"\nlissten = 1\n[sync]\nlisten = \"x\"\n[dta]\n";
        let env = [("OUTPOST_DATA__DIRR".to_owned(), "x".to_owned())];
        let errors = Config::parse(text, env).unwrap_err();
        assert_eq!(errors.len(), 5, "{errors:#?}");
        let all = errors.join("\n");
        for part in ["loopback", "http.lissten", "did you mean http.listen?", "sync.listen", "dta"]
        {
            assert!(all.contains(part), "{part}: {all}");
        }
        assert!(all.contains("OUTPOST_DATA__DIRR"), "{all}");
    }
}
