import { LAST_APPLIED } from '../kubernetes/last-applied.ts';
import { annotation, isMapping, type KubeObject } from '../kubernetes/object.ts';
import { type Answer, known, type Operation, type State, unknown } from '../model/subject.ts';

const NOT_ON_RECORD = 'the API server has dropped unknown fields and left no trace of them';
const OLD_NOT_ON_RECORD = 'there is no record of how the old object was written';
const NOT_READABLE = `the annotation ${LAST_APPLIED} does not hold a JSON mapping`;

/**
 * An object about to be stored, with what its author wrote. `strict`: the API server would have refused a field that
 * it does not know, so nothing was dropped (k8s apiserver/pkg/endpoints/handlers/create.go).
 */
export function newState(object: KubeObject, operation: Operation, strict: boolean): State {
  const text = annotation(object, LAST_APPLIED);
  // On CREATE the annotation may have come along in a copy. On UPDATE it tells even where it is older than this
  // request, since nobody else keeps the dropped fields.
  if (strict && (text === undefined || operation === 'CREATE')) return { object, asWritten: known(object) };
  return { object, asWritten: text === undefined ? unknown(NOT_ON_RECORD) : parsed(text) };
}

/** The object before the change. An annotation that did not change is not parsed a second time. */
export function oldState(object: KubeObject, successor: State): State {
  const text = annotation(object, LAST_APPLIED);
  if (text === undefined) return { object, asWritten: unknown(OLD_NOT_ON_RECORD) };
  const unchanged = text === annotation(successor.object, LAST_APPLIED);
  return { object, asWritten: unchanged ? successor.asWritten : parsed(text) };
}

function parsed(text: string): Answer<KubeObject> {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? known(value) : unknown(NOT_READABLE);
  } catch {
    // The parser's message would quote the annotation.
    return unknown(NOT_READABLE);
  }
}
