import type { Sharp } from 'sharp';
import { invalid } from '../../../common/errors/domain-error';
import { HttpProblem } from '../../../common/errors/http-problem';
import { type ImageSize, LONGEST_EDGES, SIZES } from './image-sizes';

export const MAX_PIXELS = 50_000_000;

const WEBP_QUALITY = 80;

/** Cameras write files that libraries warn about; what is cut off or cannot be decoded is an error. */
const FAIL_ON = 'error';

type SharpModule = typeof import('sharp');

let loading: Promise<SharpModule> | undefined;

/** Loaded with the first image: most starts of the shop never see one. */
function loadSharp(): Promise<SharpModule> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // The same bytes seldom come twice.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

export interface ConvertedImage {
  /** Pixels of the original, held upright. */
  width: number;
  height: number;
  sizes: Record<ImageSize, Buffer>;
}

interface Pixels {
  data: Buffer;
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
}

/** The format of the content, whatever its name says; undefined for all but JPEG, PNG and WebP. */
export function formatOf(content: Buffer): 'jpeg' | 'png' | 'webp' | undefined {
  const start = content.toString('latin1', 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'webp' : undefined;
}

/**
 * Makes the three WebP sizes: upright, in sRGB, without metadata, the first frame of an animation.
 * @throws HttpProblem `unsupported_media_type` for what is no JPEG, PNG or WebP image, or a broken one
 * @throws DomainError `validation_failed` with `too_many_pixels` past 50 million
 */
export async function convertImage(content: Buffer): Promise<ConvertedImage> {
  const sharp = await loadSharp();
  const { width, height } = await measure(sharp, content);
  const largest = await decode(sharp, content);
  const sizes: Partial<Record<ImageSize, Buffer>> = {};
  // One after the other: each conversion is meant to keep one core busy.
  for (const size of SIZES) sizes[size] = await encode(sharp, largest, LONGEST_EDGES[size]);
  return { width, height, sizes: sizes as Record<ImageSize, Buffer> };
}

/** From the header alone, before anything is decoded. */
async function measure(sharp: SharpModule, content: Buffer): Promise<{ width: number; height: number }> {
  const claimed = formatOf(content);
  if (claimed === undefined) throw notAnImage();
  const header = await readable(sharp(content, { limitInputPixels: false, failOn: FAIL_ON }).metadata());
  if (header.format !== claimed) throw notAnImage();
  if (header.width * header.height > MAX_PIXELS)
    throw invalid('file', 'too_many_pixels', 'The image has more than 50 million pixels.');
  return header.autoOrient;
}

/** The largest size as pixels: what was uploaded is decoded once only. */
async function decode(sharp: SharpModule, content: Buffer): Promise<Pixels> {
  const image = sharp(content, { limitInputPixels: MAX_PIXELS, failOn: FAIL_ON }).autoOrient();
  const { data, info } = await readable(
    within(image, LONGEST_EDGES.large).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
  );
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
}

function encode(sharp: SharpModule, { data, raw }: Pixels, longestEdge: number): Promise<Buffer> {
  return within(sharp(data, { raw }), longestEdge).webp({ quality: WEBP_QUALITY }).toBuffer();
}

function within(image: Sharp, longestEdge: number): Sharp {
  return image.resize({
    width: longestEdge,
    height: longestEdge,
    fit: 'inside',
    withoutEnlargement: true,
  });
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch {
    throw notAnImage();
  }
}

function notAnImage(): HttpProblem {
  return new HttpProblem('unsupported_media_type', 'The file must be a whole JPEG, PNG or WebP image.');
}
