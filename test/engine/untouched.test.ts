import assert from 'node:assert/strict';
import { review } from '../../src/engine/review.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { known } from '../../src/model/subject.ts';
import { caseSettings, createdObjects } from '../cases.ts';

/** The same, which nothing can change any more. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe('what is judged', () => {
  it('is left as it is by every rule, since others judge the same object', () => {
    for (const object of createdObjects().map(frozen)) {
      const state = { kind: kindOf(object), object, asWritten: known(object) };
      const previous = { object, asWritten: known(object) };
      for (const subject of [
        { operation: 'CREATE' as const, ...state },
        { operation: 'UPDATE' as const, ...state, previous },
        { operation: 'DELETE' as const, ...state },
      ]) {
        const failures = review(subject, caseSettings).undecided.filter(({ reason }) => reason === 'failed');
        assert.deepEqual(failures, []);
      }
    }
  });
});
