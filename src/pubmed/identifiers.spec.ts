import { trialNumbers } from './identifiers.js';

describe('trialNumbers', () => {
  it.each([
    ['NCT01234567', 'registered (NCT 01234567) in 2019'],
    ['ISRCTN12345678', 'isrctn12345678'],
    ['ACTRN12612345678901', 'ACTRN: 12612345678901.'],
    ['CHICTR2000012345', 'ChiCTR2000012345'],
    ['CHICTRIPR-15006789', 'ChiCTR-IPR-15006789'],
    ['DRKS00012345', 'DRKS-00012345'],
    ['IRCT20180101038000N1', 'IRCT20180101038000N1'],
    ['CTRI/2019/05/018999', 'CTRI/2019/05/018999'],
    ['UMIN000012345', 'UMIN 000012345'],
    ['JRCTS031180123', 'jRCTs031180123'],
    ['PACTR201901234567890', 'PACTR201901234567890'],
    ['KCT0001234', 'KCT0001234'],
    ['TCTR20190101001', 'TCTR20190101001'],
    ['NTR1234', 'Dutch register: NTR1234'],
    ['2015-001234-56', 'EudraCT number 2015-001234-56'],
    ['2023-512345-12-00', 'EU CT: 2023-512345-12-00'],
    ['2023-512345-12-00', 'CTIS 2023-512345-12-00'],
  ])('knows %s', (number, text) => {
    expect(trialNumbers(text)).toEqual([number]);
  });

  it.each(['an RCT of 2019', 'introduction 2019', 'xNCT01234567', 'NCT012345678'])('finds none in %s', (text) => {
    expect(trialNumbers(text)).toEqual([]);
  });
});
