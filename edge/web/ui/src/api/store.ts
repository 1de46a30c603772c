import createClient from 'openapi-fetch';
import type { paths } from './generated/store';
import { answered } from './refusal';
import type { Money, OrderKind } from './shapes';

/** Longer than a slow disk's commit, shorter than a customer's patience. */
const answerMsMax = 10_000;

const client = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(answerMsMax) }),
});

const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } });

/** What a tap on an item asks for. */
export interface Ringing {
  sku?: string;
  code?: string;
  quantity?: string;
  modifiers?: string[];
  note?: string;
}

export type Tender = { method: 'cash'; tendered: Money } | { method: 'card'; amount: Money };

export const getStore = () => answered(client.GET('/api/v1/store'));

export const getCategories = async () =>
  (await answered(client.GET('/api/v1/categories'))).categories;

export const findItems = async (query: { q?: string; category?: string; limit?: number }) =>
  (await answered(client.GET('/api/v1/items', { params: { query } }))).items;

export const getItem = (sku: string) =>
  answered(client.GET('/api/v1/items/{sku}', { params: { path: { sku } } }));

export const getTerminal = (id: string) =>
  answered(client.GET('/api/v1/terminals/{id}', { params: { path: { id } } }));

export const getOrder = (id: string) =>
  answered(client.GET('/api/v1/orders/{id}', { params: { path: { id } } }));

export const getOpenOrders = async () =>
  (await answered(client.GET('/api/v1/orders', { params: { query: { state: 'open' } } }))).orders;

export const openOrder = (key: string, terminal: string, kind: OrderKind, table?: string) =>
  answered(
    client.POST('/api/v1/orders', {
      params: keyed(key),
      body: table ? { kind, terminal, table } : { kind, terminal },
    }),
  );

export const addLine = (key: string, order: string, line: Ringing) =>
  answered(
    client.POST('/api/v1/orders/{id}/lines', {
      params: { path: { id: order }, ...keyed(key) },
      body: line,
    }),
  );

export const setQuantity = (key: string, order: string, line: string, quantity: string) =>
  answered(
    client.POST('/api/v1/orders/{id}/lines/{line_id}/quantity', {
      params: { path: { id: order, line_id: line }, ...keyed(key) },
      body: { quantity },
    }),
  );

/** Lets the scans at a terminal go to an order that lives. */
export const attendOrder = (key: string, terminal: string, order: string) =>
  answered(
    client.POST('/api/v1/terminals/{id}/orders/{order}', {
      params: { path: { id: terminal, order }, ...keyed(key) },
      body: {},
    }),
  );

export const fireOrder = (key: string, order: string) =>
  answered(
    client.POST('/api/v1/orders/{id}/fire', {
      params: { path: { id: order }, ...keyed(key) },
      body: {},
    }),
  );

export const takePayment = (key: string, order: string, tender: Tender) =>
  answered(
    client.POST('/api/v1/orders/{id}/payments', {
      params: { path: { id: order }, ...keyed(key) },
      body: tender,
    }),
  );

export const cancelOrder = (key: string, order: string, reason: string) =>
  answered(
    client.POST('/api/v1/orders/{id}/cancel', {
      params: { path: { id: order }, ...keyed(key) },
      body: { reason },
    }),
  );

export const getReceipt = async (sale: string) =>
  (await answered(client.GET('/api/v1/sales/{id}/receipt', { params: { path: { id: sale } } })))
    .text;

export const reprint = (key: string, sale: string) =>
  answered(
    client.POST('/api/v1/sales/{id}/reprint', {
      params: { path: { id: sale }, ...keyed(key) },
      body: {},
    }),
  );

export const getPrintJobs = async () =>
  (await answered(client.GET('/api/v1/print-jobs'))).print_jobs;

export const retryPrint = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/print-jobs/{id}/retry', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const dismissPrint = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/print-jobs/{id}/dismiss', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const getDevices = async () => (await answered(client.GET('/api/v1/devices'))).devices;

export const testDevice = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/devices/{id}/test', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const getCharges = async () => (await answered(client.GET('/api/v1/cards'))).charges;

export const chargeCard = (key: string, order: string, amount: Money) =>
  answered(
    client.POST('/api/v1/orders/{id}/card', {
      params: { path: { id: order }, ...keyed(key) },
      body: { amount, tip: null },
    }),
  );

export const giveUpCard = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/cards/{id}/cancel', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const askCardAgain = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/cards/{id}/again', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const giveCardRefund = (key: string, id: string, method: string) =>
  answered(
    client.POST('/api/v1/cards/{id}/give', {
      params: { path: { id }, ...keyed(key) },
      body: { method },
    }),
  );

export const resolveCard = (key: string, id: string, said: { reason: string; approval?: string }) =>
  answered(
    client.POST('/api/v1/cards/{id}/resolve', {
      params: { path: { id }, ...keyed(key) },
      body: said,
    }),
  );

export const getSync = () => answered(client.GET('/api/v1/sync/status'));

export const getGateEvents = (limit: number) =>
  answered(client.GET('/api/v1/gate/events', { params: { query: { limit } } }));

export const getTickets = (station: string, state: 'open' | 'bumped') =>
  answered(client.GET('/api/v1/kitchen/tickets', { params: { query: { station, state } } }));

export const bumpTicket = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/kitchen/tickets/{id}/bump', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );

export const recallTicket = (key: string, id: string) =>
  answered(
    client.POST('/api/v1/kitchen/tickets/{id}/recall', {
      params: { path: { id }, ...keyed(key) },
      body: {},
    }),
  );
