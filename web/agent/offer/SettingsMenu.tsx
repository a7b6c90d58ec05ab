import { Button, Dialog, DialogTrigger, Heading, Popover, Switch } from 'react-aria-components';
import { Icon } from '../parts/Icon.tsx';
import type { OfferSettings } from './settings.ts';

interface Props {
  settings: OfferSettings;
  /** What the browser says about notifications: `denied` can be changed only in its own settings. */
  permission: NotificationPermission | 'missing';
  onChange(change: Partial<OfferSettings>): void;
  onTry(): void;
}

/** How offers make themselves known. */
export function SettingsMenu({ settings, permission, onChange, onTry }: Props) {
  return (
    <DialogTrigger>
      <Button
        className="button plain icon-only"
        aria-label={settings.ring ? 'Offers: ringing is on' : 'Offers: ringing is off'}
      >
        <Icon name={settings.ring ? 'bell' : 'bellOff'} />
      </Button>
      <Popover className="popover settings">
        <Dialog>
          <Heading slot="title" level={2}>
            When an offer comes
          </Heading>
          <Switch className="switch" isSelected={settings.ring} onChange={(ring) => onChange({ ring })}>
            <span className="track" />
            Ring
          </Switch>
          <Switch
            className="switch"
            isSelected={settings.notify && permission === 'granted'}
            isDisabled={permission === 'missing' || permission === 'denied'}
            onChange={(notify) => onChange({ notify })}
          >
            <span className="track" />
            Show it while another window is in front
          </Switch>
          {permission === 'denied' ? (
            <p className="quiet small">
              This browser does not allow it. Turn on notifications for this site in its settings.
            </p>
          ) : null}
          <Button className="button" onPress={onTry}>
            Play the ring
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
