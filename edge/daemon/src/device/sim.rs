//! Twins from a shell: each line that is typed is what hands would do.

use crate::stand_in::{HandsAddress, Outlet, Played, SimClass, Stage, Started, start};
use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What was said about the twin.
pub(crate) struct Wanted {
    pub(crate) class: SimClass,
    pub(crate) link: Option<PathBuf>,
    pub(crate) listen: SocketAddr,
    pub(crate) broker: Option<String>,
    pub(crate) options: String,
    pub(crate) hands: Option<String>,
}

pub(crate) fn run(wanted: Wanted) -> anyhow::Result<()> {
    let Wanted { class, link, listen, broker, options, hands } = wanted;
    let place = match (class.outlet(), broker) {
        (Outlet::Within, _) => bail!(
            "a lamp has no line that another program could light: write sim://lamp in the settings"
        ),
        (Outlet::Line, _) if link.is_none() => {
            bail!("say --link PATH: where the device appears")
        }
        (Outlet::Broker, Some(broker)) => format!("/{broker}"),
        (Outlet::Broker, None) => bail!("say --broker HOST:PORT/TOPIC: where it publishes"),
        (_, Some(_)) => bail!("--broker is for rfid-mqtt"),
        _ => String::new(),
    };
    let played = Played::twin(&format!("{}{place}?{options}", class.word()));
    let played = played.map_err(anyhow::Error::msg)?;
    let link = link.as_deref().unwrap_or(Path::new(""));
    let Started { play, uri } = start(&played, link, listen, 0)?;
    let stage = Stage::new(&uri.to_string(), play);
    if let Some(hands) = hands {
        let at: HandsAddress = hands.parse().map_err(anyhow::Error::msg)?;
        stage.open(&at).with_context(|| format!("no hands at {at}"))?;
    }
    stage.in_shell();
    Ok(())
}
