import { zalandoEtcdctl } from '../incidents/zalando-etcdctl-del.ts';
import { basename, shellScript, startedBy, unwrapped } from '../kubernetes/command.ts';
import { CronJob, Job, Pod } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { simpleCommands } from '../kubernetes/shell-script.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'destructive-command',
  title: 'A job deletes in bulk',
  severity: 'note',
  lessons: [zalandoEtcdctl.lessons.bulkDeletion],
  why:
    'A command that deletes whatever matches a prefix, a label or a whole namespace asks nobody. One word too many, an ' +
    'empty variable or the wrong cluster, and it takes everything; run by a job it does so without anybody looking.',
  unless: 'what it deletes can all be made again',
  kinds: [Job, CronJob, Pod],
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, role, path } of pod.containers) {
      if (role === 'ephemeral') continue;
      const words = unwrapped(startedBy(container));
      const script = shellScript(words);
      const commands = script === undefined ? [words] : simpleCommands(script).map(({ words }) => words);
      const loops = commands.some(([first]) => first === 'done');
      const found = commands.map(command => bulkDeletion(command, loops)).find(text => text !== undefined);
      if (found === undefined) continue;
      yield {
        path: [...path, container.command?.length ? 'command' : 'args'],
        what: `container "${container.name}" deletes in bulk: ${found}`,
        fix: () =>
          'name what is to go, one by one or by a label of its own, look at the list before (--dry-run=server, etcdctl get),\n' +
          'give the job the right to delete no more than that, and have a backup that has been restored once',
      };
    }
  },
});

const TOOLS = ['etcdctl', 'kubectl', 'oc', 'helm'];

/** The part of a command that deletes in bulk: `etcdctl del --prefix /registry`; it may stand behind sudo or xargs. */
function bulkDeletion(words: readonly string[], isLoop: boolean): string | undefined {
  const at = words.findIndex(word => TOOLS.includes(basename(word)));
  const [tool, ...rest] = at < 0 ? [] : words.slice(at);
  const repeated = isLoop || words.slice(0, at).some(word => basename(word) === 'xargs');
  if (tool === undefined || rest.some(word => word.startsWith('--dry-run'))) return undefined;
  return isBulk(basename(tool), rest, repeated) ? words.slice(at).join(' ') : undefined;
}

function isBulk(tool: string, rest: readonly string[], repeated: boolean): boolean {
  switch (tool) {
    case 'etcdctl':
      return (
        rest.some(word => /^(?:del|rm|rmdir)$/.test(word)) &&
        rest.some(word => /^(?:--prefix|--from-key|--recursive|-r)(?:=true)?$/.test(word))
      );
    case 'helm':
      return repeated && rest.some(word => /^(?:uninstall|delete)$/.test(word));
    default:
      return (
        rest.includes('delete') &&
        rest.some(word => /^(?:ns|namespaces?)(?:\/|$)|^(?:--all|--all-namespaces|-A)(?:=true)?$/.test(word))
      );
  }
}
