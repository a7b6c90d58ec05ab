import type { InteractionView } from '../../connector/types.ts';
import { useLive } from './live.ts';

/** Says that the viewer is writing. Its room is kept, so that nothing moves when it comes and goes. */
export function Writing({ view }: { view: InteractionView }) {
  const is = useLive(view.id)?.writing === true;
  return <p className="writing quiet small">{is ? `${view.tv.customer?.name ?? 'The viewer'} is writing…` : ''}</p>;
}
