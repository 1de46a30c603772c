//! Headquarters' configuration.

use edge_process::config::{ConfigErrors, Reader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

const KNOWN: [&str; 6] =
    ["http.listen", "sync.listen", "sync.names", "data.dir", "auth.mode", "log.level"];

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
    /// Everything that is wrong.
    pub fn load(path: &Path) -> Result<Self, ConfigErrors> {
        Self::read(Reader::open(path, std::env::vars(), &KNOWN))
    }

    fn read(mut reader: Reader) -> Result<Self, ConfigErrors> {
        let r = &mut reader;
        let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let names = || vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let config = Self {
            http_listen: r.parsed("http.listen", local(8090)),
            sync_listen: r.parsed("sync.listen", local(8443)),
            sync_names: r.texts("sync.names").unwrap_or_else(names),
            data_dir: r.text("data.dir").unwrap_or_else(|| "hq-data".into()).into(),
            log_level: r.text("log.level").unwrap_or_else(|| "info".into()),
        };
        r.one_of("auth.mode", &[("none", ())]);
        if !config.http_listen.ip().is_loopback() {
            r.fail(format!(
                "auth.mode: none is accepted only on a loopback address; http.listen is {}",
                config.http_listen
            ));
        }
        if config.sync_names.is_empty() {
            r.fail("sync.names: stores need at least one name to check");
        }
        reader.finish()?;
        Ok(config)
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

    fn parse(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(Reader::read(text, env, &KNOWN))
    }

    #[test]
    fn an_empty_file_is_enough() {
        let config = parse("", &[]).unwrap();
        assert_eq!(config.http_listen.to_string(), "127.0.0.1:8090");
        assert_eq!(config.sync_names, ["localhost", "127.0.0.1"]);
    }

    #[test]
    fn the_environment_wins() {
        let env = [("OUTPOST_SYNC__NAMES", "[\"hq.example\", \"10.0.0.1\"]")];
        let config = parse("[sync]\nnames = [\"a\"]", &env).unwrap();
        assert_eq!(config.sync_names, ["hq.example", "10.0.0.1"]);
    }

    #[test]
    fn all_errors_come_at_once() {
        let text = "[http]\nlisten = \"0.0.0.0:80\"\nlissten = 1\n[sync]\nlisten = \"x\"\n";
        let errors = parse(text, &[("OUTPOST_DATA__DIRR", "x")]).unwrap_err().0;
        assert_eq!(errors.len(), 4, "{errors:#?}");
        let all = errors.join("\n");
        for part in ["loopback", "did you mean http.listen?", "sync.listen", "data.dirr"] {
            assert!(all.contains(part), "{part}: {all}");
        }
    }
}
