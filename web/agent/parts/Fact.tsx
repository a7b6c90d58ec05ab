import type { ReactNode } from 'react';

interface Props {
  label: string;
  value: ReactNode;
  /** An identifier: each of its characters is to be told apart. */
  isId?: boolean;
  /** The value as the TV told it, where `value` says it in words. */
  code?: string;
}

/** One row of a list of facts, `<dl className="facts">`. */
export function Fact({ label, value, isId = false, code }: Props) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={isId ? 'id' : undefined}>
        {value}
        {code === undefined ? null : <span className="code id quiet small">{code}</span>}
      </dd>
    </div>
  );
}
