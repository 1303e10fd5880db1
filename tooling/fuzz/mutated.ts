import fc from "fast-check";

/** No input is longer: what reading takes is to be compared with a fixed time. */
export const MAX_BYTES = 64 * 1024;

type Change = (bytes: Buffer) => Buffer;

/** The byte fuzzer: one of the samples with up to eight changes, words of the dictionary among them. */
export function mutated(
  samples: readonly Uint8Array[],
  dictionary: readonly string[],
  maxBytes: number = MAX_BYTES,
): fc.Arbitrary<Uint8Array> {
  const bytes = samples.map((sample): Buffer => Buffer.from(sample));
  const words = fc.constantFrom(...[...dictionary, ...ANYWHERE].map((word) => Buffer.from(word, "latin1")));
  const place = fc.nat(MAX_BYTES);
  const repeated = (times: number) =>
    fc.tuple(place, fc.nat(60), fc.nat(times)).map(([at, length, count]) => repeat(at, length, count));
  const changes: readonly fc.Arbitrary<Change>[] = [
    fc.tuple(place, words).map(([at, word]) => insert(at, word)),
    fc.tuple(place, fc.nat(16), words).map(([at, length, word]) => replace(at, length, word)),
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => replace(at, 1, Buffer.of(byte))),
    fc.tuple(place, fc.nat(7)).map(([at, bit]) => flip(at, bit)),
    fc.tuple(place, fc.nat(200)).map(([at, length]) => replace(at, length, Buffer.alloc(0))),
    place.map(
      (at): Change =>
        (all) =>
          all.subarray(0, within(at, all)),
    ),
    repeated(20),
    fc.tuple(place, place, fc.constantFrom(...bytes)).map(([at, from, other]) => splice(at, from, other)),
  ];
  const change = fc.oneof(...changes.map((arbitrary) => ({ weight: 20, arbitrary })), {
    weight: 1,
    arbitrary: repeated(2000),
  });
  return fc.tuple(fc.constantFrom(...bytes), fc.array(change, { maxLength: 8, size: "max" })).map(([sample, apply]) => {
    let changed = sample.subarray(0, maxBytes);
    for (const each of apply) changed = each(changed).subarray(0, maxBytes);
    return changed;
  });
}

/** Trouble in any text: broken UTF-8, line ends, escapes, what JavaScript treats specially. */
const ANYWHERE: readonly string[] = [
  "\xff",
  "\xc3",
  "\xf0\x9f\x92",
  "\xed\xa0\x80",
  "\xef\xbb\xbf",
  "\xe2\x80\xa8",
  "\0",
  "\n",
  "\r",
  "\r\n",
  "\n\n",
  "\\",
  '"',
  "\\u0000",
  "\\ud800",
  "__proto__",
  "constructor",
  "1e999",
  "-0",
  "9007199254740993",
  "null",
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
  '{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":',
];

function within(at: number, bytes: Buffer): number {
  return at % (bytes.length + 1);
}

function insert(at: number, word: Buffer): Change {
  return replace(at, 0, word);
}

function replace(at: number, length: number, by: Buffer): Change {
  return (bytes) => {
    const start = within(at, bytes);
    return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + length)]);
  };
}

function flip(at: number, bit: number): Change {
  return (bytes) => {
    const start = within(at, bytes);
    return Buffer.concat([
      bytes.subarray(0, start),
      Buffer.from(bytes.subarray(start, start + 1).map((byte) => byte ^ (1 << bit))),
      bytes.subarray(start + 1),
    ]);
  };
}

function repeat(at: number, length: number, times: number): Change {
  return (bytes) => {
    const start = within(at, bytes);
    const piece = bytes.subarray(start, start + length);
    const fit = piece.length === 0 ? 0 : Math.min(times, Math.floor(MAX_BYTES / piece.length));
    return Buffer.concat([bytes.subarray(0, start), ...Array<Buffer>(fit).fill(piece), bytes.subarray(start)]);
  };
}

/** The head of one sample and the tail of another. */
function splice(at: number, from: number, other: Buffer): Change {
  return (bytes) => Buffer.concat([bytes.subarray(0, within(at, bytes)), other.subarray(within(from, other))]);
}
