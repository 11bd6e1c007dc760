import { gzipSync } from 'node:zlib';
import { admissionReview } from '../../demo/admission-request.ts';
import { storedRelease } from '../../demo/stored-release.ts';
import { readObjects } from '../../src/intake/files.ts';
import { isMapping, own } from '../../src/kubernetes/object.ts';
import { capture, captures } from '../captures/capture.ts';
import { allCases, type Case, isRollout, RELEASE } from '../cases.ts';

/** Something real to mutate, and how an API server would send what became of it. */
export interface Seed {
  name: string;
  value: unknown;
  sent: (value: unknown) => unknown;
}

/**
 * What a real API server sent, whole; the cases of the rules as kubectl applies them, of which the API server keeps
 * only the fields that it knows; and the cases as the manifest of a Helm release, which nobody has looked at before.
 */
export function seeds(): Seed[] {
  const recorded = captures.map(name => ({ name, value: capture(name), sent: ofOneKind }));
  const cases = allCases();
  return [...recorded, ...cases.filter(one => !isRollout(one)).flatMap(applied), ...cases.map(released)];
}

/** The API server has read the object as what the request says it is. */
function ofOneKind(review: unknown): unknown {
  const request = own(review, 'request');
  const kind = own(request, 'kind');
  const [group, version] = [own(kind, 'group'), own(kind, 'version')];
  const isNamed = typeof group === 'string' && group !== '' && typeof version === 'string';
  const given = { apiVersion: isNamed ? `${group}/${version}` : version, kind: own(kind, 'kind') };
  for (const object of [own(request, 'object'), own(request, 'oldObject')])
    if (isMapping(object)) Object.assign(object, given);
  return review;
}

function applied({ rule, side, name, file, text, operation, oldObject }: Case): Seed[] {
  if (operation === 'INSTALL' || operation === 'UPGRADE') return [];
  return readObjects({ file, text }).objects.map(({ object }) => ({
    name: `${rule}/${side}/${name}`,
    value: { object, ...(oldObject && { oldObject }) },
    sent: value =>
      admissionReview({
        operation,
        object: mapping(own(value, 'object')),
        oldObject: own(value, 'oldObject') === undefined ? undefined : mapping(own(value, 'oldObject')),
      }),
  }));
}

function mapping(value: unknown): Record<string, unknown> {
  const object = Object(value);
  return { ...object, metadata: { ...Object(own(object, 'metadata')) }, ...named(object) };
}

/** The API server asks about nothing without these. */
function named(object: unknown): { apiVersion: string; kind: string } {
  const [apiVersion, kind] = [own(object, 'apiVersion'), own(object, 'kind')];
  return {
    apiVersion: typeof apiVersion === 'string' ? apiVersion : 'v1',
    kind: typeof kind === 'string' && kind !== '' ? kind : 'Pod',
  };
}

function released({ rule, side, name, file, text }: Case): Seed {
  const objects = readObjects({ file, text }).objects.map(({ object }) => object);
  const [hook] = objects;
  const value = {
    ...RELEASE,
    version: 2,
    info: { status: 'pending-upgrade' },
    manifest: objects,
    hooks: [{ path: 'shop/templates/hook.yaml', manifest: [hook] }],
  };
  return { name: `release of ${rule}/${side}/${name}`, value, sent: value => admissionReview(packed(value)) };
}

/** Helm keeps manifests as text, in which each object is a document. */
function packed(value: unknown) {
  const object = storedRelease({ ...RELEASE, revision: 2, manifest: '' });
  const hooks = own(value, 'hooks');
  const payload = {
    ...Object(value),
    manifest: documents(own(value, 'manifest')),
    hooks: Array.isArray(hooks)
      ? hooks.map(hook => ({ ...Object(hook), manifest: documents(own(hook, 'manifest')) }))
      : hooks,
  };
  const release = Buffer.from(gzipSync(JSON.stringify(payload), { level: 1 }).toString('base64'));
  return {
    operation: 'CREATE' as const,
    object: { ...object, data: { release: release.toString('base64') } },
  };
}

function documents(objects: unknown): unknown {
  return Array.isArray(objects)
    ? objects.map(object => `---\n# Source: shop/templates/one.yaml\n${JSON.stringify(object)}\n`).join('')
    : objects;
}
