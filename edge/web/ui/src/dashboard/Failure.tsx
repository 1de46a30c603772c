import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { apology } from '../words/apology';
import { useWords } from '../words/words';

/** Says that figures could not be fetched, instead of showing old ones as if they were new. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const words = useWords();
  return (
    <div className="failure" role="alert">
      <Icon name="warning" />
      <p>
        {words.t('fetch-failed')} {apology(error, words)}
      </p>
      <Button onClick={onRetry}>{words.t('try-again')}</Button>
    </div>
  );
}
