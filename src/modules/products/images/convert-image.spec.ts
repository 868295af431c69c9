import sharp from 'sharp';
import { convertImage, formatOf } from './convert-image';

function plain(width: number, height: number): sharp.Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#336699' } });
}

describe('a converted image', () => {
  it.each([
    [4000, 1000, [320, 80], [800, 200], [1600, 400]],
    [1000, 4000, [80, 320], [200, 800], [400, 1600]],
    [800, 800, [320, 320], [800, 800], [800, 800]],
    [3, 2, [3, 2], [3, 2], [3, 2]],
    [5000, 1, [320, 1], [800, 1], [1600, 1]],
  ])('of %s by %s keeps its proportions and is never enlarged', async (width, height, ...expected) => {
    const converted = await convertImage(await plain(width, height).png().toBuffer());
    expect(converted).toMatchObject({ width, height });
    const { small, medium, large } = converted.sizes;
    const found = await Promise.all([small, medium, large].map((size) => sharp(size).metadata()));
    expect(found.map((size) => [size.width, size.height])).toEqual(expected);
    expect(found.map(({ format }) => format)).toEqual(['webp', 'webp', 'webp']);
  });

  it.each<[string, Promise<Buffer>]>([
    ['grey', plain(20, 10).greyscale().jpeg().toBuffer()],
    ['grey of 16 bits', plain(20, 10).toColourspace('grey16').png().toBuffer()],
    ['of 16 bits a colour', plain(20, 10).toColourspace('rgb16').png().toBuffer()],
    ['for print', plain(20, 10).toColourspace('cmyk').jpeg().toBuffer()],
    ['of few colours', plain(20, 10).png({ palette: true }).toBuffer()],
    ['progressive', plain(20, 10).jpeg({ progressive: true }).toBuffer()],
  ])('that was %s is in sRGB', async (_, made) => {
    const { sizes } = await convertImage(await made);
    expect(await sharp(sizes.large).metadata()).toMatchObject({ width: 20, space: 'srgb' });
  });
});

describe('the format of a file', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['RIFF\x10\x00\x00\x00WEBPVP8 ', 'webp'],
    ['RIFF\x10\x00\x00\x00WAVE', undefined],
    ['GIF89a', undefined],
    ['<svg xmlns="', undefined],
    [' \xff\xd8\xff', undefined],
    ['\x89PNG', undefined],
    ['', undefined],
  ])('is told by how it begins: %j', (start, format) => {
    expect(formatOf(Buffer.from(start, 'latin1'))).toBe(format);
  });
});
