import { describe, expect, it } from 'vitest';
import { Intentions, newKey } from './intention';
import { Refusal } from './refusal';

const lost = () => new Refusal('unknown', 'no_answer', '');
const atOnce = () => Promise.resolve();

describe('an intention', () => {
  it('is one request when a finger taps twice', async () => {
    const keys: string[] = [];
    let answer: (value: string) => void = () => undefined;
    const intentions = new Intentions(atOnce);
    const send = (key: string) => {
      keys.push(key);
      return new Promise<string>((done) => (answer = done));
    };
    const both = [intentions.carryOut('pay 7', send), intentions.carryOut('pay 7', send)];
    answer('paid');
    expect(await Promise.all(both)).toEqual(['paid', 'paid']);
    expect(keys).toHaveLength(1);
  });

  it('keeps its key while answers are lost', async () => {
    const keys: string[] = [];
    const send = (key: string) => {
      keys.push(key);
      return keys.length < 3 ? Promise.reject(lost()) : Promise.resolve('paid');
    };
    expect(await new Intentions(atOnce).carryOut('pay 7', send)).toBe('paid');
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('keeps its key when a person tries again after all retries were lost', async () => {
    const keys: string[] = [];
    let reachable = false;
    const send = (key: string) => {
      keys.push(key);
      return reachable ? Promise.resolve('paid') : Promise.reject(lost());
    };
    const intentions = new Intentions(atOnce);
    await expect(intentions.carryOut('pay 7', send)).rejects.toThrow(Refusal);
    reachable = true;
    expect(await intentions.carryOut('pay 7', send)).toBe('paid');
    expect(new Set(keys).size).toBe(1);
  });

  it('ends with a refusal: the next try means something new', async () => {
    const keys: string[] = [];
    const send = (key: string) => {
      keys.push(key);
      return Promise.reject(new Refusal('refused', 'order_closed', ''));
    };
    const intentions = new Intentions(atOnce);
    for (let n = 0; n < 2; n += 1) {
      await expect(intentions.carryOut('pay 7', send)).rejects.toThrow(Refusal);
    }
    expect(new Set(keys).size).toBe(2);
  });

  it('has a key that is a version 4 UUID', () => {
    const shape = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    expect(newKey()).toMatch(shape);
    expect(newKey()).not.toBe(newKey());
  });
});
