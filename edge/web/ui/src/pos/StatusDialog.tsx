import type { Device, SyncStatus } from '../api/shapes';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { notify } from '../kit/notices';
import { useLine } from '../live/line';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { CardTrouble } from './CardTrouble';
import { cardTroubles } from './card';
import { testDevice } from './counter';
import { putAside } from './desk';
import { PrintTrouble } from './PrintTrouble';
import { useTill } from './till';

/** How the shop's machines are, in words; and what to do where something is not well. */
export function StatusDialog() {
  const { t } = useWords();
  const { sync, devices, jobs, store, charges } = useTill();
  const lost = useLine(({ lostSince }) => lostSince !== null);
  const troubles = jobs.filter(({ state }) => state === 'failed' || state === 'indeterminate');
  return (
    <Dialog title={t('status-title')} onClose={putAside}>
      <div className="stack">
        <State tone={lost ? 'warn' : 'good'} name={t('appliance')}>
          {t(lost ? 'appliance-lost' : 'appliance-live', { version: store?.version ?? '' })}
        </State>
        {sync && <Headquarters sync={sync} />}
        {troubles.map((job) => (
          <PrintTrouble key={job.id} job={job} />
        ))}
        {cardTroubles({ charges }).map((card) => (
          <CardTrouble key={card.id} card={card} />
        ))}
        <h3 className="stack__head">{t('devices')}</h3>
        {devices.length === 0 && <p>{t('no-devices')}</p>}
        {devices.map((device) => (
          <DeviceState key={device.id} device={device} />
        ))}
      </div>
    </Dialog>
  );
}

interface StateProps {
  tone: 'good' | 'warn' | 'idle';
  name: string;
  children: React.ReactNode;
}

function State({ tone, name, children }: StateProps) {
  return (
    <div className="state">
      <span className={`dot dot--${tone}`} />
      <div className="state__text">
        <strong>{name}</strong>
        <div>{children}</div>
      </div>
    </div>
  );
}

/** Headquarters out of reach is no alarm: the shop sells, and what waits arrives later. */
function Headquarters({ sync }: { sync: SyncStatus }) {
  const { t, moment } = useWords();
  const tone = sync.state === 'connected' ? 'good' : sync.state === 'refused' ? 'warn' : 'idle';
  return (
    <State tone={tone} name={t('headquarters')}>
      {t(`sync-${sync.state}`, { waiting: sync.behind_entries })}
      {sync.state !== 'connected' && sync.last_success_at && (
        <div className="state__since">{t('last-seen', { at: moment(sync.last_success_at) })}</div>
      )}
      {sync.message && <div>{sync.message}</div>}
    </State>
  );
}

function DeviceState({ device }: { device: Device }) {
  const words = useWords();
  const { t } = words;
  const test = () =>
    testDevice(device.id).then(
      () => notify(t('test-sent')),
      (error: unknown) => notify(apology(error, words), 'danger'),
    );
  const well = device.state === 'online';
  const name = t(`device-${device.kind.replace('_', '-')}`);
  return (
    <div className="device">
      <State tone={well ? 'good' : device.state === 'starting' ? 'idle' : 'warn'} name={name}>
        {t(`device-state-${device.state.replace('_', '-')}`)} · {device.id}
        {device.simulated && <div>{t('device-simulated')}</div>}
        {!well && device.last_error && <div>{device.last_error}</div>}
        {!well && device.advice && <div className="device__advice">{device.advice}</div>}
      </State>
      {device.kind !== 'scanner' && <Button onClick={() => void test()}>{t('test')}</Button>}
    </div>
  );
}
