//! Messages out of a stream: however the line cuts them, and however many come at once.

/// The bytes of a message's header.
pub const HEADER_BYTES: usize = 10;
/// The longest message that is taken. Capabilities of a large reader are some 20 kB; a report of
/// one tag is 100 bytes. What claims more is noise, or a line out of step.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// A message's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// As the wire has it: 1 is 1.0.1, 2 is 1.1.
    pub version: u8,
    /// The type.
    pub kind: u16,
    /// Its id; an answer carries its question's.
    pub id: u32,
}

/// A whole message; its body lies in the stream's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its header.
    pub header: Header,
    /// Everything behind the header.
    pub body: &'a [u8],
}

/// What is no LLRP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// A version that nobody wrote yet.
    Version(u8),
    /// A length below a header's, or beyond [`MESSAGE_BYTES_MAX`].
    Length(u32),
}

/// Cuts a stream into messages. It holds at most one message that is not whole, and what came
/// with it.
#[derive(Debug, Default)]
pub struct Frames {
    buffer: Vec<u8>,
    start: usize,
}

impl Frames {
    /// Takes bytes from the line. Take the messages out before the next ones come.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message.
    ///
    /// # Errors
    /// See [`FrameError`]: the stream is lost then.
    pub fn pop(&mut self) -> Result<Option<Message<'_>>, FrameError> {
        let Some((header, length)) = peek(&self.buffer[self.start..])? else { return Ok(None) };
        let from = self.start;
        if self.buffer.len() < from + length {
            return Ok(None);
        }
        self.start += length;
        let body = &self.buffer[from + HEADER_BYTES..from + length];
        Ok(Some(Message { header, body }))
    }

    /// Bytes that wait for the rest of their message.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.start
    }
}

/// Reads a header and the whole message's length, where both are there.
///
/// # Errors
/// See [`FrameError`].
pub fn peek(bytes: &[u8]) -> Result<Option<(Header, usize)>, FrameError> {
    let Some(head) = bytes.first_chunk::<HEADER_BYTES>() else { return Ok(None) };
    let first = u16::from_be_bytes([head[0], head[1]]);
    let length = u32::from_be_bytes([head[2], head[3], head[4], head[5]]);
    let id = u32::from_be_bytes([head[6], head[7], head[8], head[9]]);
    let version = head[0] >> 2 & 0b111;
    if !(1..=3).contains(&version) {
        return Err(FrameError::Version(version));
    }
    let whole = usize::try_from(length).unwrap_or(usize::MAX);
    if !(HEADER_BYTES..=MESSAGE_BYTES_MAX).contains(&whole) {
        return Err(FrameError::Length(length));
    }
    Ok(Some((Header { version, kind: first & 0x3ff, id }, whole)))
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Version(version) => write!(f, "it speaks version {version}, which is no LLRP"),
            Self::Length(length) => write!(f, "a message claims {length} bytes"),
        }
    }
}
