import { groupOf } from '../kubernetes/object.ts';
import type { Finding, Undecided } from '../model/report.ts';
import { denial } from '../report/denial.ts';
import { warningLines } from '../report/warnings.ts';
import { auditAnnotations } from './audit-annotations.ts';
import type { Judged, Passed } from './outcome.ts';

/** Bounds in bytes of JSON, which together keep an answer within 16 KB. */
const MESSAGE_BYTES = 5000;
const TEXT_BYTES = 300;
const CAUSES_BYTES = 3500;
const WARNINGS_BYTES = 4000;

/** The AdmissionReview that answers a request, as JSON (k8s staging/src/k8s.io/api/admission/v1/types.go). */
export function answerTo(outcome: Judged | Passed): string {
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: outcome.result === 'judged' ? responseOf(outcome) : passed(outcome),
  });
}

function passed({ uid, warnings }: Passed): object {
  return { uid, allowed: true, ...(warnings.length > 0 && { warnings }) };
}

function responseOf(judged: Judged): object {
  const { uid, review, verdict } = judged;
  const warnings = warningLines(review, verdict);
  const annotations = auditAnnotations(review);
  return {
    uid,
    allowed: verdict.allowed,
    ...(!verdict.allowed && { status: statusOf(judged) }),
    ...(warnings.length > 0 && { warnings: within(WARNINGS_BYTES, warnings) }),
    ...(annotations && { auditAnnotations: annotations }),
  };
}

/** A refusal as the API server hands it on to the client (k8s apimachinery/pkg/apis/meta/v1/types.go, Status). */
function statusOf({ review, verdict }: Judged): object {
  const { apiVersion, kind, name } = review.object;
  return {
    status: 'Failure',
    code: 403,
    reason: 'Forbidden',
    message: cut(MESSAGE_BYTES, denial(review, verdict)),
    details: {
      name: cut(TEXT_BYTES, name),
      group: cut(TEXT_BYTES, groupOf(apiVersion)),
      kind: cut(TEXT_BYTES, kind),
      causes: within(CAUSES_BYTES, [...verdict.refusals.map(causeOf), ...verdict.failures.map(failureOf)]),
    },
  };
}

function causeOf({ rule, what, at }: Finding): object {
  return {
    reason: rule.id,
    message: cut(TEXT_BYTES, what),
    field: cut(TEXT_BYTES, at),
  };
}

function failureOf({ rule, because }: Undecided): object {
  return { reason: rule.id, message: cut(TEXT_BYTES, because) };
}

/** The first items that take no more than `bytes`. */
function within<Item>(bytes: number, items: readonly Item[]): Item[] {
  let left = bytes;
  const end = items.findIndex(item => {
    left -= size(item) + 1;
    return left < 0;
  });
  return end < 0 ? [...items] : items.slice(0, end);
}

function cut(bytes: number, text: string): string {
  // No character takes more than six bytes of JSON.
  if (text.length * 6 <= bytes) return text;
  let kept = text;
  for (let taken = size(kept); taken > bytes; taken = size(kept))
    kept = kept.slice(0, Math.floor((kept.length * bytes) / taken));
  return kept.toWellFormed();
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
