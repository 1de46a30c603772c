//! Bump bars: one thread each. What a key means for the tickets is decided elsewhere.

use crate::board::Board;
use crate::scanning::supervise;
use crate::{DeviceConfig, House};
use drivers_contract::{BumpBar, BumpKey, DeviceUri, Event, EventSink, PowerState, Stop, UriError};
use std::ops::ControlFlow;

/// Where keys go: the kitchen's station, and what was pressed there. Must not block for long.
pub type OnBump = dyn Fn(&str, BumpKey) + Send + Sync;

struct Sink<'a> {
    station: &'a str,
    index: usize,
    board: &'a Board,
    house: &'a House,
}

impl EventSink for Sink<'_> {
    fn emit(&self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Power(PowerState::Online) => self.board.online(self.index),
            Event::Key(key) => (self.house.on_bump)(self.station, key),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn BumpBar>, UriError>,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    let mut bar = match open(&config.uri) {
        Ok(bar) => bar,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    // Without a station the bar stands at the only one there is.
    let station = config.station.as_deref().unwrap_or_default();
    let sink = Sink { station, index, board, house };
    supervise(index, board, stop, || bar.run(&sink, stop));
}
