//! What is known of printers, as data: `data/profiles.tsv`, 50 models of escpos-printer-db.

use super::code_page::CodePage;

const SOURCE: &str = include_str!("../../data/profiles.tsv");

/// Dots of a character of font A, across and down.
pub const CELL: (u16, u16) = (12, 24);

/// What the encoder must know about a printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name, as in `TM-T20II`.
    pub name: String,
    /// Characters of font A on a line.
    pub columns: u8,
    /// Dots across.
    pub dots: u16,
    /// It has a cutter.
    pub cutter: bool,
    /// It prints raster images (`GS v 0`).
    pub raster: bool,
    /// It draws QR codes itself (`GS ( k`).
    pub qr: bool,
    /// The pages that it has, in the order in which a text is offered to them, and the number
    /// that `ESC t` selects each by.
    pub code_pages: Vec<(u8, CodePage)>,
}

impl Default for Profile {
    /// A printer for 80 mm paper, as most are.
    fn default() -> Self {
        Self::by_name("default").unwrap_or_else(|| Self::plain("default"))
    }
}

impl Profile {
    /// Every model that is known, by name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        rows().filter_map(|row| row.split('\t').next())
    }

    /// A model by its name, in any case.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let row = rows().find(|row| {
            row.split('\t').next().is_some_and(|known| known.eq_ignore_ascii_case(name))
        })?;
        let fields: Vec<&str> = row.split('\t').collect();
        let [name, _vendor, columns, dots, part_cut, full_cut, raster, qr, pages] = fields[..]
        else {
            return None;
        };
        let page = |text: &str| {
            let (number, name) = text.split_once('=')?;
            Some((number.parse().ok()?, CodePage::by_name(name)?))
        };
        Some(Self {
            name: name.to_owned(),
            columns: columns.parse().ok()?,
            dots: dots.parse().ok()?,
            cutter: part_cut == "1" || full_cut == "1",
            raster: raster == "1",
            qr: qr == "1",
            code_pages: pages.split(',').filter_map(page).collect(),
        })
    }

    /// The same with other columns, as `columns=` says: dots follow, unless the paper is as wide.
    #[must_use]
    pub fn with_columns(self, columns: u8) -> Self {
        let dots = u16::from(columns) * CELL.0;
        Self {
            columns,
            dots: if dots > self.dots { dots } else { self.dots.min(dots + 11) },
            ..self
        }
    }

    /// The same with these pages alone, in this order.
    ///
    /// # Errors
    /// The name of one that the printer, or this driver, does not have.
    pub fn with_code_pages(self, names: &[String]) -> Result<Self, String> {
        let find = |name: &String| {
            let has = |(_, page): &&(u8, CodePage)| page.name().eq_ignore_ascii_case(name);
            self.code_pages.iter().find(has).copied().ok_or_else(|| name.clone())
        };
        let code_pages = names.iter().map(find).collect::<Result<_, _>>()?;
        Ok(Self { code_pages, ..self })
    }

    fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            columns: 42,
            dots: 504,
            cutter: true,
            raster: true,
            qr: true,
            code_pages: vec![],
        }
    }
}

fn rows() -> impl Iterator<Item = &'static str> {
    SOURCE.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_of_the_data_is_usable() {
        let names: Vec<_> = Profile::names().collect();
        assert_eq!(names.len(), 50);
        for name in names {
            let profile = Profile::by_name(name).unwrap();
            assert!((16..=96).contains(&profile.columns), "{name}: {}", profile.columns);
            assert!(profile.dots >= 100, "{name}: {} dots", profile.dots);
        }
    }

    #[test]
    fn a_model_is_what_its_manual_says() {
        let profile = Profile::by_name("tm-t20ii").unwrap();
        assert_eq!((profile.columns, profile.dots, profile.cutter), (48, 576, true));
        let cp858 = CodePage::by_name("cp858").unwrap();
        assert_eq!(profile.code_pages[0], (19, cp858));
        assert_eq!(Profile::default().code_pages[0], (19, cp858));
        assert!(profile.clone().with_code_pages(&["cp858".into()]).is_ok());
        assert_eq!(profile.with_code_pages(&["cp9".into()]), Err("cp9".to_owned()));
        assert_eq!(Profile::by_name("carrier-pigeon"), None);
    }
}
