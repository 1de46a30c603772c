import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { LostBar } from '../kit/LostBar';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { cardTroubles } from './card';
import { ask } from './desk';
import { useTill, type Till } from './till';

export function TopBar() {
  const { t } = useWords();
  const name = useTill(({ store }) => store?.name ?? '');
  const terminal = useTill((till) => till.terminal);
  const troubles = useTill(troubleCount);
  const simulated = useTill(({ devices }) => devices.filter((device) => device.simulated).length);
  const lost = useLine(({ lostSince }) => lostSince !== null);
  const tone = lost || troubles > 0 ? 'warn' : 'good';
  return (
    <header className={lost ? 'top-bar top-bar--lost' : 'top-bar'}>
      <strong className="top-bar__store">{name}</strong>
      <span className="top-bar__terminal">{t('terminal', { terminal })}</span>
      {simulated > 0 && (
        <span className="top-bar__simulated" data-testid="simulated">
          <Icon name="warning" />
          {t('simulated-devices', { simulated })}
        </span>
      )}
      <div className="top-bar__space">
        <LostBar message="line-lost" />
      </div>
      <Button look="bare" onClick={() => ask({ about: 'orders' })}>
        <Icon name="orders" />
        {t('open-orders')} <kbd className="key-hint">{'F4'}</kbd>
      </Button>
      <Button look="bare" onClick={() => ask({ about: 'status' })} data-testid="status">
        <span className={`dot dot--${tone}`} />
        {lost ? t('status-lost') : t('status-summary', { troubles })}
      </Button>
    </header>
  );
}

/** What needs a hand: devices and receipts. Headquarters' silence is not among them. */
function troubleCount({ devices, jobs, charges }: Till): number {
  const broken = devices.filter(({ state }) => state !== 'online' && state !== 'starting').length;
  const unprinted = jobs.filter(({ state }) => state === 'failed' || state === 'indeterminate');
  return broken + unprinted.length + cardTroubles({ charges }).length;
}
