/** ORCID's check digit (ISO 7064 mod 11-2). */
function hasValidChecksum(digits: string): boolean {
  let total = 0;
  for (const digit of digits.slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return digits[15] === (check === 10 ? 'X' : String(check));
}

/** `https://orcid.org/0000-0001-…`, `0000 0001 …`, `0000000218250097` → `0000-0001-…`; null when it is none. */
export function orcid(value: string | null): string | null {
  const digits =
    value
      ?.toUpperCase()
      .replace(/^.*ORCID\.ORG\//, '')
      .replace(/[^0-9X]/g, '') ?? '';
  if (!/^\d{15}[\dX]$/.test(digits) || !hasValidChecksum(digits)) return null;
  return digits.replace(/(.{4})(?=.)/g, '$1-');
}

/** A DOI without resolver and white space; null when it does not look like one. DOI names are case-insensitive; the record's spelling is kept. */
export function doi(value: string | null): string | null {
  const name = value?.trim().replace(/^(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/i, '') ?? '';
  return /^10\.\d{4,9}\/\S+$/.test(name) ? name : null;
}

/** Trial registries whose numbers can be told by their form. */
const TRIAL_NUMBER =
  /(?<![\p{L}\p{N}])(?:(NCT)[\s:#-]*(\d{8})|(ISRCTN)[\s:#-]*(\d{8})|(ACTRN)[\s:#-]*(126\d{11})|(ChiCTR)[\s:#-]*((?:[A-Z]{2,4}-?)?\d{8,10})|(DRKS)[\s:#-]*(\d{8})|(IRCT)[\s:#-]*(\d{8,20}N\d{1,3})|(CTRI)[\s:#-]*\/?(20\d{2}\/\d{2,3}\/\d{6})|(UMIN)[\s:#-]*(\d{9})|(jRCT)[\s:#-]*(s?\d{9,10})|(PACTR)[\s:#-]*(\d{15,16})|(KCT)[\s:#-]*(\d{7})|(TCTR)[\s:#-]*(\d{11})|(NTR)[\s:#-]*(\d{3,5})|(EudraCT)(?:\s*(?:number|no\.?|nr\.?))?[\s:#-]*(20\d{2}-\d{6}-\d{2})|(?:EU ?CT|CTIS)(?:\s*(?:number|no\.?))?[\s:#-]*(20\d{2}-5\d{5}-\d{2}(?:-\d{2})?))(?![\p{L}\p{N}])/giu;

/** Most texts name no registry, and this tells so at a fraction of the cost. */
const REGISTRY = /(?:NCT|RCTN?|CTR[IN]?|DRKS|UMIN|KCT|NTR)[\s:#/-]*(?:[A-Z]{2,4}-?)?s?\d|EUDRA|EU ?CT|CTIS/iu;

/** Trial numbers in a text, normalised to registry and number in capitals, in order, each once. */
export function trialNumbers(value: string): string[] {
  const found = new Set<string>();
  if (!REGISTRY.test(value)) return [];
  for (const match of value.matchAll(TRIAL_NUMBER)) {
    const parts = match.slice(1).filter((part) => part !== undefined);
    const number = (parts[1] ?? parts[0] ?? '').toUpperCase();
    const registry = parts.length > 1 ? (parts[0] ?? '').toUpperCase() : '';
    found.add(registry === 'EUDRACT' ? number : registry === 'CTRI' ? `CTRI/${number}` : `${registry}${number}`);
  }
  return [...found];
}
