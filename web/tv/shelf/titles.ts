/** What the demo service shows. All invented; all play the same small clip. */
import type { Artwork } from './art.tsx';

export interface Title {
  id: string;
  name: string;
  /** "Nature · 2026". */
  kind: string;
  about: string;
  minutes: number;
  /** Minutes watched so far. */
  watched: number;
  art: Artwork;
}

export const TITLES: readonly Title[] = [
  {
    id: 'bay',
    name: 'The Quiet Bay',
    kind: 'Slow television · 2026',
    about: 'One evening, one boat, and nobody in a hurry.',
    minutes: 52,
    watched: 18,
    art: 'bay',
  },
  {
    id: 'north',
    name: 'North of Everything',
    kind: 'Nature · Series',
    about: 'A winter with the people who count the lights.',
    minutes: 44,
    watched: 0,
    art: 'north',
  },
  {
    id: 'train',
    name: 'Night Train East',
    kind: 'Drama · Series',
    about: 'Eleven strangers, one sleeping car, two borders.',
    minutes: 47,
    watched: 0,
    art: 'train',
  },
  {
    id: 'birds',
    name: 'Paper Birds',
    kind: 'Family film · 2025',
    about: 'What Mina folds at night has flown by morning.',
    minutes: 88,
    watched: 31,
    art: 'birds',
  },
  {
    id: 'reef',
    name: 'Below the Reef',
    kind: 'Documentary · 2026',
    about: 'Down where the colours have no names yet.',
    minutes: 61,
    watched: 0,
    art: 'reef',
  },
  {
    id: 'dunes',
    name: 'The Salt Road',
    kind: 'Documentary · 2024',
    about: 'Forty days on foot, the old way home.',
    minutes: 93,
    watched: 0,
    art: 'dunes',
  },
  {
    id: 'city',
    name: 'Fourth Floor, Left',
    kind: 'Comedy · Series',
    about: 'The lift is broken, and so everybody meets.',
    minutes: 26,
    watched: 0,
    art: 'city',
  },
  {
    id: 'forest',
    name: 'Where the Deer Sleep',
    kind: 'Slow television · 2025',
    about: 'A forest, from the last light to the first.',
    minutes: 70,
    watched: 0,
    art: 'forest',
  },
];
