/**
 * Where the tags of an XML text stop fitting together: the offset of the first end tag that does not close what is
 * open, or of the end when something stays open; null when all fit. fast-xml-parser accepts such texts silently.
 */
export function findImbalance(xml: string): number | null {
  const open: string[] = [];
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const next = xml.charCodeAt(at + 1);
    if (next === 33 /* ! */ || next === 63 /* ? */) {
      const end = skip(xml, at);
      if (end < 0) return at;
      at = end;
      continue;
    }
    const close = xml.indexOf('>', at);
    if (close < 0) return at;
    if (next === 47 /* / */) {
      if (open.pop() !== xml.slice(at + 2, close).trimEnd()) return at;
    } else if (xml.charCodeAt(close - 1) !== 47) open.push(nameAt(xml, at + 1, close));
    at = close;
  }
  return open.length > 0 ? xml.length : null;
}

/** Behind a comment, a CDATA section, a declaration or a processing instruction. */
function skip(xml: string, at: number): number {
  const end = xml.startsWith('<!--', at) ? '-->' : xml.startsWith('<![CDATA[', at) ? ']]>' : '>';
  const found = xml.indexOf(end, at + 2);
  return found < 0 ? -1 : found + end.length;
}

function nameAt(xml: string, from: number, to: number): string {
  let end = from;
  while (end < to && xml.charCodeAt(end) > 32) end++;
  return xml.slice(from, end);
}
