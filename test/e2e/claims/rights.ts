import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1ClusterRole, V1ClusterRoleBinding, V1PolicyRule } from '@kubernetes/client-node';
import { loadAll } from 'js-yaml';
import type { ControlPlane } from '../control-plane.ts';
import { passed } from '../outcome.ts';

const BASE = join(import.meta.dirname, '../../../manifests/base');
const OURS = 'premortem';
/** Some other account, of which nobody has ever heard. */
const ANY = 'anybody';

/** A Role, a ClusterRole, or what binds one; and other objects, which are none of these. */
type Granting = (V1ClusterRole | V1ClusterRoleBinding) & { kind: string };

export function rights(cluster: ControlPlane): void {
  describe('the service account of premortem', () => {
    for (const namespace of [OURS, 'default'])
      it(`may do in ${namespace} what the manifests allow, and else only what any account may`, async () => {
        const everybodys = await rightsOf(cluster, ANY, namespace);
        const own = (await rightsOf(cluster, OURS, namespace)).filter(right => !everybodys.includes(right));
        assert.deepEqual(own.sort(), allowed(namespace).sort());
      });
  });
}

/** What `kubectl auth can-i --list` tells. */
async function rightsOf(cluster: ControlPlane, account: string, namespace: string): Promise<string[]> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const as = `system:serviceaccount:${OURS}:${account}`;
  const asked = await cluster.kubectl(['create', `--raw=${path}`, '--filename=-', `--as=${as}`], {
    stdin: JSON.stringify(review),
    as: 'admin',
  });
  const { status } = JSON.parse(passed(asked)) as { status: { resourceRules: V1PolicyRule[] } };
  return linesOf(status.resourceRules);
}

function allowed(namespace: string): string[] {
  const objects = globSync('*.yaml', { cwd: BASE }).flatMap(
    file => loadAll(readFileSync(join(BASE, file), 'utf8')) as Granting[],
  );
  const inReach = objects.filter(
    ({ kind, metadata }) =>
      kind.startsWith('Cluster') || (kind.startsWith('Role') && metadata?.namespace === namespace),
  );
  const bound = inReach.flatMap(object => ('roleRef' in object ? [object.roleRef] : []));
  return bound.flatMap(({ kind, name }) =>
    inReach.flatMap(object =>
      object.kind === kind && object.metadata?.name === name && 'rules' in object
        ? linesOf(object.rules ?? [])
        : [],
    ),
  );
}

/** One line for each right: `list limitranges.`, `get secrets. premortem-ca`. */
function linesOf(rules: readonly V1PolicyRule[]): string[] {
  const lines = rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [''], verbs }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        resourceNames.flatMap(name => verbs.map(verb => `${verb} ${resource}.${group} ${name}`.trim())),
      ),
    ),
  );
  return [...new Set(lines)];
}
