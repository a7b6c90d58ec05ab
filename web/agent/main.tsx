import { createRoot } from 'react-dom/client';
import { createAgentConnector } from '../connector/agent.ts';
import { App } from './App.tsx';
import { createDeskApi } from './session/desk-api.ts';
import { deviceName } from './session/device.ts';

const APP_VERSION = '0.1.0';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no element with the id "app"');

createRoot(root).render(
  <App
    openApi={createDeskApi}
    connect={() => createAgentConnector({ told: { device: deviceName(navigator.userAgent), appVersion: APP_VERSION } })}
  />,
);
