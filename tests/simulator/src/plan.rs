//! What is asked of a world, and what it answers.

/// A fault that somebody could build in: the checks must find each. Without them nobody would
/// know whether the simulator can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Headquarters acknowledges a batch before it is written.
    AckBeforeAccept,
    /// A till that asks again makes up a new idempotency key.
    NewKeyOnRetry,
    /// A store's documents in memory survive a command that failed.
    FailureRemembered,
    /// Sessions are driven by the wall clock, which may jump, instead of a steady one.
    WallClockSessions,
    /// An answer cannot be stored after the verb succeeded: the command is undone, its documents
    /// in memory are not.
    AnswerUnsayable,
    /// A store promises without asking whether it holds the rights.
    PromiseWithoutRights,
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many steps the bad times last.
    pub steps: u32,
    /// The fault that is built in, for the checks' own test.
    pub sabotage: Option<Sabotage>,
    /// Whether to print the trace.
    pub print: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { steps: 48, sabotage: None, print: false }
    }
}

/// What a world was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// A hash over the whole trace: the same for the same seed.
    pub trace: u64,
    /// Steps, with those until everything was quiet.
    pub steps: u64,
    /// Commands that tills sent.
    pub commands: u64,
    /// Commands that were answered from memory.
    pub replays: u64,
    /// Sales.
    pub sales: u64,
    /// Entries in all journals.
    pub entries: u64,
    /// Frames that arrived.
    pub frames: u64,
    /// Crashes of stores and of headquarters.
    pub crashes: u64,
    /// Connections that were opened.
    pub connections: u64,
    /// Commands that were refused.
    pub refusals: u64,
    /// Items that had several prices at once, as headquarters saw it.
    pub conflicts: u64,
}
