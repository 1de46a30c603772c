/** Quantities travel as decimal strings; here they are whole thousandths, never floats. */
export type Thousandths = number;

const shape = /^(-?)(\d+)(?:\.(\d{1,3}))?$/;

export function parseDecimal(text: string): Thousandths {
  const match = shape.exec(text);
  if (!match) throw new RangeError(`not a quantity: ${text}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const size = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'));
  return sign ? -size : size;
}

export function formatDecimal(value: Thousandths): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const fraction = String(size % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '');
  const whole = `${sign}${Math.trunc(size / 1000)}`;
  return fraction ? `${whole}.${fraction}` : whole;
}

/** Price for a weight, rounded half up to the minor unit: for showing only, the appliance decides. */
export function priceOf(minorPerKilo: number, weight: Thousandths): number {
  return Math.trunc((minorPerKilo * weight + 500) / 1000);
}
