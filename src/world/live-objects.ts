import { builtInKinds, type Kind } from '../kubernetes/kinds.ts';
import { type KubeObject, own } from '../kubernetes/object.ts';
import type { Rule } from '../model/rule.ts';
import { type Answer, known, unknown } from '../model/subject.ts';
import { accessTo } from './api-access.ts';
import { ApiConversation, type Reply } from './api-conversation.ts';
import { objectPath } from './api-path.ts';
import type { Cluster } from './cluster.ts';

/** Objects as they are in the cluster at this moment. */
export interface LiveObjects {
  /** One object of a namespaced kind, undefined where there is none. Never rejects: what went wrong is unknown. */
  get(
    kind: Kind<unknown>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<Answer<KubeObject | undefined>>;
}

export interface RunningLiveObjects extends LiveObjects {
  /** Ends all requests; from now on everything is unknown. */
  stop(): void;
}

/** The longest that a look-up may take, waiting for its turn included: the webhook itself is waited for 3 s. */
const GET_MS = 2_000;

/**
 * The kinds of which the live object decides whether a refusal is due: a fault that is there already is none of the
 * change's. The webhook's right to get follows from it.
 */
export function liveKinds(rules: readonly Rule[]): Kind<unknown>[] {
  const kinds = new Set<Kind<unknown>>();
  for (const { severity, operations, needs, kinds: judged } of rules) {
    if (severity !== 'deny' || !operations.includes('UPDATE')) continue;
    // What its author wrote, the API server has not kept; and what a file is meant for matters in files alone.
    if (Object.values(needs).some(({ ask }) => ask === 'as-written' || ask === 'target-version')) continue;
    for (const kind of judged) if (isReadable(kind)) kinds.add(kind);
  }
  return [...kinds];
}

function isReadable(kind: Kind<unknown>): boolean {
  const isBuiltIn = (builtInKinds as readonly Kind<unknown>[]).includes(kind);
  return isBuiltIn && kind.scope === 'Namespaced' && !kind.confidential;
}

/** Prepares look-ups of these kinds in a cluster, without making any. Throws KubeconfigError. */
export async function liveObjects(
  kinds: readonly Kind<unknown>[],
  { cluster, deadlineMs = GET_MS }: { cluster: Cluster; deadlineMs?: number },
): Promise<RunningLiveObjects> {
  const conversation = new ApiConversation(await accessTo(cluster));
  return {
    async get(kind, namespace, name, signal) {
      if (!kinds.includes(kind)) return unknown(`live ${kind.name} objects are not looked up`);
      const path = objectPath(kind, namespace, name);
      if (path === undefined) return unknown(`no ${kind.name} can have such a name`);
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      try {
        return read(await conversation.get(`${path}?resourceVersion=0`, deadline), kind, name);
      } catch {
        return unknown(
          deadline.aborted
            ? `the API server did not answer in time for the live ${kind.name}`
            : `the API server cannot be reached for the live ${kind.name}`,
        );
      }
    },
    stop: () => conversation.end(),
  };
}

function read({ status, json }: Reply, kind: Kind<unknown>, name: string): Answer<KubeObject | undefined> {
  if (status === 401 || status === 403) return unknown(`premortem may not read live ${kind.name} objects`);
  // A version that the API server does not serve is a 404 too, but no Status.
  if (status === 404 && own(json, 'reason') === 'NotFound') return known(undefined);
  if (status !== 200) return unknown(`the API server answered HTTP ${status} for the live ${kind.name}`);
  const isIt = own(json, 'kind') === kind.name && own(own(json, 'metadata'), 'name') === name;
  return isIt ? known(json as KubeObject) : unknown(`the API server sent no ${kind.name} that can be read`);
}
