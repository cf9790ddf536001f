import { readHeader, type Frame } from './frames';

/** No header of ours is longer. */
const LONGEST_HEADER = 200;
/** The supervisor sends no more at once. */
const MOST_DATA = 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Takes a remote command's output apart, in whatever pieces it comes. Only a line that begins with our nonce and is one of our
 * frames counts; all else is noise of login files, banners or a forced command. What the suite prints comes inside of `data`, whose
 * length is known before, and is never looked into. Marked with our nonce and yet no frame, or a gap in the log:
 * the stream can't be trusted any more, and nothing that follows is a frame (`broken`).
 */
export class FrameParser {
  readonly #marker: Buffer;
  readonly #onFrame: (frame: Frame) => void;
  #rest: Buffer = Buffer.alloc(0);
  #inHeader = false;
  #dataLeft = 0;
  #offset: number | undefined;
  #noise = 0;
  #broken: string | undefined;

  /** Throws if the nonce is not 32 hex digits: a short one could be guessed. */
  constructor(nonce: string, onFrame: (frame: Frame) => void) {
    if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('a nonce has 32 hex digits');
    this.#marker = Buffer.from(`\n@@${nonce} `);
    this.#onFrame = onFrame;
  }

  /** Why nothing is read any more. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Bytes that were no part of any frame. A host that sends only these is not ours, however much it sends. */
  get noiseBytes(): number {
    return this.#noise;
  }

  /** Whether the stream stops in the middle of a frame. */
  get cut(): boolean {
    return this.#inHeader || this.#dataLeft > 0;
  }

  push(chunk: Buffer): void {
    if (this.#broken !== undefined) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#broken === undefined && this.#step());
  }

  /** False: more bytes are needed. */
  #step(): boolean {
    if (this.#dataLeft > 0) return this.#takeData();
    return this.#inHeader ? this.#takeHeader() : this.#seekMarker();
  }

  #seekMarker(): boolean {
    const at = this.#rest.indexOf(this.#marker);
    if (at === -1) {
      // A marker may have begun at the end: that much is kept, and no more, whatever a hostile host sends.
      this.#drop(Math.max(0, this.#rest.length - this.#marker.length + 1));
      return false;
    }
    this.#drop(at);
    this.#rest = this.#rest.subarray(this.#marker.length);
    this.#inHeader = true;
    return true;
  }

  #takeHeader(): boolean {
    const end = this.#rest.indexOf(LINE_FEED);
    if (end > LONGEST_HEADER || (end === -1 && this.#rest.length > LONGEST_HEADER)) {
      return this.#break('a frame without end');
    }
    if (end === -1) return false;
    const header = readHeader(this.#rest.toString('latin1', 0, end));
    this.#rest = this.#rest.subarray(end + 1);
    this.#inHeader = false;
    if (header === undefined) return this.#break('a line with our mark that is no frame');
    if ('length' in header) return this.#openData(header.offset, header.length);
    if (header.type === 'attached') this.#offset = header.offset;
    this.#onFrame(header as Frame);
    return true;
  }

  #openData(offset: number, length: number): boolean {
    if (length === 0 || length > MOST_DATA) return this.#break(`data of ${length} bytes`);
    if (offset !== this.#offset) return this.#break(`data at ${offset} where ${this.#offset ?? 'none'} was expected`);
    this.#dataLeft = length;
    return true;
  }

  #takeData(): boolean {
    const bytes = this.#rest.subarray(0, this.#dataLeft);
    if (bytes.length === 0 || this.#offset === undefined) return false;
    this.#rest = this.#rest.subarray(bytes.length);
    this.#dataLeft -= bytes.length;
    this.#onFrame({ type: 'data', offset: this.#offset, bytes });
    this.#offset += bytes.length;
    return true;
  }

  #drop(bytes: number): void {
    this.#noise += bytes;
    this.#rest = this.#rest.subarray(bytes);
  }

  #break(why: string): false {
    this.#broken = why;
    this.#rest = Buffer.alloc(0);
    return false;
  }
}
