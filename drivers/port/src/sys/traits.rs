//! What the kernel says about a device, read without touching the device.

/// Whether these capabilities (`capabilities/key`: hexadecimal words, the lowest last) are a
/// keyboard's or a typing scanner's: it has digits and an Enter key. A power button has not.
#[must_use]
pub fn is_keyboard(capabilities: &str) -> bool {
    let words: Option<Vec<u64>> =
        capabilities.split_whitespace().map(|word| u64::from_str_radix(word, 16).ok()).collect();
    let Some(words) = words else { return false };
    let has = |key: usize| {
        words.iter().rev().nth(key / 64).is_some_and(|word| word >> (key % 64) & 1 == 1)
    };
    // KEY_1 to KEY_0, KEY_ENTER (input-event-codes.h).
    (2..=11).all(has) && has(28)
}

/// Whether a report descriptor begins as one of the bar code scanner's usage page, 0x8C, does
/// (HID Point of Sale Usage Tables 1.02, section 4).
#[must_use]
pub fn is_bar_code_scanner(descriptor: &[u8]) -> bool {
    matches!(descriptor, [0x05, 0x8c, ..] | [0x06, 0x8c, 0x00, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_types_and_a_power_button_does_not() {
        // A common wired keyboard's, and a power button's.
        assert!(is_keyboard("1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"));
        assert!(!is_keyboard("8000 10000000000000 0"));
        assert!(!is_keyboard(""));
        assert!(!is_keyboard("x"));
        assert!(is_bar_code_scanner(&[0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01]));
        assert!(!is_bar_code_scanner(&[0x05, 0x01, 0x09, 0x06]));
    }
}
