import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { WallHead } from '../kit/WallHead';
import { useWords } from '../words/words';
import { usePass } from './pass';
import { sound } from './sound';

export function Header({ onRecent }: { onRecent: () => void }) {
  const { t } = useWords();
  const station = usePass((pass) => pass.station);
  const count = usePass((pass) => pass.open.length);
  return (
    <WallHead name={station} count={t('ticket-count', { count })} sound={sound}>
      <Button onClick={onRecent}>
        <Icon name="undo" />
        {t('recent')} <kbd className="key-hint">{'0'}</kbd>
      </Button>
    </WallHead>
  );
}
