/** Shades of a deployment's colour that people can read, on light and on dark: WCAG 2.2, success criteria 1.4.3 and 1.4.11. */

type Rgb = readonly [red: number, green: number, blue: number];

/** What a page takes of the colour in one scheme, as `#rrggbb`. */
export interface Accent {
  /** Behind the words of the main button. */
  readonly fill: string;
  /** The words on it. */
  readonly onFill: string;
  /** Links, and the frame around what has the focus. */
  readonly ink: string;
}

export interface Accents {
  readonly light: Accent;
  readonly dark: Accent;
}

/** The cards of the pages, which the style uses as well. */
export const surfaces = { light: '#ffffff', dark: '#1b1e25' } as const;

export const defaultColour = '#1f4fd8';

const textContrast = 4.5; // WCAG 2.2, 1.4.3
const shapeContrast = 3; // WCAG 2.2, 1.4.11

/** @param colour `#rrggbb`; any other text is the default's */
export function accentsOf(colour: string | undefined): Accents {
  const own = rgbOf(colour ?? '') ?? (rgbOf(defaultColour) as Rgb);
  return { light: accentOn(own, 'light'), dark: accentOn(own, 'dark') };
}

/** The colour itself where it can be read, else the nearest shade that can. */
function accentOn(own: Rgb, scheme: 'light' | 'dark'): Accent {
  const surface = rgbOf(surfaces[scheme]) as Rgb;
  const end: Rgb = scheme === 'light' ? [0, 0, 0] : [255, 255, 255];
  const fill = moved(own, end, (shade) => contrast(shade, surface) >= shapeContrast);
  const ink = moved(own, end, (shade) => contrast(shade, surface) >= textContrast);
  const onFill = contrast(fill, white) >= textContrast ? white : black;
  return { fill: hexOf(fill), onFill: hexOf(onFill), ink: hexOf(ink) };
}

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const steps = 50;

function moved(own: Rgb, end: Rgb, isEnough: (shade: Rgb) => boolean): Rgb {
  for (let step = 0; step < steps; step += 1) {
    const shade = mixed(own, end, step / steps);
    if (isEnough(shade)) return shade;
  }
  return end;
}

const mixed = (from: Rgb, to: Rgb, share: number): Rgb => {
  const [red, green, blue] = from.map((value, at) =>
    Math.round(value + ((to[at] as number) - value) * share),
  ) as [number, number, number];
  return [red, green, blue];
};

/** WCAG 2.2, "contrast ratio": 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours written as `#rrggbb`; `undefined` where one is no such text. */
export function contrastOf(one: string, other: string): number | undefined {
  const [first, second] = [rgbOf(one), rgbOf(other)];
  return first && second && contrast(first, second);
}

function rgbOf(text: string): Rgb | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return undefined;
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const hexOf = (colour: Rgb): string =>
  `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
