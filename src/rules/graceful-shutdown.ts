import { zalandoShutdown } from '../incidents/zalando-502-in-updates.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** k8s pkg/apis/core/v1/defaults.go */
const DEFAULT_SECONDS = 30;
/** They end by themselves, or were started by hand. */
const PASSED_OVER = ['CronJob', 'Job', 'Pod'];

export default rule({
  id: 'graceful-shutdown',
  title: 'Containers are killed without time to finish what they are at',
  severity: 'warn',
  lessons: [zalandoShutdown.lessons.trafficComesLate],
  why:
    'With terminationGracePeriodSeconds: 0 the containers are killed at once and the Pod is struck out without waiting for ' +
    'them to be gone. Requests that are under way, or still on their way, are lost with every roll-out and every drain.',
  unless: 'nothing ever asks these containers for anything, and they write nothing that must be whole',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (pod?.spec.terminationGracePeriodSeconds !== 0 || PASSED_OVER.includes(object.kind ?? '')) return;
    const path = [...pod.path, 'spec', 'terminationGracePeriodSeconds'];
    const serves = pod.containers.some(({ container }) => (container.ports?.length ?? 0) > 0);
    yield {
      path,
      what: 'terminationGracePeriodSeconds: 0 kills the containers at once, with all that they are answering or writing',
      fix: () => `${snippet(path, DEFAULT_SECONDS)}    # the default`,
      edits: [{ op: 'set', path, value: DEFAULT_SECONDS }],
      severity: serves || object.kind === 'StatefulSet' ? 'warn' : 'note',
    };
  },
});
