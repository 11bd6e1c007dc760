import { accessTo } from '../../world/api-access.ts';
import { ApiConversation } from '../../world/api-conversation.ts';
import type { Cluster } from '../../world/cluster.ts';
import type { Logger } from '../log.ts';
import type { RunningServer } from '../server.ts';
import { AuthorityStore } from './authority-store.ts';
import { OwnAuthority } from './own-authority.ts';
import { selfDial } from './self-dial.ts';
import { serviceNames } from './x509.ts';

export interface RunningAuthority {
  /** In words, or undefined when the API server would trust what is served. */
  readonly whyNotReady: string | undefined;
  /** Serves what it signs. */
  begin(server: RunningServer): void;
  stop(): void;
}

/** Prepares an authority of our own in a cluster, without asking for anything yet. Throws KubeconfigError. */
export async function prepareAuthority(
  cluster: Cluster,
  { namespace, logger }: { namespace: string; logger: Logger },
): Promise<RunningAuthority> {
  const conversation = new ApiConversation(await accessTo(cluster));
  const stopped = new AbortController();
  let authority: OwnAuthority | undefined;
  return {
    get whyNotReady() {
      return authority ? authority.whyNotReady : 'starting';
    },
    begin(server) {
      const clock = () => new Date();
      const repaired = () => server.countBundleRepair();
      const store = new AuthorityStore({ conversation, namespace, clock, logger, repaired });
      const [name = ''] = serviceNames(namespace);
      authority = new OwnAuthority(
        { useCertificate: server.useCertificate, dial: selfDial(server.url, name) },
        { store, namespace, clock, chance: Math.random, logger },
      );
      authority.run(stopped.signal);
    },
    stop() {
      stopped.abort();
      conversation.end();
    },
  };
}
