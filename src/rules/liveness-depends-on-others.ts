import { zalandoCronJob } from '../incidents/zalando-innocent-cronjob.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { livenessProbes } from '../kubernetes/probe.ts';
import { isLocalHost, remoteHost } from '../kubernetes/remote-host.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'liveness-depends-on-others',
  title: 'A liveness probe asks somebody else',
  severity: 'warn',
  lessons: [zalandoCronJob.lessons.healthIsOnesOwn],
  why:
    'A failing livenessProbe makes the kubelet kill the container, which cures nothing when the fault is elsewhere. While ' +
    'what it asks is down, every replica is restarted again and again, and what worked goes down too.',
  unless: 'nothing but a restart mends the container once it has lost the other',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, command, host, path } of livenessProbes(pod)) {
      // In the node's network an address may be one of the node's own, as that of a DNS cache is.
      const own =
        host === undefined || isLocalHost(host) || (pod.spec.hostNetwork === true && /^[\d.]+$|:/.test(host));
      const other = own ? remoteHost(command) : host;
      if (other === undefined) continue;
      const probe = [...path, 'livenessProbe'];
      yield {
        path: probe,
        what: `livenessProbe of container "${container.name}" asks ${other}, and when that does not answer, this container is killed`,
        fix: () =>
          `ask the container itself, by its own port:\n${snippet(probe, { httpGet: { path: '/healthz', port: 8080 } }, object)}    # an example\n` +
          'and let it answer well while others are down; at the most its readinessProbe may ask them',
      };
    }
  },
});
