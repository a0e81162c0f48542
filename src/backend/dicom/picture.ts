/** A picture without a header (PNG or JPEG), decoded: what a secondary capture is made from. */
export interface Picture {
  rows: number;
  columns: number;
  /** Grey or RGB, pixel by pixel. */
  samplesPerPixel: 1 | 3;
  bits: 8 | 16;
  /** `rows × columns × samplesPerPixel` samples; Uint16Array exactly when `bits` is 16. */
  data: Uint8Array | Uint16Array;
}
