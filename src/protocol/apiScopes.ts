/** What an API key may do, with what it says to people; free of schemas. */
export const API_SCOPES = {
  read: 'Read interactions and their events',
  viewer: 'Ask for help and answer in a viewer’s name',
  agent: 'Speak in an agent’s name',
} as const;

export type ApiScope = keyof typeof API_SCOPES;
