import { randomUUID } from 'node:crypto';
import { applyEdits } from '../src/kubernetes/edit.ts';
import { unknownFields } from '../src/kubernetes/fields.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import type { Asker } from '../src/model/subject.ts';

export interface Change {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  object: KubeObject;
  oldObject?: KubeObject | undefined;
  asker?: Asker | undefined;
}

const SOMEBODY: Asker = { user: 'alice', fieldManager: 'kubectl-client-side-apply' };

/**
 * The AdmissionReview that an API server sends for `kubectl apply --validate=warn`: fields that it does not know are
 * gone from the object, and what was written is left in the last-applied annotation.
 */
export function admissionReview({ operation, object, oldObject, asker = SOMEBODY }: Change) {
  const { metadata = {}, apiVersion = '', kind = '' } = object;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const gvk = { group: kindOf(object)?.group ?? group, version, kind };
  const gvr = { group: gvk.group, version, resource: kindOf(object)?.resource ?? `${kind.toLowerCase()}s` };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: randomUUID(),
      kind: gvk,
      resource: gvr,
      requestKind: gvk,
      requestResource: gvr,
      name: metadata.name ?? '',
      namespace: metadata.namespace,
      operation,
      userInfo: { username: asker.user, groups: ['devs', 'system:authenticated'] },
      object: operation === 'DELETE' ? null : stored(object),
      oldObject: operation === 'DELETE' ? object : oldObject === undefined ? null : stored(oldObject),
      dryRun: false,
      options: { fieldManager: asker.fieldManager, fieldValidation: 'Warn' },
    },
  };
}

/** An object as the API server keeps what kubectl applied; one that brings such a record along was stored before. */
function stored(object: KubeObject): KubeObject {
  const lost = unknownFields(object).map(({ path }) => ({ op: 'remove' as const, path: [...path] }));
  const kept = applyEdits(object, lost.reverse()) as KubeObject;
  const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) };
  return {
    ...kept,
    metadata: { ...kept.metadata, annotations: { ...lastApplied, ...kept.metadata?.annotations } },
  };
}
