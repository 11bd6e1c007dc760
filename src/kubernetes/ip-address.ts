/** An IP address in the one form that every other way to write it comes down to; what is none stays as it is. */
export function canonicalAddress(text: string): string {
  if (!text.includes(':')) return text;
  const host = URL.parse(`http://[${text}]/`)?.hostname;
  return host === undefined ? text : host.slice(1, -1);
}
