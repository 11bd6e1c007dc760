import { gunzipSync } from 'node:zlib';
import { kindOf } from '../kubernetes/kinds.ts';
import { isMapping, type KubeObject, own } from '../kubernetes/object.ts';
import { Release, release } from '../model/release.ts';
import { type Answer, known, type Subject, unknown } from '../model/subject.ts';
import { type FileObject, type ReadObjects, readObjects } from './files.ts';

/** A release as Helm stores it, before it changes anything in the cluster. */
export interface HelmRelease {
  /** The release as one thing, of kind Release: a CREATE for an install, an UPDATE for an upgrade or a rollback. */
  subject: Subject;
  /** Every object of its manifest and its hooks, as if it were being applied for the first time. */
  members: readonly Subject[];
}

const SECRET_TYPE = 'helm.sh/release.v1';
const NAME = 'sh.helm.release.v1.';
const GZIP = [0x1f, 0x8b, 0x08];
/** Unpacked, chart and values with it. What Helm stores fits into a Secret of 1 MiB, and is text that packs well. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Mappings and lists, or what looks like them: a million empty ones fill 100 MB. */
const MOST_BRACKETS = 1_000_000;
/**
 * Characters of rendered manifest, the hooks' included. To read them takes a second, and up to seventy times as much
 * memory; the webhook has 153 MB (manifests/base/30-deployment.yaml).
 */
const MOST_OF_MANIFEST = 2 * 1024 * 1024;
const MOST_HOOKS = 1000;
/** What a release is stored with before it is rolled out, and what that does (helm pkg/release/common/status.go). */
const ROLLS_OUT: Readonly<Record<string, Subject['operation']>> = {
  'pending-install': 'CREATE',
  'pending-upgrade': 'UPDATE',
  'pending-rollback': 'UPDATE',
};

/** Why a payload cannot be read: fixed words, which never quote it. */
class Unreadable extends Error {}

/** Does Helm store a release in this object? In a Secret, or with `HELM_DRIVER=configmap` in a ConfigMap. */
export function storesRelease(object: unknown): boolean {
  if (own(object, 'kind') === 'Secret') return own(object, 'type') === SECRET_TYPE;
  const { metadata } = isMapping(object) ? object : {};
  return (
    own(object, 'kind') === 'ConfigMap' &&
    own(own(metadata, 'labels'), 'owner') === 'helm' &&
    textOf(metadata, 'name').startsWith(NAME)
  );
}

/**
 * The release that a Secret or ConfigMap stores; undefined where it is only put on record, as by a restored backup,
 * and nothing is rolled out. Of one that cannot be read no more is known than its name.
 */
export function readHelmRelease(stored: KubeObject): HelmRelease | undefined {
  const payload = payloadOf(stored);
  const labels = stored.metadata?.labels;
  const status = payload.known ? textOf(own(payload.value, 'info'), 'status') : textOf(labels, 'status');
  const operation = Object.hasOwn(ROLLS_OUT, status) ? ROLLS_OUT[status] : undefined;
  if (!operation && (payload.known || status !== '')) return undefined;
  const name = (payload.known && textOf(payload.value, 'name')) || textOf(labels, 'name');
  const namespace =
    (payload.known && textOf(payload.value, 'namespace')) || textOf(stored.metadata, 'namespace');
  const contents = payload.known ? contentsOf(payload.value, namespace) : payload;
  const { objects, hooks, unread } = contents.known
    ? contents.value
    : { objects: [], hooks: [], unread: contents.because };
  const object = release(
    name,
    namespace,
    objects.map(({ object }) => object),
  );
  const state = { object, asWritten: unknown('a release is no manifest') };
  return {
    subject: {
      operation: operation ?? 'UPDATE',
      kind: Release,
      ...state,
      ...(unread !== undefined && { unreadable: unread }),
    },
    members: [...objects, ...hooks].map(memberOf),
  };
}

function memberOf({ object, origin }: FileObject): Subject {
  return { operation: 'CREATE', kind: kindOf(object), object, asWritten: known(object), origin };
}

/** The JSON that Helm has packed (helm pkg/storage/driver/util.go, encodeRelease). */
function payloadOf(stored: KubeObject): Answer<unknown> {
  try {
    const data = textOf(stored.data, 'release');
    // The API server shows the bytes of a Secret in base64 once more.
    const text = stored.kind === 'Secret' ? Buffer.from(data, 'base64').toString('latin1') : data;
    const bytes = unpacked(Buffer.from(text, 'base64'));
    if (brackets(bytes) > MOST_BRACKETS) throw new Unreadable('holds more than a million mappings and lists');
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isMapping(json)) throw new Unreadable('is no JSON mapping');
    return known(json);
  } catch (error) {
    // The messages of other errors would quote the payload.
    const problem = error instanceof Unreadable ? error.message : 'is not what Helm writes';
    return unknown(`the stored release ${problem}`);
  }
}

/** Releases from before compression are stored as they are. */
function unpacked(bytes: Buffer): Buffer {
  if (!GZIP.every((byte, index) => bytes[index] === byte)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const tooLarge = own(error, 'code') === 'ERR_BUFFER_TOO_LARGE' || error instanceof RangeError;
    throw new Unreadable(
      tooLarge ? 'is larger than 16 MiB when unpacked' : 'is damaged: it cannot be unpacked',
    );
  }
}

/** How many mappings and lists a JSON text can hold at the most; those in strings are counted as well. */
function brackets(json: Buffer): number {
  let count = 0;
  for (const byte of json) if (byte === 0x7b || byte === 0x5b) count++;
  return count;
}

interface Contents {
  objects: FileObject[];
  hooks: FileObject[];
  /** Why there may be more than these. */
  unread: string | undefined;
}

function contentsOf(payload: unknown, namespace: string): Answer<Contents> {
  const manifest = own(payload, 'manifest') ?? '';
  const hooks = own(payload, 'hooks') ?? [];
  if (typeof manifest !== 'string' || !Array.isArray(hooks))
    return unknown('the stored release has no manifest that could be read');
  const length = hooks.reduce((sum, hook) => sum + textOf(hook, 'manifest').length, manifest.length);
  if (length > MOST_OF_MANIFEST) return unknown("the release's manifest is larger than 2 MiB");
  if (hooks.length > MOST_HOOKS) return unknown('the release has more than 1000 hooks');
  const read = readObjects({ file: "the release's manifest", text: manifest });
  const readHooks = hooks.map(readHook);
  const [error] = [...read.errors, ...readHooks.flatMap(({ errors }) => errors)];
  return known({
    objects: read.objects.map(one => placed(one, namespace)),
    hooks: readHooks.flatMap(({ objects }) => objects.map(one => placed(one, namespace))),
    unread: error && `line ${error.line} of ${error.file} cannot be read: ${unquoted(error.message)}`,
  });
}

/** A message without the manifest's own words, one of which may be a password that was not put in quotes. */
function unquoted(message: string): string {
  const quote = message.search(/["'`]|!</);
  return quote < 0 ? message : message.slice(0, quote).trimEnd();
}

/** A hook stands in no manifest of the release: it is stored for itself, and run at its moment. */
function readHook(hook: unknown): ReadObjects {
  const template = textOf(hook, 'path');
  const read = readObjects({ file: 'a hook of the release', text: textOf(hook, 'manifest') });
  return {
    ...read,
    objects: read.objects.map(({ object, origin }) => ({ object, origin: origin.renderedFrom(template) })),
  };
}

/** Helm applies what names no namespace in that of the release. */
function placed({ object, origin }: FileObject, namespace: string): FileObject {
  if (kindOf(object)?.scope !== 'Namespaced' || object.metadata?.namespace) return { object, origin };
  return { object: { ...object, metadata: { ...object.metadata, namespace } }, origin };
}

function textOf(mapping: unknown, key: string): string {
  const value = own(mapping, key);
  return typeof value === 'string' ? value : '';
}
