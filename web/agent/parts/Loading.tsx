import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';

/** Nothing for 300 ms, then a skeleton; after 5 s a word, after 15 s a way on. */
export function Loading({ rows = 3, again }: { rows?: number; again?: () => void }) {
  const [stage, setStage] = useState<'nothing' | 'skeleton' | 'slow' | 'verySlow'>('nothing');
  useEffect(() => {
    const timers = [
      setTimeout(() => setStage('skeleton'), 300),
      setTimeout(() => setStage('slow'), 5_000),
      setTimeout(() => setStage('verySlow'), 15_000),
    ];
    return () => timers.forEach(clearTimeout);
  }, []);
  if (stage === 'nothing') return null;
  return (
    <div>
      <div className="skeleton" aria-hidden="true">
        {Array.from({ length: rows }, (_, i) => (
          <span key={i} className={i % 3 === 2 ? 'short' : ''} />
        ))}
      </div>
      <p className={stage === 'skeleton' ? 'hidden-text' : 'slow quiet'} role="status">
        {stage === 'skeleton' ? 'Loading' : 'This is taking longer than usual.'}
      </p>
      {stage === 'verySlow' && again ? (
        <Button className="button" onPress={again}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}
