//! `outpost codes decode`: scanned strings in, one JSON object a line out.
//!
//! `symbology` is the AIM identifier as it was read, as in `]d2`, and `symbology_name` its name.
//! `epc_uri` is the pure identity; `epc_tag_uri` keeps scheme and filter. `price_minor` counts
//! hundredths: of (392n), of (393n) with `price_currency` as ISO 4217's digits, or of a number of
//! restricted circulation. An `error` has the stable code and the sentence of the till.

use anyhow::Context;
use clap::Subcommand;
use edge_domain::codes::coupon::{Coupon, Offer, PositiveOffer};
use edge_domain::codes::epc::Epc;
use edge_domain::codes::gs1::Elements;
use edge_domain::codes::restricted::{Inside, Restricted, Rules};
use edge_domain::codes::{CodeError, SCAN_BYTES_MAX, Scan, aim};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};

/// What is kept of a line: enough to see that it is too long, and what it was.
const LINE_BYTES_MAX: usize = 2 * SCAN_BYTES_MAX;

#[derive(Subcommand)]
pub(crate) enum CodesCommand {
    /// Read one scanned string a line from stdin, write one JSON object a line to stdout
    ///
    /// A string may have its AIM symbology identifier; FNC1 is ASCII 29, or element strings stand
    /// in brackets.
    Decode {
        /// The country (ISO 3166-1) whose scales print price or weight into their codes
        #[arg(long, value_name = "COUNTRY")]
        restricted: Option<Rules>,
    },
}

pub(crate) fn run(command: CodesCommand) -> anyhow::Result<()> {
    let CodesCommand::Decode { restricted } = command;
    let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match decode(BufReader::new(input), BufWriter::new(output), restricted.unwrap_or(Rules::OFF)) {
        // Whoever read has enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.context("the scanned strings"),
    }
}

/// Answers each line in order, and at once where nothing more is waiting.
fn decode(
    mut input: BufReader<impl Read>,
    mut output: impl Write,
    rules: Rules,
) -> std::io::Result<()> {
    let mut line = Vec::new();
    while next_line(&mut input, &mut line)? {
        serde_json::to_writer(&mut output, &answer(&line, rules))?;
        output.write_all(b"\n")?;
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()
}

/// Reads a line without its end, and no more of it than [`LINE_BYTES_MAX`]; false at the end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let mut begun = false;
    loop {
        let waiting = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            waiting => waiting?,
        };
        let end = waiting.iter().position(|byte| *byte == b'\n');
        let (piece, taken) = match end {
            Some(at) => (&waiting[..at], at + 1),
            None => (waiting, waiting.len()),
        };
        let room = LINE_BYTES_MAX.saturating_sub(line.len());
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        begun |= taken > 0;
        input.consume(taken);
        if end.is_some() || taken == 0 {
            line.pop_if(|byte| *byte == b'\r');
            return Ok(begun);
        }
    }
}

fn answer(line: &[u8], rules: Rules) -> Value {
    let mut out = Map::new();
    let Ok(text) = std::str::from_utf8(line) else {
        // Long lines are cut anywhere, perhaps inside a character.
        let error =
            if line.len() < LINE_BYTES_MAX { CodeError::Unreadable } else { CodeError::TooLong };
        out.insert("input".into(), String::from_utf8_lossy(line).into());
        return refused(out, &error);
    };
    out.insert("input".into(), text.into());
    if let (Some(symbology), _) = aim::split(text.trim_matches([' ', '\r', '\t'])) {
        out.insert("symbology".into(), format!("]{}", symbology.as_str()).into());
        out.insert("symbology_name".into(), symbology.name().into());
    }
    match Scan::read_with(text, rules) {
        Ok(scan) => tell(&mut out, scan),
        Err(error) => return refused(out, &error),
    }
    Value::Object(out)
}

fn refused(mut out: Map<String, Value>, error: &CodeError) -> Value {
    out.insert("kind".into(), "invalid".into());
    let error = json!({ "code": error.code(), "message": error.to_string() });
    out.insert("error".into(), error);
    Value::Object(out)
}

fn tell(out: &mut Map<String, Value>, scan: Scan) {
    let kind = match scan {
        Scan::Gtin(gtin) => {
            out.insert("gtin".into(), gtin.to_string().into());
            "gtin"
        }
        Scan::Gs1(elements) => {
            tell_elements(out, &elements);
            "gs1"
        }
        Scan::DigitalLink(elements) => {
            tell_elements(out, &elements);
            "digital_link"
        }
        Scan::Epc(epc) => {
            tell_epc(out, &epc);
            "epc"
        }
        Scan::Restricted(number) => {
            tell_restricted(out, &number);
            "restricted"
        }
        Scan::Coupon(coupon) => {
            tell_coupon(out, &coupon);
            "coupon"
        }
        Scan::Plain(_) => "plain",
    };
    out.insert("kind".into(), kind.into());
}

fn tell_elements(out: &mut Map<String, Value>, elements: &Elements) {
    let pairs = elements.pairs().map(|(ai, data)| json!([ai, data]));
    out.insert("ais".into(), pairs.collect());
    if let Some(gtin) = elements.gtin() {
        out.insert("gtin".into(), gtin.to_string().into());
    }
    if let Some(grams) = elements.weight_grams() {
        out.insert("weight_grams".into(), grams.into());
    }
    if let Some(minor) = elements.price_minor() {
        out.insert("price_minor".into(), minor.into());
        if let Some(currency) = elements.price_currency() {
            out.insert("price_currency".into(), currency.into());
        }
    }
}

fn tell_epc(out: &mut Map<String, Value>, epc: &Epc) {
    out.insert("epc_uri".into(), epc.identity_uri().into());
    out.insert("epc_tag_uri".into(), epc.tag_uri().into());
    if let Ok(elements) = epc.elements() {
        tell_elements(out, &elements);
    }
}

fn tell_restricted(out: &mut Map<String, Value>, number: &Restricted) {
    out.insert("gtin".into(), number.gtin.to_string().into());
    let Some(layout) = number.layout else { return };
    out.insert("item_reference".into(), layout.item_reference().into());
    out.insert("item_gtin".into(), layout.item_gtin.to_string().into());
    let (name, value) = match layout.inside {
        Inside::PriceMinor(minor) => ("price_minor", minor),
        Inside::Grams(grams) => ("weight_grams", grams),
        Inside::Pieces(pieces) => ("pieces", pieces),
    };
    out.insert(name.into(), value.into());
}

fn tell_coupon(out: &mut Map<String, Value>, coupon: &Coupon) {
    let elements = match coupon {
        Coupon::Number(gtin) => {
            out.insert("gtin".into(), gtin.to_string().into());
            return;
        }
        Coupon::Elements(elements) => elements,
    };
    tell_elements(out, elements);
    let offer = elements.get("8110").and_then(Offer::read).map(|offer| {
        json!({
            "company_prefix": offer.company,
            "offer_code": offer.offer,
            "save_value": offer.save_value,
            "save_code": offer.save_code,
            "purchases": offer.purchases.iter().map(|purchase| json!({
                "requirement": purchase.requirement,
                "code": purchase.code,
                "family": purchase.family,
                "company_prefix": purchase.company,
            })).collect::<Vec<_>>(),
            "rules": offer.rules,
            "starts": offer.starts,
            "expires": offer.expires,
            "serial": offer.serial,
            "retailer": offer.retailer,
            "may_multiply": offer.may_multiply,
        })
    });
    let positive = elements.get("8112").and_then(PositiveOffer::read).map(|offer| {
        json!({
            "format": offer.format,
            "funder": offer.funder,
            "offer_code": offer.offer,
            "serial": offer.serial,
        })
    });
    if let Some(offer) = offer.or(positive) {
        out.insert("coupon".into(), offer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(input: &[u8], rules: Rules) -> String {
        let mut output = Vec::new();
        decode(BufReader::with_capacity(16, input), &mut output, rules).unwrap();
        String::from_utf8(output).unwrap()
    }

    /// Each line of `decode.txt` answers as the same line of `decode.jsonl` says. After a wanted
    /// change, the left side of the failure is the new line.
    #[test]
    fn lines_answer_as_the_golden_file_says() {
        let input = include_str!("codes/decode.txt").replace("<GS>", "\u{1d}");
        let golden = include_str!("codes/decode.jsonl");
        let output = decoded(input.as_bytes(), Rules::of_country("DE").unwrap());
        assert_eq!(output.lines().count(), input.lines().count());
        for ((output, golden), input) in output.lines().zip(golden.lines()).zip(input.lines()) {
            assert_eq!(output, golden, "{input:?}");
        }
        assert_eq!(golden.lines().count(), input.lines().count());
    }

    #[test]
    fn any_bytes_are_answered_line_by_line() {
        let mut input = b"4006381333931\r\n\n\xff\xfe1\n".to_vec();
        input.extend(vec![b'9'; 1 << 20]);
        input.extend("\nä".repeat(2).as_bytes());
        input.extend("é".repeat(1 << 16).as_bytes());
        let output = decoded(&input, Rules::OFF);
        let answers: Vec<Value> =
            output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<&str> = answers
            .iter()
            .map(|answer| answer["error"]["code"].as_str().or(answer["kind"].as_str()).unwrap())
            .collect();
        assert_eq!(told, ["gtin", "empty", "unreadable", "too_long", "plain", "too_long"]);
        assert_eq!(answers[0]["input"], "4006381333931");
        assert!(answers[3]["input"].as_str().unwrap().len() <= LINE_BYTES_MAX);
        assert_eq!(decoded(b"", Rules::OFF), "");
        assert_eq!(decoded(b"A", Rules::OFF), "{\"input\":\"A\",\"kind\":\"plain\"}\n");
    }
}
