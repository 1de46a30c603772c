//! The air between a tag and an antenna: patterns, multipath, people in the way.

use super::Place;
use fastrand::Rng;

/// The wavelength at 866 MHz.
pub const LAMBDA_M: f64 = 0.346;
/// Paths beside the straight one.
const PATHS: usize = 4;
/// How strong they are together against the straight one: a Rician factor of about 6 dB.
const PATH_AMPLITUDE: f64 = 0.25;

/// An antenna of a gate.
#[derive(Debug, Clone)]
pub struct Antenna {
    /// Where it hangs.
    pub place: Place,
    /// Where it looks: a unit vector.
    look: (f64, f64),
}

/// Half of its beam's width to 3 dB, in degrees.
const BEAM_DEG: f64 = 35.0;

/// The four antennas of a gate 1.7 m wide: 1 and 2 look into the shop, 3 and 4 to the street.
#[must_use]
pub fn portal(gate_x: f64) -> Vec<Antenna> {
    let angle = 40.0_f64.to_radians();
    let one = |x: f64, side: f64| Antenna {
        place: Place { x: gate_x + x, y: 0.35 * side, z: 1.1 },
        look: (-x.signum() * angle.cos(), side * angle.sin()),
    };
    vec![one(-0.85, -1.0), one(0.85, -1.0), one(-0.85, 1.0), one(0.85, 1.0)]
}

impl Antenna {
    /// What its pattern takes in the direction of a place, once.
    #[must_use]
    pub fn pattern_db(&self, place: Place) -> f64 {
        let (x, y) = (place.x - self.place.x, place.y - self.place.y);
        let flat = (x * x + y * y).sqrt().max(1e-6);
        let cos = ((x * self.look.0 + y * self.look.1) / flat).clamp(-1.0, 1.0);
        let degrees = cos.acos().to_degrees();
        (-3.0 * (degrees / BEAM_DEG).powi(2)).max(-18.0)
    }

    /// From 0, where the carrier faces the antenna, to 1, where his back does.
    #[must_use]
    pub fn behind(&self, place: Place, heading: (f64, f64)) -> f64 {
        let (x, y) = (self.place.x - place.x, self.place.y - place.y);
        let flat = (x * x + y * y).sqrt().max(1e-6);
        (1.0 - (x * heading.0 + y * heading.1) / flat) / 2.0
    }
}

struct Path {
    amplitude: f64,
    /// Direction of the wave's change, in radians a metre.
    wave: (f64, f64, f64),
    phase: f64,
}

/// What one tag's air is like.
pub struct Air {
    paths: Vec<Path>,
    offsets: [f64; 20],
    /// Somebody who moves nearby: strength and turns a second.
    mover: (f64, f64),
    mover_until: f64,
    shadow_db: f64,
    shadow_until: f64,
    shadow_next: f64,
}

impl Air {
    /// Air by chance.
    pub fn new(rng: &mut Rng) -> Self {
        let path = |rng: &mut Rng| {
            let (around, up) = (rng.f64() * std::f64::consts::TAU, rng.f64() * 2.0 - 1.0);
            let flat = (1.0 - up * up).sqrt();
            let k = std::f64::consts::TAU / LAMBDA_M;
            Path {
                amplitude: PATH_AMPLITUDE * (0.5 + rng.f64()),
                wave: (k * flat * around.cos(), k * flat * around.sin(), k * up),
                phase: rng.f64() * std::f64::consts::TAU,
            }
        };
        let mut offsets = [0.0; 20];
        offsets.iter_mut().for_each(|offset| *offset = rng.f64() * std::f64::consts::TAU);
        Self {
            paths: (0..PATHS).map(|_| path(rng)).collect(),
            offsets,
            mover: (0.0, 0.0),
            mover_until: 0.0,
            shadow_db: 0.0,
            shadow_until: 0.0,
            shadow_next: rng.f64() * 20.0,
        }
    }

    /// The constant part of the phase on an antenna and channel.
    pub fn offset(&self, antenna: usize, channel: u16) -> f64 {
        self.offsets[(antenna * 5 + usize::from(channel)) % self.offsets.len()]
    }

    /// Multipath at a place: decibels once, and the phase that it adds once.
    pub fn fade(
        &mut self,
        rng: &mut Rng,
        place: Place,
        antenna: usize,
        channel: u16,
        seconds: f64,
    ) -> (f64, f64) {
        if seconds >= self.mover_until {
            // Half of the time nobody is near; otherwise steps of a person.
            let near = rng.bool();
            self.mover =
                if near { (0.05 + rng.f64() * 0.3, 0.5 + rng.f64() * 3.0) } else { (0.0, 0.0) };
            self.mover_until = seconds + 1.0 + rng.f64() * 8.0;
        }
        let (mut re, mut im) = (1.0, 0.0);
        for (n, path) in self.paths.iter().enumerate() {
            // Each antenna and channel has its own turn of the same room.
            let turn = self.offsets[(antenna * 5 + usize::from(channel) + n * 3) % 20];
            let angle = path.wave.0 * place.x
                + path.wave.1 * place.y
                + path.wave.2 * place.z
                + path.phase
                + turn;
            re += path.amplitude * angle.cos();
            im += path.amplitude * angle.sin();
        }
        let angle = std::f64::consts::TAU * self.mover.1 * seconds;
        re += self.mover.0 * angle.cos();
        im += self.mover.0 * angle.sin();
        (10.0 * (re * re + im * im).max(1e-3).log10(), im.atan2(re))
    }

    /// What a person in the way takes, once: shelves are passed by; who carries is not.
    pub fn shadow_db(&mut self, rng: &mut Rng, seconds: f64, still: bool) -> f64 {
        if !still {
            return 0.0;
        }
        if seconds >= self.shadow_next {
            self.shadow_db = 2.0 + rng.f64() * 12.0;
            self.shadow_until = seconds + 0.4 + rng.f64() * 2.5;
            self.shadow_next = self.shadow_until + rng.f64() * 30.0;
        }
        if seconds < self.shadow_until { self.shadow_db } else { 0.0 }
    }
}

/// A normal deviate (sum of uniforms: tails beyond three deviations do not matter here).
pub fn normal(rng: &mut Rng) -> f64 {
    (0..6).map(|_| rng.f64()).sum::<f64>() * 1.414 - 4.243
}
