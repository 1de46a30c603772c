//! What somebody did that the owner wants to know of: every override, with who and why.

use crate::money::Money;
use crate::time::StoreTime;
use uuid::Uuid;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A discount or another price was given.
    Discount,
    /// A line was taken off that the kitchen had.
    VoidFired,
    /// Goods came back.
    Return,
    /// No tax was raised.
    TaxExempt,
    /// Somebody saw how old the customer is.
    AgeCheck,
    /// The drawer was opened without a sale.
    NoSale,
    /// Lines went to another order.
    MoveLines,
    /// Who may do what was changed, or a sign-in was blocked.
    Access,
    /// Somebody said what became of a card charge that nobody knew the end of.
    CardResolved,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// What was done.
    pub action: Action,
    /// To what: an order, a sale, a person.
    pub subject: Uuid,
    /// What exactly, for people.
    pub text: String,
    /// About how much money it was.
    pub amount: Option<Money>,
    /// Why, as it was said.
    pub reason: String,
    /// Who did it.
    pub by: Option<String>,
    /// Who allowed it, where somebody had to.
    pub approved_by: Option<String>,
    /// When.
    pub at: StoreTime,
}

impl Action {
    /// Every action with its name on the wire.
    pub const NAMES: [(Self, &'static str); 9] = [
        (Self::Discount, "discount"),
        (Self::VoidFired, "void_fired"),
        (Self::Return, "return"),
        (Self::TaxExempt, "tax_exempt"),
        (Self::AgeCheck, "age_check"),
        (Self::NoSale, "no_sale"),
        (Self::MoveLines, "move_lines"),
        (Self::Access, "access"),
        (Self::CardResolved, "card_resolved"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(action, _)| *action == self).map_or("discount", |(_, name)| name)
    }

    /// The action of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(action, _)| *action)
    }
}
