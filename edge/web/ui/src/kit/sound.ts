let context: AudioContext | null = null;

/** Short tones without files: a shop's screen may load nothing from elsewhere. */
export function beep(kind: 'refused' | 'arrived'): void {
  try {
    context ??= new AudioContext();
    const tones = kind === 'refused' ? [220, 160] : [660, 880];
    tones.forEach((hertz, at) => tone(context!, hertz, context!.currentTime + at * 0.16));
  } catch {
    // A screen without sound is still a screen.
  }
}

function tone(audio: AudioContext, hertz: number, start: number): void {
  const source = audio.createOscillator();
  const gain = audio.createGain();
  source.frequency.value = hertz;
  gain.gain.setValueAtTime(0.12, start);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.14);
  source.connect(gain).connect(audio.destination);
  source.start(start);
  source.stop(start + 0.15);
}
