/** Transient words at the foot of the page: what was done, with its undo; what was not, with its reason. */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Icon } from './Icon.tsx';

export interface Said {
  tone: 'ok' | 'bad' | 'info';
  text: string;
  action?: { label: string; run(): void };
}

const SHOWN_FOR_MS = 12_000;

const SayContext = createContext<(said: Said) => void>(() => {});

/** Says something once; errors stay until they are closed, the rest goes after twelve seconds unless it is looked at. */
export function useSay(): (said: Said) => void {
  return useContext(SayContext);
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [all, setAll] = useState<(Said & { id: number })[]>([]);
  const next = useRef(0);
  const say = useCallback((said: Said) => {
    next.current += 1;
    const id = next.current;
    setAll((before) => before.slice(-2).concat({ ...said, id }));
  }, []);
  const close = useCallback((id: number) => setAll((before) => before.filter((one) => one.id !== id)), []);
  const list = useMemo(
    () => (
      <div className="said-list" role="region" aria-label="Messages of this page" data-pane-skip>
        <div aria-live="polite">
          {all.map((one) => (
            <SaidLine key={one.id} said={one} onClose={() => close(one.id)} />
          ))}
        </div>
      </div>
    ),
    [all, close],
  );
  return (
    <SayContext.Provider value={say}>
      {children}
      {list}
    </SayContext.Provider>
  );
}

function SaidLine({ said, onClose }: { said: Said; onClose(): void }) {
  const [held, setHeld] = useState(false);
  const closing = useRef(onClose);
  useEffect(() => {
    closing.current = onClose;
  });
  useEffect(() => {
    if (held || said.tone === 'bad') return;
    const timer = setTimeout(() => closing.current(), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [held, said.tone]);
  const { action } = said;
  return (
    <div
      className={`said ${said.tone}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={said.tone === 'bad' ? 'warn' : said.tone === 'ok' ? 'check' : 'info'} />
      <span>{said.text}</span>
      {action ? (
        <Button
          className="button"
          onPress={() => {
            action.run();
            onClose();
          }}
        >
          {action.label}
        </Button>
      ) : null}
      <Button className="button plain icon-only" aria-label="Close" onPress={onClose}>
        <Icon name="close" />
      </Button>
    </div>
  );
}
