//! What a shift adds up to: the X report while it runs, the Z report when it ends.

use super::{CashMoved, ShiftFact};
use crate::fact::{DepositTaken, Fact};
use crate::item::TerminalId;
use crate::money::{Currency, Money, MoneyError};
use crate::order::{Cause, Line};
use crate::payment::Payment;
use crate::sale::Sale;
use crate::tax::TaxRate;
use std::collections::BTreeMap;

/// What came in by one tender, less what went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many payments, either way.
    pub count: u32,
    /// How much, with tips.
    pub amount: Money,
}

/// What a shift adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftTotals {
    /// How many receipts.
    pub sales: u32,
    /// How many of them give money back.
    pub returns: u32,
    /// The first and the last receipt's number.
    pub receipts: Option<(u32, u32)>,
    /// What was to pay.
    pub gross: Money,
    /// Without tax.
    pub net: Money,
    /// By levy (empty for a line's first tax) and rate: what was taxed, and the tax.
    pub taxes: BTreeMap<(String, TaxRate), (Money, Money)>,
    /// What lines that came back took off; not above nothing.
    pub returned: Money,
    /// What people took off.
    pub discounts: Money,
    /// What promotions took off.
    pub promotions: Money,
    /// Part payments that were taken, less those given back.
    pub deposits_taken: Money,
    /// Part payments, of whichever shift, that sales of this one used up.
    pub deposits_used: Money,
    /// For the staff.
    pub tips: Money,
    /// What cash rounding added.
    pub rounding: Money,
    /// By the tender's name.
    pub tenders: BTreeMap<String, Taken>,
    /// What the drawer began with.
    pub float: Money,
    /// What was put in.
    pub pay_in: Money,
    /// What was taken out.
    pub pay_out: Money,
}

impl ShiftTotals {
    /// A shift that begins with a float.
    #[must_use]
    pub fn new(float: Money) -> Self {
        let zero = Money::zero(float.currency());
        Self {
            sales: 0,
            returns: 0,
            receipts: None,
            gross: zero,
            net: zero,
            taxes: BTreeMap::new(),
            returned: zero,
            discounts: zero,
            promotions: zero,
            deposits_taken: zero,
            deposits_used: zero,
            tips: zero,
            rounding: zero,
            tenders: BTreeMap::new(),
            float,
            pay_in: zero,
            pay_out: zero,
        }
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.gross.currency()
    }

    /// Adds what happened, if it happened at the terminal.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn take(&mut self, terminal: &TerminalId, fact: &Fact) -> Result<(), MoneyError> {
        match fact {
            Fact::SaleCompleted(sale) if sale.parts().receipt.terminal == *terminal => {
                self.sale(sale)
            }
            Fact::DepositTaken(deposit) if deposit.terminal == *terminal => self.deposit(deposit),
            Fact::RefundMoved(moved) if moved.terminal() == terminal => {
                self.payment(moved.card())?;
                self.payment(moved.given())
            }
            Fact::Shift(ShiftFact::Cash(moved)) if moved.terminal == *terminal => self.cash(moved),
            _ => Ok(()),
        }
    }

    fn sale(&mut self, sale: &Sale) -> Result<(), MoneyError> {
        let (parts, totals) = (sale.parts(), sale.totals());
        self.sales += 1;
        self.returns += u32::from(totals.gross.is_negative());
        let number = parts.receipt.number;
        self.receipts = Some((self.receipts.map_or(number, |(first, _)| first), number));
        add(&mut self.gross, totals.gross)?;
        add(&mut self.net, totals.net)?;
        for tax in &totals.taxes {
            let nothing = Money::zero(self.gross.currency());
            let sums = self.taxes.entry((tax.code.clone(), tax.rate)).or_insert((nothing, nothing));
            add(&mut sums.0, tax.net)?;
            add(&mut sums.1, tax.tax)?;
        }
        parts.lines.iter().try_for_each(|line| self.line(line))?;
        for payment in &parts.payments {
            match payment.deposited {
                true => add(&mut self.deposits_used, payment.settles()?)?,
                false => self.payment(payment)?,
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), MoneyError> {
        if line.is_return() {
            return add(&mut self.returned, line.total()?);
        }
        for part in &line.more.adjustments {
            match part.cause {
                Cause::Manual | Cause::Order => add(&mut self.discounts, part.amount)?,
                Cause::Promotion => add(&mut self.promotions, part.amount)?,
                Cause::Return => {}
            }
        }
        Ok(())
    }

    fn deposit(&mut self, deposit: &DepositTaken) -> Result<(), MoneyError> {
        add(&mut self.deposits_taken, deposit.payment.settles()?)?;
        self.payment(&deposit.payment)
    }

    fn payment(&mut self, payment: &Payment) -> Result<(), MoneyError> {
        let nothing = Money::zero(self.gross.currency());
        let name = payment.tender.method().to_owned();
        let taken = self.tenders.entry(name).or_insert(Taken { count: 0, amount: nothing });
        taken.count += 1;
        add(&mut taken.amount, payment.amount.plus(payment.tip)?)?;
        add(&mut self.tips, payment.tip)?;
        add(&mut self.rounding, payment.rounding)
    }

    fn cash(&mut self, moved: &CashMoved) -> Result<(), MoneyError> {
        match moved.direction {
            super::Direction::In => add(&mut self.pay_in, moved.amount),
            super::Direction::Out => add(&mut self.pay_out, moved.amount),
        }
    }

    /// What a tender brought.
    #[must_use]
    pub fn taken(&self, method: &str) -> Money {
        self.tenders.get(method).map_or(Money::zero(self.currency()), |taken| taken.amount)
    }

    /// What the drawer should hold.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn cash_expected(&self) -> Result<Money, MoneyError> {
        let held = self.float.plus(self.taken("cash"))?;
        held.plus(self.pay_in)?.minus(self.pay_out)
    }

    /// Whether the parts agree: net and taxes are the gross, and what was taken is what was sold,
    /// with tips, rounding and part payments.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn agree(&self) -> Result<bool, MoneyError> {
        let currency = self.currency();
        let taxes = Money::sum(currency, self.taxes.values().map(|(_, tax)| *tax))?;
        let taken = Money::sum(currency, self.tenders.values().map(|taken| taken.amount))?;
        let due = self.gross.minus(self.deposits_used)?.plus(self.deposits_taken)?;
        let due = due.plus(self.tips)?.plus(self.rounding)?;
        Ok(self.net.plus(taxes)? == self.gross && taken == due)
    }
}

fn add(sum: &mut Money, amount: Money) -> Result<(), MoneyError> {
    *sum = sum.plus(amount)?;
    Ok(())
}
