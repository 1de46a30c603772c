import { create } from 'zustand';

const place = 'outpost.kitchen.sound';

/** Whether new tickets are heard at this screen; kept on this screen only. */
export const useSound = create(() => ({ on: localStorage.getItem(place) === 'on' }));

export function toggleSound(): void {
  const on = !useSound.getState().on;
  localStorage.setItem(place, on ? 'on' : 'off');
  useSound.setState({ on });
}
