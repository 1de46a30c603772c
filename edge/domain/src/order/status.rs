//! How an order leaves the shop, and how far it is.

/// How the order leaves the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderKind {
    /// Over the counter of a shop.
    Retail,
    /// At a table.
    DineIn,
    /// Made here, eaten elsewhere.
    Takeaway,
    /// Brought to the customer.
    Delivery,
}

impl OrderKind {
    /// Every kind with its name on the wire.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::Retail, "retail"),
        (Self::DineIn, "dine_in"),
        (Self::Takeaway, "takeaway"),
        (Self::Delivery, "delivery"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("retail", |(_, name)| name)
    }

    /// The kind of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// How far an order is, as a lattice: of two states the later one holds, and paid beats
/// cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Lines may come and go.
    Open,
    /// The kitchen has some of it, or some of it is paid.
    Placed,
    /// Given up.
    Cancelled,
    /// Nothing is due any more.
    Paid,
    /// A sale.
    Closed,
}

impl Status {
    /// Every state with its name on the wire.
    pub const NAMES: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Placed, "placed"),
        (Self::Cancelled, "cancelled"),
        (Self::Paid, "paid"),
        (Self::Closed, "closed"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(status, _)| *status == self).map_or("open", |(_, name)| name)
    }

    /// The state of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }

    /// Whether lines and payments may still come.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Placed)
    }
}
