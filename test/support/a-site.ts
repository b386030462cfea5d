import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { startEutilsServer } from '../../src/demo/eutils-server.js';
import { readSampleRecords, SampleTimeline } from '../../src/demo/sample.js';
import { IssueJob } from '../../src/jobs/issue-job.js';
import { SyncJob } from '../../src/jobs/sync-job.js';
import { TaggingJob } from '../../src/jobs/tagging-job.js';
import { anApp, type AnApp } from './an-app.js';

export const SITE_DAY = '2026-11-25';

export interface ASite extends AnApp {
  /** Mails that were written, oldest first. */
  mails: () => Promise<Email[]>;
}

/** The whole program on the authored records, synced over HTTP, tagged, two weeks issued; mails go to a folder. */
export async function aSite(more: readonly string[] = []): Promise<ASite> {
  const timeline = new SampleTimeline(readSampleRecords(), SITE_DAY);
  const standIn = await startEutilsServer({ records: [...timeline.recordsOn(SITE_DAY), ...more], rate: 0 });
  const outbox = mkdtempSync(join(tmpdir(), 'tracker-outbox-'));
  const it = await anApp({
    at: `${SITE_DAY}T15:00:00Z`,
    settings: {
      NCBI_BASE_URL: standIn.url,
      NEWS_FROM: '2026-11-09',
      MAIL_DIR: outbox,
      MAIL_FROM: 'Tracker <tracker@example.org>',
    },
  });
  const signal = new AbortController().signal;
  await it.app.get(SyncJob).run({ trigger: 'command', holder: 'test', signal });
  await it.app.get(TaggingJob).finish();
  await it.app.get(IssueJob).run({ trigger: 'command', holder: 'test' });
  return {
    ...it,
    mails: () =>
      Promise.all(
        readdirSync(outbox)
          .filter((name) => name.endsWith('.eml'))
          .sort()
          .map((name) => PostalMime.parse(readFileSync(join(outbox, name)))),
      ),
    close: async () => {
      await it.close();
      await standIn.close();
      rmSync(outbox, { recursive: true, force: true });
    },
  };
}

/** A record whose every text is out to do harm. */
export const HOSTILE_PMID = '90900001';
export const HOSTILE_RECORD = `<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">${HOSTILE_PMID}</PMID>
<DateRevised><Year>2026</Year><Month>11</Month><Day>24</Day></DateRevised>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">1234-5678</ISSN><JournalIssue CitedMedium="Print"><Volume>&quot;&gt;&lt;svg onload=hacked()&gt;</Volume><PubDate><Year>2026</Year></PubDate></JournalIssue><Title>&lt;img src=x onerror=hacked()&gt; &#8238;lanruoJ</Title><ISOAbbreviation>&lt;/p&gt;J Harm</ISOAbbreviation></Journal>
<ArticleTitle>&lt;script&gt;hacked()&lt;/script&gt; Ketamine &#8238;for PTSD&#8297; ${'ketamine '.repeat(1_150)}&quot; onmouseover=&quot;hacked()</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="Y">javascript:hacked()//10.1/&quot;&gt;&lt;script&gt;</ELocationID>
<Abstract><AbstractText Label="&lt;b&gt;METHODS&lt;/b&gt;">Patients with PTSD received &lt;iframe src=&quot;javascript:hacked()&quot;&gt;intravenous ketamine&lt;/iframe&gt;. &lt;style&gt;body{display:none}&lt;/style&gt;</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>&lt;script&gt;hacked()&lt;/script&gt;</LastName><Initials>X</Initials></Author><Author ValidYN="Y"><CollectiveName>javascript:hacked()</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="CommentIn"><RefSource>&lt;a href=&quot;javascript:hacked()&quot;&gt;here&lt;/a&gt;</RefSource><PMID Version="1">1</PMID></CommentsCorrections></CommentsCorrectionsList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">&lt;script&gt;hacked()&lt;/script&gt;</Keyword></KeywordList></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2026</Year><Month>11</Month><Day>24</Day></PubMedPubDate><PubMedPubDate PubStatus="pubmed"><Year>2026</Year><Month>11</Month><Day>24</Day></PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus>
<ArticleIdList><ArticleId IdType="pubmed">${HOSTILE_PMID}</ArticleId><ArticleId IdType="doi">javascript:hacked()//10.1/&quot;&gt;&lt;script&gt;</ArticleId></ArticleIdList></PubmedData></PubmedArticle>`;
