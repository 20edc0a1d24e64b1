// tshark judges every field of every message: of captures that scapy makes, and of the shared corpus.
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { fields } from '../../src/event/fields.js';
import { skip } from '../kernel/harness/command.js';
import { type Capture, findCorpus, findMissingTool, makeCaptures } from './captures.js';
import { type Comparison, compare, type Difference, replay } from './compare.js';
import { correspondences } from './correspondences.js';
import { differences as listed } from './differences.js';

/** Names that are IANA's, and an errno that is the kernel's: tshark has no field of these. */
const withoutCorrespondence = ['icmp_typename', 'icmp_codename', 'icmp_errno'];
/** Of captures in the corpus that are refused. */
const unsupportedLinkTypes = ['ARCNET_LINUX'];
const refusal = /captures of link type (\S+) are not supported: only Ethernet, Linux cooked/;
const timeout = 120_000;
const comparisons = new Map<string, Promise<Comparison>>();

/** Each capture is compared once, for all tests. */
function compareOnce(file: string): Promise<Comparison> {
  const known = comparisons.get(file);
  if (known !== undefined) return known;
  const comparison = compare(file);
  comparisons.set(file, comparison);
  return comparison;
}

const findReason = (difference: Difference) => listed.find(({ applies }) => applies(difference));

/** The differences that are not listed, in words. */
async function findUnlisted(file: string): Promise<string[]> {
  const { differences } = await compareOnce(file);
  return differences
    .filter((difference) => findReason(difference) === undefined)
    .map(({ frame, field, ours, theirs }) => `frame ${frame}, ${field}: ours ${ours}, tshark's ${theirs}`);
}

const missingTool = findMissingTool();
const { folder, captures } = missingTool === undefined ? makeCaptures() : { folder: '', captures: [] };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isReadable = ([name]: Capture) => name !== 'unsupported.pcap' && name !== 'cut.pcap';
const built = captures.filter(isReadable);
const corpus = findCorpus();

if (missingTool !== undefined) {
  it('agrees with tshark', (context) => skip(context, missingTool));
} else {
  describe.concurrent('agrees with tshark, captures made by scapy', { timeout }, () => {
    it.for(built)('%s', async ([, file], context) => {
      context.expect(await findUnlisted(file)).toEqual([]);
      context.expect((await compareOnce(file)).messages).toBeGreaterThan(0);
    });
  });

  describe.concurrent('agrees with tshark, shared corpus', { timeout }, () => {
    if (typeof corpus === 'string') it('all captures', (context) => skip(context, corpus));
    else
      it.for(corpus)('%s', async ([, file], context) => {
        const differences = await findUnlisted(file).catch((error: Error) => error.message);
        const [, linkType] = refusal.exec(String(differences)) ?? [];
        if (linkType === undefined) context.expect(differences).toEqual([]);
        else context.expect(unsupportedLinkTypes).toContain(linkType);
      });
  });

  it('names a link type that is not supported', async () => {
    const [, file = ''] = captures.find(([name]) => name === 'unsupported.pcap') ?? [];
    await expect(replay(file)).rejects.toThrow(/: captures of link type IEEE802_11 are not supported: only/);
  });

  describe('the comparison with tshark', { timeout }, () => {
    it('has values of every correspondence', async () => {
      const compared = await Promise.all(
        built.map(async ([, file]) => [...(await compareOnce(file)).compared]),
      );
      const names = new Set(compared.flat());
      expect(correspondences.map(({ ours }) => ours).filter((name) => !names.has(name))).toEqual([]);
    });

    it('has every field of a packet', () => {
      const names = new Set(correspondences.map(({ ours }) => ours.replace(/\[\].*/, '')));
      const missing = fields.filter(
        ({ name, struct }) => (struct === 'ipinfo' || struct === 'icmpinfo') && !names.has(name),
      );
      expect(missing.map(({ name }) => name)).toEqual(withoutCorrespondence);
    });

    it('lists no difference that does not occur', async () => {
      const found = await Promise.all(built.map(async ([, file]) => (await compareOnce(file)).differences));
      const occurring = new Set(found.flat().map(findReason));
      expect(listed.filter((difference) => !occurring.has(difference))).toEqual([]);
    });
  });
}
