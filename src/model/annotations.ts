/** On a Namespace, with its own name as the value: it may be deleted. */
export const CONFIRM_DELETE = 'premortem.dev/confirm-delete';
