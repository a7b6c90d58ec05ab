/** Picture and sound that stop, stutter or do not start. */
import type { CatalogueEntry, CatalogueTask } from '../diagnosis.ts';

const playFor = (seconds: number) => ({ kind: 'playback', seconds }) as const;

const unplugRouter: CatalogueTask = {
  title: 'Unplug the router for 30 seconds',
  detail: 'Plug it in again and wait about two minutes. Your place is kept.',
  picture: 'router',
  check: playFor(12),
};

const turnTvOffAndOn: CatalogueTask = {
  title: 'Unplug the TV for 30 seconds',
  detail: 'This screen goes dark. We keep your place and carry on from here.',
  picture: 'unplug',
  check: playFor(12),
};

const closerToRouter: CatalogueTask = {
  title: 'Move the router closer to the TV, in open view',
  detail: 'A metre away from walls, metal and the microwave is enough in most homes.',
  picture: 'wifi',
  check: playFor(12),
};

const cableToRouter: CatalogueTask = {
  title: 'Connect the TV to the router with a cable',
  detail: 'Any network cable will do. The TV changes over by itself.',
  picture: 'cable',
  check: playFor(12),
};

export const playbackEntries: CatalogueEntry[] = [
  {
    id: 'stalled',
    fault: 'playback:stalled',
    model: '*',
    firmware: '*',
    name: 'Weak Wi-Fi or slow line',
    explanation: 'The picture arrives slower than it plays. The way between the TV and the router is the usual cause.',
    why: 'stopped {stalls}×, the last time for {seconds} s, {bufferedSeconds} s in the buffer, signal {rssi} dBm',
    tasks: [
      unplugRouter,
      {
        title: 'Pause downloads and other programmes at home',
        detail: 'Phones, computers and consoles share the same line.',
        picture: 'wifi',
        check: playFor(12),
      },
      closerToRouter,
      cableToRouter,
    ],
    unattended: false,
  },
  {
    id: 'stalled-x40-wifi-sleep',
    fault: 'playback:stalled',
    model: 'X40*',
    firmware: '<4.2',
    name: 'X40 Wi-Fi sleeps before 4.2',
    explanation: 'Older software lets the Wi-Fi of this TV fall asleep while it plays. Software 4.2 mends that.',
    why: '{model} with firmware {firmware}: Wi-Fi sleep is mended in 4.2, stopped {stalls}×',
    tasks: [
      {
        title: 'Open Settings, Support, and update the TV software',
        detail: 'It takes some minutes, and the TV turns off and on. A short time off does not cost your place.',
        picture: 'restart',
        check: playFor(12),
      },
      {
        title: 'Turn off Settings, Network, Power saving',
        detail: 'This helps at once when the update has to wait.',
        picture: 'wifi',
        check: playFor(12),
      },
      cableToRouter,
    ],
    unattended: false,
  },
  {
    id: 'stalled-x40-band',
    fault: 'playback:stalled',
    model: 'X40*',
    firmware: '>=4.2',
    name: 'X40 on the 2.4 GHz band',
    explanation: 'This TV can use a slow and a fast Wi-Fi, and picks the slow one when both have the same name.',
    why: 'stopped {stalls}×, the last time for {seconds} s, signal {rssi} dBm, on {band}',
    tasks: [
      {
        title: 'Open Settings, Network, and choose the 5 GHz Wi-Fi',
        detail: 'Its name often ends in 5G. The password is the same.',
        picture: 'wifi',
        check: playFor(12),
      },
      unplugRouter,
      closerToRouter,
      cableToRouter,
    ],
    unattended: false,
  },
  {
    id: 'stalled-stb-2',
    fault: 'playback:stalled',
    model: 'STB-2*',
    firmware: '*',
    name: 'Box of the second generation: little memory',
    explanation: 'This box keeps little of the film ahead, so a short gap stops the picture. A cable helps it most.',
    why: '{model} buffers little; stopped {stalls}×, the last time for {seconds} s',
    tasks: [
      cableToRouter,
      {
        title: 'Choose Standard quality in the player',
        detail: 'Sharpness drops a little, and the picture stops less.',
        check: playFor(20),
      },
      {
        title: 'Unplug the box for 30 seconds',
        detail: 'Its memory is cleared. We keep your place.',
        picture: 'unplug',
        check: playFor(12),
      },
    ],
    unattended: false,
  },
  {
    id: 'playback-network',
    fault: 'playback:network',
    model: '*',
    firmware: '*',
    name: 'Programme cannot be fetched',
    explanation: 'The TV is online, but this programme does not reach it.',
    why: 'Stream lost with media error {mediaError}, HTTP status {httpStatus}, {bufferedSeconds} s left in the buffer',
    tasks: [
      {
        title: 'Go back to the shelf and start the programme again',
        detail: 'The TV then asks for it by a fresh way.',
        picture: 'remote',
        check: playFor(12),
      },
      unplugRouter,
      {
        title: 'Does another programme play?',
        detail: 'This tells us whether the trouble is the programme or the line.',
        choices: ['Yes, others play', 'No, none plays', 'I have not tried'],
      },
    ],
    unattended: false,
  },
  {
    id: 'playback-blocked',
    fault: 'playback:network-blocked',
    model: '*',
    firmware: '*',
    name: 'Stream blocked on the way',
    explanation:
      'Something between the TV and us keeps the programme back. A VPN or a parental filter does that most often.',
    why: 'The stream answered {httpStatus}, while the service itself is reachable',
    tasks: [
      {
        title: 'Turn off any VPN on the TV and on the router',
        detail: 'Some providers block programmes that come through one.',
        picture: 'router',
        check: playFor(12),
      },
      {
        title: 'Open the router page and turn off web filters',
        detail: 'They are often called parental control, safe surf or family filter.',
        picture: 'router',
        check: playFor(12),
      },
    ],
    unattended: false,
  },
  {
    id: 'decode',
    fault: 'playback:decode',
    model: '*',
    firmware: '*',
    name: 'Picture cannot be decoded',
    explanation:
      'The programme arrives, but the TV cannot turn it into a picture. A fresh start clears that most often.',
    why: 'Decoder stopped with media error {mediaError}, codec {codec}, {message}',
    tasks: [
      turnTvOffAndOn,
      {
        title: 'Go back to the shelf and start the programme again',
        detail: 'It then plays from its beginning or from where you stopped.',
        picture: 'remote',
        check: playFor(12),
      },
      {
        title: 'Do you see the trouble in one programme only?',
        detail: 'If so, we look at that programme and call you back when it is mended.',
        choices: ['One programme only', 'Several', 'All of them'],
      },
    ],
    unattended: false,
  },
  {
    id: 'decode-x40-hevc',
    fault: 'playback:decode',
    model: 'X40*',
    firmware: '<4.1.3',
    name: 'X40 HEVC decoder before 4.1.3',
    explanation: 'Older software of this TV has trouble with sharp pictures. An update mends it.',
    why: '{model} before 4.1.3 stops on HEVC, firmware {firmware}, codec {codec}, {message}',
    tasks: [
      {
        title: 'Open Settings, Support, and update the TV software',
        detail: 'It takes some minutes, and the TV turns off and on. A short time off does not cost your place.',
        picture: 'restart',
        check: playFor(12),
      },
      {
        title: 'Choose Standard quality in the player',
        detail: 'This works at once and can be turned back later.',
        check: playFor(12),
      },
    ],
    unattended: false,
  },
  {
    id: 'source',
    fault: 'playback:source',
    model: '*',
    firmware: '*',
    name: 'Programme not found or not playable',
    explanation: 'This programme is not where the TV looks for it. Other programmes are not affected.',
    why: 'Source refused with media error {mediaError}, HTTP status {httpStatus}, {message}',
    tasks: [
      {
        title: 'Go back to the shelf and start the programme again',
        detail: 'The shelf is loaded anew and may know a newer copy.',
        picture: 'remote',
        check: playFor(12),
      },
      {
        title: 'Do other programmes play?',
        detail: 'If they do, we look after this one for you.',
        choices: ['Yes, others play', 'No, none plays', 'I have not tried'],
      },
    ],
    unattended: false,
  },
  {
    id: 'audio',
    fault: 'playback:no-audio',
    model: '*',
    firmware: '*',
    name: 'Picture without sound',
    explanation: 'The programme has sound, but none leaves the TV. It often goes to a loudspeaker that is turned off.',
    why: 'Sound goes to {audioOutput}, codec {codec}',
    tasks: [
      {
        title: 'Press Volume up on the remote until a bar shows',
        detail: 'A crossed-out loudspeaker on the bar means mute: press Mute once.',
        picture: 'remote',
        check: { kind: 'fault', code: 'playback:no-audio' },
      },
      {
        title: 'Choose TV speaker in Settings, Sound, Output',
        detail: 'The sound then comes from the TV and not from a soundbar or headphones.',
        check: { kind: 'fault', code: 'playback:no-audio' },
      },
      {
        title: 'Unplug the soundbar for 30 seconds',
        detail: 'Leave this out if there is none.',
        picture: 'unplug',
        check: { kind: 'fault', code: 'playback:no-audio' },
      },
    ],
    unattended: false,
  },
  {
    id: 'playback-any',
    fault: 'playback:*',
    model: '*',
    firmware: '*',
    name: 'Other playback trouble',
    explanation: 'The programme does not play as it can. Two short tasks help most often.',
    why: 'General advice for {code}',
    tasks: [turnTvOffAndOn, unplugRouter],
    unattended: false,
  },
];
