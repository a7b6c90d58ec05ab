/** @jsxImportSource preact */
/** How views take part in the navigation: a screen is a scope, a control registers itself in it. */
import { createContext } from 'preact';
import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useContext, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Focusable, Navigation, Scope } from '../input/navigation.ts';
import type { Direction } from '../input/spatial.ts';

export const NavigationContext = createContext<Navigation | null>(null);
/** The id of the button whose press the service has not answered yet. */
export const BusyContext = createContext<string | null>(null);
const ScopeContext = createContext<Scope>({ name: '', level: 0, path: [] });

interface ScreenProps {
  /** One name a screen: its focus is remembered by it. */
  name: string;
  level: number;
  /** It comes of an answer, not of a key: what is pressed as it comes was meant for what stood before. */
  uncalled?: boolean | undefined;
  path: string[];
  class: string;
  children: ComponentChildren;
}

export function Screen({ name, level, path, uncalled = false, class: className, children }: ScreenProps): VNode {
  const words = path.join('›');
  const scope = useMemo<Scope>(
    () => ({ name, level, path: words.split('›'), uncalled }),
    [name, level, words, uncalled],
  );
  return (
    <ScopeContext.Provider value={scope}>
      <div class={className} data-screen={name}>
        {children}
      </div>
    </ScopeContext.Provider>
  );
}

interface FocusableOptions {
  id: string;
  /** The words on it, for those who help (B6). */
  label: string;
  first?: boolean | undefined;
  onPress: () => void;
  onArrow?: (direction: Direction) => boolean;
  onFocus?: () => void;
}

/** Registers the element that `ref` is given to; `focused` follows the navigation. */
export function useFocusable(options: FocusableOptions): { ref: RefObject<HTMLDivElement | null>; focused: boolean } {
  const navigation = useContext(NavigationContext);
  const scope = useContext(ScopeContext);
  const ref = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(false);
  const latest = useRef(options);
  latest.current = options;

  const item = useRef<Focusable | null>(null);
  useLayoutEffect(() => {
    const registered: Focusable = {
      id: options.id,
      scope,
      first: options.first === true,
      label: options.label,
      box: () => (ref.current as HTMLElement).getBoundingClientRect(),
      setFocused(next) {
        setFocused(next);
        if (next && latest.current.onFocus) latest.current.onFocus();
      },
      press: () => latest.current.onPress(),
      arrow: (direction) => (latest.current.onArrow ? latest.current.onArrow(direction) : false),
    };
    item.current = registered;
    return navigation === null ? undefined : navigation.register(registered);
  }, [navigation, scope, options.id]);
  useLayoutEffect(() => {
    if (item.current === null || navigation === null) return;
    item.current.label = options.label;
    item.current.first = options.first === true;
    navigation.refresh();
  }, [navigation, options.label, options.first]);

  return { ref, focused };
}

interface ButtonProps {
  id: string;
  /** What stands on it. */
  label: string;
  first?: boolean | undefined;
  /** `quiet` stands back, `end` is red. */
  tone?: 'usual' | 'quiet' | 'end';
  onPress: () => void;
  children?: ComponentChildren;
}

export function Button({ id, label, first, tone = 'usual', onPress, children }: ButtonProps): VNode {
  const { ref, focused } = useFocusable({ id, label, first, onPress });
  const busy = useContext(BusyContext) === id;
  return (
    <div
      ref={ref}
      role="button"
      class={`button is-${tone}${focused ? ' is-focused' : ''}${busy ? ' is-busy' : ''}`}
      data-focus={id}
      aria-busy={busy}
      onClick={onPress}
    >
      {busy ? <div class="turning" /> : null}
      {children}
      <span>{label}</span>
    </div>
  );
}
