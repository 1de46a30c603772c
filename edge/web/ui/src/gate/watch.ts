import { Intentions } from '../api/intention';
import * as store from '../api/store';
import { notify, speak } from '../kit/notices';
import { beep } from '../kit/sound';
import { soundSwitch } from '../kit/soundSwitch';
import { Feed } from '../live/feed';
import type { StoreFrame } from '../live/frames';
import { noteLine, openLine } from '../live/line';
import { apology } from '../words/apology';
import type { Words } from '../words/words';
import { lamps, latelyMax, note, noteAll, noteDevice, useDoor, waiting } from './door';

const intentions = new Intentions();

/** Whether alarms are heard here; the lamp's buzzer is the gate's own business. */
export const sound = soundSwitch('outpost.gate.sound', 'on');

/** Connects the door to the live feed; returns what disconnects it. */
export function watch(words: Words): () => void {
  const feed = new Feed<StoreFrame>({
    open: (after) => openLine('gate,devices', after),
    onFrame: (frame) => hear(frame, words),
    refetch: fetchAll,
    onLine: noteLine,
  });
  feed.start();
  return () => feed.stop();
}

async function fetchAll(): Promise<number> {
  // Every gate's, where one screen shows one of several: its own are among the latest of all.
  const { gate } = useDoor.getState();
  const { events, seq } = await store.getGateEvents(gate === null ? latelyMax : 10 * latelyMax);
  noteAll(events, await store.getDevices());
  return seq;
}

function hear(frame: StoreFrame, words: Words): void {
  switch (frame.type) {
    case 'gate_alarm':
    case 'gate_changed': {
      const { event } = frame.data;
      note(event);
      const ours = waiting(useDoor.getState()).some(({ id }) => id === event.id);
      if (!ours) return;
      speak(`${words.t('not-paid')} ${event.name ?? ''}`, 'assertive');
      if (sound.use.getState().on) beep('refused');
      return;
    }
    case 'device_changed':
      noteDevice(frame.data.device);
      return;
    default:
    // Other topics are other rooms' business.
  }
}

/** Lights every lamp of this gate for a moment. */
export async function tryLamps(words: Words): Promise<void> {
  try {
    for (const { id } of lamps(useDoor.getState())) {
      await intentions.carryOut(`test ${id}`, (key) => store.testDevice(key, id));
    }
    notify(words.t('lamp-tried'));
  } catch (error) {
    notify(apology(error, words), 'danger');
  }
}
