import { randomUUID } from 'node:crypto';

const columns = 42;
const euros = (value) => (value.amount / 100).toFixed(2);
const row = (left, right) =>
  left.slice(0, columns - right.length - 1).padEnd(columns - right.length) + right;
const centre = (text) => ' '.repeat((columns - text.length) >> 1) + text;

export function receiptText(sale) {
  const lines = sale.lines.flatMap((line) => [
    row(line.name, euros(line.total)),
    ...(line.quantity === '1' ? [] : [`  ${line.quantity} x ${euros(line.unit_price)}`]),
  ]);
  const taxes = sale.taxes.map((tax) =>
    row(`VAT ${tax.rate}% on ${euros(tax.net)}`, euros(tax.tax)),
  );
  const paid = sale.payments.map((payment) =>
    row(payment.method.toUpperCase(), euros(payment.tendered)),
  );
  return [
    centre('CORNER SHOP AND CAFE'),
    centre('Example Street 1'),
    '',
    row(sale.receipt_number, sale.at.slice(0, 16).replace('T', ' ')),
    '-'.repeat(columns),
    ...lines,
    '-'.repeat(columns),
    row('TOTAL EUR', euros(sale.total)),
    ...paid,
    row('CHANGE', euros(sale.change)),
    '',
    ...taxes,
    '',
    centre('Thank you'),
  ].join('\n');
}

/** How the next receipts go: 'printed', 'failed' or 'indeterminate'. */
export const paper = { outcome: 'printed' };

const reasons = {
  failed: 'Paper is out at the receipt printer.',
  indeterminate: 'The printer went silent before it confirmed the end of the receipt.',
};

export function printReceipt(shop, sale) {
  const job = {
    id: randomUUID(),
    device: 'receipt-1',
    kind: 'receipt',
    state: 'queued',
    reason: null,
    sale_id: sale.id,
    at: new Date().toISOString(),
  };
  shop.jobs.unshift(job);
  runJob(shop, job);
  return structuredClone(job);
}

export function runJob(shop, job) {
  move(shop, job, 'sending');
  setTimeout(() => move(shop, job, paper.outcome), 400);
}

export function move(shop, job, state) {
  job.state = state;
  job.reason = reasons[state] ?? null;
  shop.feed.emit('print', 'print_job_changed', { print_job: structuredClone(job) });
  return structuredClone(job);
}
