import { beforeEach, expect, test } from 'vitest';
import type { Device, GateEvent } from '../api/shapes';
import { lamps, note, noteAll, noteDevice, readers, seeTo, useDoor, waiting } from './door';

const event = (seq: number, kind = 'alarm', gate = 'gate1') =>
  ({ id: `e${seq}`, seq, kind, gate, at: '2026-11-27T10:00:00Z', device: 'r' }) as GateEvent;
const device = (id: string, kind: string, station: string, state = 'online') =>
  ({ id, kind, station, state }) as Device;
const shown = () => waiting(useDoor.getState()).map(({ seq }) => seq);

beforeEach(() => {
  localStorage.clear();
  useDoor.setState({ gate: 'gate1', events: [], devices: [], seen: null, loaded: false });
});

test('a screen that was just hung up does not cry over yesterday', () => {
  noteAll([event(7), event(3)], []);
  expect(shown()).toEqual([]);
  note(event(9));
  note(event(9));
  note(event(8));
  expect(shown()).toEqual([9, 8]);
});

test('what was seen to stays so, and what comes later does not', () => {
  noteAll([], []);
  note(event(1));
  seeTo();
  expect(shown()).toEqual([]);
  // A screen that lost its line fetches everything again.
  noteAll([event(2), event(1)], []);
  expect(shown()).toEqual([2]);
});

test('a reader that is silent is an event and no alarm; another gate is neither', () => {
  noteAll([], []);
  note(event(1, 'reader_silent'));
  note(event(2, 'alarm', 'gate2'));
  expect(shown()).toEqual([]);
  expect(useDoor.getState().events.map(({ seq }) => seq)).toEqual([1]);
});

test('only the gate’s own reader and lamps are its business', () => {
  noteAll([], [device('r1', 'rfid_reader', 'gate1'), device('r2', 'rfid_reader', 'gate2')]);
  noteDevice(device('l1', 'output', 'gate1'));
  noteDevice(device('r1', 'rfid_reader', 'gate1', 'offline'));
  const door = useDoor.getState();
  expect(readers(door).map(({ id, state }) => [id, state])).toEqual([['r1', 'offline']]);
  expect(lamps(door).map(({ id }) => id)).toEqual(['l1']);
});
