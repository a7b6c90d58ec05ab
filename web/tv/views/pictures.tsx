/** @jsxImportSource preact */
/** The pictures that tasks may carry, and the signs of outcomes. Inline, so that nothing is fetched. */
import type { ComponentChildren, VNode } from 'preact';
import type { TaskPicture } from '../../../src/diagnosis/diagnosis.ts';

const LINE = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '6',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

const DRAWN: Record<TaskPicture, ComponentChildren> = {
  unplug: (
    <g>
      <rect x="18" y="64" width="72" height="72" rx="14" class="picture-fill" />
      <g {...LINE}>
        <rect x="18" y="64" width="72" height="72" rx="14" />
        <path d="M44 92v16M64 92v16" />
        <path d="M112 86h14M112 114h14M126 76h18c14 0 24 10 24 24s-10 24-24 24h-18z" />
        <path d="M168 100c18 0 16 38 0 46s-20 30 6 30" />
      </g>
      <path d="M100 52l8-16M122 50l2-18M84 44l-4-16" {...LINE} class="picture-accent" />
    </g>
  ),
  router: (
    <g>
      <rect x="22" y="112" width="156" height="52" rx="14" class="picture-fill" />
      <g {...LINE}>
        <rect x="22" y="112" width="156" height="52" rx="14" />
        <path d="M52 112V66M148 112V66M48 138h.1M70 138h.1M118 138h34" />
      </g>
      <path d="M80 78c12-11 28-11 40 0M68 62c19-18 45-18 64 0M92 94c5-4 11-4 16 0" {...LINE} class="picture-accent" />
    </g>
  ),
  cable: (
    <g>
      <rect x="66" y="28" width="68" height="58" rx="10" class="picture-fill" />
      <g {...LINE}>
        <rect x="66" y="28" width="68" height="58" rx="10" />
        <path d="M84 46v14M100 46v14M116 46v14M78 86v16h44V86M100 102v24c0 28-46 10-46 46" />
      </g>
      <path d="M150 146l14 14 26-30" {...LINE} class="picture-accent" />
    </g>
  ),
  remote: (
    <g>
      <rect x="66" y="20" width="68" height="160" rx="30" class="picture-fill" />
      <g {...LINE}>
        <rect x="66" y="20" width="68" height="160" rx="30" />
        <circle cx="100" cy="76" r="20" />
        <path d="M88 124h.1M112 124h.1M88 146h.1M112 146h.1" />
      </g>
      <path d="M100 76h.1M30 60c-8 10-8 24 0 34M170 60c8 10 8 24 0 34" {...LINE} class="picture-accent" />
    </g>
  ),
  wifi: (
    <g>
      <path d="M100 152a12 12 0 100-.1z" class="picture-fill" />
      <g {...LINE}>
        <circle cx="100" cy="148" r="12" />
        <path d="M28 82c42-40 102-40 144 0" />
      </g>
      <path d="M52 108c28-26 68-26 96 0M76 130c14-12 34-12 48 0" {...LINE} class="picture-accent" />
    </g>
  ),
  restart: (
    <g>
      <circle cx="100" cy="104" r="66" class="picture-fill" />
      <g {...LINE}>
        <path d="M54 58a66 66 0 1092 0" />
        <path d="M48 36l4 24 24-4" />
      </g>
      <path d="M100 26v62" {...LINE} class="picture-accent" />
    </g>
  ),
  card: (
    <g>
      <rect x="24" y="46" width="152" height="100" rx="16" class="picture-fill" />
      <g {...LINE}>
        <rect x="24" y="46" width="152" height="100" rx="16" />
        <path d="M50 116h34M104 116h18" />
      </g>
      <path d="M50 72h32v24H50zM66 72v24M100 166v22M88 178l12 12 12-12" {...LINE} class="picture-accent" />
    </g>
  ),
};

export function TaskPictureView({ picture }: { picture: TaskPicture }): VNode {
  return (
    <svg class="picture" viewBox="0 0 200 200" aria-hidden="true">
      {DRAWN[picture]}
    </svg>
  );
}

export type SignName = 'verified' | 'claimed' | 'failed' | 'help' | 'offline' | 'look';

const SIGNS: Record<SignName, ComponentChildren> = {
  verified: <path d="M28 52l16 16 30-34" />,
  claimed: <path d="M28 32h44v28H54L40 72V60H28z" />,
  failed: <path d="M34 34l32 32M66 34L34 66" />,
  help: <path d="M38 40c0-16 25-16 25 0 0 10-13 9-13 20M50 73v.1" />,
  offline: <path d="M24 44c16-14 36-14 52 0M36 57c8-7 20-7 28 0M50 71v.1M28 76l44-50" />,
  look: <path d="M46 68a22 22 0 100-44 22 22 0 000 44M62 62l14 14" />,
};

/** A round sign; its colour comes with its name, its meaning from the words beside it. */
export function Sign({ name, size = 'large' }: { name: SignName; size?: 'large' | 'small' }): VNode {
  return (
    <svg class={`sign sign-${name} is-${size}`} viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r="47" class="sign-disc" />
      <g fill="none" stroke="currentColor" stroke-width="8" stroke-linecap="round" stroke-linejoin="round">
        {SIGNS[name]}
      </g>
    </svg>
  );
}
