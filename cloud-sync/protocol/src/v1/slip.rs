//! Slips of card terminals, v1. A plain line is its text alone.

use super::order::{ShapeError, broken};
use edge_domain::ids::SettlementId;
use edge_domain::item::TerminalId;
use edge_domain::receipt::Weight;
use edge_domain::slip::{SLIPS_MAX, Slip, SlipKind, SlipLine, SlipOf, SlipsGiven};
use edge_domain::{PaymentId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const WEIGHTS: [(Weight, &str); 3] =
    [(Weight::Plain, "plain"), (Weight::Strong, "strong"), (Weight::Huge, "huge")];

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum LineV1 {
    Plain(String),
    Styled {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        centred: bool,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct SlipV1 {
    kind: String,
    lines: Vec<LineV1>,
}

/// A card terminal gave slips: of a `payment` or of a `settlement`.
#[derive(Debug, Serialize, Deserialize)]
pub struct SlipsGivenV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settlement: Option<Uuid>,
    terminal: String,
    slips: Vec<SlipV1>,
    at: i64,
}

impl From<&SlipLine> for LineV1 {
    fn from(line: &SlipLine) -> Self {
        let text = line.text.clone();
        let name = WEIGHTS.iter().find(|(weight, _)| *weight == line.weight);
        let weight = name.filter(|(weight, _)| *weight != Weight::Plain);
        let weight = weight.map(|(_, name)| (*name).to_owned());
        match (weight, line.centred) {
            (None, false) => Self::Plain(text),
            (weight, centred) => Self::Styled { text, weight, centred },
        }
    }
}

impl TryFrom<LineV1> for SlipLine {
    type Error = ShapeError;

    fn try_from(shape: LineV1) -> Result<Self, ShapeError> {
        let (text, weight, centred) = match shape {
            LineV1::Plain(text) => (text, None, false),
            LineV1::Styled { text, weight, centred } => (text, weight, centred),
        };
        let weight = match weight {
            None => Weight::Plain,
            Some(name) => {
                let known = WEIGHTS.iter().find(|(_, known)| *known == name);
                known.ok_or_else(|| broken(format!("unknown weight {name:?}")))?.0
            }
        };
        Ok(Self { text, weight, centred })
    }
}

impl From<&SlipsGiven> for SlipsGivenV1 {
    fn from(fact: &SlipsGiven) -> Self {
        let slip = |slip: &Slip| SlipV1 {
            kind: slip.kind().as_str().to_owned(),
            lines: slip.lines().iter().map(LineV1::from).collect(),
        };
        let (payment, settlement) = match fact.of {
            SlipOf::Payment(id) => (Some(id.uuid()), None),
            SlipOf::Settlement(id) => (None, Some(id.uuid())),
        };
        Self {
            payment,
            settlement,
            terminal: fact.terminal.to_string(),
            slips: fact.slips.iter().map(slip).collect(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<SlipsGivenV1> for SlipsGiven {
    type Error = ShapeError;

    fn try_from(shape: SlipsGivenV1) -> Result<Self, ShapeError> {
        let of = match (shape.payment, shape.settlement) {
            (Some(id), None) => SlipOf::Payment(PaymentId::new(id)),
            (None, Some(id)) => SlipOf::Settlement(SettlementId::new(id)),
            _ => return Err(broken("slips belong to a payment or to a settlement")),
        };
        if shape.slips.is_empty() || shape.slips.len() > SLIPS_MAX {
            return Err(broken(format!("from 1 to {SLIPS_MAX} slips are given at once")));
        }
        let slip = |shape: SlipV1| {
            let kind = SlipKind::from_name(&shape.kind);
            let kind = kind.ok_or_else(|| broken(format!("unknown slip {:?}", shape.kind)))?;
            let lines = shape.lines.into_iter().map(SlipLine::try_from);
            Slip::new(kind, lines.collect::<Result<_, _>>()?).map_err(broken)
        };
        Ok(Self {
            of,
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            slips: shape.slips.into_iter().map(slip).collect::<Result<_, ShapeError>>()?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{Read, read, write};

    /// Slips as they were first written. Frozen: if this fails, the shape was changed instead of
    /// being given a new version.
    const FROZEN: &str = r#"{"payment":"01900000-0000-7000-8000-000000000003","terminal":"T1","slips":[{"kind":"customer","lines":[{"text":"KUNDENBELEG","weight":"strong","centred":true},"TA-Nr. 000001","",{"text":"EUR 12,50","weight":"huge"}]}],"at":1700000000000}"#;

    #[test]
    fn the_first_slips_still_read_and_write() {
        let Ok(Read::Known(fact)) = read("slips_given", 1, FROZEN.as_bytes()) else {
            panic!("the frozen slips read")
        };
        assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), FROZEN);
    }

    #[test]
    fn what_breaks_a_rule_is_named() {
        let error = |from: &str, to: &str| {
            let forged = FROZEN.replace(from, to);
            read("slips_given", 1, forged.as_bytes()).unwrap_err().to_string()
        };
        assert!(error("TA-Nr. 000001", "4716 1234 5678 9013").contains("may be a card's"));
        assert!(error("\"payment\"", "\"nothing\"").contains("a payment or to a settlement"));
        assert!(error("customer", "passer-by").contains("unknown slip"));
        assert!(error("strong", "loud").contains("unknown weight"));
    }
}
