/** Icons as inline SVG on a 20 × 20 grid, drawn with the colour of the words beside them. */

const PATHS = {
  help: 'M3 9a7 7 0 0 1 14 0v5a2 2 0 0 1-2 2h-1v-6h3M3 14V9m0 1h3v6H5a2 2 0 0 1-2-2m12 2c0 1.5-2 2.5-4 2.5',
  tv: 'M2.5 4.5h15v10h-15zM7 17.5h6',
  link: 'M8 12a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M12 8a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1',
  book: 'M10 5C8 3.5 5.5 3.5 3 4v11.5c2.5-.5 5-.5 7 1 2-1.5 4.5-1.5 7-1V4c-2.5-.5-5-.5-7 1zm0 0v11.5',
  question: 'M7.5 7.5A2.5 2.5 0 1 1 10 10.5v1.5M10 14.8v.2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0z',
  leave: 'M8 3H4v14h4M12 6l4 4-4 4M16 10H8',
  bell: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3',
  bellOff: 'M5 14V9c0-.8.2-1.6.5-2.2M8 4.4A5 5 0 0 1 15 9v5M5 14l-1.5 1.5H15M8.5 17.5h3M3 3l14 14',
  check: 'M3.5 10.5l4.5 4.5 8.5-9.5',
  half: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z',
  cross: 'M4.5 4.5l11 11M15.5 4.5l-11 11',
  circle: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z',
  running: 'M17 10a7 7 0 1 1-7-7',
  minus: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM6.5 10h7',
  back: 'M8 5L4 9l4 4M4 9h8a4 4 0 0 1 0 8H9',
  answer: 'M3 4h14v10H9l-4 3v-3H3zM7 9h6',
  message: 'M3 4h14v10H9l-4 3v-3H3z',
  task: 'M4 5h2m3 0h7M4 10h2m3 0h7M4 15h2m3 0h7',
  info: 'M10 9v5M10 6v.2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0z',
  warn: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.2',
  lost: 'M3 8a10 10 0 0 1 14 0M6 11.5a5.5 5.5 0 0 1 8 0M10 15v.2M3 3l14 14',
  up: 'M10 16V4M5 9l5-5 5 5',
  down: 'M10 4v12M5 11l5 5 5-5',
  add: 'M10 4v12M4 10h12',
  edit: 'M3.5 16.5l1-4 9-9 3 3-9 9zM12 5l3 3',
  caret: 'M5 8l5 5 5-5',
  person: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17a6.5 6.5 0 0 1 13 0',
  clock: 'M10 6v4l3 2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0z',
  away: 'M15.5 12.5A6.5 6.5 0 0 1 8 4.5a6.5 6.5 0 1 0 7.5 8z',
  pause: 'M7 4.5v11M13 4.5v11',
  close: 'M5 5l10 10M15 5L5 15',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zm4.5-1.5L17 17',
  plug: 'M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3',
  camera: 'M2.5 6h10v8h-10zM12.5 9l5-3v8l-5-3',
  send: 'M3 10l14-6-5 13-3-5zM9 12l8-8',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside words; an icon that stands alone gets its words from the control it is in. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 20 20" aria-hidden="true" fill="none">
      {name === 'half' ? <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" /> : null}
      <path
        d={PATHS[name]}
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeDasharray={name === 'circle' ? '2.5 2.5' : undefined}
      />
    </svg>
  );
}
