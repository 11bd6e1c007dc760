/**
 * The field managers of kubectl when it changes more than labels, annotations and what starts pods anew, with the
 * command that somebody has typed (k8s staging/src/k8s.io/kubectl/pkg/cmd).
 */
const COMMANDS: Readonly<Record<string, string>> = {
  kubectl: 'kubectl apply',
  'kubectl-client-side-apply': 'kubectl apply',
  'kubectl-edit': 'kubectl edit',
  'kubectl-patch': 'kubectl patch',
  'kubectl-replace': 'kubectl replace',
  'kubectl-set': 'kubectl set',
};

/**
 * The command by which a person changes an object; undefined where a program does, or it is not known. What Kubernetes
 * and the programs in it do is done by users that begin with `system:`.
 */
export function commandOf({
  user,
  fieldManager,
}: {
  user: string;
  fieldManager: string;
}): string | undefined {
  if (user === '' || user.startsWith('system:')) return undefined;
  return Object.hasOwn(COMMANDS, fieldManager) ? COMMANDS[fieldManager] : undefined;
}
