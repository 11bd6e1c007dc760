import { datadogNotVms } from '../incidents/datadog-containers-not-vms.ts';
import { isInteractive, keepalive } from '../kubernetes/keepalive.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'interactive-workload',
  title: 'A workload keeps a terminal open for somebody to work in',
  severity: 'note',
  lessons: [datadogNotVms.lessons.openTerminal],
  why:
    'A container that waits with an open terminal is used as a machine: jobs are started in it by hand. They die with the ' +
    'pod, at the next rollout or drain, and nobody but their author knows of them.',
  unless: 'a program that controls it attaches to it, such as the controller of a build agent',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod || object.kind === 'Pod') return;
    for (const { container, role, path } of pod.containers) {
      if (role === 'init' || role === 'ephemeral' || !isInteractive(container)) continue;
      if (keepalive(container) === undefined) continue;
      const fields = (['stdin', 'tty'] as const).filter(field => container[field] === true);
      const [field = 'tty'] = fields;
      yield {
        path: [...path, field],
        what: `container "${container.name}" does nothing but keep a terminal open (${fields.map(name => `${name}: true`).join(', ')})`,
        fix: () =>
          `remove ${fields.join(' and ')}, and get in with kubectl debug where you need to; for work that recurs write a Job`,
      };
    }
  },
});
