import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Icon } from './Icon.tsx';
import type { IconName } from './Icon.tsx';

type Tone = 'info' | 'ok' | 'warn' | 'bad';

const ICONS: Record<Tone, IconName> = { info: 'info', ok: 'check', warn: 'warn', bad: 'warn' };

/** A sentence that matters, with an icon, and at most a few ways on. Errors and warnings are announced. */
export function Notice(props: { tone: Tone; children: ReactNode; actions?: ReactNode; role?: 'alert' | 'status' }) {
  const { tone, children, actions } = props;
  return (
    <div className={`notice ${tone}`} role={props.role ?? (tone === 'bad' ? 'alert' : undefined)}>
      <Icon name={ICONS[tone]} />
      <div className="words">
        {children}
        {actions ? <div className="actions">{actions}</div> : null}
      </div>
    </div>
  );
}

/** What could not be read, with the reason and another try. */
export function NotRead({ message, again }: { message: string; again(): void }) {
  const read = (
    <Button className="button" onPress={again}>
      Read again
    </Button>
  );
  return (
    <Notice tone="bad" actions={read}>
      {message}
    </Notice>
  );
}

/** What will appear here, and one action at most. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children ? <p className="quiet">{children}</p> : null}
      {action}
    </div>
  );
}
