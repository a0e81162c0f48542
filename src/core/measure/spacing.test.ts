import { describe, expect, test } from 'vitest';
import { headerOf } from '../imaging/testdata/header.ts';
import { angle, length, spacingOf } from './spacing.ts';

type Pair = [number, number];

describe('1 units', () => {
  test('1.1 CT and MR: millimetres', () => {
    expect(spacingOf(headerOf({ modality: 'CT', pixelSpacing: [0.6, 0.7] }))).toMatchObject({
      row: 0.6,
      column: 0.7,
      unit: 'mm',
    });
  });
  test('1.2 a projection with a calibration type: millimetres', () => {
    const spacing = spacingOf(
      headerOf({ pixelSpacing: [0.14, 0.14], imagerPixelSpacing: [0.16, 0.16], pixelSpacingCalibration: 'FIDUCIAL' }),
    );
    expect(spacing).toMatchObject({ row: 0.14, unit: 'mm', note: 'Calibrated: FIDUCIAL.' });
  });
  test('1.3 only Imager Pixel Spacing: at the detector; with a magnification: in the patient', () => {
    expect(spacingOf(headerOf({ imagerPixelSpacing: [0.15, 0.15] }))).toMatchObject({
      row: 0.15,
      unit: 'mm at detector',
    });
    const spacing = spacingOf(headerOf({ imagerPixelSpacing: [0.15, 0.3], magnification: 1.5 }));
    expect(spacing.row).toBeCloseTo(0.1, 12);
    expect(spacing.column).toBeCloseTo(0.2, 12);
    expect(spacing.unit).toBe('mm');
    expect(spacing.note).toContain('magnification of 1.5');
  });
  test('1.4 Pixel Spacing beside Imager Pixel Spacing without a type: at the detector', () => {
    const spacing = spacingOf(headerOf({ pixelSpacing: [0.15, 0.15], imagerPixelSpacing: [0.15, 0.15] }));
    expect(spacing).toMatchObject({ row: 0.15, unit: 'mm at detector' });
    expect(spacingOf(headerOf({ pixelSpacing: [0.1, 0.1], imagerPixelSpacing: [0.15, 0.15] })).row).toBe(0.15);
  });
  test('1.5 a projection’s bare Pixel Spacing, zeros, nothing: pixels', () => {
    for (const pixelSpacing of [[0.168, 0.168], [0, 0], null] satisfies (Pair | null)[])
      expect(spacingOf(headerOf({ modality: 'CR', pixelSpacing }))).toMatchObject({ row: 1, column: 1, unit: 'px' });
    expect(spacingOf(headerOf({ modality: 'CT', pixelSpacing: [0, 0] })).unit).toBe('px');
    expect(spacingOf(headerOf({ imagerPixelSpacing: [0.15, 0.15], magnification: 0 })).unit).toBe('mm at detector');
  });
  test('1.6 pixels that are not square keep their shape', () => {
    expect(spacingOf(headerOf({ pixelAspectRatio: [2, 1] }))).toMatchObject({ row: 2, column: 1, unit: 'px' });
  });
});

describe('2 lengths and angles', () => {
  const spacing = { row: 2, column: 1 };
  test('2.1 rows count twice where they lie twice as far apart', () => {
    expect(length({ x: 0, y: 0 }, { x: 3, y: 2 }, spacing)).toBe(5);
  });
  test('2.2 angles too', () => {
    expect(angle({ x: 2, y: 0 }, { x: 0, y: 0 }, { x: 2, y: 1 }, spacing)).toBeCloseTo(45, 10);
    expect(angle({ x: -1, y: 0 }, { x: 0, y: 0 }, { x: 1, y: 0 }, spacing)).toBeCloseTo(180, 10);
    expect(angle({ x: 1, y: 1 }, { x: 0, y: 0 }, { x: 1, y: 1 }, spacing)).toBeCloseTo(0, 10);
  });
});
