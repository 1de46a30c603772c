import { create } from 'zustand';

/** Whether something is heard at this screen; kept on this screen only, under `place`. */
export function soundSwitch(place: string, byDefault: 'on' | 'off') {
  const use = create(() => ({ on: (localStorage.getItem(place) ?? byDefault) === 'on' }));
  const toggle = (): void => {
    const on = !use.getState().on;
    localStorage.setItem(place, on ? 'on' : 'off');
    use.setState({ on });
  };
  return { use, toggle };
}

export type SoundSwitch = ReturnType<typeof soundSwitch>;
