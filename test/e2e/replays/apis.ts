import assert from 'node:assert/strict';
import { namespace } from '../manifests.ts';
import { passed } from '../outcome.ts';
import { apiService, service } from './props.ts';
import type { Replay } from './replay.ts';
import type { Stage } from './stage.ts';

export const apis: readonly Replay[] = [
  {
    lesson: 'L07',
    rule: 'apiservice-broken-backend',
    told: 'warn',
    story: 'a part of the API is away, since the Service behind it is not there',
    before: stage => stage.applied(service('shop', {})),
    deed: (stage, ...how) => stage.apply(apiService(stage, 'metrics'), ...how),
    harm: async stage => {
      await stage.becomes(DEAD_API, AVAILABLE, 'False');
      const { stderr } = await stage.kubectl('get', DISCOVERY);
      await endDeadApi(stage);
      assert.match(stderr, /currently unable to handle the request/);
    },
    mended: stage => stage.apply(service('metrics', {})),
    spared: async stage => {
      // It is not there as long as nothing is behind it.
      assert.match((await stage.kubectl('get', DISCOVERY)).stderr, /NotFound/);
    },
  },
  {
    lesson: 'L06',
    rule: 'namespace-stuck-terminating',
    told: 'warn',
    story: 'a Namespace that is deleted while a part of the API is away stays Terminating',
    before: async stage => {
      await makeVictim(stage);
      await stage.applied(apiService(stage, 'metrics'));
      await stage.becomes(DEAD_API, AVAILABLE, 'False');
    },
    deed: deleteVictim,
    harm: hangs,
    mended: async stage => {
      await endDeadApi(stage);
      return deleteVictim(stage);
    },
    // It goes seconds later, when nothing is in its way.
    spared: async stage => assert.equal(await stage.value('apiservices', UNAVAILABLE), ''),
  },
];

const DEAD_API = 'apiservice/v1.metrics.example.com';
const DISCOVERY = '--raw=/apis/metrics.example.com/v1';
const AVAILABLE = '.status.conditions[?(@.type=="Available")].status';
const UNAVAILABLE = '.items[?(@.status.conditions[0].status=="False")].metadata.name';
const HANGS = '.status.conditions[?(@.type=="NamespaceDeletionDiscoveryFailure")].status';

async function makeVictim(stage: Stage): Promise<void> {
  await stage.applied(namespace(victimOf(stage), 'warn'));
}

function victimOf({ namespace }: Stage): string {
  return `${namespace}-victim`;
}

function deleteVictim(stage: Stage, ...how: string[]) {
  return stage.kubectl('delete', 'namespace', victimOf(stage), '--wait=false', ...how);
}

/** And lets it go, so that nobody else's hangs. */
async function hangs(stage: Stage): Promise<void> {
  await stage.becomes(`namespace/${victimOf(stage)}`, HANGS, 'True').finally(() => endDeadApi(stage));
}

async function endDeadApi(stage: Stage): Promise<void> {
  passed(await stage.kubectl('delete', DEAD_API));
}
