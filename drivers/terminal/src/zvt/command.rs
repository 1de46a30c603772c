//! What the store says to a terminal (PA00P015, chapter 2).

use super::apdu::Apdu;
use super::fields::to_bcd;
use drivers_contract::uri::ZvtPassword;

/// 06 00, registration.
pub const REGISTRATION: [u8; 2] = [0x06, 0x00];
/// 06 01, authorisation.
pub const AUTHORISATION: [u8; 2] = [0x06, 0x01];
/// 06 20, repeat receipt.
pub const REPEAT_RECEIPT: [u8; 2] = [0x06, 0x20];
/// 06 30, reversal.
pub const REVERSAL: [u8; 2] = [0x06, 0x30];
/// 06 31, refund.
pub const REFUND: [u8; 2] = [0x06, 0x31];
/// 06 50, end of day.
pub const END_OF_DAY: [u8; 2] = [0x06, 0x50];
/// 06 B0, abort from the till.
pub const GIVE_UP: [u8; 2] = [0x06, 0xb0];
/// 05 01, status enquiry.
pub const STATUS_ENQUIRY: [u8; 2] = [0x05, 0x01];
/// 04 0F, status information.
pub const STATUS: [u8; 2] = [0x04, 0x0f];
/// 04 FF, intermediate status.
pub const INTERMEDIATE: [u8; 2] = [0x04, 0xff];
/// 06 0F, completion.
pub const COMPLETION: [u8; 2] = [0x06, 0x0f];
/// 06 1E, abort from the terminal.
pub const ABORT: [u8; 2] = [0x06, 0x1e];
/// 06 D1, print a line.
pub const PRINT_LINE: [u8; 2] = [0x06, 0xd1];
/// 06 D3, print a block of text.
pub const PRINT_BLOCK: [u8; 2] = [0x06, 0xd3];

/// The till takes receipts of payments (02) and of the terminal's own matters (04), which the
/// terminal writes (80), hears how far a payment is (08), and alone starts payments (10). The receipts come
/// here because a repeated one, which is how the last payment is looked up, would otherwise be
/// printed before every payment.
const CONFIGURATION: u8 = 0x9e;

/// The numbers of currencies that ZVT terminals take (ISO 4217).
#[must_use]
pub fn currency_number(code: &str) -> Option<u16> {
    Some(match code {
        "EUR" => 978,
        "CHF" => 756,
        "GBP" => 826,
        "USD" => 840,
        "DKK" => 208,
        "NOK" => 578,
        "SEK" => 752,
        "PLN" => 985,
        "CZK" => 203,
        "HUF" => 348,
        _ => return None,
    })
}

fn secret(password: &ZvtPassword) -> [u8; 3] {
    let [a, b, c, d, e, f] = password.0;
    [a << 4 | b, c << 4 | d, e << 4 | f]
}

/// A container with the list of commands (26) that the till takes (0A): 06 D3. A terminal that
/// does not read it prints line by line.
const TAKES_BLOCKS: [u8; 8] = [0x06, 0x06, 0x26, 0x04, 0x0a, 0x02, 0x06, 0xd3];

/// Registers the till.
#[must_use]
pub fn registration(password: &ZvtPassword, currency: u16) -> Apdu {
    let mut data = secret(password).to_vec();
    data.push(CONFIGURATION);
    data.extend(to_bcd::<2>(currency.into()));
    data.extend(TAKES_BLOCKS);
    Apdu::new(REGISTRATION, data)
}

/// Takes an amount of minor units, or gives one back.
#[must_use]
pub fn payment(password: &ZvtPassword, amount_minor: i64, currency: u16) -> Apdu {
    let mut data = Vec::new();
    if amount_minor < 0 {
        data.extend(secret(password));
    }
    data.push(0x04);
    data.extend(to_bcd::<6>(amount_minor.unsigned_abs()));
    data.push(0x49);
    data.extend(to_bcd::<2>(currency.into()));
    Apdu::new(if amount_minor < 0 { REFUND } else { AUTHORISATION }, data)
}

/// Takes a payment back by its receipt's number.
#[must_use]
pub fn reversal(password: &ZvtPassword, receipt: u16) -> Apdu {
    let mut data = secret(password).to_vec();
    data.push(0x87);
    data.extend(to_bcd::<2>(receipt.into()));
    Apdu::new(REVERSAL, data)
}

/// Sends the day's payments to the operator.
#[must_use]
pub fn end_of_day(password: &ZvtPassword) -> Apdu {
    Apdu::new(END_OF_DAY, secret(password).to_vec())
}

/// What was the last payment?
#[must_use]
pub fn repeat_receipt(password: &ZvtPassword) -> Apdu {
    Apdu::new(REPEAT_RECEIPT, secret(password).to_vec())
}

/// How are you?
#[must_use]
pub fn status_enquiry(password: &ZvtPassword) -> Apdu {
    Apdu::new(STATUS_ENQUIRY, secret(password).to_vec())
}

/// Stop waiting for the card.
#[must_use]
pub fn give_up() -> Apdu {
    Apdu::new(GIVE_UP, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a till and a terminal were seen to speak (EVerest/zvt, Apache-2.0: `zvt/data`), but for
    /// the configuration byte and, as Portalum.Zvt (MIT) registers, the container.
    #[test]
    fn what_is_said_is_what_was_seen_on_the_wire() {
        let password = ZvtPassword([1, 2, 3, 4, 5, 6]);
        let seen = [0x06, 0x00, 0x0e, 0x12, 0x34, 0x56, CONFIGURATION, 0x09, 0x78];
        assert_eq!(registration(&password, 978).encode(), [&seen[..], &TAKES_BLOCKS].concat());
        assert_eq!(end_of_day(&password).encode(), [0x06, 0x50, 0x03, 0x12, 0x34, 0x56]);
        let payment = payment(&password, 12_345, 978).encode();
        assert_eq!(payment, [6, 1, 10, 4, 0, 0, 0, 1, 0x23, 0x45, 0x49, 9, 0x78]);
        let refund = super::payment(&password, -5, 978).encode();
        assert_eq!(refund[..6], [0x06, 0x31, 13, 0x12, 0x34, 0x56]);
    }
}
