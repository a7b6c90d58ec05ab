import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const environment = {
  selector: [
    'MemberExpression[object.name="process"][property.name="env"]',
    // The roofs hand it to config.ts, and that is all they do with it.
    ':not(CallExpression[callee.name="readConfig"] > MemberExpression)',
  ].join(''),
  message: 'Only src/config.ts reads the environment; take the setting from the config instead.',
};

export default defineConfig(
  { ignores: ['dist/', 'data/', 'web/tv/public/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody waits for hides its failure.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/require-await': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      // A union that grows is answered everywhere.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-constant-binary-expression': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'sip/**/*.ts', 'media/**/*.ts', 'db/**/*.ts'],
    // The last two run before there is a service, by npm.
    ignores: ['src/config.ts', 'media/worker/install.ts', 'media/worker/run.ts'],
    rules: {
      'no-restricted-syntax': ['error', environment],
      'no-restricted-imports': ['error', 'node:process', 'process'],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    // A fake keeps its port's promise without waiting for anything.
    files: ['test/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    files: ['web/agent/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  {
    files: ['web/agent/**/*.{ts,tsx}'],
    // To open a connection in an effect and show it is what effects are for.
    rules: { 'react-hooks/set-state-in-effect': 'off' },
  },
  {
    // Preact has the same first rule; the others suppose React's compiler and its idea of state.
    files: ['web/tv/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error' },
  },
);
