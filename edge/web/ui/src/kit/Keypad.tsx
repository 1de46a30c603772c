import { useWords } from '../words/words';
import { Button } from './Button';
import { Icon } from './Icon';

const digits = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '00', '0'] as const;

interface Props {
  onDigits: (digits: string) => void;
  onErase: () => void;
}

/** Digits where a calculator has them. The field keeps the focus, so that keys go on working. */
export function Keypad({ onDigits, onErase }: Props) {
  const { t } = useWords();
  return (
    <div className="keypad">
      {digits.map((digit) => (
        <Button key={digit} tabIndex={-1} onPointerDown={stay} onClick={() => onDigits(digit)}>
          {digit}
        </Button>
      ))}
      <Button tabIndex={-1} aria-label={t('erase')} onPointerDown={stay} onClick={onErase}>
        <Icon name="backspace" />
      </Button>
    </div>
  );
}

function stay(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
