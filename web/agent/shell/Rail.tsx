import { Button, Link, Tooltip, TooltipTrigger } from 'react-aria-components';
import { Icon } from '../parts/Icon.tsx';
import type { IconName } from '../parts/Icon.tsx';
import { navigate, pathOf } from '../router.ts';
import type { Route } from '../router.ts';
import { Mark } from '../session/SignIn.tsx';

const PAGES: readonly { route: Route; icon: IconName; label: string; forSupervisors?: true }[] = [
  { route: { page: 'work', interactionId: null }, icon: 'help', label: 'Help' },
  { route: { page: 'tvs', tvId: null }, icon: 'tv', label: 'TVs' },
  { route: { page: 'catalogue', entryId: null }, icon: 'book', label: 'Catalogue' },
  { route: { page: 'pair', code: '' }, icon: 'link', label: 'Pair a TV' },
  { route: { page: 'admin', place: null }, icon: 'plug', label: 'Other systems', forSupervisors: true },
  { route: { page: 'calls' }, icon: 'camera', label: 'Calls', forSupervisors: true },
];

interface Props {
  page: Route['page'];
  isSupervisor: boolean;
  onKeys(): void;
  onSignOut(): void;
}

export function Rail({ page, isSupervisor, onKeys, onSignOut }: Props) {
  return (
    <nav className="rail" aria-label="Pages" data-pane="">
      <Mark />
      <ul>
        {PAGES.filter(({ forSupervisors }) => isSupervisor || forSupervisors === undefined).map(
          ({ route, icon, label }) => (
            <li key={label}>
              <TooltipTrigger delay={300}>
                <Link
                  href={pathOf(route)}
                  aria-label={label}
                  aria-current={page === route.page ? 'page' : undefined}
                  onPress={() => navigate(route)}
                  onClick={(event) => {
                    if (!event.metaKey && !event.ctrlKey && !event.shiftKey) event.preventDefault();
                  }}
                >
                  <Icon name={icon} />
                </Link>
                <Tooltip placement="right" offset={8} className="tooltip">
                  {label}
                </Tooltip>
              </TooltipTrigger>
            </li>
          ),
        )}
      </ul>
      <RailButton label="Keys" icon="question" onPress={onKeys} />
      <RailButton label="Sign out" icon="leave" onPress={onSignOut} />
    </nav>
  );
}

function RailButton({ label, icon, onPress }: { label: string; icon: IconName; onPress(): void }) {
  return (
    <TooltipTrigger delay={300}>
      <Button aria-label={label} onPress={onPress}>
        <Icon name={icon} />
      </Button>
      <Tooltip placement="right" offset={8} className="tooltip">
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
