import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../words/words';
import { Button } from './Button';
import { Icon } from './Icon';
import { Notices, useDepth } from './notices';

interface Props {
  title: string;
  size?: 'narrow' | 'normal' | 'wide';
  onClose: () => void;
  children: ReactNode;
}

/** A native modal: the browser keeps the focus inside and gives it back. */
export function Dialog({ title, size = 'normal', onClose, children }: Props) {
  const { t } = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    // The browser would choose the close button, which is first but seldom wanted.
    dialog?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    // What lies under an open dialog is silent, so notices must know that there is one.
    useDepth.setState(({ depth }) => ({ depth: depth + 1 }));
    return () => useDepth.setState(({ depth }) => ({ depth: depth - 1 }));
  }, []);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const onBackdrop = (event: MouseEvent) => event.target === dialog && onClose();
    const onCancel = (event: Event) => {
      event.preventDefault();
      onClose();
    };
    dialog.addEventListener('mousedown', onBackdrop);
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('close', onClose);
    return () => {
      dialog.removeEventListener('mousedown', onBackdrop);
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('close', onClose);
    };
  }, [onClose]);
  return (
    <dialog ref={ref} className={`dialog dialog--${size}`} aria-labelledby={label}>
      <header className="dialog__head">
        <h2 className="dialog__title" id={label}>
          {title}
        </h2>
        <Button look="bare" size="square" aria-label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <div className="dialog__body">{children}</div>
      <Notices level={1} />
    </dialog>
  );
}
