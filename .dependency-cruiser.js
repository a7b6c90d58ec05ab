/**
 * Who may import whom: the table of floors. A file sees its own floor's neighbours only where the
 * table says so; `import type` counts as an import, except where a rule speaks of values.
 */
const domain = '^src/(interaction|routing|agent|diagnosis)/';
const protocol = '^src/protocol/';
const services = '^src/(registration|events)/';
const adapters = '^(sip|media|db|src/http|src/realtime|src/telemetry)/';
const packages = '(^|/)node_modules/';
const roofs = '^src/(main|provision)\\.ts$';
const typesOnly = ['type-only'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'roof-is-imported-by-nobody',
      severity: 'error',
      from: {},
      to: { path: roofs },
    },
    {
      name: 'provision-belongs-to-its-roof',
      severity: 'error',
      from: { path: '^(src|sip|media|db|web)/', pathNot: '^src/provision(\\.ts$|/)' },
      to: { path: '^src/provision/' },
    },
    {
      name: 'provision-reads-and-asks',
      comment: 'What a command does stands in the roof; beside it is how it is read.',
      severity: 'error',
      from: { path: '^src/provision/' },
      to: { pathNot: ['^src/provision/', protocol, packages], dependencyTypesNot: ['core'] },
    },
    {
      name: 'settings-are-handed-in',
      comment: 'Only the roofs read the config; whoever needs a setting takes it as an option.',
      severity: 'error',
      from: { path: '^(src|sip|media|db)/', pathNot: roofs },
      to: { path: '^src/config\\.ts$' },
    },
    {
      name: 'domain-stands-alone',
      comment: 'Floor 0 decides: no I/O, no clock, no package, nothing above it.',
      severity: 'error',
      from: { path: domain },
      to: { pathNot: domain },
    },
    {
      name: 'domain-looks-down',
      comment: 'Two rooms of floor 0 never need each other.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/(interaction|routing|agent|diagnosis)' },
      to: { circular: true },
    },
    {
      name: 'protocol-needs-zod-alone',
      severity: 'error',
      from: { path: protocol },
      to: { pathNot: [protocol, domain, `${packages}zod/`] },
    },
    {
      name: 'protocol-takes-types-of-the-domain',
      comment: 'The wire is safe in a browser: from the domain it takes types only.',
      severity: 'error',
      from: { path: protocol },
      to: { path: domain, dependencyTypesNot: typesOnly },
    },
    {
      name: 'services-stand-on-floor-0',
      comment: 'Floor 1 owns ports; what stands behind them is chosen in main.ts.',
      severity: 'error',
      from: { path: '^src/(registration|events)/' },
      to: { pathNot: [domain, protocol, '^src/$1/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'adapters-never-meet',
      comment: 'Floor 2 stands on floors 0 and 1.',
      severity: 'error',
      from: { path: '^(sip|media|db|src/http|src/realtime|src/telemetry)/' },
      to: { pathNot: [domain, protocol, services, '^$1/', packages], dependencyTypesNot: ['core'] },
    },
    {
      name: 'sip-messages-stand-alone',
      comment: "What reads strangers' bytes needs Node alone.",
      severity: 'error',
      from: { path: '^sip/engine/messages/' },
      to: { pathNot: '^sip/engine/messages/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'server-knows-no-browser',
      severity: 'error',
      from: { path: '^(src|sip|media|db)/', pathNot: '^src/main\\.ts$' },
      to: { path: '^(web|test)/' },
    },
    {
      name: 'product-needs-no-tests',
      severity: 'error',
      from: { path: '^(src|sip|media|db|web)/' },
      to: { path: '^test/' },
    },
    {
      name: 'web-takes-values-of-the-protocol-alone',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|sip|media|db)/', pathNot: protocol, dependencyTypesNot: typesOnly },
    },
    {
      name: 'web-takes-types-of-protocol-and-domain',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|sip|media|db)/', pathNot: [protocol, domain] },
    },
    {
      name: 'apps-never-meet',
      severity: 'error',
      from: { path: '^web/(tv|agent|mobile|handset)/' },
      to: { path: '^web/', pathNot: ['^web/$1/', '^web/(connector|softphone|call|theme)/'] },
    },
    {
      name: 'connector-needs-nobody',
      comment: 'Others embed it: no framework, no package, no app of ours.',
      severity: 'error',
      from: { path: '^web/connector/' },
      to: { pathNot: ['^web/connector/', protocol, domain] },
    },
    {
      name: 'call-needs-nobody',
      comment: 'A TV loads it when a call begins: no framework, no package, nothing of the wire.',
      severity: 'error',
      from: { path: '^web/call/' },
      to: { pathNot: '^web/call/' },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      // The installation proves the worker with a peer that production lacks, and says so there.
      from: { pathNot: ['^test/', '^media/worker/weriftPeer'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: typesOnly },
    },
    {
      name: 'imports-exist',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
