import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { useNow } from '../kit/useNow';
import { useWords } from '../words/words';
import { usePass } from './pass';
import { callBack } from './work';

/** Ten seconds to take back a bump that a sleeve made. */
export function UndoBar() {
  const undo = usePass((pass) => pass.undo);
  return undo && <Undo ticket={undo.ticket} until={undo.until} />;
}

function Undo({ ticket, until }: NonNullable<ReturnType<typeof usePass.getState>['undo']>) {
  const words = useWords();
  const { t } = words;
  const left = Math.max(0, Math.ceil((until - useNow(500)) / 1000));
  return (
    <div className="undo">
      <span role="status">{t('bumped', { number: ticket.number })}</span>
      <Button look="accent" size="large" onClick={() => void callBack(ticket, words)}>
        <Icon name="undo" />
        {t('undo')} <span aria-hidden="true">{left}</span>
        <kbd className="key-hint">{'⌫'}</kbd>
      </Button>
    </div>
  );
}
