import { soundSwitch } from '../kit/soundSwitch';

/** Whether new tickets are heard. */
export const sound = soundSwitch('outpost.kitchen.sound', 'off');
