/** `mg kg-1 h-1` → `mg/kg/h`. */
export function normaliseUnit(unit: string): string {
  return unit
    .toLowerCase()
    .replace(/\(?\s?[-\u2010\u2011−–]\s?1\)?|⁻¹/g, '')
    .replace(/-per-|\s?\(?per\s/g, '/')
    .replace(/milligrams?/g, 'mg')
    .replace(/micrograms?|micro\s?g|mcg|ug|µg/g, 'μg')
    .replace(/kilograms?(?: of body ?weight)?/g, 'kg')
    .replace(/m²/g, 'm2')
    .replace(/70\s?kg/g, '70kg')
    .replace(/[()]/g, '')
    .replace(/\s?[-\u2010·∙⋅•.*×x/]\s?|\s+/g, '/')
    .replace(/70kg/, '70 kg')
    .replace(/\/(?:hour|hr)$/, '/h')
    .replace(/\/minute$/, '/min')
    .replace(/\/d$|\/24\/?h$/, '/day')
    .replace(/\/+/g, '/');
}
