//! A receipt as an abstract layout: what it says and in which order, without columns, code pages
//! or languages. Words come in through [`Words`], so that the printer speaks the shop's language.

mod shift;

pub use shift::DrawerPhrase;

use crate::kitchen::Ticket;
use crate::money::Money;
use crate::order::Line;
use crate::payment::{Payment, Stored, Tender};
use crate::quantity::{Quantity, Unit};
use crate::sale::Sale;
use crate::slip::Slip;
use crate::tax::{TaxAmount, TaxRate};
use crate::time::StoreTime;

/// What a receipt needs to say, in the shop's language.
pub trait Words {
    /// An amount, as people here write it.
    fn money(&self, money: Money) -> String;
    /// A quantity, as people here write it.
    fn quantity(&self, quantity: Quantity) -> String;
    /// A moment, as people here write it, in the store's time zone.
    fn time(&self, at: StoreTime) -> String;
    /// A fixed phrase.
    fn phrase(&self, phrase: Phrase) -> String;
}

/// The fixed phrases of receipts and tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// Above what is to pay.
    Total,
    /// Cash was tendered.
    Cash,
    /// A card paid.
    Card,
    /// Something that the shop keeps for the customer paid.
    Stored(Stored),
    /// For the staff.
    Tip,
    /// What coins that do not exist changed.
    Rounding,
    /// Goods came back.
    Return,
    /// Why no tax was raised.
    Exempt(String),
    /// Points that the sale earned, or took back.
    Earned,
    /// What goes back.
    Change,
    /// "VAT 19 % on 10.00".
    Tax {
        /// The levy's code; empty for a line's first tax.
        code: String,
        /// The rate.
        rate: TaxRate,
        /// What was taxed.
        net: Money,
    },
    /// The receipt's number.
    Receipt(String),
    /// The order's number.
    Order(u32),
    /// A table.
    Table(String),
    /// "Thank you".
    Thanks,
    /// This is not the first paper.
    Copy,
    /// The kitchen may have this already.
    PossibleDuplicate,
    /// A printer test.
    Test,
    /// Something of a drawer.
    Drawer(DrawerPhrase),
}

impl Tender {
    /// What paper calls it.
    #[must_use]
    pub const fn phrase(&self) -> Phrase {
        match self {
            Self::Cash { .. } => Phrase::Cash,
            Self::Card { .. } => Phrase::Card,
            Self::Stored { kind, .. } => Phrase::Stored(*kind),
        }
    }
}

/// How a line of text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As the rest.
    Plain,
    /// Bold.
    Strong,
    /// Bold and double size.
    Huge,
}

/// One element of a layout, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// A centred line.
    Title(String, Weight),
    /// A line from the left.
    Text(String, Weight),
    /// One text at the left, one at the right.
    Row(String, String, Weight),
    /// A line across.
    Rule,
    /// A two-dimensional code (QR, ISO/IEC 18004).
    Qr(String),
}

/// What stands on one paper; the cut comes after it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Layout(pub Vec<Element>);

/// Who sells: the receipt's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    /// The store's name.
    pub name: String,
    /// Its address and tax numbers, a line each.
    pub lines: Vec<String>,
}

impl Layout {
    /// The receipt of a sale with its code and the customer's slips of the cards that paid it.
    /// `copy` says so on the paper.
    #[must_use]
    pub fn of_sale(
        sale: &Sale,
        slips: &[Slip],
        seller: &Seller,
        code: &str,
        copy: bool,
        words: &dyn Words,
    ) -> Self {
        let mut layout = Self::default();
        if copy {
            layout.push(Element::Title(words.phrase(Phrase::Copy), Weight::Strong));
        }
        layout.push(Element::Title(seller.name.clone(), Weight::Huge));
        for line in &seller.lines {
            layout.push(Element::Title(line.clone(), Weight::Plain));
        }
        layout.push(Element::Rule);
        for line in &sale.parts().lines {
            layout.line(line, words);
        }
        layout.push(Element::Rule);
        let gross = sale.totals().gross;
        let total = words.phrase(Phrase::Total);
        layout.push(Element::Row(total, words.money(gross), Weight::Huge));
        sale.parts().payments.iter().for_each(|payment| layout.payment(payment, words));
        sale.totals().taxes.iter().for_each(|tax| layout.tax(tax, words));
        if let Some(reason) = &sale.parts().about.exempt {
            layout.push(Element::Text(words.phrase(Phrase::Exempt(reason.clone())), Weight::Plain));
        }
        if let Some(earned) = sale.parts().about.earned {
            let text = words.phrase(Phrase::Earned);
            layout.push(Element::Row(text, words.money(earned), Weight::Plain));
        }
        layout.push(Element::Rule);
        let number = sale.parts().receipt.to_string();
        layout.push(Element::Text(words.phrase(Phrase::Receipt(number)), Weight::Plain));
        layout.push(Element::Text(words.time(sale.parts().at), Weight::Plain));
        for (name, value) in &sale.parts().about.fiscal {
            layout.push(Element::Text(format!("{name}: {value}"), Weight::Plain));
        }
        for slip in slips {
            layout.push(Element::Rule);
            layout.slip(slip);
        }
        layout.push(Element::Qr(code.to_owned()));
        layout.push(Element::Title(words.phrase(Phrase::Thanks), Weight::Plain));
        layout
    }

    /// A kitchen ticket on paper. `repeated` warns that the kitchen may have it already.
    #[must_use]
    pub fn of_ticket(ticket: &Ticket, repeated: bool, words: &dyn Words) -> Self {
        let mut layout = Self::default();
        if repeated {
            layout.push(Element::Title(words.phrase(Phrase::PossibleDuplicate), Weight::Strong));
        }
        let head = match &ticket.table {
            Some(table) => words.phrase(Phrase::Table(table.clone())),
            None => words.phrase(Phrase::Order(ticket.order_number)),
        };
        layout.push(Element::Title(head, Weight::Huge));
        layout.push(Element::Text(words.time(ticket.fired_at), Weight::Plain));
        layout.push(Element::Rule);
        for line in &ticket.lines {
            let text = format!("{} x {}", words.quantity(line.quantity), line.name);
            layout.push(Element::Text(text, Weight::Huge));
            for choice in line.modifiers.iter().chain(&line.note) {
                layout.push(Element::Text(format!("  + {choice}"), Weight::Strong));
            }
        }
        layout
    }

    /// Slips of a card terminal on a paper of their own. `copy` says so on it.
    #[must_use]
    pub fn of_slips(slips: &[Slip], copy: bool, words: &dyn Words) -> Self {
        let mut layout = Self::default();
        if copy {
            layout.push(Element::Title(words.phrase(Phrase::Copy), Weight::Strong));
        }
        for (place, slip) in slips.iter().enumerate() {
            if place > 0 {
                layout.push(Element::Rule);
            }
            layout.slip(slip);
        }
        layout
    }

    /// A page that shows that a printer prints.
    #[must_use]
    pub fn of_test(device: &str, at: StoreTime, words: &dyn Words) -> Self {
        Self(vec![
            Element::Title(words.phrase(Phrase::Test), Weight::Huge),
            Element::Text(device.to_owned(), Weight::Plain),
            Element::Text(words.time(at), Weight::Plain),
        ])
    }

    /// The layout as text of `columns`, for screens and for people without a printer.
    #[must_use]
    pub fn as_text(&self, columns: usize) -> String {
        let mut text = String::new();
        for element in &self.0 {
            match element {
                Element::Title(title, _) => {
                    let pad = columns.saturating_sub(title.chars().count()) / 2;
                    text.push_str(&format!("{:pad$}{title}\n", ""));
                }
                Element::Text(line, _) => text.push_str(&format!("{line}\n")),
                Element::Row(left, right, _) => {
                    let used = left.chars().count() + right.chars().count();
                    let pad = columns.saturating_sub(used).max(1);
                    text.push_str(&format!("{left}{:pad$}{right}\n", ""));
                }
                Element::Rule => text.push_str(&format!("{}\n", "-".repeat(columns))),
                Element::Qr(data) => text.push_str(&format!("[{data}]\n")),
            }
        }
        text
    }

    fn push(&mut self, element: Element) {
        self.0.push(element);
    }

    fn line(&mut self, line: &Line, words: &dyn Words) {
        let full = line.full().map(|full| words.money(full)).unwrap_or_default();
        let name = match line.is_return() {
            true => format!("{}: {}", words.phrase(Phrase::Return), line.name),
            false => line.name.clone(),
        };
        self.push(Element::Row(name, full, Weight::Plain));
        if line.quantity != Quantity::ONE || line.unit != Unit::Each {
            let unit = match line.unit {
                Unit::Each => String::new(),
                measured => format!(" {}", measured.as_str()),
            };
            let (quantity, each) = (words.quantity(line.quantity), words.money(line.unit_price));
            self.push(Element::Text(format!("  {quantity}{unit} x {each}"), Weight::Plain));
        }
        for choice in &line.modifiers {
            let price =
                if choice.price.is_zero() { String::new() } else { words.money(choice.price) };
            self.push(Element::Text(format!("  + {} {price}", choice.name), Weight::Plain));
        }
        for part in &line.more.adjustments {
            let (label, amount) = (format!("  {}", part.label), words.money(part.amount));
            self.push(Element::Row(label, amount, Weight::Plain));
        }
        for serial in &line.more.serials {
            self.push(Element::Text(format!("  {serial}"), Weight::Plain));
        }
    }

    fn slip(&mut self, slip: &Slip) {
        self.0.extend(slip.lines().iter().map(|line| match line.centred {
            true => Element::Title(line.text.clone(), line.weight),
            false => Element::Text(line.text.clone(), line.weight),
        }));
    }

    fn payment(&mut self, payment: &Payment, words: &dyn Words) {
        let phrase = payment.tender.phrase();
        let mut row = |phrase, amount: Money, weight| {
            if !amount.is_zero() {
                self.push(Element::Row(words.phrase(phrase), words.money(amount), weight));
            }
        };
        row(Phrase::Rounding, payment.rounding, Weight::Plain);
        row(phrase, payment.tender.tendered(), Weight::Plain);
        row(Phrase::Tip, payment.tip, Weight::Plain);
        row(Phrase::Change, payment.change, Weight::Strong);
    }

    fn tax(&mut self, tax: &TaxAmount, words: &dyn Words) {
        let phrase =
            words.phrase(Phrase::Tax { code: tax.code.clone(), rate: tax.rate, net: tax.net });
        self.push(Element::Row(phrase, words.money(tax.tax), Weight::Plain));
    }
}
