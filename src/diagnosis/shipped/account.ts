/** What the viewer may watch, and where. Most of it needs no person unless the viewer asks. */
import type { CatalogueEntry } from '../diagnosis.ts';

const cleared = (code: string) => ({ kind: 'fault', code }) as const;

export const accountEntries: CatalogueEntry[] = [
  {
    id: 'expired',
    fault: 'account:expired',
    model: '*',
    firmware: '*',
    name: 'Plan ended',
    explanation: 'Your plan has ended, so programmes do not start. It goes on as soon as it is renewed.',
    why: 'Plan {plan}, ended {endedOn}',
    tasks: [
      {
        title: 'Choose Renew in Settings, My account',
        detail: 'Your list and where you stopped are kept.',
        picture: 'remote',
        check: cleared('account:expired'),
      },
      {
        title: 'Open My account on your phone and renew there',
        detail: 'Typing is easier on a phone. The TV notices within a minute.',
        check: cleared('account:expired'),
      },
    ],
    unattended: true,
  },
  {
    id: 'signed-out',
    fault: 'account:signed-out',
    model: '*',
    firmware: '*',
    name: 'Signed out',
    explanation: 'This TV is signed out. That happens after a new password, or when it was not used for long.',
    why: 'Sign-in ended: {reason}',
    tasks: [
      {
        title: 'Choose Sign in on the shelf, and follow the code',
        detail: 'The code is typed on a phone or computer. Nothing is typed with the remote.',
        picture: 'remote',
        check: cleared('account:signed-out'),
      },
    ],
    unattended: true,
  },
  {
    id: 'device-limit',
    fault: 'account:device-limit',
    model: '*',
    firmware: '*',
    name: 'Too many devices',
    explanation: 'Your plan plays on a number of devices at once, and all of those places are taken.',
    why: '{active} of {limit} devices in use, plan {plan}',
    tasks: [
      {
        title: 'Stop a programme on another TV or phone at home',
        detail: 'Its place is free after about a minute.',
        check: cleared('account:device-limit'),
      },
      {
        title: 'Remove old devices in Settings, My account, Devices',
        detail: 'Devices that nobody uses any more keep a place too.',
        picture: 'remote',
        check: cleared('account:device-limit'),
      },
    ],
    unattended: true,
  },
  {
    id: 'region',
    fault: 'account:region',
    model: '*',
    firmware: '*',
    name: 'Not available in this region',
    explanation: 'This programme can be shown in some countries only, and the TV seems to be elsewhere.',
    why: 'TV appears in {country}, plan is for {planCountry}',
    tasks: [
      {
        title: 'Turn off any VPN on the TV and on the router',
        detail: 'A VPN makes the TV appear in another country.',
        picture: 'router',
        check: cleared('account:region'),
      },
      {
        title: 'Are you in your own country now?',
        detail: 'If you moved, we change your plan with you.',
        choices: ['Yes, at home', 'I am travelling', 'I moved'],
      },
    ],
    unattended: false,
  },
  {
    id: 'payment',
    fault: 'account:payment',
    model: '*',
    firmware: '*',
    name: 'Payment refused',
    explanation: 'The bank did not pass on the last payment. Programmes go on once another way to pay is chosen.',
    why: 'Payment of {dueOn} refused, plan {plan}',
    tasks: [
      {
        title: 'Open My account on your phone and check the card',
        detail: 'Card details belong on your phone, never on the TV screen.',
        check: cleared('account:payment'),
      },
    ],
    unattended: false,
  },
  {
    id: 'parental',
    fault: 'account:parental',
    model: '*',
    firmware: '*',
    name: 'Locked by the parental PIN',
    explanation: 'This programme is locked for the profile in use. The four-digit PIN opens it.',
    why: 'Rated {rating}, profile allows {allowed}',
    tasks: [
      {
        title: 'Choose another profile, or type the PIN',
        detail: 'The PIN was set when the TV was first used.',
        picture: 'remote',
        check: cleared('account:parental'),
      },
      {
        title: 'Open My account on your phone to set a new PIN',
        detail: 'The old one is not needed there.',
        check: cleared('account:parental'),
      },
    ],
    unattended: true,
  },
  {
    id: 'account-any',
    fault: 'account:*',
    model: '*',
    firmware: '*',
    name: 'Other account trouble',
    explanation: 'Something about your account keeps programmes from starting. We look at it together.',
    why: 'General advice for {code}',
    tasks: [
      {
        title: 'Sign out and in again in Settings, My account',
        detail: 'Your list and where you stopped are kept.',
        picture: 'remote',
      },
    ],
    unattended: false,
  },
];
