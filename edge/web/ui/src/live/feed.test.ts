import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs } from './backoff';
import { Feed, silenceMsMax, type LineState, type Socket } from './feed';

interface Frame {
  seq: number;
  type: string;
}

class FakeSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  closed = false;
  constructor(readonly after: number | null) {}
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent<unknown>);
  }
  drop() {
    this.onclose?.({} as CloseEvent);
  }
}

function screen(refetch: () => Promise<number | void> = () => Promise.resolve()) {
  const sockets: FakeSocket[] = [];
  const heard: number[] = [];
  const lines: LineState[] = [];
  const refetched = vi.fn(refetch);
  const feed = new Feed<Frame>({
    open: (after) => {
      const socket = new FakeSocket(after);
      sockets.push(socket);
      return socket;
    },
    onFrame: ({ seq }) => heard.push(seq),
    refetch: refetched,
    onLine: (line) => lines.push(line),
    chance: () => 0,
  });
  feed.start();
  const line = () => sockets.at(-1)!;
  const hello = async (seq: number, reset = false) => {
    line().say({ type: 'hello', seq, reset });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { feed, sockets, heard, lines, refetched, line, hello };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the live feed', () => {
  it('fetches everything at the first hello and then hears what follows', async () => {
    const { line, hello, heard, refetched } = screen();
    await hello(7);
    line().say({ seq: 8, type: 'x' });
    expect(refetched).toHaveBeenCalledOnce();
    expect(heard).toEqual([8]);
  });

  it('keeps frames that come while it fetches, and skips those the answer contains', async () => {
    let answer: (seq: number) => void = () => undefined;
    const { line, hello, heard } = screen(() => new Promise((done) => (answer = done)));
    await hello(7);
    for (const seq of [8, 9, 10]) line().say({ seq, type: 'x' });
    expect(heard).toEqual([]);
    answer(9);
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([10]);
  });

  it('resumes after the last frame without fetching, and never hears a frame twice', async () => {
    const { line, hello, heard, sockets, refetched } = screen();
    await hello(7);
    line().say({ seq: 8, type: 'x' });
    line().drop();
    await vi.advanceTimersByTimeAsync(200);
    expect(sockets[1]!.after).toBe(8);
    await hello(10);
    for (const seq of [8, 9, 10, 9]) line().say({ seq, type: 'x' });
    expect(heard).toEqual([8, 9, 10]);
    expect(refetched).toHaveBeenCalledOnce();
  });

  it('fetches everything again after a reset, and goes on from the new sequence', async () => {
    const { line, hello, heard, refetched } = screen();
    await hello(700);
    line().drop();
    await vi.advanceTimersByTimeAsync(200);
    await hello(3, true);
    line().say({ seq: 4, type: 'x' });
    expect(refetched).toHaveBeenCalledTimes(2);
    expect(heard).toEqual([4]);
  });

  it('takes 12 s of silence for a lost line, and a heartbeat for a living one', async () => {
    const { line, hello, lines, sockets } = screen();
    await hello(1);
    await vi.advanceTimersByTimeAsync(silenceMsMax - 1);
    line().say({ type: 'heartbeat', seq: 1 });
    await vi.advanceTimersByTimeAsync(silenceMsMax - 1);
    expect(lines).toEqual([{ line: 'live' }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(lines.at(-1)).toMatchObject({ line: 'lost' });
    expect(sockets[0]!.closed).toBe(true);
  });

  it('tries again when fetching fails, and fetches again at the next hello', async () => {
    let fails = true;
    const { hello, lines, refetched } = screen(() =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(),
    );
    await hello(1);
    expect(lines.at(-1)).toMatchObject({ line: 'lost' });
    fails = false;
    await vi.advanceTimersByTimeAsync(200);
    await hello(1);
    expect(lines.at(-1)).toEqual({ line: 'live' });
    expect(refetched).toHaveBeenCalledTimes(2);
  });

  it('stays silent once it is stopped', async () => {
    const { feed, hello, sockets } = screen();
    await hello(1);
    feed.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]!.closed).toBe(true);
  });
});

describe('the waits between reconnects', () => {
  it('grow from 0.2 s to 5 s and differ between screens', () => {
    const waits = [0, 1, 2, 3, 4, 5, 20].map((attempt) => backoffMs(attempt, 1));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(backoffMs(5, 0)).toBe(2500);
    expect(backoffMs(0, 0)).toBe(200);
  });
});
