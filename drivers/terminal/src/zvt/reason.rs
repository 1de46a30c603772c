//! Why a terminal refuses, in words (PA00P015, chapter 10).

/// Given up at the terminal, or nobody showed a card in time.
pub const ABORTED: u8 = 0x6c;
/// It is still at something.
pub const BUSY: u8 = 0x9c;
/// There is nothing of the kind that was asked for.
pub const NOT_POSSIBLE: u8 = 0x83;
/// The day in which it was paid has ended, or there is no such receipt.
pub const TOO_LATE: u8 = 0xb5;
/// It was taken back before.
pub const TAKEN_BACK: u8 = 0xb4;
/// The till is not registered.
pub const NOT_REGISTERED: u8 = 0x6b;

/// Whether a refusal to take a payment back leaves it certain that it was not taken back, now or
/// before.
#[must_use]
pub const fn is_too_late(code: u8) -> bool {
    matches!(code, TOO_LATE | NOT_POSSIBLE)
}

/// A sentence for the cashier.
#[must_use]
pub const fn words(code: u8) -> &'static str {
    match code {
        0x02 | 0x05 => "The bank declined the card.",
        0x21 | 0x78 => "The card has expired.",
        0x33 | 0x3d | 0x41 => "The card wants a PIN: insert it.",
        0x64 | 0x65 | 0x73 => "The card could not be read: try again or another card.",
        0x67 | 0x68 | 0xd2 => "This card does not do that.",
        NOT_REGISTERED => "The terminal does not know this till.",
        ABORTED => "Given up at the terminal.",
        0x6e => "The card is blocked.",
        0x6f | 0xc6 | 0xcb => "The terminal does not take this currency.",
        0x71 => "There is not enough on the card.",
        0x72 | 0x7a..=0x7c | 0x7e => "The terminal does not take this card.",
        0x79 => "The card is not valid yet.",
        0x7d | 0x9b | 0xa1 | 0xa3 => "The terminal has no line to the bank.",
        NOT_POSSIBLE => "The terminal does not do that.",
        0x85 | 0xc2 => "The terminal needs its operator: call the hotline on it.",
        BUSY => "The terminal is busy.",
        0xa0 => "The terminal is not ready.",
        TAKEN_BACK => "That was taken back already.",
        TOO_LATE => "That cannot be taken back any more.",
        0xc3 => "The amount is more than the terminal may take.",
        0xc8 => "The amount is less than the terminal may take.",
        0xcc => "The terminal's printer is not ready.",
        0xdc => "A card is still in the terminal.",
        _ => "The terminal declined.",
    }
}
