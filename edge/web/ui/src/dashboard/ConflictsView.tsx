import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getConflicts, resolveConflict, type Conflict } from '../api/hq';
import { Intentions } from '../api/intention';
import type { Money } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { Failure } from './Failure';

const intentions = new Intentions();

/** Values that were written in two places. Both stand here until a person settles it. */
export function ConflictsView() {
  const { t } = useWords();
  const conflicts = useQuery({ queryKey: ['conflicts'], queryFn: getConflicts });
  return (
    <section>
      <div className="view__head">
        <h1>{t('view-conflicts')}</h1>
      </div>
      <p className="view__lead">{t('conflicts-lead')}</p>
      {conflicts.isError && (
        <Failure error={conflicts.error} onRetry={() => void conflicts.refetch()} />
      )}
      {conflicts.data?.length === 0 && <p className="view__note">{t('no-conflicts')}</p>}
      <ul className="conflicts">
        {conflicts.data?.map((conflict) => (
          <ConflictCard key={conflict.id} conflict={conflict} />
        ))}
      </ul>
    </section>
  );
}

function ConflictCard({ conflict }: { conflict: Conflict }) {
  const words = useWords();
  const { t, money, moment } = words;
  const settle = useSettle(conflict);
  return (
    <li className="conflict" data-sku={conflict.sku}>
      <h2>
        {conflict.name} <span className="cell__note">{conflict.sku}</span>
      </h2>
      <ul className="conflict__values">
        {conflict.values.map(({ value, by, at, holds }) => (
          <li key={`${by} ${at}`} className={holds ? 'claim claim--holds' : 'claim'}>
            <strong className="claim__value">{money(value)}</strong>
            <span className="claim__who">{t('written-by', { by, at: moment(at) })}</span>
            {holds && (
              <span className="badge badge--good">
                <Icon name="check" />
                {t('holds-now')}
              </span>
            )}
            <Button disabled={settle.isPending} onClick={() => settle.mutate(value)}>
              {t(holds ? 'keep-value' : 'take-value', { value: money(value) })}
            </Button>
          </li>
        ))}
      </ul>
    </li>
  );
}

function useSettle(conflict: Conflict) {
  const words = useWords();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (value: Money) =>
      intentions.carryOut(`resolve ${conflict.id} ${value.amount}`, (key) =>
        resolveConflict(key, conflict.id, value),
      ),
    onSuccess: () => {
      notify(words.t('conflict-settled', { name: conflict.name }));
      return queries.invalidateQueries();
    },
    onError: (error) => notify(apology(error, words), 'danger'),
  });
}
