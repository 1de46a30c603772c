//! What goes on paper: a job of the spool, as the printers' own document.

use drivers_contract::print::{Align, Document, Element as Mark, Style};
use edge_app::{Seal, ShopWords, receipt_code};
use edge_devices::Page;
use edge_domain::ids::ShiftId;
use edge_domain::payment::Tender;
use edge_domain::receipt::{Element, Layout, Seller, Weight};
use edge_domain::{SaleId, TicketId};
use edge_ledger::print::{JobKind, JobRow};
use edge_ledger::{LedgerError, View};

/// The page of a job; None where its sale or ticket does not exist.
pub(crate) fn page(
    view: View<'_>,
    job: &JobRow,
    seller: &Seller,
    seal: Option<&Seal>,
    words: &ShopWords,
) -> Result<Option<Page>, LedgerError> {
    let layout = match (job.kind, job.subject) {
        (JobKind::Receipt, Some(sale)) => {
            let Some(row) = view.sale(SaleId::new(sale))? else { return Ok(None) };
            let cash = (row.sale.parts().payments.iter())
                .any(|payment| matches!(payment.tender, Tender::Cash { .. }));
            let code = receipt_code(view, seal, &row)?;
            let layout = Layout::of_sale(&row.sale, seller, &code, job.repeated, words);
            return Ok(Some(Page {
                document: document(&layout),
                opens_drawer: cash && !job.repeated,
            }));
        }
        (JobKind::Kitchen, Some(ticket)) => {
            let Some(row) = view.ticket(TicketId::new(ticket))? else { return Ok(None) };
            Layout::of_ticket(&row.ticket, job.repeated, words)
        }
        (JobKind::Shift, Some(shift)) => {
            let Some(row) = view.shift(ShiftId::new(shift))? else { return Ok(None) };
            let Some(closed) = row.closed else { return Ok(None) };
            let layout = Layout::of_shift(&row.opened, &closed, seller, words);
            layout.map_err(|error| LedgerError::Unreadable(error.to_string()))?
        }
        (JobKind::Drawer, _) => {
            let layout = Layout::of_drawer(&job.target, job.at, words);
            return Ok(Some(Page { document: document(&layout), opens_drawer: !job.repeated }));
        }
        (JobKind::Test, _) => Layout::of_test(&job.target, job.at, words),
        _ => return Ok(None),
    };
    Ok(Some(Page { document: document(&layout), opens_drawer: false }))
}

fn document(layout: &Layout) -> Document {
    let mark = |element: &Element| match element {
        Element::Title(text, weight) => {
            Mark::Text { text: text.clone(), style: style(*weight, Align::Centre) }
        }
        Element::Text(text, weight) => {
            Mark::Text { text: text.clone(), style: style(*weight, Align::Left) }
        }
        Element::Row(left, right, weight) => Mark::Row {
            left: left.clone(),
            right: right.clone(),
            style: style(*weight, Align::Left),
        },
        Element::Rule => Mark::Rule,
        Element::Qr(data) => Mark::Qr { data: data.clone() },
    };
    let document: Document = layout.0.iter().map(mark).collect();
    document.with(Mark::Feed { lines: 1 }).with(Mark::Cut)
}

fn style(weight: Weight, align: Align) -> Style {
    let strong = weight != Weight::Plain;
    let huge = weight == Weight::Huge;
    Style { bold: strong, double_width: huge, double_height: huge, align, ..Style::default() }
}
