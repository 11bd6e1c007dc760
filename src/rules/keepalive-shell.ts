import { datadogNotVms } from '../incidents/datadog-containers-not-vms.ts';
import { keepalive } from '../kubernetes/keepalive.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'keepalive-shell',
  title: 'A container does nothing but stay alive',
  severity: 'note',
  lessons: [datadogNotVms.lessons.keptAliveByNothing],
  why:
    'People get into such a container and run jobs in it, which no manifest tells of, nothing starts again, and the next ' +
    'rollout or node drain kills in the midst. What they leave behind has no init that reaps it, and long trees of processes ' +
    'are hard on the container runtime.',
  unless: 'it is a toolbox for incidents, and nothing runs in it otherwise',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    // A bare Pod is started by hand, to look at something, and thrown away.
    if (!pod || object.kind === 'Pod') return;
    for (const { container, role, path } of pod.containers) {
      const command = role === 'app' || role === 'sidecar' ? keepalive(container) : undefined;
      if (command === undefined) continue;
      yield {
        path: [...path, container.command?.length ? 'command' : 'args'],
        what: `container "${container.name}" does nothing but stay alive (${command})`,
        fix: () =>
          'run the job itself: a Job or a CronJob for what ends, the program as the command for what does not;\n' +
          'to look into a running pod: kubectl debug -it POD --image=IMAGE',
        // On every node it rather holds an image or keeps what init containers have set up.
      };
    }
  },
});
