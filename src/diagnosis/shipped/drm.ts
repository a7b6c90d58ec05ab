/** Protected programmes: keys, outputs, clocks. */
import type { CatalogueEntry } from '../diagnosis.ts';

const cleared = (code: string) => ({ kind: 'fault', code }) as const;

export const drmEntries: CatalogueEntry[] = [
  {
    id: 'key-missing',
    fault: 'drm:key-missing',
    model: '*',
    firmware: '*',
    name: 'Key of the programme missing',
    explanation: 'This programme is locked, and the TV did not get its key. Asking for it afresh works most often.',
    why: 'Key system {system}, licence answered {httpStatus}',
    tasks: [
      {
        title: 'Go back to the shelf and start the programme again',
        detail: 'The TV asks for the key anew.',
        picture: 'remote',
        check: { kind: 'playback', seconds: 12 },
      },
      {
        title: 'Turn on Automatic in Settings, Date and time',
        detail: 'Keys are dated: a wrong clock locks programmes.',
        check: { kind: 'playback', seconds: 12 },
      },
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'This screen goes dark. We keep your place.',
        picture: 'unplug',
        check: { kind: 'playback', seconds: 12 },
      },
    ],
    unattended: false,
  },
  {
    id: 'key-missing-x40',
    fault: 'drm:key-missing',
    model: 'X40*',
    firmware: '<=4.1.9',
    name: 'X40 loses its key store, up to 4.1.9',
    explanation: 'Software up to 4.1.9 can lose the keys of this TV when the power goes. The update puts them back.',
    why: '{model} with firmware {firmware}: key store is mended after 4.1.9, key system {system}',
    tasks: [
      {
        title: 'Open Settings, Support, and update the TV software',
        detail: 'It takes some minutes, and the TV turns off and on. A short time off does not cost your place.',
        picture: 'restart',
        check: { kind: 'playback', seconds: 12 },
      },
      {
        title: 'Sign out and in again in Settings, My account',
        detail: 'The TV is then given new keys.',
        picture: 'remote',
        check: { kind: 'playback', seconds: 12 },
      },
    ],
    unattended: false,
  },
  {
    id: 'hdcp',
    fault: 'drm:hdcp',
    model: '*',
    firmware: '*',
    name: 'HDMI chain without HDCP',
    explanation: 'The cable or a device between box and screen does not protect the picture, so it stays dark.',
    why: 'HDCP {hdcpFound} found, {hdcpNeeded} needed, display {display}',
    tasks: [
      {
        title: 'Unplug the HDMI cable at both ends and plug it in again',
        detail: 'Screen and box then greet each other anew.',
        picture: 'cable',
        check: cleared('drm:hdcp'),
      },
      {
        title: 'Connect the box to the TV without a device between',
        detail: 'Soundbars, splitters and recorders are often the cause.',
        picture: 'cable',
        check: cleared('drm:hdcp'),
      },
      {
        title: 'Use another HDMI socket of the TV',
        detail: 'The one marked HDCP 2.2 or 4K is the best.',
        picture: 'cable',
        check: cleared('drm:hdcp'),
      },
    ],
    unattended: false,
  },
  {
    id: 'output-restricted',
    fault: 'drm:output-restricted',
    model: '*',
    firmware: '*',
    name: 'Output not allowed',
    explanation: 'This programme may be shown on the TV itself only. A second screen or a recorder is connected.',
    why: 'Outputs in use: {outputs}',
    tasks: [
      {
        title: 'Unplug recorders and second screens from the TV',
        detail: 'A loudspeaker may stay.',
        picture: 'cable',
        check: cleared('drm:output-restricted'),
      },
      {
        title: 'Turn off screen sharing to phones and computers',
        detail: 'It is in Settings, Connections.',
        check: cleared('drm:output-restricted'),
      },
    ],
    unattended: true,
  },
  {
    id: 'clock',
    fault: 'drm:clock',
    model: '*',
    firmware: '*',
    name: 'Clock of the TV is wrong',
    explanation: 'The clock of the TV is wrong, and dated keys do not open. With the right time they do.',
    why: 'Clock is off by {offsetSeconds} s',
    tasks: [
      {
        title: 'Turn on Automatic in Settings, Date and time',
        detail: 'If it is on, turn it off and on.',
        picture: 'remote',
        check: cleared('drm:clock'),
      },
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'It asks for the time when it starts.',
        picture: 'unplug',
        check: cleared('drm:clock'),
      },
    ],
    unattended: true,
  },
  {
    id: 'drm-any',
    fault: 'drm:*',
    model: '*',
    firmware: '*',
    name: 'Other protection trouble',
    explanation: 'This programme is protected, and the TV cannot open it now. A fresh start helps most often.',
    why: 'General advice for {code}, key system {system}',
    tasks: [
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'This screen goes dark. We keep your place.',
        picture: 'unplug',
        check: { kind: 'playback', seconds: 12 },
      },
    ],
    unattended: false,
  },
];
