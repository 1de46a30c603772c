//! A drawer on paper: the Z report, and the slip of a drawer that opened without a sale.

use super::{Element, Layout, Phrase, Seller, Weight, Words};
use crate::money::{Money, MoneyError};
use crate::shift::{ShiftClosed, ShiftOpened};
use crate::time::StoreTime;

/// The fixed phrases of a drawer's papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawerPhrase {
    /// "Z report".
    Z,
    /// "From".
    From,
    /// "To".
    To,
    /// "Counted by".
    By,
    /// "Receipts".
    Receipts,
    /// "Gross".
    Gross,
    /// "Net".
    Net,
    /// "Returns".
    Returned,
    /// "Discounts".
    Discounts,
    /// "Promotions".
    Promotions,
    /// "Part payments".
    Deposits,
    /// "Tips".
    Tips,
    /// "Float".
    Float,
    /// "Paid in".
    PayIn,
    /// "Paid out".
    PayOut,
    /// "Expected in the drawer".
    Expected,
    /// "Counted".
    Counted,
    /// "Over / short".
    OverShort,
    /// "Opened without a sale".
    NoSale,
}

impl DrawerPhrase {
    /// The text's name in the files of texts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Z => "drawer-z",
            Self::From => "drawer-from",
            Self::To => "drawer-to",
            Self::By => "drawer-by",
            Self::Receipts => "drawer-receipts",
            Self::Gross => "drawer-gross",
            Self::Net => "drawer-net",
            Self::Returned => "drawer-returned",
            Self::Discounts => "drawer-discounts",
            Self::Promotions => "drawer-promotions",
            Self::Deposits => "drawer-deposits",
            Self::Tips => "drawer-tips",
            Self::Float => "drawer-float",
            Self::PayIn => "drawer-pay-in",
            Self::PayOut => "drawer-pay-out",
            Self::Expected => "drawer-expected",
            Self::Counted => "drawer-counted",
            Self::OverShort => "drawer-over-short",
            Self::NoSale => "drawer-no-sale",
        }
    }
}

impl Layout {
    /// The Z report of a shift.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn of_shift(
        opened: &ShiftOpened,
        closed: &ShiftClosed,
        seller: &Seller,
        words: &dyn Words,
    ) -> Result<Self, MoneyError> {
        let say = |phrase| words.phrase(Phrase::Drawer(phrase));
        let totals = &closed.totals;
        let mut layout = Self::default();
        layout.push(Element::Title(seller.name.clone(), Weight::Strong));
        let title = format!("{} {}-{:04}", say(DrawerPhrase::Z), closed.terminal, closed.number);
        layout.push(Element::Title(title, Weight::Huge));
        layout.row(say(DrawerPhrase::From), words.time(opened.at));
        layout.row(say(DrawerPhrase::To), words.time(closed.at));
        if let Some(by) = &closed.by {
            layout.row(say(DrawerPhrase::By), by.clone());
        }
        layout.push(Element::Rule);
        let numbers = totals.receipts.map_or(String::new(), |(a, b)| format!(" ({a} - {b})"));
        layout.row(say(DrawerPhrase::Receipts), format!("{}{numbers}", totals.sales));
        layout.row(say(DrawerPhrase::Gross), words.money(totals.gross));
        for ((code, rate), (net, tax)) in &totals.taxes {
            let phrase = Phrase::Tax { code: code.clone(), rate: *rate, net: *net };
            layout.row(words.phrase(phrase), words.money(*tax));
        }
        layout.row(say(DrawerPhrase::Net), words.money(totals.net));
        let deposits = totals.deposits_taken.minus(totals.deposits_used)?;
        for (phrase, amount) in [
            (DrawerPhrase::Returned, totals.returned),
            (DrawerPhrase::Discounts, totals.discounts),
            (DrawerPhrase::Promotions, totals.promotions),
            (DrawerPhrase::Deposits, deposits),
            (DrawerPhrase::Tips, totals.tips),
        ] {
            layout.some(say(phrase), amount, words);
        }
        layout.push(Element::Rule);
        let nothing = Money::zero(totals.currency());
        for (method, taken) in &totals.tenders {
            let tender = crate::payment::Tender::from_method(method, nothing);
            let name = tender.map_or(method.clone(), |tender| words.phrase(tender.phrase()));
            layout.row(format!("{name} ({})", taken.count), words.money(taken.amount));
        }
        layout.push(Element::Rule);
        layout.row(say(DrawerPhrase::Float), words.money(totals.float));
        layout.some(say(DrawerPhrase::PayIn), totals.pay_in, words);
        layout.some(say(DrawerPhrase::PayOut), totals.pay_out.negated(), words);
        layout.row(say(DrawerPhrase::Expected), words.money(totals.cash_expected()?));
        layout.row(say(DrawerPhrase::Counted), words.money(closed.counted.cash));
        let over = words.money(closed.over_short()?);
        layout.push(Element::Row(say(DrawerPhrase::OverShort), over, Weight::Strong));
        Ok(layout)
    }

    /// The slip of a drawer that opened without a sale.
    #[must_use]
    pub fn of_drawer(terminal: &str, at: StoreTime, words: &dyn Words) -> Self {
        Self(vec![
            Element::Title(words.phrase(Phrase::Drawer(DrawerPhrase::NoSale)), Weight::Strong),
            Element::Row(terminal.to_owned(), words.time(at), Weight::Plain),
        ])
    }

    fn row(&mut self, left: String, right: String) {
        self.push(Element::Row(left, right, Weight::Plain));
    }

    /// A row, where there is something to say.
    fn some(&mut self, left: String, amount: Money, words: &dyn Words) {
        if !amount.is_zero() {
            self.row(left, words.money(amount));
        }
    }
}
