import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { gapOf, mayPileUp } from '../kubernetes/cron-job.ts';
import { CronJob, ResourceQuota } from '../kubernetes/kinds.ts';
import { SYSTEM_NAMESPACES } from '../kubernetes/namespaces.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** What bounds the number of pods, be it by what they request (k8s pkg/quota/v1/evaluator/core/pods.go). */
const BOUNDS = /^(pods|count\/(pods|jobs\.batch)|((requests|limits)\.)?(cpu|memory))$/;

/** What runs less often takes days to fill a cluster. */
const MOST_MINUTES = 60;

export default rule({
  id: 'no-pod-quota',
  title: 'Runs that may pile up meet no quota',
  severity: 'note',
  lessons: [zalandoCronJob.lessons.podsHaveNoBound],
  why:
    'Where nothing ends the runs of a CronJob and nothing bounds the pods of its namespace, they fill the cluster until ' +
    'the API server goes down. A ResourceQuota keeps the damage in one namespace.',
  unless:
    'the runs are sure to end, or somebody is told of too many pods in time; a tight quota stops rollouts too',
  kinds: [CronJob],
  needs: { quotas: inSameNamespace(ResourceQuota) },
  *check({ object, known: { quotas } }) {
    const { spec, metadata } = object;
    if (SYSTEM_NAMESPACES.includes(metadata?.namespace ?? '')) return;
    if (!spec || spec.suspend === true || !mayPileUp(spec) || gapOf(spec) > MOST_MINUTES) return;
    if (quotas.some(quota => Object.keys(quota.spec?.hard ?? {}).some(name => BOUNDS.test(name)))) return;
    const { namespace } = metadata ?? {};
    yield {
      path: ['spec', 'schedule'],
      what: `each run at "${spec.schedule}" may add to those before it, and no ResourceQuota bounds the pods of ${namespace === undefined ? 'its namespace' : `namespace ${namespace}`}`,
      fix: () =>
        `kubectl create quota pods ${namespace === undefined ? '' : `-n ${namespace} `}--hard=pods=200    # an example: twice what runs at most`,
    };
  },
});
