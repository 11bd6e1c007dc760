import { endOfBrackets } from '../kubernetes/json-text.ts';
import { isMapping, valueAt } from '../kubernetes/object.ts';

/** As the API server writes it, without blanks (Go's encoding/json). Within a text its quotes would be escaped. */
const RECORD = '"managedFields":';

/**
 * Parses an AdmissionReview. What the API server has on record of who wrote which field stays text, which
 * {@link managedFieldsOf} reads: it is a fifth to a half of what is sent, few rules ask for it, and to parse it takes
 * as long as to judge the rest.
 *
 * @throws SyntaxError
 */
export function parseReview(json: string): unknown {
  const { rest, records } = setAside(json);
  const review: unknown = JSON.parse(rest);
  let put = 0;
  for (const state of ['object', 'oldObject']) {
    const metadata = valueAt(review, ['request', state, 'metadata']);
    if (!isMapping(metadata) || typeof metadata.managedFields !== 'number') continue;
    const record = records[metadata.managedFields];
    if (record === undefined) continue;
    metadata.managedFields = record;
    put++;
  }
  // What is called so elsewhere is something else.
  return put === records.length ? review : JSON.parse(json);
}

/** The text with numbers in place of the records, and the records that they stand for. */
function setAside(json: string): { rest: string; records: string[] } {
  const records: string[] = [];
  let rest = '';
  let from = 0;
  for (let at = json.indexOf(RECORD); at >= 0; at = json.indexOf(RECORD, from)) {
    const start = at + RECORD.length;
    const end = json[start] === '[' ? endOfBrackets(json, start) : undefined;
    if (end === undefined) return { rest: json, records: [] };
    rest += json.slice(from, start) + records.length;
    records.push(json.slice(start, end));
    from = end;
  }
  return { rest: rest + json.slice(from), records };
}
