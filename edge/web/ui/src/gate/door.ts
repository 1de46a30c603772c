import { create } from 'zustand';
import type { Device, GateEvent } from '../api/shapes';

/** Events that this screen shows; the rest is in the API for whoever asks. */
export const latelyMax = 20;

const asked = new URLSearchParams(location.search).get('gate');
const seenPlace = `outpost.gate.seen.${asked ?? ''}`;

/** What is known of the door. */
export interface Door {
  /** The gate's station; null for every gate of the shop. */
  gate: string | null;
  /** The latest first. */
  events: readonly GateEvent[];
  devices: readonly Device[];
  /** Alarms up to this one were seen to, at this screen. Null before the first answer. */
  seen: number | null;
  loaded: boolean;
}

export const useDoor = create<Door>(() => ({
  gate: asked,
  events: [],
  devices: [],
  seen: Number(localStorage.getItem(seenPlace)) || null,
  loaded: false,
}));

const here = (door: Door) => (place?: string | null) => door.gate === null || place === door.gate;

/** Puts an event at its place. The same event twice is one event. */
export function note(event: GateEvent): void {
  useDoor.setState((door) => {
    if (!here(door)(event.gate)) return {};
    const others = door.events.filter(({ id }) => id !== event.id);
    const events = [event, ...others].sort((a, b) => b.seq - a.seq).slice(0, latelyMax);
    return { events };
  });
}

export function noteAll(events: readonly GateEvent[], devices: readonly Device[]): void {
  useDoor.setState((door) => {
    const ours = events.filter(({ gate }) => here(door)(gate)).slice(0, latelyMax);
    // A screen that was just hung up has not missed what happened before.
    return { events: ours, devices, loaded: true, seen: door.seen ?? ours[0]?.seq ?? 0 };
  });
}

export function noteDevice(device: Device): void {
  useDoor.setState(({ devices }) => ({
    devices: [...devices.filter(({ id }) => id !== device.id), device],
  }));
}

/** Somebody went to the door: the alarms that are shown need nobody any more. */
export function seeTo(): void {
  const seen = useDoor.getState().events[0]?.seq ?? 0;
  localStorage.setItem(seenPlace, String(seen));
  useDoor.setState({ seen });
}

/** Alarms that nobody went to yet, the latest first. */
export const waiting = (door: Pick<Door, 'events' | 'seen'>): GateEvent[] =>
  door.events.filter(({ kind, seq }) => kind === 'alarm' && seq > (door.seen ?? 0));

const ofKind = (door: Pick<Door, 'gate' | 'devices'>, kind: string): Device[] =>
  door.devices.filter(
    (device) => device.kind === kind && (door.gate === null || device.station === door.gate),
  );

export const readers = (door: Pick<Door, 'gate' | 'devices'>) => ofKind(door, 'rfid_reader');
export const lamps = (door: Pick<Door, 'gate' | 'devices'>) => ofKind(door, 'output');
