/// <reference lib="es2025.float16" />
import { scriptedVocabulary, TOKEN_TYPE, type Vocabulary } from "./scripted-vocabulary.ts";

export interface ScriptedGgufOptions {
  /** A Jinja chat template inside the file: the engine then renders prompts and parses answers by itself. */
  readonly chatTemplate?: string | undefined;
  /** Makes an embedding model of it. */
  readonly embedding?: boolean | undefined;
}

/** Width of the model. Component `CONSTANT` is 1 for every token; the others stand for one token each. */
const WIDTH = 512;
const CONSTANT = WIDTH - 1;
const FEED_FORWARD = 32;
/** Logit of the token a script names, far above every bias. */
const CERTAIN = 40;
const ALIGNMENT = 32;

/**
 * The bytes of a tiny llama-architecture GGUF (3 MB) whose next token depends only on the last one.
 *
 * Attention and feed-forward weights are zero, so what reaches the output matrix is the last token's embedding: one-hot
 * plus a constant. The output matrix is then a table of transitions, which a real engine plays with its real tokenizer,
 * sampler, grammar, template and streaming. Which script it plays is decided by the control token a prompt ends with.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3.
 */
export function scriptedGguf(options: ScriptedGgufOptions = {}): Uint8Array<ArrayBuffer> {
  const vocabulary = scriptedVocabulary();
  const tensors = toTensors(vocabulary);
  const metadata = toMetadata(vocabulary, options);

  let offset = 0;
  const directory = tensors.map(({ name, shape, type, data }) => {
    const entry = [text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)];
    offset += aligned(data.length);
    return Buffer.concat(entry);
  });
  const head = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(metadata.length), ...metadata, ...directory];
  return Buffer.concat([padded(Buffer.concat(head)), ...tensors.map(({ data }) => padded(data))]);
}

interface Tensor {
  readonly name: string;
  /** Innermost dimension first. */
  readonly shape: readonly number[];
  readonly type: (typeof TENSOR_TYPE)[keyof typeof TENSOR_TYPE];
  readonly data: Buffer;
}
const TENSOR_TYPE = { f32: 0, f16: 1 } as const;

function toTensors(vocabulary: Vocabulary): readonly Tensor[] {
  const size = vocabulary.tokens.length;
  if (size > CONSTANT) throw new Error(`${size} tokens do not fit a model of width ${WIDTH}.`);
  const ones = (name: string): Tensor => ({ name, shape: [WIDTH], type: TENSOR_TYPE.f32, data: f32s(WIDTH, 1) });
  const zeros = (name: string, ...shape: [number, number]): Tensor => {
    return { name, shape, type: TENSOR_TYPE.f16, data: Buffer.alloc(2 * shape[0] * shape[1]) };
  };
  return [
    { name: "token_embd.weight", shape: [WIDTH, size], type: TENSOR_TYPE.f16, data: toEmbeddings(size) },
    { name: "output.weight", shape: [WIDTH, size], type: TENSOR_TYPE.f16, data: toTransitions(vocabulary) },
    ones("output_norm.weight"),
    ones("blk.0.attn_norm.weight"),
    ones("blk.0.ffn_norm.weight"),
    zeros("blk.0.attn_q.weight", WIDTH, WIDTH),
    zeros("blk.0.attn_k.weight", WIDTH, WIDTH),
    zeros("blk.0.attn_v.weight", WIDTH, WIDTH),
    zeros("blk.0.attn_output.weight", WIDTH, WIDTH),
    zeros("blk.0.ffn_gate.weight", WIDTH, FEED_FORWARD),
    zeros("blk.0.ffn_up.weight", WIDTH, FEED_FORWARD),
    zeros("blk.0.ffn_down.weight", FEED_FORWARD, WIDTH),
  ];
}

function toEmbeddings(size: number): Buffer {
  const matrix = new Matrix(size);
  for (let id = 0; id < size; id += 1) {
    matrix.set(id, id, 1);
    matrix.set(id, CONSTANT, 1);
  }
  return matrix.bytes;
}

function toTransitions({ tokens, next }: Vocabulary): Buffer {
  // RMS norm multiplies a vector of two ones among WIDTH components by the square root of WIDTH / 2.
  const scale = Math.sqrt(WIDTH / 2);
  const matrix = new Matrix(tokens.length);
  for (const [id, { bias }] of tokens.entries()) matrix.set(id, CONSTANT, bias / scale);
  for (const [id, successor] of next) matrix.set(successor, id, CERTAIN / scale);
  return matrix.bytes;
}

/** Rows of WIDTH half-precision numbers. */
class Matrix {
  readonly bytes: Buffer;
  readonly #view: DataView;

  constructor(rows: number) {
    this.bytes = Buffer.alloc(rows * WIDTH * 2);
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
  }

  set(row: number, column: number, value: number): void {
    this.#view.setFloat16(2 * (row * WIDTH + column), value, true);
  }
}

function toMetadata({ tokens, endOfTurn }: Vocabulary, options: ScriptedGgufOptions): readonly Buffer[] {
  const scores = tokens.map(({ type }, id) => (type === TOKEN_TYPE.normal ? -id : -1000));
  const metadata = [
    entry("general.architecture", "string", text("llama")),
    entry("general.name", "string", text("scripted")),
    entry("general.file_type", "u32", u32(1)),
    entry("general.parameter_count", "u32", u32(2_000_000)),
    entry("llama.context_length", "u32", u32(8192)),
    entry("llama.embedding_length", "u32", u32(WIDTH)),
    entry("llama.block_count", "u32", u32(1)),
    entry("llama.feed_forward_length", "u32", u32(FEED_FORWARD)),
    entry("llama.attention.head_count", "u32", u32(1)),
    entry("llama.attention.head_count_kv", "u32", u32(1)),
    entry("llama.attention.layer_norm_rms_epsilon", "f32", f32(1e-9)),
    entry("llama.rope.dimension_count", "u32", u32(WIDTH)),
    entry("llama.rope.freq_base", "f32", f32(10_000)),
    entry("llama.vocab_size", "u32", u32(tokens.length)),
    entry("tokenizer.ggml.model", "string", text("llama")),
    entry("tokenizer.ggml.pre", "string", text("default")),
    list(
      "tokenizer.ggml.tokens",
      "string",
      tokens.map((token) => text(token.text)),
    ),
    list("tokenizer.ggml.scores", "f32", scores.map(f32)),
    list(
      "tokenizer.ggml.token_type",
      "i32",
      tokens.map(({ type }) => u32(type)),
    ),
    entry("tokenizer.ggml.bos_token_id", "u32", u32(1)),
    entry("tokenizer.ggml.eos_token_id", "u32", u32(endOfTurn)),
    entry("tokenizer.ggml.unknown_token_id", "u32", u32(0)),
    entry("tokenizer.ggml.add_bos_token", "bool", Buffer.of(1)),
    entry("tokenizer.ggml.add_eos_token", "bool", Buffer.of(0)),
    entry("tokenizer.ggml.add_space_prefix", "bool", Buffer.of(0)),
  ];
  if (options.embedding === true) metadata.push(entry("llama.pooling_type", "u32", u32(1)));
  if (options.chatTemplate !== undefined) {
    metadata.push(entry("tokenizer.chat_template", "string", text(options.chatTemplate)));
  }
  return metadata;
}

const VALUE_TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
type ValueType = keyof typeof VALUE_TYPE;

function entry(key: string, type: ValueType, value: Buffer): Buffer {
  return Buffer.concat([text(key), u32(VALUE_TYPE[type]), value]);
}

function list(key: string, type: ValueType, items: readonly Buffer[]): Buffer {
  return entry(key, "array", Buffer.concat([u32(VALUE_TYPE[type]), u64(items.length), ...items]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  return f32s(1, value);
}

function f32s(count: number, value: number): Buffer {
  const bytes = Buffer.alloc(4 * count);
  for (let index = 0; index < count; index += 1) bytes.writeFloatLE(value, 4 * index);
  return bytes;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], aligned(bytes.length));
}
