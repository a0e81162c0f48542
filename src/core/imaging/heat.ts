/** The colours of a heat map: equal steps of value look like equal steps of colour, and grey printing keeps the order. */

/**
 * 256 × RGB, from near black over violet, red and orange to pale yellow. A path in OKLab (Ottosson 2020): lightness
 * rises evenly, hue turns from 290° to 465°, chroma rises and falls and is cut to what sRGB can show; colours are
 * then spread evenly along the path.
 */
export function colourMap(): Uint8Array {
  const fine = Array.from({ length: 2049 }, (_, i) => pathAt(i / 2048));
  const lengths = [0];
  for (let i = 1; i < fine.length; i++) lengths.push((lengths[i - 1] ?? 0) + distance(fine[i - 1], fine[i]));
  const whole = lengths.at(-1) ?? 1;
  const out = new Uint8Array(768);
  for (let i = 0, j = 0; i < 256; i++) {
    while (j < fine.length - 1 && (lengths[j] ?? 0) < (i / 255) * whole) j++;
    out.set(
      toSrgb(fine[j] ?? [0, 0, 0]).map((value) => Math.round(255 * value)),
      3 * i,
    );
  }
  return out;
}

type Triple = readonly [number, number, number];

function pathAt(t: number): Triple {
  const lightness = 0.1 + 0.87 * t;
  const hue = ((290 + 175 * t) * Math.PI) / 180;
  const wanted = 0.23 * Math.sin(Math.PI * (0.08 + 0.78 * t));
  for (let chroma = wanted; ; chroma -= 0.002) {
    const colour: Triple = [lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)];
    if (chroma <= 0 || toLinear(colour).every((value) => value >= 0 && value <= 1)) return colour;
  }
}

const distance = (a: Triple = [0, 0, 0], b: Triple = [0, 0, 0]) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function toLinear([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toSrgb(colour: Triple): number[] {
  return toLinear(colour).map((value) => {
    const x = Math.min(1, Math.max(0, value));
    return x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
  });
}
