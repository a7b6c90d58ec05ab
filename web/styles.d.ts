/** The build takes style sheets from where they are used. */
declare module '*.css';
