import assert from 'node:assert/strict';
import declared from '../../src/kubernetes/fields.generated.json' with { type: 'json' };
import { successorOf } from '../../src/kubernetes/former-kinds.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { removedApi, removedApis } from '../../src/kubernetes/removed-apis.ts';

const REVIEWS = /(Access|Rules|Subject|Token)Review$|Eviction$/;

describe('removed API versions', () => {
  it('name a successor, or say what to do', () => {
    for (const api of removedApis()) {
      const { successor, remark } = removedApi(api) ?? {};
      assert.ok(successor !== undefined || remark !== undefined, api);
      assert.ok(
        successor === undefined || removedApi(successor) === undefined,
        `${api}: ${successor} is gone too`,
      );
    }
  });

  it('agree with what is known of the fields of former versions', () => {
    for (const api of removedApis()) {
      const successor = successorOf(api);
      if (successor !== undefined) assert.equal(removedApi(api)?.successor, successor);
    }
  });

  it('are of kinds that are known, but for what is asked and never stored', () => {
    for (const api of removedApis()) {
      const [apiVersion, kind = ''] = api.split(' ');
      assert.ok(REVIEWS.test(kind) || kindOf({ apiVersion, kind }), api);
    }
  });

  it('are none that the installed @kubernetes/client-node declares, but for those that it has outlived', () => {
    const declaredYet = [...removedApis()].filter(api => Object.hasOwn(declared.kinds, api));
    assert.deepEqual(declaredYet, []);
  });

  it('are told apart by kind, group and version', () => {
    assert.equal(removedApi('batch/v2alpha1 CronJob')?.removedIn, '1.21');
    assert.equal(removedApi('extensions/v1beta1 Ingress')?.removedIn, '1.22');
    assert.equal(removedApi('extensions/v1beta1 Deployment')?.removedIn, '1.16');
    assert.equal(removedApi('batch/v1 CronJob'), undefined);
    assert.equal(removedApi('constructor'), undefined);
  });
});
