//! Scales: one thread each. It weighs when somebody asks, and looks now and then whether the scale
//! is there.

use crate::asking::Ask;
use crate::board::Board;
use crate::scanning::{BACKOFF, REPLUG, jittered, next};
use crate::{DeviceConfig, House};
use drivers_contract::{DeviceUri, Fault, Scale, Stop, UriError};
use std::time::Duration;

/// How often an idle scale is looked at.
const LOOK: Duration = Duration::from_secs(2);

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn Scale>, UriError>,
    board: &Board,
    _: &House,
    stop: &Stop,
) {
    let mut scale = match open(&config.uri) {
        Ok(scale) => scale,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    let mut backoff = BACKOFF.0;
    while !stop.is_stopped() {
        let seen = board.asking.rings(index);
        let asks = board.asking.take(index);
        let weighing = scale.weigh();
        for ask in asks {
            // Whoever asked may have given up meanwhile.
            let _ = match ask {
                Ask::Weigh(reply) => reply.try_send(weighing.clone()).is_ok(),
                Ask::Test(reply) => {
                    let said = weighing.as_ref().map(|weighing| match weighing.weight.grams() {
                        Some(grams) => format!("The scale shows {grams} g."),
                        None => format!("The scale says: {}.", weighing.weight.as_str()),
                    });
                    reply.try_send(said.map_err(Fault::clone)).is_ok()
                }
            };
        }
        let wait = match weighing {
            Ok(_) => {
                board.online(index);
                backoff = BACKOFF.0;
                LOOK
            }
            Err(fault) => {
                board.fault(index, fault);
                backoff = next(backoff, Duration::ZERO).min(REPLUG);
                jittered(backoff)
            }
        };
        board.asking.wait(index, seen, wait, stop);
    }
}
