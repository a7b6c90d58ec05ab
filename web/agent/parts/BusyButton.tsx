import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ButtonProps } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'children' | 'isPending'> {
  /** While what it started is under way: it keeps the focus, and a second press does nothing. */
  isBusy: boolean;
  children: ReactNode;
}

/**
 * A button that waits for an answer. The library's own `isPending` announces by the button's id,
 * which points to nothing once the button is gone, as it is after most answers.
 */
export function BusyButton({ isBusy, children, type, onPress, ...rest }: Props) {
  return (
    <Button
      {...rest}
      type={isBusy ? 'button' : (type ?? 'button')}
      {...(onPress === undefined || isBusy ? {} : { onPress })}
      aria-disabled={isBusy || rest['aria-disabled']}
      data-busy={isBusy ? '' : undefined}
    >
      {children}
      {isBusy ? <span className="hidden-text">Under way</span> : null}
    </Button>
  );
}
