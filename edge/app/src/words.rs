//! What paper says, in the shop's language: Fluent texts, local numbers and local time.

use edge_domain::money::Money;
use edge_domain::payment::Stored;
use edge_domain::quantity::Quantity;
use edge_domain::receipt::{Phrase, Words};
use edge_domain::time::StoreTime;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The languages that paper speaks; the first is the fall-back.
const LANGUAGES: [(&str, &str); 2] =
    [("en", include_str!("../locales/en.ftl")), ("de", include_str!("../locales/de.ftl"))];

/// A shop's words on paper.
pub struct ShopWords {
    bundle: FluentBundle<FluentResource>,
    decimal: char,
    zone: jiff::tz::TimeZone,
}

/// Why there are no words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Not a locale.
    #[error("{0:?} is not a locale, as in de-DE")]
    Locale(String),
    /// Not a time zone.
    #[error("{0:?} is not a time zone, as in Europe/Berlin")]
    TimeZone(String),
    /// A text does not parse: a fault in this release.
    #[error("the texts of {0} cannot be read")]
    Texts(String),
}

impl ShopWords {
    /// The words of a locale (BCP 47) in a time zone (IANA).
    ///
    /// # Errors
    /// See [`WordsError`].
    pub fn new(locale: &str, zone: &str) -> Result<Self, WordsError> {
        let language: LanguageIdentifier =
            locale.parse().map_err(|_| WordsError::Locale(locale.to_owned()))?;
        let known = |(name, _): &&(&str, &str)| *name == language.language.as_str();
        let (name, texts) = LANGUAGES.iter().find(known).unwrap_or(&LANGUAGES[0]);
        let broken = || WordsError::Texts((*name).to_owned());
        let texts = FluentResource::try_new((*texts).to_owned()).map_err(|_| broken())?;
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false); // paper has no bidirectional isolates
        bundle.add_resource(texts).map_err(|_| broken())?;
        let zone =
            jiff::tz::TimeZone::get(zone).map_err(|_| WordsError::TimeZone(zone.to_owned()))?;
        Ok(Self { bundle, decimal: if *name == "en" { '.' } else { ',' }, zone })
    }

    fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let Some(pattern) = pattern else { return id.to_owned() };
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(*name, *value);
        }
        self.bundle.format_pattern(pattern, Some(&fluent), &mut vec![]).into_owned()
    }
}

impl Words for ShopWords {
    fn money(&self, money: Money) -> String {
        money.written(self.decimal)
    }

    fn quantity(&self, quantity: Quantity) -> String {
        quantity.to_string().replace('.', &self.decimal.to_string())
    }

    fn time(&self, at: StoreTime) -> String {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn phrase(&self, phrase: Phrase) -> String {
        match phrase {
            Phrase::Total => self.text("receipt-total", &[]),
            Phrase::Cash => self.text("receipt-cash", &[]),
            Phrase::Card => self.text("receipt-card", &[]),
            Phrase::Stored(Stored::Voucher) => self.text("receipt-voucher", &[]),
            Phrase::Stored(Stored::GiftCard) => self.text("receipt-gift-card", &[]),
            Phrase::Stored(Stored::Account) => self.text("receipt-account", &[]),
            Phrase::Stored(Stored::Points) => self.text("receipt-points", &[]),
            Phrase::Tip => self.text("receipt-tip", &[]),
            Phrase::Rounding => self.text("receipt-rounding", &[]),
            Phrase::Return => self.text("receipt-return", &[]),
            Phrase::Exempt(reason) => self.text("receipt-exempt", &[("reason", &reason)]),
            Phrase::Earned => self.text("receipt-earned", &[]),
            Phrase::Change => self.text("receipt-change", &[]),
            Phrase::Tax { code, rate, net } => {
                let rate = rate.to_string().replace('.', &self.decimal.to_string());
                if !code.is_empty() {
                    let args =
                        [("code", code.as_str()), ("rate", &rate), ("net", &self.money(net))];
                    return self.text("receipt-levy", &args);
                }
                self.text("receipt-tax", &[("rate", &rate), ("net", &self.money(net))])
            }
            Phrase::Receipt(number) => self.text("receipt-number", &[("number", &number)]),
            Phrase::Order(number) => self.text("receipt-order", &[("number", &number.to_string())]),
            Phrase::Table(table) => self.text("receipt-table", &[("table", &table)]),
            Phrase::Thanks => self.text("receipt-thanks", &[]),
            Phrase::Copy => self.text("receipt-copy", &[]),
            Phrase::PossibleDuplicate => self.text("receipt-possible-duplicate", &[]),
            Phrase::Test => self.text("receipt-test", &[]),
            Phrase::Drawer(phrase) => self.text(phrase.key(), &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_speaks_the_shops_language() {
        let words = ShopWords::new("de-DE", "Europe/Berlin").unwrap();
        let eur = Money::new(1_234, "EUR".parse().unwrap()).unwrap();
        let tax = Phrase::Tax { code: String::new(), rate: "19".parse().unwrap(), net: eur };
        assert_eq!(words.phrase(tax), "MwSt 19 % auf 12,34");
        assert_eq!(words.time(StoreTime::from_millis(1_700_000_000_000)), "2023-11-14 23:13");
        let english = ShopWords::new("fr-FR", "UTC").unwrap();
        assert_eq!(english.phrase(Phrase::Total), "Total");
        assert!(matches!(ShopWords::new("de", "Mars/Base"), Err(WordsError::TimeZone(_))));
    }

    #[test]
    fn every_language_says_everything() {
        let keys = |text: &str| -> Vec<String> {
            text.lines().filter_map(|l| l.split_once(" = ")).map(|(k, _)| k.to_owned()).collect()
        };
        let first = keys(LANGUAGES[0].1);
        for (name, texts) in LANGUAGES {
            assert_eq!(keys(texts), first, "{name}");
        }
    }
}
