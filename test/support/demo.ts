/** The people and things of the demo contact centre, as db/demo.ts creates them; here so that tests do not depend on its shape. */
export const demo = {
  tv: { serial: 'DEMO-TV-1', secret: 'demo-secret-of-the-living-room-tv' },
  sam: { name: 'Sam Okafor', email: 'sam@demo.example', password: 'sam-on-the-line' },
  priya: { name: 'Priya Nair', email: 'priya@demo.example', password: 'priya-on-the-line' },
} as const;
