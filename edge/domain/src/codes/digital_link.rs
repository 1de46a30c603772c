//! GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax, release 1.6): element strings in
//! the path and query of a web address, whosever host it is.
//!
//! Identifiers are numeric: the words of the first releases (`/gtin/`, `/lot/`) are withdrawn,
//! and an address with them is an address like any other, as are compressed links. Where a path
//! could be read in two ways, the key nearest to its end holds. In the query, keys that are no
//! identifiers are other people's and are left out.

use super::gs1::{self, Elements, Gs1Error, QueryKey};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What breaks a Digital Link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigitalLinkError {
    /// A percent sign without two hexadecimal digits, or bytes that are no text.
    #[error("the web address holds a broken percent sequence")]
    Escape,
    /// A path that goes on after its key with what cannot stand there, or in a wrong order.
    #[error("({0}) cannot stand there in the path of a web address")]
    Qualifier(String),
    /// An identifier in the query that belongs in the path.
    #[error("({0}) cannot stand in the query of a web address")]
    NotAnAttribute(String),
    /// No element that could begin a path.
    #[error("none of the elements is a key that a web address can begin with")]
    NoKey,
    /// The elements themselves.
    #[error(transparent)]
    Gs1(#[from] Gs1Error),
}

impl DigitalLinkError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Escape => "link_bad_escape",
            Self::Qualifier(_) => "link_bad_path",
            Self::NotAnAttribute(_) => "link_not_an_attribute",
            Self::NoKey => "link_no_key",
            Self::Gs1(error) => error.code(),
        }
    }
}

/// Reads a web address; `None` if it is none, or holds no key.
///
/// # Errors
/// See [`DigitalLinkError`].
pub fn parse(uri: &str) -> Result<Option<Elements>, DigitalLinkError> {
    let Some((path, query)) = path_and_query(uri) else { return Ok(None) };
    let Some((key, path)) = from_key(path) else { return Ok(None) };
    let mut elements = Elements::with_room(uri.len());
    let mut qualifiers = [0; QUALIFIERS_MAX];
    let mut count = 0;
    let (value, mut rest) = cut(path, b'/');
    elements.push(key, &pad(key, decode(value)?))?;
    while !rest.is_empty() {
        let (name, after) = cut(rest, b'/');
        let (value, next) = cut(after, b'/');
        rest = next;
        let wrong = || DigitalLinkError::Qualifier(name.to_owned());
        let place = gs1::whole_place(name).ok_or_else(wrong)?;
        *qualifiers.get_mut(count).ok_or_else(wrong)? = place;
        count += 1;
        if !gs1::qualify(key, &qualifiers[..count]) {
            return Err(wrong());
        }
        elements.push(place, &decode(value)?)?;
    }
    for part in query.split(['&', ';']).filter(|part| !part.is_empty()) {
        let (name, value) = cut(part, b'=');
        match gs1::query_key(name) {
            // A bare plus sign is a space there, which no element holds.
            QueryKey::Attribute(place) if value.contains('+') => {
                elements.push(place, &decode(&value.replace('+', " "))?)?;
            }
            QueryKey::Attribute(place) => elements.push(place, &decode(value)?)?,
            QueryKey::Misplaced => return Err(DigitalLinkError::NotAnAttribute(name.to_owned())),
            QueryKey::Foreign => {}
        }
    }
    Ok(Some(elements.check_pairs()?))
}

/// No key has more qualifiers in one path.
const QUALIFIERS_MAX: usize = 4;

/// The last key of a path, and the path behind it; the key stands an even number of segments before the end.
fn from_key(path: &str) -> Option<(u16, &str)> {
    let path = path.trim_end_matches('/');
    let mut rest = path;
    loop {
        let value = rest.rfind('/')?;
        let name = rest[..value].rfind('/')?;
        if let Some(key) = gs1::link_key(&rest[name + 1..value]) {
            return Some((key, &path[value + 1..]));
        }
        rest = &rest[..name];
    }
}

/// Splits an address of the web, without its fragment.
fn path_and_query(uri: &str) -> Option<(&str, &str)> {
    let scheme = |name: &str| {
        uri.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)).map(str::len)
    };
    let rest = &uri[scheme("https://").or_else(|| scheme("http://"))?..];
    let rest = if rest.as_bytes().contains(&b'#') { cut(rest, b'#').0 } else { rest };
    let (place, query) = cut(rest, b'?');
    let slash = place.find('/').filter(|at| *at > 0)?;
    Some((&place[slash..], query))
}

/// What stands before an ASCII mark, and what behind it; scans are short, so that a plain walk
/// is quicker than a searcher.
fn cut(text: &str, mark: u8) -> (&str, &str) {
    match text.bytes().position(|byte| byte == mark) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// Trade item numbers of 8, 12 and 13 digits were once allowed bare.
fn pad(key: u16, value: Cow<'_, str>) -> Cow<'_, str> {
    let short = matches!(value.len(), 8 | 12 | 13) && gs1::digits(value.as_bytes());
    if short && gs1::whole_place("01") == Some(key) {
        return format!("{value:0>14}").into();
    }
    value
}

/// RFC 3986, section 2.1.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, DigitalLinkError> {
    let Some(first) = text.find('%') else { return Ok(Cow::Borrowed(text)) };
    let (head, tail) = text.split_at(first);
    let mut bytes = head.as_bytes().to_vec();
    for part in tail.split('%').skip(1) {
        let (code, rest) = part.split_at_checked(2).ok_or(DigitalLinkError::Escape)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(DigitalLinkError::Escape);
        }
        bytes.push(u8::from_str_radix(code, 16).map_err(|_| DigitalLinkError::Escape)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| DigitalLinkError::Escape)
}

/// Writes elements as a link below `stem`, as in `https://id.gs1.org`: the first primary key and
/// what qualifies it in the path, the rest in the query by number, as canonical links have it.
///
/// # Errors
/// [`DigitalLinkError::NoKey`], [`DigitalLinkError::NotAnAttribute`].
pub fn build(stem: &str, elements: &Elements) -> Result<String, DigitalLinkError> {
    let places = elements.link_path().ok_or(DigitalLinkError::NoKey)?;
    let pairs: Vec<(&str, &str)> = elements.pairs().collect();
    let mut uri = stem.trim_end_matches('/').to_owned();
    for (ai, data) in places.iter().filter_map(|place| pairs.get(*place)) {
        let _ = write!(uri, "/{ai}/");
        encode(&mut uri, data);
    }
    let rest = (0..).zip(&pairs).filter(|(place, _)| !places.contains(place));
    let mut rest: Vec<(&str, &str)> = rest.map(|(_, pair)| *pair).collect();
    rest.sort_unstable();
    for ((ai, data), mark) in rest.iter().zip(std::iter::once('?').chain(std::iter::repeat('&'))) {
        if !matches!(gs1::query_key(ai), QueryKey::Attribute(_)) {
            return Err(DigitalLinkError::NotAnAttribute((*ai).to_owned()));
        }
        let _ = write!(uri, "{mark}{ai}=");
        encode(&mut uri, data);
    }
    Ok(uri)
}

/// All but the unreserved characters (RFC 3986, section 2.3).
fn encode(uri: &mut String, data: &str) {
    for byte in data.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            // Writing to a string does not fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(uri: &str) -> String {
        match parse(uri) {
            Ok(Some(elements)) => elements.to_string(),
            Ok(None) => "no link".into(),
            Err(error) => error.code().into(),
        }
    }

    #[test]
    fn links_read_as_their_elements() {
        let cases = [
            ("https://id.gs1.org/01/09506000134352", "(01)09506000134352"),
            ("HTTP://Shop.Example/a/b/01/9506000134352/", "(01)09506000134352"),
            ("https://x.de/01/614141123452", "(01)00614141123452"),
            (
                "https://x.de/01/09506000134352/22/2A/10/A%2FB/21/12?17=271231&3103=000195&utm=1#top",
                "(01)09506000134352(22)2A(10)A/B(21)12(17)271231(3103)000195",
            ),
            ("https://x.de/01/09506000134352?21=S", "link_not_an_attribute"),
            ("https://x.de/01/09506000134352?10=L", "(01)09506000134352(10)L"),
            ("https://x.de/00/106141412345678908?02=00614141123452&37=25&4300=A+B", "gs1_bad_data"),
            ("https://x.de/414/9506000134352/254/32a%26b", "(414)9506000134352(254)32a&b"),
            ("https://x.de/8003/09506000134352ABC", "(8003)09506000134352ABC"),
            ("https://x.de/253/9506000134352X?9999=1&=&&17", "gs1_bad_data"),
            ("https://x.de/00/11/01/09506000134352", "(01)09506000134352"),
            ("https://x.de/01/09506000134352/21/1/10/2", "link_bad_path"),
            ("https://x.de/01/09506000134352/235/T/10/2", "link_bad_path"),
            ("https://x.de/01/09506000134353", "gs1_check_digit"),
            ("https://x.de/01/09506000134352/10/%4", "link_bad_escape"),
            ("https://x.de/01/09506000134352/10/%+4", "link_bad_escape"),
            ("https://x.de/01/09506000134352/10/%FF", "link_bad_escape"),
            ("https://x.de/01/09506000134352?3103=1", "gs1_bad_data"),
            ("https://x.de/gtin/09506000134352", "no link"),
            ("https://x.de/", "no link"),
            ("https://x.de", "no link"),
            ("https:///01/09506000134352", "no link"),
            ("ftp://x.de/01/09506000134352", "no link"),
        ];
        for (uri, expected) in cases {
            assert_eq!(read(uri), expected, "{uri}");
        }
    }

    #[test]
    fn elements_write_as_canonical_links() {
        let link = |text| build("https://id.gs1.org/", &gs1::parse_bracketed(text).unwrap());
        assert_eq!(
            link("(3103)000195(01)09506000134352(17)271231(21)S(10)A/B").as_deref(),
            Ok("https://id.gs1.org/01/09506000134352/10/A%2FB/21/S?17=271231&3103=000195")
        );
        assert_eq!(
            link("(01)09506000134352(235)T").as_deref(),
            Ok("https://id.gs1.org/01/09506000134352/235/T")
        );
        assert_eq!(link("(90)x"), Err(DigitalLinkError::NoKey));
        let serial_of_a_price = link("(8020)R(415)9506000134352(3900)12");
        assert!(serial_of_a_price.is_ok_and(|uri| uri.ends_with("/8020/R?3900=12")));
    }

    proptest! {
        #[test]
        fn links_come_back(
            lot in "[!\"%&'*+,./0-9:;=?A-Z_a-z-]{1,20}",
            serial in "[!%&*+,./:;<=>?A-Z_a-z0-9-]{1,20}",
        ) {
            let text = format!("(01)09506000134352(10){lot}(21){serial}(17)271231");
            let elements = gs1::parse_bracketed(&text).unwrap();
            prop_assert_eq!(elements.pairs().len(), 4);
            let uri = build("https://x.de/a", &elements).unwrap();
            prop_assert_eq!(parse(&uri), Ok(Some(elements)));
        }

        #[test]
        fn never_panics(tail in "\\PC{0,40}|(/[0-9]{2}/[%0-9A-F+é]{0,9}){0,4}\\?([0-9]{2}=[%0-9]{0,4}&)*") {
            let _ = parse(&format!("https://x{tail}"));
            let _ = parse(&tail);
        }
    }
}
