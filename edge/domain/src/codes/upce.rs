//! UPC-E: a UPC-A whose zeros are left out (GS1 General Specifications, section 5.2.2.4.2).

use super::gtin::{Gtin, check_digit};

/// Expands a UPC-E to its GTIN-12: six digits (number system 0), seven (a number system of 0 or 1
/// before them) or eight (a check digit after them, which must check).
#[must_use]
pub fn expand(digits: &str) -> Option<Gtin> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (system, six, check) = match digits.len() {
        6 => ("0", digits, None),
        7 => (&digits[..1], &digits[1..], None),
        8 => (&digits[..1], &digits[1..7], Some(&digits[7..])),
        _ => return None,
    };
    if !matches!(system, "0" | "1") {
        return None;
    }
    let (head, last) = six.split_at(5);
    let (maker, zeros, item) = match last {
        "0" | "1" | "2" => (&head[..2], 4, &head[2..]),
        "3" => (&head[..3], 5, &head[3..]),
        "4" => (&head[..4], 5, &head[4..]),
        _ => (head, 4, last),
    };
    let middle = if matches!(last, "0" | "1" | "2") { last } else { "" };
    let body: u64 = format!("{system}{maker}{middle}{:0<zeros$}{item}", "").parse().ok()?;
    let right = check.is_none_or(|check| check.parse() == Ok(check_digit(body)));
    if right { Gtin::from_body(body) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_zeros_expands() {
        // The first is an everyday example; the oracle asks for thousands of others.
        for (short, long) in [
            ("04252614", "042100005264"),
            ("4252614", ""),
            ("425261", "042100005264"),
            ("0425261", "042100005264"),
            ("01234505", "012000003455"),
            ("01234514", "012100003454"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234558", "012345000058"),
            ("01234565", "012345000065"),
            ("11234562", "112345000062"),
        ] {
            let expanded = expand(short).map(|gtin| gtin.to_string());
            let long = (!long.is_empty()).then(|| format!("00{long}"));
            assert_eq!(expanded, long, "{short}");
        }
        for wrong in ["04252615", "24252614", "", "12345", "123456789", "12345a", "é2345"] {
            assert_eq!(expand(wrong), None, "{wrong}");
        }
    }
}
