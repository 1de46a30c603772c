import { create } from 'zustand';
import { useWords } from '../words/words';
import { Button } from './Button';
import { Icon } from './Icon';

/** Long enough to read two lines twice; errors stay longer, for the cashier may be looking away. */
const shownMs = { plain: 5_000, danger: 12_000 };
const shownMax = 3;

interface Notice {
  id: number;
  tone: 'plain' | 'danger';
  text: string;
}

interface State {
  toasts: Notice[];
  /** Spoken when the person is idle. */
  polite: string;
  /** Spoken at once. */
  assertive: string;
}

const useNotices = create<State>(() => ({ toasts: [], polite: '', assertive: '' }));

/** How many dialogs are open: notices must be inside the topmost, all else is inert. */
export const useDepth = create(() => ({ depth: 0 }));

let lastId = 0;

export function notify(text: string, tone: Notice['tone'] = 'plain'): void {
  const notice = { id: ++lastId, tone, text };
  const others = useNotices.getState().toasts.filter((toast) => toast.text !== text);
  useNotices.setState({ toasts: [...others, notice].slice(-shownMax) });
  speak(text, tone === 'danger' ? 'assertive' : 'polite');
  setTimeout(() => dismiss(notice.id), shownMs[tone]);
}

/** Says something to those who listen, without showing it to those who look. */
export function speak(text: string, manner: 'polite' | 'assertive' = 'polite'): void {
  // The same sentence twice is news; a live region only speaks when its text changes.
  const again = useNotices.getState()[manner] === text;
  useNotices.setState({ [manner]: again ? `${text}\u00a0` : text });
}

export function dismiss(id: number): void {
  useNotices.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

export function dismissAll(): void {
  useNotices.setState({ toasts: [] });
}

/** The place where notices appear: once in the page, once in each dialog. */
export function Notices({ level }: { level: number }) {
  const { t } = useWords();
  const onTop = useDepth(({ depth }) => level > 0 || depth === 0);
  const { toasts, polite, assertive } = useNotices();
  return (
    <>
      <div className="unseen" role="status">
        {onTop && polite}
      </div>
      <div className="unseen" role="alert">
        {onTop && assertive}
      </div>
      <ul className="toasts" hidden={!onTop || toasts.length === 0}>
        {toasts.map((toast) => (
          <li key={toast.id} className={`toast toast--${toast.tone}`}>
            <span className="toast__text">{toast.text}</span>
            <Button
              look="bare"
              size="square"
              aria-label={t('dismiss')}
              onClick={() => dismiss(toast.id)}
            >
              <Icon name="close" />
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
