import { Namespace } from '../kubernetes/kinds.ts';
import { SYSTEM_NAMESPACES } from '../kubernetes/namespaces.ts';
import { valueAt } from '../kubernetes/object.ts';
import type { AdmissionRequest } from './admission-request.ts';
import { storesRelease } from './helm-release.ts';

/** They delete what others have decided to delete; stopped, they would leave namespaces hanging. */
const DELETING_CONTROLLERS: ReadonlySet<string> = new Set([
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
]);

/** Why a request is not judged at all, or undefined. Held in code too, whatever the webhook's configuration says. */
export function exemption(request: AdmissionRequest, ownNamespace: string): string | undefined {
  const { operation, kind, subresource, user, object } = request;
  if (operation === 'CONNECT') return 'a connection changes no object';
  if (subresource !== '') return 'a subresource is not the manifest';
  if (kind?.confidential && !(operation === 'CREATE' && storesRelease(object)))
    return 'objects of this kind are secret';
  const namespace = kind === Namespace ? nameOf(request) : request.namespace;
  if (SYSTEM_NAMESPACES.includes(namespace)) return 'the namespace belongs to Kubernetes';
  if (namespace === ownNamespace) return 'the namespace is that of premortem itself';
  if (operation !== 'DELETE') return undefined;
  if (DELETING_CONTROLLERS.has(user)) return 'a controller of Kubernetes deletes what was already given up';
  if (valueAt(request.oldObject, ['metadata', 'deletionTimestamp']))
    return 'the object is already being deleted';
  return undefined;
}

function nameOf({ name, object, oldObject }: AdmissionRequest): string {
  const own = valueAt(object ?? oldObject, ['metadata', 'name']);
  return name || (typeof own === 'string' ? own : '');
}
