import { backoffMs } from './backoff';
import type { Heartbeat, Hello } from './frames';

/** Silence after which the line counts as lost; the server's heart beats every 5 s. */
export const silenceMsMax = 12_000;
/** Frames kept while a screen fetches everything again; more than this means: fetch once more. */
const waitingMax = 2_000;

export type LineState = { line: 'live' } | { line: 'lost'; since: number };

/** The part of a WebSocket that the feed needs, so that tests can play the server. */
export interface Socket {
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export interface FeedOptions<Frame> {
  /** Opens a line that continues after this sequence; null asks for the present. */
  open: (after: number | null) => Socket;
  /** Called once for each frame, in order, never twice. */
  onFrame: (frame: Frame) => void;
  /**
   * Fetch everything again. May resolve to the sequence that the fetched state already
   * contains; frames up to it are then skipped.
   */
  refetch: () => Promise<number | void>;
  onLine: (state: LineState) => void;
  now?: () => number;
  chance?: () => number;
}

type Message<Frame> = Hello | Heartbeat | Frame;

/** A screen's line to the appliance: resumes where it stopped, in order, without end. */
export class Feed<Frame extends { seq: number; type: string }> {
  private last: number | null = null;
  private attempt = 0;
  private socket: Socket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Frames that came while everything is fetched again; null when nothing is fetched. */
  private waiting: Frame[] | null = null;
  private stopped = false;

  constructor(private readonly options: FeedOptions<Frame>) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.hangUp();
  }

  private connect(): void {
    const socket = this.options.open(this.last);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(socket, event.data);
    socket.onclose = () => this.lose(socket);
    this.listenFor(socket);
  }

  /** The watchdog: a line that says nothing is as lost as one that was closed. */
  private listenFor(socket: Socket): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose(socket), silenceMsMax);
  }

  private receive(socket: Socket, data: unknown): void {
    if (socket !== this.socket || typeof data !== 'string') return;
    this.listenFor(socket);
    const message = JSON.parse(data) as Message<Frame>;
    if (message.type === 'hello') this.greet(socket, message as Hello);
    else if (message.type !== 'heartbeat') this.take(socket, message as Frame);
  }

  private greet(socket: Socket, hello: Hello): void {
    this.attempt = 0;
    if (this.last !== null && !hello.reset) {
      this.options.onLine({ line: 'live' });
      return;
    }
    this.waiting = [];
    this.options.refetch().then(
      (contained) => this.catchUp(socket, contained ?? hello.seq),
      () => this.lose(socket),
    );
  }

  private catchUp(socket: Socket, from: number): void {
    if (socket !== this.socket || !this.waiting) return;
    const frames = this.waiting;
    this.waiting = null;
    this.last = from;
    for (const frame of frames) this.take(socket, frame);
    this.options.onLine({ line: 'live' });
  }

  private take(socket: Socket, frame: Frame): void {
    if (this.waiting) {
      if (this.waiting.push(frame) > waitingMax) this.lose(socket);
      return;
    }
    if (this.last !== null && frame.seq <= this.last) return;
    this.last = frame.seq;
    this.options.onFrame(frame);
  }

  private lose(socket: Socket): void {
    if (socket !== this.socket) return;
    // Half-fetched state is no state: without a sequence the next hello fetches again.
    if (this.waiting) this.last = null;
    this.hangUp();
    if (this.stopped) return;
    const { now = Date.now, chance = Math.random } = this.options;
    this.options.onLine({ line: 'lost', since: now() });
    this.timer = setTimeout(() => this.connect(), backoffMs(this.attempt, chance()));
    this.attempt += 1;
  }

  private hangUp(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.waiting = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
