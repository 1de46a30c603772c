import type { PrintJob } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { letPrintGo, printAgain } from './counter';

/** A print that failed or that nobody can vouch for. Only a person may repeat it. */
export function PrintTrouble({ job }: { job: PrintJob }) {
  const words = useWords();
  const { t } = words;
  if (job.state !== 'failed' && job.state !== 'indeterminate') return null;
  const act = (deed: (id: string) => Promise<void>) => () =>
    void deed(job.id).catch((error: unknown) => notify(apology(error, words), 'danger'));
  return (
    <div className="trouble" role="group" aria-label={t('print-trouble')}>
      <Icon name="warning" />
      <p className="trouble__text">
        <strong>{t(`print-${job.state}`)}</strong> {job.reason} {t('print-saved')}
      </p>
      <div className="trouble__keys">
        <Button onClick={act(printAgain)}>{t('print-again')}</Button>
        <Button look="bare" onClick={act(letPrintGo)}>
          {t('print-let-go')}
        </Button>
      </div>
    </div>
  );
}
