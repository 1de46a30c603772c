import createClient from 'openapi-fetch';
import type { components, paths } from './generated/hq';
import { answered } from './refusal';
import type { Money } from './shapes';

type Schemas = components['schemas'];
export type Store = Schemas['StoreStatus'];
export type SalesRow = Schemas['SalesRow'];
export type CatalogueItem = Schemas['CatalogueItem'];
export type Conflict = Schemas['Conflict'];
export type Grouping = 'store' | 'day' | 'item';

const answerMsMax = 20_000;

const client = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(answerMsMax) }),
});

const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } });

export const getStores = () => answered(client.GET('/api/v1/stores'));

/** `from` and `to` are days, both included. */
export const getSalesReport = (from: string, to: string, group_by: Grouping) =>
  answered(client.GET('/api/v1/reports/sales', { params: { query: { from, to, group_by } } }));

export const findCatalogueItems = async (q: string, limit: number) =>
  (await answered(client.GET('/api/v1/catalogue/items', { params: { query: { q, limit } } })))
    .items;

export const setPrice = (key: string, sku: string, price: Money) =>
  answered(client.POST('/api/v1/catalogue/prices', { params: keyed(key), body: { sku, price } }));

export const getConflicts = async () => (await answered(client.GET('/api/v1/conflicts'))).conflicts;

export const resolveConflict = (key: string, id: string, value: Money) =>
  answered(
    client.POST('/api/v1/conflicts/{id}/resolve', {
      params: { path: { id }, ...keyed(key) },
      body: { value },
    }),
  );
