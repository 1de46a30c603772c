//! One tag's last seconds at a gate, in buckets: what the inner antennas heard, what the outer
//! ones, and whether it moves.

use super::tune::{BUCKET_MS, BUCKETS, FLOOR_CDBM, MOTION_GAP_MS, RECENT_MS};

/// Which way an antenna looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Into the shop.
    Inner,
    /// To the street.
    Outer,
}

/// One read as the gate needs it.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Milliseconds of the gate's clock.
    pub at_ms: u64,
    /// The antenna's side.
    pub side: Side,
    /// The antenna.
    pub antenna: u16,
    /// Strength in hundredths of dBm.
    pub cdbm: i16,
    /// The phase in 4,096ths of a turn, and its channel.
    pub phase: Option<(u16, u16)>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// The strongest on each side.
    peak: [i16; 2],
    count: [u16; 2],
}

const EMPTY: Bucket = Bucket { peak: [FLOOR_CDBM; 2], count: [0; 2] };
/// Antennas whose phases are followed at once.
const PHASES: usize = 8;

/// What the window says of one side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Profile {
    /// Reads.
    pub count: u32,
    /// The strongest.
    pub peak_cdbm: i16,
    /// When it was strongest.
    pub peak_ms: u64,
    /// The middle of its strength.
    pub centre_ms: u64,
    /// The strongest of late.
    pub recent_cdbm: i16,
    /// Reads of late.
    pub recent_count: u32,
    /// The last read.
    pub last_ms: u64,
}

/// One tag.
#[derive(Clone, Debug)]
pub struct Track {
    buckets: [Bucket; BUCKETS],
    /// The bucket of `newest`, counted from the clock's beginning.
    newest: u64,
    phases: [Option<(u16, u16, u16, u64)>; PHASES],
    /// How much phases change between two looks, in 4,096ths; `None` before there were two.
    motion: Option<u16>,
    /// First read of this stay.
    pub first_ms: u64,
    /// Last read.
    pub last_ms: u64,
    /// Reads of this stay.
    pub reads: u32,
    /// What each side is used to: rises slowly, so that a shelf knows itself.
    pub usual: [i32; 2],
}

impl Side {
    const fn index(self) -> usize {
        match self {
            Self::Inner => 0,
            Self::Outer => 1,
        }
    }
}

impl Track {
    /// A tag that was first read now.
    #[must_use]
    pub fn new(at_ms: u64) -> Self {
        Self {
            buckets: [EMPTY; BUCKETS],
            newest: at_ms / BUCKET_MS,
            phases: [None; PHASES],
            motion: None,
            first_ms: at_ms,
            last_ms: at_ms,
            reads: 0,
            usual: [i32::from(FLOOR_CDBM); 2],
        }
    }

    /// Takes a read.
    pub fn push(&mut self, sample: &Sample) {
        let bucket = sample.at_ms / BUCKET_MS;
        if bucket > self.newest {
            self.close();
            let gone = (bucket - self.newest).min(BUCKETS as u64);
            for step in 1..=gone {
                self.buckets[slot(self.newest + step)] = EMPTY;
            }
            self.newest = bucket;
        }
        let side = sample.side.index();
        let into = &mut self.buckets[slot(self.newest)];
        into.peak[side] = into.peak[side].max(sample.cdbm);
        into.count[side] = into.count[side].saturating_add(1);
        self.last_ms = self.last_ms.max(sample.at_ms);
        self.reads = self.reads.saturating_add(1);
        if let Some((phase, channel)) = sample.phase {
            self.look(sample.antenna, phase, channel, sample.at_ms);
        }
    }

    /// A bucket is over: the sides get used to what they heard, a thirty-second part each time.
    fn close(&mut self) {
        let bucket = self.buckets[slot(self.newest)];
        for side in 0..2 {
            if bucket.count[side] > 0 {
                let heard = i32::from(bucket.peak[side]);
                self.usual[side] += (heard - self.usual[side]) / 32;
            }
        }
    }

    fn look(&mut self, antenna: u16, phase: u16, channel: u16, at_ms: u64) {
        let place = &mut self.phases[usize::from(antenna) % PHASES];
        match *place {
            Some((known, then, before, ms)) if known == antenna && then == channel => {
                let gap = at_ms.saturating_sub(ms);
                if gap < MOTION_GAP_MS {
                    return;
                }
                *place = Some((antenna, channel, phase, at_ms));
                if gap > 10 * MOTION_GAP_MS {
                    return;
                }
                let turned = (i32::from(phase) - i32::from(before)).rem_euclid(4_096);
                let turned = turned.min(4_096 - turned).unsigned_abs();
                let turned = u16::try_from(turned).unwrap_or(2_048);
                let mean = self.motion.map_or(turned, |mean| mean - mean / 4 + turned / 4);
                self.motion = Some(mean);
            }
            _ => *place = Some((antenna, channel, phase, at_ms)),
        }
    }

    /// How much its phase changes from look to look: some 100 lies still, 1,000 walks.
    #[must_use]
    pub const fn motion(&self) -> Option<u16> {
        self.motion
    }

    /// What the window says, at a time.
    #[must_use]
    pub fn profiles(&self, now_ms: u64) -> [Profile; 2] {
        let mut profiles = [Profile::default(); 2];
        let oldest = (now_ms / BUCKET_MS).saturating_sub(BUCKETS as u64 - 1);
        for (side, profile) in profiles.iter_mut().enumerate() {
            (profile.peak_cdbm, profile.recent_cdbm) = (FLOOR_CDBM, FLOOR_CDBM);
            let (mut weight, mut moment) = (0_u64, 0_u64);
            let from = oldest.max((self.newest + 1).saturating_sub(BUCKETS as u64));
            for number in from..=self.newest {
                let bucket = &self.buckets[slot(number)];
                if bucket.count[side] == 0 {
                    continue;
                }
                let (at, peak) = (number * BUCKET_MS + BUCKET_MS / 2, bucket.peak[side]);
                let count = u32::from(bucket.count[side]);
                profile.count += count;
                profile.last_ms = at;
                if peak > profile.peak_cdbm {
                    (profile.peak_cdbm, profile.peak_ms) = (peak, at);
                }
                if at + RECENT_MS >= now_ms {
                    profile.recent_cdbm = profile.recent_cdbm.max(peak);
                    profile.recent_count += count;
                }
                let heavy = 1_u64 << strength(peak);
                weight += heavy;
                moment += heavy * (number - oldest);
            }
            if let Some(centre) = (moment * BUCKET_MS).checked_div(weight) {
                profile.centre_ms = oldest * BUCKET_MS + centre;
            }
        }
        profiles
    }
}

/// Power in steps of 3 dB above the floor: each is twice the one before.
fn strength(cdbm: i16) -> u32 {
    let above = i32::from(cdbm) - i32::from(FLOOR_CDBM);
    u32::try_from(above / 300).unwrap_or_default().min(24)
}

fn slot(bucket: u64) -> usize {
    usize::try_from(bucket % BUCKETS as u64).unwrap_or_default()
}
