/** The longest edge of each size, in pixels. What is smaller stays as it is. */
export const LONGEST_EDGES = { small: 320, medium: 800, large: 1600 } as const;

export type ImageSize = keyof typeof LONGEST_EDGES;

export const SIZES = Object.keys(LONGEST_EDGES) as ImageSize[];

export const IMAGE_TYPE = 'image/webp';

/** The names of an image's files: the last part of their URLs. */
export const IMAGE_FILES = SIZES.map(fileOf);

export function fileOf(size: ImageSize): string {
  return `${size}.webp`;
}

/** Where the file store keeps an image's file; below a CDN's address it is the path, too. */
export function keyOf(imageId: string, file: string): string {
  return `images/${imageId}/${file}`;
}
