/** The app on the TV, and help asked for without a fault. */
import type { CatalogueEntry } from '../diagnosis.ts';

const cleared = (code: string) => ({ kind: 'fault', code }) as const;

export const appEntries: CatalogueEntry[] = [
  {
    id: 'crash',
    fault: 'app:crash',
    model: '*',
    firmware: '*',
    name: 'App closed by itself',
    explanation: 'The app closed by itself. Clearing what it remembers helps most often.',
    why: '{crashes} crashes, last in {where}',
    tasks: [
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'Off with the remote is only sleep. We keep your place.',
        picture: 'unplug',
        check: cleared('app:crash'),
      },
      {
        title: 'Open Settings, Apps, and clear the cache of this app',
        detail: 'Your list and where you stopped are kept.',
        picture: 'remote',
        check: cleared('app:crash'),
      },
      {
        title: 'Did you do something when it closed?',
        detail: 'Your answer goes to the people who mend it.',
        choices: ['Started a programme', 'Moved on the shelf', 'Watched', 'Nothing at all'],
      },
    ],
    unattended: false,
  },
  {
    id: 'update-required',
    fault: 'app:update-required',
    model: '*',
    firmware: '*',
    name: 'App too old',
    explanation: 'This app is older than the service it talks to. After an update all works as before.',
    why: 'App {appVersion}, needed {neededVersion}',
    tasks: [
      {
        title: 'Open the app store of the TV and update this app',
        detail: 'It takes about a minute. You stay signed in.',
        picture: 'restart',
        check: cleared('app:update-required'),
      },
    ],
    unattended: true,
  },
  {
    id: 'memory',
    fault: 'app:memory',
    model: '*',
    firmware: '*',
    name: 'Memory full',
    explanation: 'The memory of the TV is full, so it is slow or closes apps.',
    why: '{freeMb} MB free',
    tasks: [
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'Off with the remote is only sleep: apps stay in memory.',
        picture: 'unplug',
        check: cleared('app:memory'),
      },
      {
        title: 'Remove apps that nobody uses in Settings, Apps',
        detail: 'They can be put back at any time.',
        picture: 'remote',
        check: cleared('app:memory'),
      },
    ],
    unattended: false,
  },
  {
    id: 'remote',
    fault: 'app:remote',
    model: '*',
    firmware: '*',
    name: 'Remote weak or not paired',
    explanation: 'The TV hears the remote badly. Weak batteries are the usual cause.',
    why: 'Battery {battery} %, last key {lastKeySeconds} s ago',
    tasks: [
      {
        title: 'Put new batteries into the remote',
        detail: 'Both of the same kind, with plus and minus as drawn inside.',
        picture: 'remote',
        check: cleared('app:remote'),
      },
      {
        title: 'Hold both volume keys for 5 seconds near the TV',
        detail: 'The remote and the TV then find each other anew.',
        picture: 'remote',
        check: cleared('app:remote'),
      },
    ],
    unattended: false,
  },
  {
    id: 'app-any',
    fault: 'app:*',
    model: '*',
    firmware: '*',
    name: 'Other app trouble',
    explanation: 'The app does not behave as it can. A fresh start helps most often.',
    why: 'General advice for {code}',
    tasks: [{ title: 'Unplug the TV for 30 seconds', detail: 'We keep your place.', picture: 'unplug' }],
    unattended: false,
  },
  {
    id: 'help-asked',
    fault: 'help:asked',
    model: '*',
    firmware: '*',
    name: 'Help without a known fault',
    explanation: 'The TV sees nothing wrong. Tell us what it is about, and the right person has it at hand.',
    why: 'No fault told by {model}',
    tasks: [
      {
        title: 'Is it the picture, the remote or your account?',
        detail: 'Choose the nearest. We ask for the rest together.',
        choices: ['Picture or sound', 'Remote or settings', 'My account', 'Something else'],
      },
    ],
    unattended: false,
  },
  {
    id: 'help-remote',
    fault: 'help:*',
    model: '*',
    firmware: '*',
    name: 'Remote does not answer',
    explanation: 'A remote that answers late or not at all needs new batteries most often.',
    why: 'For viewers who say that keys do nothing',
    tasks: [
      {
        title: 'Put new batteries into the remote',
        detail: 'Both of the same kind, with plus and minus as drawn inside.',
        picture: 'remote',
      },
      {
        title: 'Hold both volume keys for 5 seconds near the TV',
        detail: 'The remote and the TV then find each other anew.',
        picture: 'remote',
      },
    ],
    unattended: false,
  },
];
