import { useEffect, useRef, useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { InteractionView } from '../../connector/types.ts';
import { Icon } from '../parts/Icon.tsx';
import { clockTime } from '../parts/time.ts';
import { timelineLines } from './timeline-words.ts';
import type { TimelineFilter, TimelineLine } from './timeline-words.ts';

const FILTERS: readonly { id: TimelineFilter; label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'messages', label: 'Messages' },
  { id: 'tasks', label: 'Tasks' },
];

const EMPTY: Record<TimelineFilter, string> = {
  all: 'What happens appears here.',
  messages: 'No messages yet. Write the first one below.',
  tasks: 'No tasks yet. Send some from the guide.',
};

/** What happened, in words, the latest at the foot; it follows the foot unless somebody scrolled up. */
export function Timeline({ view }: { view: InteractionView }) {
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const [behind, setBehind] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useRef(true);
  const lines = timelineLines(view, filter);
  const latest = lines.at(-1)?.seq ?? 0;

  const toFoot = () => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    setBehind(false);
  };
  useEffect(() => {
    if (atFoot.current) toFoot();
    else setBehind(true);
  }, [latest]);
  useEffect(toFoot, [filter]);

  return (
    <>
      <div className="pane-head">
        <h2>Timeline</h2>
        <ToggleButtonGroup
          className="segments"
          aria-label="Show"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[filter]}
          onSelectionChange={(keys) => {
            const chosen = FILTERS.find((one) => keys.has(one.id));
            if (chosen) setFilter(chosen.id);
          }}
        >
          {FILTERS.map(({ id, label }) => (
            <ToggleButton key={id} id={id}>
              {label}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      <div
        ref={box}
        className="timeline scroll"
        tabIndex={0}
        role="log"
        aria-label="Timeline"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          atFoot.current = scrollHeight - scrollTop - clientHeight < 24;
          if (atFoot.current) setBehind(false);
        }}
      >
        {lines.length === 0 ? <p className="quiet empty">{EMPTY[filter]}</p> : null}
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </div>
      {behind ? (
        <Button className="button newer" onPress={toFoot}>
          <Icon name="down" />
          Newer
        </Button>
      ) : null}
    </>
  );
}

function Line({ line }: { line: TimelineLine }) {
  const time = <time dateTime={new Date(line.at).toISOString()}>{clockTime(line.at)}</time>;
  if (line.side !== undefined) {
    return (
      <div className={`line said-by-${line.side}`}>
        <p className="quiet small">
          {time} {line.who}
        </p>
        <p className="bubble">{line.text}</p>
      </div>
    );
  }
  return (
    <div className={`line ${line.kind}`}>
      {time}
      <Icon name={line.icon} />
      <div>
        <p>
          <strong>{line.who}</strong> {line.text}
        </p>
        {line.detail === undefined ? null : <p className="quiet">{line.detail}</p>}
      </div>
    </div>
  );
}
