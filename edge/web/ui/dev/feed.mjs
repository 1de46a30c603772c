import { WebSocketServer } from 'ws';

/** Events kept for screens that come back; older ones make them fetch everything again. */
const kept = 500;

/** The live feed: numbered events, resumable, with a heartbeat every 5 s. */
export class Feed {
  seq = 0;
  events = [];
  sockets = new Set();
  downUntil = 0;

  constructor(server) {
    const upgrades = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url, 'http://localhost');
      if (url.pathname !== '/api/v1/events' || Date.now() < this.downUntil) return socket.destroy();
      upgrades.handleUpgrade(request, socket, head, (line) => this.greet(line, url.searchParams));
    });
    setInterval(() => this.beat(), 5000).unref();
  }

  greet(line, asked) {
    line.topics = asked.get('topics')?.split(',') ?? null;
    const after = asked.has('after') ? Number(asked.get('after')) : null;
    const oldest = this.events[0]?.seq ?? this.seq + 1;
    const reset = after !== null && (after > this.seq || after < oldest - 1);
    line.send(JSON.stringify({ type: 'hello', seq: this.seq, reset }));
    const missed = after === null || reset ? [] : this.events.filter(({ seq }) => seq > after);
    for (const event of missed) this.send(line, event);
    this.sockets.add(line);
    line.on('close', () => this.sockets.delete(line));
  }

  emit(topic, type, data) {
    const event = { seq: ++this.seq, topic, type, at: new Date().toISOString(), data };
    this.events.push(event);
    if (this.events.length > kept) this.events.shift();
    for (const line of this.sockets) this.send(line, event);
  }

  send(line, event) {
    if (!line.topics || line.topics.includes(event.topic)) line.send(JSON.stringify(event));
  }

  beat() {
    const heartbeat = JSON.stringify({ type: 'heartbeat', seq: this.seq });
    for (const line of this.sockets) line.send(heartbeat);
  }

  /** Hangs up on everybody and refuses calls for a while. */
  goDown(seconds) {
    this.downUntil = Date.now() + seconds * 1000;
    for (const line of this.sockets) line.terminate();
  }
}
