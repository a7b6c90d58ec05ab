/** @jsxImportSource preact */
/** The pictures of tasks, and the signs of outcomes. Inline, so that nothing is fetched. */
import type { ComponentChildren, VNode } from 'preact';
import type { TaskPicture } from '../../../src/diagnosis/diagnosis.ts';
import { PICTURES_DRAWN } from '../../theme/pictures.ts';

export function TaskPictureView({ picture }: { picture: TaskPicture }): VNode {
  return (
    <svg
      class="picture"
      viewBox="0 0 200 200"
      aria-hidden="true"
      dangerouslySetInnerHTML={{ __html: PICTURES_DRAWN[picture] }}
    />
  );
}

export type SignName = 'verified' | 'claimed' | 'failed' | 'help' | 'offline' | 'look' | 'wait';

const SIGNS: Record<SignName, ComponentChildren> = {
  verified: <path d="M28 52l16 16 30-34" />,
  claimed: <path d="M28 32h44v28H54L40 72V60H28z" />,
  failed: <path d="M34 34l32 32M66 34L34 66" />,
  help: <path d="M38 40c0-16 25-16 25 0 0 10-13 9-13 20M50 73v.1" />,
  offline: <path d="M24 44c16-14 36-14 52 0M36 57c8-7 20-7 28 0M50 71v.1M28 76l44-50" />,
  wait: <path d="M50 28v24l15 11" />,
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
