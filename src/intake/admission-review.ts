import { isMapping, type KubeObject } from '../kubernetes/object.ts';
import { type Subject, unknown } from '../model/subject.ts';
import { type AdmissionRequest, admissionRequestOf, Unreadable } from './admission-request.ts';
import { newState, oldState } from './as-written.ts';
import { exemption } from './exemption.ts';
import { type HelmRelease, readHelmRelease, storesRelease } from './helm-release.ts';

/**
 * What an AdmissionReview asks: an object to judge, or a whole release, something that is not judged, or nothing that
 * can be read.
 */
export type Intake =
  | { ok: true; uid: string; subject: Subject; user: string; dryRun: boolean }
  | {
      ok: true;
      uid: string;
      release: HelmRelease;
      /** The namespace that it is stored in. */
      storedIn: string;
    }
  | { ok: true; uid: string; exempt: string }
  | { ok: false; error: string };

export interface IntakeSettings {
  /** Where premortem itself runs: nothing in it is judged. */
  ownNamespace: string;
}

/** Reads an AdmissionReview v1 from parsed JSON that nobody has checked. The error never quotes it. */
export function readAdmissionReview(
  review: unknown,
  { ownNamespace }: IntakeSettings = { ownNamespace: 'premortem' },
): Intake {
  try {
    const request = admissionRequestOf(review);
    const { uid, user, dryRun, operation, object, namespace } = request;
    const exempt = exemption(request, ownNamespace);
    if (exempt !== undefined) return { ok: true, uid, exempt };
    if (operation !== 'CREATE' || !storesRelease(object))
      return { ok: true, uid, subject: subjectOf(request), user, dryRun };
    const release = readHelmRelease(complete(object, 'request.object', request));
    return release
      ? { ok: true, uid, release, storedIn: namespace }
      : { ok: true, uid, exempt: 'a release is put on record, and not rolled out' };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, error: error.message };
    throw error;
  }
}

function subjectOf(request: AdmissionRequest): Subject {
  const { kind, fieldValidation, user, fieldManager } = request;
  const asker = { user, fieldManager };
  if (request.operation === 'DELETE') {
    const object = complete(request.oldObject, 'request.oldObject', request);
    return { operation: 'DELETE', kind, object, asker, asWritten: unknown('a deletion writes nothing') };
  }
  const operation = request.operation === 'UPDATE' ? 'UPDATE' : 'CREATE';
  const object = complete(request.object, 'request.object', request);
  const now = newState(object, operation, fieldValidation === 'Strict');
  if (operation === 'CREATE') return { operation, kind, asker, ...now };
  const before = complete(request.oldObject, 'request.oldObject', request);
  return { operation, kind, asker, ...now, previous: oldState(before, now) };
}

/** The object, with the name and namespace that its request gives where it has none itself. */
function complete(value: unknown, at: string, { kind, name, namespace }: AdmissionRequest): KubeObject {
  if (!isMapping(value)) throw new Unreadable(`${at} is missing`);
  const object: KubeObject = value;
  const metadata: unknown = object.metadata ?? {};
  if (!isMapping(metadata)) throw new Unreadable(`${at}.metadata is not a mapping`);
  const given = {
    ...(name !== '' && !metadata.name && { name }),
    // The request for a Namespace names the Namespace itself here.
    ...(namespace !== '' && kind?.scope !== 'Cluster' && !metadata.namespace && { namespace }),
  };
  return { ...object, metadata: { ...metadata, ...given } };
}
