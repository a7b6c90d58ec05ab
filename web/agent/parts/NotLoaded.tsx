import { Button } from 'react-aria-components';
import { Notice } from './Notice.tsx';

/** In the place of a page whose script did not come: the network was away, or the service was updated meanwhile. */
export function NotLoaded() {
  const again = (
    <Button className="button" onPress={() => location.reload()}>
      Load again
    </Button>
  );
  return (
    <div className="narrow">
      <Notice tone="bad" actions={again}>
        This page did not load. Everything else works.
      </Notice>
    </div>
  );
}
