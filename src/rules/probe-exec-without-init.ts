import { datadogZombies } from '../incidents/datadog-exec-probe-zombies.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { execProbes, hasReaper } from '../kubernetes/probe.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'probe-exec-without-init',
  title: 'An exec probe starts processes, and nothing reaps what they leave behind',
  severity: 'deny',
  lessons: [datadogZombies.lessons.nothingReaped],
  why:
    "When a probe is cut short, by its timeout for instance, the processes that it started go to the container's PID 1. " +
    'A PID 1 that is no init never waits for them, so each stays as a zombie, probe after probe, until the node can ' +
    'start no process any more.',
  unless: "the image's ENTRYPOINT is an init such as tini or dumb-init, or its main process is known to reap",
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { probe, container, line, path } of execProbes(pod)) {
      if (hasReaper(pod, container)) continue;
      yield {
        path: [...path, 'exec', 'command'],
        what: `${probe} of container "${container.name}" ${line.because}${line.forks ? ', and no init in the manifest reaps what it leaves' : '; should that start other processes, no init in the manifest reaps them'}`,
        fix: () =>
          'probe without a process (httpGet, tcpSocket or grpc), or with a single program instead of a script,\n' +
          'or make an init PID 1, once it is in the image: command: ["tini", "--", …]\n' +
          "(as the image's ENTRYPOINT it can't be seen here: waive the rule then),\n" +
          "or let the pause container reap, if the containers may see each other's processes:\n" +
          snippet([...pod.path, 'spec', 'shareProcessNamespace'], true),
        key: line.forks ? 'exec-probe-forks' : 'exec-probe',
        severity: line.forks ? 'deny' : 'warn',
      };
    }
  },
});
