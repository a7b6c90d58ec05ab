/**
 * What reaches a TV. Types are gone here, as they are from the bundle: only what is imported by
 * value counts, however many files lie between.
 */

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-schemas-on-the-tv',
      comment: 'zod is larger than the whole app may be; a TV trusts the service it connected to.',
      severity: 'error',
      from: { path: '^web/(tv|connector)/' },
      to: { path: '(^|/)node_modules/zod/', reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
