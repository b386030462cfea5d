import type { CanonicalFilters } from '../digest/paper-matcher.js';
import type { Period } from '../model/period.js';
import { AppError } from '../problem.js';
import type { Letter } from './courier.js';
import type { Letters } from './letters.js';
import type { OffersService } from './offers.service.js';

/** Shows what would be sent, through the same doors as what is. */
export class PreviewService {
  constructor(
    private readonly offers: OffersService,
    private readonly letters: () => Promise<Letters>,
  ) {}

  /**
   * The letter of a period to somebody with these filters who has had everything before.
   * @throws AppError `not-found` while there is none
   */
  async preview(period: Period, filters: CanonicalFilters): Promise<Letter> {
    const offers = await this.offers.open(period, 0);
    if (!offers) throw new AppError('not-found', 'This week has not been issued: there is nothing to send yet');
    const pmids = await offers.preview(filters);
    const letters = await this.letters();
    return letters.compose({ period: period.key, filters, pmids, correctionIds: [], toldPreprints: [] });
  }
}
