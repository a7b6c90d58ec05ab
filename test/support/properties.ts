/**
 * fast-check with a seed: the same cases on every run, so that a commit fails by what it changed. PROPERTY_SEED=… walks
 * elsewhere; a failure tells its seed and path.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 2501) });

export { fc };
