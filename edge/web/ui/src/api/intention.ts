import { Refusal } from './refusal';

/** How long the waits between tries are, in milliseconds; after the last one a person decides. */
const waitsMs = [250, 500, 1000, 2000];

/**
 * A key for one user intention. `crypto.randomUUID` is missing on plain http in the shop's
 * network, `getRandomValues` is not.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface Standing {
  key: string;
  running: Promise<unknown> | null;
}

/**
 * Turns what a person meant into exactly one effect. A second tap while the first is under way
 * joins it; a try after a lost answer sends the same key again; only an answer ends an intention.
 */
export class Intentions {
  private readonly standing = new Map<string, Standing>();
  private readonly sleep: (ms: number) => Promise<void>;

  constructor(sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))) {
    this.sleep = sleep;
  }

  /**
   * `name` says what is meant ("pay order 7, 12.40 cash"): the same name is the same intention
   * until it is answered.
   */
  carryOut<T>(name: string, send: (key: string) => Promise<T>): Promise<T> {
    let intention = this.standing.get(name);
    if (intention?.running) return intention.running as Promise<T>;
    intention ??= { key: newKey(), running: null };
    this.standing.set(name, intention);
    const running = this.tryUntilAnswered(name, intention.key, send);
    intention.running = running;
    return running;
  }

  private async tryUntilAnswered<T>(name: string, key: string, send: (key: string) => Promise<T>) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await send(key);
        this.standing.delete(name);
        return answer;
      } catch (error) {
        const unknown = error instanceof Refusal && error.outcome === 'unknown';
        const wait = waitsMs[attempt];
        if (!unknown) this.standing.delete(name);
        if (!unknown || wait === undefined) {
          const kept = this.standing.get(name);
          if (kept) kept.running = null;
          throw error;
        }
        await this.sleep(wait);
      }
    }
  }
}
