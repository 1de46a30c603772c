//! What goes on paper: a job of the spool, as the printers' own document.

use drivers_contract::print::{Align, Barcode, Bitmap, Document, Element as Mark, Style};
use edge_app::{LabelV1, Seal, ShopWords, receipt_code};
use edge_devices::Page;
use edge_domain::codes::epc::Epc;
use edge_domain::ids::ShiftId;
use edge_domain::payment::Tender;
use edge_domain::receipt::{Element, Layout, Seller, Weight};
use edge_domain::slip::SlipKind;
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
    logo: Option<&Bitmap>,
) -> Result<Option<Page>, LedgerError> {
    let layout = match (job.kind, job.subject) {
        (JobKind::Receipt, Some(sale)) => {
            let Some(row) = view.sale(SaleId::new(sale))? else { return Ok(None) };
            let cash = (row.sale.parts().payments.iter())
                .any(|payment| matches!(payment.tender, Tender::Cash { .. }));
            let code = receipt_code(view, seal, &row)?;
            let slips = view.receipt_slips(&row.sale)?;
            let layout = Layout::of_sale(&row.sale, &slips, seller, &code, job.repeated, words);
            let logo = logo.map(|logo| Mark::Image(logo.clone()));
            let elements = logo.into_iter().chain(document(&layout).elements);
            return Ok(Some(Page {
                document: elements.collect(),
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
        (JobKind::CustomerSlip | JobKind::MerchantSlip | JobKind::Settlement, Some(of)) => {
            let mut slips = view.slips(of)?;
            slips.retain(|slip| match job.kind {
                JobKind::CustomerSlip => slip.kind() == SlipKind::Customer,
                JobKind::MerchantSlip => slip.kind() == SlipKind::Merchant,
                _ => true, // some terminals call a day's slips the merchant's
            });
            if slips.is_empty() {
                return Ok(None);
            }
            Layout::of_slips(&slips, job.repeated, words)
        }
        (JobKind::Drawer, _) => {
            let layout = Layout::of_drawer(&job.target, job.at, words);
            return Ok(Some(Page { document: document(&layout), opens_drawer: !job.repeated }));
        }
        (JobKind::Label, _) => {
            let Some(body) = &job.body else { return Ok(None) };
            let label = serde_json::from_str(body)
                .map_err(|error| LedgerError::Unreadable(error.to_string()))?;
            return Ok(Some(Page { document: label_document(&label), opens_drawer: false }));
        }
        (JobKind::Test, _) => Layout::of_test(&job.target, job.at, words),
        _ => return Ok(None),
    };
    Ok(Some(Page { document: document(&layout), opens_drawer: false }))
}

/// The name, its lines, the price as large as it can be read from the aisle, the code.
fn label_document(label: &LabelV1) -> Document {
    let text =
        |text: &str, weight, align| Mark::Text { text: text.into(), style: style(weight, align) };
    let mut document = Document::new().with(text(&label.title, Weight::Strong, Align::Left));
    for line in &label.lines {
        document = document.with(text(line, Weight::Plain, Align::Left));
    }
    document = document.with(text(&label.price, Weight::Huge, Align::Right));
    if let Some((symbology, data)) = &label.code {
        let symbology = match symbology.as_str() {
            "ean13" => Barcode::Ean13,
            "gs1_128" => Barcode::Gs1128,
            _ => Barcode::Code128,
        };
        document = document.with(Mark::Barcode { symbology, data: data.clone() });
    }
    let epc = label.epc.as_deref().and_then(|hex| Epc::from_hex(hex).ok());
    epc.into_iter().fold(document, |document, epc| document.with(Mark::Tag { epc: epc.to_bytes() }))
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
