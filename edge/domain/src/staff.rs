//! Who works here, and who may what. Roles carry rights as data; what is here are the rights that
//! a role has until somebody edits them.

use crate::ids::StaffId;
use std::collections::BTreeSet;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Ring up and take money.
    Sell,
    /// Give a discount, up to the role's bound.
    Discount,
    /// Give a line another price.
    PriceOverride,
    /// Take off what the kitchen has.
    VoidFired,
    /// Take goods back that are on a receipt.
    ReturnWithReceipt,
    /// Take goods back without one.
    ReturnWithoutReceipt,
    /// Raise no tax.
    TaxExempt,
    /// Open the drawer without a sale.
    OpenDrawer,
    /// Put money into the drawer or take it out.
    PayInOut,
    /// Count the drawer and end the shift.
    CloseShift,
    /// See what the drawer should hold before it was counted.
    SeeExpectedCash,
    /// Book goods in and off.
    AdjustStock,
    /// Count goods.
    CountStock,
    /// Change items and prices.
    EditCatalogue,
    /// Change who works here.
    EditStaff,
    /// Read reports and the audit journal.
    SeeReports,
    /// Cancel an order on which money was taken.
    CancelPaidOrder,
}

/// What somebody is here. In order of authority: nobody changes who stands above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Cooks.
    Kitchen,
    /// Sells.
    Cashier,
    /// Sells, and helps cashiers out.
    Supervisor,
    /// Runs the store.
    Manager,
    /// Owns it.
    Owner,
}

/// What a role may.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rights {
    /// What.
    pub permissions: BTreeSet<Permission>,
    /// The most that a discount may be, in thousandths of a per cent.
    pub discount_max: u32,
}

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// What sales and the audit journal call them: unique among those who are active.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The PIN as a PHC string (argon2id): never the PIN.
    pub pin: String,
    /// Whether they may sign in.
    pub active: bool,
    /// Their language (BCP 47), where it is not the store's.
    pub locale: Option<String>,
}

/// How many wrong PINs are free; each after that costs a wait.
pub const FREE_FAILURES: u32 = 4;
/// The waits, in minutes; the last one stays.
const WAITS_MIN: [i64; 5] = [1, 5, 15, 60, 240];

/// How long nobody may try after so many wrong PINs in a row, in milliseconds.
#[must_use]
pub fn wait_ms_after(failures: u32) -> i64 {
    let Some(past) = failures.checked_sub(FREE_FAILURES + 1) else { return 0 };
    let last = WAITS_MIN.len() - 1;
    let place = usize::try_from(past).unwrap_or(last).min(last);
    WAITS_MIN[place] * 60_000
}

/// Whether a text can be a PIN: 4 to 12 digits.
#[must_use]
pub fn is_pin(text: &str) -> bool {
    (4..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Permission {
    /// Every permission with its name on the wire.
    pub const NAMES: [(Self, &'static str); 17] = [
        (Self::Sell, "sell"),
        (Self::Discount, "discount"),
        (Self::PriceOverride, "price_override"),
        (Self::VoidFired, "void_fired"),
        (Self::ReturnWithReceipt, "return_with_receipt"),
        (Self::ReturnWithoutReceipt, "return_without_receipt"),
        (Self::TaxExempt, "tax_exempt"),
        (Self::OpenDrawer, "open_drawer"),
        (Self::PayInOut, "pay_in_out"),
        (Self::CloseShift, "close_shift"),
        (Self::SeeExpectedCash, "see_expected_cash"),
        (Self::AdjustStock, "adjust_stock"),
        (Self::CountStock, "count_stock"),
        (Self::EditCatalogue, "edit_catalogue"),
        (Self::EditStaff, "edit_staff"),
        (Self::SeeReports, "see_reports"),
        (Self::CancelPaidOrder, "cancel_paid_order"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(known, _)| *known == self).map_or("sell", |(_, name)| name)
    }

    /// The permission of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(known, _)| *known)
    }
}

impl Role {
    /// Every role with its name on the wire, the least first.
    pub const NAMES: [(Self, &'static str); 5] = [
        (Self::Kitchen, "kitchen"),
        (Self::Cashier, "cashier"),
        (Self::Supervisor, "supervisor"),
        (Self::Manager, "manager"),
        (Self::Owner, "owner"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(role, _)| *role == self).map_or("kitchen", |(_, name)| name)
    }

    /// The role of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }

    /// Whether the store can be run by them: the first one who works here, and one at least.
    #[must_use]
    pub fn leads(self) -> bool {
        self >= Self::Manager
    }
}

impl Rights {
    /// A role's rights until somebody edits them.
    #[must_use]
    pub fn of(role: Role) -> Self {
        use Permission as P;
        let cashier = [P::Sell, P::Discount, P::ReturnWithReceipt, P::CloseShift, P::CountStock];
        let supervisor = [
            P::PriceOverride,
            P::VoidFired,
            P::ReturnWithoutReceipt,
            P::TaxExempt,
            P::OpenDrawer,
            P::PayInOut,
            P::CancelPaidOrder,
            P::AdjustStock,
        ];
        let every = P::NAMES.iter().map(|(permission, _)| *permission);
        let (permissions, discount_max) = match role {
            Role::Kitchen => (BTreeSet::new(), 0),
            Role::Cashier => (cashier.into(), 10_000),
            Role::Supervisor => (cashier.into_iter().chain(supervisor).collect(), 25_000),
            Role::Manager | Role::Owner => (every.collect(), 100_000),
        };
        Self { permissions, discount_max }
    }

    /// Whether they allow something; for a discount of so many thousandths of a per cent.
    #[must_use]
    pub fn allow(&self, permission: Permission, share: u32) -> bool {
        let bounded = permission != Permission::Discount || share <= self.discount_max;
        bounded && self.permissions.contains(&permission)
    }

    /// What both allow: where rights were edited in two places apart, the narrower hold.
    #[must_use]
    pub fn narrowed(&self, other: &Self) -> Self {
        let permissions = self.permissions.intersection(&other.permissions).copied().collect();
        Self { permissions, discount_max: self.discount_max.min(other.discount_max) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The permission matrix, as the shop's handbook would print it.
    #[test]
    fn who_may_what() {
        let table = [
            ("sell", "-CSMO"),
            ("discount", "-CSMO"),
            ("price_override", "--SMO"),
            ("void_fired", "--SMO"),
            ("return_with_receipt", "-CSMO"),
            ("return_without_receipt", "--SMO"),
            ("tax_exempt", "--SMO"),
            ("open_drawer", "--SMO"),
            ("pay_in_out", "--SMO"),
            ("close_shift", "-CSMO"),
            ("see_expected_cash", "---MO"),
            ("adjust_stock", "--SMO"),
            ("count_stock", "-CSMO"),
            ("edit_catalogue", "---MO"),
            ("edit_staff", "---MO"),
            ("see_reports", "---MO"),
            ("cancel_paid_order", "--SMO"),
        ];
        assert_eq!(table.map(|(name, _)| name), Permission::NAMES.map(|(_, name)| name));
        for (name, who) in table {
            let permission = Permission::from_name(name).unwrap();
            for ((role, _), mark) in Role::NAMES.iter().zip(who.chars()) {
                let allowed = Rights::of(*role).allow(permission, 0);
                assert_eq!(allowed, mark != '-', "{name} {role:?}");
            }
        }
    }

    #[test]
    fn discounts_have_bounds() {
        let allows = |role, share| Rights::of(role).allow(Permission::Discount, share);
        assert!(allows(Role::Cashier, 10_000) && !allows(Role::Cashier, 10_001));
        assert!(allows(Role::Supervisor, 25_000) && !allows(Role::Supervisor, 25_001));
        assert!(allows(Role::Manager, 100_000) && !allows(Role::Kitchen, 0));
        let both = Rights::of(Role::Manager).narrowed(&Rights::of(Role::Cashier));
        assert_eq!(both, Rights::of(Role::Cashier));
    }

    #[test]
    fn waits_grow_and_stay() {
        let waits: Vec<i64> = (0..12).map(|n| wait_ms_after(n) / 60_000).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 5, 15, 60, 240, 240, 240]);
        assert!(is_pin("0042") && !is_pin("42") && !is_pin("12a4") && !is_pin("１２３４"));
    }
}
