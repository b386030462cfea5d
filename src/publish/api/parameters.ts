import { AppError, type ProblemItem } from '../../problem.js';

export type RawQuery = Record<string, string | string[] | undefined>;

/** What one parameter may be. */
export type ParameterRule =
  | { kind: 'integer'; from: number; to: number; default: number }
  | { kind: 'one-of'; values: readonly string[] }
  | { kind: 'text'; maxLength: number };

/**
 * Reads a query string against the parameters that a route knows. An empty value counts as absent.
 * @throws AppError `unknown-parameter` or `unknown-value`, with every problem and what is allowed
 */
export function readParameters<R extends Record<string, ParameterRule>>(
  query: RawQuery,
  rules: R,
): { [N in keyof R]: R[N] extends { kind: 'integer' } ? number : string | null } {
  const unknown: ProblemItem[] = Object.keys(query)
    .filter((name) => !Object.hasOwn(rules, name))
    .map((parameter) => ({
      parameter: parameter.slice(0, 64),
      message: 'is not a parameter of this route',
      allowed: Object.keys(rules),
    }));
  if (unknown.length > 0)
    throw new AppError(
      'unknown-parameter',
      `Unknown parameter: ${unknown.map((item) => item.parameter).join(', ')}. Allowed: ${Object.keys(rules).join(', ') || 'none'}`,
      { items: unknown },
    );
  const problems: ProblemItem[] = [];
  const values: Record<string, string | number | null> = {};
  for (const [parameter, rule] of Object.entries(rules)) {
    const given = query[parameter];
    if (Array.isArray(given)) {
      problems.push({ parameter, message: 'is given more than once' });
      continue;
    }
    if (given === undefined || given === '') {
      values[parameter] = rule.kind === 'integer' ? rule.default : null;
      continue;
    }
    const problem = check(given, rule);
    if (problem) problems.push({ parameter, value: given.slice(0, 100), ...problem });
    else values[parameter] = rule.kind === 'integer' ? Number(given) : given;
  }
  if (problems.length > 0)
    throw new AppError('unknown-value', problems.map((item) => `${item.parameter} ${item.message}`).join('; '), {
      items: problems,
    });
  return values as { [N in keyof R]: R[N] extends { kind: 'integer' } ? number : string | null };
}

function check(given: string, rule: ParameterRule): Pick<ProblemItem, 'message' | 'allowed'> | null {
  switch (rule.kind) {
    case 'integer':
      return /^\d{1,9}$/.test(given) && Number(given) >= rule.from && Number(given) <= rule.to
        ? null
        : { message: `must be a whole number from ${rule.from} to ${rule.to}` };
    case 'one-of':
      return rule.values.includes(given)
        ? null
        : { message: `must be one of ${rule.values.join(', ')}`, allowed: rule.values };
    case 'text':
      return given.length <= rule.maxLength ? null : { message: `must have at most ${rule.maxLength} characters` };
  }
}
