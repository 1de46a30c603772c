//! The table and its machine-readable copy.

use anyhow::Context;
use serde_json::json;

/// Whether a figure should be small or large.
#[derive(Clone, Copy)]
pub(crate) enum Budget {
    AtMost(f64),
    AtLeast(f64),
    /// Shown for context.
    None,
}

/// One figure.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) budget: Budget,
}

impl Row {
    pub(crate) fn new(name: &str, value: f64, unit: &'static str, budget: Budget) -> Self {
        let row = Self { name: name.to_owned(), value, unit, budget };
        println!("  {}: {:.3} {}", row.name, row.value, row.unit);
        row
    }

    fn ok(&self) -> bool {
        match self.budget {
            Budget::AtMost(most) => self.value <= most,
            Budget::AtLeast(least) => self.value >= least,
            Budget::None => true,
        }
    }

    fn budget(&self) -> String {
        match self.budget {
            Budget::AtMost(most) => format!("<= {most}"),
            Budget::AtLeast(least) => format!(">= {least}"),
            Budget::None => String::new(),
        }
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("\n{:<62} {:>12} {:<10} {:<10}", "what", "measured", "unit", "budget");
    for row in rows {
        let mark = if row.ok() { "" } else { "  OVER" };
        let (name, value, unit) = (&row.name, row.value, row.unit);
        println!("{name:<62} {value:>12.3} {unit:<10} {:<10}{mark}", row.budget());
    }
}

pub(crate) fn write(rows: &[Row]) -> anyhow::Result<()> {
    let list: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "name": row.name, "value": row.value, "unit": row.unit,
                    "budget": row.budget(), "ok": row.ok() })
        })
        .collect();
    let own = std::env::current_exe()?;
    let target = own.ancestors().find(|path| path.ends_with("target"));
    let target = target.context("the bench runs from the target folder")?;
    std::fs::write(target.join("bench.json"), serde_json::to_string_pretty(&list)?)?;
    Ok(())
}

/// The value below which `share` of the sorted values lie.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let at = ((values.len() as f64 - 1.0) * share).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    percentile(values, 0.5)
}
