import { datadogZombies } from '../incidents/datadog-exec-probe-zombies.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { type ExecProbe, execProbes } from '../kubernetes/probe.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const LEAST_PERIOD_SECONDS = 5;

export default rule({
  id: 'probe-exec-timeout',
  title: 'An exec probe is cut short before its script can end',
  severity: 'warn',
  lessons: [datadogZombies.lessons.timeoutMadeOrphans],
  why:
    "At the timeout the kubelet has the probe's own process killed, and only that one: what the script had started " +
    'lives on as an orphan. A slow moment, when every probe takes longer than usual, then makes orphans by the hundred.',
  unless: 'the script is known to end well within its timeout, even on a node under load',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const probe of execProbes(pod)) {
      const hurry = probe.line.forks ? hurryOf(probe) : undefined;
      if (hurry)
        yield {
          path: [...probe.path, hurry.field],
          what: hurry.what,
          fix: () => `${snippet(probe.path, hurry.better, object)}    # an example`,
        };
    }
  },
});

function hurryOf({ probe, container, line, timeoutSeconds, periodSeconds }: ExecProbe) {
  const who = `${probe} of container "${container.name}" ${line.because}`;
  if (line.timeout !== undefined && line.timeout >= timeoutSeconds) {
    return {
      field: 'timeoutSeconds',
      what: `${who} for up to ${line.timeout} s, and is killed from outside after ${timeoutSeconds} s`,
      better: { timeoutSeconds: Math.ceil(line.timeout) + 5 },
    };
  }
  if (timeoutSeconds <= 1) {
    return {
      field: 'timeoutSeconds',
      what: `${who} and is killed after ${timeoutSeconds} s${timeoutSeconds === 1 ? ', the default' : ''}`,
      better: { timeoutSeconds: 5, ...(periodSeconds < 15 && { periodSeconds: 15 }) },
    };
  }
  if (periodSeconds < LEAST_PERIOD_SECONDS) {
    return {
      field: 'periodSeconds',
      what: `${who} every ${periodSeconds} s`,
      better: { ...(timeoutSeconds < 5 && { timeoutSeconds: 5 }), periodSeconds: 15 },
    };
  }
  return undefined;
}
