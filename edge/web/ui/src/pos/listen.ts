import { Refusal } from '../api/refusal';
import type { CardCharge, Order, Sale } from '../api/shapes';
import * as store from '../api/store';
import { beep } from '../kit/sound';
import { notify, speak } from '../kit/notices';
import { Feed } from '../live/feed';
import type { ScanRefused, ScanRungUp, StoreFrame } from '../live/frames';
import { noteLine, openLine } from '../live/line';
import type { Words } from '../words/words';
import { noteCharge } from './card';
import { noteFrame } from './counter';
import { forgetGoods } from './goods';
import { completeSale, isOpen, replace, showOrder, useTill } from './till';

const topics = 'orders,devices,sync,scans,catalogue,print';

/** Connects the till to the live feed; returns what disconnects it. */
export function listen(words: Words): () => void {
  const feed = new Feed<StoreFrame>({
    open: (after) => openLine(topics, after),
    onFrame: (frame) => hear(frame, words),
    refetch: fetchEverything,
    onLine: noteLine,
  });
  feed.start();
  return () => feed.stop();
}

async function fetchEverything(): Promise<void> {
  const { terminal } = useTill.getState();
  const [state, jobs, devices, sync, charges] = await Promise.all([
    store.getTerminal(terminal),
    store.getPrintJobs(),
    store.getDevices(),
    store.getSync(),
    store.getCharges(),
  ]);
  useTill.setState({ jobs, devices, sync, charges });
  forgetGoods();
  const shown = useTill.getState().order;
  // An order that was recalled here is still what the cashier looks at.
  if (shown && shown.id !== state.order?.id) showOrder(await stillThere(shown.id));
  else if (state.order) showOrder(state.order);
}

/** The order, or null where the appliance does not know it any more. */
function stillThere(orderId: string): Promise<Order | null> {
  return store.getOrder(orderId).catch((error: unknown) => {
    if (error instanceof Refusal && error.outcome === 'refused') return null;
    throw error;
  });
}

function hear(frame: StoreFrame, words: Words): void {
  switch (frame.type) {
    case 'order_changed':
      return hearOrder(frame.data.order);
    case 'sale_completed':
      return hearSale(frame.data.sale, frame.data.order_id);
    case 'scan_rung_up':
      return void hearScan(frame.data, words);
    case 'scan_refused':
      return hearRefusal(frame.data, words);
    case 'print_job_changed': {
      const job = frame.data.print_job;
      return useTill.setState(({ jobs }) => ({ jobs: replace(jobs, job) }));
    }
    case 'card_changed':
      return hearCard(frame.data.card, words);
    case 'device_changed': {
      const { device } = frame.data;
      return useTill.setState(({ devices }) => ({ devices: replace(devices, device) }));
    }
    case 'sync_changed':
      return useTill.setState({ sync: frame.data });
    case 'items_changed':
      return forgetGoods();
    default:
    // Newer appliances may say more than this screen knows.
  }
}

function hearOrder(order: Order): void {
  noteFrame(order.id);
  const till = useTill.getState();
  const mine = till.order?.id === order.id;
  const opened = !till.order && !till.completed && order.terminal === till.terminal;
  if (mine || (opened && isOpen(order))) showOrder(order);
}

function hearSale(sale: Sale, orderId: string | null | undefined): void {
  const { order } = useTill.getState();
  if (orderId && order?.id === orderId) completeSale(orderId, sale, sale.change);
}

/** What a card's bank said is news for the till that asked. */
function hearCard(card: CardCharge, words: Words): void {
  noteCharge(card);
  if (card.terminal !== useTill.getState().terminal) return;
  if (card.state !== 'declined' && card.state !== 'cancelled') return;
  // A refund that was settled otherwise is no news of the terminal's.
  if (!card.order_id) return;
  beep('refused');
  notify(`${words.t(`charge-${card.state}`)} ${card.reason ?? ''}`.trim(), 'danger');
}

async function hearScan(scan: ScanRungUp, words: Words): Promise<void> {
  const till = useTill.getState();
  if (scan.terminal !== till.terminal) return;
  const quantity = words.t('scan-quantity', { quantity: scan.quantity });
  const total = words.money(scan.total);
  speak(words.t('scan-spoken', { name: scan.name, quantity, total }));
  if (till.order?.id !== scan.order_id) await turnTo(scan.order_id, words);
  useTill.setState({ lineAtHand: scan.line_id });
}

/** The appliance put the scan on another order than the one on the screen: show where it went. */
async function turnTo(orderId: string, words: Words): Promise<void> {
  const before = useTill.getState().order;
  const order = await store.getOrder(orderId).catch(() => null);
  if (!order) return;
  showOrder(order);
  if (before) notify(words.t('scan-elsewhere', { number: order.number }));
}

function hearRefusal(scan: ScanRefused, words: Words): void {
  if (scan.terminal !== useTill.getState().terminal) return;
  beep('refused');
  notify(
    words.t('scan-refused', { input: scan.input, reason: refusalReason(scan, words) }),
    'danger',
  );
}

const known = ['unknown_code', 'invalid_check_digit'];

function refusalReason({ code, detail }: ScanRefused, words: Words): string {
  return known.includes(code) ? words.t(`refused-${code.replaceAll('_', '-')}`) : detail;
}
