/** The way between the TV, the router and us. */
import type { CatalogueEntry, CatalogueTask } from '../diagnosis.ts';

const online = { kind: 'network' } as const;

const unplugRouter: CatalogueTask = {
  title: 'Unplug the router for 30 seconds',
  detail: 'Plug it in again and wait about two minutes. Your place is kept.',
  picture: 'router',
  check: online,
};

export const networkEntries: CatalogueEntry[] = [
  {
    id: 'offline',
    fault: 'network:offline',
    model: '*',
    firmware: '*',
    name: 'TV not online',
    explanation: 'The TV lost its way to the internet. The router or its cable is the usual cause.',
    why: 'The TV told that it is not online; last by {connection}, signal {rssi} dBm',
    tasks: [
      {
        title: 'Look at the router: is its internet light on?',
        detail: 'The light is often called Internet, Online or a globe.',
        picture: 'router',
        choices: ['On and steady', 'Blinking or red', 'All lights are off', 'I cannot see it'],
      },
      unplugRouter,
      {
        title: 'Open Settings, Network, and choose your Wi-Fi again',
        detail: 'Have the Wi-Fi password at hand. It is often printed under the router.',
        picture: 'wifi',
        check: online,
      },
      {
        title: 'Connect the TV to the router with a cable',
        detail: 'The TV changes over by itself.',
        picture: 'cable',
        check: online,
      },
    ],
    unattended: false,
  },
  {
    id: 'offline-stb',
    fault: 'network:offline',
    model: 'STB*',
    firmware: '*',
    name: 'Box not online',
    explanation: 'The box lost its way to the internet. A loose cable at its back is the usual cause.',
    why: '{model} is wired in most homes; link {link}',
    tasks: [
      {
        title: 'Press the network cable in at the box and the router',
        detail: 'It clicks when it sits well. Two small lights beside it start to blink.',
        picture: 'cable',
        check: online,
      },
      unplugRouter,
      {
        title: 'Unplug the box for 30 seconds',
        detail: 'This screen goes dark. We keep your place.',
        picture: 'unplug',
        check: online,
      },
    ],
    unattended: false,
  },
  {
    id: 'dns',
    fault: 'network:dns',
    model: '*',
    firmware: '*',
    name: 'Names are not found (DNS)',
    explanation:
      'The TV reaches the router, but cannot look up where programmes are. An address set by hand is often the cause.',
    why: 'Lookup of {host} gave nothing, DNS server {dns}',
    tasks: [
      unplugRouter,
      {
        title: 'Choose Automatic in Settings, Network, DNS',
        detail: 'The TV then takes the address that the router gives.',
        picture: 'wifi',
        check: online,
      },
    ],
    unattended: false,
  },
  {
    id: 'slow',
    fault: 'network:slow',
    model: '*',
    firmware: '*',
    name: 'Line too slow',
    explanation: 'The TV is online, but the line brings too little for a sharp picture.',
    why: 'Measured {mbps} Mbit/s, signal {rssi} dBm',
    tasks: [
      {
        title: 'Pause downloads and other programmes at home',
        detail: 'Phones, computers and consoles share the same line.',
        picture: 'wifi',
        check: { kind: 'playback', seconds: 12 },
      },
      {
        title: 'Move the router closer to the TV, in open view',
        detail: 'A metre away from walls, metal and the microwave is enough in most homes.',
        picture: 'wifi',
        check: { kind: 'playback', seconds: 12 },
      },
      {
        title: 'Choose Standard quality in the player',
        detail: 'Sharpness drops a little, and the picture stops less.',
        check: { kind: 'playback', seconds: 12 },
      },
    ],
    unattended: false,
  },
  {
    id: 'captive',
    fault: 'network:captive',
    model: '*',
    firmware: '*',
    name: 'Sign-in page of a guest network',
    explanation:
      'This Wi-Fi wants its own sign-in page to be accepted before it lets the TV through. Hotels and hospitals have such pages.',
    why: 'A sign-in page answered in place of the service, Wi-Fi {ssid}',
    tasks: [
      {
        title: 'Open the browser of the TV and accept the Wi-Fi page',
        detail: 'Any address leads there until it is accepted.',
        picture: 'wifi',
        check: online,
      },
      {
        title: 'Ask at the desk for a Wi-Fi that suits TVs',
        detail: 'Many houses have a second one without a page.',
        check: online,
      },
    ],
    unattended: true,
  },
  {
    id: 'address',
    fault: 'network:no-address',
    model: '*',
    firmware: '*',
    name: 'No address from the router (DHCP)',
    explanation:
      'The TV is connected to the router but gets no address from it. The router is often full or needs a fresh start.',
    why: 'Link is up, no address given, own address {ip}',
    tasks: [
      unplugRouter,
      {
        title: 'Choose Automatic in Settings, Network, IP address',
        detail: 'An address set by hand is then given up.',
        picture: 'wifi',
        check: online,
      },
    ],
    unattended: false,
  },
  {
    id: 'wifi-password',
    fault: 'network:wifi-password',
    model: '*',
    firmware: '*',
    name: 'Wi-Fi password changed',
    explanation:
      'The Wi-Fi does not take the password that the TV remembers. It was changed, or the router is a new one.',
    why: 'Wi-Fi {ssid} refused the password',
    tasks: [
      {
        title: 'Type the Wi-Fi password in Settings, Network',
        detail: 'It is often printed under the router. Capital letters count.',
        picture: 'wifi',
        check: online,
      },
    ],
    unattended: true,
  },
  {
    id: 'network-any',
    fault: 'network:*',
    model: '*',
    firmware: '*',
    name: 'Other network trouble',
    explanation: 'Something between the TV and us does not work. A fresh start of the router helps most often.',
    why: 'General advice for {code}',
    tasks: [
      unplugRouter,
      {
        title: 'Unplug the TV for 30 seconds',
        detail: 'This screen goes dark. We keep your place.',
        picture: 'unplug',
        check: online,
      },
    ],
    unattended: false,
  },
];
