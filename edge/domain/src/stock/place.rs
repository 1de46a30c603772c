//! The places of a store in which goods can lie.

use crate::posting::Location;
use std::fmt;

/// The longest name of a place, in bytes.
const NAME_BYTES_MAX: usize = 32;

/// The name of a place beside the shop floor: small letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceName(String);

/// Where in the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// On the shelves: `store` on the wire.
    Store,
    /// Anywhere else.
    Named(PlaceName),
}

/// Not a name of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Not of the allowed letters.
    #[error("a place's name has 1 to 32 of a-z, 0-9 and -, as in back-room")]
    Malformed,
    /// It already means something.
    #[error("this name is taken: it means something in every store")]
    Reserved,
}

impl PlaceName {
    /// A checked name.
    ///
    /// # Errors
    /// See [`PlaceError`].
    pub fn new(text: &str) -> Result<Self, PlaceError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let edges = text.starts_with('-') || text.ends_with('-');
        if text.is_empty() || text.len() > NAME_BYTES_MAX || edges || !text.bytes().all(plain) {
            return Err(PlaceError::Malformed);
        }
        if Location::NAMES.iter().any(|(_, name)| *name == text) {
            return Err(PlaceError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Place {
    /// The place of a name on the wire.
    ///
    /// # Errors
    /// See [`PlaceError`].
    pub fn read(text: &str) -> Result<Self, PlaceError> {
        if text == "store" { Ok(Self::Store) } else { PlaceName::new(text).map(Self::Named) }
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Store => "store",
            Self::Named(name) => name.as_str(),
        }
    }
}

impl From<Place> for Location {
    fn from(place: Place) -> Self {
        match place {
            Place::Store => Self::Store,
            Place::Named(name) => Self::Named(name),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_something_are_refused() {
        assert_eq!(Place::read("store"), Ok(Place::Store));
        assert_eq!(Place::read("back-room-2").unwrap().as_str(), "back-room-2");
        for taken in ["supplier", "customer", "shrinkage", "production", "transit", "elsewhere"] {
            assert_eq!(Place::read(taken), Err(PlaceError::Reserved), "{taken}");
        }
        for bad in ["", "Back", "a b", "-a", "a-", &"x".repeat(33)] {
            assert_eq!(Place::read(bad), Err(PlaceError::Malformed), "{bad}");
        }
    }
}
