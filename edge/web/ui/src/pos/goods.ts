import { create } from 'zustand';
import type { Category, Item } from '../api/shapes';
import { findItems, getCategories, getItem } from '../api/store';

/** Tiles on the screen at once; more are found faster by typing than by looking. */
export const tilesMax = 60;

interface Goods {
  categories: readonly Category[] | null;
  category: string | null;
  /** Grows whenever prices or items change, so that what is shown is asked for again. */
  edition: number;
}

export const useGoods = create<Goods>(() => ({ categories: null, category: null, edition: 0 }));

const cache = new Map<string, Promise<Item[]>>();

export function forgetGoods(): void {
  cache.clear();
  useGoods.setState(({ edition }) => ({ edition: edition + 1 }));
}

export async function loadCategories(): Promise<void> {
  const categories = await getCategories();
  useGoods.setState(({ category }) => ({
    categories,
    category: category ?? categories[0]?.name ?? null,
  }));
}

export function itemsOf(category: string): Promise<Item[]> {
  let items = cache.get(category);
  if (!items) {
    items = findItems({ category, limit: tilesMax + 1 });
    cache.set(category, items);
    items.catch(() => cache.delete(category));
  }
  return items;
}

export const searchItems = (q: string) => findItems({ q, limit: tilesMax });

/** What a scanner or a hand types: long, and nothing but a code's characters. */
export const looksLikeCode = (text: string) => /^\d{6,14}$/.test(text) || /^[\](]/.test(text);

/** Where each item is made, for items seen so far; null when it is only handed over. */
export const useStations = create<Readonly<Record<string, string | null>>>(() => ({}));

/** Learns where these items are made; lines on an order do not say. */
export async function learnStations(skus: readonly string[]): Promise<void> {
  const known = useStations.getState();
  const missing = [...new Set(skus)].filter((sku) => !(sku in known));
  const items = await Promise.all(missing.map((sku) => getItem(sku).catch(() => null)));
  const learned = items.filter((item) => item !== null);
  if (learned.length === 0) return;
  useStations.setState(
    Object.fromEntries(learned.map(({ sku, station }) => [sku, station ?? null])),
  );
}
