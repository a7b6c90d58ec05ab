/** clip.json, as web/tv/clip/make.ts writes it. */
export interface Manifest {
  /** For `addSourceBuffer`: one buffer, picture and sound together. */
  mimeType: string;
  segmentSeconds: number;
  /** Names beside the manifest. */
  init: string;
  segments: string[];
}

/** @throws Error when it is not a manifest */
export function parseManifest(text: string): Manifest {
  const read: unknown = JSON.parse(text);
  const one = read as Partial<Manifest> | null;
  if (
    typeof one !== 'object' ||
    one === null ||
    typeof one.mimeType !== 'string' ||
    typeof one.segmentSeconds !== 'number' ||
    typeof one.init !== 'string' ||
    !Array.isArray(one.segments) ||
    one.segments.length === 0
  ) {
    throw new Error('The manifest has no segments');
  }
  return one as Manifest;
}
