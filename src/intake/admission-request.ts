import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { isMapping, own } from '../kubernetes/object.ts';
import type { Operation } from '../model/subject.ts';

/**
 * The request of an AdmissionReview, as far as it is needed, in known types
 * (k8s staging/src/k8s.io/api/admission/v1/types.go). The two objects are still unread.
 */
export interface AdmissionRequest {
  uid: string;
  operation: Operation | 'CONNECT';
  kind: Kind<unknown> | undefined;
  /** Empty when the object itself is meant. */
  subresource: string;
  /** Empty for cluster-scoped kinds, but for Namespaces their own name. */
  namespace: string;
  /** Empty where a generated name or a collection is meant. */
  name: string;
  user: string;
  dryRun: boolean;
  /** `Strict`, `Warn`, `Ignore`, or empty when the client left it to the API server. */
  fieldValidation: string;
  /** What the client calls itself, or empty. */
  fieldManager: string;
  object: unknown;
  oldObject: unknown;
}

/** Why a review cannot be read: fixed words, which never quote it. */
export class Unreadable extends Error {}

const OPERATIONS: ReadonlySet<unknown> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);
/** The API server's are UUIDs of 36 characters; the uid is echoed, so it has to be short. */
const LONGEST_UID = 128;

/** Reads the request of an AdmissionReview v1. Throws {@link Unreadable}. */
export function admissionRequestOf(review: unknown): AdmissionRequest {
  const request = own(requireReview(review), 'request');
  if (!isMapping(request)) throw new Unreadable('the AdmissionReview has no request');
  const operation = own(request, 'operation');
  if (!OPERATIONS.has(operation)) throw new Unreadable('request.operation is missing or unknown');
  return {
    uid: uidOf(request),
    operation: operation as AdmissionRequest['operation'],
    kind: requestedKind(own(request, 'kind')),
    subresource: text(request, 'subResource'),
    namespace: text(request, 'namespace'),
    name: text(request, 'name'),
    user: text(own(request, 'userInfo'), 'username'),
    dryRun: own(request, 'dryRun') === true,
    fieldValidation: text(own(request, 'options'), 'fieldValidation'),
    fieldManager: text(own(request, 'options'), 'fieldManager'),
    object: own(request, 'object'),
    oldObject: own(request, 'oldObject'),
  };
}

function requireReview(review: unknown): unknown {
  if (own(review, 'kind') !== 'AdmissionReview') throw new Unreadable('the body is not an AdmissionReview');
  if (own(review, 'apiVersion') !== 'admission.k8s.io/v1')
    throw new Unreadable('only admission.k8s.io/v1 is understood');
  return review;
}

function uidOf(request: unknown): string {
  const uid = text(request, 'uid');
  if (uid === '') throw new Unreadable('request.uid is missing');
  if (uid.length > LONGEST_UID) throw new Unreadable('request.uid is too long');
  return uid;
}

function requestedKind(value: unknown): Kind<unknown> | undefined {
  const kind = text(value, 'kind');
  if (kind === '') throw new Unreadable('request.kind is missing');
  return kindOf({ apiVersion: `${text(value, 'group')}/${text(value, 'version')}`, kind });
}

/** The text of a field; absent and null are empty, anything else is an error. */
function text(mapping: unknown, key: string): string {
  const value = own(mapping, key);
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  throw new Unreadable(`${key} is not text`);
}
