//! What the gate goes by, in one place. Tuned on seeds below 1,000,000 of the simulator's worlds;
//! what the table in `gate.rs` shows was measured on others.

/// How long a bucket is.
pub const BUCKET_MS: u64 = 50;
/// How many there are: the window is 3.2 s.
pub const BUCKETS: usize = 64;
/// Weaker than any reader hears.
pub const FLOOR_CDBM: i16 = -8_000;
/// What counts as "of late".
pub const RECENT_MS: u64 = 500;
/// Phases are compared over at least so long: within one turn of an antenna everything stands.
pub const MOTION_GAP_MS: u64 = 70;
/// A phase that changes less from look to look belongs to something that lies still.
pub const MOTION_LEAST: u16 = 280;
/// A tag that passes through the gate is so strong at least once on each side.
pub const NEAR_CDBM: i16 = -6_200;
/// The far side must be so much stronger than the near one to say that it is beyond the middle.
pub const LEAN_CDB: i16 = 450;
/// The middles of the two sides' strength lie so far apart at least.
pub const APART_MS: u64 = 130;
/// Who comes in was at most so much weaker on the street's side.
pub const CAME_CDB: i16 = 600;
/// A shelf knows itself: what passes is so much stronger than what its tag is used to.
pub const ABOVE_USUAL_CDB: i32 = 400;
/// A tag that is not read for so long has gone, or is covered: what is known is decided then.
pub const GONE_MS: u64 = 600;
/// ... and forgotten after this.
pub const FORGET_MS: u64 = 3_000;
/// A tag that stays so long without passing is chatter until it passes with more than enough.
pub const CHATTER_MS: u64 = 30_000;
/// Tags followed at once. A hundred carts of 60 would not fill it.
pub const TRACKS_MAX: usize = 8_192;
