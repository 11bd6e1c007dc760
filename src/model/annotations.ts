/** On a Namespace, with its own name as the value: it may be deleted. */
export const CONFIRM_DELETE = 'premortem.dev/confirm-delete';

/** Is the annotation of that key meant for premortem? */
export function isForUs(key: string): boolean {
  return key.startsWith('premortem.dev/') || key.startsWith('waive.premortem.dev/');
}
