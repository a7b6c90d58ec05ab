/**
 * What is changed in mediasoup's worker so that it builds from the npm package's own source with
 * Debian's libraries, where its build would fetch six libraries and a build tool from the network.
 *
 * The build is `build.ts`; the stand-ins for what would be fetched are in `compat/`.
 */

/** The recipe was tried with this release and no other: its patches may not mean the same in the next. */
export const RECIPE_FOR = '3.27.1';

/**
 * Meson fetches what `worker/subprojects/<name>.wrap` names. A folder of the wrap's own `directory`
 * that is already there is taken instead: each of these hands through Debian's library, or what
 * little of it the worker uses.
 *
 * - libuv, openssl, flatbuffers, abseil-cpp: Debian's, found by pkg-config. mediasoup links each as a
 *   whole archive besides, which an empty one answers.
 * - libsrtp3: mediasoup uses the 3.0 beta's functions. Debian has 2.5, and a header writes those in terms of these.
 * - unordered-dense: a faster hash map. The standard library's has the same functions.
 */
export const SUBPROJECTS = ['libuv', 'openssl', 'libsrtp3', 'flatbuffers', 'abseil-cpp', 'unordered-dense'] as const;

export interface Patch {
  /** Below mediasoup's `worker/`. */
  file: string;
  /** Stands there exactly once, or the build stops. */
  from: string;
  to: string;
  why: string;
}

export const PATCHES: readonly Patch[] = [
  {
    file: 'meson.build',
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.0'",
    why: 'Debian 12 has meson 1.0.1, and once the wraps are replaced nothing newer is used.',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1',
    to: '((operationType & BIO_CB_RETURN) != 0) ? static_cast<long>(ret) : 1',
    why:
      'BIO_CB_RETURN is a flag that is or-ed to the operation. OpenSSL built with KTLS, as Debian does, asks the BIO ' +
      'whether it can do that, and the callback that answers 1 to everything says yes: the first DTLS handshake crashes.',
  },
];

/** For speed, and without assertions, as mediasoup builds its own; nothing is fetched. */
export const MESON_OPTIONS = ['--buildtype=release', '-Db_ndebug=true', '--wrap-mode=nodownload'] as const;

/** What the build needs on the machine. `library` is pkg-config's name, with the least version. */
export type Requirement = { debian: string } & ({ program: string } | { library: string });

export const REQUIREMENTS: readonly Requirement[] = [
  { program: 'meson', debian: 'meson' },
  { program: 'ninja', debian: 'ninja-build' },
  { program: 'g++', debian: 'g++' },
  { program: 'pkg-config', debian: 'pkg-config' },
  { program: 'flatc', debian: 'flatbuffers-compiler' },
  { library: 'openssl >= 3.0', debian: 'libssl-dev' },
  { library: 'libuv', debian: 'libuv1-dev' },
  { library: 'libsrtp2 >= 2.5', debian: 'libsrtp2-dev' },
  { library: 'absl_flat_hash_map', debian: 'libabsl-dev' },
  { library: 'flatbuffers', debian: 'libflatbuffers-dev' },
];
