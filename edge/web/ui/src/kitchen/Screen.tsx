import { useEffect, useState } from 'react';
import { Notices } from '../kit/notices';
import { useNow } from '../kit/useNow';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { AllDay } from './AllDay';
import { Header } from './Header';
import { usePass } from './pass';
import { RecentDialog } from './RecentDialog';
import { TicketCard } from './TicketCard';
import { UndoBar } from './UndoBar';
import { useBumpKeys } from './useBumpKeys';
import { listen } from './work';

/** The kitchen's pass: oldest ticket first, and the state of the line never hidden. */
export function Screen() {
  const { t } = useWords();
  const [recent, setRecent] = useState(false);
  const open = usePass((pass) => pass.open);
  useEffect(() => listen(), []);
  useBumpKeys(() => setRecent(true), recent);
  return (
    <div className="wall">
      <Header onRecent={() => setRecent(true)} />
      <main className="pass__work">
        <h1 className="unseen">{t('kitchen-title')}</h1>
        {open.length === 0 ? <Nothing /> : <Tickets />}
        <AllDay />
      </main>
      <UndoBar />
      {recent && <RecentDialog onClose={() => setRecent(false)} />}
      <Notices level={0} />
    </div>
  );
}

function Nothing() {
  const { t } = useWords();
  const loaded = usePass((pass) => pass.loaded);
  const lost = useLine(({ lostSince }) => lostSince !== null);
  // An empty pass and a deaf screen must never look alike.
  const message = lost ? 'nothing-known' : loaded ? 'nothing-to-make' : 'loading';
  return <p className="pass__nothing">{t(message)}</p>;
}

function Tickets() {
  const { t } = useWords();
  const open = usePass((pass) => pass.open);
  const now = useNow();
  return (
    <ol className="tickets" aria-label={t('open-tickets')} data-testid="tickets">
      {open.map((ticket, at) => (
        <TicketCard key={ticket.id} ticket={ticket} place={at + 1} now={now} />
      ))}
    </ol>
  );
}
