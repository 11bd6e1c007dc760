export interface ImageName {
  /** `latest` where none is written, and undefined where a digest stands in for it. */
  tag: string | undefined;
  /**
   * - `fixed`: a digest, or a tag that names one build: a version of two numbers and more, or a commit;
   * - `latest`: the tag that stands for whatever was pushed last;
   * - `unclear`: any other tag; `stable`, `v1` and `main` are pushed over, as a rule.
   */
  meaning: 'fixed' | 'latest' | 'unclear';
}

/** An image's name: `registry:5000/shop/web:7.2@sha256:…` (distribution reference/reference.go). */
export function parseImage(image: string): ImageName {
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(':');
  // A colon before the last slash is that of a port.
  const written = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined;
  if (at >= 0) return { tag: written, meaning: 'fixed' };
  const tag = written ?? 'latest';
  if (tag === 'latest') return { tag, meaning: 'latest' };
  const moves = /latest|nightly|snapshot|dev|edge|canary|[{}$]/i.test(tag);
  const build = /^v?\d+\.\d+|-\d+\.\d+\.\d+|^(?=.*\d)[0-9a-f]{7,64}$/.test(tag);
  return { tag, meaning: build && !moves ? 'fixed' : 'unclear' };
}
