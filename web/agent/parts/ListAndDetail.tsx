/** A list with a detail beside it: TVs, the catalogue, other systems. */
import type { ReactNode } from 'react';
import { GridList, GridListItem } from 'react-aria-components';

interface FrameProps {
  /** What each side is called. */
  labels: { list: string; detail: string };
  /** Above the list, where it does not scroll. */
  head: ReactNode;
  list: ReactNode;
  detail: ReactNode;
}

export function ListAndDetail({ labels, head, list, detail }: FrameProps) {
  return (
    <div className="two-columns">
      <section className="pane list-pane" aria-label={labels.list} data-pane="" tabIndex={-1}>
        <div className="pane-head stacked">{head}</div>
        <div className="scroll">{list}</div>
      </section>
      <section className="pane detail-pane" aria-label={labels.detail} data-pane="" tabIndex={-1}>
        {detail}
      </section>
    </div>
  );
}

/** What is chosen, to be read: its name, what can be done with it beside that, and all about it. */
export function Detail({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className="scroll detail" tabIndex={0} role="group" aria-label={title}>
      <div className="detail-head">
        <h2>{title}</h2>
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface RowsProps<T extends { id: string }> {
  label: string;
  items: readonly T[];
  /** What one is called, and a line more about it. */
  nameOf: (item: T) => string;
  lineOf: (item: T) => ReactNode;
  /** How it stands, at the end of its row. */
  badgeOf: (item: T) => ReactNode;
  /** The one that is shown beside the list. */
  chosenId: string | null;
  onChoose(id: string): void;
}

/** The list itself, of which one is chosen. */
export function Rows<T extends { id: string }>(props: RowsProps<T>) {
  const { label, items, nameOf, lineOf, badgeOf, chosenId, onChoose } = props;
  return (
    <GridList
      aria-label={label}
      className="rows"
      items={items}
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={chosenId === null ? [] : [chosenId]}
      onSelectionChange={(keys) => {
        const id = items.find((one) => keys !== 'all' && keys.has(one.id))?.id;
        if (id !== undefined) onChoose(id);
      }}
    >
      {(item) => (
        <GridListItem id={item.id} textValue={nameOf(item)} className="row-item">
          <div className="row-body">
            <div className="row-main">
              <strong>{nameOf(item)}</strong>
              <span className="quiet small">{lineOf(item)}</span>
            </div>
            {badgeOf(item)}
          </div>
        </GridListItem>
      )}
    </GridList>
  );
}
