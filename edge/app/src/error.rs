//! Why a verb refuses: a stable code for programs, a sentence for the counter.

mod access;
mod drawer;

pub use access::AccessError;
pub use drawer::ShiftError;

use crate::keep_customers::CustomerError;
use crate::receipt_code::SealError;
use crate::stock_error::StockError;
use crate::value_error::ValueError;
use cloud_sync_documents::DocError;
use edge_domain::codes::CodeError;
use edge_domain::item::{ItemError, NameError};
use edge_domain::money::MoneyError;
use edge_domain::order::OrderError;
use edge_domain::payment::PaymentError;
use edge_domain::quantity::QuantityError;
use edge_domain::sale::SaleError;
use edge_ledger::LedgerError;
use edge_replica::ReplicaError;

/// What sort of refusal it is; HTTP's status follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was named is not there.
    NotFound,
    /// What was asked is wrong in itself.
    Invalid,
    /// What was asked does not fit how things stand.
    Conflict,
    /// The appliance cannot do it now.
    Unavailable,
    /// Somebody has to say who they are.
    SignIn,
    /// Somebody else has to do it, or allow it.
    Forbidden,
    /// Not yet: wait.
    Wait,
}

/// Why a verb refuses. Nothing changed when one is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// A code that cannot be one.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A code that no item has.
    #[error("No item has the code {0}. Search it by name, or ask for it to be added.")]
    UnknownCode(String),
    /// A coupon, where an item was meant.
    #[error("This is a coupon, not an item: nothing was rung up. Take it off as a discount.")]
    Coupon,
    /// No such item.
    #[error("There is no item {0}.")]
    UnknownItem(String),
    /// No such order.
    #[error("This order does not exist.")]
    UnknownOrder,
    /// No such ticket.
    #[error("This kitchen ticket does not exist.")]
    UnknownTicket,
    /// No such sale.
    #[error("This sale does not exist.")]
    UnknownSale,
    /// No such print job.
    #[error("This print job does not exist.")]
    UnknownJob,
    /// No such discount.
    #[error("This discount is not on the order.")]
    UnknownDiscount,
    /// No such card charge.
    #[error("This card charge does not exist.")]
    UnknownCard,
    /// The terminal gave no such slip.
    #[error("The card terminal gave no such slip for this charge.")]
    NoSlip,
    /// No such card terminal.
    #[error("There is no card terminal {0}.")]
    NoCardTerminal(String),
    /// The terminal is busy with this order.
    #[error("A card charge on this order is on its way: wait for it, or give it up.")]
    CardBusy,
    /// The charge came to an end, or nobody knows.
    #[error("This card charge is {0}: that cannot be done with it.")]
    CardSettled(&'static str),
    /// The order does not live any more.
    #[error("This order is {0}: open a new one.")]
    OrderNotOpen(&'static str),
    /// Money was taken on it.
    #[error("Money was taken on this order: it cannot be cancelled before it is given back.")]
    OrderHasPayments,
    /// Somebody has to see how old the customer is.
    #[error("Check that the customer is at least {0}, and say so before taking the money.")]
    AgeCheckNeeded(u8),
    /// The piece is on the order already.
    #[error("This very piece of {0} is on the order already.")]
    SerialOnOrder(String),
    /// The till asks for the price of this item.
    #[error("{0} has no fixed price: say what it costs.")]
    PriceNeeded(String),
    /// The job is not one that a person has to settle.
    #[error("This print job is {0}: there is nothing to settle.")]
    JobNotSettled(&'static str),
    /// A weight for something sold by the piece, or none for something sold by weight.
    #[error("{0} is sold by weight: weigh it first.")]
    WeightNeeded(String),
    /// See [`SealError`].
    #[error(transparent)]
    Seal(#[from] SealError),
    /// See [`NameError`].
    #[error(transparent)]
    Name(#[from] NameError),
    /// See [`ItemError`].
    #[error(transparent)]
    Item(#[from] ItemError),
    /// See [`OrderError`].
    #[error(transparent)]
    Order(#[from] OrderError),
    /// See [`SaleError`].
    #[error(transparent)]
    Sale(#[from] SaleError),
    /// What the request says makes no sense; the text names it.
    #[error("{0}")]
    Invalid(String),
    /// See [`StockError`].
    #[error(transparent)]
    Stock(#[from] StockError),
    /// See [`ValueError`].
    #[error(transparent)]
    Value(#[from] ValueError),
    /// See [`CustomerError`].
    #[error(transparent)]
    Customer(#[from] CustomerError),
    /// See [`LedgerError`].
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// See [`DocError`].
    #[error(transparent)]
    Doc(#[from] DocError),
    /// See [`AccessError`].
    #[error(transparent)]
    Access(#[from] AccessError),
    /// See [`ShiftError`].
    #[error(transparent)]
    Shift(#[from] ShiftError),
}

impl From<ReplicaError> for ShopError {
    fn from(error: ReplicaError) -> Self {
        match error {
            ReplicaError::Doc(error) => Self::Doc(error),
            ReplicaError::Ledger(error) => Self::Ledger(error),
        }
    }
}

impl From<QuantityError> for ShopError {
    fn from(error: QuantityError) -> Self {
        Self::Order(error.into())
    }
}

impl From<MoneyError> for ShopError {
    fn from(error: MoneyError) -> Self {
        Self::Order(error.into())
    }
}

impl From<PaymentError> for ShopError {
    fn from(error: PaymentError) -> Self {
        Self::Order(error.into())
    }
}

const fn money(error: MoneyError) -> (&'static str, Kind) {
    match error {
        MoneyError::CurrencyMismatch(..) => ("currency_mismatch", Kind::Invalid),
        _ => ("invalid_amount", Kind::Invalid),
    }
}

const fn payment(error: PaymentError) -> (&'static str, Kind) {
    match error {
        PaymentError::NotPositive => ("invalid_amount", Kind::Invalid),
        PaymentError::NothingDue => ("nothing_due", Kind::Conflict),
        PaymentError::BadTip => ("invalid_tip", Kind::Invalid),
        PaymentError::ExceedsDue { .. } => ("card_exceeds_due", Kind::Invalid),
        PaymentError::NotCovered { .. } => ("payment_insufficient", Kind::Invalid),
        PaymentError::Money(error) => money(error),
    }
}

impl ShopError {
    /// The stable code and the sort of refusal.
    #[must_use]
    pub const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::Code(CodeError::CheckDigit(_)) => ("invalid_check_digit", Kind::Invalid),
            Self::Code(_) => ("invalid_code", Kind::Invalid),
            Self::UnknownCode(_) => ("unknown_code", Kind::NotFound),
            Self::Coupon => ("coupon_not_an_item", Kind::Invalid),
            Self::UnknownItem(_) => ("unknown_item", Kind::NotFound),
            Self::UnknownOrder => ("unknown_order", Kind::NotFound),
            Self::UnknownTicket => ("unknown_ticket", Kind::NotFound),
            Self::UnknownSale => ("unknown_sale", Kind::NotFound),
            Self::UnknownDiscount => ("unknown_discount", Kind::NotFound),
            Self::UnknownCard => ("unknown_card_charge", Kind::NotFound),
            Self::NoSlip => ("no_slip", Kind::NotFound),
            Self::NoCardTerminal(_) => ("unknown_card_terminal", Kind::NotFound),
            Self::CardBusy => ("card_busy", Kind::Conflict),
            Self::CardSettled(_) => ("card_charge_settled", Kind::Conflict),
            Self::UnknownJob => ("unknown_print_job", Kind::NotFound),
            Self::OrderNotOpen(_) => ("order_not_open", Kind::Conflict),
            Self::OrderHasPayments => ("order_has_payments", Kind::Conflict),
            Self::JobNotSettled(_) => ("print_job_not_settled", Kind::Conflict),
            Self::AgeCheckNeeded(_) => ("age_check_needed", Kind::Conflict),
            Self::SerialOnOrder(_) => ("serial_on_order", Kind::Conflict),
            Self::PriceNeeded(_) => ("price_needed", Kind::Invalid),
            Self::WeightNeeded(_) => ("weight_needed", Kind::Invalid),
            Self::Seal(SealError::Forged) => ("receipt_forged", Kind::Conflict),
            Self::Seal(_) => ("invalid_receipt_code", Kind::Invalid),
            Self::Name(_) => ("invalid_name", Kind::Invalid),
            Self::Item(ItemError::NegativePrice(_)) => ("negative_price", Kind::Invalid),
            Self::Item(ItemError::BadName(_)) => ("invalid_name", Kind::Invalid),
            Self::Item(ItemError::BadTaxes(_)) => ("invalid_taxes", Kind::Invalid),
            Self::Item(_) => ("invalid_modifiers", Kind::Invalid),
            Self::Order(error) => order(error),
            Self::Sale(error) => sale(error),
            Self::Stock(error) => error.code(),
            Self::Value(error) => error.code(),
            Self::Customer(error) => error.code(),
            Self::Invalid(_) => ("invalid_request", Kind::Invalid),
            Self::Ledger(LedgerError::KeyReused) => ("idempotency_key_reused", Kind::Conflict),
            Self::Ledger(error) => (error.code(), Kind::Unavailable),
            Self::Doc(DocError::Rule(_)) => ("invalid_request", Kind::Invalid),
            Self::Doc(_) => ("document_unreadable", Kind::Unavailable),
            Self::Access(error) => error.code(),
            Self::Shift(error) => error.code(),
        }
    }
}

const fn order(error: &OrderError) -> (&'static str, Kind) {
    match error {
        OrderError::UnknownLine => ("unknown_line", Kind::NotFound),
        OrderError::LineFired => ("line_fired", Kind::Conflict),
        OrderError::TooManyLines => ("too_many_lines", Kind::Conflict),
        OrderError::Empty => ("order_empty", Kind::Conflict),
        OrderError::Quantity(_) => ("invalid_quantity", Kind::Invalid),
        OrderError::Payment(error) => payment(*error),
        OrderError::Money(error) => money(*error),
    }
}

const fn sale(error: &SaleError) -> (&'static str, Kind) {
    match error {
        SaleError::Empty => ("sale_empty", Kind::Invalid),
        SaleError::NegativePrice(_) => ("negative_price", Kind::Invalid),
        SaleError::MoreThanSold(_) => ("more_than_sold", Kind::Conflict),
        SaleError::NobodyEarns => ("nobody_earns", Kind::Invalid),
        SaleError::TaxedGiftCard(_) => ("gift_card_taxed", Kind::Invalid),
        SaleError::Quantity(_) => ("invalid_quantity", Kind::Invalid),
        SaleError::Payment(error) => payment(*error),
        SaleError::NotCovered { .. } => ("payment_insufficient", Kind::Invalid),
        SaleError::PaymentsDisagree => ("payments_disagree", Kind::Invalid),
        SaleError::Money(error) => money(*error),
    }
}
