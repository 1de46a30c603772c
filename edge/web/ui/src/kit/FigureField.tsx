import { useId } from 'react';
import { Keypad } from './Keypad';

interface Props {
  label: string;
  /** The digits typed so far, least significant last. */
  digits: string;
  /** The digits as a person reads them: "12.50 €", "0.345 kg". */
  shown: string;
  digitsMax?: number;
  onChange: (digits: string) => void;
}

/** A large figure with a keypad: digits move in from the end, so nobody types a decimal mark. */
export function FigureField({ label, digits, shown, digitsMax = 7, onChange }: Props) {
  const id = useId();
  const put = (next: string) => onChange(next.replace(/^0+/, '').slice(0, digitsMax));
  const erase = () => put(digits.slice(0, -1));
  return (
    <>
      <label className="figure-label" htmlFor={id}>
        {label}
      </label>
      <input
        data-first-focus
        id={id}
        className="figure-input"
        inputMode="none"
        autoComplete="off"
        value={shown}
        onFocus={(event) => event.target.select()}
        onChange={(event) => put(event.target.value.replace(/\D/g, ''))}
        onKeyDown={(event) => {
          // The figure carries a unit and may show a proposal: keys act on the digits, not on it.
          const digit = /^\d$/.test(event.key);
          if (event.ctrlKey || event.metaKey || (!digit && event.key !== 'Backspace')) return;
          event.preventDefault();
          if (digit) put(digits + event.key);
          else erase();
        }}
      />
      <Keypad onDigits={(more) => put(digits + more)} onErase={erase} />
    </>
  );
}
