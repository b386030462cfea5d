import { renderProblemPage } from '../publish/problem-page.js';
import type { SiteReader } from '../publish/site.js';
import type { ProblemPage } from './send-problem.js';

/** Problems as pages of this site, as it is at that moment. */
export const problemPage =
  (site: SiteReader): ProblemPage =>
  async (problem) =>
    renderProblemPage(problem, await site.read());
