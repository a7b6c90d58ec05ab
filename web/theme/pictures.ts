/** The pictures that tasks may carry, as the inside of an SVG of 200 × 200: drawn once, shown on the TV and in the catalogue. */
import type { TaskPicture } from '../../src/diagnosis/diagnosis.ts';

const LINE = 'fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"';

/** Lines take the colour of the text; `picture-fill` and `picture-accent` are coloured by whoever shows them. */
export const PICTURES_DRAWN: Readonly<Record<TaskPicture, string>> = {
  unplug: `<rect x="18" y="64" width="72" height="72" rx="14" class="picture-fill"/><g ${LINE}><rect x="18" y="64" width="72" height="72" rx="14"/><path d="M44 92v16M64 92v16"/><path d="M112 86h14M112 114h14M126 76h18c14 0 24 10 24 24s-10 24-24 24h-18z"/><path d="M168 100c18 0 16 38 0 46s-20 30 6 30"/></g><path d="M100 52l8-16M122 50l2-18M84 44l-4-16" ${LINE} class="picture-accent"/>`,
  router: `<rect x="22" y="112" width="156" height="52" rx="14" class="picture-fill"/><g ${LINE}><rect x="22" y="112" width="156" height="52" rx="14"/><path d="M52 112V66M148 112V66M48 138h.1M70 138h.1M118 138h34"/></g><path d="M80 78c12-11 28-11 40 0M68 62c19-18 45-18 64 0M92 94c5-4 11-4 16 0" ${LINE} class="picture-accent"/>`,
  cable: `<rect x="66" y="28" width="68" height="58" rx="10" class="picture-fill"/><g ${LINE}><rect x="66" y="28" width="68" height="58" rx="10"/><path d="M84 46v14M100 46v14M116 46v14M78 86v16h44V86M100 102v24c0 28-46 10-46 46"/></g><path d="M150 146l14 14 26-30" ${LINE} class="picture-accent"/>`,
  remote: `<rect x="66" y="20" width="68" height="160" rx="30" class="picture-fill"/><g ${LINE}><rect x="66" y="20" width="68" height="160" rx="30"/><circle cx="100" cy="76" r="20"/><path d="M88 124h.1M112 124h.1M88 146h.1M112 146h.1"/></g><path d="M100 76h.1M30 60c-8 10-8 24 0 34M170 60c8 10 8 24 0 34" ${LINE} class="picture-accent"/>`,
  wifi: `<circle cx="100" cy="148" r="12" class="picture-fill"/><g ${LINE}><circle cx="100" cy="148" r="12"/><path d="M28 82c42-40 102-40 144 0"/></g><path d="M52 108c28-26 68-26 96 0M76 130c14-12 34-12 48 0" ${LINE} class="picture-accent"/>`,
  restart: `<circle cx="100" cy="104" r="66" class="picture-fill"/><g ${LINE}><path d="M54 58a66 66 0 1092 0"/><path d="M48 36l4 24 24-4"/></g><path d="M100 26v62" ${LINE} class="picture-accent"/>`,
  card: `<rect x="24" y="46" width="152" height="100" rx="16" class="picture-fill"/><g ${LINE}><rect x="24" y="46" width="152" height="100" rx="16"/><path d="M50 116h34M104 116h18"/></g><path d="M50 72h32v24H50zM66 72v24M100 166v22M88 178l12 12 12-12" ${LINE} class="picture-accent"/>`,
};
